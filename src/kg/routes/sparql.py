"""``/sparql``, ``/sparql/explain`` and ``/graphs``: what is asked of the engine by protocol.

A plain ASGI application, since every layer costs: what has been answered before is found and sent
before anything else is done.

https://www.w3.org/TR/sparql11-protocol/, https://www.w3.org/TR/sparql11-http-rdf-update/
"""

import asyncio
import json
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from kg.access_log import Observation
from kg.deployment import Deployment
from kg.engine.base import Answer
from kg.engine.cache import CachedEngine
from kg.errors import NotAcceptable
from kg.formats import RDF
from kg.metrics import Metrics
from kg.negotiation import choose
from kg.protocol import Query, is_operation, parameters, parse, values
from kg.routes import graphs
from kg.routes.answering import (
    EXPLAIN,
    NEGOTIATED,
    SHARED,
    coding,
    explanation,
    is_done_by_method,
    respond,
    serve,
    validity,
)
from kg.routes.exchange import Exchange, Outbox
from kg.routes.problems import Problems
from kg.routes.views import PATHS, Views, language_of
from kg.service_description import service_description
from kg.settings import Settings
from kg.shortcuts import Shortcuts

__all__ = ["Endpoint"]

SPARQL, GRAPHS = "/sparql", "/graphs"
METHODS = ("GET", "HEAD", "POST", "OPTIONS")
REMEMBERED = 4096  # short requests whose meaning is remembered
SHORT = 4096  # bytes
LONG = 64 * 1024  # bytes of a body that take too long to be decoded while others wait
BROWSER = [*(offer.media_type for offer in RDF), "text/html"]


