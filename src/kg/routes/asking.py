"""Asking: which question of the library a request is for, with which values, of which data."""

import asyncio
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from kg import archive, releases
from kg.build import Build
from kg.engine.base import Engine
from kg.errors import BadRequest, RequestError, ResourceGone, ResourceNotFound
from kg.executables import iri
from kg.front_matter import LANGUAGE, RESERVED
from kg.lookup import near
from kg.parameters import ParameterRefused, Values, values
from kg.questions import Question
from kg.texts import Language
from kg.urls import localised

__all__ = [
    "API",
    "FILE",
    "PATH",
    "Asked",
    "Pairs",
    "ParametersRefused",
    "asked",
    "latest",
    "path",
    "terms",
]

PATH, API = "/queries", "/api/queries"
FILE = ".rq"  # the end of the path of the file of a question
Pairs = tuple[tuple[str, str], ...]


class ParametersRefused(BadRequest):
    """What is asked with a question cannot be; ``refusals`` tell why, by parameter."""

    title = ParameterRefused.title

    def __init__(
        self, refusals: Mapping[str, ParameterRefused], values: Values | None = None
    ) -> None:
        self.refusals, self.values = dict(refusals), dict(values or {})
        super().__init__(" ".join(map(str, self.refusals.values())))

    @property
    def members(self) -> dict[str, dict[str, str]]:
        """The parameters, each with what is wrong and what it takes."""
        return {"parameters": {name: str(fault) for name, fault in self.refusals.items()}}

    def told(self, question: Question, language: Language) -> dict[str, str]:
        """Return what is wrong, by parameter, as a page tells it."""
        return {
            name: fault.worded(language, question.parameters.get(name))
            for name, fault in self.refusals.items()
        }


@dataclass(frozen=True)
class Asked:
    """A question with what an address says of its parameters, and the data that it is asked of.

    ``is_pinned`` tells that the address names the version of the question, ``data`` is the version
    of the data if the address names that.
    """

    question: Question
    build: Build
    given: Pairs
    data: str = ""
    is_pinned: bool = False

    @property
    def path(self) -> str:
        """The path of the question, with its version if that is asked for."""
        return path(self.question, pinned=self.is_pinned)

    @property
    def pairs(self) -> Pairs:
        """The parameters with which the same is asked, but for the page."""
        return (*((("data", self.data),) if self.data else ()), *self.given)

    def answer(self, language: Language = "en", **more: str) -> str:
        """Return the path, with parameters, under which programs find the answer.

        ``language`` is that of labels, unless it is given.
        """
        where = API + self.path.removeprefix(PATH)
        is_said = LANGUAGE in dict(self.given) or not self.question.is_multilingual
        said = () if language == "en" or is_said else ((LANGUAGE, language),)
        pairs = (*self.pairs, *said, *more.items())
        return f"{where}?{urlencode(pairs)}" if pairs else where

    def permanent(self, language: Language = "en") -> str:
        """Return the path, with parameters, under which this answer stays as it is."""
        where = localised(path(self.question, pinned=True), language)
        return f"{where}?{urlencode((('data', self.build.version), *self.given))}"


def latest(served: Build, question: Question) -> str:
    """Return the path of the newest version of a question; it reads files."""
    is_served = question.slug in archive.served(served).by_slug
    return path(archive.newest(served, question.slug) or question, pinned=not is_served)


def path(question: Question, *, pinned: bool = False) -> str:
    """Return the path of a question, or of the very version of it."""
    return f"{PATH}/{question.slug}" + (f"/{question.version}" if pinned else "")


async def asked(
    served: Build,
    slug: str,
    version: str,
    given: Iterable[tuple[str, str]],
    reserved: Collection[str] = RESERVED,
    language: Language = "en",
) -> Asked:
    """Return what is asked of the build that is served, or of one that is kept beside it.

    Without a ``version``, the question is the one of the build that is served. Empty parameters
    are left out, and those that are ``reserved``: they say what to do with the answer. Raises
    ``ResourceNotFound`` with those like it if there is no such question, or no such data,
    ``ResourceGone`` if the question is asked no longer or the data kept no longer, and
    ``BadRequest`` if ``data`` is given twice.
    """
    told = tuple((name, text) for name, text in given if text)
    data = [text for name, text in told if name == "data"]
    if len(data) > 1:
        raise BadRequest("data is given more than once.")
    question = await asyncio.to_thread(_question, served, slug, version, language)
    build = await asyncio.to_thread(_build, served, question, *data or [served.version])
    own = tuple(pair for pair in told if pair[0] not in reserved)
    return Asked(question, build, own, "".join(data), bool(version))


async def terms(engine: Engine, asked: Asked, language: Language, client: str = "") -> Values:
    """Return the terms of all parameters; raises ``ParametersRefused`` with all that is wrong.

    ``language`` is that of labels, unless it is given. Raises a ``RequestError`` when the engine
    gives no answer.
    """
    found = await values(engine, asked.question, (), language, client)
    refusals: dict[str, ParameterRefused] = {}
    for name in dict.fromkeys(name for name, _ in asked.given):
        own = [pair for pair in asked.given if pair[0] == name]
        try:
            found[name] = (await values(engine, asked.question, own, language, client))[name]
        except ParameterRefused as fault:
            refusals[name] = fault
    if refusals:
        raise ParametersRefused(refusals, found)
    return found


def _question(served: Build, slug: str, version: str, language: Language) -> Question:
    current = archive.served(served).by_slug.get(slug)
    found = archive.find(served, slug, version) if version else current
    if found is None:
        raise _absence(served, slug, version, language)
    return found


def _absence(served: Build, slug: str, version: str, language: Language) -> RequestError:
    """Return why a question cannot be asked: it was published but is past, or it never was."""
    where = iri(slug) + (f"/{version}" if version else "")
    newest = archive.newest(served, slug)
    alike = [newest] if newest else near(archive.served(served), slug)
    places = {one.title[language]: localised(latest(served, one), language) for one in alike}
    kept = [one.version for one in archive.versions(served, slug)]
    if not kept or (version and version not in kept):
        return ResourceNotFound(where, places)
    remedies = [f"its newest version is {latest(served, newest)}"] if newest else []
    if version or not newest:
        remedies.append(f"its file is {PATH}/{slug}/{version or kept[0]}{FILE}")
    reason = "can no longer be asked here" if version else "is no longer part of the library"
    return ResourceGone(where, f"{' and '.join(remedies)}.", reason, places)


def _build(served: Build, question: Question, version: str) -> Build:
    try:
        return releases.require(served, version)
    except ResourceGone:
        newest = latest(served, question)
        remedy = f"{newest} has the answer of the newest data; {releases.REMEDY}"
        raise ResourceGone(f"version {version} of the data", remedy) from None
