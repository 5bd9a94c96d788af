"""Descriptions: what is said of a thing and by what, in which graph, and on which evidence."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import ceil

from pyoxigraph import BlankNode, NamedNode

from kg import queries
from kg.attestations import COVERED_BY_ANY
from kg.dataset import Statement, Term
from kg.engine.base import Engine, select
from kg.namespaces import compact, term

__all__ = ["PAGE", "Description", "Property", "Value", "describe", "known"]

PAGE = 100  # statements by other things that are told at a time

# What comes first when a thing is described.
FIRST = [
    term(name).value
    for name in (
        *("rdf:type", "rdfs:label", "skos:prefLabel", "skos:altLabel", "dcterms:title"),
        *("skos:definition", "dcterms:description"),
    )
]


@dataclass(frozen=True)
class Value:
    """A value of a property, or for incoming statements what has the thing as its value.

    ``graphs`` are the IRIs of the graphs that say so, ``passages`` those of the passages that
    attest it. ``parts`` tell of a blank node.
    """

    term: Term
    graphs: tuple[str, ...]
    passages: tuple[str, ...] = ()
    parts: tuple["Property", ...] = ()


@dataclass(frozen=True)
class Property:
    """A property by its IRI, with its values."""

    iri: str
    values: tuple[Value, ...]


@dataclass(frozen=True)
class Description:
    """What is said of a thing; of ``incoming_total`` incoming statements a page of ``pages``.

    ``statements`` are all that is told, as they stand in the graphs.
    """

    iri: str
    properties: tuple[Property, ...]
    incoming: tuple[Property, ...]
    incoming_total: int
    page: int
    statements: tuple[Statement, ...]

    @property
    def pages(self) -> int:
        """How many pages the incoming statements take, at least one."""
        return max(1, ceil(self.incoming_total / PAGE))

    @property
    def mentioned(self) -> set[str]:
        """The IRIs that a reader of it meets."""
        found = {self.iri}
        for own in (*self.properties, *self.incoming):
            found.update(_mentioned(own))
        return found

    def values(self, name: str) -> tuple[Term, ...]:
        """Return the values of a property by its prefixed name."""
        iri = term(name).value
        return tuple(one.term for own in self.properties if own.iri == iri for one in own.values)


async def describe(engine: Engine, iri: str, client: str = "", page: int = 1) -> Description | None:
    """Return the description of a thing, ``None`` if nothing is said of it.

    Incoming statements are told by pages, counted from 1; a page beyond the last has none.
    ``client`` is who asks. Raises a ``RequestError`` when there is no answer.
    """
    thing = NamedNode(iri)
    said = await _rows(engine, "description", [thing], client)
    if not said:
        return None
    incoming = await _rows(
        engine, "incoming", [thing], client, f"LIMIT {PAGE} OFFSET {PAGE * (page - 1)}"
    )
    total = len(incoming)
    if page > 1 or total == PAGE:
        (count,) = await _rows(engine, "incoming_count", [thing], client)
        total = int(count["count"].value)
    subjects = dict.fromkeys([thing, *(row["subject"] for row in incoming)])
    evidence = _Evidence(await _rows(engine, "evidence_of", subjects, client))
    own = [Statement.of(row) for row in said]
    others = [one for row in incoming for one in _incoming(row, thing)]
    return Description(
        iri=iri,
        properties=_properties(thing, own, evidence),
        incoming=_grouped(others, evidence),
        incoming_total=total,
        page=page,
        statements=(*own, *others),
    )


async def known(engine: Engine, iris: Collection[str], client: str = "") -> set[str]:
    """Return those of some things that something is said of."""
    rows = await _rows(engine, "known", map(NamedNode, iris), client)
    return {row["thing"].value for row in rows}


class _Evidence:
    """Which passages attest which statements."""

    def __init__(self, rows: Iterable[Mapping[str, Term]]) -> None:
        self._rows: dict[tuple[Term, Term], list[Mapping[str, Term]]] = defaultdict(list)
        for row in rows:
            self._rows[row["thing"], row["graph"]].append(row)

    def of(self, one: Statement) -> list[str]:
        """Return the passages for a statement; where none is for a name, those for the thing."""
        rows = self._rows.get((one.subject, one.graph), [])
        own = [
            row["passage"].value
            for row in rows
            if row["property"] == one.predicate and row.get("value", one.object) == one.object
        ]
        if own or one.predicate not in COVERED_BY_ANY:
            return own
        return [row["passage"].value for row in rows]


async def _rows(
    engine: Engine, name: str, things: Iterable[Term], client: str, slice_: str = ""
) -> list[dict[str, Term]]:
    query = queries.bound(queries.read(name), "thing", things)
    return await select(engine, f"{query}{slice_}", client)


def _incoming(row: Mapping[str, Term], thing: NamedNode) -> Iterator[Statement]:
    for graph in sorted(set(row["graphs"].value.split(" "))):
        yield Statement.of({**row, "value": thing, "graph": NamedNode(graph)})


def _properties(
    subject: NamedNode | BlankNode,
    said: list[Statement],
    evidence: _Evidence,
    over: frozenset[Term] = frozenset(),
) -> tuple[Property, ...]:
    """Return what is said of a subject that is told as a part of the blank nodes ``over`` it."""
    own = [one for one in said if one.subject == subject]
    found: dict[NamedNode, dict[Term, list[Statement]]] = defaultdict(lambda: defaultdict(list))
    for one in own:
        found[one.predicate][one.object].append(one)

    def parts(value: Term) -> tuple[Property, ...]:
        if not isinstance(value, BlankNode) or value in over | {subject}:
            return ()
        return _properties(value, said, evidence, over | {subject})

    return tuple(
        Property(
            predicate.value,
            tuple(
                _attested(value, statements, evidence, parts(value))
                for value, statements in sorted(values.items(), key=lambda item: _order(item[0]))
            ),
        )
        for predicate, values in sorted(found.items(), key=lambda item: _rank(item[0]))
    )


def _grouped(others: list[Statement], evidence: _Evidence) -> tuple[Property, ...]:
    """Return incoming statements by property, in the order that they come in."""
    found: dict[NamedNode, dict[Term, list[Statement]]] = defaultdict(lambda: defaultdict(list))
    for one in others:
        found[one.predicate][one.subject].append(one)
    return tuple(
        Property(
            predicate.value,
            tuple(_attested(subject, said, evidence) for subject, said in subjects.items()),
        )
        for predicate, subjects in found.items()
    )


def _attested(
    value: Term, said: list[Statement], evidence: _Evidence, parts: tuple[Property, ...] = ()
) -> Value:
    graphs = dict.fromkeys(one.graph.value for one in said)
    passages = dict.fromkeys(passage for one in said for passage in evidence.of(one))
    return Value(value, tuple(graphs), tuple(sorted(passages, key=_position)), parts)


def _position(passage: str) -> tuple[str, int]:
    """Return where a passage stands, as a key to sort by."""
    document, _, place = passage.partition("#char=")
    start = place.partition(",")[0]
    return document, int(start) if start.isdecimal() else 0


def _rank(predicate: NamedNode) -> tuple[int, str]:
    place = FIRST.index(predicate.value) if predicate.value in FIRST else len(FIRST)
    return place, compact(predicate)


def _order(value: Term) -> tuple[str, str]:
    return type(value).__name__, str(value)


def _mentioned(own: Property) -> Iterator[str]:
    yield own.iri
    for value in own.values:
        yield from value.graphs
        yield from value.passages
        if isinstance(value.term, NamedNode):
            yield value.term.value
        for part in value.parts:
            yield from _mentioned(part)
