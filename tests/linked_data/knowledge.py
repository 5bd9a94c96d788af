"""Knowledge: what the graph says, to hold against what a document says."""

from collections import defaultdict
from collections.abc import Hashable, Iterable
from functools import cached_property

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Store

BASE = "https://w3id.org/samenhang/"
LABELS = {
    "http://www.w3.org/2000/01/rdf-schema#label",
    "http://www.w3.org/2004/02/skos/core#prefLabel",
    "http://purl.org/dc/terms/title",
}

# Subject, property, value and graph, or without the graph; see ``grounded``.
Said = tuple[Hashable, ...]


def grounded(quads: Iterable[Quad]) -> set[Said]:
    """Return statements, with what is said of it in the place of each blank node.

    So they can be compared one by one; two blank nodes of which the same is said are one.
    """
    of_blank: dict[BlankNode, list[Quad]] = defaultdict(list)
    everything = list(quads)
    for quad in everything:
        if isinstance(quad.subject, BlankNode):
            of_blank[quad.subject].append(quad)
    known: dict[BlankNode, Hashable] = {}

    def ground(term: object) -> Hashable:
        if not isinstance(term, BlankNode):
            return str(term)
        if term not in known:
            said = ((str(quad.predicate), ground(quad.object)) for quad in of_blank[term])
            known[term] = frozenset(said)
        return known[term]

    return {
        (ground(quad.subject), str(quad.predicate), ground(quad.object), str(quad.graph_name))
        for quad in everything
    }


def triples(said: Iterable[Said]) -> set[Said]:
    """Return statements without their graphs."""
    return {one[:3] for one in said}


class Knowledge:
    """All that the graph says, by what it is said of."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.said = grounded(store)
        self.triples = triples(self.said)
        self._of: dict[Hashable, set[Said]] = defaultdict(set)
        self._in: dict[Hashable, set[Said]] = defaultdict(set)
        self._into: dict[Hashable, set[Said]] = defaultdict(set)
        for one in self.said:
            self._of[one[0]].add(one)
            self._in[one[3]].add(one)
            if isinstance(one[0], str):
                self._into[one[2]].add(one)

    def of(self, iri: str) -> set[Said]:
        """Return what is said of a thing."""
        return self._of[f"<{iri}>"]

    def below(self, start: str) -> set[Said]:
        """Return what is said of all things whose IRIs begin so."""
        found = (
            said
            for thing, said in self._of.items()
            if isinstance(thing, str) and thing.startswith(f"<{start}")
        )
        return set().union(*found)

    def into(self, iri: str) -> set[Said]:
        """Return what other things that have IRIs say of a thing."""
        return self._into[f"<{iri}>"]

    def graph(self, iri: str) -> set[Said]:
        """Return what a graph says."""
        return self._in[f"<{iri}>"]

    @cached_property
    def iris(self) -> set[str]:
        """Our IRIs, in any position."""
        terms = (
            term
            for quad in self._store
            for term in (quad.subject, quad.predicate, quad.object, quad.graph_name)
        )
        return {
            term.value
            for term in terms
            if isinstance(term, NamedNode) and term.value.startswith(BASE)
        }

    @cached_property
    def literals(self) -> set[str]:
        """The texts that stand in the graph."""
        return {quad.object.value for quad in self._store if isinstance(quad.object, Literal)}

    @cached_property
    def labels(self) -> dict[str, set[str]]:
        """What things are called, by their IRIs."""
        found: dict[str, set[str]] = defaultdict(set)
        for quad in self._store:
            if (
                quad.predicate.value in LABELS
                and isinstance(quad.subject, NamedNode)
                and isinstance(quad.object, Literal)
            ):
                found[quad.subject.value].add(quad.object.value)
        return dict(found)
