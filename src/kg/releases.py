"""Releases: the versions of the dataset that a deployment keeps, and what it hands out of each.

Versions as DCAT 3 describes them (https://www.w3.org/TR/vocab-dcat-3/#dataset-versions), with the
addresses that they have on this deployment.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from pyoxigraph import Literal, NamedNode, parse

from kg import dumps, provenance
from kg.build import MANIFEST, WITHDRAWN, Build
from kg.catalog import METADATA
from kg.citation import LICENSE
from kg.dataset import Statement
from kg.dumps import CHECKSUMS, CRATE, ReleaseFile
from kg.errors import DataError, ResourceGone, ResourceNotFound
from kg.namespaces import term
from kg.provenance import DATASET, Provenance

__all__ = [
    "REMEDY",
    "VERSION",
    "ReleaseFile",
    "as_of",
    "describe",
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
MEDIA_TYPE = "https://www.iana.org/assignments/media-types/"


@lru_cache(maxsize=REMEMBERED)
def files(build: Build) -> tuple[ReleaseFile, ...]:
    """Return the files that are handed out of a build."""
    return dumps.files(build.dumps)


def kept(folder: Path) -> list[Build]:
    """Return the builds in a folder of builds, the newest first."""
    found = (find(folder, path.parent.name) for path in folder.glob(f"*/{MANIFEST}"))
    return sorted(filter(None, found), key=lambda build: (build.created, build.version))[::-1]


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
    return provenance.read((one.subject, one.predicate, one.object) for one in parse(path=path))


def describe(build: Build, url: str) -> list[Statement]:
    """Return what is said of a build as the version of the dataset at a URL; see ``files``."""
    version = NamedNode(url)
    return [
        Statement(*triple, METADATA)
        for triple in (
            *_of_version(version, build),
            *(triple for file in files(build) for triple in _of_file(version, file)),
        )
    ]


Description = Iterator[tuple[NamedNode, NamedNode, NamedNode | Literal]]


def _of_version(version: NamedNode, build: Build) -> Description:
    made = made_of(build)
    created = build.created.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    yield version, term("rdf:type"), term("dcat:Dataset")
    yield from _labels(version, f"versie {build.version}", f"version {build.version}")
    yield version, term("dcat:version"), Literal(build.version)
    yield version, term("dcterms:issued"), Literal(created, datatype=term("xsd:dateTime"))
    yield version, term("void:triples"), Literal(build.triples)
    if made:
        yield version, term("dcat:isVersionOf"), DATASET
        yield version, term("dcterms:license"), NamedNode(LICENSE)
        yield version, term("prov:wasGeneratedBy"), NamedNode(made.build)
        for language, title in made.titles.items():
            yield version, term("dcterms:title"), Literal(title, language=language)
        for language, text in made.descriptions.items():
            yield version, term("dcterms:description"), Literal(text, language=language)


def _of_file(version: NamedNode, file: ReleaseFile) -> Description:
    if file.path in (CHECKSUMS, CRATE):
        return
    node, checksum = (NamedNode(f"{version.value}/{file.path}{part}") for part in ("", "#sha256"))
    yield version, term("dcat:distribution"), node
    yield node, term("rdf:type"), term("dcat:Distribution")
    yield from _labels(node, file.path)
    yield node, term("dcterms:title"), Literal(file.path, language="nl")
    yield node, term("dcterms:title"), Literal(file.path, language="en")
    yield node, term("dcterms:license"), NamedNode(LICENSE)
    yield node, term("dcat:accessURL"), version
    yield node, term("dcat:downloadURL"), node
    yield node, term("dcat:mediaType"), NamedNode(MEDIA_TYPE + file.media_type)
    if file.encoding:
        compressed = NamedNode(MEDIA_TYPE + file.content_type)
        yield node, term("dcat:compressFormat"), compressed
    size = Literal(str(file.size), datatype=term("xsd:nonNegativeInteger"))
    yield node, term("dcat:byteSize"), size
    yield node, term("spdx:checksum"), checksum
    yield checksum, term("rdf:type"), term("spdx:Checksum")
    yield from _labels(checksum, f"sha256 van {file.path}", f"sha256 of {file.path}")
    algorithm = term("spdx:checksumAlgorithm_sha256")
    yield checksum, term("spdx:algorithm"), algorithm
    value = Literal(file.sha256, datatype=term("xsd:hexBinary"))
    yield checksum, term("spdx:checksumValue"), value


def _labels(node: NamedNode, nl: str, en: str | None = None) -> Description:
    yield node, term("rdfs:label"), Literal(nl, language="nl")
    yield node, term("rdfs:label"), Literal(en or nl, language="en")
