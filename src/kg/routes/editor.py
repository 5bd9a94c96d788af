"""``/query``: the editor of queries, with the query that the address holds or else an example."""

from fastapi import APIRouter, Request, Response

from kg.routes.documents import routes
from kg.routes.pages import examples
from kg.routes.views import Views, language_of
from kg.settings import Settings

__all__ = ["router"]


def router(settings: Settings, views: Views) -> APIRouter:
    """Return the routes of the editor; raises ``FileError`` if the example is no question."""
    example = examples(settings)

    async def editor(request: Request) -> Response:
        given = request.query_params.get("query", "").strip()
        query = given or example[language_of(request)]
        return views.render("query.html", request, query=query, is_own=bool(given))

    return routes({"/query": editor})
