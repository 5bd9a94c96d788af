"""``/data``: what the dataset is, how to get it and what it was made of; its catalogue as RDF.

DCAT 3 (https://www.w3.org/TR/vocab-dcat-3/), VoID and where it is looked for
(https://www.w3.org/TR/void/#discovery).
"""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from pyoxigraph import NamedNode

from kg import publication, queries, releases
from kg.build import Build
from kg.dataset import Statement
from kg.deployment import Deployment
from kg.metadata import Metadata
from kg.names import names
from kg.namespaces import DATASET, kind
from kg.routes import memento
from kg.routes.documents import Document, Documents, Link, client, place, routes
from kg.routes.releases import cited
from kg.routes.views import language_of
from kg.texts import Language
from kg.urls import localised

__all__ = ["Catalogue", "router"]

PATH, VOID = "/data", "/.well-known/void"
KINDS = (
    *("stated", "coded", "registered", "inferred"),
    *("ontology", "shapes", "document", "evidence", "query", "metadata", "other"),
)


def router(catalogue: "Catalogue") -> APIRouter:
    """Return the routes of the catalogue."""
    places = dict.fromkeys((PATH, f"{PATH}/", f"{PATH}.{{suffix}}"), catalogue.page)
    found = routes(places)
    found.include_router(routes({VOID: catalogue.void}, languages=False))
    return found


@dataclass(frozen=True)
class Catalogue:
    """Answers requests for the catalogue, and remembers what the graph says of its own dataset."""

    deployment: Deployment
    documents: Documents
    _read: dict[str, Metadata] = field(default_factory=dict, repr=False)
    _reading: asyncio.Lock = field(default_factory=asyncio.Lock, repr=False)

    async def page(self, request: Request) -> Response:
        """Tell of the dataset, in HTML or RDF; raises ``ResourceNotFound`` on another suffix."""
        suffix = place(request, PATH)
        return await self.documents.respond(request, await self._document(request), suffix)

    async def void(self, request: Request) -> Response:
        """Describe the dataset in RDF; a browser is sent to the page about it."""
        return await self.documents.respond_as_data(request, await self._document(request))

    async def metadata(self, request: Request) -> Metadata:
        """Return what the graph that is served says of its dataset."""
        async with self._reading:
            version = self.deployment.build.version
            if version not in self._read:
                read = await Metadata.read(self.deployment, client(request))
                self._read.clear()
                self._read[version] = read
            return self._read[version]

    async def _document(self, request: Request) -> Document:
        metadata = await self.metadata(request)
        build, base = self.deployment.build, str(request.base_url)
        kept = await asyncio.to_thread(releases.beside, build)

        async def page() -> tuple[str, dict[str, Any]]:
            language = language_of(request)
            named = await names(self.deployment, _mentioned(metadata), language, client(request))
            files = await asyncio.to_thread(_files, metadata, build, base, language)
            return "data.html", files | _counted(metadata, language) | {
                "metadata": metadata,
                "dataset": DATASET,
                "kept": kept,
                "names": named,
            }

        async def statements() -> Iterable[Statement]:
            return await asyncio.to_thread(publication.statements, metadata, build, kept, base)

        return Document(
            path=PATH,
            about=DATASET.value if metadata.is_ours else f"{base}data",
            page=page,
            statements=statements,
            links=(*await asyncio.to_thread(_items, build, base), *memento.links(base[:-1], kept)),
            type="https://schema.org/Dataset",
            mark=" ".join(one.version for one in kept),
        )


def _items(build: Build, base: str) -> list[Link]:
    """Return links to the files that hold the whole dataset."""
    return [
        Link("item", f"{base}data/{file.path}", {"type": file.content_type})
        for file in releases.files(build)
        if file.path.startswith("samenhang.")
    ]


def _files(metadata: Metadata, build: Build, base: str, language: Language) -> dict[str, Any]:
    """Return what the files of a build tell a page."""
    files = {file.path: file for file in releases.files(build)}
    return {
        "files": [file for file in files.values() if file.is_whole],
        "parts": {
            file.graph: file for file in files.values() if file.graph and file.path.endswith(".ttl")
        },
        "made": releases.made_of(build),
        "citation": cited(build, base),
        "structured": publication.structured(metadata, build, base, language),
    }


def _counted(metadata: Metadata, language: Language) -> dict[str, Any]:
    """Return what was counted in the graphs: by kind of knowledge, by class, by target of links."""
    by_kind: dict[str, dict[str, int]] = {}
    for graph, size in metadata.graphs.items():
        by_kind.setdefault(kind(graph), {})[graph] = size
    return {
        "kinds": {one: by_kind[one] for one in KINDS if one in by_kind},
        "classes": {iri: (count, _query(iri, language)) for iri, count in metadata.classes.items()},
        "linksets": sorted(metadata.linksets, key=lambda one: (-one.links, one.target)),
    }


def _query(iri: str, language: Language) -> str:
    """Return the address of a query for the things of a class, ready to run."""
    text = queries.bound(queries.read("instances"), "class", [NamedNode(iri)])
    return f"{localised('/query', language)}#{urlencode({'query': text})}"


def _mentioned(metadata: Metadata) -> set[str]:
    """Return the IRIs that the page names."""
    linked = ({one.target, one.property} for one in metadata.linksets)
    return {*metadata.graphs, *metadata.classes, *(iri for found in linked for iri in found)}