class Endpoint:
    """Answers the requests to its ``paths``."""

    def __init__(
        self,
        settings: Settings,
        deployment: Deployment,
        views: Views,
        metrics: Metrics,
        observe: Callable[[Observation], None],
        shortcuts: Shortcuts,
    ) -> None:
        self._settings, self._deployment = settings, deployment
        self._shortcuts = shortcuts
        self._views, self._metrics, self._observe = views, metrics, observe
        self._problems = Problems(views)
        self.outbox = Outbox(4 * settings.cache + 16 * settings.reply_buffer)
        self._meanings: OrderedDict[object, Query] = OrderedDict()
        explain = {f"{path.rstrip('/')}{EXPLAIN}": self._explain for path in PATHS.values()}
        self.paths: Mapping[str, Callable[[Exchange], Awaitable[None]]] = {
            SPARQL: self._sparql,
            GRAPHS: self._graphs,
            **explain,
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        exchange = Exchange(scope, receive, send)
        work = self.paths[scope["path"]]
        await serve(exchange, work, self._problems, self._observe, scope["path"])

    async def _sparql(self, exchange: Exchange) -> None:
        if await is_done_by_method(exchange, METHODS):
            return
        scope = exchange.scope
        if exchange.method == "POST":
            query = await self._meaning_of_post(exchange)
        elif is_operation(exchange.method, scope["query_string"]):
            query = self._meaning(exchange, b"")
        else:
            await self._describe(exchange)
            return
        await self._evaluate(exchange, query)

    async def _graphs(self, exchange: Exchange) -> None:
        if await is_done_by_method(exchange, graphs.METHODS):
            return
        query = graphs.graph_query(
            exchange.method,
            exchange.scope["query_string"],
            exchange.field(b"accept"),
            exchange.address,
        )
        query = replace(query, encoding=coding(exchange))
        await self._evaluate(exchange, query)

    async def _explain(self, exchange: Exchange) -> None:
        if await is_done_by_method(exchange, METHODS):
            return
        scope = exchange.scope
        body = await self._body(exchange) if exchange.method == "POST" else b""
        query = await asyncio.to_thread(_parsed, exchange, body, accept=None)
        exchange.query = query.text
        offered = ("application/json", "text/html", "text/plain")
        wanted = choose(exchange.field(b"accept"), offered)
        if wanted is None:
            raise NotAcceptable(exchange.field(b"accept") or "", offered)

        async def work() -> None:
            answer = await self._deployment.query(replace(query, explain=True), exchange.client)
            told = json.loads(await answer.read())
            response = self._explained(Request(scope), wanted, told, query)
            response.headers.update({"vary": "Accept", "cache-control": "no-cache"})
            await respond(exchange, response)

        await exchange.while_connected(work())

    def _explained(
        self, request: Request, wanted: str, explanation: dict[str, Any], query: Query
    ) -> Response:
        told = explanation.pop("text")
        if wanted == "text/plain":
            return PlainTextResponse(told[language_of(request)])
        if wanted == "text/html":
            return self._views.render(
                "explanation.html", request, explanation=explanation, query=query.text
            )
        return Response(json.dumps(explanation, ensure_ascii=False), media_type=wanted)

    async def _body(self, exchange: Exchange) -> bytes:
        return await exchange.body(self._settings.request_body, self._settings.request_timeout)

    async def _meaning_of_post(self, exchange: Exchange) -> Query:
        body = await self._body(exchange)
        if len(body) <= LONG:
            return self._meaning(exchange, body)
        return await asyncio.to_thread(self._meaning, exchange, body)

    def _meaning(self, exchange: Exchange, body: bytes) -> Query:
        """Return the query that a request asks for, as it is remembered if it is a short one."""
        scope = exchange.scope
        key = (
            exchange.method == "POST",
            scope["query_string"],
            body,
            scope["scheme"],
            *exchange.raw(
                *(b"host", b"accept", b"accept-encoding", b"content-type", b"content-encoding")
            ),
        )
        if query := self._meanings.get(key):
            return query
        query = _parsed(exchange, body, exchange.field(b"accept"))
        query = replace(query, encoding=coding(exchange))
        if sum(len(part) for part in key if isinstance(part, bytes)) <= SHORT:
            self._meanings[key] = query
            if len(self._meanings) > REMEMBERED:
                self._meanings.popitem(last=False)
        return query

    async def _evaluate(self, exchange: Exchange, query: Query) -> None:
        """Send the answer to a query, kept or new, or tell that the client has it."""
        exchange.query = query.text
        engine = self._deployment.engine
        kept = engine.find(query)
        self._metrics.looked_up(hit=bool(kept))
        tag = engine.tag(query)
        if exchange.has(tag) or (kept and exchange.has("*")):
            exchange.outcome = "not modified"
            headers = SHARED | NEGOTIATED | validity(tag)
            await exchange.send(304, headers)
            self._shorten(engine, exchange, headers, b"")
        elif kept and kept.content is not None:
            exchange.outcome = "hit"
            exchange.rows = kept.course.rows
            headers = self._headers(exchange, query, kept, tag)
            headers["server-timing"] = "cache;desc=hit"
            await exchange.pass_on(kept, headers, self.outbox)
            headers["content-length"] = str(len(kept.content))
            self._shorten(engine, exchange, headers, kept.content)
        else:
            await exchange.while_connected(self._evaluate_anew(exchange, query))

    def _shorten(
        self, engine: CachedEngine, exchange: Exchange, headers: dict[str, str], content: bytes
    ) -> None:
        """Have the same request answered at once from now on."""
        target = exchange.scope.get("target")
        has_body = any(exchange.raw(b"content-length", b"transfer-encoding"))
        if target and exchange.method == "GET" and not has_body:
            shortcut = exchange.shortcut(headers, content)
            self._shortcuts.keep(engine, target, exchange.scope["headers"], shortcut)

    async def _evaluate_anew(self, exchange: Exchange, query: Query) -> None:
        if exchange.scope["path"] == GRAPHS:
            await graphs.require_graph(self._deployment, query, exchange.client)
        tag = self._deployment.engine.tag(query)
        async with await self._deployment.query(query, exchange.client) as answer:
            course = answer.course
            exchange.waited = course.waited
            timing = f"queue;dur={course.waited * 1000:.2f}"
            if answer.content is not None:
                timing += f", eval;dur={course.ran * 1000:.2f}"
            headers = self._headers(exchange, query, answer, tag) | {"server-timing": timing}
            try:
                await exchange.pass_on(answer, headers, self.outbox)
            finally:
                exchange.rows = course.rows

    def _headers(
        self, exchange: Exchange, query: Query, answer: Answer, tag: str
    ) -> dict[str, str]:
        headers = SHARED | NEGOTIATED | {"content-type": answer.media_type}
        if answer.encoding:
            headers["content-encoding"] = answer.encoding
        if answer.course.is_empty:
            headers["link"] = f'<{explanation(query)}>; rel="help"; title="Why no rows?"'
        if answer.volatile or exchange.method == "POST":
            return headers | {"cache-control": "no-store"}
        return headers | validity(tag)

    async def _describe(self, exchange: Exchange) -> None:
        """Send the description of the service, or a visitor with a browser to the editor."""
        accept = exchange.field(b"accept")
        is_named = values(parameters(exchange.scope["query_string"]), "format")
        if not is_named and choose(accept, BROWSER) == "text/html":
            await exchange.send(303, SHARED | {"location": "/query", "vary": "Accept"})
            return
        answer = await service_description(
            self._deployment,
            exchange.address,
            exchange.scope["query_string"],
            accept,
            union=self._settings.default_graph == "union",
            triples=self._deployment.build.triples,
            federated=bool(self._settings.service_allow),
        )
        headers = SHARED | {"content-type": answer.media_type, "vary": "Accept"}
        await exchange.pass_on(answer, headers | {"cache-control": "no-cache"}, self.outbox)


def _parsed(exchange: Exchange, body: bytes, accept: str | None) -> Query:
    return parse(
        method=exchange.method,
        query_string=exchange.scope["query_string"],
        content_type=exchange.field(b"content-type"),
        body=body,
        accept=accept,
        base=exchange.address.removesuffix("/explain"),
        content_encoding=exchange.field(b"content-encoding"),
    )
