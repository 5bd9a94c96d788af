"""The application: routes, static files, and the one handler that turns errors into HTTP."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from fastapi.staticfiles import StaticFiles
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.routing import Route
from starlette.types import Message, Receive, Scope, Send

import kg
from kg.build import Build
from kg.engine.base import Engine
from kg.errors import RequestError
from kg.negotiation import choose
from kg.routes import pages, sparql
from kg.routes.views import Views
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
    views = Views(build)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with engine:
            yield

    app = _Secured(
        title="Samenhang",
        version=kg.__version__,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
    )
    app.router.routes.append(Route("/sparql", sparql.Endpoint(engine, settings.request_body)))
    app.include_router(pages.router(settings, engine, views))
    app.mount("/static", StaticFiles(directory=STATIC))

    @app.get("/health")
    async def health() -> dict[str, str | int]:
        """Tell that the service is alive, and which version of the dataset it serves."""
        return {"status": "ok", "version": build.version, "triples": build.triples}

    for error in (RequestError, HTTPException, Exception):
        app.add_exception_handler(error, _Problems(views))
    return app


@dataclass(frozen=True)
class _Problems:
    """Answers an error as a problem document (RFC 9457), or as a page to those who prefer one."""

    views: Views

    async def __call__(self, request: Request, error: Exception) -> Response:
        problem = _problem(error)
        headers = {**(getattr(error, "headers", None) or {}), "Vary": "Accept"}
        accept = ", ".join(request.headers.getlist("accept"))
        if choose(accept, [PROBLEM, "text/html"]) == "text/html":
            return self.views.render("problem.html", request, headers=headers, **problem)
        return JSONResponse(problem, problem["status"], headers, PROBLEM)


def _problem(error: Exception) -> dict[str, Any]:
    if isinstance(error, RequestError):
        problem = {"title": error.title, "status": error.status, "detail": str(error)}
        return problem | error.members
    status = error.status_code if isinstance(error, HTTPException) else 500
    return {"title": HTTPStatus(status).phrase, "status": status}


class _Secured(FastAPI):
    """An application that adds the security fields to every answer, also to unforeseen faults."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def secured(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(SECURITY)
            await send(message)

        await super().__call__(scope, receive, secured)
