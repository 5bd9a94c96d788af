"""Documents: one description as HTML and as RDF, with links to what belongs to it.

https://www.rfc-editor.org/rfc/rfc9110#section-12, https://signposting.org/FAIR/
"""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime, parsedate_to_datetime
from hashlib import sha256
from typing import Any

from fastapi import Request, Response
from pyoxigraph import Quad, serialize

from kg import jsonld
from kg.dataset import Statement, prefixes
from kg.deployment import Deployment
from kg.errors import NotAcceptable
from kg.formats import RDF, RDF_BY_NAME, Format, offers
from kg.namespaces import BASE
from kg.negotiation import choose
from kg.protection import network
from kg.routes.problems import accepted
from kg.routes.views import Views, language_of
from kg.texts import Language
from kg.urls import localised

__all__ = [
    "LICENSE",
    "METHODS",
    "PAGES",
    "SUFFIXES",
    "Document",
    "Documents",
    "Link",
    "client",
    "stem",
]

METHODS = ["GET", "HEAD"]
HTML = "text/html"
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
SIGNPOSTED = ("ttl", "jsonld", "rdf", "nt")
LICENSE = "https://creativecommons.org/licenses/by/4.0/"
AUTHOR = "id/agent/samenhang"
PROFILES = {"jsonld": "http://www.w3.org/ns/json-ld#compacted"}
ONTOLOGY = f"{BASE}ontology"
KEPT = 32 * 2**20  # bytes of views that are kept to be given again
SHARED = {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "*"}

