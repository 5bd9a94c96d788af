"""Gathering: from any RDF files, or Oxigraph stores, to a build that can be served."""

import gzip
import hashlib
import re
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version as version_of
from pathlib import Path
from typing import Any

from pyoxigraph import DefaultGraph, Quad, QuerySolutions, RdfFormat, Store, parse, serialize

from kg.build import Build, install
from kg.errors import DataError, FileError

__all__ = ["gather"]

TOOLS = ("samenhang", "pyoxigraph")
COMPRESSED = ".gz"
# The file that names the state of a RocksDB database, and those that are no part of its data.
STATE = "CURRENT"
NO_DATA = re.compile(r"LOCK|LOG(\.old\.\d+)?")
# Where the parser's message says what the error has in its own fields.
POSITION = re.compile(r"Parser error at [^:]*: ")
FORMATS = ".ttl, .nt, .nq, .trig, .rdf, .xml, .jsonld and .n3"
DISTINCT = "SELECT (COUNT(*) AS ?n) { SELECT DISTINCT ?s ?p ?o { ?s ?p ?o } }"


def gather(paths: Sequence[Path], folder: Path, *, union: bool, on_disk_above: int) -> Build:
    """Return the build of some RDF files, plain or compressed by gzip, and Oxigraph stores.

    Triples of a file without graphs go into the default graph. With more quads than
    ``on_disk_above`` the build has a store on disk; with ``union`` the default graph of that store
    holds the triples of all graphs, if some triple stands in several. The version depends on the
    bytes and places of the files and on these two choices; a build that is there already is taken
    as it is. The folder is for one selection of files: it keeps no other build.

    Raises ``FileError`` if a file cannot be read and ``DataError`` if no triple is in any.
    """

    def write(build: Build) -> Build:
        build.dumps.mkdir()
        counted = _Counted(quad for path in paths for quad in _quads(path))
        serialize(counted, build.nquads, RdfFormat.N_QUADS)
        if not counted.number:
            raise DataError(f"{', '.join(map(str, paths))}: no triple to serve is in there.")
        on_disk = counted.number > on_disk_above
        store = Store(build.store) if on_disk else Store()
        store.bulk_load(path=build.nquads, format=RdfFormat.N_QUADS, lenient=True)
        made = replace(build, triples=_triples(store), quads=len(store))
        if on_disk:
            if union and made.quads > made.triples:
                _fill_default_graph(store, build.nquads)
                made = replace(made, union_stored=True)
            store.optimize()
            store.flush()
        return made

    version = _version(paths, f"{union} {on_disk_above}")
    return install(version, folder, keep=1, write=write)


def _version(paths: Iterable[Path], choices: str) -> str:
    """Return twelve hexadecimal digits that depend on what decides the build."""
    digests = sorted(
        f"{path.resolve().as_uri()} {_digest(file)}" for path in paths for file in _files(path)
    )
    parts = (choices, *map(version_of, TOOLS), *digests)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]


def _files(path: Path) -> list[Path]:
    """Return a file, or the files of a store; raises ``FileError`` if it is neither."""
    if path.is_file():
        return [path]
    if (path / STATE).is_file():
        return [file for file in path.iterdir() if not NO_DATA.fullmatch(file.name)]
    if path.is_dir():
        raise FileError(path, f"is no Oxigraph store; name the files in it ({FORMATS}).")
    raise FileError(path, "is not there.")


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise _unreadable(path, error) from None


@dataclass
class _Counted:
    """Quads that are counted as they pass."""

    quads: Iterable[Quad]
    number: int = 0

    def __iter__(self) -> Iterator[Quad]:
        for quad in self.quads:
            self.number += 1
            yield quad


def _quads(path: Path) -> Iterator[Quad]:
    try:
        yield from Store.read_only(str(path)) if path.is_dir() else _parsed(path)
    except SyntaxError as error:
        reason = f"{POSITION.sub('', error.msg)}; correct it there."
        raise FileError(path, reason, error.lineno or 0, error.offset or 0) from None
    except (EOFError, zlib.error) as error:
        raise FileError(path, f"is not whole: {error}; fetch it anew.") from None
    except OSError as error:
        raise _unreadable(path, error) from None


def _parsed(path: Path) -> Iterable[Quad]:
    compressed = path.suffix.lower() == COMPRESSED
    suffix = (path.with_suffix("") if compressed else path).suffix
    known = RdfFormat.from_extension(suffix.removeprefix("."))
    if known is None:
        raise FileError(path, f"has no name of RDF; rename it: {FORMATS}, all of them also .gz.")
    options: dict[str, Any] = {
        "base_iri": path.resolve().as_uri(),
        "rename_blank_nodes": True,  # those of two files are never the same
    }
    if compressed:
        return parse(gzip.open(path), known, **options)  # type: ignore[arg-type]
    return parse(path=path, format=known, **options)


def _unreadable(path: Path, error: OSError) -> FileError:
    return FileError(path, f"cannot be read: {error.strerror or error}.")


def _triples(store: Store) -> int:
    """Return the number of triples; one that stands in several graphs counts once."""
    if not any(store.named_graphs()):
        return len(store)
    answer = store.query(DISTINCT, use_default_graph_as_union=True)
    if not isinstance(answer, QuerySolutions):
        raise TypeError("a SELECT gives rows")
    return int(next(answer)["n"].value)


def _fill_default_graph(store: Store, nquads: Path) -> None:
    store.bulk_extend(
        Quad(quad.subject, quad.predicate, quad.object, DefaultGraph())
        for quad in parse(path=nquads, format=RdfFormat.N_QUADS)
    )
