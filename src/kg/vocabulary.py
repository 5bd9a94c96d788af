"""The vocabulary: the classes and properties of the ontology that a dataset holds.

What it says of them is read from the graph of the ontology and that of the shapes, in the terms of
OWL 2 (https://www.w3.org/TR/owl2-overview/) and SKOS (https://www.w3.org/TR/skos-reference/).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from pyoxigraph import BlankNode, Literal, NamedNode

from kg.dataset import Term as Node
from kg.index import Index
from kg.namespaces import INFERRED, ONTOLOGY, PREFIXES, compact, term

__all__ = [
    "ONTOLOGY",
    "Fact",
    "Header",
    "Ontology",
    "Term",
    "Uses",
    "Version",
    "counted",
    "read",
    "versions",
]

# What a term may be, in the order of the page.
KINDS = {
    "class": "owl:Class",
    "object": "owl:ObjectProperty",
    "datatype": "owl:DatatypeProperty",
    "annotation": "owl:AnnotationProperty",
}
CHARACTERISTICS = {
    "owl:FunctionalProperty": "functional",
    "owl:InverseFunctionalProperty": "inverse_functional",
    "owl:TransitiveProperty": "transitive",
    "owl:SymmetricProperty": "symmetric",
    "owl:AsymmetricProperty": "asymmetric",
    "owl:ReflexiveProperty": "reflexive",
    "owl:IrreflexiveProperty": "irreflexive",
}
# Which properties lead to the terms of others that are like one of ours.
MATCHES = (
    *("skos:exactMatch", "skos:closeMatch", "skos:broadMatch", "skos:narrowMatch"),
    *("skos:relatedMatch", "owl:sameAs", "rdfs:seeAlso"),
)
# What the head of the page tells of the ontology.
HEADER = (
    *("owl:versionInfo", "owl:versionIRI", "owl:priorVersion", "owl:backwardCompatibleWith"),
    *("bibo:status", "dcterms:created", "dcterms:issued", "dcterms:modified"),
    *("dcterms:creator", "dcterms:publisher", "dcterms:license", "dcterms:rights"),
    *("vann:preferredNamespacePrefix", "vann:preferredNamespaceUri"),
    *("dcterms:bibliographicCitation", "dcterms:source", "vann:changes"),
)

Group = tuple[str, ...]


@dataclass(frozen=True)
class Uses:
    """How often something is used: by what the graphs assert, and by what is only inferred."""

    asserted: int = 0
    inferred: int = 0

    def __add__(self, other: "Uses") -> "Uses":
        return Uses(self.asserted + other.asserted, self.inferred + other.inferred)


@dataclass(frozen=True)
class Fact:
    """What is said of a term: a key of the texts or the IRI of a property, and groups of IRIs.

    A group has more than one if it is a union, or a chain.
    """

    name: str
    groups: tuple[Group, ...]


@dataclass(frozen=True)
class Term:
    """A class or property: of what kind, what it means, what else is said of it.

    ``characteristics`` are keys of the texts.
    """

    iri: str
    kind: str
    definitions: tuple[Literal, ...]
    examples: tuple[Literal, ...]
    notes: tuple[Literal, ...]
    characteristics: tuple[str, ...]
    facts: tuple[Fact, ...]
    deprecated: bool

    @cached_property
    def is_own(self) -> bool:
        """Whether it is a term of ours, not of a vocabulary that we build on."""
        return self.iri.startswith(PREFIXES["sam"])

    @cached_property
    def name(self) -> str:
        """Its prefixed name."""
        return compact(NamedNode(self.iri))

    @cached_property
    def anchor(self) -> str:
        """Its place on the page: the fragment of its IRI if it is ours, else its prefixed name."""
        return self.iri.removeprefix(PREFIXES["sam"]) if self.is_own else self.name

    @property
    def namespace(self) -> str:
        """What its IRI begins with."""
        return self.iri[: max(map(self.iri.rfind, "#/")) + 1]

    @property
    def above(self) -> set[str]:
        """What it is a kind of."""
        return {iri for fact in self.facts if fact.name == "above" for (iri, *_) in fact.groups}

    @property
    def mentioned(self) -> set[str]:
        """The IRIs that a reader of it meets."""
        found = {iri for fact in self.facts for group in fact.groups for iri in group}
        found.update(fact.name for fact in self.facts if ":" in fact.name)
        return found | {self.iri}


@dataclass(frozen=True)
class Header:
    """A property of the ontology as a whole, with its values."""

    iri: str
    values: tuple[Node, ...]


@dataclass(frozen=True)
class Version:
    """A version of the ontology that was issued: its number, date and what changed."""

    iri: str
    number: str
    issued: str
    notes: tuple[Literal, ...]


@dataclass(frozen=True)
class Ontology:
    """The ontology: what is said of it as a whole, and its terms by IRI."""

    version: str
    version_iri: str
    titles: tuple[Literal, ...]
    descriptions: tuple[Literal, ...]
    header: tuple[Header, ...]
    terms: Mapping[str, Term]

    @property
    def mentioned(self) -> set[str]:
        """The IRIs that a reader of it meets."""
        found = {iri for one in self.terms.values() for iri in one.mentioned}
        for one in self.header:
            found.add(one.iri)
            found.update(value.value for value in one.values if isinstance(value, NamedNode))
        return found


def read(index: Index, shapes: Index) -> Ontology:
    """Return the ontology that is in two graphs: its own, and that of the shapes."""
    node = NamedNode(ONTOLOGY)
    version = index.value(node, "owl:versionInfo")
    version_iri = index.value(node, "owl:versionIRI")
    return Ontology(
        version=version.value if version else "",
        version_iri=version_iri.value if version_iri else "",
        titles=index.texts(node, "dcterms:title") or index.texts(node, "rdfs:label"),
        descriptions=index.texts(node, "dcterms:description"),
        header=tuple(
            Header(term(name).value, tuple(values))
            for name in HEADER
            if (values := index.values(node, name))
        ),
        terms=_terms(index, shapes),
    )


def versions(index: Index) -> list[Version]:
    """Return the versions of the ontology, the newest first."""
    found = [
        Version(
            iri=node.value,
            number=_text(index.value(node, "owl:versionInfo")),
            issued=_text(index.value(node, "dcterms:issued")),
            notes=index.texts(node, "skos:changeNote"),
        )
        for node in index.subjects("dcterms:isVersionOf", NamedNode(ONTOLOGY))
    ]
    return sorted(found, key=lambda one: (one.issued, one.number), reverse=True)


def counted(rows: Iterable[Mapping[str, Node]]) -> dict[str, Uses]:
    """Return how often each thing is used, from rows of ``thing``, ``graph`` and ``count``."""
    found: defaultdict[str, Uses] = defaultdict(Uses)
    for row in rows:
        count = int(row["count"].value)
        found[row["thing"].value] += Uses(0, count) if row["graph"] == INFERRED else Uses(count)
    return dict(found)


def _text(value: Node | None) -> str:
    return value.value if value else ""


def _terms(index: Index, shapes: Index) -> dict[str, Term]:
    kinds = {node: kind for kind, name in KINDS.items() for node in index.of_type(name)}
    facts = _facts(index, shapes, kinds)
    return {
        node.value: Term(
            iri=node.value,
            kind=kind,
            definitions=index.texts(node, "skos:definition") or index.texts(node, "rdfs:comment"),
            examples=index.texts(node, "skos:example"),
            notes=(*index.texts(node, "skos:scopeNote"), *index.texts(node, "skos:note")),
            characteristics=_characteristics(index, node),
            facts=tuple(
                Fact(name, tuple(sorted(groups)))
                for name, groups in facts[node.value].items()
                if groups
            ),
            deprecated=index.value(node, "owl:deprecated") == Literal(True),
        )
        for node, kind in sorted(kinds.items(), key=lambda item: item[0].value)
    }


def _characteristics(index: Index, node: NamedNode) -> tuple[str, ...]:
    types = {compact(NamedNode(iri)) for iri in index.iris(node, "rdf:type")}
    return tuple(key for name, key in CHARACTERISTICS.items() if name in types)


def _facts(
    index: Index, shapes: Index, kinds: Mapping[NamedNode, str]
) -> dict[str, dict[str, set[Group]]]:
    """Return the groups of IRIs by term and by what they are to it, in the order of the page."""
    found: dict[str, dict[str, set[Group]]] = {node.value: defaultdict(set) for node in kinds}
    for start, name, group in (*_said(index, kinds), *_demanded(shapes)):
        if start in found:
            found[start][name].add(group)
    return {iri: dict(sorted(facts.items(), key=_place)) for iri, facts in found.items()}


PLACES = (
    *("replaced", "above", "below", "equivalent", "domain", "range", "inverse", "chain"),
    *("properties", "values_of", "demands", "disjoint"),
)


def _place(item: tuple[str, object]) -> tuple[int, str]:
    return PLACES.index(item[0]) if item[0] in PLACES else len(PLACES), item[0]


def _said(index: Index, kinds: Mapping[NamedNode, str]) -> Iterator[tuple[str, str, Group]]:
    for node, kind in kinds.items():
        yield from _related(index, node, kind)
        for place, back in (("domain", "properties"), ("range", "values_of")):
            for group in _groups(index, node, f"rdfs:{place}"):
                yield node.value, place, group
                for one in group:
                    yield one, back, (node.value,)
        for chain in index.values(node, "owl:propertyChainAxiom"):
            yield node.value, "chain", tuple(one.value for one in index.items(chain))
        for name in MATCHES:
            for iri in index.iris(node, name):
                yield node.value, term(name).value, (iri,)
    yield from _disjoint(index)


def _related(index: Index, node: NamedNode, kind: str) -> Iterator[tuple[str, str, Group]]:
    """Yield the terms that a term is tied to, and the other way round."""
    sort = "Class" if kind == "class" else "Property"
    ties = (
        (f"rdfs:sub{sort}Of", "above", "below"),
        (f"owl:equivalent{sort}", "equivalent", "equivalent"),
        ("owl:inverseOf", "inverse", "inverse"),
        ("owl:disjointWith", "disjoint", "disjoint"),
        ("dcterms:isReplacedBy", "replaced", ""),
    )
    for name, there, back in ties:
        for group in _groups(index, node, name):
            yield node.value, there, group
            if back and len(group) == 1:
                yield group[0], back, (node.value,)


def _groups(index: Index, node: NamedNode, name: str) -> Iterator[Group]:
    """Yield the values of a property, each as a group of the members of a union."""
    for value in index.values(node, name):
        if isinstance(value, NamedNode):
            yield (value.value,)
        elif isinstance(value, BlankNode) and (union := index.value(value, "owl:unionOf")):
            members = (one.value for one in index.items(union) if isinstance(one, NamedNode))
            yield tuple(sorted(members))


def _disjoint(index: Index) -> Iterator[tuple[str, str, Group]]:
    for axiom in index.subjects("rdf:type", term("owl:AllDisjointClasses")):
        for members in index.values(axiom, "owl:members"):
            iris = [one.value for one in index.items(members)]
            for one in iris:
                yield from ((one, "disjoint", (other,)) for other in iris if other != one)


def _demanded(shapes: Index) -> Iterator[tuple[str, str, Group]]:
    """Yield which shapes make demands on a class or property."""
    for shape in shapes.of_type("sh:NodeShape"):
        for iri in shapes.iris(shape, "sh:targetClass"):
            yield iri, "demands", (shape.value,)
            for own in shapes.nodes(shape, "sh:property"):
                for path in shapes.iris(own, "sh:path"):
                    yield iri, "properties", (path,)
    for shape in shapes.of_type("sh:PropertyShape"):
        for path in shapes.iris(shape, "sh:path"):
            yield path, "demands", (shape.value,)
