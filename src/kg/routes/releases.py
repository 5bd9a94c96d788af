"""``/data/<version>``: pages about the versions that are kept, how to cite them, and their past.

The files themselves are sent by ``kg.routes.files``.
"""

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request, Response

from kg import publication, releases
from kg.build import Build
from kg.citation import TITLE, Citation
from kg.dataset import Statement
from kg.deployment import Deployment
from kg.dumps import CRATE
from kg.errors import ResourceNotFound
from kg.routes import memento
from kg.routes.conditional import http_date
from kg.routes.documents import Document, Documents, Link, routes, stem
from kg.urls import neutral

__all__ = ["cited", "router"]

CITATIONS: Mapping[str, tuple[str, Callable[[Citation], str]]] = {
    "bib": ("application/x-bibtex; charset=utf-8", Citation.bibtex),
    "json": (
        "application/vnd.citationstyles.csl+json",
        lambda citation: json.dumps([citation.csl()], ensure_ascii=False, indent=2) + "\n",
    ),
    "txt": ("text/plain; charset=utf-8", lambda citation: f"{citation.text()}\n"),
}


def router(deployment: Deployment, documents: Documents) -> APIRouter:
    """Return the routes of the versions."""
    pages = _Releases(deployment, documents)
    found = routes(
        {
            memento.TIMEMAP: pages.timemap,
            memento.TIMEGATE: pages.timegate,
            "/data/citation.{form}": pages.citation,
            "/data/{version}/citation.{form}": pages.citation,
        },
        languages=False,
    )
    found.include_router(routes({"/data/{version}": pages.version}))
    return found


def cited(build: Build, base: str) -> Citation | None:
    """Return how to cite a build, by its address on the deployment at ``base``.

    ``None`` if its dataset is another one than ours. It reads files.
    """
    if releases.made_of(build) is None:
        return None
    url = f"{base}data/{build.version}"
    return Citation(TITLE, url, build.version, build.created.date())


@dataclass(frozen=True)
class _Releases:
    deployment: Deployment
    documents: Documents

    async def version(self, request: Request) -> Response:
        """Tell of a version, in HTML or RDF."""
        path, suffix = stem(neutral(request.scope["path"]))
        build = await asyncio.to_thread(self._build, path.rpartition("/")[2])
        kept = await asyncio.to_thread(releases.beside, self.deployment.build)
        base = str(request.base_url)
        url = f"{base}data/{build.version}"

        items = await asyncio.to_thread(_items, build, url)

        def values() -> dict[str, Any]:
            files = releases.files(build)
            return {
                "release": build,
                "whole": [file for file in files if file.is_whole],
                "graphs": [file for file in files if not file.is_whole],
                "made": releases.made_of(build),
                "citation": cited(build, base),
            }

        async def page() -> tuple[str, dict[str, Any]]:
            return "version.html", await asyncio.to_thread(values)

        async def statements() -> list[Statement]:
            return await asyncio.to_thread(publication.version, build, url)

        document = Document(
            path=path,
            about=url,
            page=page,
            statements=statements,
            links=(*items, *memento.links(base.rstrip("/"), kept)),
            type="https://schema.org/Dataset",
            mark=" ".join(one.version for one in kept),
        )
        response = await self.documents.respond(request, document, suffix)
        response.headers["Memento-Datetime"] = http_date(build.created)
        return response

    def citation(self, request: Request) -> Response:
        """Tell how a version is cited, the one that is served if none is named."""
        version = request.path_params.get("version")
        build = self._build(version) if version else self.deployment.build
        citation = cited(build, str(request.base_url))
        if citation is None or request.path_params["form"] not in CITATIONS:
            raise ResourceNotFound(request.scope["path"])
        media_type, write = CITATIONS[request.path_params["form"]]
        headers = {"Content-Type": media_type, "Cache-Control": "public, no-cache"}
        if version:
            headers["Memento-Datetime"] = http_date(build.created)
        return Response(write(citation), headers=headers)

    def timemap(self, request: Request) -> Response:
        """List all versions that are kept, with their times."""
        kept = releases.beside(self.deployment.build)
        listed = memento.timemap(str(request.base_url).rstrip("/"), kept)
        headers = {"Cache-Control": "public, no-cache"}
        return Response(listed, headers=headers, media_type=memento.LINK_FORMAT)

    def timegate(self, request: Request) -> Response:
        """Send a visitor to the version of the time that is asked for (RFC 7089, section 4.1)."""
        kept, base = releases.beside(self.deployment.build), str(request.base_url).rstrip("/")
        wanted = request.headers.get("accept-datetime")
        build = releases.as_of(kept, memento.moment(wanted)) if wanted else self.deployment.build
        headers = {
            "Location": f"{base}/data/{build.version}",
            "Vary": "accept-datetime",
            "Link": ", ".join(map(str, memento.links(base, kept))),
            "Cache-Control": "public, no-cache",
        }
        return Response(status_code=302, headers=headers)

    def _build(self, version: str) -> Build:
        return releases.require(self.deployment.build, version)


def _items(build: Build, url: str) -> list[Link]:
    """Return the links from a version to its files, but for those of single graphs.

    https://signposting.org/FAIR/
    """
    relations = {CRATE: "describedby"}
    return [
        Link(
            relations.get(file.path, "item"),
            f"{url}/{file.path}",
            {"type": file.content_type.partition(";")[0]},
        )
        for file in releases.files(build)
        if file.is_whole
    ]
