"""Resources: what our IRIs lead to; a thing to the document about it.

https://www.w3.org/TR/cooluris/#r303uri
"""

import asyncio
from dataclasses import dataclass

from fastapi import APIRouter, Request, Response
from pyoxigraph import NamedNode

from kg import citation, queries, releases
from kg.dataset import Statement
from kg.deployment import Deployment
from kg.description import Description, describe, known
from kg.engine.base import select
from kg.errors import ResourceGone, ResourceNotFound
from kg.names import names
from kg.namespaces import BASE, DATASET, INFERRED, PREFIXES, term
from kg.quotations import Quotations
from kg.routes.described import missing, shown
from kg.routes.documents import Document, Documents, Link, Page, client, place, routes, stem
from kg.routes.paging import number_of, page_of, turns
from kg.routes.views import Views, language_of
from kg.search import beginning
from kg.urls import DOCUMENTS, THINGS, iri, localised, neutral

__all__ = ["router"]

ON_A_PAGE = 100  # things of a list
TYPE = term("rdf:type").value
BUILD = f"{PREFIXES['id']}build/"


@dataclass(frozen=True)
class _Crumb:
    """A step on the way to a page."""

    path: str
    label: str


@dataclass(frozen=True)
class _Kind:
    """A kind of things: how it stands in IRIs, what it is called, how many there are."""

    slug: str
    label: str
    count: int


