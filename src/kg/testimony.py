"""Testimony: what the passages of a source document attest, and what was judged by them.

A passage is an ``oa:SpecificResource`` (https://www.w3.org/TR/annotation-model/#specific-resources).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from pyoxigraph import NamedNode

from kg import queries
from kg.dataset import Statement, Term
from kg.description import Property, Value
from kg.engine.base import Engine, select
from kg.passages import Passage

__all__ = ["Attested", "Cited", "Judgement", "cited", "statements"]

Row = Mapping[str, Term]


@dataclass(frozen=True)
class Attested:
    """What a passage attests of a thing."""

    iri: str
    properties: tuple[Property, ...]


@dataclass(frozen=True)
class Judgement:
    """A coding, or a judgement of identity, by its IRI, with the graph that it stands in.

    ``subjects`` are what it is about, ``variables`` on what, none for a judgement of identity.
    """

    iri: str
    graph: str
    subjects: tuple[Term, ...]
    variables: tuple[Term, ...]
    outcomes: tuple[Term, ...]


@dataclass(frozen=True)
class Cited:
    """A passage with what it attests, thing by thing, and the judgements that cite it."""

    passage: Passage
    attested: tuple[Attested, ...]
    judged: tuple[Judgement, ...]

    @property
    def count(self) -> int:
        """How many statements it attests."""
        return sum(len(own.values) for one in self.attested for own in one.properties)

    @property
    def mentioned(self) -> Iterator[str]:
        """The IRIs that a reader of it meets."""
        yield self.passage.iri
        for thing in self.attested:
            yield thing.iri
            for own in thing.properties:
                yield own.iri
                for value in own.values:
                    yield from (*value.graphs, *_iris([value.term]))
        for one in self.judged:
            yield from (one.iri, one.graph)
            yield from _iris((*one.subjects, *one.variables, *one.outcomes))


async def cited(engine: Engine, document: str, client: str = "") -> list[Cited]:
    """Return the passages of a document in the order of the text.

    ``client`` is who asks. Raises a ``RequestError`` when there is no answer.
    """
    rows = await _rows(engine, "passages_of", document, client)
    attested = _by_passage(await _rows(engine, "attested", document, client))
    judged = _by_passage(await _rows(engine, "judged", document, client))
    found = [
        Cited(passage, _attested(attested[passage.iri]), _judgements(judged[passage.iri]))
        for row in rows
        if (passage := Passage.parse(row["passage"].value))
    ]
    return sorted(found, key=lambda one: (one.passage.start, one.passage.end))


async def statements(engine: Engine, document: str, client: str = "") -> list[Statement]:
    """Return all that is said of a document and of its passages, and what refers to them.

    Attestations are there in full. Raises a ``RequestError`` when there is no answer.
    """
    rows = await _rows(engine, "testimony", document, client)
    return [Statement.of(row) for row in rows]


async def _rows(engine: Engine, name: str, document: str, client: str) -> list[dict[str, Term]]:
    query = queries.bound(queries.read(name), "document", [NamedNode(document)])
    return await select(engine, query, client)


def _by_passage(rows: Iterable[Row]) -> defaultdict[str, list[Row]]:
    found = defaultdict(list)
    for row in rows:
        found[row["passage"].value].append(row)
    return found


def _attested(rows: Iterable[Row]) -> tuple[Attested, ...]:
    said: dict[str, dict[str, dict[Term, list[str]]]] = defaultdict(
        lambda: defaultdict(lambda: defaultdict(list))
    )
    for row in rows:
        graphs = said[row["subject"].value][row["property"].value][row["value"]]
        graphs.append(row["graph"].value)
    return tuple(
        Attested(subject, tuple(_property(*item) for item in properties.items()))
        for subject, properties in said.items()
    )


def _property(iri: str, values: Mapping[Term, list[str]]) -> Property:
    return Property(iri, tuple(Value(value, tuple(graphs)) for value, graphs in values.items()))


def _judgements(rows: Iterable[Row]) -> tuple[Judgement, ...]:
    parts: dict[tuple[str, str], dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        own = parts[row["judgement"].value, row["graph"].value]
        own[row["part"].value].append(row["value"])
    return tuple(
        Judgement(
            iri,
            graph,
            subjects=tuple(said["subject"]),
            variables=tuple(said["variable"]),
            outcomes=tuple(said["outcome"]),
        )
        for (iri, graph), said in parts.items()
    )


def _iris(terms: Iterable[Term]) -> Iterator[str]:
    return (one.value for one in terms if isinstance(one, NamedNode))
