"""The queries of the package, and terms bound into them."""

from importlib import resources

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Store

from kg import queries
from kg.dataset import Term

ROW = "SELECT ?term { VALUES ?term { UNDEF } }"
NAMES = sorted(
    file.name.removesuffix(".rq")
    for file in resources.files("kg.queries").iterdir()
    if file.name.endswith(".rq")
)
HARMLESS = [
    NamedNode("https://example.org/a"),
    Literal('"} DROP ALL #'),
    Literal("one\ntwo\\ three\r\t'''\"\"\""),
    Literal("tekst", language="nl"),
    Literal(4),
    Literal("\u0000 \u2028 \U0001f600"),
]


@pytest.mark.parametrize("term", HARMLESS, ids=range(len(HARMLESS)))
def test_a_term_comes_back_as_it_was_bound(term: Term) -> None:
    (row,) = Store().query(queries.bound(ROW, "term", [term]))
    assert row["term"] == term


def test_many_terms_make_as_many_rows() -> None:
    rows = list(Store().query(queries.bound(ROW, "term", HARMLESS)))
    assert [row["term"] for row in rows] == HARMLESS


def test_no_terms_make_no_rows() -> None:
    assert list(Store().query(queries.bound(ROW, "term", []))) == []


def test_a_query_without_the_place_is_refused() -> None:
    with pytest.raises(ValueError, match=r"no place VALUES \?thing"):
        queries.bound(ROW, "thing", [BlankNode()])


@pytest.mark.parametrize("name", NAMES)
def test_each_query_runs_and_says_what_it_asks(name: str) -> None:
    text = queries.read(name)
    assert text.startswith("# ")
    Store().query(text)


def test_there_are_queries() -> None:
    assert {"names", "description", "incoming", "search"} <= set(NAMES)
