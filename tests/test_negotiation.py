"""Content negotiation as RFC 9110, sections 12.5.1 and 12.5.3, has it."""

import time
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.formats import RDF, RESULTS
from kg.negotiation import choose, encoding

OFFERED = ["application/json", "text/csv", "text/plain"]
CODINGS = ["zstd", "br", "gzip"]


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
        ("text/csv ;\tQ=1", "text/csv"),
        ("image/png", None),
        ("text/csv;q=0", None),
        # Empty elements and parameters count for nothing (sections 5.6.1 and 5.6.6).
        (", ,text/csv,,", "text/csv"),
        ("text/csv;;q=0.1, text/plain;", "text/plain"),
        # The charset that everything is in.
        ("text/csv;charset=utf-8", "text/csv"),
        ('text/csv; Charset="UTF-8"; q=0.3, text/plain; q=0.2', "text/csv"),
        # Parameters that no offer has: heeded only where nothing else would do.
        ('text/csv;header=absent, text/plain;q=0.1;x="a,b;c"', "text/plain"),
        ("text/csv;header=absent", "text/csv"),
        ('text/csv;header=absent;q=0.1, text/plain;note="q=0, \\", text/csv";q=0.2', "text/plain"),
        ("text/csv;header=absent;q=0, text/csv;q=0.5", "text/csv"),
        # What is malformed is left out; if nothing remains, there is no preference.
        ("this is no Accept field", "application/json"),
        ("text/csv;q=high, text/plain;q=0.1", "text/plain"),
        ("*/csv, text/plain", "text/plain"),
        ("text/csv;q=1.5", "application/json"),
        ('text/csv;x="unclosed, text/plain', "text/csv"),
        # Clients that do not write it as they should.
        ("text/html, image/gif, *; q=.2, text/plain; q=.1", "text/plain"),
    ],
)
def test_the_best_acceptable_offer_is_chosen(accept: str | None, chosen: str | None) -> None:
    assert choose(accept, OFFERED) == chosen


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        (None, "a/json"),
        ("a/quads, a/json;q=0.9", "a/json"),
        ("a/quads, a/json;q=0.8", "a/quads"),
        ("a/quads;q=0.2", "a/quads"),
        ("a/*", "a/json"),
        ("a/json;q=0, a/*", "a/quads"),
    ],
)
def test_a_lesser_offer_must_be_liked_better(accept: str | None, chosen: str) -> None:
    assert choose(accept, ["a/json", "a/quads"], ["a/quads"]) == chosen


@dataclass(frozen=True)
class Part:
    """An element of a field: what it names, its weight in thousandths, its own parameter."""

    name: str
    weight: int
    parameter: str = ""

    def __str__(self) -> str:
        return f"{self.name}{self.parameter};q={self.weight / 1000:.3f}"


RANGES = st.lists(
    st.builds(
        Part,
        st.sampled_from([*OFFERED, "text/*", "application/*", "*/*", "image/png"]),
        st.sampled_from([0, 1, 500, 999, 1000]),
        st.sampled_from(["", "", ";x=y"]),
    ),
    min_size=1,
    unique_by=lambda part: (part.name, part.parameter),
)


def preferred(parts: list[Part], offer: str) -> int:
    """Return the weight that the RFC gives an offer: that of the most specific range it is in."""
    kind = offer.split("/")[0]
    for name in (offer, f"{kind}/*", "*/*"):
        for parameter in (";x=y", ""):
            for part in parts:
                if (part.name, part.parameter) == (name, parameter):
                    return part.weight
    return 0


@given(RANGES)
def test_any_field_is_read_as_the_rfc_has_it(parts: list[Part]) -> None:
    plain = [part for part in parts if not part.parameter]
    expected = None
    for considered in (plain, parts):
        weights = [preferred(considered, offer) for offer in OFFERED]
        if expected is None and max(weights):
            expected = OFFERED[weights.index(max(weights))]
    assert choose(", ".join(map(str, parts)), OFFERED) == expected


@pytest.mark.parametrize(
    ("accept_encoding", "coding"),
    [
        (None, None),
        ("", None),
        ("gzip, deflate, br, zstd", "zstd"),
        ("gzip, deflate, br", "br"),
        ("gzip", "gzip"),
        ("GZip", "gzip"),
        ("x-gzip", "gzip"),
        ("gzip;q=0.9, br;q=0.5", "gzip"),
        ("gzip;q=0", None),
        ("deflate", None),
        ("identity", None),
        ("identity;q=0.5, gzip;q=0.4", None),
        ("identity;q=0.5, gzip;q=0.5", "gzip"),
        ("gzip;q=0.001", "gzip"),
        # Whoever says "anything" may have no decoder for a coding that it does not name.
        ("*", None),
        ("gzip;q=0.5, *", None),
        ("*;q=0", None),
        ("gzip, *;q=0", "gzip"),
        ("identity;q=0, *", "zstd"),
        ("identity;q=0, zstd;q=0, *", "br"),
        ("identity;q=0", None),
        (", gzip ,", "gzip"),
        ("gzip;q=2", None),
        (";q=1, ;;", None),
    ],
)
def test_the_best_acceptable_coding_is_chosen(
    accept_encoding: str | None, coding: str | None
) -> None:
    assert encoding(accept_encoding, CODINGS) == coding


PARTS = st.lists(
    st.builds(
        Part,
        st.sampled_from([*CODINGS, "deflate", "identity", "*"]),
        st.sampled_from([0, 1, 500, 1000]),
    ),
    unique_by=lambda part: part.name,
)


@given(PARTS)
def test_any_list_of_codings_is_read_as_the_rfc_has_it(parts: list[Part]) -> None:
    listed = {part.name: part.weight for part in parts}
    none = listed.get("identity", listed.get("*", 0.5))  # acceptable, and liked least
    meant = 0 if none else listed.get("*", 0)  # by "*", which a client who takes none may mean
    weights = [listed.get(coding, meant) for coding in CODINGS]
    best = max(weights)
    expected = CODINGS[weights.index(best)] if best and best >= none else None
    assert encoding(", ".join(map(str, parts)), CODINGS) == expected


@given(st.text(), st.text(st.sampled_from('a/*,;="\\q.01 \t')))
def test_any_text_gives_an_offer_or_none(text: str, field: str) -> None:
    for one in (text, field):
        assert choose(one, OFFERED) in (*OFFERED, None)
        assert encoding(one, CODINGS) in (*CODINGS, None)


@pytest.mark.parametrize(
    "part", ["a/b,", "a/b;", ";", ",", '"', '"\\', "a/b;x=y,", 'a/b;x="', "a/b;q=", " ", "*/*,"]
)
def test_no_long_field_takes_long(part: str) -> None:
    field = part * (65536 // len(part))
    start = time.monotonic()
    choose(field, OFFERED)
    encoding(field, CODINGS)
    assert time.monotonic() - start < 5


def test_nothing_offered_is_nothing_chosen() -> None:
    assert choose(None, []) is None
    assert choose("text/csv", []) is None
    assert encoding("gzip", []) is None


@pytest.mark.parametrize("formats", [RESULTS, RDF])
def test_every_format_is_had_by_its_media_type(formats: tuple) -> None:
    offered = [offer.media_type for offer in formats]
    assert len(set(offered)) == len(offered) >= 4
    for media_type in offered:
        assert choose(media_type, offered) == media_type
