"""The archive: every version of every question that a deployment ever published.

A version is the content of a file, by the digest of which it is called, so that one that is cited
can be read for good.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from kg import library
from kg.build import Build
from kg.dataset import SLUG, read_bytes
from kg.errors import FileError
from kg.library import Library
from kg.questions import Question, parse
from kg.releases import VERSION

__all__ = ["Published", "find", "served", "versions"]

REMEMBERED = 8  # builds whose library is remembered; it never changes


@dataclass(frozen=True)
class Published:
    """A version of a question, and when it was first published: a time of UTC."""

    version: str
    since: datetime


@lru_cache(maxsize=REMEMBERED)
def served(build: Build) -> Library:
    """Return the library of a build, which is empty if it has none.

    What another release wrote, and this one cannot read, is left out. It reads files.
    """
    return library.read_all(build.questions)[0]


def versions(build: Build, slug: str) -> list[Published]:
    """Return the versions of a question, the newest first; the one served is among them.

    It reads files.
    """
    found: dict[str, datetime] = {}
    if question := served(build).by_slug.get(slug):
        found[question.version] = build.created
    if SLUG.fullmatch(slug):
        for path in (build.archive / slug).glob("*.rq"):
            found[path.stem] = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    by_time = sorted(found.items(), key=lambda item: (item[1], item[0]), reverse=True)
    return [Published(version, since) for version, since in by_time]


def find(build: Build, slug: str, version: str) -> Question | None:
    """Return a version of a question, ``None`` if it is not known or not readable any more.

    It reads a file.
    """
    question = served(build).by_slug.get(slug)
    if question and question.version == version:
        return question
    if SLUG.fullmatch(slug) and re.fullmatch(VERSION, version):
        return _read(build.archive / slug / f"{version}.rq", slug)
    return None


def _read(path: Path, slug: str) -> Question | None:
    """Return the question in a file of the archive, if its content is what its name tells."""
    try:
        question = parse(path.with_stem(slug), read_bytes(path).decode())
    except (FileError, UnicodeDecodeError):
        return None
    return question if question.version == path.stem else None
