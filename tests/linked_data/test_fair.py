"""FAIR: what the tests for ontologies and for data sets ask, of a served copy.

Each item has the name that FOOPS! (https://w3id.org/foops/) or F-UJI (https://f-uji.net/) gives it;
what a served copy cannot show, as it takes a registration elsewhere, is listed in docs/fair.md.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from rdflib import DCTERMS, OWL, PROV, RDF, RDFS, SKOS, VANN, Graph, Literal, Namespace, URIRef
from rocrate.rocrate import ROCrate

from linked_data.links import fetch, linked, links
from linked_data.pages import read
from serving import ROOT

SAM = Namespace("https://w3id.org/samenhang/ontology#")
BIBO = Namespace("http://purl.org/ontology/bibo/")
ONTOLOGY = URIRef("https://w3id.org/samenhang/ontology")
BASE = "https://w3id.org/samenhang/"
HTML, TURTLE = "text/html", "text/turtle"
TERMS = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty)


@pytest.fixture(scope="module")
def ontology(url: str) -> Graph:
    """What the ontology is for a client that follows its IRI."""
    return Graph().parse(data=get(url, ONTOLOGY, TURTLE).text, format="turtle")


def get(url: str, iri: str, accept: str) -> httpx.Response:
    """Follow an IRI of ours to the served copy, as its redirection will."""
    where = url + "/" + iri.removeprefix(BASE)
    response = fetch(where, headers={"Accept": accept}, follow_redirects=True)
    assert response.is_success, f"{response.status_code} {iri}"
    return response


def terms(ontology: Graph) -> list[URIRef]:
    """Return the classes and properties of our own."""
    found = chain.from_iterable(ontology.subjects(RDF.type, kind) for kind in TERMS)
    own = sorted({one for one in found if isinstance(one, URIRef) and one.startswith(SAM)})
    assert len(own) > 50
    return own


# Checks of an ontology that look at what it says of itself: by name, which properties they ask.
METADATA = {
    "OM1 title": DCTERMS.title,
    "OM1 description": DCTERMS.description,
    "OM1 license": DCTERMS.license,
    "OM1 version IRI": OWL.versionIRI,
    "OM1 creator": DCTERMS.creator,
    "OM1 namespace URI": VANN.preferredNamespaceUri,
    "OM2 namespace prefix": VANN.preferredNamespacePrefix,
    "OM2 version info": OWL.versionInfo,
    "OM2 creation date": DCTERMS.created,
    "OM2 citation": DCTERMS.bibliographicCitation,
    "OM3 publisher": DCTERMS.publisher,
    "OM3 issued": DCTERMS.issued,
    "OM3 modified": DCTERMS.modified,
    "OM3 source": DCTERMS.source,
    "OM3 status": BIBO.status,
    "OM3 label": RDFS.label,
}


@pytest.mark.parametrize("name", METADATA)
def test_the_ontology_tells_of_itself(ontology: Graph, name: str) -> None:
    values = list(ontology.objects(ONTOLOGY, METADATA[name]))
    assert values
    assert all(str(value).strip() for value in values)
    tags = {value.language for value in values if isinstance(value, Literal)} - {None}
    if name.partition(" ")[2] in ("title", "description", "label"):
        assert tags == {"en", "nl"}


def test_uri1_the_iri_of_the_ontology_resolves(url: str) -> None:
    assert get(url, ONTOLOGY, "*/*").content


def test_uri2_the_ontology_is_named_by_the_iri_that_leads_to_it(ontology: Graph) -> None:
    assert list(ontology.subjects(RDF.type, OWL.Ontology))[:1] == [ONTOLOGY]
    assert set(ontology.subjects(OWL.versionIRI)) == {ONTOLOGY}


def test_purl1_the_iri_is_one_that_persists() -> None:
    assert urlsplit(ONTOLOGY).hostname == "w3id.org"


def test_ver1_and_ver2_the_version_has_an_iri_that_resolves(url: str, ontology: Graph) -> None:
    (version,) = ontology.objects(ONTOLOGY, OWL.versionIRI)
    (number,) = ontology.objects(ONTOLOGY, OWL.versionInfo)
    assert str(version) == f"{ONTOLOGY}/{number}"
    same = Graph().parse(data=get(url, str(version), TURTLE).text, format="turtle")
    assert len(same) == len(ontology)
    assert terms(same) == terms(ontology)
    assert str(number) in get(url, str(version), HTML).text


@pytest.mark.parametrize(
    ("accept", "form"),
    [(TURTLE, "turtle"), ("application/rdf+xml", "xml"), ("application/n-triples", "nt")],
)
def test_cn1_and_rdf1_the_ontology_is_had_in_several_notations(
    url: str, ontology: Graph, accept: str, form: str
) -> None:
    response = get(url, ONTOLOGY, accept)
    assert response.headers["content-type"].partition(";")[0] == accept
    assert len(Graph().parse(data=response.text, format=form)) == len(ontology)


def test_cn1_and_doc1_the_ontology_has_a_page_for_readers(url: str) -> None:
    response = get(url, ONTOLOGY, HTML)
    assert response.headers["content-type"].partition(";")[0] == HTML
    assert read(response.text).headings


def test_om4_1_and_4_2_the_license_is_known_and_open(ontology: Graph) -> None:
    (license_,) = ontology.objects(ONTOLOGY, DCTERMS.license)
    assert str(license_) == "https://creativecommons.org/licenses/by/4.0/"


def test_om5_1_and_5_2_it_is_told_who_made_it_and_when(url: str, ontology: Graph) -> None:
    for relation in (DCTERMS.creator, DCTERMS.publisher):
        (agent,) = ontology.objects(ONTOLOGY, relation)
        told = Graph().parse(data=get(url, str(agent), TURTLE).text, format="turtle")
        assert list(told.objects(agent, RDFS.label))
    dates = (DCTERMS.created, DCTERMS.issued, DCTERMS.modified)
    created, issued, modified = (next(ontology.objects(ONTOLOGY, one)) for one in dates)
    assert str(created) <= str(issued) <= str(modified)


def test_voc1_metadata_are_told_in_known_vocabularies(ontology: Graph) -> None:
    known = (
        str(DCTERMS),
        str(OWL),
        str(RDFS),
        str(RDF),
        str(VANN),
        str(BIBO),
        str(PROV),
        str(SKOS),
    )
    assert all(str(one).startswith(known) for one in ontology.predicates(ONTOLOGY))


def test_voc2_terms_build_upon_those_of_others(ontology: Graph) -> None:
    others = {
        str(value)
        for relation in (RDFS.subClassOf, RDFS.subPropertyOf, OWL.equivalentClass)
        for one in terms(ontology)
        for value in ontology.objects(one, relation)
        if isinstance(value, URIRef) and not value.startswith(SAM)
    }
    hosts = {urlsplit(one).hostname for one in others}
    assert hosts >= {"www.w3.org", "data.europa.eu"}


@pytest.mark.parametrize(
    ("name", "relation"), [("VOC3", RDFS.label), ("VOC4", SKOS.definition)], ids=["VOC3", "VOC4"]
)
def test_terms_are_named_and_defined_in_both_languages(
    ontology: Graph, name: str, relation: URIRef
) -> None:
    for one in terms(ontology):
        values = list(ontology.objects(one, relation))
        tags = {value.language for value in values if isinstance(value, Literal)}
        assert tags == {"en", "nl"}, (name, one)


def test_find1_the_prefix_is_told_with_its_namespace(url: str, ontology: Graph) -> None:
    (prefix,) = ontology.objects(ONTOLOGY, VANN.preferredNamespacePrefix)
    (namespace,) = ontology.objects(ONTOLOGY, VANN.preferredNamespaceUri)
    assert (str(prefix), str(namespace)) == ("sam", str(SAM))
    assert fetch(f"{url}/context.jsonld").json()["@context"]["sam"] == str(SAM)


def test_find3_bis_registries_find_what_they_ask(ontology: Graph) -> None:
    """Linked Open Vocabularies wants a title, a description and a date in English besides."""
    for relation in (DCTERMS.title, DCTERMS.description):
        values = ontology.objects(ONTOLOGY, relation)
        assert "en" in {value.language for value in values if isinstance(value, Literal)}


def test_http1_and_acc1_data_and_metadata_are_had_by_an_open_protocol(url: str) -> None:
    assert urlsplit(ONTOLOGY).scheme in ("http", "https")
    assert fetch(f"{url}/ontology").request.headers.get("authorization") is None
    assert get(url, f"{BASE}data", TURTLE).content


# The landing page of the data set, as a harvester reads it.


@pytest.fixture(scope="module")
def landing(url: str) -> httpx.Response:
    """The landing page."""
    return get(url, f"{BASE}data", HTML)


@pytest.fixture(scope="module")
def described(landing: httpx.Response) -> dict[str, object]:
    """What the landing page tells in terms of schema.org."""
    blocks = [json.loads(block) for block in read(landing.text).data]
    (block,) = [one for one in blocks if one["@type"] == "Dataset"]
    return block


SIGNPOSTS: dict[str, Callable[[str], bool]] = {
    "FsF-F1-02D cite-as": lambda link: link.startswith(BASE),
    "FsF-R1-01MD type": lambda link: link == "https://schema.org/Dataset",
    "FsF-R1.1-01M license": lambda link: link == "https://creativecommons.org/licenses/by/4.0/",
    "FsF-R1.2-01M author": lambda link: fetch(link, follow_redirects=True).is_success,
    "FsF-F2-01M describedby": lambda link: fetch(link).is_success,
    "FsF-F3-01M item": lambda link: fetch(link, "HEAD").is_success,
}


@pytest.mark.parametrize("name", SIGNPOSTS)
def test_the_landing_page_has_the_signpost(landing: httpx.Response, name: str) -> None:
    found = linked(landing, name.rpartition(" ")[2])
    assert found
    assert all(map(SIGNPOSTS[name], found))


@pytest.mark.parametrize(
    "name",
    [
        *("@id", "name", "description", "creator", "publisher", "license", "version", "url"),
        *("keywords", "identifier", "distribution", "dateModified", "isAccessibleForFree"),
        *("inLanguage", "spatialCoverage", "includedInDataCatalog"),
    ],
)
def test_fsf_f2_01m_the_landing_page_tells_search_engines(
    described: dict[str, object], name: str
) -> None:
    assert described[name]


def test_search_engines_take_the_description(described: dict[str, object]) -> None:
    """https://developers.google.com/search/docs/appearance/structured-data/dataset."""
    assert described["@context"] in ("https://schema.org/", "https://schema.org")
    assert 50 <= len(str(described["description"])) <= 5000


