"""What the metadata graph says of the dataset is so."""

from dataclasses import replace
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Store

from kg import catalog, statistics
from kg.build import Build
from kg.dataset import Dataset, read
from kg.namespaces import BASE, term
from kg.namespaces import PREFIXES as NAMESPACES

ROOT = Path(__file__).parents[1]
ID = NAMESPACES["id"]
AUTHORITY = "http://publications.europa.eu/resource/authority/"
MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"

# What DCAT-AP-NL 3.0 demands of each class and recommends.
# https://docs.geostandaarden.nl/dcat/dcat-ap-nl30/
EXPECTED = {
    "dcat:Catalog": (
        *("dcterms:title", "dcterms:description", "dcterms:publisher", "dcterms:creator"),
        *("dcat:contactPoint", "dcat:dataset", "dcat:service", "dcterms:license"),
        *("dcterms:language", "dcterms:spatial", "foaf:homepage"),
    ),
    "dcat:Dataset": (
        *("dcterms:title", "dcterms:description", "dcterms:publisher", "dcterms:creator"),
        *("dcat:contactPoint", "dcterms:identifier", "dcat:theme", "dcterms:accessRights"),
        *("dcat:keyword", "dcterms:language", "dcterms:conformsTo", "dcat:landingPage"),
        *("foaf:page", "dcat:distribution", "dcat:version", "dcterms:spatial"),
        *("dcterms:accrualPeriodicity", "prov:wasGeneratedBy"),
    ),
    "dcat:Distribution": (
        *("dcterms:title", "dcterms:description", "dcterms:license", "dcterms:language"),
        *("dcterms:conformsTo", "dcterms:format", "dcat:mediaType", "dcat:accessURL"),
        *("dcat:downloadURL", "dcat:accessService"),
    ),
    "dcat:DataService": (
        *("dcterms:title", "dcterms:description", "dcterms:publisher", "dcterms:creator"),
        *("dcat:contactPoint", "dcterms:identifier", "dcat:theme", "dcterms:accessRights"),
        *("dcat:keyword", "dcterms:language", "dcterms:license", "dcterms:conformsTo"),
        *("dcat:endpointURL", "dcat:endpointDescription", "dcat:servesDataset"),
    ),
    "foaf:Agent": ("foaf:name",),
}
ONCE = {
    *("dcat:contactPoint", "dcterms:identifier", "dcterms:publisher", "dcterms:accessRights"),
    *("dcat:version", "dcat:accessURL", "dcat:downloadURL", "dcat:accessService"),
    *("dcat:endpointURL", "dcat:endpointDescription", "dcterms:license"),
}
LISTED = {
    "dcterms:language": f"{AUTHORITY}language/",
    "dcterms:accessRights": f"{AUTHORITY}access-right/",
    "dcterms:accrualPeriodicity": f"{AUTHORITY}frequency/",
    "dcterms:format": f"{AUTHORITY}file-type/",
    "dcterms:spatial": f"{AUTHORITY}country/",
    "dcat:theme": f"{AUTHORITY}data-theme/",
    "dcat:mediaType": MEDIA_TYPES,
    "dcat:compressFormat": MEDIA_TYPES,
}

PREFIXES = """
PREFIX dcat: <http://www.w3.org/ns/dcat#>
PREFIX prov: <http://www.w3.org/ns/prov#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX sd: <http://www.w3.org/ns/sparql-service-description#>
PREFIX sh: <http://www.w3.org/ns/shacl#>
PREFIX sam: <https://w3id.org/samenhang/ontology#>
PREFIX void: <http://rdfs.org/ns/void#>
PREFIX dataset: <https://w3id.org/samenhang/id/dataset/>
"""


def rows(store: Store, query: str) -> list[tuple[str, ...]]:
    answer = store.query(PREFIXES + query, use_default_graph_as_union=True)
    return [tuple(term.value for term in row) for row in answer]


def test_the_dataset_has_its_version_and_its_size(built: Build, store: Store) -> None:
    query = "SELECT ?v ?n { dataset:samenhang dcat:version ?v ; void:triples ?n }"
    assert rows(store, query) == [(built.version, str(built.triples))]


def test_every_graph_is_described_with_its_size(store: Store) -> None:
    stated = rows(
        store,
        "SELECT ?g ?n { dataset:samenhang void:subset ?g . ?g a sd:Graph ; void:triples ?n }",
    )
    counted = rows(store, "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g")
    assert len(counted) > 8
    assert sorted(stated) == sorted(counted)


def test_the_build_names_its_files_with_digests_and_its_tools(store: Store) -> None:
    files = rows(
        store,
        "SELECT ?label ?digest { ?build prov:used ?f . ?f rdfs:label ?label ; sam:sha256 ?digest }",
    )
    assert len(files) > 20
    assert "data/cases/ede-west.ttl" in {label for label, _ in files}
    assert "queries/void/classes.rq" in {label for label, _ in files}
    assert all(len(digest) == 64 for _, digest in files)
    tools = rows(store, "SELECT DISTINCT ?l { ?b prov:wasAssociatedWith ?t . ?t rdfs:label ?l }")
    assert {label.split()[0] for (label,) in tools} == {
        "samenhang",
        "pyoxigraph",
        "reasonable",
        "pyshacl",
        "python",
    }


