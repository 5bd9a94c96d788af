"""Filters: conditions that no solution meets, and what would let some through."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from typing import Any

from pyoxigraph import Literal as Text
from pyoxigraph import NamedNode
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import Identifier, Literal, URIRef, Variable

from kg.explanation.known import Term
from kg.explanation.likeness import Candidate, close_texts, nearest
from kg.explanation.parts import XSD, Bind, Filter, Group, Query, conjuncts, plain, term, variables
from kg.explanation.probe import MOST_SAMPLES, MOST_SHOWN, Cause, Probe, Remedy, because, located
from kg.explanation.values import other_literal, thing, unknown
from kg.explanation.writing import bracketted, expression

__all__ = ["of_condition", "of_having"]

TESTS = ("CONTAINS", "STRSTARTS", "STRENDS", "REGEX")
COMPARISONS = ("=", "<", ">", "<=", ">=")


def of_condition(
    probe: Probe, condition: Any, old: Filter, body: Group, graph: Identifier | None
) -> Iterator[Cause]:
    """Look at a condition, one of a filter, that no solution of a group meets."""
    if unbound := list(_unbound(probe, condition, body, graph)):
        yield from unbound
        return
    if cause := _language(probe, condition, body, graph):
        yield cause
        return
    compared = [_compared(probe, sides, body, graph) for sides in _comparisons(condition)]
    if any(compared):
        yield from filter(None, compared)
        return
    for kind, write in _variants(condition):
        if probe.holds((*body, Filter(write)), graph):
            rest = [one for one in conjuncts(old.condition) if one is not condition]
            new = tuple(Filter(one) for one in (*rest, write))
            parts = probe.replaced(old, new)
            remedy = Remedy(f"FILTER{bracketted(write, probe.name)}", parts=parts)
            yield because(kind, probe.condition(condition), [remedy], key=f"filter-{kind}")
            return
    names = sorted(variables(condition))
    found_values = [
        f"?{name}: {probe.shown_terms(samples)}"
        for name in names
        if (samples := probe.samples(name, body, graph, MOST_SHOWN))
    ]
    yield because(
        "filter", probe.condition(condition), probe.without(old), found="; ".join(found_values)
    )


def of_having(probe: Probe, parts: Query, graph: Identifier | None) -> Iterator[Cause]:
    """Look at HAVING that lets no group through, with the highest values of what it measures."""
    for condition in chain.from_iterable(map(conjuncts, parts.having)):
        sides = _comparison(condition)
        values: list[Term] = []
        if sides and (measured := _with_aggregate(sides[1], sides[2])) is not None:
            text = expression(measured)
            select = f"SELECT DISTINCT ({text} AS ?v) {parts.dataset} {located(parts.where, graph)}"
            rows = probe.data.rows(
                f"{select} {parts.grouping(term)} ORDER BY DESC(?v) LIMIT {MOST_SHOWN}"
            )
            values = [row[0] for row in rows if row[0] is not None]
        better = probe.with_part(parts, replace(parts, having=()))
        yield because(
            "having",
            f"HAVING({probe.condition(condition)})",
            [Remedy("", parts=better)] if probe.gives(better) else [],
            key="having" if values else "having-unknown",
            found=probe.shown_terms(values),
        )


def _unbound(
    probe: Probe, condition: Any, body: Group, graph: Identifier | None
) -> Iterator[Cause]:
    known = frozenset[str]().union(*map(variables, body))
    for name in sorted(variables(condition)):
        bound = Filter(lambda _, name=name: f"BOUND(?{name})")
        if name not in known:
            remedies = probe.similar_variables(name, known)
            yield because("unbound", f"?{name}", remedies, filter=probe.condition(condition))
        elif not probe.holds((*body, bound), graph):
            bind = [one for one in body if isinstance(one, Bind) and one.variable == Variable(name)]
            yield because(
                "unbound",
                f"?{name}",
                key="bind" if bind else "unbound-optional",
                filter=probe.condition(condition),
                bind=probe.shown(bind),
            )


def _language(probe: Probe, condition: Any, body: Group, graph: Identifier | None) -> Cause | None:
    """Return the cause that a filter asks for a language that no value is in."""
    sides = _comparison(condition)
    if _call(condition) == "LANGMATCHES":
        sides = ("=", plain(condition.arg1), plain(condition.arg2))
    if not sides or _call(sides[1]) != "LANG" or not isinstance(sides[2], Literal):
        return None
    tag = f"({expression(sides[1])} AS ?_tag)"
    tail = f"GROUP BY {tag} ORDER BY DESC(?n) LIMIT {MOST_SHOWN}"
    rows = probe.rows("?_tag (COUNT(*) AS ?n)", body, graph, tail)
    tags = [(tag, int(count.value)) for tag, count in rows if isinstance(tag, Text)]
    if not tags:
        return None
    remedies = [Remedy(str(tag), count=count, old=sides[2]) for tag, count in tags]
    return because(
        "language-tag",
        probe.condition(condition),
        remedies,
        key="filter-language",
        found=", ".join(str(tag) for tag, _ in tags),
    )


def _compared(
    probe: Probe, sides: tuple[str, Any, Any], body: Group, graph: Identifier | None
) -> Cause | None:
    """Return the cause that a filter compares with a value of another tag, type or spelling."""
    sign, measured, wanted = sides
    if not isinstance(wanted, Literal | URIRef):
        return None
    text = expression(measured)
    if sign == "=" and isinstance(wanted, Literal):
        value = Bind(lambda _: text, Variable("_value"))
        lower = term(Literal(str(wanted).lower()))
        same = (*body, value, Filter(lambda _: f"LCASE(STR(?_value)) = {lower}"))
        rows = probe.rows("DISTINCT ?_value", same, graph, f"LIMIT {MOST_SHOWN}")
        values = [row[0] for row in rows if isinstance(row[0], Text)]
        if not values:
            tail = f"LIMIT {MOST_SAMPLES}"
            rows = probe.rows("DISTINCT ?_value", (*body, value), graph, tail)
            values = close_texts(wanted, [one for (one,) in rows if isinstance(one, Text)])
        if values:
            return other_literal(probe, wanted, values)
        things = [Candidate(one) for (one,) in rows if isinstance(one, NamedNode)]
        return thing(probe, wanted, probe.data.labelled(things)) if things else None
    if isinstance(wanted, URIRef):
        if probe.knows(wanted):
            return None
        value = Bind(lambda _: text, Variable("_value"))
        tail = f"LIMIT {MOST_SAMPLES}"
        rows = probe.rows("DISTINCT ?_value", (*body, value), graph, tail)
        things = [Candidate(one) for (one,) in rows if isinstance(one, NamedNode)]
        near = nearest(wanted, probe.data.labelled(things)) or nearest(
            wanted, probe.data.things(wanted)
        )
        return unknown(probe, wanted, "unknown-term", near)
    head = f"DISTINCT (DATATYPE({text}) AS ?_type)"
    for (datatype,) in probe.rows(head, body, graph, f"LIMIT {MOST_SHOWN}"):
        if datatype is None or str(wanted.datatype or XSD.string) == datatype.value:
            continue
        typed = Literal(str(wanted), datatype=URIRef(datatype.value))
        other = Filter(lambda _, typed=typed: f"{text} {sign} {term(typed)}")
        if probe.holds((*body, other), graph):
            written = probe.name(typed)
            return because(
                "datatype",
                probe.show(wanted),
                [Remedy(written, old=wanted)],
                found=probe.show(typed),
            )
    return None


def _call(node: Any) -> str:
    """Return the name of the built-in that an expression calls, if it does."""
    node = plain(node)
    return node.name.removeprefix("Builtin_") if isinstance(node, CompValue) else ""


def _comparison(condition: Any) -> tuple[str, Any, Any] | None:
    """Return sign and sides of a comparison, the constant side last."""
    node = plain(condition)
    is_one = isinstance(node, CompValue) and node.name == "RelationalExpression"
    if not is_one or node.op not in COMPARISONS:
        return None
    left, right = plain(node.expr), plain(node.other)
    if isinstance(left, Literal | URIRef):
        mirrored = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}
        return mirrored.get(node.op, node.op), right, left
    return node.op, left, right


def _comparisons(condition: Any) -> list[tuple[str, Any, Any]]:
    """Return the comparisons of which a condition wants one: those with each value after IN."""
    node = plain(condition)
    if isinstance(node, CompValue) and node.name == "RelationalExpression" and node.op == "IN":
        options = node.other if isinstance(node.other, list) else []
        return [("=", plain(node.expr), plain(one)) for one in options]
    return [sides] if (sides := _comparison(node)) else []


def _with_aggregate(*sides: Any) -> Any:
    return next(
        (one for one in sides if isinstance(one, CompValue) and one.name.startswith("Aggregate_")),
        None,
    )


def _variants(condition: Any) -> Iterator[tuple[str, Any]]:
    """Yield other ways to write a condition, with the kind of slip that each would mend."""
    node = plain(condition)
    call = _call(node)
    if call in TESTS:
        values = [one for one in node.values() if isinstance(plain(one), Identifier | CompValue)]
        text, wanted = values[0], values[1]
        yield (
            "filter",
            lambda write: f"{call}(STR({expression(text, write)}), {expression(wanted, write)})",
        )
        if call == "REGEX":
            yield (
                "spelling",
                lambda write: (
                    f'REGEX(STR({expression(text, write)}), {expression(wanted, write)}, "i")'
                ),
            )
        else:
            yield (
                "spelling",
                lambda write: (
                    f"{call}(LCASE(STR({expression(text, write)})), "
                    f"LCASE({expression(wanted, write)}))"
                ),
            )
    elif sides := _comparison(node):
        sign, measured, wanted = sides
        if isinstance(wanted, Literal) and isinstance(measured, Variable) and node.op == "=":
            yield (
                "filter",
                lambda write: (
                    f"STR({expression(measured, write)}) {sign} {term(Literal(str(wanted)))}"
                ),
            )