@pytest.fixture(scope="module")
def files(url: str) -> dict[str, str]:
    """The files of the current version, from path to digest."""
    lines = fetch(f"{url}/data/SHA256SUMS").raise_for_status().text.splitlines()
    return dict(reversed(line.split("  ", 1)) for line in lines)


def test_fsf_r1_01md_and_a1_03d_all_files_are_there_and_whole(
    url: str, files: dict[str, str]
) -> None:
    assert {"samenhang.nq", "samenhang.trig.gz", "graph/ontology.ttl"} <= files.keys()
    for path, digest in files.items():
        response = fetch(f"{url}/data/{path}", headers={"Accept-Encoding": "identity"})
        assert response.status_code == 200, path
        assert hashlib.sha256(response.content).hexdigest() == digest, path


def test_what_search_engines_are_told_of_files_is_true(
    described: dict[str, object], files: dict[str, str]
) -> None:
    distributions = described["distribution"]
    assert isinstance(distributions, list)
    assert len(distributions) > 4
    for one in distributions:
        plain = {"Accept-Encoding": "identity"}
        response = fetch(one["contentUrl"], headers=plain)
        assert response.status_code == 200
        assert hashlib.sha256(response.content).hexdigest() == one["sha256"]
        assert files.get(one["name"], one["sha256"]) == one["sha256"]
        assert one["contentSize"] == f"{len(response.content)} B"
        assert response.headers["content-type"].partition(";")[0] == one["encodingFormat"]


