"""From the parts of an HTTP request to a query, as the SPARQL 1.1 Protocol has it."""

from urllib.parse import urlencode

import pytest

from kg.errors import BadRequest, NotAcceptable, UnsupportedCoding, UnsupportedMediaType
from kg.formats import RDF, RESULTS, named
from kg.protocol import FORM, Query, is_operation, parse

ASK = "ASK { ?s ?p 'é & + %' }"


def ask(**parts: object) -> Query:
    request: dict = {
        "method": "GET",
        "query_string": b"",
        "content_type": None,
        "body": b"",
        "accept": None,
        "base": "http://example.org/sparql",
    }
    return parse(**(request | parts))


def encoded(*parameters: tuple[str, str]) -> bytes:
    return urlencode(parameters).encode()


@pytest.mark.parametrize(
    "request_",
    [
        {"query_string": encoded(("query", ASK))},
        {"method": "HEAD", "query_string": encoded(("query", ASK))},
        {"method": "POST", "content_type": FORM, "body": encoded(("query", ASK))},
        {
            "method": "POST",
            "content_type": f"{FORM}; charset=UTF-8",
            "body": encoded(("query", ASK)),
        },
        {"method": "POST", "content_type": "application/sparql-query", "body": ASK.encode()},
        {
            "method": "POST",
            "content_type": 'Application/SPARQL-Query; charset="utf-8"',
            "body": ASK.encode(),
        },
        {
            "method": "POST",
            "content_type": "application/sparql-query",
            "content_encoding": "identity",
            "body": ASK.encode(),
        },
        # As editors on Windows save a file.
        {
            "method": "POST",
            "content_type": "application/sparql-query",
            "body": ASK.encode("utf-8-sig"),
        },
        # A body that has no meaning, and parameters that nobody knows.
        {
            "query_string": encoded(("debug", "on"), ("query", ASK), ("", "")),
            "content_type": "text/plain",
            "body": b"ASK {",
        },
    ],
)
def test_every_form_of_request_gives_the_same_query(request_: dict) -> None:
    query = ask(**request_)
    assert query.text == ASK
    assert query.base == "http://example.org/sparql"


def test_a_parameter_is_decoded_once() -> None:
    assert ask(query_string=b"query=a%252Fb+c%2Bd").text == "a%2Fb c+d"


@pytest.mark.parametrize("method", ["GET", "POST", "form"])
def test_the_dataset_comes_from_the_parameters_in_their_order(method: str) -> None:
    graphs = encoded(
        ("default-graph-uri", "urn:b"), ("default-graph-uri", "urn:a"), ("named-graph-uri", "urn:c")
    )
    if method == "GET":
        query = ask(query_string=encoded(("query", ASK)) + b"&" + graphs)
    elif method == "form":
        body = graphs + b"&" + encoded(("query", ASK))
        query = ask(method="POST", content_type=FORM, body=body)
    else:
        query = ask(
            method="POST",
            query_string=graphs,
            content_type="application/sparql-query",
            body=ASK.encode(),
        )
    assert query.default_graphs == ("urn:b", "urn:a")
    assert query.named_graphs == ("urn:c",)


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        ({}, "not 0"),
        ({"query_string": b"query="}, "empty"),
        ({"method": "POST", "content_type": "application/sparql-query"}, "empty"),
        ({"method": "POST", "content_type": FORM}, "not 0"),
        ({"query_string": b"query=a&query=b"}, "not 2"),
        ({"query_string": b"query=%FF"}, "UTF-8"),
        ({"query_string": b"query=\xff"}, "UTF-8"),
        ({"query_string": b"query=%ED%A0%80"}, "UTF-8"),
        ({"query_string": b"query=ASK+%7B%7D+%23+100%"}, "character 25 .* %25"),
        ({"query_string": b"query=%zz"}, "character 7 "),
        ({"query_string": b"query=a%00"}, r"U\+0000"),
        ({"query_string": b"update=CLEAR+ALL"}, "update belongs to an update.* queries only"),
        ({"query_string": b"query=a&using-graph-uri=urn:a"}, "using-graph-uri"),
        ({"query_string": b"query=a&using-named-graph-uri=urn:a"}, "using-named-graph-uri"),
        ({"query_string": b"query=a&default-graph-uri=data.ttl"}, "default-graph-uri is an abs"),
        ({"query_string": b"query=a&named-graph-uri="}, "named-graph-uri is an absolute IRI"),
        ({"query_string": b"query=a&named-graph-uri=urn:a+b"}, "named-graph-uri is an absolute"),
        ({"query_string": b"query=a&" + b"x=1&" * 1001}, "more than 1000"),
        ({"query_string": b"query=a&format=pdf"}, "format is one of json, xml"),
        ({"query_string": b"query=a&format="}, "format is one of json, xml"),
        (
            {
                "method": "POST",
                "query_string": b"query=a",
                "content_type": FORM,
                "body": b"query=b",
            },
            "not 2",
        ),
        (
            {
                "method": "POST",
                "query_string": b"query=a",
                "content_type": "application/sparql-query",
                "body": b"b",
            },
            "second one in the URL",
        ),
        (
            {"method": "POST", "content_type": "application/sparql-query", "body": b"\xe9"},
            "UTF-8 at byte 0",
        ),
        (
            {"method": "POST", "content_type": "application/sparql-query", "body": b"ASK {}\0"},
            r"U\+0000",
        ),
        ({"method": "POST", "content_type": FORM, "body": b"a=b"}, "not 0"),
    ],
)
def test_a_request_without_exactly_one_query_in_utf8_is_refused(
    request_: dict, message: str
) -> None:
    with pytest.raises(BadRequest, match=message):
        ask(**request_)


