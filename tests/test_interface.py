"""``/openapi.json`` tells each question of the build that is served, with typed parameters."""

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from libraries import serving_both


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with serving_both(tmp_path_factory.mktemp("builds")) as client:
        yield client


@pytest.fixture(scope="module")
def document(client: TestClient) -> dict[str, Any]:
    response = client.get("/openapi.json")
    assert response.headers["content-type"] == "application/json"
    document: dict[str, Any] = response.json()
    return document


def test_the_questions_stand_beside_what_is_always_there(document: dict[str, Any]) -> None:
    assert {"/sparql", "/api/queries", "/api/queries/members", "/api/queries/teams"} <= set(
        document["paths"]
    )
    names = [
        operation["operationId"]
        for path in document["paths"].values()
        for operation in path.values()
        if isinstance(operation, dict) and "operationId" in operation
    ]
    assert len(names) == len(set(names))


def test_parameters_have_types_limits_and_defaults(document: dict[str, Any]) -> None:
    operation = document["paths"]["/api/queries/members"]["get"]
    schemas = {one["name"]: one["schema"] for one in operation["parameters"] if "name" in one}
    assert schemas == {
        "team": {"type": "string", "enum": ["red", "many"], "default": "red"},
        "day": {"type": "string", "format": "date"},
        "least": {"type": "integer", "minimum": 0, "maximum": 9, "default": 0},
        "word": {"type": "string", "maxLength": 200},
        "language": {"type": "string", "enum": ["en", "nl"], "default": "en"},
    }


def test_a_question_is_described_in_both_languages(document: dict[str, Any]) -> None:
    operation = document["paths"]["/api/queries/members"]["get"]
    assert operation["summary"] == "Who belongs to a team?"
    for text in ("The members of a team, in order of name.", "Wie horen bij één team?"):
        assert text in operation["description"]
    least = next(one for one in operation["parameters"] if one.get("name") == "least")
    assert least["description"] == "at least / ten minste"


def test_a_question_without_labels_has_no_parameter_of_its_own(document: dict[str, Any]) -> None:
    parameters = document["paths"]["/api/queries/teams"]["get"]["parameters"]
    assert all("$ref" in one for one in parameters)


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    found: list[str] = []

    def walk(part: Any) -> None:
        if isinstance(part, dict):
            found.extend([part["$ref"]] if "$ref" in part else [])
            for one in part.values():
                walk(one)
        elif isinstance(part, list):
            for one in part:
                walk(one)

    walk(document)
    assert len(set(found)) > 20
    for reference in found:
        place: Any = document
        for step in reference.removeprefix("#/").split("/"):
            place = place[step]


def test_the_description_is_not_sent_to_those_who_have_it(client: TestClient) -> None:
    tag = client.get("/openapi.json").headers["etag"]
    response = client.get("/openapi.json", headers={"If-None-Match": tag})
    assert (response.status_code, response.content) == (304, b"")
