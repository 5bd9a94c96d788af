"""Builds: immutable folders ``<version>/`` of which ``current`` is the one served."""

import fcntl
import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from kg import provenance
from kg.dataset import Dataset, write_dumps, write_store
from kg.dumps import pack
from kg.errors import DataError
from kg.findings import Report
from kg.index import Index
from kg.questions import Question

__all__ = [
    "CURRENT",
    "MANIFEST",
    "QUESTIONS",
    "WITHDRAWN",
    "Build",
    "current",
    "install",
    "publish",
]

CURRENT = "current"
MANIFEST = "build.json"
WITHDRAWN = "withdrawn"
QUESTIONS = "queries"
TEMPORARY = ".new-"


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


@dataclass(frozen=True)
class Build:
    """A finished build: its folder, the version of its dataset, its numbers of triples and quads.

    There are more quads than triples when a triple stands in several graphs. Then the default graph
    of the store may be the union of all graphs: ``union_stored``. ``checked`` and ``skipped`` say
    what the checks counted and what they could not do. It was ``created`` at a second of UTC.
    """

    path: Path
    version: str
    triples: int
    quads: int = 0
    union_stored: bool = False
    checked: Mapping[str, int] = field(default_factory=dict, hash=False)
    skipped: tuple[str, ...] = ()
    created: datetime = field(default_factory=_now)

    @classmethod
    def open(cls, path: Path) -> Self:
        """Return the build in a folder; raises ``DataError`` if it holds none."""
        try:
            manifest = json.loads((path / MANIFEST).read_text())
            skipped = tuple(manifest.pop("skipped"))
            created = _created(manifest.pop("created", None), path / MANIFEST)
            return cls(path.resolve(), **manifest, skipped=skipped, created=created)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise DataError(f"{path}: no finished build ({error}); run kg build") from None

    @contextmanager
    def held(self) -> Iterator[Self]:
        """Keep the build from being pruned, in this process and for as long as it lives."""
        with (self.path / MANIFEST).open() as manifest:
            fcntl.flock(manifest, fcntl.LOCK_SH)
            yield self

    @property
    def store(self) -> Path:
        """The Oxigraph store."""
        return self.path / "store"

    @property
    def dumps(self) -> Path:
        """The folder of the dumps."""
        return self.path / "dumps"

    @property
    def nquads(self) -> Path:
        """The whole dataset as N-Quads."""
        return self.dumps / "samenhang.nq"

    @property
    def questions(self) -> Path:
        """The library as it was when the build was made: ``<topic>/<slug>.rq``."""
        return self.path / QUESTIONS

    @property
    def archive(self) -> Path:
        """All questions ever published from this folder of builds: ``<slug>/<version>.rq``."""
        return self.path.parent / QUESTIONS


def _created(text: str | None, manifest: Path) -> datetime:
    """Return the time that a manifest tells; one from before they did is as old as its file."""
    if text is not None:
        return datetime.fromisoformat(text)
    return datetime.fromtimestamp(int(manifest.stat().st_mtime), UTC)


def current(folder: Path) -> Build | None:
    """Return the build that is served from a folder of builds, ``None`` if there is none."""
    return Build.open(folder / CURRENT) if (folder / CURRENT).exists() else None


def publish(
    data: Dataset,
    version: str,
    report: Report,
    folder: Path,
    keep: int,
    questions: Sequence[Question] = (),
) -> Build:
    """Write a dataset, and questions on it, as the build of a version; see ``install``."""

    def write(build: Build) -> Build:
        build.dumps.mkdir()
        write_dumps(data, build.dumps)
        pack(build.dumps)
        _describe(data, build)
        _copy(questions, build)
        triples, quads = len({one[:3] for one in data.statements}), len(data.statements)
        write_store(data, build.store, union=quads > triples)
        return replace(
            build,
            triples=triples,
            quads=quads,
            union_stored=quads > triples,
            checked=dict(report.checked),
            skipped=report.skipped,
        )

    return install(version, folder, keep, write, questions)


