"""The application: the endpoint, the pages, and what every answer has in common."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette_compress import CompressMiddleware

import kg
from kg import access_log
from kg.access_log import Observation
from kg.deployment import Deployment
from kg.errors import BadRequest, RequestError
from kg.metrics import Metrics
from kg.past import Past
from kg.quotations import Quotations
from kg.routes import (
    catalogue,
    context,
    editor,
    executables,
    interface,
    named_graphs,
    openapi,
    pages,
    questions,
    releases,
    resources,
    searches,
    sitemap,
    sources,
    vocabulary,
)
from kg.routes.answering import SHARED_PAGE, preflight
from kg.routes.api import Api
from kg.routes.documents import BUILD, METHODS, Documents
from kg.routes.exchange import Exchange
from kg.routes.files import Files
from kg.routes.problems import Problems
from kg.routes.sparql import Endpoint
from kg.routes.views import Views
from kg.settings import Settings
from kg.shortcuts import Shortcuts
from kg.urls import neutral

__all__ = ["Application"]

STATIC = Path(__file__).parent / "static"
# What the log tells apart: by the first part of the path, whatever its language.
FAMILIES = {
    *("concept", "data", "doc", "graph", "health", "id", "metrics", "ontology", "openapi.json"),
    *("queries", "query", "search", "shapes", "source", "static"),
}


class Application:
    """The endpoint for its own paths, the site for all others; it enters the deployment.

    ``shortcuts`` are answers that a server may send by itself, and tell ``observe`` of it.
    """

    def __init__(self, settings: Settings, deployment: Deployment, metrics: Metrics) -> None:
        views = Views(deployment)
        self._metrics = metrics
        self.shortcuts = Shortcuts(deployment)
        self._endpoint = Endpoint(
            settings, deployment, views, metrics, self.observe, self.shortcuts
        )
        self._deployment = deployment
        self._files, self._problems = Files(deployment, views), Problems(views)
        past = Past(settings, deployment, metrics)
        self._api = Api(deployment, past, views, self.observe, self._endpoint.outbox)
        self._site = _site(settings, deployment, past, views, metrics)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or see to the beginning and the end of the service."""
        if scope["type"] != "http":
            await self._site(scope, receive, send)
        elif scope["path"] in self._endpoint.paths:
            await self._endpoint(scope, receive, send)
        elif self._api.serves(scope["path"]):
            await self._api(scope, receive, send)
        elif self._files.serves(scope["path"]):
            await self._visit(Exchange(scope, receive, send), self._files)
        else:
            await self._visit(Exchange(scope, receive, send), self._site)

    def observe(self, observation: Observation) -> None:
        """Count a request and write it down."""
        self._metrics.observe(observation)
        access_log.write(observation)

    async def _visit(self, exchange: Exchange, application: ASGIApp) -> None:
        exchange.outcome = "page"
        exchange.scope[BUILD] = self._deployment.build
        try:
            exchange.require_host()
        except BadRequest as error:
            application = await self._problems(Request(exchange.scope), error)
        try:
            if exchange.method == "OPTIONS":
                await exchange.send(204, preflight((*METHODS, "OPTIONS")))
            else:
                await exchange.respond(application, SHARED_PAGE)
        finally:
            self.observe(exchange.observation(_name(exchange.scope["path"])))


def _name(path: str) -> str:
    family = neutral(path)[1:].partition("/")[0]
    return f"/{family}" if family in FAMILIES or not family else "other"


def _routers(
    settings: Settings, deployment: Deployment, past: Past, views: Views
) -> Iterator[APIRouter]:
    documents, quotations = Documents(deployment, views), Quotations(settings.sources)
    example = pages.examples(settings)
    yield pages.router(example, deployment, views)
    yield resources.router(deployment, views, documents, quotations)
    yield vocabulary.router(deployment, documents, quotations)
    yield sources.router(deployment, documents, quotations)
    yield named_graphs.router(deployment, documents, quotations)
    yield catalogue.router(catalogue.Catalogue(deployment, documents))
    yield releases.router(deployment, documents)
    yield searches.router(deployment, views)
    yield questions.router(deployment, past, views, documents)
    yield executables.router(deployment, documents)
    yield editor.router(example, views)
    yield context.router(deployment)
    yield sitemap.router(deployment)


def _site(
    settings: Settings, deployment: Deployment, past: Past, views: Views, metrics: Metrics
) -> FastAPI:
    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with deployment:
            try:
                yield
            finally:
                await past.close()

    site = FastAPI(
        title="Samenhang",
        version=kg.__version__,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
    )
    site.add_middleware(CompressMiddleware)
    for router in _routers(settings, deployment, past, views):
        site.include_router(router)
    site.mount("/static", StaticFiles(directory=STATIC))

    @site.head("/health", include_in_schema=False)
    @site.get("/health")
    async def health() -> dict[str, str | int]:
        """Tell that the service is alive, and which version of the dataset it serves."""
        build = deployment.build
        return {"status": "ok", "version": build.version, "triples": build.triples}

    @site.head("/metrics", include_in_schema=False)
    @site.get("/metrics", response_class=Response)
    async def show_metrics() -> Response:
        """Tell what was counted and measured, in the text format of Prometheus."""
        body, media_type = metrics.render()
        return Response(body, media_type=media_type)

    for error in (RequestError, HTTPException, Exception):
        site.add_exception_handler(error, Problems(views))
    site.include_router(interface.router(deployment, openapi.complete(site.openapi())))
    return site
