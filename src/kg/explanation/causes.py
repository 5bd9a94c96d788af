"""Causes: the least parts of a query that have no solution, and what would have one.

A group has no solution because one of its parts has none, because parts never hold together, or
because a filter lets nothing through; it is looked at in that order, with queries on the dataset.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any

from rdflib.term import Identifier, URIRef, Variable

from kg.explanation.filters import of_condition, of_having
from kg.explanation.joins import core, of_join
from kg.explanation.likeness import nearest
from kg.explanation.parts import (
    VARIABLE,
    Element,
    Filter,
    Group,
    Nested,
    Query,
    SubSelect,
    TriplePattern,
    Values,
    conjuncts,
    demands,
    exists,
    steps,
    term,
    variables,
    within,
)
from kg.explanation.probe import Cause, Probe, Remedy, because
from kg.explanation.statements import of_pattern
from kg.explanation.values import of_terms

__all__ = ["causes"]

MOST_ROWS_COUNTED = 100_000


def causes(probe: Probe) -> Iterator[Cause]:
    """Yield the causes for a query that gives nothing."""
    graphs = list(_of_graphs(probe, probe.parts))
    yield from graphs
    if any(cause.kind in ("from", "default-graph") for cause in graphs):
        return
    if probe.parts.described and not probe.parts.where:
        yield from of_terms(probe, probe.parts.described)
        return
    found = list(_of_select(probe, probe.parts, None))
    yield from found
    if probe.parts.aggregates and found:
        yield because("aggregate", probe.parts.head(probe.show).removeprefix("SELECT "))


def _of_graphs(probe: Probe, parts: Query) -> Iterator[Cause]:
    """Look at FROM and FROM NAMED, or else at a default graph that holds nothing of it."""
    for graph in (*parts.default_graphs, *parts.named_graphs):
        yield from _of_graph(probe, graph)
    if parts.dataset:
        wider = replace(parts, default_graphs=(), named_graphs=())
        if probe.gives(wider):
            yield _from(probe, parts, wider)
    elif parts.where and not probe.holds(parts.where):
        wrapped: Group = (Nested("GRAPH", (parts.where,), Variable("graph")),)
        if probe.is_narrow and not _has_graph(parts.where) and probe.holds(wrapped):
            remedy = Remedy("GRAPH ?graph { … }", parts=replace(parts, where=wrapped))
            yield because("default-graph", probe.shown(parts.where), [remedy])


def _from(probe: Probe, parts: Query, wider: Query) -> Cause:
    """Return the cause that FROM leaves out what the query looks for."""
    clauses = [("FROM", one) for one in parts.default_graphs]
    clauses += [("FROM NAMED", one) for one in parts.named_graphs]
    shown = " ".join(f"{word} {probe.show(one)}" for word, one in clauses)
    triples = (one for one in within(parts.where) if isinstance(one, TriplePattern))
    lacking = next((one for one in triples if not probe.holds((one,))), None)
    remedies = [
        Remedy(
            f"FROM {probe.name(graph)}",
            parts=replace(parts, default_graphs=(*parts.default_graphs, graph)),
        )
        for graph in (probe.graphs_with(lacking) if lacking else [])
    ]
    return because("from", shown, [*remedies, Remedy("", parts=wider)])


def _of_graph(probe: Probe, graph: URIRef) -> Iterator[Cause]:
    if probe.data.ask(f"ASK {{ GRAPH {term(graph)} {{ ?s ?p ?o }} }}") is False:
        found = nearest(graph, probe.data.graphs())
        yield because("unknown-graph", probe.show(graph), probe.terms(graph, found))


def _of_select(probe: Probe, parts: Query, graph: Identifier | None) -> Iterator[Cause]:
    """Look at a query or subquery: its pattern, then what is done with the solutions."""
    if parts.limit == 0:
        better = probe.with_part(parts, replace(parts, limit=None))
        yield because("limit-zero", "LIMIT 0", [Remedy("", parts=better)])
        return
    if not probe.holds(parts.where, graph):
        yield from _of_group(probe, parts.where, graph)
        return
    if parts.having and not probe.gives(replace(parts, limit=None, offset=0)):
        yield from of_having(probe, parts, graph)
    elif parts.offset:
        inner = replace(
            parts, offset=0, limit=MOST_ROWS_COUNTED, default_graphs=(), named_graphs=()
        )
        rows = probe.rows("(COUNT(*) AS ?n)", (SubSelect(inner),), graph)
        count = rows[0][0].value if rows else "?"
        whole = probe.with_part(parts, replace(parts, offset=0))
        if probe.gives(replace(parts, offset=0)):
            yield because(
                "offset",
                f"OFFSET {parts.offset}",
                [Remedy("", parts=whole)],
                count=count,
            )
    elif parts.form == "CONSTRUCT":
        yield from _of_template(probe, parts)


def _of_template(probe: Probe, parts: Query) -> Iterator[Cause]:
    """Look at a CONSTRUCT that makes no triple of the solutions."""
    template = " ".join(parts.head(probe.show).split())
    known = frozenset[str]().union(*map(variables, parts.where))
    unknown = sorted(set(VARIABLE.findall(parts.head(term))) - known)
    for name in unknown:
        remedies = probe.similar_variables(name, known)
        yield because("unbound", f"?{name}", remedies, key="unbound-template", template=template)
    if not unknown:
        yield because("template", template)


def _of_group(probe: Probe, elements: Group, graph: Identifier | None) -> Iterator[Cause]:
    """Look at a group that has no solution."""
    filters = [one for one in elements if isinstance(one, Filter)]
    body = tuple(one for one in elements if not isinstance(one, Filter))
    if filters and probe.holds(body, graph):
        yield from _of_filters(probe, filters, body, graph)
        return
    parts = tuple(chain.from_iterable(map(steps, body)))
    empty = [one for one in parts if demands(one) and not probe.holds((one,), graph)]
    for one in empty:
        yield from _of_element(probe, one, graph)
    if not empty and (least := core(probe, parts, graph)):
        yield from of_join(probe, least, parts, graph)


def _of_element(probe: Probe, element: Element, graph: Identifier | None) -> Iterator[Cause]:
    """Look at a part of a group that has no solution by itself."""
    match element:
        case TriplePattern():
            yield from of_pattern(probe, element, graph)
        case Values():
            yield because("values", probe.shown([element]), key="values-empty")
        case Nested(keyword="GRAPH", groups=(inner,), graph=URIRef() as name):
            unknown = list(_of_graph(probe, name))
            yield from unknown or _of_group(probe, inner, name)
        case Nested(keyword="GRAPH", groups=(inner,), graph=name):
            if not probe.data.ask("ASK { GRAPH ?g { ?s ?p ?o } }"):
                yield because("unknown-graph", probe.show(name or Variable("g")), key="no-graphs")
            else:
                yield from _of_group(probe, inner, name)
        case Nested(groups=groups):
            for inner in groups:
                yield from _of_group(probe, inner, graph)
        case SubSelect(query=inner):
            yield from _of_select(probe, inner, graph)


def _of_filters(
    probe: Probe, filters: Sequence[Filter], body: Group, graph: Identifier | None
) -> Iterator[Cause]:
    """Look at filters that together let no solution of a group through."""
    conditions = [one for filter_ in filters for one in conjuncts(filter_.condition)]
    closed = [one for one in conditions if not probe.holds((*body, Filter(one)), graph)]
    for one in closed:
        yield from _of_condition(probe, one, filters, body, graph)
    if not closed:
        needed = list(conditions)
        for one in conditions:
            fewer = [Filter(other) for other in needed if other is not one]
            if not probe.holds((*body, *fewer), graph):
                needed = [other for other in needed if other is not one]
        shown = " && ".join(map(probe.condition, needed))
        yield because("filter", shown, key="filters-together")


def _of_condition(
    probe: Probe, condition: Any, filters: Sequence[Filter], body: Group, graph: Identifier | None
) -> Iterator[Cause]:
    """Look at a condition that no solution of a group meets."""
    old = next(one for one in filters if condition in conjuncts(one.condition))
    if found := exists(condition):
        word, inner = found
        if word == "EXISTS" and not probe.holds(inner, graph):
            yield from _of_group(probe, inner, graph)
        else:
            kind = "exists" if word == "EXISTS" else "not-exists"
            yield because(kind, probe.condition(condition), probe.without(old))
        return
    hidden = [
        one.groups[0]
        for one in body
        if isinstance(one, Nested)
        and one.keyword == "OPTIONAL"
        and variables(one) & variables(condition)
        and not probe.holds(one.groups[0], graph)
    ]
    for one in hidden:
        yield from _of_group(probe, one, graph)
    yield from of_condition(probe, condition, old, body, graph)


def _has_graph(elements: Group) -> bool:
    return any(isinstance(one, Nested) and one.keyword == "GRAPH" for one in within(elements))