@dataclass(frozen=True)
class _Resources:
    """Answers requests for things and for the documents about them."""

    deployment: Deployment
    views: Views
    documents: Documents
    quotations: Quotations

    async def thing(self, request: Request) -> Response:
        """Send the visitor of a thing to the document about it (RFC 9110, section 15.4.4).

        Raises ``ResourceNotFound`` or ``ResourceGone`` if there is none.
        """
        path = neutral(request.url.path)
        document, suffix = await self._place(request, DOCUMENTS + path.removeprefix(THINGS))
        where = localised(f"{document}.{suffix}" if suffix else document, language_of(request))
        base = str(request.base_url).rstrip("/")
        links = (Link("describedby", base + where), Link("cite-as", iri(document)))
        headers = {
            "Location": where,
            "Link": ", ".join(map(str, links)),
            "Cache-Control": "public, no-cache",
        }
        return Response(status_code=303, headers=headers)

    async def list_of_things(self, request: Request) -> Response:
        """Send the visitor of all things to the list of their kinds."""
        where = localised(DOCUMENTS[:-1], language_of(request))
        return Response(status_code=303, headers={"Location": where})

    async def document(self, request: Request) -> Response:
        """Tell of a thing, or which things there are of a kind."""
        path, suffix = await self._place(request, neutral(request.url.path))
        page = number_of(request)
        asks = client(request)
        description = await describe(self.deployment, iri(path), asks, page)
        if description is None:
            return await self._list(request, path, suffix)
        document = self._about(request, path, description)
        return await self.documents.respond(request, document, suffix)

    async def _place(self, request: Request, path: str) -> tuple[str, str]:
        """Return the path of a document and the suffix of a format.

        A thing whose name looks as if it had a suffix counts as it is.
        """
        if not _is_iri(path):
            raise ResourceNotFound(str(request.url.replace(query="")))
        candidates = dict.fromkeys([(path, ""), stem(path)])
        there = await known(self.deployment, [iri(one) for one, _ in candidates], client(request))
        for candidate in candidates:
            if iri(candidate[0]) in there:
                return candidate
        name, suffix = stem(path)
        if name.count("/") == 2 and await beginning(
            self.deployment, f"{iri(name)}/", client(request)
        ):
            return name, suffix
        raise await self._missing(request, iri(name))

    async def _missing(self, request: Request, wanted: str) -> Exception:
        """Return why nothing is told of a thing, and what is called alike."""
        version = wanted.removeprefix(BUILD).partition("/")[0]
        if wanted.startswith(BUILD):
            folder = self.deployment.build.path.parent
            if await asyncio.to_thread(releases.find, folder, version):
                return ResourceGone(wanted, f"its version of the dataset is at /data/{version}.")
            if await asyncio.to_thread(releases.withdrawn, folder, version):
                return ResourceGone(wanted, releases.REMEDY)
        return await missing(self.deployment, request, wanted)

    def _about(self, request: Request, path: str, description: Description) -> Document:
        language = language_of(request)

        async def page() -> Page:
            types = _stated_types(description)
            values = await shown(
                self.deployment, self.quotations, description, language, client(request), types
            )
            own = values["names"][description.iri]
            cited = citation.of(own.label, f"{request.base_url}{path[1:]}", self.deployment.build)
            crumbs = self._crumbs(request, path)
            return "thing.html", values | {"types": types, "crumbs": crumbs, "citation": cited}

        async def statements() -> tuple[Statement, ...]:
            return description.statements

        is_gone = bool(description.values("prov:invalidatedAtTime"))
        return Document(
            path=path,
            about=description.iri,
            page=page,
            statements=statements,
            links=turns(request, description.page, description.pages),
            status=410 if is_gone else 200,
            mark=self.quotations.mark,
        )

    def _crumbs(self, request: Request, path: str) -> list[_Crumb]:
        language = language_of(request)
        kind = path.removeprefix(DOCUMENTS).partition("/")[0]
        words = self.views.words[language]
        return [
            _Crumb(localised(DOCUMENTS[:-1], language), words["thing"]["things"]),
            _Crumb(localised(DOCUMENTS + kind, language), words["things"].get(kind, kind)),
        ]

    async def kinds(self, request: Request) -> Response:
        """Tell which kinds of things there are."""
        language = language_of(request)
        words = self.views.words[language]
        rows = await select(self.deployment, queries.read("kinds"), client(request))
        found = [
            _Kind(
                row["kind"].value,
                words["things"].get(row["kind"].value, row["kind"].value),
                int(row["count"].value),
            )
            for row in rows
        ]

        async def page() -> Page:
            return "things.html", {
                "heading": words["thing"]["things"],
                "lead": words["thing"]["things_lead"],
                "listed": sorted(found, key=lambda kind: kind.label.casefold()),
            }

        async def statements() -> list[Statement]:
            description = await describe(self.deployment, DATASET.value, client(request))
            return list(description.statements) if description else []

        path = DOCUMENTS[:-1]
        suffix = place(request, path)
        document = Document(
            path, f"{BASE}id", page, statements, type="https://schema.org/CollectionPage"
        )
        return await self.documents.respond(request, document, suffix)

    async def _list(self, request: Request, path: str, suffix: str) -> Response:
        """Tell which things there are of a kind, by their names."""
        language, asks = language_of(request), client(request)
        words = self.views.words[language]
        things = await beginning(self.deployment, f"{iri(path)}/", asks)
        named = await names(self.deployment, things, language, asks)
        ordered = sorted(things, key=lambda one: (named[one].label.casefold(), one))
        part = page_of(request, ordered, ON_A_PAGE)

        async def page() -> Page:
            kind = path.removeprefix(DOCUMENTS)
            lead = words["thing"]["kind_lead_one" if len(things) == 1 else "kind_lead_other"]
            return "things.html", {
                "heading": words["things"].get(kind, kind),
                "lead": lead.format(count=len(things)),
                "things": part.here,
                "names": named,
                "number": part.number,
                "pages": part.pages,
            }

        async def statements() -> list[Statement]:
            query = queries.bound(queries.read("labelled"), "thing", map(NamedNode, part.here))
            rows = await select(self.deployment, query, asks) if part.here else []
            return [Statement.of(row) for row in rows]

        base = str(request.base_url)
        items = (Link("item", base + one.removeprefix(BASE)) for one in part.here[:10])
        document = Document(
            path,
            iri(path),
            page,
            statements,
            links=(*turns(request, part.number, part.pages), *items),
            type="https://schema.org/CollectionPage",
        )
        return await self.documents.respond(request, document, suffix)


def _stated_types(description: Description) -> list[str]:
    """Return the classes of a thing that somebody says it has; what is inferred is told below."""
    return [
        one.term.value
        for own in description.properties
        if own.iri == TYPE
        for one in own.values
        if set(one.graphs) != {INFERRED.value} and isinstance(one.term, NamedNode)
    ]


def _is_iri(path: str) -> bool:
    try:
        NamedNode(iri(path))
    except ValueError:
        return False
    return True


def router(
    deployment: Deployment, views: Views, documents: Documents, quotations: Quotations
) -> APIRouter:
    """Return the routes of things and of the documents about them."""
    resources = _Resources(deployment, views, documents, quotations)
    lists = dict.fromkeys(("/doc", "/doc/", "/doc.{suffix}"), resources.kinds)
    return routes(
        {
            "/id": resources.list_of_things,
            "/id/": resources.list_of_things,
            "/id/{path:path}": resources.thing,
            **lists,
            "/doc/{path:path}": resources.document,
        }
    )
