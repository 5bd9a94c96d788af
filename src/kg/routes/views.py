"""Views: HTML from templates, with the frame that all pages share, in English and Dutch."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from babel.units import format_unit
from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from kg import texts, urls
from kg.deployment import Deployment
from kg.description import Value
from kg.namespaces import kind
from kg.urls import localised, neutral

__all__ = ["PATHS", "SECURITY", "Views", "language_of"]

PACKAGE = Path(__file__).parents[1]
PATHS: Mapping[texts.Language, str] = {"en": "/", "nl": "/nl/"}

# Pages load nothing from other hosts, run no inline code and sit in nobody's frame.
SECURITY = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}

DECISIVE = {".css", ".html", ".js", ".py", ".rq", ".svg", ".toml", ".txt"}
DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-\d{2})?)?")
DURATION = re.compile(r"P([0-9]+)([YMD])")
SENTENCE = re.compile(r"(?<=[.?!])(?<!\.\w\.) +(?=[A-Z])")  # where one ends, unless at "e.g."
UNITS = {"Y": "year", "M": "month", "D": "day"}
NO_BREAK = "\N{NO-BREAK SPACE}"


def language_of(request: Request) -> texts.Language:
    """Return the language that a path is in."""
    return "nl" if request.url.path.startswith(PATHS["nl"]) else "en"


def _environment() -> Environment:
    """Return the environment of the templates, with the filters and functions that they use."""
    environment = Environment(
        loader=FileSystemLoader(PACKAGE / "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        auto_reload=False,
    )
    assets = {
        path.name: f"/static/{path.name}?v={hashlib.sha256(path.read_bytes()).hexdigest()[:12]}"
        for path in (PACKAGE / "static").iterdir()
    }
    environment.globals["asset"] = assets.__getitem__
    environment.filters |= {
        "day": _day,
        "duration": _duration,
        "first_sentence": _first_sentence,
        "kind": kind,
        "number": _number,
        "place": _place,
        "own_first": _own_first,
    }
    return environment


def _files() -> list[Path]:
    """Return the files of the package that decide what pages look like."""
    return sorted(path for path in PACKAGE.rglob("*") if path.suffix in DECISIVE)


def _revision() -> str:
    """Return a digest of the package, which changes when a page may."""
    digest = hashlib.sha256()
    for path in _files():
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _revised() -> datetime:
    """Return when the package was changed last."""
    newest = max(path.stat().st_mtime for path in _files())
    return datetime.fromtimestamp(newest, UTC)


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


def _duration(text: str, language: texts.Language) -> str:
    """Write a duration of one unit as it is read; anything else is left as it is.

    >>> _duration("P2Y", "nl"), _duration("P6M", "en")
    ('2 jaar', '6 months')
    """
    match = DURATION.fullmatch(text)
    return (
        format_unit(int(match[1]), f"duration-{UNITS[match[2]]}", locale=language)
        if match
        else text
    )


def _first_sentence(text: str) -> str:
    """Return the first sentence of a text.

    >>> _first_sentence("The parties, by name (e.g. Youké). Not all signed.")
    'The parties, by name (e.g. Youké).'
    """
    return SENTENCE.split(text, maxsplit=1)[0]


def _own_first(values: Iterable[Value], language: texts.Language) -> list[Value]:
    """Return values with the texts in other languages last."""
    return sorted(
        values, key=lambda one: getattr(one.term, "language", None) not in (None, language)
    )


def _place(iri: str, language: texts.Language) -> str:
    return urls.path(iri, language) or iri


def _number(value: int, words: Mapping[str, Any]) -> str:
    return f"{value:,}".replace(",", words["thousands"])


@dataclass(frozen=True)
class Views:
    """The templates, and the deployment whose build the footer of every page names."""

    deployment: Deployment
    words: Mapping[texts.Language, Mapping[str, Any]] = field(
        default_factory=lambda: {language: texts.read(language) for language in PATHS}
    )
    environment: Environment = field(default_factory=_environment)
    revision: str = field(default_factory=_revision)
    revised: datetime = field(default_factory=_revised)

    def render(
        self,
        template: str,
        request: Request,
        *,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        **values: object,
    ) -> HTMLResponse:
        """Return a page in the language of the request's path; ``values`` go to the template."""
        language = language_of(request)
        html = self.environment.get_template(template).render(
            language=language,
            t=self.words[language],
            paths=PATHS,
            languages={other: self.words[other]["site"]["language"] for other in PATHS},
            path=neutral(request.url.path),
            query_string=request.url.query,
            local=partial(localised, language=language),
            base=str(request.base_url),
            build=self.deployment.build,
            status=status,
            **values,
        )
        return HTMLResponse(html, status, {**(headers or {}), "Content-Language": language})
