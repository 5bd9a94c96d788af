"""Pages: what a reader sees in a browser, in English at ``/`` and in Dutch at ``/nl/``."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

from fastapi import APIRouter, Request, Response
from pyoxigraph import Literal

from kg import queries, texts
from kg.dataset import Term
from kg.engine.base import Engine, select
from kg.front_matter import LANGUAGE
from kg.questions import bind, parse
from kg.routes.documents import client
from kg.routes.views import PATHS, Views, language_of
from kg.settings import Settings

__all__ = ["MOST_CASES", "Case", "Part", "cases", "examples", "router"]

EXAMPLE = "queries/agreements/parties.rq"
MOST_CASES = 100


@dataclass(frozen=True)
class Part:
    """The things of one kind in a case: how many, what they are called, from when until when.

    ``start`` and ``end`` are as exact as the graph has them, a year, month or day, ``duration`` is
    as in ``P6M``; they are empty where it has none. ``complete`` is false where the source gives
    no full list.
    """

    count: int = 0
    labels: tuple[str, ...] = ()
    start: str = ""
    end: str = ""
    duration: str = ""
    complete: bool = True


@dataclass(frozen=True)
class Case:
    """A case: its IRI, what it is called, and its parts; one that it lacks is empty."""

    iri: str
    label: str
    municipalities: Part = Part()
    members: Part = Part()
    agreements: Part = Part()
    pilots: Part = Part()


def router(example: Mapping[texts.Language, str], engine: Engine, views: Views) -> APIRouter:
    """Return the routes of the pages, with the query that the editor on them begins with.

    A page raises the engine's ``RequestError`` when the graph gives it no answer.
    """
    query = queries.read("cases")

    async def home(request: Request) -> Response:
        language = language_of(request)
        found = cases(await select(engine, query, client(request)), language)
        return views.render(
            "home.html",
            request,
            cases=found[:MOST_CASES],
            more_cases=len(found) > MOST_CASES,
            example=example[language],
        )

    pages = APIRouter()
    for path in PATHS.values():
        pages.add_route(path, home, include_in_schema=False)
    return pages


def examples(settings: Settings) -> dict[texts.Language, str]:
    """Return the query that editors begin with, for each language of its labels.

    Raises ``FileError`` if it is no question of the library.
    """
    path = settings.project / EXAMPLE
    question = parse(path, path.read_text("utf-8"))
    return {one: bind(question, {LANGUAGE: Literal(one)}).strip() for one in PATHS}


def cases(rows: Iterable[Mapping[str, Term]], language: texts.Language) -> list[Case]:
    """Return the cases from the rows of ``cases.rq``, in the order of their labels."""
    values = [{name: term.value for name, term in row.items()} for row in rows]
    by_case = groupby(values, key=itemgetter("case"))
    found = (_case(iri, list(parts), language) for iri, parts in by_case)
    return sorted(found, key=lambda case: case.label.casefold())


def _case(iri: str, rows: list[dict[str, str]], language: texts.Language) -> Case:
    parts = {row["part"]: _part(row, language) for row in rows}
    label = " / ".join(parts.pop("case").labels) or iri
    return Case(iri, label, **parts)


def _part(row: Mapping[str, str], language: texts.Language) -> Part:
    return Part(
        count=int(row["count"]),
        labels=tuple(sorted(row.get(f"labels_{language}", "").splitlines())),
        start=row.get("start", ""),
        end=row.get("end", ""),
        duration=row.get("duration", ""),
        complete=row.get("complete") != "false",
    )
