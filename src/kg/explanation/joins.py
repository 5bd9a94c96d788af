"""Joins: parts of a query that have solutions each, but none together."""

from collections.abc import Iterator
from dataclasses import replace

from pyoxigraph import NamedNode
from rdflib.namespace import RDF
from rdflib.term import Identifier, URIRef, Variable

from kg.explanation.likeness import Candidate
from kg.explanation.parts import (
    Element,
    Group,
    Nested,
    TriplePattern,
    Values,
    demands,
    variables,
    within,
)
from kg.explanation.probe import MOST_SAMPLES, MOST_SHOWN, Cause, Probe, Remedy, because
from kg.explanation.statements import swapped
from kg.explanation.values import of_value

__all__ = ["core", "of_join"]

TYPE = NamedNode(str(RDF.type))


def core(probe: Probe, parts: Group, graph: Identifier | None) -> Group:
    """Return the least parts that never hold together; the last is the one that is too many."""
    ordered = _connected(parts)
    for end in range(2, len(ordered) + 1):
        if not probe.holds(ordered[:end], graph):
            break
    else:
        return ()
    *rest, last = ordered[:end]
    for one in list(rest):
        fewer = [other for other in rest if other is not one]
        if _is_joined((*fewer, last)) and not probe.holds((*fewer, last), graph):
            rest = fewer
    return (*rest, last)


def of_join(probe: Probe, least: Group, parts: Group, graph: Identifier | None) -> Iterator[Cause]:
    """Look at the least parts that have solutions each, but none together."""
    last = least[-1]
    shown = probe.shown(least)
    match last:
        case Nested(keyword="MINUS"):
            yield because("minus", probe.shown([last]), probe.without(last))
            return
    values = next((one for one in least if isinstance(one, Values)), None)
    if values is not None:
        yield from _of_values(
            probe, values, tuple(one for one in least if one is not values), graph
        )
        return
    if graph is not None and (cause := _across(probe, least, graph)):
        yield cause
        return
    triples = [one for one in least if isinstance(one, TriplePattern)]
    for pattern in triples:
        rest = [one for one in parts if one is not pattern]
        if other := swapped(probe, pattern, tuple(rest), graph):
            yield other
            return
    if len(least) == len(triples) == 2:
        for typed, untyped in (triples, triples[::-1]):
            if typed.predicate == RDF.type and isinstance(typed.object, URIRef):
                yield _never_together(probe, typed, untyped, graph)
                return
    before = least[:-1]
    shared = sorted(variables(last) & frozenset().union(*map(variables, before)))
    if not shared:
        yield because("join-empties", shown, key="join-unshared")
        return
    names = probe.numbered(least, shared)
    some, others = (
        probe.shown_terms(probe.samples(shared[0], side, graph, 2)) for side in (before, (last,))
    )
    yield because(
        "join-empties",
        shown,
        one=some or "–",
        other=others or "–",
        variable=names[0],
        variables=", ".join(names),
    )


def _never_together(
    probe: Probe, typed: TriplePattern, other: TriplePattern, graph: Identifier | None
) -> Cause:
    """Return the cause that nothing of a class has a property, with what it does have."""
    thing = typed.subject
    outward = other.subject == thing
    place = (
        TriplePattern(thing, Variable("_p"), Variable("_o"))
        if outward
        else TriplePattern(Variable("_o"), Variable("_p"), thing)
    )
    tail = f"GROUP BY ?_p ORDER BY DESC(?n) LIMIT {MOST_SAMPLES}"
    rows = probe.rows("?_p (COUNT(*) AS ?n)", (typed, place), graph, tail)
    properties = probe.data.labelled(
        [Candidate(row[0], int(row[1].value)) for row in rows if row[0] != TYPE]
    )
    asked = replace(typed, object=Variable("_c"))
    tail = f"GROUP BY ?_c ORDER BY DESC(?n) LIMIT {MOST_SHOWN}"
    classes = probe.rows("?_c (COUNT(*) AS ?n)", (other, asked), graph, tail)
    old = other.predicate if isinstance(other.predicate, URIRef) else None
    return because(
        "never-together",
        probe.shown([typed, other]),
        probe.near_and_other(old, properties),
        key="never-together" if outward else "never-reached",
        type=probe.show(typed.object),
        property=probe.predicate(other, probe.show),
        classes=probe.shown_terms(row[0] for row in classes) or "–",
    )


def _across(probe: Probe, core: Group, graph: Identifier) -> Cause | None:
    """Return the cause that parts hold, but not in one graph."""
    apart = tuple(
        Nested("GRAPH", ((one,),), Variable(f"graph{number}") if number else graph)
        for number, one in enumerate(core)
    )
    if not probe.holds(apart):
        return None
    better = None
    for element in within(probe.parts.where):
        if not isinstance(element, Nested) or element.graph != graph:
            continue
        if all(one in element.groups[0] for one in core):
            kept = tuple(one for one in element.groups[0] if one not in core[1:])
            better = probe.replaced(element, (replace(element, groups=(kept,)), *apart[1:]))
    remedy = Remedy(probe.written(apart), parts=better)
    return because("across-graphs", probe.shown(core), [remedy])


def _of_values(
    probe: Probe, values: Values, rest: Group, graph: Identifier | None
) -> Iterator[Cause]:
    """Look at VALUES none of which goes with the rest."""
    columns = zip(values.variables, zip(*values.rows, strict=True), strict=True)
    found = [
        cause
        for name, column in columns
        for node in dict.fromkeys(one for one in column if one is not None)
        for pattern in rest
        if isinstance(pattern, TriplePattern)
        for cause in of_value(probe, node, name, pattern, graph)
    ]
    yield from found
    if not found:
        shared = [str(name) for name in values.variables]
        samples = probe.samples(shared[0], rest, graph, MOST_SHOWN) if shared else []
        yield because(
            "values",
            probe.shown([values]),
            probe.without(values),
            variable=f"?{shared[0]}" if shared else "",
            found=probe.shown_terms(samples) or "–",
        )


def _connected(parts: Group) -> Group:
    """Return parts in an order in which each, where possible, shares a variable with those before.

    OPTIONAL, MINUS and BIND stay after what is before them.
    """
    ordered: list[Element] = []
    waiting: list[Element] = []
    for part in (*parts, None):
        if part is not None and demands(part):
            waiting.append(part)
            continue
        while waiting:
            seen = frozenset[str]().union(*map(variables, ordered))
            following = next((one for one in waiting if variables(one) & seen), waiting[0])
            waiting.remove(following)
            ordered.append(following)
        if part is not None:
            ordered.append(part)
    return tuple(ordered)


def _is_joined(parts: Group) -> bool:
    """Tell whether every part shares a variable, directly or through others."""
    first, *rest = parts
    seen = variables(first)
    while rest and (one := next((one for one in rest if variables(one) & seen), None)):
        seen |= variables(one)
        rest.remove(one)
    return not rest
