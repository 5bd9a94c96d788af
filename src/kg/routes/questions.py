"""``/queries``: the questions of the library, each with its answer.

A question is described at ``/queries/<slug>``, and at ``/queries/<slug>/<version>`` as it was in
that version; ``data`` in the address names the version of the data that it is asked of.
"""

import asyncio
from dataclasses import dataclass

from fastapi import APIRouter, Request, Response

from kg import archive, executables
from kg.dataset import Statement
from kg.deployment import Deployment
from kg.description import describe
from kg.executables import LIBRARY, iri
from kg.front_matter import DIFFICULTIES
from kg.library import Library
from kg.lookup import find
from kg.past import Past
from kg.protocol import SPARQL_QUERY
from kg.questions import digest
from kg.routes.answered import TEMPLATE, Answered, kinds
from kg.routes.asking import FILE, PATH, Asked, ParametersRefused, asked, latest
from kg.routes.conditional import is_known
from kg.routes.documents import Document, Documents, Link, Page, client, place, routes, stem
from kg.routes.views import Views, language_of
from kg.texts import Language
from kg.urls import neutral

__all__ = ["router"]

LONGEST = 200  # characters of what is searched for
NO_PARAMETERS = ("data", "page")
FOR_GOOD = "public, max-age=31536000, immutable"


def router(deployment: Deployment, past: Past, views: Views, documents: Documents) -> APIRouter:
    """Return the routes of the questions."""
    pages = _Questions(deployment, Answered(deployment, past, views), views, documents)
    lists = dict.fromkeys((PATH, f"{PATH}/", f"{PATH}.{{suffix}}"), pages.library)
    places = {
        **lists,
        f"{PATH}/{{slug}}": pages.question,
        f"{PATH}/{{slug}}/{{version}}": pages.question,
    }
    return routes(places)


@dataclass(frozen=True)
class _Questions:
    deployment: Deployment
    answered: Answered
    views: Views
    documents: Documents

    async def library(self, request: Request) -> Response:
        """Tell which questions there are, or which of them tell of some words."""
        suffix = place(request, PATH)
        build, language = self.deployment.build, language_of(request)
        library = await asyncio.to_thread(archive.served, build)
        words = " ".join(request.query_params.get("q", "").split())[:LONGEST]
        difficulty = request.query_params.get("difficulty", "")
        found = await asyncio.to_thread(find, library, words, difficulty)

        async def page() -> Page:
            return "questions.html", {
                "by_topic": Library(tuple(found)).by_topic,
                "found": len(found),
                "total": len(library.questions),
                "words": words,
                "difficulty": difficulty,
                "difficulties": DIFFICULTIES,
                **await kinds(self.deployment, library, language, client(request)),
            }

        async def statements() -> list[Statement]:
            return await asyncio.to_thread(executables.describe, library)

        document = Document(
            PATH,
            LIBRARY,
            page,
            statements,
            type="https://schema.org/CollectionPage",
            parameters=("q", "difficulty"),
        )
        return await self.documents.respond(request, document, suffix)

    async def question(self, request: Request) -> Response:
        """Tell of a question with its answer; or give the file that it stands in."""
        language, base = language_of(request), str(request.base_url)[:-1]
        where, suffix, is_file = _place(request)
        slug, _, version = where.removeprefix(f"{PATH}/").partition("/")
        if is_file:
            return await self._file(request, slug, version)
        build, given = self.deployment.build, request.query_params.multi_items()
        own = await asked(build, slug, version, given, NO_PARAMETERS, language)
        newest = await asyncio.to_thread(latest, build, own.question)

        async def page() -> Page:
            return await self.answered.page(request, own)

        async def statements() -> list[Statement]:
            told = await asyncio.to_thread(executables.describe, Library((own.question,)))
            said = None if version else await describe(self.deployment, iri(slug), client(request))
            return [*(said.statements if said else ()), *told]

        document = Document(
            path=own.path,
            about=iri(slug),
            page=page,
            statements=statements,
            links=_links(own, base, language, newest),
            type="https://schema.org/WebPage",
            parameters=tuple(request.query_params),
        )
        try:
            return await self.documents.respond(request, document, suffix)
        except ParametersRefused as refused:
            return await self._refuse(request, own, document, refused)

    async def _refuse(
        self, request: Request, own: Asked, document: Document, refused: ParametersRefused
    ) -> Response:
        """Show the form as it was filled in, with what is wrong."""
        shown = await self.answered.refused(request, own, refused)
        return await asyncio.to_thread(
            self.views.render,
            TEMPLATE,
            request,
            status=refused.status,
            headers={"Vary": "Accept, Accept-Encoding", "Cache-Control": "no-store"},
            **shown,
            document=document,
        )

    async def _file(self, request: Request, slug: str, version: str) -> Response:
        """Give the file of a question; that of a version never changes, and is not parsed."""
        build, language = self.deployment.build, language_of(request)
        text = await asyncio.to_thread(archive.text, build, slug, version)
        if text is None:
            text = (await asked(build, slug, version, (), NO_PARAMETERS, language)).question.text
        tag = f'"{digest(text)}"'
        headers = {"ETag": tag, "Cache-Control": FOR_GOOD if version else "public, no-cache"}
        if is_known(request.headers, tag):
            return Response(status_code=304, headers=headers)
        media_type = f"{SPARQL_QUERY}; charset=utf-8"
        return Response(text, headers=headers | {"Content-Type": media_type})


def _place(request: Request) -> tuple[str, str, bool]:
    """Return the path of a question, the suffix of a format, and whether its file is wanted."""
    own = neutral(request.url.path).rstrip("/")
    if own.endswith(FILE):
        return own.removesuffix(FILE), "", True
    return *stem(own), False


def _links(own: Asked, base: str, language: Language, newest: str) -> tuple[Link, ...]:
    """Return the links of a question to its file, its answer and its versions."""
    return (
        Link("describedby", f"{base}{own.path}{FILE}", {"type": SPARQL_QUERY}),
        Link("item", base + own.answer(language, format="csv"), {"type": "text/csv"}),
        Link("bookmark", base + own.permanent(language)),
        *((Link("latest-version", base + newest),) if own.is_pinned else ()),
    )
