"""Documents: one description as HTML and as RDF, with links to what belongs to it.

https://www.rfc-editor.org/rfc/rfc9110#section-12, https://signposting.org/FAIR/
"""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from pyoxigraph import Quad, serialize

from kg import jsonld
from kg.build import Build
from kg.dataset import Statement, prefixes
from kg.deployment import Deployment
from kg.errors import NotAcceptable, Overloaded, ResourceNotFound
from kg.formats import RDF, RDF_BY_NAME, Format, offers
from kg.namespaces import LICENSE, ONTOLOGY, term
from kg.negotiation import choose
from kg.protection import network
from kg.routes.conditional import http_date, is_known, weak
from kg.routes.packing import coding_of, packed
from kg.routes.problems import accepted
from kg.routes.views import Views, language_of
from kg.texts import Language
from kg.urls import iri, localised, neutral

__all__ = [
    "BUILD",
    "METHODS",
    "PAGES",
    "SUFFIXES",
    "Document",
    "Documents",
    "Link",
    "Page",
    "client",
    "place",
    "routes",
    "stem",
]

METHODS = ["GET", "HEAD"]
HTML, TURTLE = "text/html", "text/turtle"
PAGES = (HTML, "application/xhtml+xml")
SUFFIXES = {
    "html": HTML,
    "ttl": "text/turtle",
    "nt": "application/n-triples",
    "rdf": "application/rdf+xml",
    "jsonld": "application/ld+json",
    "trig": "application/trig",
    "nq": "application/n-quads",
    "n3": "text/n3",
}
# The media types that tell the graphs too, which clients that follow links do not look into.
DATASETS = [one.media_type for one in RDF if one.name in ("trig", "nq")]
TYPE = term("rdf:type")
SIGNPOSTED = ("ttl", "jsonld", "rdf", "nt")
AUTHOR = "id/agent/samenhang"
PROFILES = {"jsonld": "http://www.w3.org/ns/json-ld#compacted"}
GATHERING = 4  # views that ask the engine at the same time
MARKED = "char"  # the parameter of a passage that a page marks
MOST_WAITING = 32  # requests for views that are to be made
KEPT = 32 * 2**20  # bytes of views that are kept to be given again

BUILD = "kg.build"  # the key of a request's scope that holds the build served when it came

Page = tuple[str, Mapping[str, Any]]
_View = tuple[bytes, dict[str, str]]  # a body, and the field that tells its coding
Answerer = Callable[[Request], Awaitable[Response] | Response]


@dataclass(frozen=True)
class Link:
    """A link in the header of an answer (RFC 8288); ``href`` is absolute."""

    rel: str
    href: str
    attributes: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        parts = [f"<{self.href}>", f'rel="{self.rel}"']
        return "; ".join(
            [*parts, *(f'{name}="{value}"' for name, value in self.attributes.items())]
        )


@dataclass(frozen=True)
class Document:
    """What can be said at a path: ``page`` is a template with its values, or RDF by ``statements``.

    ``path`` has neither language nor suffix. ``about`` is the IRI of what is described. ``links``
    are those of its own; ``parameters`` of the address decide what it says, and ``mark`` is what
    else does, besides the dataset.
    """

    path: str
    about: str
    page: Callable[[], Awaitable[Page]]
    statements: Callable[[], Awaitable[Iterable[Statement]]]
    links: tuple[Link, ...] = ()
    type: str = "https://schema.org/AboutPage"
    status: int = 200
    parameters: Collection[str] = ("page",)
    mark: str = ""
    types: Mapping[str, str] = field(default_factory=lambda: SUFFIXES, repr=False)


def stem(path: str) -> tuple[str, str]:
    """Return a path without the suffix of a format, and that suffix, empty if there is none.

    >>> stem("/doc/pilot/ede-west.ttl"), stem("/ontology/0.1.0")
    (('/doc/pilot/ede-west', 'ttl'), ('/ontology/0.1.0', ''))
    """
    name, _, suffix = path.rpartition(".")
    return (name, suffix) if name and suffix in SUFFIXES else (path, "")


def place(request: Request, path: str) -> str:
    """Return the suffix with which a document is asked for, empty if there is none.

    Raises ``ResourceNotFound`` if the request is for something else than the document at a path.
    """
    own, suffix = stem(neutral(request.url.path).rstrip("/"))
    if own != path:
        raise ResourceNotFound(iri(own))
    return suffix


