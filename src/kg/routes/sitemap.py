"""The sitemap: which documents there are, in both languages, for crawlers; and what they may fetch.

https://www.sitemaps.org/protocol.html, https://www.rfc-editor.org/rfc/rfc9309
"""

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import ceil
from xml.etree.ElementTree import Element, SubElement, tostring

from fastapi import APIRouter, Request, Response

from kg import archive, queries, releases
from kg.build import Build
from kg.deployment import Deployment
from kg.engine.base import select
from kg.errors import ResourceNotFound
from kg.namespaces import BASE
from kg.routes.conditional import is_known, weak
from kg.routes.documents import client, routes
from kg.routes.packing import coding_of, packed
from kg.routes.views import PATHS
from kg.texts import Language
from kg.urls import localised, path

__all__ = ["router"]

NUMBER = re.compile("[1-9][0-9]{0,5}")
LIMIT = 10_000  # addresses in a file; the protocol allows five times as many
PAGES = (
    *("/", "/queries", "/data", "/doc", "/concept", "/source", "/graph"),
    *("/ontology", "/ontology/changelog", "/shapes"),
)
SPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
XHTML = "http://www.w3.org/1999/xhtml"
ROBOTS = """\
User-agent: *
Disallow: /sparql
Disallow: /graphs
Disallow: /api/
Disallow: /search
Disallow: /nl/search

Sitemap: {base}sitemap.xml
"""
HEADERS = {"Cache-Control": "public, max-age=3600"}


def router(deployment: Deployment) -> APIRouter:
    """Return the routes of what crawlers ask first."""
    site = _Site(deployment)
    places = {
        "/robots.txt": site.robots,
        "/sitemap.xml": site.sitemap,
        "/sitemap-{number}.xml": site.part,
    }
    return routes(places, languages=False)


@dataclass(frozen=True)
class _Site:
    deployment: Deployment

    async def robots(self, request: Request) -> Response:
        """Tell what a crawler had better leave alone: what is computed for each question anew."""
        text = ROBOTS.format(base=request.base_url)
        return Response(text, headers=HEADERS, media_type="text/plain")

    async def sitemap(self, request: Request) -> Response:
        """List the documents, or the files that list them where there are many."""
        paths = await self._paths(request)
        day = self._day
        if len(paths) * len(PATHS) <= LIMIT:
            return await _answer(request, await asyncio.to_thread(_listed, paths, day))
        parts = ceil(len(paths) / _room())
        files = [f"{BASE}sitemap-{one}.xml" for one in range(1, parts + 1)]
        return await _answer(request, _index(files, day))

    async def part(self, request: Request) -> Response:
        """List some of the documents; raises ``ResourceNotFound`` beyond the last."""
        paths, text = await self._paths(request), request.path_params["number"]
        number = int(text) if NUMBER.fullmatch(text) else 0
        here = paths[_room() * (number - 1) : _room() * number] if number else ()
        if not here:
            raise ResourceNotFound(request.url.path)
        return await _answer(request, await asyncio.to_thread(_listed, here, self._day))

    @property
    def _day(self) -> str:
        return self.deployment.build.created.date().isoformat()

    async def _paths(self, request: Request) -> tuple[str, ...]:
        """Return the paths of all documents, those of pages first."""
        rows = await select(self.deployment, queries.read("sitemap"), client(request))
        things = [where for row in rows if (where := path(row["thing"].value))]
        kinds = sorted({one.rpartition("/")[0] for one in things if one.startswith("/doc/")})
        build = self.deployment.build
        versions = await asyncio.to_thread(_versions, build)
        library = await asyncio.to_thread(archive.served, build)
        questions = [f"/queries/{slug}" for slug in library.by_slug]
        return tuple(dict.fromkeys([*PAGES, *questions, *versions, *kinds, *things]))


def _versions(build: Build) -> list[str]:
    return [f"/data/{one.version}" for one in releases.kept(build.path.parent)]


def _room() -> int:
    """Return how many documents a file has room for, each in all languages."""
    return LIMIT // len(PATHS)


@lru_cache(maxsize=2)
def _listed(paths: Sequence[str], day: str) -> bytes:
    """Return the list of documents under our own base, in whose place comes that of the host."""
    urls = Element("urlset", {"xmlns": SPACE, "xmlns:xhtml": XHTML})
    for one in paths:
        places = {code: BASE + localised(one, code)[1:] for code in PATHS}
        for place in places.values():
            _entry(urls, place, places, day)
    return _written(urls)


def _entry(urls: Element, place: str, places: Mapping[Language, str], day: str) -> None:
    url = SubElement(urls, "url")
    SubElement(url, "loc").text = place
    SubElement(url, "lastmod").text = day
    for code, other in (*places.items(), ("x-default", places["en"])):
        SubElement(url, "xhtml:link", rel="alternate", hreflang=code, href=other)


def _index(files: Sequence[str], day: str) -> bytes:
    index = Element("sitemapindex", {"xmlns": SPACE})
    for one in files:
        entry = SubElement(index, "sitemap")
        SubElement(entry, "loc").text = one
        SubElement(entry, "lastmod").text = day
    return _written(index)


def _written(root: Element) -> bytes:
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, "unicode").encode()


async def _answer(request: Request, content: bytes) -> Response:
    """Return a list with the addresses of this host, or that the client has it."""
    own = content.replace(BASE.encode(), str(request.base_url).encode())
    tag = weak(own)
    headers = HEADERS | {"ETag": tag, "Vary": "Accept-Encoding"}
    if is_known(request.headers, tag):
        return Response(status_code=304, headers=headers)
    body, encoded = await packed(own, coding_of(request))
    return Response(body, headers=headers | encoded, media_type="application/xml")
