"""Connections: what clients may do to them, each against a real server with small limits."""

import json
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import httpx
import pytest

from kg.build import Build
from kg.protection import LONGEST_FIELDS, LONGEST_URL, MOST_FIELDS
from raw import exchange
from serving import KG, ROOT, serving

CONNECTIONS = 20
SLOW = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
ASK = b"query=ASK+%7B%7D"
POST = (
    b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    b"Content-Length: %d\r\n" % len(ASK)
)


@pytest.fixture(scope="module")
def url(built: Build, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a service that has little patience."""
    settings = {
        "KG_BUILD": str(built.path.parent),
        "KG_PROJECT": str(ROOT),
        "KG_REQUEST_TIMEOUT": "1",
        "KG_STALL_TIMEOUT": "1",
        "KG_QUERY_TIMEOUT": "4",
        "KG_CONNECTIONS": str(CONNECTIONS),
    }
    with serving(KG, tmp_path_factory.mktemp("little"), settings) as address:
        yield address


def connect(url: str, source: str = "127.0.0.1") -> socket.socket:
    host, port = url.removeprefix("http://").split(":")
    return socket.create_connection((host, int(port)), timeout=30, source_address=(source, 0))


def rest(client: socket.socket) -> bytes:
    """All that comes until the other side closes."""
    received = b""
    try:
        while part := client.recv(65536):
            received += part
    except ConnectionResetError:
        pass
    return received


def problem(received: bytes) -> dict:
    head, _, body = received.partition(b"\r\n\r\n")
    assert b"connection: close" in head.lower()
    assert b"date: " in head.lower()
    assert b"access-control-allow-origin: *" in head.lower()
    assert b"x-content-type-options: nosniff" in head.lower()
    return json.loads(body)


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"GET /?%s HTTP/1.1\r\nHost: x\r\n\r\n" % (b"x" * LONGEST_URL), 414),
        (b"GET /?%s" % (b"x" * (LONGEST_URL + LONGEST_FIELDS)), 414),
        (b"GET / HTTP/1.1\r\nHost: x\r\nA: %s\r\n\r\n" % (b"x" * LONGEST_FIELDS), 431),
        (b"GET / HTTP/1.1\r\nHost: x\r\n%s\r\n" % (b"A: b\r\n" * MOST_FIELDS), 431),
        (b"GET / HTTP/1.1\r\nHost: x\r\nA: %s" % (b"x" * 2 * LONGEST_FIELDS), 431),
        (b"GET / HTTP/1.1\r\nHost:", 408),
        (b"GET /\r\n\r\n", 505),
        (b"nonsense\r\n\r\n", 400),
        (b"CONNECT x:80 HTTP/1.1\r\nHost: x\r\n\r\n", 400),
    ],
)
def test_a_request_out_of_bounds_is_refused_and_says_why(
    url: str, sent: bytes, status: int
) -> None:
    with connect(url) as client:
        client.sendall(sent)
        assert problem(rest(client))["status"] == status


def test_the_trailer_of_a_body_has_bounds_too(url: str) -> None:
    with connect(url) as client:
        client.sendall(
            b"POST /sparql HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n"
        )
        with pytest.raises((ConnectionResetError, BrokenPipeError)):
            client.sendall(b"X: " + b"a" * 2**26)
    assert httpx.get(f"{url}/health").is_success


def test_a_body_that_does_not_come_is_408(url: str) -> None:
    with connect(url) as client:
        client.sendall(POST + b"\r\nq")
        assert rest(client).split()[1] == b"408"


@pytest.mark.parametrize("parts", [1, 2])
def test_an_upgrade_that_is_offered_costs_no_body(url: str, parts: int) -> None:
    offer = POST + b"Connection: Upgrade\r\nUpgrade: h2c\r\n\r\n"
    with connect(url) as client:
        if parts == 1:
            client.sendall(offer + ASK)
        else:
            client.sendall(offer)
            time.sleep(0.05)
            client.sendall(ASK)
        received = b""
        while not received.endswith(b'{"head":{},"boolean":true}'):
            part = client.recv(65536)
            assert part, received
            received += part
    replies = exchange(url, (offer + ASK) * 3, 3)
    assert [reply.body for reply in replies] == [b'{"head":{},"boolean":true}'] * 3


def test_line_ends_after_a_body_do_not_end_the_answer(url: str) -> None:
    body = f"query={SLOW.replace(' ', '+')}".encode()
    length = b"Content-Length: %d" % len(body)
    request = POST.replace(b"Content-Length: %d" % len(ASK), length) + b"\r\n" + body + b"\r\n"
    (reply,) = exchange(url, request, 1)
    assert reply.status == 504


def test_requests_without_end_behind_a_slow_one_are_given_up(url: str) -> None:
    slow = b"GET /sparql?query=%s HTTP/1.1\r\nHost: x\r\n\r\n" % SLOW.replace(" ", "+").encode()
    with connect(url) as client:
        client.sendall(slow + b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n" * 1000)
        assert rest(client) == b""
    assert httpx.get(f"{url}/health").is_success


@pytest.mark.parametrize("payload", [b"", b"GET / HTTP/1.1\r\nHost", POST + b"\r\nq"])
def test_one_address_does_not_keep_connections_from_others(url: str, payload: bytes) -> None:
    with ExitStack() as stack:
        for _ in range(CONNECTIONS):
            client = stack.enter_context(closing(connect(url, "127.0.0.9")))
            client.sendall(payload)
        with connect(url, "127.0.0.2") as other:
            other.sendall(b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n")
            assert other.recv(65536).split()[1] == b"200"


def test_a_reader_that_stands_still_is_hung_up_on(url: str) -> None:
    query = b"SELECT+*+%7B+%3Fs+%3Fp+%3Fo+.+%3Fa+%3Fb+%3Fc+%7D+LIMIT+300000"
    with connect(url) as client:
        client.sendall(b"GET /sparql?query=%s HTTP/1.1\r\nHost: x\r\n\r\n" % query)
        time.sleep(3)
        received = rest(client)
    assert received.startswith(b"HTTP/1.1 200")
    assert not received.endswith(b"\r\n0\r\n\r\n")


def test_nothing_is_left_of_a_service_that_was_stopped(built: Build, tmp_path: Path) -> None:
    settings = {
        "KG_BUILD": str(built.path.parent),
        "KG_PROJECT": str(ROOT),
        "TMPDIR": str(tmp_path / "temporary"),
    }
    (tmp_path / "temporary").mkdir()
    with serving(KG, tmp_path, settings):
        assert list((tmp_path / "temporary").iterdir())
    assert list((tmp_path / "temporary").iterdir()) == []
