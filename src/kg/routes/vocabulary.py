"""Vocabulary: the pages and the data of the ontology, the shapes and the concepts.

https://www.w3.org/TR/swbp-vocab-pub/
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from itertools import groupby
from typing import Any

from fastapi import APIRouter, Request, Response
from pyoxigraph import Literal, NamedNode

from kg import constraints, queries, schemes, vocabulary
from kg.constraints import SHAPES, Shape
from kg.dataset import Statement
from kg.dataset import Term as Node
from kg.deployment import Deployment
from kg.description import describe
from kg.engine.base import select
from kg.errors import ResourceNotFound
from kg.hierarchy import Branch, hierarchy
from kg.index import Index
from kg.names import Name, names
from kg.namespaces import ONTOLOGY, graph
from kg.quotations import Quotations
from kg.routes.described import missing, shown
from kg.routes.documents import Document, Documents, Link, Page, client, place, routes, stem
from kg.routes.named_graphs import content as statements_of
from kg.routes.paging import number_of, turns
from kg.routes.views import language_of
from kg.schemes import CONCEPT, Scheme
from kg.texts import Language
from kg.urls import iri, neutral
from kg.vocabulary import Ontology, Term, Uses, Version

__all__ = ["router"]

OF_ONTOLOGY, OF_SHAPES = graph("ontology"), graph("shapes")
CHANGELOG = f"{ONTOLOGY}/changelog"
TERM_SET, DEFINED_TERM = "https://schema.org/DefinedTermSet", "https://schema.org/DefinedTerm"


@dataclass(frozen=True)
class _Content:
    """What a version of the dataset says of its vocabulary; ``uses`` are by IRI."""

    version: str
    index: Index
    shapes_index: Index
    ontology: Ontology
    versions: list[Version]
    shapes: tuple[Shape, ...]
    schemes: Mapping[str, Scheme]
    uses: Mapping[str, Uses]
    named: dict[Language, dict[str, Name]] = field(default_factory=dict)


class _Contents:
    """The vocabulary of the version that is served, kept until there is another one."""

    def __init__(self, deployment: Deployment) -> None:
        self._deployment = deployment
        self._kept: _Content | None = None
        self._reading = asyncio.Lock()

    async def get(self, asks: str) -> _Content:
        async with self._reading:
            return await self._read(asks)

    async def _read(self, asks: str) -> _Content:
        version, kept = self._deployment.build.version, self._kept
        if kept is None or kept.version != version:
            own = await statements_of(self._deployment, OF_ONTOLOGY, asks)
            shapes = await statements_of(self._deployment, OF_SHAPES, asks)
            rows = [
                row
                for name in ("uses_of_terms", "uses_of_concepts")
                for row in await select(self._deployment, queries.read(name), asks)
            ]
            kept = self._kept = await asyncio.to_thread(_content, version, own, shapes, rows)
        return kept

    async def named(self, content: _Content, language: Language, asks: str) -> dict[str, Name]:
        """Return the names of all that the pages of the vocabulary mention."""
        if language not in content.named:
            mentioned = content.ontology.mentioned.union(
                *(one.mentioned for one in content.shapes),
                *(one.mentioned for one in content.schemes.values()),
            )
            content.named[language] = await names(self._deployment, mentioned, language, asks)
        return content.named[language]


def _content(
    version: str,
    own: Iterable[Statement],
    shapes: Iterable[Statement],
    rows: Iterable[Mapping[str, Node]],
) -> _Content:
    index, shapes_index = Index(own), Index(shapes)
    return _Content(
        version=version,
        index=index,
        shapes_index=shapes_index,
        ontology=vocabulary.read(index, shapes_index),
        versions=vocabulary.versions(index),
        shapes=constraints.read(shapes_index),
        schemes=schemes.read(index, shapes_index),
        uses=vocabulary.counted(rows),
    )


class _Vocabulary:
    """Answers requests for the ontology, the shapes and the concepts."""

    def __init__(self, deployment: Deployment, documents: Documents, quotations: Quotations):
        self._deployment, self._documents, self._quotations = deployment, documents, quotations
        self._contents = _Contents(deployment)

    async def ontology(self, request: Request) -> Response:
        """Tell of the ontology and its terms; of a version by the path of that."""
        content = await self._contents.get(client(request))
        path, suffix = stem(neutral(request.url.path))
        about = iri(path)
        if not content.ontology.terms or about not in (ONTOLOGY, content.ontology.version_iri):
            raise await missing(self._deployment, request, about)

        async def page() -> Page:
            values = await self._shared(request, content)
            return "ontology.html", values | _ontology(content.ontology, values["names"])

        base = str(request.base_url)
        latest = Link("latest-version", f"{base}ontology")
        history = Link("version-history", f"{base}ontology/changelog")
        links = (history,) if about == ONTOLOGY else (latest, history)
        statements = _given(content.index.statements)
        document = Document(path, about, page, statements, links, TERM_SET)
        return await self._documents.respond(request, document, suffix)

    async def changelog(self, request: Request) -> Response:
        """Tell of the versions of the ontology."""
        content = await self._contents.get(client(request))
        if not content.versions:
            raise ResourceNotFound(CHANGELOG)

        async def page() -> Page:
            values = await self._shared(request, content)
            return "changelog.html", values | {"versions": content.versions}

        nodes = [NamedNode(one) for one in (CHANGELOG, *(one.iri for one in content.versions))]
        path = "/ontology/changelog"
        suffix = place(request, path)
        document = Document(path, CHANGELOG, page, _given(content.index.about(*nodes)))
        return await self._documents.respond(request, document, suffix)

    async def shapes(self, request: Request) -> Response:
        """Tell of the shapes and what they demand."""
        content = await self._contents.get(client(request))
        if not content.shapes:
            raise ResourceNotFound(SHAPES)

        async def page() -> Page:
            values = await self._shared(request, content)
            ordered = _by_label(content.shapes, values["names"])
            bearers = {own.iri: one.iri for one in reversed(ordered) for own in one.properties}
            return "shapes.html", values | {
                "bearers": bearers,
                "shapes": [one for one in ordered if not one.path],
                "loose": [one for one in ordered if one.path],
                "constraints": sum(max(1, len(one.properties)) for one in content.shapes),
            }

        path = "/shapes"
        suffix = place(request, path)
        document = Document(path, SHAPES, page, _given(content.shapes_index.statements))
        return await self._documents.respond(request, document, suffix)

    async def schemes(self, request: Request) -> Response:
        """Tell which schemes of concepts there are."""
        content = await self._contents.get(client(request))

        async def page() -> Page:
            values = await self._shared(request, content)
            listed = _by_label(content.schemes.values(), values["names"])
            totals = {
                one.iri: sum(content.uses.get(iri, Uses()).asserted for iri in one.concepts)
                for one in listed
            }
            return "schemes.html", values | {"schemes": listed, "totals": totals}

        path = "/concept"
        suffix = place(request, path)
        statements = _given(content.index.about(*map(NamedNode, content.schemes)))
        document = Document(path, CONCEPT[:-1], page, statements, type=TERM_SET)
        return await self._documents.respond(request, document, suffix)

    async def scheme(self, request: Request) -> Response:
        """Tell of a scheme and its concepts; raises ``ResourceNotFound`` if there is none."""
        content = await self._contents.get(client(request))
        path, suffix = stem(neutral(request.url.path))
        about = iri(path)
        scheme = content.schemes.get(about)
        if scheme is None:
            raise await missing(self._deployment, request, about)

        async def page() -> Page:
            values = await self._shared(request, content)
            named = values["names"]
            above = {one.iri: one.above for one in scheme.concepts.values()}
            order = {
                one.iri: (one.notation, named[one.iri].label.casefold())
                for one in scheme.concepts.values()
            }
            return "scheme.html", values | {
                "scheme": scheme,
                "tree": hierarchy(above, order.__getitem__),
                "anchors": {one.iri: one.anchor for one in scheme.concepts.values()},
            }

        async def statements() -> list[Statement]:
            query = queries.bound(queries.read("scheme"), "scheme", [NamedNode(about)])
            rows = await select(self._deployment, query, client(request))
            return [Statement.of(row) for row in rows]

        document = Document(path, about, page, statements, type=TERM_SET)
        return await self._documents.respond(request, document, suffix)

    async def concept(self, request: Request) -> Response:
        """Tell of a concept and what bears it; raises ``ResourceNotFound`` if there is none."""
        asks = client(request)
        content = await self._contents.get(asks)
        path, suffix = stem(neutral(request.url.path))
        about = iri(path)
        scheme = content.schemes.get(about.rpartition("/")[0])
        number = number_of(request)
        description = None
        if scheme and about in scheme.concepts:
            description = await describe(self._deployment, about, asks, number)
        if scheme is None or description is None:
            raise await missing(self._deployment, request, about)
        concept = scheme.concepts[about]

        async def page() -> Page:
            language = language_of(request)
            more = concept.mentioned | scheme.mentioned
            values = await shown(
                self._deployment, self._quotations, description, language, asks, more
            )
            below = [one.iri for one in scheme.concepts.values() if about in one.above]
            own = {"concept": concept, "scheme": scheme, "below": below}
            return "concept.html", {**await self._shared(request, content), **values, **own}

        async def statements() -> tuple[Statement, ...]:
            return description.statements

        document = Document(
            path=path,
            about=about,
            page=page,
            statements=statements,
            links=turns(request, description.page, description.pages),
            type=DEFINED_TERM,
            mark=self._quotations.mark,
        )
        return await self._documents.respond(request, document, suffix)

    async def _shared(self, request: Request, content: _Content) -> dict[str, Any]:
        language = language_of(request)
        return {
            "names": await self._contents.named(content, language, client(request)),
            "ontology": content.ontology,
            "used": content.uses,
            "said": partial(_said, language),
            "query": partial(_query, language),
        }


def _ontology(ontology: Ontology, named: Mapping[str, Name]) -> dict[str, Any]:
    """Return what the page of the ontology shows: its terms in their order, and their tree."""
    terms = _by_label(ontology.terms.values(), named)
    own = [one for one in terms if one.is_own]
    others = sorted((one for one in terms if not one.is_own), key=_namespace)
    return {
        "classes": [one for one in own if one.kind == "class"],
        "properties": [one for one in own if one.kind != "class"],
        "others": {one: list(group) for (_, one), group in groupby(others, _namespace)},
        "tree": _classes(ontology.terms, named),
        "anchors": {iri: one.anchor for iri, one in ontology.terms.items()},
    }


def _namespace(term: Term) -> tuple[str, str]:
    return term.name.partition(":")[0], term.namespace


def _classes(terms: Mapping[str, Term], named: Mapping[str, Name]) -> tuple[Branch, ...]:
    """Return our classes as a tree, under those that they are built upon."""
    wanted = {iri for iri, one in terms.items() if one.is_own and one.kind == "class"}
    todo = set(wanted)
    while todo:
        todo = {up for iri in todo for up in terms[iri].above if up in terms} - wanted
        wanted |= todo
    above = {iri: terms[iri].above for iri in wanted}
    return hierarchy(above, lambda one: (named[one].label.casefold(), one))


def _by_label(things: Iterable[Any], named: Mapping[str, Name]) -> list[Any]:
    """Return what has an IRI in the order of the names."""
    return sorted(things, key=lambda one: (named[one.iri].label.casefold(), one.iri))


def _said(language: Language, values: Collection[Node]) -> Collection[Node]:
    """Return those values that are in the language of the reader, or all if none is."""
    own = [one for one in values if isinstance(one, Literal) and one.language == language]
    return own or values


def _query(language: Language, kind: str, iri: str) -> str:
    """Return the query that shows the uses of a ``class``, ``property`` or ``concept``."""
    query = queries.bound(queries.read(f"uses_of_{kind}"), kind, [NamedNode(iri)])
    return queries.bound(query, "language", [Literal(language)])


def _given(statements: Iterable[Statement]) -> Callable[[], Awaitable[Iterable[Statement]]]:
    async def given() -> Iterable[Statement]:
        return statements

    return given


def router(deployment: Deployment, documents: Documents, quotations: Quotations) -> APIRouter:
    """Return the routes of the ontology, the shapes and the concepts."""
    own = _Vocabulary(deployment, documents, quotations)
    places = {
        "/ontology": own.ontology,
        "/ontology.{suffix}": own.ontology,
        "/ontology/changelog": own.changelog,
        "/ontology/changelog.{suffix}": own.changelog,
        "/ontology/{version}": own.ontology,
        "/shapes": own.shapes,
        "/shapes.{suffix}": own.shapes,
        "/concept": own.schemes,
        "/concept/": own.schemes,
        "/concept.{suffix}": own.schemes,
        "/concept/{scheme}": own.scheme,
        "/concept/{scheme}/{concept:path}": own.concept,
    }
    return routes(places)
