"""``/api/queries``: the questions of the library, and their answers, for programs.

Rows in the formats of SPARQL (https://www.w3.org/TR/sparql11-results-json/), whole unless a page is
asked for; links between pages by https://www.rfc-editor.org/rfc/rfc8288.
"""

import asyncio
import json
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from starlette.types import Receive, Scope, Send

from kg import archive
from kg.access_log import Observation
from kg.answers import count, limited, pages
from kg.build import Build
from kg.deployment import Deployment
from kg.engine.base import Answer, Engine
from kg.errors import ResourceNotFound
from kg.formats import RESULTS, Format
from kg.parameters import ParameterRefused
from kg.past import Past
from kg.protocol import Query, formats, parameters
from kg.questions import Question, bind
from kg.routes.answering import (
    NEGOTIATED,
    SHARED,
    coding,
    explanation,
    is_done_by_method,
    serve,
    validity,
)
from kg.routes.asking import API, Asked, Pairs, ParametersRefused, asked, path, terms
from kg.routes.conditional import weak
from kg.routes.documents import Link
from kg.routes.exchange import Exchange, Outbox
from kg.routes.packing import packed
from kg.routes.problems import Problems
from kg.routes.views import Views

__all__ = ["MOST_PAGES", "MOST_ROWS", "Api"]

METHODS = ("GET", "HEAD", "OPTIONS")
SIZE, MOST_ROWS, MOST_PAGES = 100, 1000, 999_999
FILES = ("csv", "tsv")  # what is kept as a file rather than shown


@dataclass(frozen=True)
class _Page:
    """A page of an answer that is asked for."""

    number: int
    size: int


class Api:
    """Answers the requests for the list of questions, and for answers to each."""

    def __init__(
        self,
        deployment: Deployment,
        past: Past,
        views: Views,
        observe: Callable[[Observation], None],
        outbox: Outbox,
    ) -> None:
        self._deployment, self._past = deployment, past
        self._problems, self._observe, self._outbox = Problems(views), observe, outbox

    def serves(self, path: str) -> bool:
        """Tell whether a path is one of these."""
        return path == API or path.startswith(f"{API}/")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        exchange = Exchange(scope, receive, send)
        await serve(exchange, self._work, self._problems, self._observe, API)

    async def _work(self, exchange: Exchange) -> None:
        if await is_done_by_method(exchange, METHODS):
            return
        if exchange.scope["path"].removesuffix("/") == API:
            await self._list(exchange)
        else:
            await self._question(exchange)

    async def _list(self, exchange: Exchange) -> None:
        """Tell which questions there are."""
        encoding = coding(exchange) or ""
        base = exchange.address.removesuffix(API)
        content = await asyncio.to_thread(_listed, self._deployment.build, base)
        tag = weak(content)
        headers = SHARED | validity(tag) | {"vary": "Accept-Encoding"}
        if exchange.has(tag):
            await exchange.send(304, headers)
            return
        body, encoded = await packed(content, encoding)
        headers |= {name.lower(): value for name, value in encoded.items()}
        headers["content-type"] = "application/json"
        await exchange.pass_on(Answer("application/json", body), headers, self._outbox)

    async def _question(self, exchange: Exchange) -> None:
        """Answer a question, or tell that the client has the answer."""
        slug, _, version = exchange.scope["path"].removeprefix(f"{API}/").partition("/")
        given = parameters(exchange.scope["query_string"])
        (form,) = filter(None, formats((RESULTS,), exchange.field(b"accept"), given))
        own = await asked(self._deployment.build, slug, version, given)
        page = _page(given)
        tag = _tag(own, form, coding(exchange), page)
        if exchange.has(tag):
            exchange.outcome = "not modified"
            await exchange.send(304, SHARED | NEGOTIATED | validity(tag))
        else:
            await exchange.while_connected(self._evaluate(exchange, own, form, page, tag))

    async def _evaluate(
        self, exchange: Exchange, own: Asked, form: Format, page: _Page | None, tag: str
    ) -> None:
        async with AsyncExitStack() as held:
            past = self._past.engine(own.build.version, exchange.client)
            engine = await held.enter_async_context(past)
            text = bind(own.question, await terms(engine, own, "en", exchange.client))
            turns = await _turns(engine, exchange, text, page) if page else []
            if page:
                text = limited(text, page.size, page.size * (page.number - 1))
            exchange.query = text
            query = Query(text, form, None, encoding=coding(exchange))
            answer = await held.enter_async_context(await engine.query(query, exchange.client))
            exchange.waited = answer.course.waited
            headers = SHARED | NEGOTIATED | validity(tag) | _described(answer, own, form)
            links = [*_links(exchange, own, query, answer), *turns]
            headers["link"] = ", ".join(map(str, links))
            if answer.content is not None:
                await held.aclose()  # a client that reads slowly holds up nobody
            try:
                await exchange.pass_on(answer, headers, self._outbox)
            finally:
                exchange.rows = answer.course.rows