def _copy(questions: Iterable[Question], build: Build) -> None:
    for question in questions:
        _put(build.questions / question.file, question.text.encode())


def _describe(data: Dataset, build: Build) -> None:
    """Describe the dumps in a file beside them, if the dataset tells how it was made."""
    from kg import crate  # it takes long to import, and only building needs it

    made = provenance.read(Index(data.in_graphs("metadata")))
    if made:
        crate.write(build.dumps, build.version, build.created, made)


def install(
    version: str,
    folder: Path,
    keep: int,
    write: Callable[[Build], Build],
    questions: Iterable[Question] = (),
) -> Build:
    """Make the build of a version, switch ``current`` to it and prune old builds.

    ``write`` fills the folder of an empty build and returns what has become of it. An existing
    build of that version is kept as it is. A failure leaves everything as it was. Of what was
    pruned, ``withdrawn`` in the folder keeps a line each: version and time. The
    ``questions`` stay in its archive whatever is pruned.
    """
    target = folder / version
    with _locked(folder):
        _remove(folder.glob(f"{TEMPORARY}*"))  # of builds that were killed
        if not (target / MANIFEST).exists():
            _remove([target])  # what the loss of power may have left of it
            _write(version, target, write)
        _keep(questions, folder / QUESTIONS)
        _switch(folder, version)
        _prune(folder, keep, target)
        return Build.open(target)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Let one build at a time write; the kernel frees the lock when a process dies."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _write(version: str, target: Path, write: Callable[[Build], Build]) -> None:
    temporary = target.with_name(f"{TEMPORARY}{version}")
    try:
        temporary.mkdir()
        manifest = _manifest(write(Build(temporary, version, 0)))
        (temporary / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n")
        temporary.rename(target)
    except BaseException:
        _remove([temporary])
        raise


def _manifest(build: Build) -> dict[str, Any]:
    manifest = asdict(build) | {"created": build.created.isoformat()}
    del manifest["path"]
    return manifest


def _keep(questions: Iterable[Question], archive: Path) -> None:
    """Put questions where they stay: the name tells the content, so that none replaces another."""
    for question in questions:
        path, content = archive / question.slug / f"{question.version}.rq", question.text.encode()
        # Only what the loss of power has cut short is not what its name tells.
        if not path.exists() or path.read_bytes() != content:
            _put(path, content)


def _put(path: Path, content: bytes) -> None:
    """Write a file that is whole, or not there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".new")
    temporary.write_bytes(content)
    temporary.replace(path)


def _switch(folder: Path, version: str) -> None:
    link = folder / f"{TEMPORARY}{CURRENT}"
    link.symlink_to(version)
    link.replace(folder / CURRENT)
    os.utime(folder / version)


def _prune(folder: Path, keep: int, current: Path) -> None:
    builds = [
        path.parent
        for path in folder.glob(f"*/{MANIFEST}")
        if path.parent != current and not path.parent.is_symlink()
    ]
    builds.sort(key=lambda path: path.stat().st_mtime, reverse=True)
    for path in builds[keep - 1 :]:
        if not _is_held(path):
            _withdraw(folder / WITHDRAWN, path)
            # Under its own name there is a whole build or none, whenever the power fails.
            _remove([path.rename(path.with_name(f"{TEMPORARY}{path.name}"))])


def _withdraw(withdrawn: Path, path: Path) -> None:
    """Write down that a version was published, before it is removed; a broken one never was."""
    try:
        build = Build.open(path)
    except DataError:
        return
    known = withdrawn.read_text() if withdrawn.exists() else ""
    line = f"{build.version} {build.created.isoformat()}\n"
    if line not in known:
        with withdrawn.open("a") as lines:
            lines.write(line)


def _is_held(path: Path) -> bool:
    with (path / MANIFEST).open() as manifest:
        try:
            fcntl.flock(manifest, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def _remove(paths: Iterable[Path]) -> None:
    for path in paths:
        if path.is_symlink():
            path.unlink()
        else:
            shutil.rmtree(path, ignore_errors=True)
