"""``/data``, its catalogue in RDF, and what crawlers ask first, asked of an application."""

import json
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from xml.etree import ElementTree as ET

import httpx
import pytest
import rdflib
from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.exceptions import HTTPException

from kg import texts
from kg.build import Build
from kg.deployment import Deployment, embedded
from kg.errors import RequestError
from kg.gathering import gather
from kg.routes import catalogue, sitemap
from kg.routes.catalogue import Catalogue
from kg.routes.documents import Documents
from kg.routes.problems import Problems
from kg.routes.views import Views
from kg.settings import Settings

BASE = "https://kg.example"
DCAT = rdflib.Namespace("http://www.w3.org/ns/dcat#")
VOID = rdflib.Namespace("http://rdfs.org/ns/void#")
DATASET = rdflib.URIRef("https://w3id.org/samenhang/id/dataset/samenhang")
MAP = {"map": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}
BOTH = pytest.mark.parametrize(("prefix", "language"), [("", "en"), ("/nl", "nl")])


def application(build: Build) -> TestClient:
    """A client of the routes of the catalogue and of the sitemap, on one build."""
    settings = Settings(build=build.path.parent)
    deployment = Deployment(build, lambda one: embedded(settings, one))

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with deployment:
            yield

    views = Views(deployment)
    site = FastAPI(lifespan=lifespan)
    site.include_router(catalogue.router(Catalogue(deployment, Documents(deployment, views))))
    site.include_router(sitemap.router(deployment))
    for error in (RequestError, HTTPException):
        site.add_exception_handler(error, Problems(views))
    return TestClient(site, BASE, follow_redirects=False)


@pytest.fixture(scope="module")
def client(built: Build) -> Iterator[TestClient]:
    with application(built) as client:
        yield client


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A client of a service of somebody else's file."""
    folder = tmp_path_factory.mktemp("other")
    (folder / "some.ttl").write_text("<https://example.org/a> <https://example.org/b> 1 .\n")
    build = gather([folder / "some.ttl"], folder / "build", union=True, on_disk_above=10)
    with application(build) as client:
        yield client


def graph(response: httpx.Response) -> rdflib.Graph:
    assert response.status_code == 200, response.text
    assert response.headers["content-type"].startswith("text/turtle")
    return rdflib.Graph().parse(data=response.text, format="turtle")


@BOTH
def test_the_page_tells_of_the_dataset(
    prefix: str, language: str, client: TestClient, built: Build
) -> None:
    response = client.get(f"{prefix}/data", headers={"Accept": "text/html"})
    assert response.status_code == 200
    assert f'<html lang="{language}">' in response.text
    assert built.version in response.text
    assert 'href="/data/samenhang.trig.gz"' in response.text
    assert 'href="/data/graph/case/ede-west.ttl"' in response.text
    assert f'href="{prefix}/graph/case/ede-west"' in response.text
    assert "data/cases/ede-west.ttl" in response.text
    assert "queries/void/classes.rq" in response.text


@BOTH
def test_the_page_leads_to_queries_for_the_things_of_a_class(
    prefix: str, language: str, client: TestClient
) -> None:
    del language
    page = client.get(f"{prefix}/data").text
    addresses = re.findall(rf'href="({prefix}/query#query=[^"]+)"', page)
    assert len(addresses) > 40
    assert any("ontology%23Pilot%3E" in address for address in addresses)


@BOTH
def test_the_page_holds_the_dataset_in_the_words_of_schema_org(
    prefix: str, language: str, client: TestClient
) -> None:
    page = client.get(f"{prefix}/data").text
    (block,) = re.findall(r'<script type="application/ld\+json">(.+?)</script>', page, re.DOTALL)
    found = json.loads(block)
    assert found["@type"] == "Dataset"
    assert found["url"] == f"{BASE}/data"
    words = {"en": "municipalities", "nl": "gemeenten"}
    assert words[language] in found["keywords"]


@pytest.mark.parametrize("path", ["/data", "/data.ttl", "/.well-known/void"])
def test_the_catalogue_is_to_be_had_as_turtle(path: str, client: TestClient) -> None:
    found = graph(client.get(path, headers={"Accept": "text/turtle"}))
    assert (DATASET, rdflib.RDF.type, DCAT.Dataset) in found
    assert (DATASET, VOID.sparqlEndpoint, rdflib.URIRef(f"{BASE}/sparql")) in found
    assert len(set(found.subjects(VOID["class"]))) > 40
    assert len(list(found.objects(DATASET, DCAT.distribution))) == 4


def test_the_catalogue_names_the_service_that_was_asked(client: TestClient) -> None:
    response = client.get("/data.ttl", headers={"Host": "elsewhere.example:8080"})
    endpoint = graph(response).value(DATASET, VOID.sparqlEndpoint)
    assert endpoint == rdflib.URIRef("https://elsewhere.example:8080/sparql")


def test_void_is_turtle_for_whoever_has_no_preference(client: TestClient) -> None:
    response = client.get("/.well-known/void", headers={"Accept": "*/*"})
    assert graph(response)
    assert response.headers["vary"].startswith("Accept")
    assert response.headers["content-location"] == "/data.ttl"


