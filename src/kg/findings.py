"""Findings: what checks report, each with its place and remedy, and what they counted."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from kg.errors import FindingsError

__all__ = ["Finding", "Report", "merge"]


@dataclass(frozen=True, order=True)
class Finding:
    """A fault: the file it stands in, the node it concerns, what is wrong, what to do."""

    place: str
    focus: str
    message: str
    remedy: str = ""

    def __str__(self) -> str:
        """Return the finding as one line."""
        return f"{self.place}: {self.focus}: {self.message}" + (
            f" → {self.remedy}" if self.remedy else ""
        )


@dataclass(frozen=True)
class Report:
    """The findings of some checks, how many of what they checked, and what they had to skip."""

    findings: tuple[Finding, ...]
    checked: Mapping[str, int]
    skipped: tuple[str, ...] = field(default=())

    def raise_if_faulty(self) -> None:
        """Raise ``FindingsError`` if there is a finding or if a check had nothing to check."""
        idle = [
            Finding("data", what, "nothing was checked", "add data or correct where it is read")
            for what, count in self.checked.items()
            if not count
        ]
        if faults := sorted({*self.findings, *idle}):
            raise FindingsError([str(finding) for finding in faults])


def merge(reports: Iterable[Report]) -> Report:
    """Return one report of several that check different things."""
    reports = tuple(reports)
    return Report(
        findings=tuple(finding for report in reports for finding in report.findings),
        checked={what: count for report in reports for what, count in report.checked.items()},
        skipped=tuple(skipped for report in reports for skipped in report.skipped),
    )
