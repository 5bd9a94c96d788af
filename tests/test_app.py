"""What every answer of the service has in common: errors, fields, liveness."""

import httpx
import pytest
from fastapi.testclient import TestClient

from kg.app import Application
from kg.build import Build
from kg.deployment import Deployment
from kg.engine.fake import FakeEngine
from kg.errors import Overloaded, QuerySyntaxError, QueryTimeout
from kg.metrics import Metrics
from kg.settings import Settings

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


@pytest.fixture
def engine() -> FakeEngine:
    return FakeEngine(
        {
            "busy": Overloaded(7),
            "slow": QueryTimeout(30),
            "wrong": QuerySyntaxError("x", 3, 7, "yz\n ^", "mend it"),
            "broken": ValueError("x"),
        }
    )


@pytest.fixture
def client(engine: FakeEngine, built: Build) -> TestClient:
    metrics = Metrics()
    app = Application(Settings(), Deployment(built, lambda _: engine), metrics)
    return TestClient(app, raise_server_exceptions=False)


def ask(client: TestClient, query: str, **headers: str) -> httpx.Response:
    return client.get("/sparql", params={"query": query}, headers=headers)


def test_an_error_is_a_problem_document_with_its_fields(client: TestClient) -> None:
    answer = ask(client, "busy")
    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["retry-after"] == "7"
    assert answer.json() == {
        "title": "Too busy",
        "status": 503,
        "detail": "All workers are busy; try again in 7 seconds.",
    }


def test_an_error_is_a_page_to_a_browser(client: TestClient) -> None:
    answer = ask(client, "slow", **BROWSER)
    assert answer.status_code == 504
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "The query took too long" in answer.text
    assert "stopped after 30 seconds" in answer.text
    assert "line 3, column 7" in ask(client, "wrong", **BROWSER).text


@pytest.mark.parametrize("path", ["/nowhere", "/nl/nowhere", "/static/nothing.js"])
def test_an_unknown_path_is_404_in_the_language_of_its_path(client: TestClient, path: str) -> None:
    answer = client.get(path, headers=BROWSER)
    assert answer.status_code == 404
    language = "nl" if path.startswith("/nl/") else "en"
    assert f'<html lang="{language}">' in answer.text
    assert client.get(path).json() == {"title": "Not Found", "status": 404}


def test_what_a_client_sends_is_not_echoed_as_markup(client: TestClient) -> None:
    answer = client.get("/<script>alert(1)</script>", headers=BROWSER)
    assert answer.status_code == 404
    assert "<script>alert" not in answer.text


@pytest.mark.parametrize("headers", [{}, BROWSER])
def test_an_unforeseen_fault_is_500_and_tells_nothing_of_the_inside(
    client: TestClient, headers: dict[str, str]
) -> None:
    answer = ask(client, "broken", **headers)
    assert answer.status_code == 500
    assert ("Something went wrong" if headers else "Internal Server Error") in answer.text
    assert "ValueError" not in answer.text


@pytest.mark.parametrize(
    "path", ["/health", "/nowhere", "/sparql?query=busy", "/sparql?query=broken"]
)
def test_every_answer_has_the_security_fields(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"


def test_a_page_may_load_its_own_style_wherever_it_is(client: TestClient) -> None:
    for path in ("/", "/nowhere", "/sparql?query=busy", "/nl/sparql/explain"):
        headers = client.get(path, headers=BROWSER).headers
        assert headers["content-type"] == "text/html; charset=utf-8"
        assert "style-src 'self'" in headers["content-security-policy"]


def test_an_error_is_a_text_to_those_who_prefer_one(client: TestClient) -> None:
    answer = ask(client, "wrong", Accept="text/plain")
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.text == ("Syntax error in the query\nline 3, column 7: x\nyz\n ^\nmend it\n")


def test_health_names_the_version_that_is_served(client: TestClient, built: Build) -> None:
    assert client.get("/health").json() == {
        "status": "ok",
        "version": built.version,
        "triples": built.triples,
    }
