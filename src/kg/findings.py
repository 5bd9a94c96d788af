"""Findings: what checks report, each with its place and remedy, and what they counted."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from kg.errors import FindingsError, place

__all__ = ["Finding", "Report", "merge"]


@dataclass(frozen=True)
class Finding:
    """A fault: the file it stands in, the node it concerns, what is wrong, what to do.

    ``line`` and ``column`` count from 1 and are 0 where they are not known; ``check`` names what
    found the fault. Where it is ``only_likely``, the author may know better.
    """

    place: str
    focus: str
    message: str
    remedy: str = ""
    check: str = ""
    line: int = 0
    column: int = 0
    only_likely: bool = False

    def __str__(self) -> str:
        """Return the finding as one line."""
        remedy = f" → {self.remedy}" if self.remedy else ""
        return f"{self.where}: {self.focus}: {self.message}{remedy}"

    @property
    def where(self) -> str:
        """The file with line and column, as far as they are known."""
        return place(self.place, self.line, self.column)


@dataclass(frozen=True)
class Report:
    """The findings of some checks, how many of what they checked, and what they had to skip."""

    findings: tuple[Finding, ...]
    checked: Mapping[str, int]
    skipped: tuple[str, ...] = field(default=())

    @property
    def faults(self) -> list[Finding]:
        """The findings in order of place, each once, and those checks that checked nothing."""
        idle = (
            Finding("data", what, "nothing was checked", "add data or correct its place", "count")
            for what, count in self.checked.items()
            if not count
        )
        return sorted(
            {*self.findings, *idle},
            key=lambda one: (one.place, one.line, one.column, one.focus, one.message),
        )

    @property
    def certain(self) -> list[Finding]:
        """The faults that are not only likely."""
        return [fault for fault in self.faults if not fault.only_likely]

    def by(self, check: str) -> "Report":
        """Return the report with the name of the check that its findings come from."""
        named = (replace(finding, check=finding.check or check) for finding in self.findings)
        return replace(self, findings=tuple(named))

    def raise_if_faulty(self) -> None:
        """Raise ``FindingsError`` if a fault is certain or if a check had nothing to check."""
        if faults := self.certain:
            raise FindingsError([str(finding) for finding in faults])


def merge(reports: Iterable[Report]) -> Report:
    """Return one report of several that check different things."""
    reports = tuple(reports)
    return Report(
        findings=tuple(finding for report in reports for finding in report.findings),
        checked={what: count for report in reports for what, count in report.checked.items()},
        skipped=tuple(skipped for report in reports for skipped in report.skipped),
    )
