"""The ontology is described, named and connected as its rules say, and free of contradiction."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from itertools import chain
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, NamedNode, RdfFormat, Store, parse
from rdflib import (
    DCTERMS,
    FOAF,
    OWL,
    RDF,
    RDFS,
    SKOS,
    VANN,
    BNode,
    Graph,
    Literal,
    Namespace,
    URIRef,
)

from kg import __version__, dataset, entailment
from kg.front_matter import DIFFICULTIES, TOPICS
from kg.namespaces import PREFIXES, graph

ROOT = Path(__file__).parents[1]
IRI = URIRef("https://w3id.org/samenhang/ontology")
SAM = Namespace(f"{IRI}#")
ONTOLOGY = graph("ontology")
CONCEPT = "https://w3id.org/samenhang/concept/"
PROPERTY_KINDS = (OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
BUILT_IN = tuple(PREFIXES[prefix] for prefix in ("owl", "rdf", "rdfs"))
MATCHES = {SKOS.broadMatch, SKOS.closeMatch, SKOS.exactMatch, SKOS.relatedMatch}
ADDRESS = re.compile(
    r"https://w3id\.org/samenhang/(([.]well-known/void|data|graphs|openapi[.]json|queries|sparql)(/.*)?)?"
)
ANYTHING = {SAM.about, SAM.claimsAbout}  # as value: these have no range


@pytest.fixture(scope="module")
def core() -> Graph:
    return Graph().parse(ROOT / "ontology/samenhang.ttl")


@pytest.fixture(scope="module")
def alignments(read: Callable[..., Graph]) -> Graph:
    return read("ontology/alignments/*.ttl")


@pytest.fixture(scope="module")
def related() -> Graph:
    return Graph().parse(ROOT / "ontology/alignments/related.ttl")


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
    for predicate in ("creator", "publisher", "license", "bibliographicCitation", "source"):
        assert core.value(IRI, DCTERMS[predicate]), predicate
    languages = {str(value)[-3:] for value in core.objects(IRI, DCTERMS.language)}
    assert languages == {"ENG", "NLD"}
    status = core.value(IRI, URIRef("http://purl.org/ontology/bibo/status"))
    assert status == URIRef("http://purl.org/ontology/bibo/status/draft")
    for predicate in ("created", "issued", "modified"):
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", str(core.value(IRI, DCTERMS[predicate])))
    assert core.value(IRI, VANN.preferredNamespacePrefix) == Literal("sam")
    assert core.value(IRI, VANN.preferredNamespaceUri) == Literal(str(SAM))
    assert core.value(IRI, VANN.changes) == URIRef(f"{IRI}/changelog")


def test_the_dates_of_the_header_are_in_order(core: Graph) -> None:
    created, issued, modified = (
        str(core.value(IRI, DCTERMS[predicate])) for predicate in ("created", "issued", "modified")
    )
    assert created <= issued <= modified


def test_every_property_of_the_header_is_typed_or_built_in(core: Graph, alignments: Graph) -> None:
    used = {p for p in core.predicates(IRI) if not str(p).startswith(BUILT_IN)}
    assert len(used) > 10
    assert {p for p in used if (p, RDF.type, OWL.AnnotationProperty) not in alignments} == set()


def test_the_version_is_that_of_the_package(core: Graph) -> None:
    assert core.value(IRI, OWL.versionInfo) == Literal(__version__)
    assert core.value(IRI, OWL.versionIRI) == URIRef(f"{IRI}/{__version__}")
    assert f"version {__version__}." in str(core.value(IRI, DCTERMS.bibliographicCitation))


def test_the_core_describes_no_term_of_another_vocabulary(core: Graph) -> None:
    named = {subject for subject in core.subjects() if isinstance(subject, URIRef)}
    assert {term for term in named if term not in SAM} == {IRI}


def test_every_term_is_labelled_defined_and_exemplified_in_both_languages(core: Graph) -> None:
    every = terms(core, OWL.Class, *PROPERTY_KINDS)
    assert len(every) > 100
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


def test_no_class_is_defined_by_its_own_name(core: Graph) -> None:
    for term in terms(core, OWL.Class):
        for definition in core.objects(term, SKOS.definition):
            label = label_of(core, term, definition.language).lower()
            assert not re.search(rf"\b{re.escape(label)}\b", str(definition).lower()), definition


def test_terms_are_in_alphabetical_order_in_their_section() -> None:
    text = (ROOT / "ontology/samenhang.ttl").read_text()
    sections = re.split(r"^# (?:.+ properties|Classes)$", text, flags=re.MULTILINE)[1:]
    assert len(sections) == 4
    for section in sections:
        names = re.findall(r"^sam:(\w+)$", section, flags=re.MULTILINE)
        assert len(names) > 2
        assert names == sorted(names)


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
    for term in terms(core, OWL.ObjectProperty):
        ranges = list(core.objects(term, RDFS.range))
        assert len(ranges) == (0 if term in ANYTHING else 1), term


def test_no_term_is_above_itself(core: Graph, alignments: Graph) -> None:
    axioms = core + alignments
    for predicate in (RDFS.subClassOf, RDFS.subPropertyOf):
        assert list(axioms.subject_objects(predicate))
        for term in set(axioms.subjects(predicate)):
            above = chain(
                *(axioms.transitive_objects(o, predicate) for o in axioms[term:predicate])
            )
            assert term not in set(above), term


def test_every_class_excludes_another(core: Graph, alignments: Graph) -> None:
    axioms = core + alignments
    lists = chain(*(axioms.items(members) for members in axioms.objects(None, OWL.members)))
    exclusive = set(chain(lists, *axioms.subject_objects(OWL.disjointWith)))
    for term in terms(core, OWL.Class):
        assert exclusive & set(axioms.transitive_objects(term, RDFS.subClassOf)), term


def test_unions_have_several_members_and_never_entail_a_type(core: Graph) -> None:
    unions = list(core.subjects(OWL.unionOf))
    assert unions
    for union in unions:
        assert isinstance(union, BNode)
        assert len(list(core.items(core.value(union, OWL.unionOf)))) > 1


def test_partial_dates_and_durations_have_no_range(core: Graph) -> None:
    for term in (SAM.date, SAM.duration, SAM.endDate, SAM.startDate):
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
        for predicate in (RDFS.subClassOf, RDFS.domain, RDFS.range, OWL.disjointWith, RDF.first)
        for term in core.objects(None, predicate)
        if isinstance(term, URIRef) and term not in SAM and "XMLSchema" not in term
    }
    assert used
    assert {term for term in used if (term, RDF.type, OWL.Class) not in alignments} == set()


def test_alignments_say_nothing_of_our_terms_and_copy_no_text(
    alignments: Graph, related: Graph
) -> None:
    assert {subject for subject in (alignments - related).subjects() if subject in SAM} == set()
    for text in (RDFS.comment, SKOS.definition, SKOS.note, SKOS.scopeNote, SKOS.example):
        assert list(alignments.objects(None, text)) == []


def test_every_alignment_names_its_vocabulary() -> None:
    files = sorted((ROOT / "ontology/alignments").glob("*.ttl"))
    assert len(files) > 5
    for file in files:
        opening = file.read_text().partition("@prefix")[0]
        assert re.match(r"# .*https?://", opening, flags=re.DOTALL), file


def test_related_terms_are_matched_and_nothing_else_is_said_of_them(
    core: Graph, related: Graph
) -> None:
    assert len(related) > 20
    assert set(related.predicates()) <= MATCHES
    assert set(related.subjects()) <= set(terms(core, OWL.Class, *PROPERTY_KINDS))
    assert all(isinstance(o, URIRef) and o not in SAM for o in related.objects())


def test_a_term_matches_another_in_one_way(related: Graph) -> None:
    pairs = Counter(related.subject_objects())
    assert [pair for pair, count in pairs.items() if count > 1] == []


def test_mapping_properties_make_no_concepts(alignments: Graph) -> None:
    for term in MATCHES:
        assert set(alignments.predicates(term)) == {RDF.type, RDFS.label}


def test_nothing_follows_from_a_match(store: Store, related: Graph) -> None:
    query = """
    SELECT DISTINCT ?subject {
      GRAPH <https://w3id.org/samenhang/graph/inferred> { ?subject ?predicate ?object }
    }"""
    known = ("http://data.europa.eu/m8g/", "http://www.w3.org/ns/org#")
    others = {str(term) for term in related.objects() if not str(term).startswith(known)}
    assert others
    assert bindings(store, query) & others == set()


def test_every_term_is_used_in_the_data(core: Graph, read: Callable[..., Graph]) -> None:
    data = read("data/*.ttl", "data/*/*.ttl", "ontology/concepts/*.ttl")
    used = set(chain.from_iterable(data))
    above = {
        term
        for start in used
        for predicate in (RDFS.subClassOf, RDFS.subPropertyOf)
        for term in core.transitive_objects(start, predicate)
    }
    every = terms(core, OWL.Class, *PROPERTY_KINDS)
    assert {name(term) for term in every if term not in used | above} == set()


def test_properties_of_other_vocabularies_in_the_data_are_typed(
    alignments: Graph, read: Callable[..., Graph]
) -> None:
    data = read("data/*.ttl", "data/*/*.ttl", "ontology/concepts/*.ttl")
    used = {p for p in data.predicates() if p not in SAM and not str(p).startswith(BUILT_IN)}
    kinds = {term: set(alignments.objects(term, RDF.type)) for term in used}
    assert len(used) > 20
    assert {term for term in used if not kinds[term] & set(PROPERTY_KINDS)} == set()


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


def test_every_concept_is_used_in_the_data_the_library_or_a_list_of_the_codebook(
    read: Callable[..., Graph],
) -> None:
    data = set(read("data/*.ttl", "data/*/*.ttl").objects())
    data |= {URIRef(f"{CONCEPT}query-topic/{one}") for one in TOPICS}
    data |= {URIRef(f"{CONCEPT}query-difficulty/{one}") for one in DIFFICULTIES}
    listed = read("ontology/concepts/*.ttl")
    lists = set(listed.objects(None, SAM.hasValueScheme))
    concepts = set(listed.subjects(RDF.type, SKOS.Concept))
    unused = {c for c in concepts - data if listed.value(c, SKOS.inScheme) not in lists}
    assert unused == set()


def test_every_variable_of_the_codebook_has_a_list_of_values_or_is_a_number(
    read: Callable[..., Graph],
) -> None:
    listed = read("ontology/concepts/*.ttl")
    codebook = f"{CONCEPT}codebook/"
    variables = set(listed.subjects(RDF.type, SAM.Variable))
    assert variables == {URIRef(f"{codebook}v{n:02}") for n in range(1, 27)}
    numbers = {v for v in variables if not set(listed.objects(v, SAM.hasValueScheme))}
    assert numbers == {URIRef(f"{codebook}v04"), URIRef(f"{codebook}v11")}
    schemes = set(listed.subjects(RDF.type, SKOS.ConceptScheme))
    assert set(listed.objects(None, SAM.hasValueScheme)) <= schemes


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


# What follows from some statements, by name.
ENTAILMENTS = {
    "another name is a label": (
        'ex:a skos:altLabel "b"@nl .',
        'ex:a rdfs:label "b"@nl .',
    ),
    "a body of a municipality is a part of it": (
        "ex:a org:unitOf ex:b .",
        "ex:a org:subOrganizationOf ex:b . ex:a a org:OrganizationalUnit .",
    ),
    "a part of a part is a part in the end": (
        "ex:a org:subOrganizationOf ex:b . ex:b org:subOrganizationOf ex:c .",
        "ex:a org:transitiveSubOrganizationOf ex:c .",
    ),
    "who takes the initiative is involved": (
        "ex:a sam:initiatedByActorKind ex:b .",
        "ex:a sam:involvesActorKind ex:b .",
    ),
    "a main objective is an objective": (
        "ex:a sam:hasMainObjective ex:b .",
        "ex:a sam:hasObjective ex:b .",
    ),
    "narrower is the other way round": (
        "ex:a skos:broader ex:b .",
        "ex:b skos:narrower ex:a .",
    ),
    "an executive is an organisation": (
        "ex:a a sam:MunicipalExecutive .",
        "ex:a a org:OrganizationalUnit , org:Organization .",
    ),
    "a claim is an entity": ("ex:a a sam:Claim .", "ex:a a prov:Entity ."),
    "a planned activity is a plan": ("ex:a a sam:PlannedActivity .", "ex:a a prov:Plan ."),
    "a variable is a concept": ("ex:a a sam:Variable .", "ex:a a skos:Concept ."),
}
# What a reader might think to follow, and does not.
NON_SEQUITURS = {
    "a misspelt name is no label": (
        'ex:a skos:hiddenLabel "b"@nl .',
        'ex:a rdfs:label "b"@nl .',
    ),
    "a part of a part is not a part at once": (
        "ex:a org:subOrganizationOf ex:b . ex:b org:subOrganizationOf ex:c .",
        "ex:a org:subOrganizationOf ex:c .",
    ),
    "a member of a part is no member of the whole": (
        "ex:m org:member ex:a ; org:organization ex:b . ex:b org:subOrganizationOf ex:c .",
        "ex:a org:memberOf ex:c .",
    ),
    "who is involved takes no initiative": (
        "ex:a sam:involvesActorKind ex:b .",
        "ex:a sam:initiatedByActorKind ex:b .",
    ),
    "a participant foreseen is no member": (
        "ex:a sam:foreseesParticipant ex:b .",
        "ex:b org:memberOf ex:a .",
    ),
    "a party is no member": (
        "ex:a sam:boundBy ex:b . ex:b sam:hasParty ex:c .",
        "ex:c org:memberOf ex:a .",
    ),
    "what is judged to be one stays two": (
        "ex:a sam:judges ex:b , ex:c .",
        "ex:b owl:sameAs ex:c .",
    ),
    "a value of a union is of no kind": (
        "ex:a sam:hasActivity ex:b .",
        "ex:b a sam:Activity , sam:Event , prov:Activity . ex:a a sam:Pilot , sam:Collaboration .",
    ),
    "an attributed coding is no entity": (
        "ex:a a sam:Coding ; prov:wasAttributedTo ex:b .",
        "ex:a a prov:Entity . ex:b a prov:Agent .",
    ),
    "a municipality with a match is no concept": (
        "ex:a skos:exactMatch ex:b .",
        "ex:a a skos:Concept . ex:b a skos:Concept . ex:b skos:exactMatch ex:a .",
    ),
    "what a claim is about is not claimed": (
        "ex:a sam:claimsAbout ex:b .",
        "ex:b a prov:Entity , sam:Collaboration , sam:PlannedChange .",
    ),
}
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
    "an activity is not a plan": "ex:a a sam:PlannedActivity , sam:Activity .",
    "an event is not a plan": "ex:a a sam:PlannedActivity , sam:Event .",
    "an intention is no activity planned": "ex:a a sam:Intention , sam:PlannedActivity .",
    "an intention is no change planned": "ex:a a sam:Intention , sam:PlannedChange .",
    "an activity planned is no change": "ex:a a sam:PlannedActivity , sam:PlannedChange .",
    "what is planned is no organisation": "ex:a a sam:PlannedChange , org:Organization .",
    "a claim is no agreement": "ex:a a sam:Claim , sam:Agreement .",
    "a claim is no intention": "ex:a a sam:Claim , sam:Intention .",
    "a claim is voiced by a post": "ex:a sam:voicedBy ex:b . ex:b a foaf:Person .",
    "an executive is no municipality": "ex:a a sam:MunicipalExecutive , sam:Municipality .",
    "an executive is no council": "ex:a a sam:MunicipalExecutive , sam:MunicipalCouncil .",
    "a municipality is a part of none": "ex:a org:unitOf ex:b . ex:a a sam:Municipality .",
    "a council is a unit of a legal entity": "ex:a org:unitOf ex:b . ex:b a sam:Collaboration .",
    "a platform is no council": "ex:a a sam:SteeringBody , sam:MunicipalCouncil .",
    "a team is no collaboration": "ex:a a sam:Team , sam:Collaboration .",
    "a desk is no municipality": "ex:a a sam:AccessPoint , sam:Municipality .",
    "a deal is no declaration of intent": "ex:a a sam:Deal , sam:DeclarationOfIntent .",
    "a proposal is considered later": "ex:a sam:consideredAt ex:b . ex:b a sam:Event .",
    "a plan has no results": "ex:a sam:presentsResultsOf ex:b . ex:b a sam:PlannedActivity .",
    "a kind of actor is nobody": "ex:a sam:involvesActorKind ex:b . ex:b a org:Organization .",
    "a law is no agreement": "ex:a sam:hasLegalBasis ex:b . ex:b a sam:Agreement .",
    "a coding is no organisation": "ex:a a sam:Coding , org:Organization .",
    "a coding is of one case": "ex:a sam:codesCase ex:b , ex:c .",
    "a coding has one number": "ex:a sam:codedNumber 3 , 4 .",
    "a variable is no coding": "ex:a a sam:Variable , sam:Coding .",
    "a judgement of identity is no coding": "ex:a a sam:IdentityJudgement , sam:Coding .",
    "a judgement of identity has one verdict": "ex:a sam:hasVerdict ex:b , ex:c .",
    "a dataset is no document": "ex:a a dcat:Dataset , sam:SourceDocument .",
    "a list of values is no value": "ex:a sam:hasValueScheme ex:b . ex:b a skos:Concept .",
}
# What may well be so.
CONSISTENT = {
    "a pilot and a municipality": "ex:a a sam:Pilot . ex:b a sam:Municipality .",
    "a team that is an access point": "ex:a a sam:Team , sam:AccessPoint .",
    "a coding of several variables": "ex:a sam:codesVariable ex:b , ex:c .",
    "an executive as party to a deal": (
        "ex:a a sam:Deal ; sam:hasParty ex:b . ex:b a sam:MunicipalExecutive ; org:unitOf ex:c . "
        "ex:c a sam:Municipality ."
    ),
    "a collaboration within a programme": (
        "ex:a a sam:Collaboration ; org:subOrganizationOf ex:b . ex:b a sam:Programme ."
    ),
}
NAMED = ("dcat", "foaf", "org", "owl", "prov", "rdfs", "sam", "skos")
PROLOGUE = "".join(f"@prefix {prefix}: <{PREFIXES[prefix]}> .\n" for prefix in NAMED)


@cache
def ontology() -> dataset.Dataset:
    """Return the project's ontology without its data."""
    project = dataset.read(ROOT)
    return replace(project, files=tuple(f for f in project.files if f.graph == ONTOLOGY))


