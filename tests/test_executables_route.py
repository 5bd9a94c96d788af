"""``/.well-known/sparql-examples``, asked of an application as editors do."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pyoxigraph import RdfFormat, parse

from kg.build import Build
from kg.deployment import Deployment
from kg.errors import RequestError
from kg.executables import describe
from kg.gathering import gather
from kg.library import Library, read
from kg.routes import executables
from kg.routes.documents import SUFFIXES, Documents
from kg.routes.problems import Problems
from kg.routes.views import Views
from publishing import QUESTION, small
from storing import StoreEngine, trig

PLACE = "/.well-known/sparql-examples"
BASE = "https://kg.example"
NOTHING = trig("")


def application(build: Build) -> TestClient:
    """A client of the route; the context of JSON-LD is that of an empty store."""
    deployment = Deployment(build, lambda _: StoreEngine(NOTHING))
    views = Views(deployment)
    site = FastAPI()
    site.include_router(executables.router(deployment, Documents(deployment, views)))
    site.add_exception_handler(RequestError, Problems(views))
    return TestClient(site, BASE, follow_redirects=False)


@pytest.fixture
def build(tmp_path: Path) -> Build:
    changed = QUESTION.replace("beginner", "advanced")
    return small(tmp_path, "aaaaaaaaaaaa", {"name": QUESTION, "other": changed})


@pytest.fixture
def client(build: Build) -> Iterator[TestClient]:
    with application(build) as client:
        yield client


@pytest.fixture
def library(build: Build) -> Library:
    return read(build.questions)


@pytest.mark.parametrize("accept", ["*/*", "text/turtle", "text/turtle, text/html;q=0.9"])
def test_the_questions_are_had_as_turtle(accept: str, client: TestClient, library: Library) -> None:
    response = client.get(PLACE, headers={"Accept": accept})
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/turtle")
    found = {one.triple for one in parse(response.text, RdfFormat.TURTLE)}
    assert found == {one.triple for one in describe(library)}
    assert response.headers["content-location"] == "/queries.ttl"
    assert response.headers["vary"] == "Accept, Accept-Encoding"


@pytest.mark.parametrize(
    "media_type", sorted(set(SUFFIXES.values()) - {"text/html", "application/ld+json"})
)
def test_the_questions_are_had_in_every_notation(
    media_type: str, client: TestClient, library: Library
) -> None:
    response = client.get(PLACE, headers={"Accept": media_type})
    assert response.headers["content-type"].partition(";")[0] == media_type
    known = RdfFormat.from_media_type(media_type)
    assert known
    found = {one.triple for one in parse(response.content, known)}
    assert found == {one.triple for one in describe(library)}


def test_the_questions_are_had_as_json_ld(client: TestClient) -> None:
    response = client.get(PLACE, headers={"Accept": "application/ld+json"})
    found = response.json()
    assert found["@context"] == f"{BASE}/context.jsonld"
    assert "query:name" in {one["@id"] for one in found["@graph"]}


def test_a_browser_is_sent_to_the_page(client: TestClient) -> None:
    response = client.get(PLACE, headers={"Accept": "text/html,*/*;q=0.8"})
    assert (response.status_code, response.headers["location"]) == (303, "/queries")
    assert response.headers["vary"] == "Accept"


def test_who_has_the_questions_is_told_so(client: TestClient) -> None:
    tag = client.get(PLACE, headers={"Accept": "text/turtle"}).headers["etag"]
    again = client.get(PLACE, headers={"Accept": "text/turtle", "If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")


def test_what_is_no_rdf_is_not_to_be_had(client: TestClient) -> None:
    response = client.get(PLACE, headers={"Accept": "image/png"})
    assert response.status_code == 406
    assert "text/turtle" in response.json()["detail"]


def test_another_dataset_has_no_questions(tmp_path: Path) -> None:
    (tmp_path / "some.nt").write_text("<urn:a> <urn:b> <urn:c> .\n")
    build = gather([tmp_path / "some.nt"], tmp_path / "builds", union=True, on_disk_above=10)
    with application(build) as client:
        response = client.get(PLACE)
        assert response.status_code == 404
        assert PLACE in response.json()["detail"]
