"""``/query``: the editor of queries, with the query that the address holds or else an example."""

from collections.abc import Mapping

from fastapi import APIRouter, Request, Response

from kg.routes.documents import routes
from kg.routes.views import Views, language_of
from kg.texts import Language

__all__ = ["router"]


def router(example: Mapping[Language, str], views: Views) -> APIRouter:
    """Return the routes of the editor, which begins with an example."""

    async def editor(request: Request) -> Response:
        given = request.query_params.get("query", "").strip()
        query = given or example[language_of(request)]
        return views.render("query.html", request, query=query, is_own=bool(given))

    return routes({"/query": editor})
