"""Answering: what every answer by protocol has in common, whatever was asked, errors included.

Any page may ask and read it (https://fetch.spec.whatwg.org/#http-cors-protocol).
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from kg.access_log import Observation, Outcome
from kg.engine.encoding import ENCODINGS
from kg.errors import (
    EngineFailed,
    MethodNotAllowed,
    NotAcceptable,
    Overloaded,
    QueryMemoryExceeded,
    QuerySyntaxError,
    QueryTimeout,
    QueryTooComplex,
    RequestError,
    ServiceRefused,
    Stopping,
)
from kg.negotiation import encoding
from kg.protocol import Query
from kg.routes.exchange import ClientLeft, Exchange
from kg.routes.problems import Problems
from kg.routes.views import SECURITY

__all__ = [
    "EXPLAIN",
    "NEGOTIATED",
    "SHARED",
    "SHARED_PAGE",
    "coding",
    "explanation",
    "is_done_by_method",
    "preflight",
    "respond",
    "serve",
    "validity",
]

log = logging.getLogger(__name__)

SHARED_PAGE = {name.lower(): value for name, value in SECURITY.items()} | {
    "access-control-allow-origin": "*",
    "access-control-expose-headers": "*",
    "timing-allow-origin": "*",
}
SHARED = SHARED_PAGE | {"content-security-policy": "default-src 'none'; frame-ancestors 'none'"}
PREFLIGHT = {"access-control-allow-headers": "*", "access-control-max-age": "86400"}
EXPLAIN = "/sparql/explain"
LINKED = 4000  # characters that a link to an explanation may have
NEGOTIATED = {"vary": "Accept, Accept-Encoding"}

OUTCOMES: Mapping[type[RequestError], Outcome] = {
    QuerySyntaxError: "syntax",
    QueryTooComplex: "too complex",
    ServiceRefused: "service",
    NotAcceptable: "not acceptable",
    QueryTimeout: "timeout",
    QueryMemoryExceeded: "memory",
    Overloaded: "overloaded",
    Stopping: "overloaded",
    EngineFailed: "failed",
}


async def serve(
    exchange: Exchange,
    work: Callable[[Exchange], Awaitable[None]],
    problems: Problems,
    observe: Callable[[Observation], None],
    name: str,
) -> None:
    """Answer a request by some work, or tell why not; it is observed under a name."""
    try:
        await _answer(exchange, work, problems)
    except ClientLeft:
        exchange.outcome = "cancelled"
    finally:
        observe(exchange.observation(name))


async def _answer(
    exchange: Exchange, work: Callable[[Exchange], Awaitable[None]], problems: Problems
) -> None:
    try:
        exchange.require_host()
        await work(exchange)
    except (ClientLeft, asyncio.CancelledError):
        raise
    except Exception as error:
        if exchange.status:
            raise
        if isinstance(error, RequestError):
            exchange.outcome = OUTCOMES.get(type(error), "refused")
        else:
            log.exception("an unforeseen fault")
            exchange.outcome = "failed"
        await respond(exchange, await problems(Request(exchange.scope), error))


async def respond(exchange: Exchange, response: Response) -> None:
    """Send what a framework made, with the fields that its kind has."""
    await exchange.respond(response, SHARED_PAGE if response.media_type == "text/html" else SHARED)


async def is_done_by_method(exchange: Exchange, methods: tuple[str, ...]) -> bool:
    """Answer OPTIONS; raises ``MethodNotAllowed`` on what is not possible."""
    if exchange.method == "OPTIONS":
        await exchange.send(204, preflight(methods))
        return True
    if exchange.method not in methods:
        raise MethodNotAllowed(exchange.method, methods)
    return False


def preflight(methods: Iterable[str]) -> dict[str, str]:
    """Return the fields that tell any page what it may ask of a path."""
    allow = ", ".join(methods)
    return SHARED | PREFLIGHT | {"allow": allow, "access-control-allow-methods": allow}


def coding(exchange: Exchange) -> str | None:
    """Return the content coding that the client likes best, ``None`` if it likes none."""
    return encoding(exchange.field(b"accept-encoding"), ENCODINGS)


def validity(tag: str) -> dict[str, str]:
    """Return the fields by which a cache may keep an answer, and must ask whether it still holds.

    https://www.rfc-editor.org/rfc/rfc9111#section-5.2.2.4
    """
    return {"etag": tag, "cache-control": "public, no-cache"}


def explanation(query: Query) -> str:
    """Return where it is explained why a query has no answer; a long one is to be posted there."""
    if len(query.text) > LINKED:
        return EXPLAIN
    asked = urlencode(
        [
            ("query", query.text),
            *(("default-graph-uri", graph) for graph in query.default_graphs),
            *(("named-graph-uri", graph) for graph in query.named_graphs),
        ]
    )
    return f"{EXPLAIN}?{asked}" if len(asked) <= LINKED else EXPLAIN
