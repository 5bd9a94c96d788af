"""What was answered before is answered again to the letter, and only while it still holds."""

from pathlib import Path

import pytest

from kg.access_log import Observation
from kg.build import Build
from kg.deployment import Deployment
from kg.engine.cache import CachedEngine
from kg.engine.fake import FakeEngine
from kg.shortcuts import LONGEST, MOST, Shortcut, Shortcuts
from raw import exchange

TARGET = b"/sparql?query=ASK%20%7B%7D"
FIELDS = [(b"host", b"x"), (b"accept", b"*/*")]
SEEN = Observation("GET", "/sparql", 200, "hit", "0123", 0.0, 0.0, 1, 4)


@pytest.fixture
def deployment() -> Deployment:
    build = Build(Path("unused"), "0123456789ab", 1)
    return Deployment(build, lambda _: FakeEngine({}))


def shortcut(rest: bytes = b"content-length: 4\r\n\r\nbody") -> Shortcut:
    return Shortcut(rest, SEEN)


def test_a_shortcut_is_found_by_the_very_same_request_alone(deployment: Deployment) -> None:
    shortcuts = Shortcuts(deployment)
    shortcuts.keep(deployment.engine, TARGET, FIELDS, shortcut())
    assert shortcuts.find(TARGET, list(FIELDS)) == shortcut()
    assert shortcuts.find(TARGET + b"%20", FIELDS) is None
    assert shortcuts.find(TARGET, FIELDS[:1]) is None
    assert shortcuts.find(TARGET, [(b"host", b"x"), (b"accept", b"text/csv")]) is None


def test_the_message_has_status_date_fields_and_body() -> None:
    message = shortcut().message(b"Sun, 22 Nov 2026 06:00:00 GMT")
    assert message == (
        b"HTTP/1.1 200 OK\r\ndate: Sun, 22 Nov 2026 06:00:00 GMT\r\ncontent-length: 4\r\n\r\nbody"
    )


def test_what_an_older_build_answered_is_not_answered_any_more(deployment: Deployment) -> None:
    shortcuts = Shortcuts(deployment)
    older = CachedEngine(FakeEngine({}), "older", 0)
    shortcuts.keep(older, TARGET, FIELDS, shortcut())
    assert shortcuts.find(TARGET, FIELDS) is None


def test_there_are_not_more_than_a_number_of_them_and_none_is_long(deployment: Deployment) -> None:
    shortcuts = Shortcuts(deployment)
    for number in range(MOST + 10):
        shortcuts.keep(deployment.engine, b"/%d" % number, FIELDS, shortcut())
    kept = [number for number in range(MOST + 10) if shortcuts.find(b"/%d" % number, FIELDS)]
    assert kept == list(range(10, MOST + 10))
    shortcuts.keep(deployment.engine, TARGET, FIELDS, shortcut(b"x" * LONGEST))
    assert shortcuts.find(TARGET, FIELDS) is None
    long = [(b"accept", b"x" * LONGEST)]
    shortcuts.keep(deployment.engine, TARGET, long, shortcut())
    assert shortcuts.find(TARGET, long) is None


def test_the_first_answer_and_those_by_shortcut_differ_only_in_their_timing(url: str) -> None:
    request = b"GET %s HTTP/1.1\r\nHost: x\r\n\r\n" % TARGET
    first, *others = exchange(url, request * 5, 5)
    assert others[1:] == others[:-1]
    for reply in (first, *others):
        assert reply.body == b'{"head":{},"boolean":true}'
        reply.fields.pop("server-timing")
    assert first == others[0]


def test_a_shortcut_answers_if_none_match_and_closing_too(url: str) -> None:
    request = b"GET %s HTTP/1.1\r\nHost: x\r\n" % TARGET
    (full,) = exchange(url, request + b"\r\n", 1)
    asked = request + b"If-None-Match: %s\r\n\r\n" % full.fields["etag"].encode()
    for reply in exchange(url, asked * 3, 3):
        assert reply.status == 304
        assert reply.body == b""
        assert reply.fields["etag"] == full.fields["etag"]
    for _ in range(2):
        (last,) = exchange(url, request + b"Connection: close\r\n\r\n", 1)
        assert last.fields["connection"] == "close"
        assert last.body == full.body


def test_head_gets_no_body_though_get_has_a_shortcut(url: str) -> None:
    request = b" %s HTTP/1.1\r\nHost: x\r\n\r\n" % TARGET
    exchange(url, b"GET" + request + b"GET" + request, 2)
    head, get = exchange(url, b"HEAD" + request + b"GET" + request, 2, without_body=[0])
    assert head.body == b""
    assert head.fields["content-length"] == get.fields["content-length"] == str(len(get.body))
