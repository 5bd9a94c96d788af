"""Dumps: the files of a build that are handed out, with compressed copies and digests.

Compressed by gzip (https://www.rfc-editor.org/rfc/rfc1952); the list of digests is one that
``sha256sum --check`` reads.
"""

import gzip
import hashlib
import shutil
from dataclasses import dataclass
from pathlib import Path

from kg.formats import RDF, named
from kg.namespaces import GRAPH

__all__ = ["CHECKSUMS", "CRATE", "GZIP", "ReleaseFile", "files", "pack"]

CHECKSUMS = "SHA256SUMS"
CRATE = "ro-crate-metadata.json"
GZIP = ".gz"
LEVEL = 6  # beyond it, twice the time saves two parts in a hundred
TEXT = "text/plain"


@dataclass(frozen=True)
class ReleaseFile:
    """A file that is handed out: its path below the folder, its size in bytes, its sha256.

    ``media_type`` is that of what it says; ``encoding`` is ``gzip`` if it says so compressed.
    """

    path: str
    media_type: str
    encoding: str | None
    size: int
    sha256: str

    @property
    def is_whole(self) -> bool:
        """Whether it is about the whole dataset, not about one graph."""
        return "/" not in self.path

    @property
    def graph(self) -> str:
        """The IRI of the graph that it holds, empty if it holds none or more than one."""
        folder, _, name = self.path.partition("/")
        return GRAPH + name.partition(".")[0] if folder == "graph" else ""

    @property
    def content_type(self) -> str:
        """The value of Content-Type when the file is sent as it is."""
        if self.encoding:
            return "application/gzip"
        is_text = self.media_type.startswith("text/")
        return f"{self.media_type}; charset=utf-8" if is_text else self.media_type


def pack(folder: Path) -> None:
    """Put a compressed copy beside each file of a folder, and the digests of all in one list.

    The same files give the same bytes, as long as zlib is the same.
    """
    for path in _paths(folder):
        with (
            path.open("rb") as source,
            path.with_name(path.name + GZIP).open("wb") as target,
            gzip.GzipFile("", "wb", LEVEL, target, mtime=0) as packed,
        ):
            shutil.copyfileobj(source, packed, 2**20)
    lines = [f"{_digest(path)}  {_name(path, folder)}\n" for path in _paths(folder)]
    (folder / CHECKSUMS).write_text("".join(lines))


def files(folder: Path) -> tuple[ReleaseFile, ...]:
    """Return the files of a folder: first those of the whole dataset, then those of the graphs.

    Digests are taken from the list, and reckoned for what it does not name.
    """
    listed = folder / CHECKSUMS
    lines = listed.read_text().splitlines() if listed.exists() else []
    digests = {path: digest for digest, _, path in (line.partition("  ") for line in lines)}
    return tuple(_file(path, folder, digests) for path in _paths(folder))


def _paths(folder: Path) -> list[Path]:
    """Return the files in a folder, those that lie deeper last; links are none of them."""
    found = (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return sorted(found, key=lambda path: (len(path.parts), path))


def _file(path: Path, folder: Path, digests: dict[str, str]) -> ReleaseFile:
    name = _name(path, folder)
    content = name.removesuffix(GZIP)
    syntax = named(content.rpartition(".")[2], RDF)
    return ReleaseFile(
        path=name,
        media_type=syntax.media_type if syntax else TEXT,
        encoding="gzip" if name != content else None,
        size=path.stat().st_size,
        sha256=digests.get(name) or _digest(path),
    )


def _name(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix()


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
