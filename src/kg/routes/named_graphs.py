"""Named graphs: a page about each, and its content as data under its own IRI.

https://www.w3.org/TR/sparql11-http-rdf-update/#direct-graph-identification
"""

from dataclasses import dataclass
from math import ceil
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from pyoxigraph import NamedNode

from kg import queries
from kg.dataset import Statement
from kg.deployment import Deployment
from kg.description import describe
from kg.engine.base import construct, select
from kg.errors import ResourceNotFound
from kg.names import names
from kg.namespaces import GRAPH
from kg.quotations import Quotations
from kg.routes.described import missing, page_number, shown
from kg.routes.documents import METHODS, PAGES, Document, Documents, client, stem
from kg.routes.views import language_of
from kg.urls import iri, neutral

__all__ = ["content", "router"]

ON_A_PAGE = 100  # things of a graph
LARGE = 50_000  # statements; the content of a larger graph is streamed, without prefixes
CONTENT = "CONSTRUCT { ?s ?p ?o } WHERE { VALUES ?graph { UNDEF } GRAPH ?graph { ?s ?p ?o } }"


async def content(deployment: Deployment, name: NamedNode, client: str = "") -> list[Statement]:
    """Return all statements of a graph; raises a ``RequestError`` when there is no answer."""
    query = queries.bound(CONTENT, "graph", [name])
    return [
        Statement(one.subject, one.predicate, one.object, name)  # type: ignore[arg-type]
        for one in await construct(deployment, query, client)
    ]


@dataclass(frozen=True)
class _NamedGraphs:
    """Answers requests for named graphs."""

    deployment: Deployment
    documents: Documents
    quotations: Quotations

    async def all(self, request: Request) -> Response:
        """Tell which graphs there are."""
        language, asks = language_of(request), client(request)
        sizes = await self._sizes(asks)
        named = await names(self.deployment, sizes, language, asks)

        async def page() -> tuple[str, dict[str, Any]]:
            return "graphs.html", {"sizes": sizes, "names": named}

        async def statements() -> list[Statement]:
            found = [await describe(self.deployment, one, asks) for one in sizes]
            return [one for description in found if description for one in description.statements]

        path, suffix = stem(neutral(request.url.path).rstrip("/"))
        document = Document(
            path, GRAPH[:-1], page, statements, type="https://schema.org/CollectionPage"
        )
        return await self.documents.respond(request, document, suffix)

    async def one(self, request: Request) -> Response:
        """Tell of a graph, or send its content; raises ``ResourceNotFound``."""
        asks = client(request)
        path, suffix = stem(neutral(request.url.path).rstrip("/"))
        sizes = await self._sizes(asks)
        name = iri(path)
        if name not in sizes:
            raise await missing(self.deployment, request, name)
        if sizes[name] > LARGE and self.documents.chosen(request, suffix) not in PAGES:
            return _streamed(name, self.documents.chosen(request, suffix))
        document = self._about(request, path, name)
        return await self.documents.respond(request, document, suffix)

    def _about(self, request: Request, path: str, name: str) -> Document:
        language, asks = language_of(request), client(request)
        number = page_number(request.query_params.get("page", "1"))

        async def page() -> tuple[str, dict[str, Any]]:
            description = await describe(self.deployment, name, asks)
            if description is None:
                raise ResourceNotFound(name)
            query = queries.bound(queries.read("subjects"), "graph", [NamedNode(name)])
            things = [row["thing"].value for row in await select(self.deployment, query, asks)]
            here = things[ON_A_PAGE * (number - 1) : ON_A_PAGE * number]
            values = await shown(
                self.deployment, self.quotations, description, language, asks, here
            )
            pages = max(1, ceil(len(things) / ON_A_PAGE))
            listed = {"things": here, "total": len(things), "number": number, "pages": pages}
            return "graph.html", values | listed

        async def statements() -> list[Statement]:
            return await content(self.deployment, NamedNode(name), asks)

        return Document(path, name, page, statements, type="https://schema.org/Dataset")

    async def _sizes(self, asks: str) -> dict[str, int]:
        rows = await select(self.deployment, queries.read("graphs"), asks)
        return {row["graph"].value: int(row["triples"].value) for row in rows if "triples" in row}


def _streamed(name: str, media_type: str) -> Response:
    """Send a client to the content as the engine gives it."""
    asked = urlencode({"graph": name, "format": media_type})
    headers = {"Location": f"/graphs?{asked}", "Access-Control-Allow-Origin": "*"}
    return Response(status_code=303, headers=headers | {"Vary": "Accept"})


def router(deployment: Deployment, documents: Documents, quotations: Quotations) -> APIRouter:
    """Return the routes of named graphs."""
    graphs, routes = _NamedGraphs(deployment, documents, quotations), APIRouter()
    for prefix in ("", "/nl"):
        for path in ("/graph", "/graph/"):
            routes.add_route(prefix + path, graphs.all, METHODS, include_in_schema=False)
        routes.add_route(f"{prefix}/graph.{{suffix}}", graphs.all, METHODS, include_in_schema=False)
        routes.add_route(
            f"{prefix}/graph/{{path:path}}", graphs.one, METHODS, include_in_schema=False
        )
    return routes
