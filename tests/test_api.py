"""``/api/queries``, asked of an application: answers whole and by pages, pinned, negotiated."""

import csv
import json
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from fastapi.testclient import TestClient

from libraries import (
    BASE,
    FIRST,
    MANY,
    NEW,
    OLD,
    PAST,
    SECOND,
    UNREADABLE,
    WITHDRAWN_ONE,
    serving_both,
)

MEDIA_TYPES = {
    "json": "application/sparql-results+json",
    "xml": "application/sparql-results+xml",
    "csv": "text/csv; charset=utf-8",
    "tsv": "text/tab-separated-values; charset=utf-8",
}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with serving_both(tmp_path_factory.mktemp("builds")) as client:
        yield client


def rows(response: httpx.Response) -> list[dict[str, str]]:
    assert response.status_code == 200, response.text
    assert response.headers["content-type"].startswith("text/csv")
    return list(csv.DictReader(response.text.splitlines()))


def detail(response: httpx.Response, status: int) -> str:
    """Return what a problem tells."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    return str(response.json()["detail"])


def labels(client: TestClient, address: str) -> list[str]:
    found = rows(client.get(f"/api/queries/{address}", headers={"Accept": "text/csv"}))
    return [row["memberLabel"] for row in found]


def links(response: httpx.Response) -> dict[str, str]:
    found = re.findall(r'<([^>]*)>; rel="([^"]*)"', response.headers["link"])
    return {rel: url.removeprefix(BASE) for url, rel in found}


def test_the_list_tells_of_every_question(client: TestClient) -> None:
    response = client.get("/api/queries")
    assert response.headers["content-type"] == "application/json"
    first, second = response.json()
    assert (first["slug"], second["slug"]) == ("members", "teams")
    assert first["version"] == SECOND
    assert first["title"] == {"nl": "Wie horen bij één team?", "en": "Who belongs to a team?"}
    assert first["address"] == f"{BASE}/api/queries/members"
    assert [one["name"] for one in first["parameters"]] == [
        *("team", "day", "least", "word", "language")
    ]
    team, day, least, *_ = first["parameters"]
    assert team["default"] == "https://w3id.org/samenhang/id/team/red"
    assert (day["type"], day["default"]) == ("date", None)
    assert (least["minimum"], least["maximum"], least["default"]) == (0, 9, "0")


def test_the_list_is_not_sent_to_those_who_have_it(client: TestClient) -> None:
    tag = client.get("/api/queries").headers["etag"]
    response = client.get("/api/queries", headers={"If-None-Match": tag})
    assert (response.status_code, response.content) == (304, b"")


def test_a_question_is_answered_with_its_defaults(client: TestClient) -> None:
    assert labels(client, "members") == ["Ann", "member:di", "the Bo"]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("team=red&least=3", ["the Bo"]),
        ("team=https%3A%2F%2Fw3id.org%2Fsamenhang%2Fid%2Fteam%2Fred&day=2018-01-01", ["Ann"]),
        ("word=Bo&language=nl", ["de Bo"]),
        ("word=&day=&least=2", ["Ann", "the Bo"]),
        ("word=%22%20%7D%20UNION%20%7B%20%3Fs%20%3Fp%20%3Fo", []),
        ("word=%5Cu0022%29%7D%23", []),
        ("least=9", []),
    ],
)
def test_parameters_are_those_of_the_address(
    asked: str, expected: list[str], client: TestClient
) -> None:
    assert labels(client, f"members?{asked}") == expected


@pytest.mark.parametrize("name", MEDIA_TYPES)
def test_the_format_is_negotiated_or_named(name: str, client: TestClient) -> None:
    wanted = MEDIA_TYPES[name].partition(";")[0]
    one = client.get("/api/queries/members", headers={"Accept": wanted})
    other = client.get(f"/api/queries/members?format={name}", headers={"Accept": "text/html"})
    assert one.content == other.content
    for response in (one, other):
        assert response.headers["content-type"] == MEDIA_TYPES[name]
        assert response.headers["vary"] == "Accept, Accept-Encoding"
        assert response.headers["access-control-allow-origin"] == "*"
    assert len(one.content) > 100


def test_a_table_comes_with_the_name_of_a_file(client: TestClient) -> None:
    given = client.get("/api/queries/members?format=csv").headers["content-disposition"]
    assert given == 'attachment; filename="members.csv"'
    assert "content-disposition" not in client.get("/api/queries/members").headers


def test_the_whole_answer_comes_unless_a_page_is_asked_for(client: TestClient) -> None:
    assert len(labels(client, "members?team=many")) == MANY


@pytest.mark.parametrize("data", [OLD, NEW])
def test_an_answer_that_is_streamed_comes_whole(data: str, tmp_path: Path) -> None:
    with serving_both(tmp_path, reply_buffer=1000) as client:
        url = f"/api/queries/members?team=many&format=csv&data={data}"
        response = client.get(url, headers={"Accept-Encoding": "identity"})
        assert "content-length" not in response.headers
        assert len(rows(response)) == MANY


@pytest.mark.parametrize(
    ("asked", "first", "count", "others"),
    [
        ("page=1", 0, 100, {"first": 1, "next": 2, "last": 3}),
        ("page=3", 200, 50, {"first": 1, "prev": 2, "last": 3}),
        ("size=1000", 0, 250, {"first": 1, "last": 1}),
        ("size=125&page=2", 125, 125, {"first": 1, "prev": 1, "last": 2}),
    ],
)
def test_a_page_has_its_rows_and_leads_to_the_others(
    asked: str, first: int, count: int, others: dict[str, int], client: TestClient
) -> None:
    response = client.get(f"/api/queries/members?team=many&format=csv&{asked}")
    found = [row["memberLabel"] for row in rows(response)]
    assert found == [f"member:m{number:03}" for number in range(first, first + count)]
    turns = {rel: url for rel, url in links(response).items() if rel in ("prev", "next", *others)}
    assert {rel: int(url.rpartition("=")[2]) for rel, url in turns.items()} == others
    for url in turns.values():
        assert rows(client.get(url))


def test_all_pages_are_the_whole_answer(client: TestClient) -> None:
    url, found = "/api/queries/members?team=many&format=csv&size=60", []
    while url:
        response = client.get(url)
        found += rows(response)
        url = links(response).get("next", "")
    assert found == rows(client.get("/api/queries/members?team=many&format=csv"))


@pytest.mark.parametrize("asked", ["page=4&team=many", "page=2", "page=2&least=9"])
def test_beyond_the_last_page_is_nothing(asked: str, client: TestClient) -> None:
    assert "page=" in detail(client.get(f"/api/queries/members?{asked}"), 404)


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ("page=0", "page"),
        ("page=x", "page"),
        ("page=1234567", "page"),
        ("size=1001", "size"),
        ("size=0", "size"),
        ("team=blue", "team"),
        ("team=empty", "team"),
        ("team=red&team=red", "team"),
        ("day=31-01-2018", "day"),
        ("least=10", "least"),
        ("least=two", "least"),
        ("word=%07", "word"),
        ("language=fr", "language"),
        ("colour=red", "colour"),
    ],
)
def test_a_parameter_that_is_refused_is_named(asked: str, name: str, client: TestClient) -> None:
    response = client.get(f"/api/queries/members?{asked}")
    assert name in detail(response, 400)
    assert list(response.json()["parameters"]) == [name]


def test_all_that_is_wrong_is_told_at_once(client: TestClient) -> None:
    problem = client.get("/api/queries/members?team=blue&day=x&least=3").json()
    assert list(problem["parameters"]) == ["team", "day"]


@pytest.mark.parametrize("asked", ["format=pdf", "data=a&data=b", "word=%FF", "word=%00"])
def test_a_request_that_cannot_be_understood_answers_400(asked: str, client: TestClient) -> None:
    assert detail(client.get(f"/api/queries/members?{asked}"), 400)


def test_what_is_not_acceptable_answers_406(client: TestClient) -> None:
    response = client.get("/api/queries/members", headers={"Accept": "image/png"})
    for media_type in MEDIA_TYPES.values():
        assert media_type.partition(";")[0] in detail(response, 406)


def test_a_name_that_is_none_answers_404_with_those_like_it(client: TestClient) -> None:
    response = client.get("/api/queries/membres")
    assert "/queries/membres" in detail(response, 404)
    assert response.json()["near"] == {"Who belongs to a team?": "/queries/members"}


@pytest.mark.parametrize("path", ["/", "members/x", "members/x/y", "%2e%2e", "members%2Fx"])
def test_other_paths_answer_404(path: str, client: TestClient) -> None:
    assert "Nothing is said of" in detail(client.get(f"/api/queries/{path}"), 404)


def test_an_answer_is_not_sent_to_those_who_have_it(client: TestClient) -> None:
    url = "/api/queries/members?team=red"
    tag = client.get(url).headers["etag"]
    response = client.get(url, headers={"If-None-Match": tag})
    assert (response.status_code, response.content) == (304, b"")
    others = [
        client.get(other, headers={"If-None-Match": tag, **fields})
        for other, fields in (
            ("/api/queries/members?team=many", {}),
            (url, {"Accept": "text/csv"}),
            (f"{url}&data={OLD}", {}),
            (f"/api/queries/members/{FIRST}?team=red", {}),
            (f"{url}&page=1", {}),
        )
    ]
    assert [one.status_code for one in others] == [200] * 5


def test_the_head_of_an_answer_has_no_body(client: TestClient) -> None:
    response = client.head("/api/queries/members")
    assert response.status_code == 200
    assert response.content == b""
    assert int(response.headers["content-length"]) > 100


def test_any_page_may_ask(client: TestClient) -> None:
    response = client.options("/api/queries/members")
    assert response.status_code == 204
    assert response.headers["allow"] == "GET, HEAD, OPTIONS"


def test_nothing_can_be_posted(client: TestClient) -> None:
    response = client.post("/api/queries/members")
    assert "use GET, HEAD, OPTIONS" in detail(response, 405)
    assert response.headers["allow"] == "GET, HEAD, OPTIONS"


def test_an_answer_is_compressed_for_those_who_like_that(client: TestClient) -> None:
    url = "/api/queries/members?team=many"
    plain = client.get(url, headers={"Accept-Encoding": "identity"})
    packed = client.get(url, headers={"Accept-Encoding": "gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.json() == plain.json()
    assert packed.headers["etag"] != plain.headers["etag"]


def test_the_data_can_be_that_of_a_version(client: TestClient) -> None:
    assert labels(client, f"members?data={OLD}") == ["Ann", "member:cy", "the Bo"]
    assert labels(client, f"members?data={NEW}") == labels(client, "members")


def test_the_question_can_be_that_of_a_version(client: TestClient) -> None:
    for version in (FIRST, SECOND):
        assert labels(client, f"members/{version}?least=3") == ["the Bo"]


@pytest.mark.parametrize("path", [f"members/{'0' * 12}", f"members?data={'0' * 12}", "members/x"])
def test_a_version_that_never_was_answers_404(path: str, client: TestClient) -> None:
    version = path.removeprefix("members")[1:].removeprefix("data=")
    assert f"{version} here" in detail(client.get(f"/api/queries/{path}"), 404)


def test_a_version_that_can_be_asked_no_more_answers_410(client: TestClient) -> None:
    response = client.get(f"/api/queries/members/{UNREADABLE}")
    told = detail(response, 410)
    assert "can no longer be asked here" in told
    assert f"its newest version is /queries/members and its file is {told.split()[-1]}" in told
    assert client.get(told.split()[-1].rstrip(".")).text == PAST
    assert response.json()["near"] == {"Who belongs to a team?": "/queries/members"}


def test_a_question_that_was_withdrawn_answers_410_and_its_version_can_be_asked(
    client: TestClient,
) -> None:
    told = detail(client.get(f"/api/queries/{WITHDRAWN_ONE}"), 410)
    assert f"its newest version is /queries/{WITHDRAWN_ONE}/{FIRST}." in told
    response = client.get(f"/api/queries/{WITHDRAWN_ONE}/{FIRST}")
    assert response.status_code == 200
    assert links(response)["describedby"] == f"/queries/{WITHDRAWN_ONE}/{FIRST}"


def test_a_refusal_is_in_english_with_the_name_of_the_parameter(client: TestClient) -> None:
    problem = client.get("/api/queries/members?day=x&language=nl").json()
    assert problem["parameters"] == {"day": "day is a date such as 2018-01-31."}


def test_an_answer_leads_to_its_page_and_to_where_it_stays(client: TestClient) -> None:
    found = links(client.get("/api/queries/members?least=2"))
    assert found["describedby"] == "/queries/members"
    assert found["cite-as"] == f"/queries/members/{SECOND}?data={NEW}&least=2"
    page = client.get(found["cite-as"], headers={"Accept": "text/html"})
    assert page.status_code == 200


def test_an_empty_answer_leads_to_why(client: TestClient) -> None:
    response = client.get("/api/queries/members?least=9")
    assert json.loads(response.text)["results"]["bindings"] == []
    assert links(response)["help"].startswith("/sparql/explain?query=")
