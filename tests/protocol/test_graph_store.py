"""The graph store as SPARQL 1.1 Graph Store HTTP Protocol has it, for reading, from outside.

Each test names the clause; https://www.w3.org/TR/sparql11-http-rdf-update/.
"""

import httpx
import pytest
from pyoxigraph import NamedNode, RdfFormat, Store

GRAPH = "https://w3id.org/samenhang/graph/"
SOURCES = f"{GRAPH}sources"


def get(url: str, parameters: dict[str, str] | str, accept: str = "*/*") -> httpx.Response:
    headers = {"Accept": accept}
    return httpx.get(f"{url}/graphs", params=parameters, headers=headers, timeout=60)


def loaded(answer: httpx.Response) -> Store:
    assert answer.status_code == 200, answer.text
    form = RdfFormat.from_media_type(answer.headers["content-type"])
    assert form
    copy = Store()
    copy.load(answer.content, form)
    return copy


def problem(answer: httpx.Response, status: int) -> str:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    detail: str = answer.json()["detail"]
    return detail


# 4.2, 5.2: "GET … retrieves an RDF payload that is a serialization of the named graph".
@pytest.mark.parametrize("path", ["sources", "ontology", "case/ede-west", "inferred"])
def test_a_named_graph_is_had_whole_and_nothing_else(url: str, store: Store, path: str) -> None:
    graph = NamedNode(GRAPH + path)
    expected = {quad.triple for quad in store.quads_for_pattern(None, None, None, graph)}
    assert expected
    found = loaded(get(url, {"graph": graph.value}, "application/n-triples"))
    blank = any("_:" in str(triple) for triple in expected)
    assert len(found) == len(expected)
    assert blank or {quad.triple for quad in found} == expected


# 4.2: "?default" is the default graph, which has what a query without FROM sees.
@pytest.mark.parametrize("parameters", ["default", "default=", "default&format=nt"])
def test_the_default_graph_is_what_a_plain_query_sees(
    url: str, store: Store, parameters: str
) -> None:
    found = loaded(get(url, parameters, "application/n-triples"))
    assert len(found) == len({quad.triple for quad in store})


# 4.2: exactly one of "graph" and "default"; the graph is named by an absolute IRI.
@pytest.mark.parametrize(
    "parameters",
    [
        "",
        "x=y",
        f"default&graph={SOURCES}",
        f"default={SOURCES}",
        f"graph={SOURCES}&graph={SOURCES}",
        "graph=",
        "graph=sources",
        "graph=%2Fgraph%2Fsources",
        "graph=%FF",
    ],
)
def test_a_request_that_names_no_single_graph_is_400(url: str, parameters: str) -> None:
    assert "graph" in problem(get(url, parameters), 400) or "%FF" in parameters


# 5.2: "If the RDF graph … does not exist … 404 Not Found".
def test_a_graph_that_is_not_there_is_404(url: str) -> None:
    assert "urn:nowhere" in problem(get(url, {"graph": "urn:nowhere"}), 404)


# 5.1, 5.2: the format is negotiated.
@pytest.mark.parametrize(
    "media_type",
    [
        "text/turtle",
        "application/n-triples",
        "application/rdf+xml",
        "application/ld+json",
        "application/trig",
        "application/n-quads",
        "text/n3",
    ],
)
def test_a_graph_comes_in_the_format_that_is_accepted(url: str, media_type: str) -> None:
    answer = get(url, {"graph": SOURCES}, media_type)
    assert answer.headers["content-type"].partition(";")[0] == media_type
    assert "accept" in answer.headers["vary"].lower()
    plain = loaded(get(url, {"graph": SOURCES}, "application/n-triples"))
    assert len(loaded(answer)) == len(plain) > 0


def test_a_format_can_be_named(url: str) -> None:
    answer = get(url, {"graph": SOURCES, "format": "jsonld"})
    assert answer.headers["content-type"] == "application/ld+json"
    assert isinstance(answer.json(), list)


def test_rows_are_406_and_the_formats_of_triples_are_told(url: str) -> None:
    text = problem(get(url, {"graph": SOURCES}, "text/csv"), 406)
    assert "application/n-quads" in text
    assert "text/csv" not in text


# 5.3 to 5.7: no other method; RFC 9110, 15.5.6: Allow.
@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE", "PATCH"])
def test_nothing_writes(url: str, method: str) -> None:
    answer = httpx.request(method, f"{url}/graphs", params={"graph": SOURCES}, content=b"")
    assert method in problem(answer, 405)
    assert answer.headers["allow"] == "GET, HEAD, OPTIONS"
    assert len(loaded(get(url, {"graph": SOURCES}))) > 0


# 5.6: HEAD is GET without the body.
def test_head_has_the_fields_of_get(url: str) -> None:
    named = {"graph": SOURCES}
    head, full = (httpx.request(name, f"{url}/graphs", params=named) for name in ("HEAD", "GET"))
    assert (head.status_code, head.content) == (200, b"")
    for field in ("content-type", "content-length", "etag"):
        assert head.headers[field] == full.headers[field]
    missing = httpx.head(f"{url}/graphs", params={"graph": "urn:nowhere"})
    assert (missing.status_code, missing.content) == (404, b"")


def test_a_graph_that_the_client_has_is_not_sent_again(url: str) -> None:
    first = get(url, {"graph": SOURCES})
    again = httpx.get(
        f"{url}/graphs",
        params={"graph": SOURCES},
        headers={"If-None-Match": first.headers["etag"]},
    )
    assert (again.status_code, again.content) == (304, b"")
