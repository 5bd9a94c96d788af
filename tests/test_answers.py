"""Pages of answers, how many rows there are, and how answers differ."""

import asyncio

import pytest
from pyoxigraph import Literal, NamedNode

from kg.answers import Part, count, difference, part, whole
from storing import StoreEngine, trig

ENGINE = StoreEngine(
    trig("@prefix : <urn:> . :g { :a :p 1, 2, 3, 4, 5 . :b :q 'LIMIT 1', '# no comment' . }")
)
NUMBERS = "PREFIX x: <urn:>\n# All of them.\nSELECT ?n\nWHERE { x:a x:p ?n }\nORDER BY ?n # up\n"
NONE = "PREFIX x: <urn:>\nSELECT ?n\nWHERE { x:a x:q ?n }\nORDER BY ?n\n"
UNBOUND = "SELECT ?n\nWHERE { { } UNION { } }\nORDER BY ?n\n"


def page(number: int, size: int, query: str = NUMBERS) -> Part:
    return asyncio.run(part(ENGINE, query, number, size))


@pytest.mark.parametrize(
    ("number", "size", "expected", "first", "last"),
    [
        (1, 2, "12", 1, 2),
        (2, 2, "34", 3, 4),
        (3, 2, "5", 5, 5),
        (1, 5, "12345", 1, 5),
        (1, 100, "12345", 1, 5),
    ],
)
def test_a_page_has_its_rows_and_tells_how_many_there_are(
    number: int, size: int, expected: str, first: int, last: int
) -> None:
    found = page(number, size)
    assert "".join(row["n"].value for row in found.rows) == expected
    assert (found.first, found.last, found.total) == (first, last, 5)
    assert found.pages == -(-5 // size)


@pytest.mark.parametrize("number", [4, 99])
def test_beyond_the_last_page_there_are_no_rows_but_as_many_in_all(number: int) -> None:
    found = page(number, 2)
    assert (found.rows, found.total, found.pages) == ((), 5, 3)


def test_an_empty_answer_has_one_page_without_rows() -> None:
    found = page(1, 10, NONE)
    assert (found.rows, found.total, found.pages) == ((), 0, 1)


@pytest.mark.parametrize(("query", "expected"), [(NUMBERS, 5), (NONE, 0), (UNBOUND, 2)])
def test_rows_are_counted_by_the_engine(query: str, expected: int) -> None:
    assert asyncio.run(count(ENGINE, query)) == expected


def test_an_answer_comes_whole_or_not_at_all() -> None:
    rows = asyncio.run(whole(ENGINE, NUMBERS, 5))
    assert rows is not None
    assert len(rows) == 5
    assert asyncio.run(whole(ENGINE, NUMBERS, 4)) is None


A, B = {"x": NamedNode("urn:a"), "n": Literal(1)}, {"x": NamedNode("urn:b"), "n": Literal(1)}


def test_answers_differ_by_their_rows() -> None:
    found = difference([A], [B])
    assert (found.gone, found.new) == ((A,), (B,))


def test_the_order_of_rows_makes_no_difference() -> None:
    found = difference([A, B], [B, A])
    assert (found.gone, found.new) == ((), ())


def test_a_row_that_comes_once_more_is_new() -> None:
    found = difference([A], [A, A])
    assert (found.gone, found.new) == ((), (A,))


@pytest.mark.parametrize(
    "other",
    [
        {"x": NamedNode("urn:a"), "n": Literal("1")},
        {"x": NamedNode("urn:a")},
        {"x": Literal("urn:a"), "n": Literal(1)},
        {"x": NamedNode("urn:a"), "m": Literal(1)},
    ],
)
def test_rows_are_the_same_only_if_all_terms_are(other: dict[str, NamedNode | Literal]) -> None:
    found = difference([A], [other])
    assert (found.gone, found.new) == ((A,), (other,))
