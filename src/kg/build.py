"""Builds: immutable folders ``<version>/`` of which ``current`` is the one served."""

import fcntl
import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from kg import catalog, dataset, entailment, evidence, validation
from kg.dataset import Dataset
from kg.errors import DataError
from kg.findings import Report, merge
from kg.settings import Settings, is_project

__all__ = ["Build", "build", "current"]

CURRENT = "current"
MANIFEST = "build.json"
TEMPORARY = ".new-"


@dataclass(frozen=True)
class Build:
    """A finished build: its folder, the version of its dataset, its number of triples.

    ``checked`` and ``skipped`` say what the checks counted and what they could not do.
    """

    path: Path
    version: str
    triples: int
    checked: Mapping[str, int] = field(default_factory=dict, hash=False)
    skipped: tuple[str, ...] = ()

    @classmethod
    def open(cls, path: Path) -> Self:
        """Return the build in a folder; raises ``DataError`` if it holds none."""
        try:
            manifest = json.loads((path / MANIFEST).read_text())
            skipped = tuple(manifest.pop("skipped"))
            return cls(path.resolve(), **manifest, skipped=skipped)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise DataError(f"{path}: no finished build ({error}); run kg build") from None

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


def current(folder: Path) -> Build | None:
    """Return the build that is served from a folder of builds, ``None`` if there is none."""
    return Build.open(folder / CURRENT) if (folder / CURRENT).exists() else None


def build(settings: Settings, announce: Callable[[str], object] = str) -> Build:
    """Read, check, entail and write the project's data, then switch ``current`` to it.

    The same input gives the same version, and an existing build of that version is kept as it is.
    ``announce`` is told the stages. Raises ``DataError``, and then leaves everything as it was.
    """
    if not is_project(settings.project):
        raise DataError(f"{settings.project}: no ontology/ and data/ here; set KG_PROJECT")
    announce("reading")
    data = evidence.name_attestations(dataset.read(settings.project))
    data = data.adding(evidence.passages(data, settings.sources))
    announce("checking")
    report = merge([validation.validate(data), evidence.check(data, settings.sources)])
    report.raise_if_faulty()
    announce("entailing")
    data = data.adding(entailment.entail(data))
    contradictions = entailment.contradictions(data)
    contradictions.raise_if_faulty()
    version = catalog.version(data)
    data = data.adding(catalog.describe(data, version))
    announce("writing")
    return _publish(data, version, merge([report, contradictions]), settings)


def _publish(data: Dataset, version: str, report: Report, settings: Settings) -> Build:
    folder, target = settings.build, settings.build / version
    with _locked(folder):
        _remove(folder.glob(f"{TEMPORARY}*"))  # of builds that were killed
        if not target.exists():
            _write(data, version, report, target)
        _switch(folder, version)
        _prune(folder, settings.keep_builds)
    return Build.open(target)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Let one build at a time write; the kernel frees the lock when a process dies."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _write(data: Dataset, version: str, report: Report, target: Path) -> None:
    temporary = target.with_name(f"{TEMPORARY}{version}")
    try:
        (temporary / "dumps").mkdir(parents=True)
        dataset.write_dumps(data, temporary / "dumps")
        dataset.write_store(data, temporary / "store")
        manifest = {
            "version": version,
            "triples": len({one[:3] for one in data.statements}),
            "checked": dict(report.checked),
            "skipped": report.skipped,
        }
        (temporary / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n")
        temporary.rename(target)
    except BaseException:
        _remove([temporary])
        raise


def _switch(folder: Path, version: str) -> None:
    link = folder / f"{TEMPORARY}{CURRENT}"
    link.symlink_to(version)
    link.replace(folder / CURRENT)
    os.utime(folder / version)


def _prune(folder: Path, keep: int) -> None:
    builds = [path.parent for path in folder.glob(f"*/{MANIFEST}") if not path.parent.is_symlink()]
    builds.sort(key=lambda path: path.stat().st_mtime, reverse=True)
    _remove(builds[keep:])


def _remove(paths: Iterable[Path]) -> None:
    for path in paths:
        if path.is_symlink():
            path.unlink()
        else:
            shutil.rmtree(path, ignore_errors=True)
