"""What follows under OWL 2 RL, and nothing that carries no information."""

import shutil
import subprocess
import sys
from pathlib import Path
from subprocess import PIPE

import pytest
from pyoxigraph import BlankNode, NamedNode, RdfFormat, parse, serialize

from kg.dataset import Dataset, Term, read
from kg.entailment import contradictions, entail
from kg.namespaces import INFERRED

OWLRL = """
import sys, owlrl, rdflib
graph = rdflib.Graph().parse(sys.stdin.buffer, format="nt")
owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
for subject, predicate, value in graph:
    if isinstance(subject, rdflib.URIRef):
        print(subject.n3(), predicate.n3(), value.n3(), ".")
"""
ROOT = Path(__file__).parents[1]
ID = "https://w3id.org/samenhang/id/"
PREFIXES = """
@prefix : <https://w3id.org/samenhang/id/> .
@prefix org: <http://www.w3.org/ns/org#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sam: <https://w3id.org/samenhang/ontology#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


def dataset(tmp_path: Path, turtle: str) -> Dataset:
    """Return the project's ontology with some data of its own."""
    shutil.copytree(ROOT / "ontology", tmp_path / "ontology")
    (tmp_path / "data/cases").mkdir(parents=True)
    (tmp_path / "data/cases/x.ttl").write_text(PREFIXES + turtle)
    return read(tmp_path)


def inferred(dataset: Dataset) -> set[str]:
    """Return what is inferred about our individuals, as subject, property and value, shortened."""
    return {
        " ".join(part.value.replace(ID, "") for part in one[:3]).replace(
            "https://w3id.org/samenhang/ontology#", "sam:"
        )
        for one in entail(dataset)
        if one.subject.value.startswith(ID)
    }


def test_a_membership_gives_its_shortcut_and_its_inverse(tmp_path: Path) -> None:
    data = dataset(tmp_path, ":m a org:Membership ; org:member :a ; org:organization :c .")
    assert inferred(data) >= {
        "a http://www.w3.org/ns/org#memberOf c",
        "a http://www.w3.org/ns/org#hasMembership m",
    }


def test_classes_follow_upwards(tmp_path: Path) -> None:
    data = dataset(tmp_path, ":a a sam:DeclarationOfIntent .")
    kind = "a http://www.w3.org/1999/02/22-rdf-syntax-ns#type "
    assert inferred(data) >= {kind + "sam:Agreement", kind + "http://www.w3.org/ns/prov#Entity"}


def test_properties_follow_upwards(tmp_path: Path) -> None:
    data = dataset(tmp_path, ":p sam:hasMainObjective :o .")
    assert "p sam:hasObjective o" in inferred(data)


def test_a_preferred_label_is_a_label(tmp_path: Path) -> None:
    labels = {
        (one.subject.value, one.object.value)
        for one in entail(dataset(tmp_path, ":a a org:Organization ."))
        if one.predicate.value.endswith("label")
    }
    assert ("https://w3id.org/samenhang/concept/role/partner", "partner") in labels


def test_literals_are_left_as_they_were_written(tmp_path: Path) -> None:
    data = dataset(
        tmp_path,
        'sam:cost rdfs:subPropertyOf sam:sum . :a sam:cost "2228114.70"^^xsd:decimal , "é"@nl .',
    )
    assert {one for one in inferred(data) if "sam:sum" in one} == {
        "a sam:sum 2228114.70",
        "a sam:sum é",
    }


def test_nothing_is_inferred_that_is_asserted_or_says_nothing() -> None:
    data = read(ROOT)
    asserted = {one[:3] for one in data.statements}
    found = entail(data)
    assert len(found) > 100
    for one in found:
        assert one.graph == INFERRED
        assert one[:3] not in asserted
        assert isinstance(one.subject, NamedNode)
        assert not isinstance(one.object, BlankNode)
        assert "urn:x-literal" not in str(one)
        assert one.object != NamedNode("http://www.w3.org/2002/07/owl#Thing")
        assert one.subject != one.object


def test_another_reasoner_infers_the_same_of_our_individuals_and_concepts() -> None:
    data = read(ROOT)
    asserted = {one[:3] for one in data.statements}
    ours = {one[:3] for one in entail(data) if _is_individual(one.subject.value)}
    theirs = {
        triple
        for triple in _closure_by_owlrl(data)
        if _is_individual(triple[0].value)
        and not isinstance(triple[2], BlankNode)
        and triple[0] != triple[2]
        and triple[2] != NamedNode("http://www.w3.org/2002/07/owl#Thing")
    }
    assert len(ours) > 100
    assert ours == theirs - asserted


def _is_individual(iri: str) -> bool:
    base = "https://w3id.org/samenhang/"
    return iri.startswith(base) and not iri.startswith(f"{base}ontology")


def _closure_by_owlrl(data: Dataset) -> set[tuple[NamedNode, NamedNode, Term]]:
    kinds = ("ontology", "case/", "coding/", "reference/", "sources", "metadata")
    triples = serialize((one.triple for one in data.in_graphs(*kinds)), format=RdfFormat.N_TRIPLES)
    # In a process of its own: owlrl changes how rdflib takes datatypes, for good.
    closure = subprocess.run([sys.executable, "-c", OWLRL], input=triples, stdout=PIPE, check=True)
    return {
        (quad.subject, quad.predicate, quad.object)
        for quad in parse(closure.stdout, RdfFormat.N_TRIPLES)
    }


@pytest.mark.parametrize(
    ("turtle", "message"),
    [
        (":p a sam:Pilot , sam:Agreement .", "exclude each other"),
        (":m a org:Membership ; org:member :a , :b .", "which has one value at most"),
        (":a owl:sameAs :b ; owl:differentFrom :b .", "the same as and different from"),
        (":a a owl:Nothing .", "belongs to the empty class"),
        (
            "org:memberOf owl:propertyChainAxiom ( org:a org:b org:c ) .",
            "a property chain has two steps",
        ),
    ],
)
def test_a_contradiction_is_found(tmp_path: Path, turtle: str, message: str) -> None:
    data = dataset(tmp_path, turtle)
    report = contradictions(data.adding(entail(data)))
    assert any(message in str(finding) for finding in report.findings), report.findings


def test_the_projects_data_holds_no_contradiction() -> None:
    data = read(ROOT)
    report = contradictions(data.adding(entail(data)))
    assert report.findings == ()
    assert report.checked["disjointness axioms"] > 0
