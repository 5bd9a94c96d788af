"""Pages: what a reader sees in a browser, in English at ``/`` and in Dutch at ``/nl/``."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from kg import texts
from kg.build import Build
from kg.dataset import Term
from kg.engine.base import Engine, select
from kg.settings import Settings

__all__ = ["Case", "Part", "cases", "router"]

PACKAGE = Path(__file__).parents[1]
PATHS: Mapping[texts.Language, str] = {"en": "/", "nl": "/nl/"}
DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-\d{2})?)?")
NO_BREAK = "\N{NO-BREAK SPACE}"
EXAMPLE = "queries/agreements/parties.rq"


@dataclass(frozen=True)
class Part:
    """The things of one kind in a case: how many, what they are called, from when until when.

    ``start`` and ``end`` are as exact as the graph has them, a year, month or day, and empty where
    it has none. ``complete`` is false where the source gives no full list.
    """

    count: int = 0
    labels: tuple[str, ...] = ()
    start: str = ""
    end: str = ""
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


def router(settings: Settings, engine: Engine, build: Build) -> APIRouter:
    """Return the routes of the pages.

    A page raises the engine's ``RequestError`` when the graph gives it no answer.
    """
    home = _views().get_template("home.html")
    words = {language: texts.read(language) for language in PATHS}
    query = (PACKAGE / "routes" / "cases.rq").read_text("utf-8")
    example = (settings.project / EXAMPLE).read_text("utf-8").strip()

    async def page(request: Request, language: texts.Language) -> Response:
        html = home.render(
            language=language,
            t=words[language],
            paths=PATHS,
            names={other: words[other]["site"]["language"] for other in PATHS},
            base=str(request.base_url),
            build=build,
            cases=cases(await select(engine, query), language),
            example=example,
        )
        return HTMLResponse(html, headers={"Content-Language": language})

    async def english(request: Request) -> Response:
        return await page(request, "en")

    async def dutch(request: Request) -> Response:
        return await page(request, "nl")

    pages = APIRouter()
    pages.add_route(PATHS["en"], english, include_in_schema=False)
    pages.add_route(PATHS["nl"], dutch, include_in_schema=False)
    return pages


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
        complete=row.get("complete") != "false",
    )


def _views() -> Environment:
    """Return the environment of the templates, with the filters and functions that they use."""
    views = Environment(
        loader=FileSystemLoader(PACKAGE / "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    assets = {
        path.name: f"/static/{path.name}?v={hashlib.sha256(path.read_bytes()).hexdigest()[:12]}"
        for path in (PACKAGE / "static").iterdir()
    }
    views.globals["asset"] = assets.__getitem__
    views.filters |= {"day": _day, "number": _number}
    return views


def _day(date: str, words: Mapping[str, Any]) -> str:
    r"""Write a year, month or day as it is read; anything else is left as it is.

    >>> _day("2017-09", texts.read("en")), _day("2017", texts.read("en"))
    ('September\xa02017', '2017')
    """
    if not DATE.fullmatch(date):
        return date
    year, *rest = date.split("-")
    month = [words["months"][int(number) - 1] for number in rest[:1]]
    day = [str(int(number)) for number in rest[1:]]
    return NO_BREAK.join([*day, *month, year])


def _number(value: int, words: Mapping[str, Any]) -> str:
    return f"{value:,}".replace(",", words["thousands"])
