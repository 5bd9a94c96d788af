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
from kg.questions import Question, digest, parse
from kg.releases import VERSION

__all__ = ["Published", "find", "newest", "served", "text", "versions"]

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

    Some may be ones that this release cannot ask. It reads files.
    """
    found: dict[str, datetime] = {}
    if question := served(build).by_slug.get(slug):
        found[question.version] = build.created
    if SLUG.fullmatch(slug):
        for path in (build.archive / slug).glob("*.rq"):
            if text(build, slug, path.stem) is not None:
                found[path.stem] = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    by_time = sorted(found.items(), key=lambda item: (item[1], item[0]), reverse=True)
    return [Published(version, since) for version, since in by_time]


def newest(build: Build, slug: str) -> Question | None:
    """Return the newest version of a question that can be asked: the one served, if there is one.

    It reads files.
    """
    if question := served(build).by_slug.get(slug):
        return question
    kept = (find(build, slug, one.version) for one in versions(build, slug))
    return next(filter(None, kept), None)


def find(build: Build, slug: str, version: str) -> Question | None:
    """Return a version of a question, ``None`` if it is not known or cannot be asked any more.

    It reads a file.
    """
    kept = text(build, slug, version)
    try:
        return None if kept is None else parse(Path(f"{slug}.rq"), kept)
    except FileError:
        return None


def text(build: Build, slug: str, version: str) -> str | None:
    """Return the file of a version of a question, ``None`` if it was never published.

    It is what its name tells, though this release may not be able to ask it. It reads a file.
    """
    question = served(build).by_slug.get(slug)
    if question and question.version == version:
        return question.text
    if SLUG.fullmatch(slug) and re.fullmatch(VERSION, version):
        return _kept(build.archive / slug / f"{version}.rq")
    return None


def _kept(path: Path) -> str | None:
    """Return the content of a file of the archive, if it is what its name tells."""
    try:
        content = read_bytes(path).decode()
    except (FileError, UnicodeDecodeError):
        return None
    return content if digest(content) == path.stem else None
