"""Queries that are meant to fell the service are answered in time, and it goes on as before."""

import json
import socket
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from itertools import product, repeat
from urllib.parse import urlencode

import pytest

from hostile.attacker import BROKEN, Reply, at_once, get, spread
from hostile.bombs import BOMBS, FEDERATED, FOREIGN, Bomb
from hostile.observer import Defend, Service, siege

pytestmark = pytest.mark.hostile

TIMEOUT = 0.4  # seconds that an evaluation may take
WIDTH = 4  # bombs at the same time
GRACE = 4.0  # seconds by which an answer may come later than that


@pytest.fixture(scope="module")
def fortress(defend: Defend) -> Iterator[Service]:
    """A service with a short deadline, little memory and few workers."""
    with defend(
        query_timeout=TIMEOUT,
        query_memory=2**28,
        query_workers=WIDTH + 1,
        queue_timeout=2,
        reply_buffer=2**16,
        cache=2**20,
    ) as service:
        yield service


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[tuple[str, list[object]]]:
    """The address of another server, and who has called it."""
    callers: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def listen() -> None:
            with suppress(OSError):
                while True:
                    connection, caller = listener.accept()
                    callers.append(caller)
                    connection.close()

        threading.Thread(target=listen, daemon=True).start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/", callers
        listener.shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize("bombs", BOMBS.values(), ids=BOMBS)
def test_bombs_are_answered_in_time_and_fell_nothing(
    fortress: Service, bombs: Sequence[Bomb]
) -> None:
    with siege(fortress):
        answers = asked(fortress, [bomb.text for bomb in bombs], [bomb.accept for bomb in bombs])
    assert not {
        bomb.name: reply
        for bomb, reply in zip(bombs, answers, strict=True)
        if not is_proper(bomb, reply)
    }


def is_proper(bomb: Bomb, reply: Reply) -> bool:
    if reply.status not in bomb.statuses or reply.seconds > TIMEOUT + GRACE:
        return False
    return reply.status in (200, BROKEN) or json.loads(reply.body)["status"] == reply.status


def asked(service: Service, queries: Iterable[str], accepts: Iterable[str]) -> list[Reply]:
    """Ask queries from many addresses, some at the same time."""
    return at_once(
        (
            partial(service.target.ask, query, spread(number), accept)
            for number, (query, accept) in enumerate(zip(queries, accepts, strict=False))
        ),
        WIDTH,
    )


def test_no_disguise_has_another_server_asked(
    fortress: Service, elsewhere: tuple[str, list[object]]
) -> None:
    url, callers = elsewhere
    with siege(fortress):
        answers = asked(fortress, (query.format(url) for query in FEDERATED), repeat("*/*"))
    assert not {
        query: reply
        for query, reply in zip(FEDERATED, answers, strict=True)
        if reply.status not in (400, 403)
    }
    assert not callers


def test_no_document_is_fetched(fortress: Service, elsewhere: tuple[str, list[object]]) -> None:
    url, callers = elsewhere
    rows_or_triples = "text/csv, text/turtle"
    with siege(fortress):
        answers = asked(fortress, (query.format(url) for query in FOREIGN), repeat(rows_or_triples))
    assert not {
        query: reply
        for query, reply in zip(FOREIGN, answers, strict=True)
        if reply.status != 200 or len(reply.body.splitlines()) > 1 or reply.body == b"true"
    }
    assert not callers


def test_no_graph_of_the_protocol_is_fetched(
    fortress: Service, elsewhere: tuple[str, list[object]]
) -> None:
    url, callers = elsewhere
    request = get("SELECT (COUNT(*) AS ?n) { ?s a <x:none> }", "text/csv")
    names = ("default-graph-uri", "named-graph-uri", "using-graph-uri")
    graphs = (url, "file:///etc/passwd", "\0", "no IRI", "")
    parameters = [urlencode({name: graph}) for name, graph in product(names, graphs)]
    with siege(fortress):
        answers = [
            fortress.target.send(request.replace(b"?", f"?{given}&".encode(), 1))
            for given in parameters
        ]
    assert not {
        given: reply
        for given, reply in zip(parameters, answers, strict=True)
        if reply.status not in (200, 400) or b"root:" in reply.body
    }
    assert not callers