def routes(places: Mapping[str, Answerer], *, languages: bool = True) -> APIRouter:
    """Return routes by their paths, with ``languages`` also below those of the languages."""
    found = APIRouter()
    for path, answer in places.items():
        for prefix in ("", "/nl") if languages else ("",):
            found.add_route(prefix + path, answer, METHODS, include_in_schema=False)
    return found


def client(request: Request) -> str:
    """Return who asks, as the engine tells clients apart."""
    return network(request.scope["client"])


class Documents:
    """Answers with the view of a document that a client likes best."""

    def __init__(self, deployment: Deployment, views: Views) -> None:
        self._deployment, self._views = deployment, views
        self._kept: OrderedDict[tuple[str, str], _View] = OrderedDict()
        # What is made in Python is made one at a time, so that queries get their turn.
        self._gathering, self._making = asyncio.Semaphore(GATHERING), asyncio.Semaphore(1)
        self._waiting = 0
        self._size = 0

    async def respond(
        self, request: Request, document: Document, suffix: str = "", preferred: str = HTML
    ) -> Response:
        """Return a view of a document, or that the client has it.

        ``suffix`` fixes the format; without it the Accept field decides, and in doubt
        ``preferred``. Raises ``NotAcceptable``, and what making the view raises.
        """
        media_type = self.chosen(request, suffix, preferred)
        headers = self._headers(request, document, media_type, is_negotiated=not suffix)
        tag = headers["ETag"]
        # Where more than the dataset decides, the date does not count.
        modified = None if document.mark else self._modified(request)
        if is_known(request.headers, tag, modified):
            return Response(status_code=304, headers=headers)
        key = (tag, coding_of(request))
        content, encoded = self._kept.get(key) or await self._made(
            request, document, media_type, key
        )
        return Response(content, document.status, headers | encoded)

    async def respond_as_data(self, request: Request, document: Document) -> Response:
        """Return a document in RDF, in doubt in Turtle; a browser is sent to the page.

        Raises what ``respond`` does.
        """
        if self.chosen(request, preferred=TURTLE) in PAGES:
            headers = {"Location": document.path, "Vary": "Accept"}
            return Response(status_code=303, headers=headers)
        return await self.respond(request, document, preferred=TURTLE)

    async def _made(
        self, request: Request, document: Document, media_type: str, key: tuple[str, str]
    ) -> _View:
        """Return a view that is made, by this request or by one that it waited for."""
        async with self._turn():
            if kept := self._kept.get(key):
                return kept
            gather = self._html if media_type in PAGES else self._rdf
            make = await gather(request, document, media_type)
            async with self._making:
                return self._kept.get(key) or self._keep(
                    key, *await packed(await asyncio.to_thread(make), key[1])
                )

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        """Let few views at a time ask the engine; raises ``Overloaded`` when too many wait."""
        if self._waiting >= MOST_WAITING:
            raise Overloaded(1)
        self._waiting += 1
        try:
            async with self._gathering:
                yield
        finally:
            self._waiting -= 1

    async def _html(self, request: Request, document: Document, _: str) -> Callable[[], bytes]:
        template, values = await document.page()
        values = {**values, "document": document}
        return lambda: bytes(self._views.render(template, request, **values).body)

    def chosen(self, request: Request, suffix: str = "", preferred: str = HTML) -> str:
        """Return the media type of a view; raises ``NotAcceptable`` if none is acceptable."""
        return SUFFIXES[suffix] if suffix else _chosen(request, preferred)

    async def _rdf(
        self, request: Request, document: Document, media_type: str
    ) -> Callable[[], bytes]:
        offer = _offer(media_type)
        statements = list(await document.statements())
        if offer.name == "jsonld":
            context = await jsonld.context(self._deployment, client(request))
            url = f"{request.base_url}{jsonld.PATH[1:]}"
            return partial(jsonld.compact, statements, context, url)
        return partial(_serialized, statements, offer)

    def _headers(
        self, request: Request, document: Document, media_type: str, *, is_negotiated: bool
    ) -> dict[str, str]:
        language, base = language_of(request), str(request.base_url).rstrip("/")
        turned = f"?{given}" if (given := _given(request, document.parameters)) else ""
        signposts = _signposts(document, media_type, base, language, turned)
        links = (*signposts, *document.links)
        version = self._build(request).version
        state = (
            version,
            self._views.revision,
            document.mark,
            _asked(request, document),
            media_type,
        )
        headers = {
            "Cache-Control": "public, no-cache",
            "ETag": weak("\n".join(state).encode()),
            "Last-Modified": http_date(self._modified(request)),
            "Vary": "Accept, Accept-Encoding" if is_negotiated else "Accept-Encoding",
            "Link": ", ".join(map(str, links)),
        }
        if media_type in PAGES:
            headers |= {"Content-Type": f"{HTML}; charset=utf-8", "Content-Language": language}
        else:
            headers["Content-Type"] = _offer(media_type).content_type
        if is_negotiated:
            where = localised(f"{document.path}.{_suffix(media_type)}", language)
            headers["Content-Location"] = where + turned
        return headers

    def _build(self, request: Request) -> Build:
        """Return the build that was served when a request came; what is told is of no older one."""
        build: Build = request.scope.get(BUILD, self._deployment.build)
        return build

    def _modified(self, request: Request) -> datetime:
        newest = max(self._build(request).created, self._views.revised)
        return newest.replace(microsecond=0)

    def _keep(self, key: tuple[str, str], content: bytes, encoded: dict[str, str]) -> _View:
        """Return a view as others get it, kept if it is not too long; the oldest go first."""
        if len(content) <= KEPT // 4 and key not in self._kept:
            self._kept[key] = content, encoded
            self._size += len(content)
        while self._size > KEPT:
            _, (dropped, _) = self._kept.popitem(last=False)
            self._size -= len(dropped)
        return content, encoded