def test_fsf_i1_01m_the_catalogue_is_rdf_that_says_the_same(
    url: str, described: dict[str, object]
) -> None:
    catalogue = Graph().parse(data=get(url, f"{BASE}data", TURTLE).text, format="turtle")
    dataset = URIRef(str(described["@id"]))
    assert (dataset, DCTERMS.title, Literal(str(described["name"]), lang="en")) in catalogue
    assert set(map(str, catalogue.objects(dataset, DCTERMS.identifier))) <= {dataset.toPython()}
    assert list(catalogue.objects(dataset, DCTERMS.publisher))


def test_fsf_f1_01d_the_identifier_leads_to_a_page_that_names_it(
    url: str, described: dict[str, object]
) -> None:
    response = get(url, str(described["@id"]), HTML)
    assert str(described["@id"]) in response.text
    assert str(described["@id"]) in {link["url"] for link in links(response)}


def test_the_research_object_parses_and_lists_the_files(
    url: str, files: dict[str, str], tmp_path: Path
) -> None:
    response = fetch(f"{url}/data/ro-crate-metadata.json").raise_for_status()
    (tmp_path / "ro-crate-metadata.json").write_bytes(response.content)
    for path in files:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).touch()
    crate = ROCrate(tmp_path)
    assert crate.root_dataset["license"]
    assert {one.id for one in crate.data_entities} >= {"samenhang.nq", "samenhang.trig"}


# What is written about it.


def test_the_list_of_fair_items_names_tests_that_exist() -> None:
    text = (ROOT / "docs/fair.md").read_text()
    named = set(re.findall(r"`(test_\w+\.py)::(test_\w+)`", text))
    assert len(named) > 10
    for file, name in named:
        text = (ROOT / "tests/linked_data" / file).read_text()
        assert f"def {name}(" in text, (file, name)


def test_the_list_of_fair_items_has_every_check_of_foops() -> None:
    text = (ROOT / "docs/fair.md").read_text()
    assert [name for name in FOOPS if f"| {name} |" not in text] == []


def _numbered(prefix: str, *numbers: str) -> Iterator[str]:
    return (f"{prefix}{number}" for number in numbers)


FOOPS = [
    *_numbered("PURL", "1"),
    *_numbered("URI", "1", "2"),
    *_numbered("VER", "1", "2"),
    *_numbered("OM", "1", "2", "3", "4.1", "4.2", "5.1", "5.2"),
    *_numbered("FIND", "1", "2", "3", "_3_BIS"),
    *_numbered("CN", "1"),
    *_numbered("HTTP", "1"),
    *_numbered("ACC", "1"),
    *_numbered("RDF", "1"),
    *_numbered("VOC", "1", "2", "3", "4"),
    *_numbered("DOC", "1"),
]
