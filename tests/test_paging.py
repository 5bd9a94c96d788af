"""Lists of which a page is shown at a time."""

import pytest
from fastapi import Request

from kg.errors import BadRequest, ResourceNotFound
from kg.routes.paging import Page, page_of, turns

THINGS = tuple("abcdefg")


def request(query: str) -> Request:
    scope = {"type": "http", "path": "/doc/pilot", "headers": [], "scheme": "https"}
    return Request(scope | {"server": ("kg.example", 443), "query_string": query.encode()})


@pytest.mark.parametrize(
    ("query", "here", "number"), [("", "abc", 1), ("page=2", "def", 2), ("page=03", "g", 3)]
)
def test_a_page_has_its_part_of_the_list(query: str, here: str, number: int) -> None:
    assert page_of(request(query), THINGS, 3) == Page(tuple(here), number, 3, 7)


def test_an_empty_list_has_one_page() -> None:
    assert page_of(request(""), (), 3) == Page((), 1, 1, 0)


@pytest.mark.parametrize("query", ["page=0", "page=-1", "page=x", "page=", "page=1234567"])
def test_what_is_no_number_is_refused(query: str) -> None:
    with pytest.raises(BadRequest, match="number of a page"):
        page_of(request(query), THINGS, 3)


@pytest.mark.parametrize("query", ["page=4", "page=999999"])
def test_a_page_beyond_the_last_is_not_found(query: str) -> None:
    with pytest.raises(ResourceNotFound, match=query):
        page_of(request(query), THINGS, 3)


@pytest.mark.parametrize(
    ("number", "rels"),
    [(1, {"next": 2}), (2, {"prev": 1, "next": 3}), (3, {"prev": 2})],
    ids=["first", "middle", "last"],
)
def test_a_page_leads_to_those_beside_it(number: int, rels: dict[str, int]) -> None:
    links = turns(request("q=a&page=9"), number, 3)
    expected = {rel: f"https://kg.example/doc/pilot?q=a&page={to}" for rel, to in rels.items()}
    assert {link.rel: link.href for link in links} == expected
