"""Findings are readable lines, and a check that checked nothing is one."""

import pytest

from kg.errors import FindingsError
from kg.findings import Finding, Report, merge

FAULT = Finding("data/cases/x.ttl", "urn:a", "is wrong", "mend it")


def test_a_finding_names_place_focus_message_and_remedy() -> None:
    assert str(FAULT) == "data/cases/x.ttl: urn:a: is wrong → mend it"


def test_a_report_without_findings_raises_nothing() -> None:
    Report((), {"things": 1}).raise_if_faulty()


def test_a_check_that_checked_nothing_fails() -> None:
    with pytest.raises(FindingsError, match="things: nothing was checked"):
        Report((), {"things": 0, "others": 1}).raise_if_faulty()


def test_findings_are_raised_in_order_and_once() -> None:
    first = Finding("a", "b", "c")
    with pytest.raises(FindingsError) as caught:
        Report((FAULT, first, FAULT), {"things": 1}).raise_if_faulty()
    assert caught.value.findings == ("a: b: c", str(FAULT))


def test_merged_reports_keep_findings_counts_and_what_was_skipped() -> None:
    merged = merge([Report((FAULT,), {"a": 1}), Report((), {"b": 2}, ("something",))])
    assert merged == Report((FAULT,), {"a": 1, "b": 2}, ("something",))
