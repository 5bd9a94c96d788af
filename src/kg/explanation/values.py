"""Values: terms and literals that stand where the data has others."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from pyoxigraph import Literal as Text
from pyoxigraph import NamedNode
from rdflib.namespace import RDF
from rdflib.term import Identifier, Literal, URIRef, Variable

from kg.explanation.likeness import Candidate, close_texts, nearest
from kg.explanation.parts import Filter, TriplePattern, path_iris, term
from kg.explanation.probe import MOST_SAMPLES, MOST_SHOWN, Cause, Probe, Remedy, as_node, because

__all__ = ["of_literal", "of_places", "of_terms", "of_value", "other_literal", "thing", "unknown"]


def of_terms(probe: Probe, nodes: Iterable[Identifier]) -> Iterator[Cause]:
    """Yield causes among the terms of a query of which no more is understood."""
    for node in dict.fromkeys(nodes):
        if isinstance(node, URIRef) and not probe.knows(node):
            data = probe.data
            known = (*data.things(node), *data.properties(), *data.classes())
            found = nearest(node, {one.term: one for one in known}.values())
            yield unknown(probe, node, "unknown-term", found)
        elif isinstance(node, Literal) and node.datatype is None:
            yield from of_literal(
                probe, node, TriplePattern(Variable("_s"), Variable("_p"), node), None
            )


def of_places(probe: Probe, pattern: TriplePattern) -> Iterator[Cause]:
    """Look for terms that no graph has in their place."""
    is_type = pattern.predicate == RDF.type
    for iri in path_iris(pattern.predicate):
        if not probe.data.holds(f"?s {term(iri)} ?o"):
            kind = "property" if not probe.knows(iri) else "unused-property"
            yield unknown(probe, iri, kind, nearest(iri, probe.data.properties()))
    for node, place in ((pattern.subject, "?term ?p ?o"), (pattern.object, "?s ?p ?term")):
        if not isinstance(node, URIRef):
            continue
        if is_type and node is pattern.object:
            if not probe.data.holds(f"?s a {term(node)}"):
                kind = "class" if not probe.knows(node) else "unused-class"
                yield unknown(probe, node, kind, nearest(node, probe.data.classes()))
        elif not probe.knows(node):
            near = place
            if isinstance(pattern.predicate, URIRef):
                near = place.replace("?p", term(pattern.predicate))
            found = nearest(node, probe.data.things(node, near))
            yield unknown(probe, node, "unknown-term", found)


def unknown(probe: Probe, node: URIRef, key: str, found: Sequence[Candidate]) -> Cause:
    """Return the cause that a term is unknown, or its whole namespace."""
    for prefix, namespace in probe.parts.prefixes.items():
        local = str(node).removeprefix(namespace)
        first = found[0].term.value if found else ""
        other = first.removesuffix(local)
        is_other = first.endswith(local) and other not in (namespace, first)
        if namespace and local and is_other and node.startswith(namespace):
            start = term(Literal(namespace))
            if not probe.data.holds(f"?s ?p ?o FILTER(STRSTARTS(STR(?p), {start}))"):
                declaration = f"PREFIX {prefix}: <{other}>"
                remedy = Remedy(declaration, old=URIRef(namespace), prefix=prefix)
                subject = f"PREFIX {prefix}: <{namespace}>"
                return because("namespace", subject, [remedy])
    return because("unknown-term", probe.show(node), probe.terms(node, found), key=key)


def of_literal(
    probe: Probe, wanted: Literal, pattern: TriplePattern, graph: Identifier | None
) -> Iterator[Cause]:
    """Look for what stands in place of a literal: other tags, types, spellings, or things."""
    value = Variable("_value")
    other = replace(pattern, object=value)
    text = term(Literal(str(wanted).lower()))
    same = (other, Filter(lambda _: f"LCASE(STR(?_value)) = {text}"))
    tail = f"LIMIT {MOST_SHOWN}"
    rows = probe.rows("DISTINCT ?_value", same, graph, tail)
    values = [row[0] for row in rows if isinstance(row[0], Text)]
    if not values and isinstance(pattern.predicate, URIRef):
        tail = f"LIMIT {MOST_SAMPLES}"
        rows = probe.rows("DISTINCT ?_value", (other,), graph, tail)
        values = close_texts(wanted, [one for (one,) in rows if isinstance(one, Text)])
    if values:
        yield other_literal(probe, wanted, values)
    elif any(isinstance(row[0], NamedNode) for row in rows):
        things = probe.data.labelled(
            [Candidate(one) for (one,) in rows if isinstance(one, NamedNode)]
        )
        yield thing(probe, wanted, things)


def other_literal(probe: Probe, wanted: Literal, values: Sequence[Text]) -> Cause:
    """Return the cause that a value is there, but with another tag, type or spelling."""
    ordered = sorted(values, key=lambda one: (one.value != str(wanted), one.language != "nl"))
    first = ordered[0]
    if first.value != str(wanted):
        kind = "spelling"
    elif wanted.language or first.language:
        kind = "language-tag"
    else:
        kind = "datatype"
    remedies = [Remedy(probe.name(as_node(one)), old=wanted) for one in ordered]
    found = probe.shown_terms(ordered)
    return because(kind, probe.show(wanted), remedies, found=found)


def thing(probe: Probe, wanted: Literal, things: Sequence[Candidate]) -> Cause:
    """Return the cause that the values are things, where a text was asked for."""
    by_label = {Text(label): one for one in reversed(things) for label in one.labels.values()}
    found = [by_label[label] for label in close_texts(str(wanted), by_label)]
    meant = {one.term: one for one in found}.values()
    return because(
        "not-text",
        probe.show(wanted),
        probe.terms(wanted, list(meant)),
        found=probe.shown_terms([one.term for one in things[:MOST_SHOWN]]),
    )


def of_value(
    probe: Probe, node: Identifier, name: Variable, pattern: TriplePattern, graph: Identifier | None
) -> Iterator[Cause]:
    """Look at one value of VALUES in the place of its variable."""
    if name == pattern.object and isinstance(node, Literal):
        yield from of_literal(probe, node, pattern, graph)
    elif isinstance(node, URIRef) and not probe.knows(node):
        if name == pattern.object:
            yield from of_places(probe, replace(pattern, object=node))
        elif name == pattern.subject:
            yield from of_places(probe, replace(pattern, subject=node))
