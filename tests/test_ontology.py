"""The ontology is described, named and connected as its rules say, and free of contradiction."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from itertools import chain
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, Store, parse
from rdflib import DCTERMS, OWL, RDF, RDFS, SKOS, VANN, BNode, Graph, Literal, Namespace, URIRef

from kg import __version__, dataset, entailment
from kg.namespaces import PREFIXES, graph

ROOT = Path(__file__).parents[1]
IRI = URIRef("https://w3id.org/samenhang/ontology")
SAM = Namespace(f"{IRI}#")
ONTOLOGY = graph("ontology")
CONCEPT = "https://w3id.org/samenhang/concept/"
PROPERTY_KINDS = (OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)

# For cases and codings still to be entered.
AWAITED = {
    *("AccessPoint", "Activity", "Coding", "Deal", "PlannedChange", "Programme", "Proposal"),
    *("Team", "Variable", "codesCase", "codesVariable", "date", "hasConfidence"),
    *("hasExcludedPassage", "proposes", "rationale"),
}


@pytest.fixture(scope="module")
def core() -> Graph:
    return Graph().parse(ROOT / "ontology/samenhang.ttl")


@pytest.fixture(scope="module")
def alignments(read: Callable[..., Graph]) -> Graph:
    return read("ontology/alignments/*.ttl")


def terms(core: Graph, *kinds: URIRef) -> list[URIRef]:
    """Return our own terms of these kinds, in order of name."""
    found = sorted({term for kind in kinds for term in core.subjects(RDF.type, kind)} - {IRI})
    own = [term for term in found if isinstance(term, URIRef) and term in SAM]
    assert own
    return own


def name(term: URIRef) -> str:
    """Return the local name of a term of ours."""
    return str(term).removeprefix(SAM)


def label_of(core: Graph, term: URIRef, language: str) -> str:
    """Return the label of a term in a language."""
    (label,) = (o for o in core.objects(term, RDFS.label) if o.language == language)
    return str(label)


def bindings(store: Store, query: str) -> set[str]:
    """Return the values of a query's only variable, without our base IRI."""
    solutions = store.query(query, use_default_graph_as_union=True)
    return {row[0].value.removeprefix("https://w3id.org/samenhang/") for row in solutions}


def test_the_header_says_what_the_ontology_is(core: Graph) -> None:
    assert list(core.subjects(RDF.type, OWL.Ontology)) == [IRI]
    for predicate in (DCTERMS.title, DCTERMS.description, RDFS.label):
        assert sorted(o.language for o in core.objects(IRI, predicate)) == ["en", "nl"]
    for predicate in ("creator", "publisher", "license", "bibliographicCitation"):
        assert core.value(IRI, DCTERMS[predicate]), predicate
    for predicate in ("created", "issued", "modified"):
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", str(core.value(IRI, DCTERMS[predicate])))
    assert core.value(IRI, VANN.preferredNamespacePrefix) == Literal("sam")
    assert core.value(IRI, VANN.preferredNamespaceUri) == Literal(str(SAM))


def test_the_version_is_that_of_the_package(core: Graph) -> None:
    assert core.value(IRI, OWL.versionInfo) == Literal(__version__)
    assert core.value(IRI, OWL.versionIRI) == URIRef(f"{IRI}/{__version__}")
    assert f"version {__version__}." in str(core.value(IRI, DCTERMS.bibliographicCitation))


def test_the_core_describes_no_term_of_another_vocabulary(core: Graph) -> None:
    named = {subject for subject in core.subjects() if isinstance(subject, URIRef)}
    assert {term for term in named if term not in SAM} == {IRI}


def test_every_term_is_labelled_defined_and_exemplified_in_both_languages(core: Graph) -> None:
    every = terms(core, OWL.Class, *PROPERTY_KINDS)
    assert len(every) > 60
    for term in every:
        for predicate in (RDFS.label, SKOS.definition, SKOS.example):
            assert sorted(o.language for o in core.objects(term, predicate)) == ["en", "nl"], term
        assert list(core.objects(term, RDFS.isDefinedBy)) == [IRI]


def test_no_two_terms_share_a_label_or_a_definition(core: Graph) -> None:
    for predicate in (RDFS.label, SKOS.definition):
        texts = Counter(core.objects(None, predicate))
        assert [text for text, count in texts.items() if count > 1] == []


def test_definitions_are_one_phrase_and_do_not_start_with_the_term(core: Graph) -> None:
    for term, definition in core.subject_objects(SKOS.definition):
        assert re.fullmatch(r"[A-Z].*[^.]\.", str(definition)), definition
        label = label_of(core, term, definition.language)
        assert not str(definition).lower().startswith(label.lower()), definition


