"""Entailment: what follows from the asserted statements under OWL 2 RL.

https://www.w3.org/TR/owl2-profiles/#OWL_2_RL — rules by ``reasonable``, and property chains,
which it leaves out, by a query; both in turn until nothing new follows. That two names mean the
same thing is never inferred: a functional property with two values is a contradiction.
"""

from collections.abc import Iterable
from importlib import resources
from tempfile import NamedTemporaryFile
from typing import Any

import rdflib
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Store, serialize
from reasonable import PyReasoner

from kg.dataset import ASSERTED, Dataset, Statement, Term, Triple
from kg.findings import Finding, Report
from kg.namespaces import INFERRED, PREFIXES, term

__all__ = ["contradictions", "entail"]

BUILT_IN = tuple(PREFIXES[prefix] for prefix in ("rdf", "rdfs", "owl", "xsd"))
REFLEXIVE = {
    term(curie)
    for curie in (
        "owl:sameAs",
        "owl:equivalentClass",
        "owl:equivalentProperty",
        "rdfs:subClassOf",
        "rdfs:subPropertyOf",
    )
}
FUNCTIONAL = term("owl:FunctionalProperty")
UNIVERSAL = {term("owl:Thing"), term("rdfs:Resource")}
PLAIN = {*UNIVERSAL, term("owl:ObjectProperty"), term("rdf:Property")}  # types without consequences
LITERAL = "urn:x-literal:"


def entail(dataset: Dataset) -> list[Statement]:
    """Return what follows from the dataset and is not asserted in it, in the inferred graph.

    What carries no information is left out: anything about literals, blank nodes or the built-in
    vocabularies, membership in ``owl:Thing``, and a thing being the same as itself.
    """
    asserted: set[Triple] = {one[:3] for one in dataset.in_graphs(*ASSERTED)}
    annotations = _annotations(asserted)
    inferred = _closure({one for one in asserted if one[1] not in annotations}) - asserted
    return [Statement(*terms, INFERRED) for terms in inferred if _is_informative(*terms)]


def _annotations(asserted: set[Triple]) -> set[Term]:
    """Return the annotation properties from whose values nothing follows."""
    declared: set[Term] = {
        subject
        for subject, predicate, value in asserted
        if (predicate, value) == (term("rdf:type"), term("owl:AnnotationProperty"))
    }
    return (declared | {term("rdfs:label")}) - {
        subject for subject, predicate, _ in asserted if predicate == term("rdfs:subPropertyOf")
    }


def _closure(asserted: set[Triple]) -> set[Triple]:
    closure = asserted
    while True:
        closure = closure | _reason(closure)
        chained = _follow_chains(closure) - closure
        closure = closure | chained
        if not _have_consequences({one[1] for one in chained}, closure):
            return closure


def _have_consequences(properties: set[NamedNode], statements: set[Triple]) -> bool:
    """Tell whether an axiom may derive anything from statements with some properties."""
    return any(
        (subject in properties or value in properties)
        and subject != value
        and predicate != term("owl:propertyChainAxiom")
        and value not in PLAIN
        and not isinstance(value, Literal)
        for subject, predicate, value in statements
    )


def _reason(statements: set[Triple]) -> set[Triple]:
    """Return what the reasoner makes of some statements, with literals as they were.

    The reasoner sees every literal as a name of its own: it would rewrite numbers, and what
    follows about a literal is of no use.
    """
    literals = {value for _, _, value in statements if isinstance(value, Literal)}
    names = {literal: NamedNode(f"{LITERAL}{n}") for n, literal in enumerate(literals)}
    literal_of = {name.value: literal for literal, name in names.items()}
    with NamedTemporaryFile(suffix=".ttl") as file:
        without_literals = (
            Statement(
                subject,
                predicate,
                names[value] if isinstance(value, Literal) else value,
                INFERRED,
            ).triple
            for subject, predicate, value in statements
            if value != FUNCTIONAL
        )
        serialize(without_literals, file.name, RdfFormat.N_TRIPLES)
        reasoner = PyReasoner()
        reasoner.load_file(file.name)
    return {
        (_node(subject), NamedNode(predicate), literal_of.get(str(value)) or _node(value))
        for subject, predicate, value in reasoner.reason()
        if str(subject) not in literal_of
    }


def _node(node: rdflib.URIRef | rdflib.BNode) -> NamedNode | BlankNode:
    return BlankNode(node) if isinstance(node, rdflib.BNode) else NamedNode(node)


def _follow_chains(statements: set[Triple]) -> set[Triple]:
    return {tuple(triple) for triple in _ask(_store(statements), "prp-spo2")}


def _ask(store: Store, rule: str) -> Any:
    """Return the rows or triples that a rule gives."""
    return store.query((resources.files("kg") / "inference" / f"{rule}.rq").read_text())


def _store(statements: Iterable[Triple]) -> Store:
    store = Store()
    store.bulk_extend(Quad(*terms) for terms in statements)
    return store


def _is_informative(subject: NamedNode | BlankNode, predicate: NamedNode, value: Term) -> bool:
    return (
        isinstance(subject, NamedNode)
        and not isinstance(value, BlankNode)
        and not subject.value.startswith(BUILT_IN)
        and value not in UNIVERSAL
        and not (predicate in REFLEXIVE and subject == value)
    )


def contradictions(dataset: Dataset) -> Report:
    """Return what contradicts the ontology in a dataset that holds its entailment.

    Counts the disjointness axioms that were tried.
    """
    ontology = dataset.in_graphs("ontology")
    store = _store(one[:3] for one in dataset.in_graphs(*ASSERTED, "inferred"))
    rows = [row for rule in ("contradictions", "long-chains") for row in _ask(store, rule)]
    axioms = sum(
        one.predicate == term("owl:disjointWith") or one.object == term("owl:AllDisjointClasses")
        for one in ontology
    )
    return Report(
        tuple(
            Finding(
                dataset.place(row["focus"].value),
                row["focus"].value,
                row["message"].value,
                "take back the statement that is wrong, or correct the ontology",
            )
            for row in rows
        ),
        {"disjointness axioms": axioms},
    )
