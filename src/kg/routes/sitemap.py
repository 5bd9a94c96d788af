"""The sitemap: which documents there are, in both languages, for crawlers; and what they may fetch.

https://www.sitemaps.org/protocol.html, https://www.rfc-editor.org/rfc/rfc9309
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import ceil
from xml.etree.ElementTree import Element, SubElement, tostring

from fastapi import APIRouter, Request, Response

from kg import queries, releases
from kg.build import Build
from kg.deployment import Deployment
from kg.engine.base import select
from kg.errors import ResourceNotFound
from kg.routes.documents import METHODS, SHARED, client
from kg.routes.views import PATHS
from kg.texts import Language
from kg.urls import localised, path

__all__ = ["router"]

LIMIT = 10_000  # addresses in a file; the protocol allows five times as many
PAGES = (
    *("/", "/data", "/doc", "/concept", "/source", "/graph"),
    *("/ontology", "/ontology/changelog", "/shapes"),
)
SPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
XHTML = "http://www.w3.org/1999/xhtml"
ROBOTS = """\
User-agent: *
Disallow: /sparql
Disallow: /graphs
Disallow: /search
Disallow: /nl/search

Sitemap: {base}sitemap.xml
"""
HEADERS = SHARED | {"Cache-Control": "public, max-age=3600"}


def router(deployment: Deployment) -> APIRouter:
    """Return the routes of what crawlers ask first."""
    site = _Site(deployment)
    routes = APIRouter()
    for where, answer in {
        "/robots.txt": site.robots,
        "/sitemap.xml": site.sitemap,
        "/sitemap-{number:int}.xml": site.part,
    }.items():
        routes.add_route(where, answer, METHODS, include_in_schema=False)
    return routes


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
        base, day = str(request.base_url), self._day
        if len(paths) * len(PATHS) <= LIMIT:
            return _answer(await asyncio.to_thread(_listed, paths, base, day))
        parts = ceil(len(paths) / _room())
        return _answer(_index([f"{base}sitemap-{one}.xml" for one in range(1, parts + 1)], day))

    async def part(self, request: Request) -> Response:
        """List some of the documents; raises ``ResourceNotFound`` beyond the last."""
        paths, number = await self._paths(request), int(request.path_params["number"])
        here = paths[_room() * (number - 1) : _room() * number] if number > 0 else ()
        if not here:
            raise ResourceNotFound(request.url.path)
        return _answer(await asyncio.to_thread(_listed, here, str(request.base_url), self._day))

    @property
    def _day(self) -> str:
        return self.deployment.build.created.date().isoformat()

    async def _paths(self, request: Request) -> tuple[str, ...]:
        """Return the paths of all documents, those of pages first."""
        rows = await select(self.deployment, queries.read("sitemap"), client(request))
        things = [where for row in rows if (where := path(row["thing"].value))]
        kinds = sorted({one.rpartition("/")[0] for one in things if one.startswith("/doc/")})
        versions = await asyncio.to_thread(_versions, self.deployment.build)
        return tuple(dict.fromkeys([*PAGES, *versions, *kinds, *things]))


def _versions(build: Build) -> list[str]:
    return [f"/data/{one.version}" for one in releases.kept(build.path.parent)]


def _room() -> int:
    """Return how many documents a file has room for, each in all languages."""
    return LIMIT // len(PATHS)


@lru_cache(maxsize=2)
def _listed(paths: Sequence[str], base: str, day: str) -> bytes:
    urls = Element("urlset", {"xmlns": SPACE, "xmlns:xhtml": XHTML})
    for one in paths:
        places = {code: base + localised(one, code)[1:] for code in PATHS}
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


def _answer(content: bytes) -> Response:
    return Response(content, headers=HEADERS, media_type="application/xml")