def test_classes_are_named_in_upper_camel_case_and_labelled_in_title_case(core: Graph) -> None:
    for term in terms(core, OWL.Class):
        label = label_of(core, term, "en")
        assert re.fullmatch(r"([A-Z][a-z]+)+", name(term))
        small = {"of", "in", "on", "and"}
        assert all(word[0].isupper() or word in small for word in label.split()), label


def test_properties_are_named_in_lower_camel_case_like_their_label(core: Graph) -> None:
    for term in terms(core, *PROPERTY_KINDS):
        assert re.fullmatch(r"[a-z]+([A-Z][a-z]+)*|sha256", name(term))
        letters = re.sub(r"[^a-z0-9]", "", label_of(core, term, "en").lower())
        assert letters == name(term).lower()


def test_properties_have_one_direction(core: Graph) -> None:
    assert list(core.subject_objects(OWL.inverseOf)) == []


def test_every_property_has_one_domain_and_object_properties_one_range(core: Graph) -> None:
    for term in terms(core, OWL.ObjectProperty, OWL.DatatypeProperty):
        line = list(core.transitive_objects(term, RDFS.subPropertyOf))
        assert len(list(chain(*(core.objects(t, RDFS.domain) for t in line)))) == 1, term
    for term in set(terms(core, OWL.ObjectProperty)) - {SAM.about}:
        assert len(list(core.objects(term, RDFS.range))) == 1, term


def test_unions_have_several_members_and_never_entail_a_type(core: Graph) -> None:
    unions = list(core.subjects(OWL.unionOf))
    assert unions
    for union in unions:
        assert isinstance(union, BNode)
        assert len(list(core.items(core.value(union, OWL.unionOf)))) > 1


def test_partial_dates_have_no_range(core: Graph) -> None:
    for term in (SAM.date, SAM.startDate, SAM.endDate):
        assert core.value(term, RDFS.range) is None


def test_links_to_properties_and_readings_of_ours_are_annotations(core: Graph) -> None:
    assert set(terms(core, OWL.AnnotationProperty)) == {
        SAM.attests,
        SAM.attestsValue,
        SAM.openQuestion,
    }


def test_terms_of_other_vocabularies_that_the_axioms_use_are_typed(
    core: Graph, alignments: Graph
) -> None:
    used = {
        term
        for predicate in (RDFS.subClassOf, RDFS.domain, RDFS.range, OWL.disjointWith)
        for term in core.objects(None, predicate)
        if isinstance(term, URIRef) and term not in SAM and "XMLSchema" not in term
    }
    assert used
    assert {term for term in used if (term, RDF.type, OWL.Class) not in alignments} == set()


def test_alignments_say_nothing_of_our_terms_and_copy_no_text(alignments: Graph) -> None:
    assert {subject for subject in alignments.subjects() if subject in SAM} == set()
    labelled = set(alignments.subjects(RDFS.label))
    days = set(alignments.subjects(RDF.type, URIRef("http://www.w3.org/2006/time#DayOfWeek")))
    assert labelled == days
    assert list(alignments.objects(None, RDFS.comment)) == []


def test_mapping_properties_make_no_concepts(alignments: Graph) -> None:
    for term in (SKOS.exactMatch, SKOS.closeMatch):
        assert set(alignments.predicates(term)) == {RDF.type}


def test_every_term_is_used_or_awaited(core: Graph, read: Callable[..., Graph]) -> None:
    data = read("data/*.ttl", "data/*/*.ttl")
    used = set(chain.from_iterable(data))
    above = {
        term
        for start in used
        for predicate in (RDFS.subClassOf, RDFS.subPropertyOf)
        for term in core.transitive_objects(start, predicate)
    }
    every = terms(core, OWL.Class, *PROPERTY_KINDS)
    assert {name(term) for term in every if term not in used | above} == AWAITED


def test_every_concept_is_in_the_scheme_of_its_iri_and_labelled_once() -> None:
    files = sorted((ROOT / "ontology/concepts").glob("*.ttl"))
    assert len(files) >= 9
    for file in files:
        listed = Graph().parse(file)
        scheme = URIRef(CONCEPT + file.stem)
        concepts = list(listed.subjects(RDF.type, SKOS.Concept))
        assert list(listed.subjects(RDF.type, SKOS.ConceptScheme)) == [scheme]
        assert concepts
        for concept in concepts:
            assert re.fullmatch(re.escape(scheme) + "/[a-z0-9]+(-[a-z0-9]+)*", str(concept))
            assert listed.value(concept, SKOS.inScheme) == scheme
        labels = Counter(chain(*(listed.objects(c, SKOS.prefLabel) for c in concepts)))
        assert max(labels.values()) == 1


