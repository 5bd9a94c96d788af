"""From the parts of an HTTP request to a query, as the SPARQL 1.1 Protocol has it."""

from urllib.parse import urlencode

import pytest

from kg.errors import BadRequest, NotAcceptable, UnsupportedMediaType
from kg.protocol import FORM, Query, parse

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
    ],
)
def test_every_form_of_request_gives_the_same_query(request_: dict) -> None:
    query = ask(**request_)
    assert query.text == ASK
    assert query.base == "http://example.org/sparql"


def test_a_parameter_is_decoded_once() -> None:
    assert ask(query_string=b"query=a%252Fb+c%2Bd").text == "a%2Fb c+d"


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_the_dataset_comes_from_the_parameters_in_their_order(method: str) -> None:
    graphs = encoded(
        ("default-graph-uri", "urn:b"), ("default-graph-uri", "urn:a"), ("named-graph-uri", "urn:c")
    )
    if method == "GET":
        query = ask(query_string=encoded(("query", ASK)) + b"&" + graphs)
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
        ({"query_string": b"query="}, "not 0"),
        ({"query_string": b"query=a&query=b"}, "not 2"),
        ({"query_string": b"query=%FF"}, "UTF-8"),
        ({"query_string": b"query=\xff"}, "UTF-8"),
        ({"query_string": b"update=CLEAR+ALL"}, "queries only"),
        ({"query_string": b"query=a&" + b"x=1&" * 1001}, "more than 1000"),
        ({"query_string": b"query=a&format=pdf"}, "format is one of json, xml"),
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
        "multipart/form-data; boundary=x",
    ],
)
def test_a_body_of_another_kind_is_refused(content_type: str | None) -> None:
    with pytest.raises(UnsupportedMediaType, match="application/sparql-query"):
        ask(method="POST", content_type=content_type, body=ASK.encode())


@pytest.mark.parametrize(
    ("accept", "results", "rdf"),
    [
        (None, "json", "turtle"),
        ("*/*", "json", "turtle"),
        ("text/csv", "csv", None),
        ("text/turtle", None, "turtle"),
        ("application/sparql-results+xml, application/rdf+xml", "xml", "rdfxml"),
        ("application/json", "json", None),
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


def test_a_named_format_goes_before_accept() -> None:
    query = ask(query_string=b"query=a&format=csv", accept="text/turtle")
    assert query.results
    assert query.results.name == "csv"
    assert query.rdf is None


def test_what_cannot_be_had_is_not_acceptable_and_the_offers_are_named() -> None:
    with pytest.raises(NotAcceptable, match="text/csv") as caught:
        ask(query_string=b"query=a", accept="image/png")
    assert "text/turtle" in caught.value.offered
