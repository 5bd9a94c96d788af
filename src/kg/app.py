"""The application: the endpoint, the pages, and what every answer has in common."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI, Response
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException
from starlette.types import Receive, Scope, Send
from starlette_compress import CompressMiddleware

import kg
from kg import access_log
from kg.access_log import Observation
from kg.deployment import Deployment
from kg.errors import RequestError
from kg.metrics import Metrics
from kg.routes import openapi, pages
from kg.routes.exchange import Exchange
from kg.routes.problems import Problems
from kg.routes.sparql import Endpoint
from kg.routes.views import SECURITY, Views
from kg.settings import Settings
from kg.shortcuts import Shortcuts

__all__ = ["Application"]

STATIC = Path(__file__).parent / "static"
NAMED = ("/", "/nl/", "/health", "/metrics", "/openapi.json")  # what the log tells apart


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
        self._site = _site(settings, deployment, views, metrics)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or see to the beginning and the end of the service."""
        if scope["type"] != "http":
            await self._site(scope, receive, send)
        elif scope["path"] in self._endpoint.paths:
            await self._endpoint(scope, receive, send)
        else:
            await self._visit(Exchange(scope, receive, send))

    def observe(self, observation: Observation) -> None:
        """Count a request and write it down."""
        self._metrics.observe(observation)
        access_log.write(observation)

    async def _visit(self, exchange: Exchange) -> None:
        exchange.outcome = "page"
        try:
            await exchange.respond(self._site, SECURITY)
        finally:
            self.observe(exchange.observation(_name(exchange.scope["path"])))


def _name(path: str) -> str:
    if path in NAMED:
        return path
    return "/static" if path.startswith("/static/") else "other"


def _site(settings: Settings, deployment: Deployment, views: Views, metrics: Metrics) -> FastAPI:
    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with deployment:
            yield

    site = FastAPI(
        title="Samenhang",
        version=kg.__version__,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
    )
    site.add_middleware(CompressMiddleware)
    site.include_router(pages.router(settings, deployment, views))
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
    site.openapi_schema = openapi.complete(site.openapi())
    return site