def test_every_concept_is_used_in_the_data(read: Callable[..., Graph]) -> None:
    data = set(read("data/*.ttl", "data/*/*.ttl").objects())
    concepts = set(read("ontology/concepts/*.ttl").subjects(RDF.type, SKOS.Concept))
    assert concepts - data == set()


def test_a_membership_entails_member_of(store: Store) -> None:
    query = """
    PREFIX org: <http://www.w3.org/ns/org#>
    SELECT ?member {
      GRAPH <https://w3id.org/samenhang/graph/inferred> {
        ?member org:memberOf <https://w3id.org/samenhang/id/collaboration/ede-west>
      }
    }"""
    members = "icare lindenhout malkander mee-veluwe opella ribwavv s-heerenloo youke"
    assert bindings(store, query) == {
        "id/municipality/ede",
        *(f"id/organisation/{member}" for member in members.split()),
    }


def test_a_main_or_underlying_objective_entails_an_objective(store: Store) -> None:
    query = """
    PREFIX sam: <https://w3id.org/samenhang/ontology#>
    SELECT ?objective { <https://w3id.org/samenhang/id/pilot/ede-west> sam:hasObjective ?objective }
    """
    assert bindings(store, query) == {
        "concept/objective/own-direction",
        "concept/objective/reduce-administrative-burden",
        "concept/objective/resident-central",
        "concept/objective/self-reliance",
    }


def test_a_preferred_label_entails_a_label(store: Store) -> None:
    query = """
    PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
    SELECT ?label { <https://w3id.org/samenhang/concept/role/chair> rdfs:label ?label }
    """
    assert bindings(store, query) == {"chair", "voorzitter"}


def test_a_municipality_is_an_organisation_and_nothing_else(store: Store) -> None:
    query = """
    PREFIX owl: <http://www.w3.org/2002/07/owl#>
    SELECT ?type {
      <https://w3id.org/samenhang/id/municipality/ede> a ?type
      FILTER (isIRI(?type) && ?type != owl:Thing)
    }"""
    assert bindings(store, query) == {
        "ontology#Municipality",
        "http://data.europa.eu/m8g/PublicOrganisation",
        "http://www.w3.org/ns/org#FormalOrganization",
        "http://www.w3.org/ns/org#Organization",
    }


def test_nothing_is_inferred_to_be_what_its_asserted_types_do_not_make_it(store: Store) -> None:
    query = """
    PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
    SELECT ?thing {
      GRAPH <https://w3id.org/samenhang/graph/inferred> { ?thing a ?inferred }
      FILTER NOT EXISTS {
        GRAPH ?graph { ?thing a ?asserted }
        FILTER (?graph != <https://w3id.org/samenhang/graph/inferred>)
        ?asserted rdfs:subClassOf+ ?inferred
      }
    }"""
    assert bindings(store, query) == set()


CONTRADICTIONS = {
    "a municipality is not a place": "ex:a a sam:Municipality , sam:Place .",
    "a municipality is not a concept": "ex:a a sam:Municipality , skos:Concept .",
    "a collaboration is no legal entity": "ex:a a sam:Collaboration , org:FormalOrganization .",
    "a person is not a party": "ex:a sam:hasParty ex:b . ex:b a foaf:Person .",
    "a pilot is not a plan": "ex:a a sam:Pilot , sam:Intention .",
    "a proposal binds nobody": "ex:a sam:boundBy ex:b . ex:b a sam:Proposal .",
    "a membership has one member": "ex:a org:member ex:b , ex:c .",
    "a collaboration is open to members or not": "ex:a sam:openMembership true , false .",
    "a passage is not a document": "ex:a a sam:SourceDocument . ex:b sam:inPassage ex:a .",
}
PROLOGUE = "".join(
    f"@prefix {prefix}: <{PREFIXES[prefix]}> .\n" for prefix in ("foaf", "org", "sam", "skos")
)


def contradictions(statements: str) -> list[str]:
    """Return what the reasoner finds contradictory in the ontology and these statements."""
    project = dataset.read(ROOT)
    ontology = replace(project, files=tuple(f for f in project.files if f.graph == ONTOLOGY))
    quads = parse(f"{PROLOGUE}@prefix ex: <{PREFIXES['id']}> .\n{statements}", RdfFormat.TURTLE)
    scene = graph("case/scene")
    data = ontology.adding(dataset.Statement(*quad.triple, scene) for quad in quads)
    report = entailment.contradictions(data.adding(entailment.entail(data)))
    return [finding.message for finding in report.findings]


def test_the_ontology_is_free_of_contradiction() -> None:
    assert contradictions("ex:a a sam:Pilot . ex:b a sam:Municipality .") == []


@pytest.mark.parametrize("statements", CONTRADICTIONS.values(), ids=CONTRADICTIONS)
def test_the_ontology_contradicts(statements: str) -> None:
    assert len(contradictions(statements)) > 0
