"""``/search``: things by the words in their names."""

from dataclasses import dataclass
from math import ceil
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from pyoxigraph import NamedNode

from kg import queries
from kg.deployment import Deployment
from kg.engine.base import select
from kg.names import names
from kg.routes.described import page_number
from kg.routes.documents import METHODS, client
from kg.routes.views import Views, language_of
from kg.search import MOST, find

__all__ = ["router"]

LONGEST = 200  # characters of what is searched for
ON_A_PAGE = 50


@dataclass(frozen=True)
class Found:
    """A thing that was found, and the IRIs of its classes."""

    iri: str
    types: tuple[str, ...]


def router(deployment: Deployment, views: Views) -> APIRouter:
    """Return the routes of the search; a page raises a ``RequestError`` if there is no answer."""

    async def search(request: Request) -> Response:
        language, asks = language_of(request), client(request)
        words = " ".join(request.query_params.get("q", "").split())[:LONGEST]
        number = page_number(request.query_params.get("page", "1"))
        things = await find(deployment, words, asks)
        here = things[:MOST][ON_A_PAGE * (number - 1) : ON_A_PAGE * number]
        results = await _typed(deployment, here, asks)
        mentioned = [iri for found in results for iri in (found.iri, *found.types)]
        return views.render(
            "search.html",
            request,
            words=words,
            results=results,
            names=await names(deployment, mentioned, language, asks),
            total=min(len(things), MOST),
            more=len(things) > MOST,
            number=number,
            pages=max(1, ceil(min(len(things), MOST) / ON_A_PAGE)),
            query=f"{urlencode({'q': words})}&",
        )

    routes = APIRouter()
    for prefix in ("", "/nl"):
        routes.add_route(f"{prefix}/search", search, METHODS, include_in_schema=False)
    return routes


async def _typed(deployment: Deployment, things: list[str], asks: str) -> list[Found]:
    """Return things with the classes that are stated, not inferred."""
    query = queries.bound(queries.read("types"), "thing", map(NamedNode, things))
    types: dict[str, list[str]] = {}
    for row in await select(deployment, query, asks) if things else ():
        types.setdefault(row["thing"].value, []).append(row["type"].value)
    return [Found(one, tuple(types.get(one, ()))) for one in things]
