"""Releases: the versions of the dataset that a deployment keeps, and what it hands out of each.

Versions as DCAT 3 knows them (https://www.w3.org/TR/vocab-dcat-3/#dataset-versions).
"""

import re
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from pyoxigraph import parse

from kg import dumps, provenance
from kg.build import MANIFEST, WITHDRAWN, Build
from kg.dataset import Statement
from kg.dumps import ReleaseFile
from kg.errors import DataError, ResourceGone, ResourceNotFound
from kg.index import Index
from kg.namespaces import METADATA
from kg.provenance import Provenance

__all__ = [
    "REMEDY",
    "VERSION",
    "ReleaseFile",
    "as_of",
    "beside",
    "files",
    "find",
    "kept",
    "made_of",
    "require",
    "withdrawn",
]

VERSION = r"[0-9a-f]{12}"
REMEDY = "the versions that are kept are listed at /data/timemap."
REMEMBERED = 64  # builds whose files and provenance are remembered; they never change


@lru_cache(maxsize=REMEMBERED)
def files(build: Build) -> tuple[ReleaseFile, ...]:
    """Return the files that are handed out of a build."""
    return dumps.files(build.dumps)


def kept(folder: Path) -> list[Build]:
    """Return the builds in a folder of builds, the newest first."""
    found = (find(folder, path.parent.name) for path in folder.glob(f"*/{MANIFEST}"))
    return sorted(filter(None, found), key=lambda build: (build.created, build.version))[::-1]


def beside(served: Build) -> list[Build]:
    """Return the builds kept beside the one that is served, that one included, the newest first."""
    return kept(served.path.parent) or [served]


def find(folder: Path, version: str) -> Build | None:
    """Return the build of a version in a folder of builds, ``None`` if it holds none."""
    path = folder / version
    if path.is_symlink() or version.startswith("."):
        return None
    try:
        return Build.open(path)
    except DataError:
        return None


def withdrawn(folder: Path, version: str) -> datetime | None:
    """Return when a version was made that is no longer kept, ``None`` for any other version."""
    try:
        lines = (folder / WITHDRAWN).read_text().splitlines()
    except OSError:
        return None
    made = {known: time for known, _, time in (line.partition(" ") for line in lines)}
    if not made.get(version) or find(folder, version):
        return None
    return datetime.fromisoformat(made[version])


def require(served: Build, version: str) -> Build:
    """Return the build of a version beside the one that is served.

    Raises ``ResourceGone`` if it is no longer kept, ``ResourceNotFound`` if it never was.
    """
    if version == served.version:
        return served
    folder = served.path.parent
    if re.fullmatch(VERSION, version):
        if build := find(folder, version):
            return build
        if withdrawn(folder, version):
            raise ResourceGone(f"version {version}", REMEDY)
    raise ResourceNotFound(f"version {version}")


def as_of(builds: Sequence[Build], moment: datetime) -> Build:
    """Return the build that was the newest at a moment, the first one if there was none yet.

    ``builds`` has the newest first, as ``kept`` gives them.
    """
    return next((build for build in builds if build.created <= moment), builds[-1])


@lru_cache(maxsize=REMEMBERED)
def made_of(build: Build) -> Provenance | None:
    """Return what a build was made of, ``None`` if it is not of our dataset."""
    path = build.dumps / "graph" / "metadata.ttl"
    if not path.exists():
        return None
    return provenance.read(Index(Statement.in_graph(one, METADATA) for one in parse(path=path)))
