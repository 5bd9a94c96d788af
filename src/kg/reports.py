"""Reports: findings as text, as JSON, or as SARIF for editors and code hosts.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/
"""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from kg import __version__
from kg.findings import Finding, Report

__all__ = ["FORMATS"]

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)


def _text(report: Report) -> str:
    """Return a line for each finding, with its remedy below it, and what was checked."""
    lines = [line for finding in report.faults for line in _lines(finding)]
    lines += [f"skipped: {skipped}" for skipped in report.skipped]
    counts = ", ".join(f"{count:,} {what}" for what, count in _counts(report).items())
    found = len(report.faults)
    return "\n".join([*lines, f"checked {counts}", f"{found} finding{'s' * (found != 1)}"])


def _lines(finding: Finding) -> list[str]:
    likely = "perhaps: " * finding.only_likely
    line = f"{finding.where}: {likely}{finding.message} [{finding.check}]"
    return [line, f"    {finding.focus}", *([f"    → {finding.remedy}"] if finding.remedy else [])]


def _counts(report: Report) -> Mapping[str, int]:
    """Return what was checked, the rules as one number."""
    rules = [count for what, count in report.checked.items() if what.startswith("rule ")]
    others = {what: n for what, n in report.checked.items() if not what.startswith("rule ")}
    return {**others, f"things by {len(rules)} rules": sum(rules)} if rules else others


def _json(report: Report) -> str:
    """Return an object with ``findings``, ``checked`` and ``skipped``."""
    body = {
        "findings": [vars(finding) for finding in report.faults],
        "checked": dict(report.checked),
        "skipped": report.skipped,
    }
    return json.dumps(body, ensure_ascii=False, indent=2)


def _sarif(report: Report) -> str:
    """Return a SARIF log with one run."""
    rules = sorted({finding.check for finding in report.faults})
    run = {
        "tool": {
            "driver": {
                "name": "kg check",
                "version": __version__,
                "rules": [{"id": rule} for rule in rules],
            }
        },
        "columnKind": "unicodeCodePoints",
        "results": [_result(finding, rules) for finding in report.faults],
        "invocations": [
            {
                "executionSuccessful": True,
                "toolExecutionNotifications": [
                    {"level": "note", "message": {"text": f"skipped: {skipped}"}}
                    for skipped in report.skipped
                ],
            }
        ],
        "properties": {"checked": dict(report.checked)},
    }
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, ensure_ascii=False, indent=2)


def _result(finding: Finding, rules: list[str]) -> dict[str, Any]:
    region = {"startLine": finding.line, "startColumn": finding.column}
    location = {
        "artifactLocation": {"uri": quote(finding.place)},
        "region": {name: number for name, number in region.items() if number},
    }
    text = f"{finding.focus}: {finding.message}"
    return {
        "ruleId": finding.check,
        "ruleIndex": rules.index(finding.check),
        "level": "warning" if finding.only_likely else "error",
        "message": {"text": f"{text} → {finding.remedy}" if finding.remedy else text},
        "locations": [{"physicalLocation": {k: v for k, v in location.items() if v}}],
    }


FORMATS = {"text": _text, "json": _json, "sarif": _sarif}
