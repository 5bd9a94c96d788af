"""``/search``: things by the words in their names."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from pyoxigraph import NamedNode

from kg import queries
from kg.deployment import Deployment
from kg.engine.base import select
from kg.names import names
from kg.routes.documents import client, routes
from kg.routes.paging import page_of
from kg.routes.views import Views, language_of
from kg.search import MOST, find

__all__ = ["router"]

LONGEST = 200  # characters of what is searched for
ON_A_PAGE = 50


@dataclass(frozen=True)
class _Found:
    """A thing that was found, and the IRIs of its classes."""

    iri: str
    types: tuple[str, ...]


def router(deployment: Deployment, views: Views) -> APIRouter:
    """Return the routes of the search; a page raises a ``RequestError`` if there is no answer."""

    async def search(request: Request) -> Response:
        language, asks = language_of(request), client(request)
        words = " ".join(request.query_params.get("q", "").split())[:LONGEST]
        things = await find(deployment, words, asks)
        page = page_of(request, things[:MOST], ON_A_PAGE)
        results = await _typed(deployment, page.here, asks)
        mentioned = [iri for found in results for iri in (found.iri, *found.types)]
        return await asyncio.to_thread(
            views.render,
            "search.html",
            request,
            words=words,
            results=results,
            names=await names(deployment, mentioned, language, asks),
            total=page.total,
            more=len(things) > MOST,
            number=page.number,
            pages=page.pages,
            query=f"{urlencode({'q': words})}&",
        )

    return routes({"/search": search})


async def _typed(deployment: Deployment, things: Sequence[str], asks: str) -> list[_Found]:
    """Return things with the classes that are stated, not inferred."""
    query = queries.bound(queries.read("types"), "thing", map(NamedNode, things))
    types: dict[str, list[str]] = {}
    for row in await select(deployment, query, asks) if things else ():
        types.setdefault(row["thing"].value, []).append(row["type"].value)
    return [_Found(one, tuple(types.get(one, ()))) for one in things]
