"""From a request by the Graph Store Protocol to the query for a graph, and whether it is there."""

import asyncio

import pytest

from kg.engine.fake import FakeEngine
from kg.errors import BadRequest, EngineFailed, GraphNotFound, MethodNotAllowed, NotAcceptable
from kg.routes.graphs import graph_query, require_graph

BASE = "http://example.org/graphs"
YES, NO = b'{"head":{},"boolean":true}', b'{"head":{},"boolean":false}'


def test_a_named_graph_is_the_only_one_that_its_query_sees() -> None:
    query = graph_query("GET", b"graph=urn%3Aa%23b", "application/n-triples", BASE)
    assert query.default_graphs == ("urn:a#b",)
    assert query.named_graphs == ()
    assert query.results is None
    assert query.rdf
    assert query.rdf.name == "nt"
    assert query.base == BASE


@pytest.mark.parametrize("query_string", [b"default", b"default=", b"default&format=jsonld"])
def test_the_default_graph_is_that_of_any_query(query_string: bytes) -> None:
    query = graph_query("HEAD", query_string, None, BASE)
    assert query.default_graphs == ()
    assert query.rdf
    assert query.rdf.name == ("jsonld" if b"jsonld" in query_string else "turtle")


@pytest.mark.parametrize(
    ("query_string", "message"),
    [
        (b"", "Name one graph"),
        (b"format=turtle", "Name one graph"),
        (b"default&graph=urn:a", "Name one graph"),
        (b"graph=urn:a&graph=urn:b", "Name one graph"),
        (b"default&default", "Name one graph"),
        (b"default=urn:a", "Name one graph.* no value"),
        (b"graph=", "graph is an absolute IRI"),
        (b"graph=case/ede", "graph is an absolute IRI"),
        (b"graph=%FF", "UTF-8"),
        (b"default&format=csv", "format is one of turtle"),
    ],
)
def test_anything_but_one_graph_by_an_absolute_iri_is_refused(
    query_string: bytes, message: str
) -> None:
    with pytest.raises(BadRequest, match=message):
        graph_query("GET", query_string, None, BASE)


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE", "PATCH"])
def test_nothing_writes(method: str) -> None:
    with pytest.raises(MethodNotAllowed, match="GET, HEAD, OPTIONS"):
        graph_query(method, b"graph=urn:a", None, BASE)


def test_rows_are_not_acceptable_and_the_formats_of_triples_are_named() -> None:
    with pytest.raises(NotAcceptable, match="application/trig") as caught:
        graph_query("GET", b"default", "text/csv", BASE)
    assert "text/csv" not in caught.value.offered


def test_a_graph_that_holds_nothing_is_not_found() -> None:
    engine = FakeEngine({"ASK": NO})
    query = graph_query("GET", b"graph=urn:a", None, BASE)
    with pytest.raises(GraphNotFound, match="urn:a"):
        asyncio.run(require_graph(engine, query))
    (asked,) = engine.asked
    assert asked.default_graphs == ("urn:a",)
    asyncio.run(require_graph(FakeEngine({"ASK": YES}), query))


def test_the_default_graph_is_always_there() -> None:
    engine = FakeEngine({})
    asyncio.run(require_graph(engine, graph_query("GET", b"default", None, BASE)))
    assert engine.asked == []


def test_an_engine_that_gives_rows_for_a_question_has_failed() -> None:
    rows = b'{"head":{"vars":[]},"results":{"bindings":[]}}'
    query = graph_query("GET", b"graph=urn:a", None, BASE)
    with pytest.raises(EngineFailed, match="boolean"):
        asyncio.run(require_graph(FakeEngine({"ASK": rows}), query))
