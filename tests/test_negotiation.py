"""Content negotiation as RFC 9110, section 12.5.1, has it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.formats import RDF, RESULTS
from kg.negotiation import choose

OFFERED = ["application/json", "text/csv", "text/plain"]


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        (None, "application/json"),
        ("", "application/json"),
        ("*/*", "application/json"),
        ("text/csv", "text/csv"),
        ("text/*", "text/csv"),
        ("TEXT/CSV", "text/csv"),
        ("text/csv;q=0.5, text/plain", "text/plain"),
        ("text/csv;q=0.5,text/plain;q=0.4", "text/csv"),
        ("text/*;q=0.9, text/csv;q=0.1, */*;q=0.5", "text/plain"),
        ("*/*, application/json;q=0", "text/csv"),
        ("text/html, */*;q=0.1", "application/json"),
        ("text/csv; q=1.000", "text/csv"),
        ("image/png", None),
        ("text/csv;q=0", None),
        ("this is no Accept field", "application/json"),
    ],
)
def test_the_best_acceptable_offer_is_chosen(accept: str | None, chosen: str | None) -> None:
    assert choose(accept, OFFERED) == chosen


@given(st.text())
def test_any_field_gives_an_offer_or_none(accept: str) -> None:
    assert choose(accept, OFFERED) in (*OFFERED, None)


@pytest.mark.parametrize("formats", [RESULTS, RDF])
def test_every_format_is_had_by_its_media_type(formats: tuple) -> None:
    offered = [offer.media_type for offer in formats]
    assert len(set(offered)) == len(offered) >= 4
    for media_type in offered:
        assert choose(media_type, offered) == media_type
