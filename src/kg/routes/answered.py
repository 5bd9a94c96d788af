"""Answered: what the page of a question shows, once it is answered or refused."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from fastapi import Request

from kg import archive, citation
from kg.answers import part
from kg.citation import Citation
from kg.deployment import Deployment
from kg.engine.base import Engine
from kg.executables import DIFFICULTY, TOPIC
from kg.forms import Field, fields
from kg.front_matter import DIFFICULTIES
from kg.library import Library
from kg.names import names
from kg.parameters import Values
from kg.past import Past
from kg.protocol import Query
from kg.questions import bind
from kg.routes.answering import explanation
from kg.routes.asking import PATH, Asked, ParametersRefused, terms
from kg.routes.changes import changes, edits
from kg.routes.documents import Page, client
from kg.routes.paging import number_of, require
from kg.routes.views import Views, language_of
from kg.snippets import snippets
from kg.tables import table
from kg.texts import Language
from kg.urls import localised

__all__ = ["TEMPLATE", "Answered", "kinds"]

ON_A_PAGE = 100  # rows of an answer
FORMATS = ("csv", "tsv", "json", "xml")
TEMPLATE = "question.html"


@dataclass(frozen=True)
class Answered:
    """Gathers what pages of questions show."""

    deployment: Deployment
    past: Past
    views: Views

    async def page(self, request: Request, own: Asked) -> Page:
        """Return the page of a question with its answer."""
        language, asks = language_of(request), client(request)
        number = number_of(request)
        async with self.past.engine(own.build.version, asks) as engine:
            values = await terms(engine, own, language, asks)
            query = bind(own.question, values)
            answer = await part(engine, query, number, ON_A_PAGE, asks)
            require(request, number, answer.pages)
            form = await self._form(engine, own, {}, values, language, asks)
            shown = await table(engine, own.question, answer.rows, language, asks)
            is_newest = own.build.version == self.deployment.build.version
            compared = (
                None
                if is_newest
                else await changes(engine, self.deployment, own.question, query, language, asks)
            )
        told = await self._told(own, language, asks)
        links = _ways(own, query, str(request.base_url), language, is_newest=is_newest)
        return TEMPLATE, {
            **told,
            **links,
            "form": form,
            "faults": {},
            "answer": answer,
            "table": shown,
            "query": query,
            "changes": compared,
            "citation": _citation(own, form, str(request.base_url), language),
        }

    async def refused(
        self, request: Request, own: Asked, refused: ParametersRefused
    ) -> dict[str, Any]:
        """Return what the page shows instead: the form as it was filled in, and what is wrong."""
        language, asks = language_of(request), client(request)
        faults = refused.told(own.question, language)
        async with self.past.engine(own.build.version, asks) as engine:
            form = await self._form(engine, own, faults, refused.values, language, asks)
        fielded = {field.name for field in form}
        return {
            **await self._told(own, language, asks),
            "form": form,
            "faults": {one: why for one, why in faults.items() if one not in fielded},
            "answer": None,
            "changes": None,
        }

    async def _form(
        self,
        engine: Engine,
        own: Asked,
        faults: Mapping[str, str],
        values: Values,
        language: Language,
        asks: str,
    ) -> list[Field]:
        return await fields(engine, own.question, dict(own.given), faults, values, language, asks)

    async def _told(self, own: Asked, language: Language, asks: str) -> dict[str, Any]:
        """Return what is told of a question, whatever is asked."""
        library = Library((own.question,))
        served = self.deployment.build
        current = (await asyncio.to_thread(archive.served, served)).by_slug.get(own.question.slug)
        versions = await asyncio.to_thread(archive.versions, served, own.question.slug)
        words = self.views.words[language]["questions"]
        return {
            "asked": own,
            "question": own.question,
            "crumbs": [{"path": localised(PATH, language), "label": words["title"]}],
            "current": current,
            "edits": edits(own.question, current),
            "versions": versions,
            **await kinds(self.deployment, library, language, asks),
        }


async def kinds(
    deployment: Deployment, library: Library, language: Language, client: str = ""
) -> dict[str, Any]:
    """Return what the topics of some questions are called, and all difficulties, as ``kinds``."""
    topics = {one: TOPIC + one for one in library.by_topic}
    difficulties = {one: DIFFICULTY + one for one in DIFFICULTIES}
    iris = {**topics, **difficulties}
    named = await names(deployment, iris.values(), language, client)
    return {"kinds": {one: named[where] for one, where in iris.items()}}


def _ways(
    own: Asked, query: str, base: str, language: Language, *, is_newest: bool
) -> dict[str, Any]:
    """Return the addresses that a page leads to, and the programs that it shows."""
    here = base[:-1]
    as_csv = here + own.answer(language, format="csv")
    why = explanation(Query(query))
    return {
        "downloads": {form: own.answer(language, format=form) for form in FORMATS},
        "editing": f"{localised('/query', language)}?{urlencode({'query': query})}",
        "why": localised(why, language) if is_newest and "?" in why else "",
        "permalink": here + own.permanent(language),
        "turning": "".join(f"{urlencode([pair])}&" for pair in own.pairs),
        "snippets": snippets(here + own.answer(language), as_csv, f"{here}/sparql", query),
    }


def _citation(own: Asked, form: Iterable[Field], base: str, language: Language) -> Citation:
    """Return how the answer is cited: the question, what was filled in, and of which data."""
    question = own.question
    filled = [f"{field.label}: {field.shown}" for field in form if field.value]
    parts = [f"query {question.slug}, version {question.version}", *filled]
    title = f"{question.title[language]} ({'; '.join(parts)})"
    return citation.of(title, base[:-1] + own.permanent(language), own.build)
