"""Clients that are slow, many, gone or silent take nothing from the others."""

import socket
import struct
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from itertools import islice
from select import select

import pytest

from hostile.attacker import ATTACKER, BROKEN, CLOSED, Reply, get, post, receive, replies
from hostile.observer import Defend, Service, observe, siege, until

pytestmark = pytest.mark.hostile

TIMEOUT = 2.0  # seconds that an evaluation may take, a request to arrive, a reader to stand still
GRACE = 4.0
CONNECTIONS = 300

ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
ABUNDANT = "SELECT * { ?a ?b ?c . ?d ?e ?f }"
MEDIUM = "SELECT * { ?a ?b ?c }"
BUSY = (200, 429, 503)  # what one who asks too much may be answered
HEAD = b"GET /sparql?query=ASK%20%7B%7D HTTP/1.1\r\nHost: x\r\n"


@pytest.fixture(scope="module")
def fortress(defend: Defend) -> Iterator[Service]:
    """A service that waits for nothing long and holds few connections."""
    with defend(
        query_workers=2,
        query_timeout=TIMEOUT,
        queue_timeout=TIMEOUT,
        queue_size=32,
        request_timeout=TIMEOUT,
        stall_timeout=TIMEOUT,
        connections=CONNECTIONS,
        reply_buffer=2**16,
        cache=2**20,
    ) as service:
        yield service


def spread(number: int) -> str:
    """Return one of 200 addresses that are nobody's else."""
    return f"127.0.1.{number % 200 + 1}"


def alike(_: int) -> str:
    return ATTACKER


def at_once(attacks: list[Callable[[], Reply]], width: int = 100) -> list[Reply]:
    """Run attacks side by side; a connection that is refused is ``CLOSED``."""

    def guarded(attack: Callable[[], Reply]) -> Reply:
        try:
            return attack()
        except (ConnectionError, BrokenPipeError):
            return Reply(CLOSED)

    with ThreadPoolExecutor(width) as pool:
        return list(pool.map(guarded, attacks))


def reset(client: socket.socket) -> None:
    """Close a connection by a reset, without farewell."""
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.close()


def trickle(client: socket.socket, payload: bytes, pause: float = 0.05) -> Reply:
    """Send bytes one by one until there is a reply; raises ``TimeoutError`` when none comes."""
    begun = time.monotonic()
    for byte in payload:
        with suppress(ConnectionError):
            client.sendall(bytes([byte]))
        if select([client], [], [], pause)[0]:
            return receive(client, begun)
        if time.monotonic() - begun > TIMEOUT + GRACE:
            break
    raise TimeoutError


@pytest.mark.parametrize(
    ("begun", "rest"),
    [
        (b"", b"G"),
        (HEAD, b"X" * 1000),
        (HEAD, b"X: y\r\n" * 1000),
        (post(b" " * 1000)[:-1000], b" " * 1000),
        (
            b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
            b"Transfer-Encoding: chunked\r\n\r\n",
            b"1\r\n \r\n" * 1000,
        ),
        (
            b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
            b"Transfer-Encoding: chunked\r\n\r\n1;",
            b"x" * 1000,
        ),
        (b"", b"\r\n" * 1000),
    ],
    ids=[
        "nothing much",
        "a field",
        "fields",
        "a body",
        "chunks",
        "a chunk's extension",
        "line ends",
    ],
)
def test_a_request_that_comes_byte_by_byte_is_given_up(
    fortress: Service, begun: bytes, rest: bytes
) -> None:
    def attack() -> Reply:
        with fortress.target.connection() as client:
            client.sendall(begun)
            return trickle(client, rest)

    with siege(fortress):
        answers = at_once([attack] * 10)
    assert {reply.status for reply in answers} <= {408, CLOSED}
    assert max(reply.seconds for reply in answers) < TIMEOUT + GRACE


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        HEAD,
        HEAD.replace(b"\r\n", b"\n"),
        post(b" " * 1000)[:-1],
        post(b"ASK {}")[:-6].replace(b"Host", b"Expect: 100-continue\r\nHost"),
        post(b"ASK {}", media_type="text/plain")[:-6],
        b"POST /sparql HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n",
        b"PUT /nowhere HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n",
        HEAD + b"\r\n",
    ],
    ids=[
        "nothing",
        "half a head",
        "half a head, bare",
        "all but a byte",
        "continue and silence",
        "other media type",
        "no chunk",
        "page",
        "no page",
        "kept alive",
    ],
)
def test_a_client_that_falls_silent_is_hung_up_on(fortress: Service, payload: bytes) -> None:
    def attack() -> Reply:
        begun = time.monotonic()
        with fortress.target.connection() as client:
            client.sendall(payload)
            while client.recv(65536):
                pass
            return Reply(CLOSED, seconds=time.monotonic() - begun)

    with siege(fortress):
        answers = at_once([attack] * 10)
    assert max(reply.seconds for reply in answers) < 5 + GRACE  # five seconds are kept alive


