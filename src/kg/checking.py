"""Checking: everything that must hold of a project's files, as findings with file and line."""

from collections.abc import Iterable, Sequence, Set
from dataclasses import replace
from itertools import zip_longest
from pathlib import Path
from typing import Any

from kg import dataset, entailment, evidence, lookalikes, rules, seals, validation
from kg.dataset import Dataset, File, Statement
from kg.errors import DataError, FileError
from kg.findings import Finding, Report, merge
from kg.formatting import formatted
from kg.settings import Settings
from kg.turtle import is_directive, statements

__all__ = ["check", "seal"]


def check(settings: Settings, paths: Sequence[Path] = ()) -> Report:
    """Return what is wrong with the project's files, and how much was checked.

    With ``paths``, findings in other files and folders are left out, though all is read. If a file
    is not Turtle, what can only be told of the whole is skipped.
    """
    project = settings.project
    data, faults = dataset.read_all(project)
    reports = [_read(project, data, faults), _layout(project, {fault.path for fault in faults})]
    if faults:
        reports.append(Report((), {}, ("all but syntax and layout, as a file cannot be read",)))
    else:
        reports += _meaning(data, settings)
    report = merge(reports)
    found = [finding for finding in report.findings if _is_in(project / finding.place, paths)]
    return replace(report, findings=tuple(_located(found, project, data)))


def seal(settings: Settings, slugs: Sequence[str]) -> list[Path]:
    """Seal cases that their source bears out, and return the files written.

    Raises ``DataError`` if there is no folder of source texts, no such case, or a finding in one;
    then nothing is sealed.
    """
    if settings.sources is None:
        raise DataError("KG_SOURCES is not set: a seal needs the source texts.")
    data = evidence.name_attestations(dataset.read(settings.project))
    if unknown := sorted(set(slugs) - set(seals.slugs(data))):
        raise DataError(f"{unknown[0]}: no such case; there is {', '.join(seals.slugs(data))}.")
    own = {f"data/{folder}/{slug}.ttl" for folder in ("cases", "coding") for slug in slugs}
    report = evidence.check(data, settings.sources)
    replace(
        report, findings=tuple(finding for finding in report.findings if finding.place in own)
    ).raise_if_faulty()
    return seals.write(data, settings.sources, settings.project, slugs)


def _meaning(data: Dataset, settings: Settings) -> Iterable[Report]:
    data = evidence.name_attestations(data)
    sealed = seals.passages(settings.project)
    data = data.adding(evidence.describe(data, settings.sources, sealed))
    yield validation.validate(data).by("shape")
    yield evidence.check(data, settings.sources).by("evidence")
    yield seals.check(data, settings.sources, settings.project).by("seal")
    yield lookalikes.check(data).by("look-alike")
    yield rules.check(data).by("rule")
    yield entailment.contradictions(data.adding(entailment.entail(data))).by("contradiction")


def _read(project: Path, data: Dataset, faults: Iterable[FileError]) -> Report:
    findings = tuple(_fault(project, fault) for fault in faults)
    return Report(findings, {"files read": len(data.files)})


def _fault(project: Path, fault: FileError) -> Finding:
    place = fault.path.relative_to(project).as_posix()
    return Finding(place, place, fault.reason, "", "syntax", fault.line, fault.column)


def _layout(project: Path, unread: Set[Path]) -> Report:
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
                findings.append(Finding(place, place, message, "run kg format", line=line))
    return Report(tuple(findings), {"files laid out": len(paths)}).by("layout")


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
        own = tuple(Statement(one.subject, one.predicate, one.object, file.graph) for one in quads)
        named = evidence.name_attestations(Dataset((replace(file, statements=own),)))
        for one in named.statements:
            as_subject.setdefault(one.subject.value, line)
            as_value.setdefault(getattr(one.object, "value", ""), line)
    return as_value | as_subject