Page = tuple[str, Mapping[str, Any]]


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
    are those of its own; ``mark`` is what else decides what it says, besides the dataset.
    """

    path: str
    about: str
    page: Callable[[], Awaitable[Page]]
    statements: Callable[[], Awaitable[Iterable[Statement]]]
    links: tuple[Link, ...] = ()
    type: str = "https://schema.org/AboutPage"
    status: int = 200
    mark: str = ""
    types: Mapping[str, str] = field(default_factory=lambda: SUFFIXES, repr=False)


def stem(path: str) -> tuple[str, str]:
    """Return a path without the suffix of a format, and that suffix, empty if there is none.

    >>> stem("/doc/pilot/ede-west.ttl"), stem("/ontology/0.1.0")
    (('/doc/pilot/ede-west', 'ttl'), ('/ontology/0.1.0', ''))
    """
    name, _, suffix = path.rpartition(".")
    return (name, suffix) if name and suffix in SUFFIXES else (path, "")


def neighbours(request: Request, page: int, pages: int) -> tuple[Link, ...]:
    """Return the links to the pages before and after one (RFC 8288)."""
    near_by = {"prev": page - 1, "next": page + 1}
    return tuple(
        Link(rel, str(request.url.include_query_params(page=number)))
        for rel, number in near_by.items()
        if 1 <= number <= pages
    )


def client(request: Request) -> str:
    """Return who asks, as the engine tells clients apart."""
    return network(request.scope["client"])


class Documents:
    """Answers with the view of a document that a client likes best."""

    def __init__(self, deployment: Deployment, views: Views) -> None:
        self._deployment, self._views = deployment, views
        self._kept: OrderedDict[str, bytes] = OrderedDict()
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
        if _is_known(request, headers, document):
            return Response(status_code=304, headers=headers)
        tag = headers["ETag"]
        content = self._kept.get(tag)
        if content is None:
            make = self._html if media_type in PAGES else self._rdf
            content = self._keep(tag, await make(request, document, media_type))
        return Response(content, document.status, headers)

    async def _html(self, request: Request, document: Document, _: str) -> bytes:
        template, values = await document.page()
        page = await asyncio.to_thread(
            self._views.render, template, request, document=document, **values
        )
        return bytes(page.body)

    def chosen(self, request: Request, suffix: str = "", preferred: str = HTML) -> str:
        """Return the media type of a view; raises ``NotAcceptable`` if none is acceptable."""
        return SUFFIXES[suffix] if suffix else _chosen(request, preferred)

    async def _rdf(self, request: Request, document: Document, media_type: str) -> bytes:
        offer = _offer(media_type)
        statements = list(await document.statements())
        if offer.name == "jsonld":
            context = await jsonld.context(self._deployment, client(request))
            url = f"{request.base_url}{jsonld.PATH[1:]}"
            return await asyncio.to_thread(jsonld.compact, statements, context, url)
        return await asyncio.to_thread(_serialized, statements, offer)

    def _headers(
        self, request: Request, document: Document, media_type: str, *, is_negotiated: bool
    ) -> dict[str, str]:
        language, base = language_of(request), str(request.base_url).rstrip("/")
        links = (*_signposts(document, media_type, base, language), *document.links)
        build = self._deployment.build
        state = (build.version, self._views.revision, document.mark, str(request.url), media_type)
        digest = sha256("\n".join(state).encode()).hexdigest()[:20]
        headers = SHARED | {
            "Cache-Control": "public, no-cache",
            "ETag": f'W/"{digest}"',
            "Last-Modified": format_datetime(self._modified, usegmt=True),
            "Link": ", ".join(map(str, links)),
        }
        if media_type in PAGES:
            headers |= {"Content-Type": f"{HTML}; charset=utf-8", "Content-Language": language}
        else:
            headers["Content-Type"] = _offer(media_type).content_type
        if is_negotiated:
            suffix = _suffix(media_type)
            headers["Vary"] = "Accept"
            headers["Content-Location"] = localised(f"{document.path}.{suffix}", language)
        return headers

    @property
    def _modified(self) -> datetime:
        return max(self._deployment.build.created, self._views.revised).replace(microsecond=0)

    def _keep(self, tag: str, content: bytes) -> bytes:
        """Return a view as others get it, kept if it is not too long."""
        if len(content) <= KEPT // 4 and tag not in self._kept:
            self._kept[tag] = content
            self._size += len(content)
        while self._size > KEPT:
            _, dropped = self._kept.popitem(last=False)
            self._size -= len(dropped)
        return content


def _chosen(request: Request, preferred: str) -> str:
    media_types = [*PAGES, *(one.media_type for one in RDF)]
    offered = sorted(media_types, key=lambda media_type: media_type != preferred)
    accept = accepted(request)
    chosen = choose(accept, offered)
    if chosen is None:
        raise NotAcceptable(accept, [HTML, *offers(RDF)])
    return chosen


def _offer(media_type: str) -> Format:
    return next(one for one in RDF if one.media_type == media_type)


def _suffix(media_type: str) -> str:
    return next((suffix for suffix, one in SUFFIXES.items() if one == media_type), "html")


def _is_known(request: Request, headers: Mapping[str, str], document: Document) -> bool:
    """Tell whether the client has what it asks for (RFC 9110, section 13.2.2).

    Where more than the dataset decides, the date does not count.
    """
    known = request.headers.get("if-none-match")
    if known is not None:
        tags = (tag.strip().removeprefix("W/") for tag in known.split(","))
        return known.strip() == "*" or headers["ETag"].removeprefix("W/") in tags
    since = None if document.mark else request.headers.get("if-modified-since")
    if not since:
        return False
    try:
        return parsedate_to_datetime(since) >= parsedate_to_datetime(headers["Last-Modified"])
    except (OverflowError, TypeError, ValueError):  # no date of HTTP, which is in GMT
        return False


def _signposts(
    document: Document, media_type: str, base: str, language: Language
) -> Iterable[Link]:
    """Return the links of a view: of a page to its data, of data to their page."""
    yield Link("cite-as", document.about)
    yield Link("type", document.type)
    yield Link("license", LICENSE)
    yield Link("author", f"{base}/{AUTHOR}")
    yield Link("collection", f"{base}/data")
    if media_type in PAGES:
        for suffix in SIGNPOSTED:
            url = f"{base}{document.path}.{suffix}"
            yield Link("describedby", url, {"type": SUFFIXES[suffix]})
        other: Language = "en" if language == "nl" else "nl"
        url = base + localised(document.path, other)
        yield Link("alternate", url, {"hreflang": other, "type": HTML})
    else:
        yield Link("describes", f"{base}{document.path}", {"type": HTML})
        yield Link("profile", PROFILES.get(_suffix(media_type), ONTOLOGY))


def _serialized(statements: Iterable[Statement], offer: Format) -> bytes:
    syntax = RDF_BY_NAME[offer.name]
    own = list(dict.fromkeys(statements))
    names = prefixes(own)
    if syntax.supports_datasets:
        return serialize([Quad(*one) for one in own], format=syntax, prefixes=names) or b""
    triples = list(dict.fromkeys(one.triple for one in own))
    return serialize(triples, format=syntax, prefixes=names) or b""