def test_everything_that_the_build_describes_is_labelled_in_both_languages(store: Store) -> None:
    unlabelled = rows(
        store,
        """SELECT DISTINCT ?s {
          GRAPH <https://w3id.org/samenhang/graph/metadata> { ?s a ?type }
          FILTER(!isBlank(?s))
          VALUES ?language { "nl" "en" }
          FILTER NOT EXISTS { ?s rdfs:label ?label FILTER(LANG(?label) = ?language) }
        }""",
    )
    assert unlabelled == []


def described(store: Store, kind: str) -> list[NamedNode]:
    """Return what is of a kind in the metadata graph."""
    found = store.quads_for_pattern(None, term("rdf:type"), term(kind), catalog.METADATA)
    return [quad.subject for quad in found if isinstance(quad.subject, NamedNode)]


def values(store: Store, subject: NamedNode, curie: str) -> list[str]:
    found = store.quads_for_pattern(subject, term(curie), None, catalog.METADATA)
    return [quad.object.value for quad in found if not isinstance(quad.object, type(quad.triple))]


@pytest.mark.parametrize("kind", EXPECTED)
def test_the_catalogue_says_what_dcat_ap_nl_asks(kind: str, store: Store) -> None:
    nodes = described(store, kind)
    assert nodes
    for node in nodes:
        numbers = {one: len(values(store, node, one)) for one in EXPECTED[kind]}
        assert [one for one, number in numbers.items() if not number] == [], node
        assert [one for one, number in numbers.items() if number > 1 and one in ONCE] == [], node


def test_the_catalogue_takes_its_values_from_the_lists_for_them(store: Store) -> None:
    nodes = [node for kind in EXPECTED for node in described(store, kind)]
    found = {one: {value for node in nodes for value in values(store, node, one)} for one in LISTED}
    assert all(found.values())
    for one, listed in LISTED.items():
        assert {value for value in found[one] if not value.startswith(listed)} == set(), one


def test_one_can_be_reached_about_the_dataset(store: Store) -> None:
    (contact,) = values(store, NamedNode(f"{ID}dataset/samenhang"), "dcat:contactPoint")
    url = NamedNode("http://www.w3.org/2006/vcard/ns#hasURL")
    found = list(store.quads_for_pattern(NamedNode(contact), url, None))
    assert [quad.object for quad in found] == [NamedNode(BASE)]


def test_every_prefix_is_declared(store: Store) -> None:
    query = """SELECT ?prefix ?namespace {
      ?ontology a <http://www.w3.org/2002/07/owl#Ontology> ; sh:declare ?declaration .
      ?declaration sh:prefix ?prefix ; sh:namespace ?namespace .
      FILTER(DATATYPE(?namespace) = <http://www.w3.org/2001/XMLSchema#anyURI>)
    }"""
    assert dict(rows(store, query)) == NAMESPACES


def test_an_editor_finds_classes_properties_and_prefixes(store: Store) -> None:
    """As the sparql-editor of the SIB asks for them: https://github.com/sib-swiss/sparql-editor."""
    query = """
    PREFIX void-ext: <http://ldf.fi/void-ext#>
    SELECT DISTINCT ?class ?property ?kind {
      ?classes void:class ?class ; void:propertyPartition ?part .
      ?part void:property ?property .
      OPTIONAL {
        { ?part void:classPartition [ void:class ?kind ] }
        UNION { ?part void-ext:datatypePartition [ void-ext:datatype ?kind ] }
      }
      FILTER(?class = sam:Pilot && ?property IN (sam:startDate, sam:steeredBy))
    }"""
    sam = NAMESPACES["sam"]
    assert set(rows(store, query)) == {
        (f"{sam}Pilot", f"{sam}startDate", f"{NAMESPACES['xsd']}date"),
        (f"{sam}Pilot", f"{sam}steeredBy", f"{sam}SteeringBody"),
        (f"{sam}Pilot", f"{sam}steeredBy", f"{NAMESPACES['org']}Organization"),
    }


def test_the_build_has_a_plan_that_its_software_carried_out(store: Store) -> None:
    query = """SELECT ?agent ?plan {
      dataset:samenhang prov:wasGeneratedBy/prov:qualifiedAssociation ?association .
      ?association prov:agent ?software ; prov:hadPlan ?plan .
      ?software rdfs:label ?agent . FILTER(LANG(?agent) = "en")
    }"""
    ((agent, plan),) = rows(store, query)
    assert agent.startswith("samenhang ")
    assert plan == f"{ID}plan/build"


@pytest.fixture(scope="module")
def data() -> Dataset:
    return read(ROOT)


def test_the_version_follows_what_is_counted(data: Dataset) -> None:
    counts = statistics.read(ROOT)
    changed = [replace(counts[0], digest="0" * 64), *counts[1:]]
    versions = {
        catalog.version(data, counts),
        catalog.version(data, changed),
        catalog.version(data, counts[1:]),
    }
    assert len(versions) == 3


def test_the_same_dataset_is_described_alike(data: Dataset) -> None:
    counts = statistics.read(ROOT)
    once, again = (catalog.describe(data, "1", counts) for _ in range(2))
    assert once == again
    assert len(once) > 1000


def test_what_is_described_has_its_size_in_it(data: Dataset) -> None:
    told = catalog.describe(data, "1", statistics.read(ROOT))
    whole = data.adding(told)
    sizes = {one.subject: one.object for one in told if one.predicate == term("void:triples")}
    own = [one for one in whole.statements if one.graph == catalog.METADATA]
    assert sizes[catalog.METADATA] == Literal(len(own))
    assert sizes[catalog.DATASET] == Literal(len({one[:3] for one in whole.statements}))
