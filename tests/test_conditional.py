"""Whether a client has already what it asks for."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from kg.routes.conditional import http_date, is_known, weak

MODIFIED = datetime(2026, 11, 22, 8, 30, 15, 999, UTC)


@pytest.mark.parametrize("field", ['"a"', 'W/"a"', '"b", W/"a"', "*", " * ", '"b","a"'])
@pytest.mark.parametrize("tag", ['"a"', 'W/"a"'])
def test_a_tag_is_compared_weakly(field: str, tag: str) -> None:
    assert is_known({"if-none-match": field}, tag)


@pytest.mark.parametrize("field", ['"b"', "", "a", 'W/"ab"'])
def test_another_tag_is_not_known_whatever_the_date(field: str) -> None:
    asked = {"if-none-match": field, "if-modified-since": http_date(MODIFIED)}
    assert not is_known(asked, '"a"', MODIFIED)


@pytest.mark.parametrize(("later", "known"), [(-1, False), (0, True), (1, True)])
def test_without_a_tag_the_date_counts(later: int, known: bool) -> None:
    asked = {"if-modified-since": http_date(MODIFIED + timedelta(seconds=later))}
    assert is_known(asked, '"a"', MODIFIED) is known
    assert not is_known(asked, '"a"')


@pytest.mark.parametrize("date", ["yesterday", "", "Sun, 22 Nov 2026 08:30:15 -0000"])
def test_what_is_no_date_of_http_is_ignored(date: str) -> None:
    assert not is_known({"if-modified-since": date}, '"a"', MODIFIED)


def test_the_same_state_has_the_same_tag_and_another_has_another() -> None:
    assert re.fullmatch(r'W/"[0-9a-f]{20}"', weak(b"state"))
    assert weak(b"state") == weak(b"state")
    assert weak(b"state") != weak(b"state ")
