"""The endpoint as a client sees it: a real server, spoken to over HTTP."""

import csv
import io
import json
import socket
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from pyoxigraph import QueryResultsFormat, RdfFormat, Store, parse_query_results

from kg.build import Build
from serving import CURL, KG, PARTNERS, ROOT, serving

PARTIES = (ROOT / "queries/agreements/parties.rq").read_text()
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
ABUNDANT = "SELECT * { ?a ?b ?c . ?d ?e ?f }"


@pytest.fixture(scope="module")
def strict(built: Build, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a service with small limits."""
    settings = {
        "KG_BUILD": str(built.path.parent),
        "KG_PROJECT": str(ROOT),
        "KG_QUERY_TIMEOUT": "1",
        "KG_REPLY_BUFFER": "1000",
        "KG_REQUEST_BODY": "2000",
    }
    with serving(KG, tmp_path_factory.mktemp("strict"), settings) as address:
        yield address


def get(url: str, query: str, accept: str = "*/*", **parameters: str) -> httpx.Response:
    return httpx.get(
        f"{url}/sparql",
        params={"query": query, **parameters},
        headers={"Accept": accept},
        timeout=60,
    )


def post(url: str, body: bytes, content_type: str) -> httpx.Response:
    headers = {"Content-Type": content_type} if content_type else {}
    return httpx.post(f"{url}/sparql", content=body, headers=headers, timeout=60)


def test_the_ede_declaration_of_intent_has_nine_labelled_parties(url: str) -> None:
    answer = get(url, PARTIES, "text/csv")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.reader(io.StringIO(answer.text)))[1:]
    assert len(rows) == 9
    assert {cell for row in rows for cell in row} >= set(PARTNERS)


@pytest.mark.parametrize("form", ["GET", "form", "direct"])
def test_every_form_of_request_is_answered(url: str, form: str) -> None:
    query = "SELECT ('é&+%' AS ?x) {}"
    if form == "GET":
        answer = get(url, query)
    elif form == "form":
        answer = httpx.post(f"{url}/sparql", data={"query": query})
    else:
        answer = post(url, query.encode(), "application/sparql-query")
    assert answer.status_code == 200
    assert answer.json()["results"]["bindings"][0]["x"]["value"] == "é&+%"


@pytest.mark.parametrize(
    "media_type",
    [
        "application/sparql-results+json",
        "application/sparql-results+xml",
        "text/csv",
        "text/tab-separated-values",
    ],
)
def test_rows_come_in_the_media_type_that_is_asked_for(url: str, media_type: str) -> None:
    answer = get(url, "SELECT (1 AS ?x) {}", media_type)
    assert answer.headers["content-type"].partition(";")[0] == media_type
    assert answer.headers["vary"] == "Accept, Accept-Encoding"
    assert int(answer.headers["content-length"]) == len(answer.content)
    if media_type == "text/csv":
        assert answer.text == "x\r\n1\r\n"
    else:
        results = QueryResultsFormat.from_media_type(media_type)
        (row,) = parse_query_results(answer.content, results)
        assert row["x"].value == "1"


@pytest.mark.parametrize(
    "media_type",
    [
        "text/turtle",
        "application/n-triples",
        "application/rdf+xml",
        "application/ld+json",
    ],
)
def test_triples_come_in_the_media_type_that_is_asked_for(url: str, media_type: str) -> None:
    answer = get(url, "CONSTRUCT { <urn:a> <urn:b> 'é'@nl } {}", media_type)
    assert answer.headers["content-type"].partition(";")[0] == media_type
    store = Store()
    store.load(answer.content, RdfFormat.from_media_type(media_type))
    (quad,) = store
    assert quad.object.value == "é"
    assert quad.object.language == "nl"


def test_a_format_can_be_named(url: str) -> None:
    assert get(url, "SELECT (1 AS ?x) {}", format="csv").text == "x\r\n1\r\n"


def test_head_has_the_fields_of_get_and_no_body(url: str) -> None:
    query = {"query": "ASK {}"}
    head, full = (httpx.request(m, f"{url}/sparql", params=query) for m in ("HEAD", "GET"))
    assert head.status_code == 200
    assert head.content == b""
    for field in ("content-type", "content-length"):
        assert head.headers[field] == full.headers[field]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("SELECT * { ?s a <https://w3id.org/samenhang/ontology#Pilot> }", 16),
        (
            "SELECT * FROM <https://w3id.org/samenhang/graph/sources> "
            "{ ?s a <https://w3id.org/samenhang/ontology#Pilot> }",
            0,
        ),
        (
            "SELECT ?g { GRAPH ?g { ?s a <https://w3id.org/samenhang/ontology#Pilot> } }",
            16,
        ),
    ],
)
def test_a_plain_query_sees_the_union_of_all_graphs(url: str, text: str, count: int) -> None:
    assert len(get(url, text).json()["results"]["bindings"]) == count


def test_the_graphs_of_the_protocol_go_before_those_of_the_query(url: str) -> None:
    sources = "https://w3id.org/samenhang/graph/sources"
    text = "SELECT * FROM <urn:none> { ?s a <https://w3id.org/samenhang/ontology#SourceDocument> }"
    answer = get(url, text, **{"default-graph-uri": sources})
    assert len(answer.json()["results"]["bindings"]) == 5


def test_relative_iris_resolve_against_the_endpoint(url: str) -> None:
    answer = get(url, "SELECT (<x> AS ?x) {}").json()
    assert answer["results"]["bindings"][0]["x"]["value"] == f"{url}/x"


def problem(answer: httpx.Response, status: int) -> dict:
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    members = answer.json()
    assert members["status"] == status
    assert members["title"]
    return members


def test_a_syntax_error_is_400_with_line_and_column(url: str) -> None:
    members = problem(get(url, "SELECT * {\n  ?s ?p }"), 400)
    assert (members["line"], members["column"]) == (2, 9)
    assert "value" in members["hint"]


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"ASK {}", "text/plain", 415),
        (b"ASK {}", "", 415),
        (b"CLEAR ALL", "application/sparql-update", 415),
        (b"update=CLEAR+ALL", "application/x-www-form-urlencoded", 400),
        (b"\xff", "application/sparql-query", 400),
        (b"CLEAR ALL", "application/sparql-query", 400),
        (b"query=ASK+%7B%7D&query=ASK+%7B%7D", "application/x-www-form-urlencoded", 400),
    ],
)
def test_a_body_that_is_no_query_is_refused(
    url: str, body: bytes, content_type: str, status: int
) -> None:
    assert problem(post(url, body, content_type), status)["detail"]


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_other_methods_are_405_and_told_which_are_allowed(url: str, method: str) -> None:
    answer = httpx.request(method, f"{url}/sparql")
    assert "GET, HEAD, POST, OPTIONS" in problem(answer, 405)["detail"]
    assert answer.headers["allow"] == "GET, HEAD, POST, OPTIONS"


def test_an_unacceptable_media_type_is_406_and_told_what_is_offered(url: str) -> None:
    assert "text/turtle" in problem(get(url, "ASK {}", "image/png"), 406)["detail"]
    assert "text/csv" in problem(get(url, "ASK {}", "text/turtle"), 406)["detail"]


def test_service_is_403(url: str) -> None:
    text = "SELECT * { SERVICE <http://example.org/> { ?s ?p ?o } }"
    assert "SERVICE" in problem(get(url, text), 403)["detail"]


def test_a_body_over_the_limit_is_413(strict: str) -> None:
    answer = post(strict, b"ASK {}" + b" " * 2000, "application/sparql-query")
    assert "2000 bytes" in problem(answer, 413)["detail"]


def test_a_query_over_its_time_is_504_and_others_are_answered_meanwhile(strict: str) -> None:
    with ThreadPoolExecutor() as pool:
        slow = pool.submit(get, strict, ENDLESS)
        time.sleep(0.1)
        assert get(strict, "ASK {}").json()["boolean"] is True
        assert "1 seconds" in problem(slow.result(), 504)["detail"]
    assert httpx.get(f"{strict}/health").json()["status"] == "ok"


def test_a_nested_query_that_overflows_the_stack_is_400_and_the_next_answered(url: str) -> None:
    nested = "SELECT * {" + "{" * 20_000 + "}" * 20_000 + "}"
    answer = post(url, nested.encode(), "application/sparql-query")
    assert "nested" in problem(answer, 400)["detail"]
    assert get(url, "ASK {}").status_code == 200


def test_a_long_answer_that_fails_is_visibly_incomplete(strict: str) -> None:
    with pytest.raises(httpx.RemoteProtocolError):
        get(strict, ABUNDANT)
    assert get(strict, "ASK {}").status_code == 200


@pytest.mark.parametrize(("query", "status"), [("ASK{}", b"200"), (ABUNDANT, b"505")])
def test_http_1_0_gets_what_has_a_length_and_is_refused_what_has_none(
    strict: str, query: str, status: bytes
) -> None:
    host, port = strict.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as client:
        line = f"GET /sparql?query={query.replace(' ', '+')} HTTP/1.0\r\n\r\n"
        client.sendall(line.encode())
        answer = b"".join(iter(lambda: client.recv(65536), b""))
    assert answer.split()[1] == status
    assert b"chunked" not in answer.lower()


@CURL
def test_curl_says_that_a_broken_answer_is_partial(strict: str) -> None:
    curl = subprocess.run(
        ["curl", "-sS", f"{strict}/sparql", "--data-urlencode", f"query={ABUNDANT}"],
        capture_output=True,
        check=False,
    )
    assert curl.returncode == 18  # partial file


def test_a_client_that_leaves_frees_its_worker(built: Build, tmp_path: Path) -> None:
    settings = {
        "KG_BUILD": str(built.path.parent),
        "KG_PROJECT": str(ROOT),
        "KG_QUERY_WORKERS": "1",
        "KG_QUERY_TIMEOUT": "3600",
    }
    with serving(KG, tmp_path, settings) as url:
        _leave_five_times(url)
        assert get(url, "ASK {}").json()["boolean"] is True


def _leave_five_times(url: str) -> None:
    host, port = url.removeprefix("http://").split(":")
    body = f"GET /sparql?query={ENDLESS.replace(' ', '+')} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
    for _ in range(5):
        with socket.create_connection((host, int(port))) as client:
            client.sendall(body)
            time.sleep(0.1)


def test_a_browser_that_follows_a_link_to_the_endpoint_comes_to_the_editor(url: str) -> None:
    accept = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    answer = httpx.get(f"{url}/sparql", headers={"Accept": accept})
    assert answer.status_code == 303
    assert answer.headers["location"] == "/query"


def test_the_answer_is_json_to_the_letter(url: str) -> None:
    text = "SELECT ?x { VALUES ?x { 'a\"b\\\\c\\n' 'é'@nl 4 <urn:x> } }"
    bindings = json.loads(get(url, text).content)["results"]["bindings"]
    assert [row["x"] for row in bindings] == [
        {"type": "literal", "value": 'a"b\\c\n'},
        {"type": "literal", "value": "é", "xml:lang": "nl"},
        {
            "type": "literal",
            "value": "4",
            "datatype": "http://www.w3.org/2001/XMLSchema#integer",
        },
        {"type": "uri", "value": "urn:x"},
    ]
