"""Probe: what is asked of a dataset about the parts of a query, and told of them.

A cause is told in no language: ``kg.texts`` has the words.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from pyoxigraph import Literal as Text
from pyoxigraph import NamedNode
from rdflib.term import BNode, Identifier, Literal, URIRef, Variable

from kg.explanation.known import Known, Term
from kg.explanation.likeness import Candidate, nearest
from kg.explanation.parts import (
    XSD,
    Element,
    Group,
    Nested,
    Query,
    SubSelect,
    TriplePattern,
    Write,
    substituted,
    term,
)
from kg.explanation.writing import expression, group, query, writer
from kg.namespaces import PREFIXES, compact

__all__ = [
    "KINDS",
    "MOST_SAMPLES",
    "MOST_SHOWN",
    "Cause",
    "Probe",
    "Remedy",
    "as_node",
    "because",
    "located",
]

# The kinds of causes, the likeliest first.
KINDS = (
    "limit-zero",
    "offset",
    "from",
    "default-graph",
    "namespace",
    "unknown-graph",
    "unknown-term",
    "language-tag",
    "datatype",
    "spelling",
    "not-text",
    "inverse",
    "other-graph",
    "across-graphs",
    "never-together",
    "unbound",
    "filter",
    "exists",
    "not-exists",
    "minus",
    "values",
    "no-match",
    "join-empties",
    "having",
    "template",
    "aggregate",
    "not-analysed",
    "unexplained",
)
MOST_SHOWN = 5
MOST_SAMPLES = 2000
# The variables that stand between the steps of a path; see ``kg.explanation.parts.steps``.
_OWN = re.compile(r"\?_[0-9a-f]{1,8}_\d+")


@dataclass(frozen=True)
class Remedy:
    """What to write instead, and where: for a term of the text, or as a query of other parts.

    ``labels`` are by language, ``count`` is the number of statements that use the term. ``prefix``
    says that the term is the namespace of that prefix. Without a text, something is left out.
    """

    text: str
    labels: Mapping[str, str] = field(default_factory=dict)
    count: int = 0
    old: Identifier | None = None
    prefix: str | None = None
    parts: Query | None = None


@dataclass(frozen=True)
class Cause:
    """Why there is nothing: kind, what it is about, values for the message under ``key``."""

    kind: str
    subject: str
    remedies: tuple[Remedy, ...] = ()
    key: str = ""
    said: Mapping[str, str] = field(default_factory=dict)


def because(
    kind: str, subject: str, remedies: Sequence[Remedy] = (), key: str = "", **said: str
) -> Cause:
    """Return a cause."""
    return Cause(kind, subject, tuple(remedies), key or kind, said)


@dataclass(frozen=True)
class Probe:
    """A dataset and the query on it that gives nothing.

    ``parts`` are without a pattern when the query was not understood.
    """

    data: Known
    parts: Query

    def similar_variables(self, name: str, known: Iterable[str]) -> list[Remedy]:
        """Return the variables that one may have been meant for."""
        found = nearest(name, [Candidate(NamedNode(f"var:{one}")) for one in sorted(known)])
        return [
            Remedy(f"?{one.term.value.removeprefix('var:')}", old=Variable(name)) for one in found
        ]

    def with_part(self, old: Query, new: Query) -> Query:
        """Return the whole query with a part of it, itself or a subquery, in a new form."""
        if old == self.parts:
            return new
        where = substituted(self.parts.where, SubSelect(old), (SubSelect(new),))
        return replace(self.parts, where=where)

    def knows(self, node: URIRef) -> bool:
        """Tell whether any graph has an IRI anywhere, or is called by it."""
        iri = term(node)
        return (
            self.data.holds(f"{iri} ?p ?o")
            or self.data.holds(f"?s ?p {iri}")
            or self.data.holds(f"?s {iri} ?o")
            or self.data.ask(f"ASK {{ GRAPH {iri} {{ ?s ?p ?o }} }}") is True
        )

    def without(self, element: Element) -> list[Remedy]:
        """Return the remedy to leave a part out."""
        parts = self.replaced(element, ())
        return [Remedy("", parts=parts)] if parts else []

    def replaced(self, old: Element, new: Group) -> Query | None:
        """Return the whole query with another part, ``None`` when it does not have the old one."""
        where = substituted(self.parts.where, old, new)
        return replace(self.parts, where=where) if where != self.parts.where else None

    @property
    def clause(self) -> str:
        """FROM and FROM NAMED."""
        return self.parts.dataset

    @property
    def is_narrow(self) -> bool:
        """Whether a plain pattern may miss what named graphs hold."""
        return bool(self.clause) or not self.data.is_union

    def holds(self, elements: Group, graph: Identifier | None = None) -> bool:
        """Tell whether there is a solution; it is supposed where the engine refuses to say."""
        return self.data.ask(f"ASK {self.clause} {located(elements, graph)}") is not False

    def gives(self, parts: Query) -> bool:
        """Tell whether a query gives something."""
        if parts.form != "SELECT":
            return self.data.ask(f"ASK {parts.dataset} {group(parts.where)}") is True
        return bool(self.data.rows(query(replace(parts, limit=1))))

    def rows(
        self, head: str, elements: Group, graph: Identifier | None = None, tail: str = ""
    ) -> list[tuple[Any, ...]]:
        """Return the rows of a SELECT over a part."""
        return self.data.rows(f"SELECT {head} {self.clause} {located(elements, graph)} {tail}")

    def samples(
        self, name: str, elements: Group, graph: Identifier | None, most: int
    ) -> list[Term]:
        """Return some values of a variable."""
        rows = self.rows(f"DISTINCT ?{name}", elements, graph, f"LIMIT {most}")
        return [row[0] for row in rows if row[0] is not None]

    def graphs_with(self, pattern: Element) -> list[URIRef]:
        """Return some named graphs in which a pattern holds."""
        text = group((Nested("GRAPH", ((pattern,),), Variable("_graph")),))
        rows = self.data.rows(f"SELECT DISTINCT ?_graph {text} LIMIT {MOST_SHOWN}")
        return [URIRef(row[0].value) for row in rows]

    def name(self, node: Identifier) -> str:
        """Write a term as the query may have it."""
        return writer(self.parts.prefixes)(node)

    def show(self, node: Identifier) -> str:
        """Write a term as a reader wants it."""
        written = writer({**PREFIXES, **self.parts.prefixes})(node)
        if isinstance(node, URIRef) and written.startswith("<"):
            short = compact(NamedNode(str(node)))
            return written if short == str(node) else short
        return written

    def terms(self, old: Identifier | None, found: Iterable[Candidate]) -> list[Remedy]:
        """Return terms to write instead of one, with the number of their uses."""
        return [
            Remedy(self.name(URIRef(one.term.value)), one.labels, one.count, old)
            for one in map(self.data.counted, found)
        ]

    def near_and_other(self, old: Identifier | None, found: Sequence[Candidate]) -> list[Remedy]:
        """Return terms that a term may have meant, and others to choose from."""
        near = nearest(str(old), found)
        other = [one for one in found if one not in near][: MOST_SHOWN - len(near)]
        return self.terms(old, near) + self.terms(None, other)

    def shown_terms(self, found: Iterable[Term | None]) -> str:
        """Write what the dataset has."""
        return ", ".join(self.show(as_node(one)) for one in found if one is not None)

    def shown(self, elements: Iterable[Element]) -> str:
        """Write a part as a reader wants it."""
        return _one_line(group(tuple(elements), self.show))

    def numbered(self, elements: Iterable[Element], names: Iterable[str]) -> list[str]:
        """Return variables as ``shown`` has them in a part."""
        numbers = _numbers(group(tuple(elements), self.show))
        return [numbers.get(f"?{name}", f"?{name}") for name in names]

    def predicate(self, pattern: TriplePattern, write: Write) -> str:
        """Write the property or path of a pattern."""
        nothing = Variable("_")
        line = _one_line(group((TriplePattern(nothing, pattern.predicate, nothing),), write))
        return line.split(" ", 1)[1].rsplit(" ", 1)[0]

    def written(self, elements: Iterable[Element]) -> str:
        """Write a part as the query may have it."""
        return _one_line(group(tuple(elements), self.name))

    def condition(self, condition: Any) -> str:
        """Write a condition as a reader wants it."""
        text = " ".join(expression(condition, self.show).split())
        return text[1:-1] if text.startswith("(") and text.endswith(")") else text


def as_node(found: Term) -> Identifier:
    """Return a term of the engine as the patterns have it."""
    if isinstance(found, NamedNode):
        return URIRef(found.value)
    if isinstance(found, Text):
        if found.language:
            return Literal(found.value, lang=found.language)
        if found.datatype.value == str(XSD.string):
            return Literal(found.value)
        return Literal(found.value, datatype=URIRef(found.datatype.value), normalize=False)
    return BNode(found.value)


def located(elements: Group, graph: Identifier | None) -> str:
    """Write a part as a group, in a graph if there is one."""
    return group(elements if graph is None else (Nested("GRAPH", (elements,), graph),))


def _one_line(text: str) -> str:
    """Return what is in a group, in one line; variables of ours are numbered."""
    line = " ".join(text.removeprefix("{").removesuffix("}").split()).removesuffix(" .")
    numbers = _numbers(line)
    return _OWN.sub(lambda own: numbers[own[0]], line)


def _numbers(text: str) -> dict[str, str]:
    return {name: f"?_{at}" for at, name in enumerate(dict.fromkeys(_OWN.findall(text)), 1)}
