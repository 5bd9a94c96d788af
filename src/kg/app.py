"""The application: routes, static files, and the one handler that turns errors into HTTP."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from http import HTTPStatus
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from fastapi.staticfiles import StaticFiles
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

import kg
from kg.build import Build
from kg.engine.base import Engine
from kg.errors import RequestError
from kg.routes import pages, sparql
from kg.settings import Settings

__all__ = ["create_app"]

PROBLEM = "application/problem+json"
STATIC = Path(__file__).parent / "static"

# Pages load nothing from other hosts, run no inline code and sit in nobody's frame.
SECURITY = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def create_app(settings: Settings, engine: Engine, build: Build) -> FastAPI:
    """Return the application; the engine is entered while it runs."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with engine:
            yield

    app = FastAPI(
        title="Samenhang",
        version=kg.__version__,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
    )
    app.router.routes.append(Route("/sparql", sparql.Endpoint(engine, settings.request_body)))
    app.include_router(pages.router(settings, engine, build))
    app.mount("/static", StaticFiles(directory=STATIC))

    @app.get("/health")
    async def health() -> dict[str, str | int]:
        """Tell that the service is alive, and which version of the dataset it serves."""
        return {"status": "ok", "version": build.version, "triples": build.triples}

    for error in (RequestError, HTTPException, Exception):
        app.add_exception_handler(error, _problem)
    app.add_middleware(_Secured)
    return app


async def _problem(_: Request, error: Exception) -> Response:
    """Answer an error as a problem document (RFC 9457)."""
    if isinstance(error, RequestError):
        problem = {"title": error.title, "status": error.status, "detail": str(error)}
        return _document(problem | error.members, error.headers)
    if isinstance(error, HTTPException):
        title = HTTPStatus(error.status_code).phrase
        return _document({"title": title, "status": error.status_code}, error.headers)
    return _document({"title": "Internal Server Error", "status": 500}, None)


def _document(problem: dict[str, Any], headers: Mapping[str, str] | None) -> Response:
    return JSONResponse(problem, problem["status"], headers, PROBLEM)


class _Secured:
    """Adds the security fields to every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def secured(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(SECURITY)
            await send(message)

        await self.app(scope, receive, secured)