def _page(given: list[tuple[str, str]]) -> _Page | None:
    """Return the page that is asked for, ``None`` for the whole answer."""
    faults: dict[str, ParameterRefused] = {}
    found = {"page": 1, "size": SIZE}
    for name, most in (("page", MOST_PAGES), ("size", MOST_ROWS)):
        texts = [text for key, text in given if key == name]
        if len(texts) > 1:
            faults[name] = ParameterRefused(name, "repeated")
        for text in texts:
            is_number = text.isascii() and text.isdecimal() and len(text) < 7
            if not is_number or not 1 <= int(text) <= most:
                faults[name] = ParameterRefused(name, "between", least=1, most=most)
            else:
                found[name] = int(text)
    if faults:
        raise ParametersRefused(faults)
    return _Page(found["page"], found["size"]) if {"page", "size"} & dict(given).keys() else None


def _tag(own: Asked, form: Format, encoding: str | None, page: _Page | None) -> str:
    """Return the entity tag of an answer, which the address and the fields of a request decide."""
    state = (own.build.version, own.question.version, sorted(own.given), form, encoding, page)
    return weak(repr(state).encode())


def _described(answer: Answer, own: Asked, form: Format) -> dict[str, str]:
    """Return the fields that tell what an answer is."""
    headers = {"content-type": answer.media_type}
    if answer.encoding:
        headers["content-encoding"] = answer.encoding
    if form.name in FILES:
        headers["content-disposition"] = f'attachment; filename="{own.question.slug}.{form.name}"'
    return headers


def _links(exchange: Exchange, own: Asked, query: Query, answer: Answer) -> list[Link]:
    base = exchange.address.removesuffix(exchange.scope["path"])
    links = [
        Link("describedby", base + own.path, {"type": "text/html"}),
        Link("cite-as", base + own.permanent()),
    ]
    if answer.course.is_empty:
        links.append(Link("help", base + explanation(query), {"title": "Why no rows?"}))
    return links


async def _turns(engine: Engine, exchange: Exchange, text: str, page: _Page) -> list[Link]:
    """Return the links to other pages; raises ``ResourceNotFound`` beyond the last."""
    last = pages(await count(engine, text, exchange.client), page.size)
    given = parameters(exchange.scope["query_string"])
    others: Pairs = tuple(pair for pair in given if pair[0] not in ("page", "size"))

    def address(number: int) -> str:
        pairs = (*others, ("size", page.size), ("page", number))
        return f"{exchange.address}?{urlencode(pairs)}"

    if page.number > last:
        raise ResourceNotFound(address(page.number))
    places = {"first": 1, "prev": page.number - 1, "next": page.number + 1, "last": last}
    return [Link(rel, address(number)) for rel, number in places.items() if 1 <= number <= last]


@lru_cache(maxsize=2)
def _listed(build: Build, base: str) -> bytes:
    """Return the questions of a build in JSON."""
    told = [_told(question, base) for question in archive.served(build).questions]
    return json.dumps(told, ensure_ascii=False, indent=1).encode()


def _told(question: Question, base: str) -> dict[str, Any]:
    return {
        "slug": question.slug,
        "version": question.version,
        "title": question.title,
        "description": question.description,
        "topic": question.topic,
        "difficulty": question.difficulty,
        "keywords": question.keywords,
        "view": question.view,
        "parameters": [_parameter(question, name) for name in question.parameters],
        "columns": question.columns,
        "address": f"{base}{API}/{question.slug}",
        "page": f"{base}{path(question)}",
    }


def _parameter(question: Question, name: str) -> dict[str, Any]:
    """Return what is told of a parameter; a default of ``None`` stands for any."""
    own, default = question.parameters[name], question.defaults[name]
    bounds = {"minimum": own.minimum, "maximum": own.maximum}
    return {
        "name": name,
        "type": own.type,
        "label": own.label,
        "default": None if default is None else getattr(default, "value", str(default)),
        **{key: bound for key, bound in bounds.items() if bound is not None},
    }