def parsed(statements: str) -> list[dataset.Statement]:
    """Return statements on individuals ``ex:`` in a graph of their own."""
    quads = parse(f"{PROLOGUE}@prefix ex: <{PREFIXES['id']}> .\n{statements}", RdfFormat.TURTLE)
    return [dataset.Statement.in_graph(quad, graph("case/scene")) for quad in quads]


def inferred(statements: str) -> set[dataset.Triple]:
    """Return what follows from the ontology and these statements."""
    return {one[:3] for one in entailment.entail(ontology().adding(parsed(statements)))}


def contradictions(statements: str) -> list[str]:
    """Return what the reasoner finds contradictory in the ontology and these statements."""
    data = ontology().adding(parsed(statements))
    report = entailment.contradictions(data.adding(entailment.entail(data)))
    return [finding.message for finding in report.findings]


@pytest.mark.parametrize(("said", "follows"), ENTAILMENTS.values(), ids=ENTAILMENTS)
def test_the_ontology_entails(said: str, follows: str) -> None:
    assert {one[:3] for one in parsed(follows)} - inferred(said) == set()


@pytest.mark.parametrize(("said", "follows"), NON_SEQUITURS.values(), ids=NON_SEQUITURS)
def test_the_ontology_does_not_entail(said: str, follows: str) -> None:
    assert {one[:3] for one in parsed(follows)} & inferred(said) == set()


