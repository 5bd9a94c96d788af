"""Sources: a page about each source document, with its passages and what they attest.

Where a passage stands in the text is told by fragments (RFC 5147), which no server sees; so
``?char=START,END`` asks for a text in which a passage is marked.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from fastapi import APIRouter, Request, Response
from pyoxigraph import Literal as RdfLiteral
from pyoxigraph import NamedNode

from kg import queries, testimony
from kg.dataset import SLUG, Statement, Term
from kg.deployment import Deployment
from kg.description import Description, describe
from kg.engine.base import select
from kg.names import Name, names
from kg.namespaces import graph, slug, term
from kg.passages import Passage
from kg.quotations import Quotations, Segment, State, Text
from kg.routes.described import missing, shown
from kg.routes.documents import Document, Documents, Link, client, place, routes, stem
from kg.routes.named_graphs import content
from kg.routes.paging import number_of, page_of, turns
from kg.routes.views import language_of
from kg.testimony import Cited
from kg.texts import Language
from kg.urls import iri, localised, neutral

__all__ = ["Excerpt", "Source", "excerpt", "router"]

PLACE = "/source"
ON_A_PAGE = 100  # sources of the list
DOCUMENT = term("sam:SourceDocument")


@dataclass(frozen=True)
class Source:
    """A source in the list: what is said of it, by the parts that ``facts_of_sources.rq`` names.

    ``cases`` are those that it documents. ``state`` is that of its text, empty if it has none.
    """

    iri: str
    is_document: bool
    said: Mapping[str, tuple[Term, ...]]
    cases: tuple[str, ...] = ()
    state: State | Literal[""] = ""

    @property
    def mentioned(self) -> Iterator[str]:
        """The IRIs that a reader of the list meets."""
        yield from (self.iri, *self.cases)
        for values in self.said.values():
            yield from (one.value for one in values if isinstance(one, NamedNode))

    def text(self, part: str, language: Language) -> Term | None:
        """Return a value of a part, in a language if there is one in it."""
        values = self.said.get(part, ())
        own = (one for one in values if isinstance(one, RdfLiteral) and one.language == language)
        return next(own, next(iter(values), None))


@dataclass(frozen=True)
class Excerpt:
    """A text cut at the edges of its passages: the segments before a marked range, in it, after it.

    ``attested`` are the places at which a segment begins that a passage covers.
    """

    before: tuple[Segment, ...]
    marked: tuple[Segment, ...]
    after: tuple[Segment, ...]
    attested: frozenset[int]


@dataclass(frozen=True)
class _Sources:
    """Answers requests for sources."""

    deployment: Deployment
    documents: Documents
    quotations: Quotations

    async def all(self, request: Request) -> Response:
        """Tell which sources there are."""
        language, asks = language_of(request), client(request)
        suffix = place(request, PLACE)
        listed = await self._listed(asks)
        part = page_of(request, list(listed), ON_A_PAGE)
        here = {one: listed[one] for one in part.here}

        async def page() -> tuple[str, dict[str, Any]]:
            sources = await self._sources(here, asks)
            named = await self._names(sources, language, asks)
            ordered = sorted(sources, key=lambda one: named[one.iri].label.casefold())
            return "sources.html", {
                "sources": [one for one in ordered if one.is_document],
                "registers": [one for one in ordered if not one.is_document],
                "names": named,
                "number": part.number,
                "pages": part.pages,
            }

        async def statements() -> list[Statement]:
            return await content(self.deployment, graph("sources"), asks)

        document = Document(
            PLACE,
            iri(PLACE),
            page,
            statements,
            links=turns(request, part.number, part.pages),
            type="https://schema.org/CollectionPage",
            mark=self.quotations.mark,
        )
        return await self.documents.respond(request, document, suffix)

    async def one(self, request: Request) -> Response:
        """Tell of a source; raises ``ResourceNotFound`` if nothing is said of it."""
        asks = client(request)
        path, suffix = stem(neutral(request.url.path))
        number = number_of(request)
        is_possible = SLUG.fullmatch(slug(path))
        description = (
            await describe(self.deployment, iri(path), asks, number) if is_possible else None
        )
        if description is None:
            raise await missing(self.deployment, request, iri(path))
        document = self._about(request, path, description)
        return await self.documents.respond(request, document, suffix)

    def _about(self, request: Request, path: str, description: Description) -> Document:
        asks = client(request)
        is_document = _is_document(description)

        async def page() -> tuple[str, dict[str, Any]]:
            return "source.html", await self._values(request, description)

        async def statements() -> Iterable[Statement]:
            if is_document:
                return await testimony.statements(self.deployment, description.iri, asks)
            return description.statements

        base, language = str(request.base_url).rstrip("/"), language_of(request)
        near_by = () if is_document else (description.page, description.pages)
        return Document(
            path,
            description.iri,
            page,
            statements,
            links=(
                Link("up", base + localised(PLACE, language)),
                *(turns(request, *near_by) if near_by else ()),
            ),
            mark=self.quotations.mark,
        )

    async def _values(self, request: Request, description: Description) -> dict[str, Any]:
        asks, document = client(request), description.iri
        text = await self.quotations.text(self.deployment, document, asks)
        if text is None and _is_document(description):
            text = Text(document, 0, ())
        cited = await testimony.cited(self.deployment, document, asks)
        cases = (await self._cases([document], asks)).get(document, [])
        more = {*cases, *(found for one in cited for found in one.mentioned)}
        values = await shown(
            self.deployment, self.quotations, description, language_of(request), asks, more
        )
        asked = request.query_params.get("char")
        marked = _marked(text, asked) if text and asked else None
        return values | {
            "text": text,
            "cited": cited,
            "cases": cases,
            "marked": marked,
            "is_misled": asked is not None and marked is None,
            "excerpt": excerpt(text, cited, marked) if text and text.is_at_hand else None,
        }

    async def _listed(self, asks: str) -> dict[str, bool]:
        """Return the sources by their IRIs, and whether they are documents."""
        rows = await select(self.deployment, queries.read("listed_sources"), asks)
        return {row["source"].value: row["document"].value == "true" for row in rows}

    async def _sources(self, listed: Mapping[str, bool], asks: str) -> list[Source]:
        iris = [NamedNode(one) for one in listed]
        query = queries.bound(queries.read("facts_of_sources"), "source", iris)
        said: dict[str, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
        for row in await select(self.deployment, query, asks) if iris else ():
            said[row["source"].value][row["part"].value].append(row["value"])
        cases = await self._cases(listed, asks)
        texts = await self.quotations.texts(self.deployment, listed, asks)
        return [
            Source(
                one,
                is_document,
                {part: tuple(values) for part, values in said[one].items()},
                tuple(cases.get(one, ())),
                texts[one].state if one in texts else "",
            )
            for one, is_document in listed.items()
        ]

    async def _cases(self, listed: Iterable[str], asks: str) -> dict[str, list[str]]:
        """Return the cases that sources document."""
        iris = [NamedNode(one) for one in listed]
        query = queries.bound(queries.read("documented_in"), "source", iris)
        found: dict[str, list[str]] = defaultdict(list)
        for row in await select(self.deployment, query, asks) if iris else ():
            found[row["source"].value].append(row["case"].value)
        return found

    async def _names(
        self, sources: Iterable[Source], language: Language, asks: str
    ) -> dict[str, Name]:
        mentioned = {found for one in sources for found in one.mentioned}
        return await names(self.deployment, mentioned, language, asks)


def excerpt(text: Text, cited: Iterable[Cited], marked: Passage | None) -> Excerpt:
    """Return a text that is at hand, cut at the edges of passages that are cited or marked."""
    passages = [one.passage for one in cited]
    edges = [edge for one in (*passages, *([marked] if marked else [])) for edge in _edges(one)]
    segments = text.segments(0, text.length, edges)
    start, end = _edges(marked) if marked else (text.length, text.length)
    return Excerpt(
        before=tuple(one for one in segments if one.end <= start),
        marked=tuple(one for one in segments if one.start < end and start < one.end),
        after=tuple(one for one in segments if one.start >= end),
        attested=frozenset(
            one.start
            for one in segments
            if not one.omitted and any(own.start <= one.start < own.end for own in passages)
        ),
    )


def _edges(passage: Passage) -> tuple[int, int]:
    return passage.start, passage.end


def _marked(text: Text, place: str) -> Passage | None:
    """Return the passage at a place such as ``10,20``, ``None`` unless the text has such a place.

    >>> text = Text("https://example.org/a", 15, ())
    >>> _marked(text, "10,12").end, _marked(text, "10,20")
    (12, None)
    """
    passage = Passage.parse(f"{text.document}#char={place}")
    return passage if passage and text.holds(passage) else None


def _is_document(description: Description) -> bool:
    return DOCUMENT in description.values("rdf:type")


def router(deployment: Deployment, documents: Documents, quotations: Quotations) -> APIRouter:
    """Return the routes of the sources."""
    sources = _Sources(deployment, documents, quotations)
    return routes(
        {
            PLACE: sources.all,
            f"{PLACE}.{{suffix}}": sources.all,
            f"{PLACE}/{{slug}}": sources.one,
        }
    )