def test_void_sends_a_browser_to_the_page(client: TestClient) -> None:
    response = client.get("/.well-known/void", headers={"Accept": "text/html,*/*;q=0.8"})
    assert (response.status_code, response.headers["location"]) == (303, "/data")


def test_the_catalogue_leads_to_its_past(client: TestClient) -> None:
    link = client.get("/data").headers["link"]
    assert f'<{BASE}/data/timegate>; rel="timegate"' in link
    assert f'<{DATASET}>; rel="cite-as"' in link


def test_the_catalogue_is_not_sent_to_those_who_have_it(client: TestClient) -> None:
    tag = client.get("/data.ttl").headers["etag"]
    response = client.get("/data.ttl", headers={"If-None-Match": tag})
    assert (response.status_code, response.content) == (304, b"")


def test_an_unknown_format_is_not_found(client: TestClient) -> None:
    assert client.get("/data.pdf").status_code == 404
    assert client.get("/data", headers={"Accept": "application/pdf"}).status_code == 406


def test_another_dataset_has_a_page_too(other: TestClient) -> None:
    response = other.get("/data")
    assert response.status_code == 200
    assert "samenhang.nq" in response.text
    assert '<script type="application/ld+json"' not in response.text
    assert "w3id.org/samenhang" not in response.text


def test_another_dataset_has_a_catalogue_too(other: TestClient) -> None:
    found = graph(other.get("/.well-known/void"))
    dataset = rdflib.URIRef(f"{BASE}/data")
    assert found.value(dataset, VOID.triples) == rdflib.Literal(1)
    assert (dataset, VOID.sparqlEndpoint, rdflib.URIRef(f"{BASE}/sparql")) in found


def locations(response: httpx.Response) -> list[str]:
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/xml"
    places = ET.fromstring(response.content).iterfind(".//map:loc", MAP)
    return [place.text or "" for place in places]


def test_the_sitemap_lists_documents_in_both_languages(client: TestClient) -> None:
    found = locations(client.get("/sitemap.xml"))
    assert len(found) == len(set(found)) > 3000
    for path in (
        *("/", "/data", "/ontology", "/doc/pilot", "/doc/pilot/ede-west", "/concept/role"),
        *("/source/ede-west", "/graph/case/ede-west", "/queries", "/queries/parties"),
    ):
        assert f"{BASE}{path}" in found
        assert f"{BASE}/nl{path}" in found


def test_the_sitemap_lists_no_part_of_a_document_and_nothing_of_others(client: TestClient) -> None:
    found = locations(client.get("/sitemap.xml"))
    assert [place for place in found if "#" in place or "/partition/" in place] == []
    assert all(place.startswith(f"{BASE}/") for place in found)


def test_the_sitemap_names_the_other_language_of_each_document(client: TestClient) -> None:
    root = ET.fromstring(client.get("/sitemap.xml").content)
    for url in root.iterfind("map:url", MAP):
        place = url.findtext("map:loc", None, MAP)
        links = {one.get("hreflang"): one.get("href") for one in url.iterfind("x:link", MAP)}
        assert set(links) == {"en", "nl", "x-default"}
        assert place in (links["en"], links["nl"])
        assert links["x-default"] == links["en"]


def test_the_sitemap_tells_when_the_dataset_was_made(client: TestClient, built: Build) -> None:
    root = ET.fromstring(client.get("/sitemap.xml").content)
    days = {one.text for one in root.iterfind(".//map:lastmod", MAP)}
    assert days == {built.created.date().isoformat()}


def test_a_long_sitemap_comes_in_parts(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = locations(client.get("/sitemap.xml"))
    monkeypatch.setattr(sitemap, "LIMIT", 1000)
    parts = locations(client.get("/sitemap.xml"))
    assert parts[0] == f"{BASE}/sitemap-1.xml"
    found = [locations(client.get(part.removeprefix(BASE))) for part in parts]
    assert all(len(part) <= 1000 for part in found)
    assert [place for part in found for place in part] == whole
    for number in ("0", "01", "-1", "x", "9" * 5000, len(parts) + 1):
        assert client.get(f"/sitemap-{number}.xml").status_code == 404


def test_robots_are_shown_the_sitemap_and_kept_from_what_is_computed(client: TestClient) -> None:
    response = client.get("/robots.txt")
    assert response.headers["content-type"].startswith("text/plain")
    lines = response.text.splitlines()
    assert f"Sitemap: {BASE}/sitemap.xml" in lines
    assert {"Disallow: /sparql", "Disallow: /api/", "Disallow: /search"} <= set(lines)
    assert "Disallow: /" not in lines


def test_all_texts_of_the_page_are_used() -> None:
    page = (Path(catalogue.__file__).parents[1] / "templates" / "data.html").read_text()
    used = set(re.findall(r"\bd\.([a-z_]+)", page))
    assert used == set(texts.read("en")["data"])