@pytest.mark.parametrize("statements", CONSISTENT.values(), ids=CONSISTENT)
def test_the_ontology_is_free_of_contradiction(statements: str) -> None:
    assert contradictions(statements) == []


@pytest.mark.parametrize("statements", CONTRADICTIONS.values(), ids=CONTRADICTIONS)
def test_the_ontology_contradicts(statements: str) -> None:
    assert len(contradictions(statements)) > 0


@pytest.fixture(scope="module")
def labels(store: Store) -> dict[str, set[str]]:
    """The languages of the labels of all that the graph mentions, the types of its values too.

    Addresses of the service are left out: they are no things.
    """
    found: dict[str, set[str]] = {}
    for quad in store:
        for term in quad.triple:
            if isinstance(term, NamedNode):
                found.setdefault(term.value, set())
            elif not isinstance(term, BlankNode):
                found.setdefault(term.datatype.value, set())
    for label in (RDFS.label, SKOS.prefLabel):
        for quad in store.quads_for_pattern(None, NamedNode(label), None, None):
            if isinstance(quad.subject, NamedNode):
                found[quad.subject.value].add(quad.object.language)
    return {iri: languages for iri, languages in found.items() if not ADDRESS.fullmatch(iri)}


def test_all_that_the_graph_mentions_has_a_dutch_label(labels: dict[str, set[str]]) -> None:
    assert len(labels) > 2000
    assert {iri for iri, languages in labels.items() if "nl" not in languages} == set()


