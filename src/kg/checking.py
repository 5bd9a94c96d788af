"""Checking: everything that must hold of a project's files, as findings with file and line."""

import gc
from collections.abc import Callable, Iterable, Sequence, Set
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from itertools import zip_longest
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from kg import (
    attestations,
    dataset,
    entailment,
    evidence,
    inspection,
    library,
    lookalikes,
    rules,
    seals,
    validation,
)
from kg.dataset import Dataset, File, Statement
from kg.errors import DataError, FileError
from kg.findings import Finding, Report, merge
from kg.formatting import formatted
from kg.namespaces import SOURCE
from kg.settings import Settings
from kg.turtle import is_directive, statements

__all__ = ["check", "seal"]


def check(settings: Settings, paths: Sequence[Path] = ()) -> Report:
    """Return what is wrong with the project's files, and how much was checked.

    With ``paths``, findings in other files and folders are left out, though all is read. If a file
    is not Turtle, what can only be told of the whole is skipped. Raises ``DataError`` if no file is
    at one of the paths.
    """
    project = settings.project
    files = [*dataset.paths(project), *library.paths(project / library.FOLDER)]
    for path in paths:
        if not any(_is_in(file, [path]) for file in files):
            raise DataError(f"{path}: no Turtle file or question of {project} is there.")
    data, faults = dataset.read_all(project)
    if faults:
        skipped = Report((), {}, ("all but syntax and layout, as a file cannot be read",))
        reports = [_layout(project, {fault.path for fault in faults}), skipped]
    else:
        reports = _meaning(data, settings)
    report = merge([_read(project, data, faults), *reports])
    found = [finding for finding in report.findings if _is_in(project / finding.place, paths)]
    return replace(report, findings=tuple(_located(found, project, data)))


def seal(settings: Settings, slugs: Sequence[str]) -> list[Path]:
    """Seal cases that their source bears out, and return the files written.

    Raises ``DataError`` if there is no folder of source texts, no such case, or a finding in one;
    then nothing is sealed.
    """
    if settings.sources is None:
        raise DataError("KG_SOURCES is not set: a seal needs the source texts.")
    data = attestations.name(dataset.read(settings.project))
    if unknown := sorted(set(slugs) - set(seals.slugs(data))):
        raise DataError(f"{unknown[0]}: no such case; there is {', '.join(seals.slugs(data))}.")
    own = {f"data/{folder}/{slug}.ttl" for folder in ("cases", "coding") for slug in slugs}
    own |= {f"{SOURCE}{slug}" for slug in slugs}
    report = evidence.check(data, settings.sources)
    found = tuple(one for one in report.findings if {one.place, one.focus} & own)
    Report(found, {}).raise_if_faulty()
    return seals.write(data, settings.sources, settings.project, slugs)


def _meaning(data: Dataset, settings: Settings) -> list[Report]:
    """Return the reports of the checks that need all files; they run side by side."""
    data = attestations.name(data)
    sealed = seals.passages(settings.project)
    data = data.adding(attestations.describe(data, settings.sources, sealed))
    _ = data.statements  # sorted once, before the fork
    with ProcessPoolExecutor(
        mp_context=get_context("fork"), initializer=_share, initargs=(data, settings)
    ) as pool:
        return list(pool.map(_run, CHECKS))


# What a forked process checks: handed over by the fork, as pickling would take longer.
_shared: list[Any] = []


def _share(data: Dataset, settings: Settings) -> None:
    _shared[:] = (data, settings)
    gc.disable()  # the process does not live long enough to gain by it


def _run(name: str) -> Report:
    return CHECKS[name](*_shared).by(name)


# The slowest first.
CHECKS: dict[str, Callable[[Dataset, Settings], Report]] = {
    "question": lambda data, settings: inspection.check(
        data.adding(entailment.entail(data)), settings.project
    ),
    "shape": lambda data, _: validation.validate(data),
    "contradiction": lambda data, _: entailment.contradictions(
        data.adding(entailment.entail(data))
    ),
    "layout": lambda _, settings: _layout(settings.project),
    "rule": lambda data, _: rules.check(data),
    "evidence": lambda data, settings: evidence.check(data, settings.sources),
    "seal": lambda data, settings: seals.check(data, settings.sources, settings.project),
    "look-alike": lambda data, _: lookalikes.check(data),
}


def _read(project: Path, data: Dataset, faults: Iterable[FileError]) -> Report:
    findings = tuple(_fault(project, fault) for fault in faults)
    return Report(findings, {"files read": len(data.files)})


def _fault(project: Path, fault: FileError) -> Finding:
    place = fault.path.relative_to(project).as_posix()
    remedy = "correct the file where it says"
    return Finding(place, place, fault.reason, remedy, "syntax", fault.line, fault.column)


def _layout(project: Path, unread: Set[Path] = frozenset()) -> Report:
    paths = [path for path in dataset.paths(project) if path not in unread]
    findings = []
    for path in paths:
        try:
            line = _first_difference(path.read_bytes(), formatted(path).encode())
        except FileError as fault:
            findings.append(_fault(project, fault))
        else:
            if line:
                place = path.relative_to(project).as_posix()
                message = "is not laid out as kg format does it"
                findings.append(Finding(place, place, message, "run kg format", "layout", line))
    return Report(tuple(findings), {"files laid out": len(paths)})


def _first_difference(text: bytes, other: bytes) -> int:
    """Return the first line that differs, 0 if none does."""
    pairs = zip_longest(text.splitlines(), other.splitlines())
    return next((number for number, (one, two) in enumerate(pairs, start=1) if one != two), 0)


def _is_in(path: Path, places: Sequence[Path]) -> bool:
    whole = path.resolve()
    return not places or any(whole.is_relative_to(place.resolve()) for place in places)


def _located(findings: Iterable[Finding], project: Path, data: Dataset) -> Iterable[Finding]:
    """Yield the findings with the line on which the file first speaks of the node concerned."""
    files = {file.path: file for file in data.files}
    lines: dict[str, dict[str, int]] = {}
    for finding in findings:
        file = files.get(finding.place)
        if finding.line or not file:
            yield finding
            continue
        if file.path not in lines:
            lines[file.path] = _lines(project, file)
        yield replace(finding, line=lines[file.path].get(finding.focus, 1))


def _lines(project: Path, file: File) -> dict[str, int]:
    path = project / file.path
    whole = list(statements(path.read_text("utf-8")))
    prologue = "\n".join(text for _, text in whole if is_directive(text))
    as_subject: dict[str, int] = {}
    as_value: dict[str, int] = {}
    for line, text in whole:
        quads: list[Any] = dataset.parse_turtle(path, f"{prologue}\n{text}".encode())
        own = tuple(Statement.in_graph(one, file.graph) for one in quads)
        named = attestations.name(Dataset((replace(file, statements=own),)))
        for one in named.statements:
            as_subject.setdefault(one.subject.value, line)
            as_value.setdefault(one.object.value, line)
            as_value.setdefault(one.predicate.value, line)
    return as_value | as_subject