@pytest.mark.parametrize(
    "content_type",
    [
        None,
        "",
        "text/plain",
        "application/json",
        "application/sparql-update",
        "application/sparql-query; charset=iso-8859-1",
        "application/x-www-form-urlencoded; charset=utf-16",
        "nonsense",
        "multipart/form-data; boundary=x",
    ],
)
def test_a_body_of_another_kind_is_refused(content_type: str | None) -> None:
    with pytest.raises(UnsupportedMediaType, match="application/sparql-query"):
        ask(method="POST", content_type=content_type, body=ASK.encode())


@pytest.mark.parametrize("coding", ["gzip", "br", "gzip, identity"])
def test_a_coded_body_is_refused(coding: str) -> None:
    with pytest.raises(UnsupportedCoding, match=coding) as caught:
        ask(method="POST", content_type=FORM, body=b"query=a", content_encoding=coding)
    assert caught.value.headers == {"Accept-Encoding": "identity"}


@pytest.mark.parametrize(
    ("method", "query_string", "operation"),
    [
        ("GET", b"", False),
        ("HEAD", b"format=turtle&x", False),
        ("GET", b"querying=a&x=query=a", False),
        ("GET", b"query=", True),
        ("HEAD", b"query", True),
        ("GET", b"a=b&query=ASK+%7B%7D", True),
        ("GET", b"%71uery=a", True),
        ("GET", b"update=a", True),
        ("GET", b"default-graph-uri=urn:a", True),
        ("POST", b"", True),
    ],
)
def test_a_request_with_a_parameter_of_an_operation_is_one(
    method: str, query_string: bytes, operation: bool
) -> None:
    assert is_operation(method, query_string) is operation


@pytest.mark.parametrize(
    ("accept", "results", "rdf"),
    [
        (None, "json", "turtle"),
        ("*/*", "json", "turtle"),
        ("text/csv", "csv", None),
        ("text/turtle", None, "turtle"),
        ("application/sparql-results+xml, application/rdf+xml", "xml", "rdfxml"),
        ("application/json", "json", "jsonld"),
        ("application/xml", "xml", "rdfxml"),
        ("text/plain", None, "nt"),
        ("application/n-quads, application/trig;q=0.95", None, "nq"),
        ("text/turtle;version=1.2", None, "turtle"),
        ("application/ld+json, text/tab-separated-values;q=0.3", "tsv", "jsonld"),
        ("text/html,application/xhtml+xml,*/*;q=0.8", "json", "turtle"),
    ],
)
def test_accept_decides_on_a_format_for_rows_and_one_for_triples(
    accept: str | None, results: str | None, rdf: str | None
) -> None:
    query = ask(query_string=b"query=a", accept=accept)
    assert (query.results.name if query.results else None) == results
    assert (query.rdf.name if query.rdf else None) == rdf


def test_a_client_that_asks_for_plain_json_gets_that_media_type() -> None:
    query = ask(query_string=b"query=a", accept="application/json")
    assert query.results
    assert query.results.content_type == "application/json"
    assert query.rdf
    assert query.rdf.content_type == "application/json"


def test_a_named_format_goes_before_accept() -> None:
    query = ask(query_string=b"query=a&format=csv", accept="text/turtle")
    assert query.results
    assert query.results.name == "csv"
    assert query.rdf is None
    both = ask(query_string=b"query=a&format=what&format=xml&format=csv")
    assert (both.results, both.rdf) == (named("xml", RESULTS), named("xml", RDF))


def test_what_cannot_be_had_is_not_acceptable_and_the_offers_are_named() -> None:
    with pytest.raises(NotAcceptable, match="text/csv") as caught:
        ask(query_string=b"query=a", accept="image/png")
    assert "text/turtle" in caught.value.offered
    assert "application/json" not in caught.value.offered, "it is but another name"
