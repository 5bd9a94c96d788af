"""``/sparql``: the SPARQL 1.1 Protocol endpoint, as a plain ASGI application.

https://www.w3.org/TR/sparql11-protocol/
"""

import asyncio
import logging
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import RedirectResponse
from starlette.types import Receive, Scope, Send

from kg.engine.base import Engine
from kg.errors import ContentTooLarge, MethodNotAllowed, RequestError, VersionNotSupported
from kg.formats import RDF
from kg.negotiation import choose
from kg.protocol import Query, parse

__all__ = ["Endpoint"]

log = logging.getLogger(__name__)

METHODS = ("GET", "HEAD", "POST")


@dataclass(frozen=True)
class Endpoint:
    """The endpoint; it raises a ``RequestError`` as long as no answer has begun.

    ``body_limit`` is how many bytes of a request's body it reads.
    """

    engine: Engine
    body_limit: int

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = Request(scope, receive)
        if request.method not in METHODS:
            raise MethodNotAllowed(request.method, METHODS)
        if _is_visit(request):
            await RedirectResponse("/#query", 303)(scope, receive, send)
            return
        try:
            body = await _body(request, self.body_limit)
        except ClientDisconnect:
            return
        query = parse(
            method=request.method,
            query_string=scope["query_string"],
            content_type=request.headers.get("content-type"),
            body=body,
            accept=_accept(request),
            base=str(request.url.replace(query="", fragment="")),
        )
        await _while_connected(request, _answer(self.engine, query, scope, send))


def _is_visit(request: Request) -> bool:
    """Tell whether somebody follows a link to the endpoint in a browser."""
    offered = [*(serialisation.media_type for serialisation in RDF), "text/html"]
    return (
        request.method != "POST"
        and "query" not in request.query_params
        and choose(_accept(request), offered) == "text/html"
    )


def _accept(request: Request) -> str:
    return ", ".join(request.headers.getlist("accept"))


async def _body(request: Request, limit: int) -> bytes:
    body = bytearray()
    async for block in request.stream():
        body += block
        if len(body) > limit:
            raise ContentTooLarge(limit)
    return bytes(body)


async def _answer(engine: Engine, query: Query, scope: Scope, send: Send) -> None:
    async with await engine.query(query) as answer:
        if answer.size is None and scope["http_version"] == "1.0":
            raise VersionNotSupported
        headers = [(b"content-type", answer.media_type.encode()), (b"vary", b"accept")]
        if answer.size is not None:
            headers.append((b"content-length", str(answer.size).encode()))
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        try:
            if scope["method"] != "HEAD":
                async for block in answer.body:
                    await send({"type": "http.response.body", "body": block, "more_body": True})
        except RequestError as error:
            # Without its closing chunk, every client sees that the answer is not complete.
            log.warning("an answer was broken off: %s", error)
            return
        await send({"type": "http.response.body"})


async def _while_connected(request: Request, work: Coroutine[Any, Any, None]) -> None:
    """Do some work, and stop as soon as the client leaves; raises what the work raises."""
    task = asyncio.create_task(work)
    departure = asyncio.create_task(_departure(request.receive))
    try:
        await asyncio.wait((task, departure), return_when=asyncio.FIRST_COMPLETED)
    finally:
        departure.cancel()
        task.cancel()
        await asyncio.wait((task, departure))
    if not task.cancelled():
        task.result()


async def _departure(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
