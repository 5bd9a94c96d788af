"""Clients that are slow, many, gone or silent take nothing from the others."""

import socket
import struct
import time
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from functools import partial
from itertools import cycle, islice
from select import select

import pytest

from hostile.attacker import (
    ATTACKER,
    BROKEN,
    CLOSED,
    Reply,
    at_once,
    get,
    post,
    receive,
    replies,
    spread,
)
from hostile.observer import PROMPT, Defend, Service, descriptors, siege, until
from processes import memory

pytestmark = pytest.mark.hostile

TIMEOUT = 1.0  # seconds that an evaluation may take, a request to arrive, a reader to stand still
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
        queue_timeout=1.5 * TIMEOUT,
        request_timeout=TIMEOUT,
        stall_timeout=TIMEOUT,
        connections=CONNECTIONS,
        reply_buffer=2**16,
        cache=2**20,
    ) as service:
        yield service


def alike(_: int) -> str:
    return ATTACKER


# Who asks, and what others may be answered: from many addresses, more ask than the queue takes.
SOURCES = pytest.mark.parametrize(("source", "others"), [(alike, (200,)), (spread, BUSY)])


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
            break
        if time.monotonic() - begun > TIMEOUT + GRACE:
            raise TimeoutError
    return receive(client, begun)


POST = b"POST /sparql HTTP/1.1\r\nHost: x\r\n"
CHUNKS = POST + b"Content-Type: application/sparql-query\r\nTransfer-Encoding: chunked\r\n\r\n"
# What is sent at once, and what byte by byte.
SLOW = {
    "nothing much": (b"", b"G"),
    "a field": (HEAD, b"X" * 1000),
    "fields": (HEAD, b"X: y\r\n" * 1000),
    "a body": (post(b" " * 1000)[:-1000], b" " * 1000),
    "chunks": (CHUNKS, b"1\r\n \r\n" * 1000),
    "a chunk's extension": (CHUNKS + b"1;", b"x" * 1000),
    "line ends": (b"", b"\r\n" * 1000),
}


def test_requests_that_come_byte_by_byte_are_given_up(fortress: Service) -> None:
    def attack(begun: bytes, rest: bytes) -> Reply:
        with fortress.target.connection() as client:
            client.sendall(begun)
            return trickle(client, rest)

    with siege(fortress):
        answers = at_once(partial(attack, *SLOW[name]) for name in 10 * [*SLOW])
    assert not [
        (name, reply)
        for name, reply in zip(cycle(SLOW), answers, strict=False)
        if reply.status not in (408, CLOSED) or reply.seconds > TIMEOUT + GRACE
    ]


# What is sent before nothing more is.
SILENCES = {
    "nothing": b"",
    "half a head": HEAD,
    "half a head, bare": HEAD.replace(b"\r\n", b"\n"),
    "all but a byte": post(b" " * 1000)[:-1],
    "continue and silence": post(b"ASK {}")[:-6].replace(b"Host", b"Expect: 100-continue\r\nHost"),
    "other media type": post(b"ASK {}", media_type="text/plain")[:-6],
    "no chunk": POST + b"Transfer-Encoding: chunked\r\n\r\n",
    "page": b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n",
    "no page": b"PUT /nowhere HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n",
    "kept alive": HEAD + b"\r\n",
}


def test_clients_that_fall_silent_are_hung_up_on(fortress: Service) -> None:
    def attack(payload: bytes) -> Reply:
        begun = time.monotonic()
        with fortress.target.connection() as client:
            client.sendall(payload)
            while client.recv(65536):
                pass
            return Reply(CLOSED, seconds=time.monotonic() - begun)

    with siege(fortress):
        answers = at_once(partial(attack, SILENCES[name]) for name in 10 * [*SILENCES])
    assert not [
        (name, reply)
        for name, reply in zip(cycle(SILENCES), answers, strict=False)
        if reply.status != CLOSED or reply.seconds > 5 + GRACE  # five seconds are kept alive
    ]


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


@pytest.mark.parametrize("query", [MEDIUM, "CONSTRUCT { ?a ?b ?f } WHERE { ?a ?b ?c . ?d ?e ?f }"])
def test_readers_that_stop_reading_are_hung_up_on(fortress: Service, query: str) -> None:
    with siege(fortress, own=BUSY, others=BUSY), ExitStack() as stack:
        clients = [
            stack.enter_context(fortress.target.connection(spread(number), receive=2048))
            for number in range(30)
        ]
        for client in clients:
            client.sendall(get(query).replace(b"Host", b"Connection: close\r\nHost"))
        assert until(lambda: held(fortress) > 25, PROMPT), held(fortress)
        assert until(lambda: held(fortress) < 10, 3 * TIMEOUT + GRACE), held(fortress)


def held(service: Service) -> int:
    """Return how many connections a service holds."""
    return descriptors(service.pid) - service.rest.descriptors


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

    with siege(fortress, own=BUSY, others=BUSY):
        at_once(partial(attack, number) for number in range(20))


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


@pytest.mark.parametrize(("count", "least"), [(10, 10), (500, 0)])
def test_requests_in_a_row_are_answered_in_their_order(
    fortress: Service, count: int, least: int
) -> None:
    requests = b"".join(get(f"SELECT ({n} AS ?n) {{}}", "text/csv") for n in range(count))
    with siege(fortress, own=BUSY), fortress.target.connection() as client:
        with suppress(ConnectionError):  # too many are refused altogether
            client.sendall(requests)
        answers = list(islice(replies(client), count))
    assert {reply.status for reply in answers} <= {*BUSY, CLOSED}
    numbers = [number for number, reply in enumerate(answers) if reply.status == 200]
    assert len(numbers) >= least
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
@SOURCES
def test_five_hundred_at_once_are_answered_or_put_off(
    fortress: Service, query: str, source: Callable[[int], str], others: Collection[int]
) -> None:
    def attack(number: int) -> Reply:
        return fortress.target.ask(query.format(number), source(number))

    with siege(fortress, own=BUSY, others=others):
        answers = at_once((partial(attack, number) for number in range(500)), 250)
    assert_put_off(answers)
    assert sum(reply.status == 200 for reply in answers) >= 50


