"""Statements: triple patterns that no statement matches, and those that one would."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from pyoxigraph import NamedNode
from rdflib.namespace import RDF
from rdflib.term import Identifier, Literal, URIRef, Variable

from kg.explanation.likeness import Candidate
from kg.explanation.parts import Group, TriplePattern
from kg.explanation.probe import MOST_SHOWN, Cause, Probe, Remedy, because
from kg.explanation.values import of_literal, of_places

__all__ = ["of_pattern", "swapped"]

TYPE = NamedNode(str(RDF.type))


def of_pattern(probe: Probe, pattern: TriplePattern, graph: Identifier | None) -> Iterator[Cause]:
    """Look at a triple pattern that no statement matches."""
    unknown = list(of_places(probe, pattern))
    if unknown:
        yield from unknown
        return
    if (graph is not None or probe.is_narrow) and (graphs := probe.graphs_with(pattern)):
        yield _elsewhere(probe, pattern, graph, graphs)
        return
    if isinstance(pattern.object, Literal):
        causes = list(of_literal(probe, pattern.object, pattern, graph))
        if causes:
            yield from causes
            return
    yield from _of_known(probe, pattern, graph)


def _elsewhere(
    probe: Probe, pattern: TriplePattern, graph: Identifier | None, graphs: Sequence[URIRef]
) -> Cause:
    """Return the cause that only graphs that are not asked hold a pattern."""
    found = ", ".join(map(probe.show, graphs))
    if graph is None:
        kind = "from" if probe.clause else "default-graph"
        return because(kind, probe.shown([pattern]), key=f"{kind}-pattern", found=found)
    candidates = [one for one in probe.data.graphs() if URIRef(one.term.value) in graphs]
    remedies = probe.terms(graph, candidates)
    return because("other-graph", probe.shown([pattern]), remedies, found=found)


def _of_known(probe: Probe, pattern: TriplePattern, graph: Identifier | None) -> Iterator[Cause]:
    """Look at a pattern of which every term is known, but that nothing matches."""
    shown = probe.shown([pattern])
    if other := swapped(probe, pattern, (), graph):
        yield other
        return
    if isinstance(pattern.object, Literal):
        value = replace(pattern, object=Variable("_value"))
        rows = probe.rows("DISTINCT ?_value", (value,), graph, f"LIMIT {MOST_SHOWN}")
        yield because(
            "no-match",
            shown,
            key="no-value" if rows else "no-match",
            value=probe.show(pattern.object),
            found=probe.shown_terms(row[0] for row in rows),
        )
        return
    for node, place, key in (
        (
            pattern.subject,
            replace(pattern, predicate=Variable("_p"), object=Variable("_o")),
            "has",
        ),
        (
            pattern.object,
            replace(pattern, predicate=Variable("_p"), subject=Variable("_o")),
            "reached",
        ),
    ):
        if isinstance(node, URIRef):
            tail = f"GROUP BY ?_p ORDER BY DESC(?n) LIMIT {MOST_SHOWN}"
            rows = probe.rows("?_p (COUNT(*) AS ?n)", (place,), graph, tail)
            found = [Candidate(row[0], int(row[1].value)) for row in rows if row[0] != TYPE]
            if found and pattern.predicate != RDF.type:
                old = pattern.predicate if isinstance(pattern.predicate, URIRef) else None
                remedies = probe.near_and_other(old, probe.data.labelled(found))
                yield because("no-match", shown, remedies, key=key, node=probe.show(node))
                return
    yield because("no-match", shown)


def swapped(
    probe: Probe, pattern: TriplePattern, rest: Group, graph: Identifier | None
) -> Cause | None:
    """Return the cause that a pattern would match the other way round."""
    if isinstance(pattern.object, Literal) or pattern.predicate == RDF.type:
        return None
    other = replace(pattern, subject=pattern.object, object=pattern.subject)
    if not probe.holds((*rest, other), graph):
        return None
    better = probe.replaced(pattern, (other,))
    count = probe.rows("(COUNT(*) AS ?n)", (other,), graph)
    written = probe.written([other]) if better else f"^{probe.predicate(pattern, probe.name)}"
    remedy = Remedy(written, count=int(count[0][0].value) if count else 0, parts=better)
    return because("inverse", probe.shown([pattern]), [remedy])