@pytest.mark.parametrize("query", ["ASK {}", MEDIUM, ABUNDANT, ENDLESS])
@pytest.mark.parametrize("delay", [0.0, 0.2])
def test_a_client_that_leaves_is_forgotten(fortress: Service, query: str, delay: float) -> None:
    with siege(fortress, own=BUSY):
        for batch in range(2):
            with ExitStack() as stack:
                for number in range(25):
                    client = stack.enter_context(fortress.target.connection(spread(number + batch)))
                    client.sendall(get(query))
                    stack.callback(reset, client)
                time.sleep(delay)


@pytest.mark.parametrize("query", [MEDIUM, ABUNDANT, "CONSTRUCT WHERE { ?a ?b ?c }"])
def test_readers_that_stop_reading_are_hung_up_on(fortress: Service, query: str) -> None:
    with siege(fortress, own=BUSY), ExitStack() as stack:
        clients = [
            stack.enter_context(fortress.target.connection(spread(number), receive=2048))
            for number in range(50)
        ]
        for client in clients:
            client.sendall(get(query))
        assert until(lambda: held(fortress) < 10, 2 * TIMEOUT + GRACE), held(fortress)


def held(service: Service) -> int:
    """Return how many connections a service holds."""
    return observe(service.pid).descriptors - service.rest.descriptors


def test_readers_of_a_byte_now_and_then_do_not_hold_a_worker(fortress: Service) -> None:
    def attack(number: int) -> Reply:
        begun = time.monotonic()
        with fortress.target.connection(spread(number), receive=2048) as client:
            client.sendall(get(ABUNDANT))
            while time.monotonic() - begun < 2 * TIMEOUT:
                if not client.recv(1):
                    break
                time.sleep(0.1)
        return Reply(CLOSED)

    with siege(fortress, own=BUSY):
        at_once([lambda number=number: attack(number) for number in range(20)])


def test_one_who_opens_thousands_of_connections_shuts_out_nobody(fortress: Service) -> None:
    with siege(fortress, own=(*BUSY, CLOSED)), ExitStack() as stack:
        for _ in range(3 * CONNECTIONS):
            try:
                stack.enter_context(fortress.target.connection())
            except OSError:
                break
        time.sleep(TIMEOUT / 2)


def test_connections_may_come_and_go_without_end(fortress: Service) -> None:
    with siege(fortress, own=BUSY):
        for number in range(2000):
            with fortress.target.connection() as client:
                if number % 2:
                    reset(client)


@pytest.mark.parametrize("count", [20, 500])
def test_requests_in_a_row_are_answered_in_their_order(fortress: Service, count: int) -> None:
    requests = b"".join(get(f"SELECT ({n} AS ?n) {{}}", "text/csv") for n in range(count))
    with siege(fortress, own=BUSY), fortress.target.connection() as client:
        client.sendall(requests)
        answers = list(islice(replies(client), count))
    assert {reply.status for reply in answers} <= {*BUSY, CLOSED}
    numbers = [number for number, reply in enumerate(answers) if reply.status == 200]
    assert len(numbers) >= 20
    assert [int(answers[number].body.split()[1]) for number in numbers] == numbers