@SOURCES
def test_a_hundred_endless_queries_at_once_are_stopped_or_put_off(
    fortress: Service, source: Callable[[int], str], others: Collection[int]
) -> None:
    def attack(number: int) -> Reply:
        return fortress.target.ask(f"{ENDLESS} # {number}", source(number))

    with siege(fortress, own=BUSY, others=others):
        answers = at_once(partial(attack, number) for number in range(100))
    assert_put_off(answers, 504)
    assert any(reply.status == 504 for reply in answers)


def test_the_same_query_under_many_names_is_answered_or_put_off(fortress: Service) -> None:
    def attack(number: int) -> Reply:
        request = get(f"SELECT (COUNT(*) AS ?n) {{ ?s ?p ?o }}{' ' * number}")
        return fortress.target.send(request.replace(b"Host: x", b"Host: x%d" % number))

    with siege(fortress, own=BUSY):
        answers = at_once((partial(attack, number) for number in range(300)), 50)
    assert_put_off(answers)


def assert_put_off(replies: list[Reply], *others: int) -> None:
    """See that those who were not answered were told to come back later."""
    assert {reply.status for reply in replies} <= {200, 429, 503, CLOSED, *others}
    for reply in replies:
        assert reply.status not in (429, 503) or int(reply.fields["retry-after"]) > 0
        assert reply.seconds < 4 * TIMEOUT + GRACE


@pytest.fixture(scope="module")
def patient(defend: Defend) -> Iterator[Service]:
    """A service that evaluates two queries at the same time, for as long as is usual."""
    with defend(query_workers=2) as service:
        yield service


@pytest.mark.parametrize("source", [alike, spread])
def test_long_queries_do_not_keep_short_ones_waiting(
    patient: Service, source: Callable[[int], str]
) -> None:
    with siege(patient, own=BUSY), ExitStack() as stack:
        for number in range(12):
            client = stack.enter_context(patient.target.connection(source(number)))
            client.sendall(get(f"{ENDLESS} # {number}"))
        time.sleep(2)


def test_clients_that_keep_asking_are_all_answered(patient: Service) -> None:
    def attack(client: int) -> list[Reply]:
        return [
            patient.target.ask(counted(15 * client + turn), spread(client), "text/csv")
            for turn in range(15)
        ]

    with siege(patient), ThreadPoolExecutor(8) as pool:
        answers = [reply for series in pool.map(attack, range(8)) for reply in series]
    assert {(reply.status, reply.body.split()[-1]) for reply in answers} == {(200, b"300000")}
    assert max(reply.seconds for reply in answers) < PROMPT


def counted(number: int) -> str:
    """Return a query that takes some 30 ms, and that is another for each number."""
    sizes = {"a": 100, "b": 100, "c": 30}
    rows = " ".join(
        f"VALUES ?{name} {{ {' '.join(str(number + row) for row in range(size))} }}"
        for name, size in sizes.items()
    )
    return f"SELECT (COUNT(*) AS ?n) {{ {rows} }}"


def test_a_long_answer_is_read_whole_or_visibly_broken(fortress: Service) -> None:
    queries = (ABUNDANT, "CONSTRUCT { ?a ?b ?f } WHERE { ?a ?b ?c . ?d ?e ?f }")
    with siege(fortress, own=BUSY):
        answers = at_once(partial(fortress.target.ask, query) for query in 2 * queries)
    assert {reply.status for reply in answers} <= {BROKEN, 429, 503, 504}


def test_clients_that_leave_while_a_query_is_explained_leave_nothing_behind(
    defend: Defend,
) -> None:
    with defend(query_workers=8) as service, siege(service):
        for batch in range(12):
            with ExitStack() as stack:
                for number in range(30):
                    client = stack.enter_context(service.target.connection(spread(number)))
                    query = f"SELECT * {{ ?s ?p {30 * batch + number} }}"
                    client.sendall(get(query).replace(b"/sparql", b"/sparql/explain", 1))
                    stack.callback(reset, client)
                time.sleep(0.045 + 0.05 * batch / 12)  # while a process for it is begun


def test_what_readers_leave_unread_takes_little_memory(defend: Defend) -> None:
    limits = {"query_workers": 2, "stall_timeout": 1, "cache": 2**20}
    with defend(**limits) as service, siege(service, own=BUSY), ExitStack() as stack:
        before, taken = memory(service.pid), [0]
        for number in range(50):
            client = stack.enter_context(service.target.connection(spread(number), receive=2048))
            client.sendall(get(four_megabytes(number)))

        def are_gone() -> bool:
            taken.append(memory(service.pid) - before)
            return held(service) < 10

        assert until(lambda: not are_gone(), PROMPT)
        assert until(are_gone, 1 + PROMPT), held(service)
        assert max(taken) < 160 * 2**20


def four_megabytes(number: int) -> str:
    """Return a query whose answer just fits what is held back, and is another for each number."""
    doubled = " ".join(f"BIND(CONCAT(?x{n}, ?x{n}) AS ?x{n + 1})" for n in range(16))
    rows = " ".join(str(63 * number + row) for row in range(63))
    return f"SELECT ?x16 ?row {{ BIND('x' AS ?x0) {doubled} VALUES ?row {{ {rows} }} }}"