def _asked(request: Request, document: Document) -> str:
    """Return the address that is asked, with those parameters that a page depends on."""
    return str(request.url.replace(query=_given(request, (*document.parameters, MARKED))))


def _given(request: Request, names: Collection[str]) -> str:
    """Return those parameters of a request that have some names, as they stand in an address."""
    given = request.query_params.multi_items()
    return urlencode([pair for pair in given if pair[0] in names])


def _chosen(request: Request, preferred: str) -> str:
    media_types = [HTML, *(one.media_type for one in RDF), *PAGES[1:]]
    offered = sorted(media_types, key=lambda media_type: media_type != preferred)
    accept = accepted(request)
    chosen = choose(accept, offered, DATASETS)
    if chosen is None:
        raise NotAcceptable(accept, [HTML, *offers(RDF)])
    return chosen


def _offer(media_type: str) -> Format:
    return next(one for one in RDF if one.media_type == media_type)


def _suffix(media_type: str) -> str:
    """Return the suffix of the format that a media type is a name of."""
    if media_type in PAGES:
        return "html"
    own = next(one.media_type for one in RDF if one.name == _offer(media_type).name)
    return next(suffix for suffix, one in SUFFIXES.items() if one == own)


def _signposts(
    document: Document, media_type: str, base: str, language: Language, turned: str
) -> Iterable[Link]:
    """Return the links of a view: of a page to its data, of data to their page."""
    yield Link("cite-as", document.about)
    yield Link("type", document.type)
    yield Link("license", LICENSE)
    yield Link("author", f"{base}/{AUTHOR}")
    yield Link("collection", f"{base}/data")
    if media_type in PAGES:
        for suffix in SIGNPOSTED:
            url = f"{base}{document.path}.{suffix}{turned}"
            yield Link("describedby", url, {"type": SUFFIXES[suffix]})
        other: Language = "en" if language == "nl" else "nl"
        url = base + localised(document.path, other) + turned
        yield Link("alternate", url, {"hreflang": other, "type": HTML})
    else:
        yield Link("describes", f"{base}{document.path}{turned}", {"type": HTML})
        yield Link("profile", PROFILES.get(_suffix(media_type), ONTOLOGY))


def _ordered(statements: Iterable[Statement]) -> list[Statement]:
    """Return statements by subject as these come, and of each first what it is."""
    own = list(dict.fromkeys(statements))
    places = {subject: place for place, subject in enumerate(dict.fromkeys(one[0] for one in own))}
    return sorted(
        own,
        key=lambda one: (
            places[one.subject],
            one.predicate != TYPE,
            one.predicate.value,
            str(one.object),
        ),
    )


def _serialized(statements: Iterable[Statement], offer: Format) -> bytes:
    syntax = RDF_BY_NAME[offer.name]
    own = _ordered(statements)
    names = prefixes(own)
    if syntax.supports_datasets:
        return serialize([Quad(*one) for one in own], format=syntax, prefixes=names) or b""
    triples = list(dict.fromkeys(one.triple for one in own))
    return serialize(triples, format=syntax, prefixes=names) or b""
