"""What HTTP adds to the protocols: who may read an answer, how long it holds, how it is packed."""

import gzip

import httpx
import pytest

ROWS = "SELECT * { ?s ?p ?o } ORDER BY ?s ?p ?o LIMIT 500"
ASKED = [
    ("/sparql", {"query": "ASK {}"}),
    ("/sparql", {"query": "ASK {"}),
    ("/sparql", {"query": "ASK { SERVICE <urn:x> {} }"}),
    ("/sparql", {}),
    ("/sparql/explain", {"query": "SELECT * { ?s <urn:none> ?o }"}),
    ("/graphs", {"graph": "https://w3id.org/samenhang/graph/sources"}),
    ("/graphs", {"graph": "urn:nowhere"}),
]
PATHS = ["/sparql", "/sparql/explain", "/graphs"]


def get(url: str, query: str, **fields: str) -> httpx.Response:
    return httpx.get(f"{url}/sparql", params={"query": query}, headers=fields, timeout=60)


# https://fetch.spec.whatwg.org/#http-access-control-allow-origin
@pytest.mark.parametrize(("path", "parameters"), ASKED)
def test_any_page_may_read_any_answer(url: str, path: str, parameters: dict) -> None:
    answer = httpx.get(f"{url}{path}", params=parameters, headers={"Origin": "https://example.org"})
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.content


# https://fetch.spec.whatwg.org/#cors-preflight-fetch
@pytest.mark.parametrize("path", PATHS)
def test_any_page_may_ask_in_every_form(url: str, path: str) -> None:
    method = "GET" if path == "/graphs" else "POST"
    answer = httpx.options(
        f"{url}{path}",
        headers={
            "Origin": "https://example.org",
            "Access-Control-Request-Method": method,
            "Access-Control-Request-Headers": "content-type",
        },
    )
    assert answer.is_success
    assert answer.content == b""
    assert answer.headers["access-control-allow-origin"] == "*"
    assert method in answer.headers["access-control-allow-methods"].split(", ")
    headers = answer.headers["access-control-allow-headers"].lower()
    assert headers == "*" or "content-type" in headers


# RFC 9110, 9.3.7 and 10.2.1.
@pytest.mark.parametrize("path", PATHS)
def test_options_tells_the_methods(url: str, path: str) -> None:
    answer = httpx.options(f"{url}{path}")
    assert answer.is_success
    expected = {"GET", "HEAD", "OPTIONS"} | (set() if path == "/graphs" else {"POST"})
    assert set(answer.headers["allow"].split(", ")) == expected
    for method in expected - {"OPTIONS"}:
        assert httpx.request(method, f"{url}{path}").status_code not in (405, 501)


# RFC 9110, 8.8.3 and 13.1.2.
def test_an_answer_that_the_client_has_is_not_sent_again(url: str) -> None:
    first = get(url, ROWS)
    tag = first.headers["etag"]
    assert tag.endswith('"')
    for condition in (tag, f'"other", {tag}', f"W/{tag.removeprefix('W/')}"):
        again = get(url, ROWS, **{"If-None-Match": condition})
        assert (again.status_code, again.content) == (304, b""), condition
        assert again.headers["etag"] == tag
        assert again.headers["vary"] == first.headers["vary"]
        assert again.headers["access-control-allow-origin"] == "*"
    changed = get(url, ROWS, **{"If-None-Match": '"other"'})
    assert (changed.status_code, changed.content) == (200, first.content)


# RFC 9110, 8.8.3: a tag tells apart what is not the same; a strong one also how it is packed.
def test_tags_tell_queries_formats_and_codings_apart(url: str) -> None:
    answers = [
        get(url, ROWS, **{"Accept-Encoding": "identity"}),
        get(url, ROWS.replace("500", "499"), **{"Accept-Encoding": "identity"}),
        get(url, ROWS, **{"Accept-Encoding": "identity", "Accept": "text/csv"}),
    ]
    tags = {answer.headers["etag"] for answer in answers}
    assert len(tags) == len(answers)
    packed = get(url, ROWS, **{"Accept-Encoding": "gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.headers["etag"].startswith("W/") or packed.headers["etag"] not in tags


@pytest.mark.parametrize("call", ["NOW()", "RAND()", "UUID()", "STRUUID()", "BNODE()"])
def test_what_differs_from_time_to_time_is_not_kept(url: str, call: str) -> None:
    text = f"SELECT ({call} AS ?x) {{}}"
    first, second = get(url, text), get(url, text)
    assert "etag" not in first.headers
    assert first.headers["cache-control"] == "no-store"
    if call != "BNODE()":
        assert first.json() != second.json()


# RFC 9110, 12.5.3 and 8.4.
@pytest.mark.parametrize("coding", ["gzip", "br", "zstd"])
def test_an_answer_is_packed_as_the_client_can_unpack_it(url: str, coding: str) -> None:
    plain = get(url, ROWS, **{"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    with httpx.stream(
        "GET", f"{url}/sparql", params={"query": ROWS}, headers={"Accept-Encoding": coding}
    ) as packed:
        raw = b"".join(packed.iter_raw())
    assert packed.headers["content-encoding"] == coding
    assert {"accept", "accept-encoding"} <= set(packed.headers["vary"].lower().split(", "))
    assert len(raw) < len(plain.content) / 2
    assert int(packed.headers["content-length"]) == len(raw)
    if coding == "gzip":
        assert gzip.decompress(raw) == plain.content


@pytest.mark.parametrize("accepted", ["gzip;q=0", "*;q=0", "deflate", ""])
def test_an_answer_is_not_packed_in_another_way(url: str, accepted: str) -> None:
    answer = get(url, ROWS, **{"Accept-Encoding": accepted})
    assert answer.status_code == 200
    assert "content-encoding" not in answer.headers
    assert len(answer.json()["results"]["bindings"]) == 500


# RFC 9457: an error as the client wants to read it.
@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("*/*", "application/problem+json"),
        ("application/sparql-results+json", "application/problem+json"),
        ("application/problem+json", "application/problem+json"),
        ("text/plain", "text/plain; charset=utf-8"),
        ("text/html", "text/html; charset=utf-8"),
    ],
)
def test_an_error_comes_as_accepted(url: str, accept: str, media_type: str) -> None:
    answer = get(url, "SELECT <script> {", Accept=accept)
    assert answer.status_code in (400, 406)
    assert answer.headers["content-type"] == media_type
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "<script>" not in answer.text or media_type != "text/html; charset=utf-8"


def test_a_query_without_rows_is_explained(url: str) -> None:
    query = "SELECT * { ?s <https://w3id.org/samenhang/ontology#startdate> ?o }"
    answer = httpx.get(f"{url}/sparql/explain", params={"query": query}, timeout=60)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("application/json")
    assert "startDate" in answer.text
    posted = httpx.post(
        f"{url}/sparql/explain",
        content=query,
        headers={"Content-Type": "application/sparql-query"},
        timeout=60,
    )
    assert posted.json() == answer.json()
