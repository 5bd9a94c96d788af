"""Paging: lists of which a page is shown at a time, counted from 1 by the parameter ``page``.

Links between pages: https://www.rfc-editor.org/rfc/rfc8288
"""

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import Request

from kg.answers import pages as count_pages
from kg.errors import BadRequest, ResourceNotFound
from kg.routes.documents import Link

__all__ = ["Page", "number_of", "page_of", "require", "turns"]

PARAMETER = "page"


@dataclass(frozen=True)
class Page:
    """A page of a list: what is on it, its number, and how many there are."""

    here: tuple[str, ...]
    number: int
    pages: int
    total: int


def number_of(request: Request) -> int:
    """Return the number of the page that is asked for; raises ``BadRequest`` unless it is one."""
    text = request.query_params.get(PARAMETER, "1")
    if not (text.isascii() and text.isdecimal() and 0 < len(text) < 7 and int(text)):
        raise BadRequest("page is the number of a page, from 1.")
    return int(text)


def page_of(request: Request, things: Sequence[str], size: int) -> Page:
    """Return the page of a list that is asked for, of so many things.

    Raises ``BadRequest`` unless it has a number, ``ResourceNotFound`` beyond the last.
    """
    number, pages = number_of(request), count_pages(len(things), size)
    require(request, number, pages)
    here = things[size * (number - 1) : size * number]
    return Page(tuple(here), number, pages, len(things))


def require(request: Request, number: int, pages: int) -> None:
    """Raise ``ResourceNotFound`` unless there are so many pages."""
    if number > pages:
        raise ResourceNotFound(str(request.url))


def turns(request: Request, number: int, pages: int) -> tuple[Link, ...]:
    """Return the links to the pages before and after one.

    Raises ``ResourceNotFound`` beyond the last.
    """
    require(request, number, pages)
    near_by = {"prev": number - 1, "next": number + 1}
    return tuple(
        Link(rel, str(request.url.include_query_params(page=other)))
        for rel, other in near_by.items()
        if 1 <= other <= pages
    )