def test_only_proper_names_have_no_english_label(labels: dict[str, set[str]]) -> None:
    untranslated = {iri for iri, languages in labels.items() if "en" not in languages}
    named = tuple(
        f"{PREFIXES['id']}{kind}/" for kind in ("organisation", "person", "place", "team")
    )
    assert untranslated
    assert {iri for iri in untranslated if not iri.startswith(named)} == set()


def test_terms_of_other_vocabularies_are_labelled_once_and_like_ours(alignments: Graph) -> None:
    every = sorted(set(alignments.subjects(RDF.type)))
    assert len(every) > 100
    for term in every:
        assert sorted(o.language for o in alignments.objects(term, RDFS.label)) == ["en", "nl"]
        label = label_of(alignments, term, "en")
        is_property = any((term, RDF.type, kind) in alignments for kind in PROPERTY_KINDS)
        assert label[0].islower() if is_property else label[0].isupper(), label


def test_labels_of_what_is_not_restated_are_all_that_is_said_of_it() -> None:
    labelled = Graph().parse(ROOT / "ontology/alignments/labels.ttl")
    assert set(labelled.predicates()) == {RDFS.label}
    for term in set(labelled.subjects()):
        assert sorted(o.language for o in labelled.objects(term)) == ["en", "nl"], term


def test_every_version_of_the_ontology_says_in_both_languages_what_changed(core: Graph) -> None:
    log = Graph().parse(ROOT / "ontology/changelog.ttl")
    assert log.value(URIRef(f"{IRI}/changelog"), FOAF.primaryTopic) == IRI
    versions = set(log.subjects(DCTERMS.isVersionOf, IRI))
    assert core.value(IRI, OWL.versionIRI) in versions
    for version in versions:
        number = str(log.value(version, OWL.versionInfo))
        assert version == URIRef(f"{IRI}/{number}")
        assert label_of(log, version, "en") == f"Samenhang Ontology {number}"
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", str(log.value(version, DCTERMS.issued)))
        assert sorted(o.language for o in log.objects(version, SKOS.changeNote)) == ["en", "nl"]


def test_the_current_version_was_issued_when_its_header_says(core: Graph) -> None:
    log = Graph().parse(ROOT / "ontology/changelog.ttl")
    current = core.value(IRI, OWL.versionIRI)
    assert log.value(current, DCTERMS.issued) == core.value(IRI, DCTERMS.issued)
