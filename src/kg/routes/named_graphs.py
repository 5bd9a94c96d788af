"""Named graphs: a page about each, and its content as data under its own IRI.

https://www.w3.org/TR/sparql11-http-rdf-update/#direct-graph-identification
"""

from dataclasses import dataclass
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
from kg.routes.described import missing, shown
from kg.routes.documents import PAGES, Document, Documents, Page, client, place, routes, stem
from kg.routes.paging import page_of, turns
from kg.routes.views import language_of
from kg.service_description import named_graphs
from kg.urls import iri, neutral

__all__ = ["content", "router"]

ON_A_PAGE = 100  # things of a graph
LARGE = 50_000  # statements; the content of a larger graph is streamed, without prefixes


async def content(deployment: Deployment, name: NamedNode, client: str = "") -> list[Statement]:
    """Return all statements of a graph; raises a ``RequestError`` when there is no answer."""
    query = queries.bound(queries.read("content"), "graph", [name])
    found = await construct(deployment, query, client)
    return [Statement.in_graph(one, name) for one in found]


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

        async def page() -> Page:
            return "graphs.html", {"sizes": sizes, "names": named}

        async def statements() -> list[Statement]:
            found = [await describe(self.deployment, one, asks) for one in sizes]
            return [one for description in found if description for one in description.statements]

        path = "/graph"
        suffix = place(request, path)
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
        document = await self._about(request, path, name)
        return await self.documents.respond(request, document, suffix)

    async def _about(self, request: Request, path: str, name: str) -> Document:
        language, asks = language_of(request), client(request)
        query = queries.bound(queries.read("subjects"), "graph", [NamedNode(name)])
        things = [row["thing"].value for row in await select(self.deployment, query, asks)]
        part = page_of(request, things, ON_A_PAGE)

        async def page() -> Page:
            description = await describe(self.deployment, name, asks)
            if description is None:
                raise ResourceNotFound(name)
            values = await shown(
                self.deployment, self.quotations, description, language, asks, part.here
            )
            listed = {"things": part.here, "total": part.total}
            return "graph.html", values | listed | {"number": part.number, "pages": part.pages}

        async def statements() -> list[Statement]:
            return await content(self.deployment, NamedNode(name), asks)

        return Document(
            path,
            name,
            page,
            statements,
            links=turns(request, part.number, part.pages),
            type="https://schema.org/Dataset",
        )

    async def _sizes(self, asks: str) -> dict[str, int]:
        """Return how many statements each graph holds that the metadata tells of."""
        sizes = await named_graphs(self.deployment, asks)
        return {name: size for name, size in sizes.items() if size is not None}


def _streamed(name: str, media_type: str) -> Response:
    """Send a client to the content as the engine gives it."""
    asked = urlencode({"graph": name, "format": media_type})
    headers = {"Location": f"/graphs?{asked}", "Vary": "Accept"}
    return Response(status_code=303, headers=headers)


def router(deployment: Deployment, documents: Documents, quotations: Quotations) -> APIRouter:
    """Return the routes of named graphs."""
    graphs = _NamedGraphs(deployment, documents, quotations)
    places = dict.fromkeys(("/graph", "/graph/", "/graph.{suffix}"), graphs.all)
    return routes({**places, "/graph/{path:path}": graphs.one})