def test_requests_in_a_row_that_nobody_reads_the_answers_of_are_given_up(fortress: Service) -> None:
    with siege(fortress, own=BUSY), fortress.target.connection(receive=2048) as client:
        client.settimeout(TIMEOUT)
        with suppress(TimeoutError, ConnectionError):
            client.sendall(get(MEDIUM) * 2000)
        time.sleep(TIMEOUT)


def test_one_who_only_stops_sending_still_gets_an_answer_or_is_hung_up_on(
    fortress: Service,
) -> None:
    with siege(fortress), fortress.target.connection() as client:
        client.sendall(get("ASK {}"))
        client.shutdown(socket.SHUT_WR)
        assert receive(client, 0.0).status in (200, CLOSED)


@pytest.mark.parametrize("query", ["ASK {{}}", "SELECT ({0} AS ?n) {{ ?s ?p ?o }} LIMIT 1"])
@pytest.mark.parametrize("source", [alike, spread])
def test_five_hundred_at_once_are_answered_or_put_off(
    fortress: Service, query: str, source: Callable[[int], str]
) -> None:
    def attack(number: int) -> Reply:
        return fortress.target.ask(query.format(number), source(number))

    with siege(fortress, own=BUSY):
        answers = at_once([lambda number=number: attack(number) for number in range(500)], 250)
    assert_put_off(answers)
    assert sum(reply.status == 200 for reply in answers) >= 50


@pytest.mark.parametrize("source", [alike, spread])
def test_a_hundred_endless_queries_at_once_are_stopped_or_put_off(
    fortress: Service, source: Callable[[int], str]
) -> None:
    def attack(number: int) -> Reply:
        return fortress.target.ask(f"{ENDLESS} # {number}", source(number))

    with siege(fortress, own=BUSY):
        answers = at_once([lambda number=number: attack(number) for number in range(100)])
    assert_put_off(answers, 504)
    assert any(reply.status == 504 for reply in answers)


def test_the_same_query_under_many_names_is_answered_or_put_off(fortress: Service) -> None:
    def attack(number: int) -> Reply:
        request = get(f"SELECT (COUNT(*) AS ?n) {{ ?s ?p ?o }}{' ' * number}")
        return fortress.target.send(request.replace(b"Host: x", b"Host: x%d" % number))

    with siege(fortress, own=BUSY):
        answers = at_once([lambda number=number: attack(number) for number in range(300)], 50)
    assert_put_off(answers)


def assert_put_off(replies: list[Reply], *others: int) -> None:
    """See that those who were not answered were told to come back later."""
    assert {reply.status for reply in replies} <= {200, 429, 503, CLOSED, *others}
    for reply in replies:
        assert reply.status not in (429, 503) or int(reply.fields["retry-after"]) > 0
        assert reply.seconds < 2 * TIMEOUT + GRACE


@pytest.mark.parametrize("source", [alike, spread])
def test_long_queries_do_not_keep_short_ones_waiting(
    defend: Defend, source: Callable[[int], str]
) -> None:
    limits = {"query_workers": 2, "query_timeout": 30}
    with defend(**limits) as service, siege(service, own=BUSY), ExitStack() as stack:
        for number in range(12):
            client = stack.enter_context(service.target.connection(source(number)))
            client.sendall(get(f"{ENDLESS} # {number}"))
        time.sleep(6)


@pytest.mark.parametrize(
    "query", [ABUNDANT, "CONSTRUCT { ?a ?b ?f } WHERE { ?a ?b ?c . ?d ?e ?f }"]
)
def test_a_long_answer_is_read_whole_or_visibly_broken(fortress: Service, query: str) -> None:
    with siege(fortress, own=BUSY):
        answers = at_once([lambda: fortress.target.ask(query)] * 4)
    assert {reply.status for reply in answers} <= {BROKEN, 429, 503, 504}
