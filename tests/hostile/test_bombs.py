"""Queries that are meant to fell the service are answered in time, and it goes on as before."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import urlencode

import pytest

from hostile.attacker import BROKEN, get
from hostile.bombs import BOMBS, FEDERATED, FOREIGN, Bomb
from hostile.observer import Defend, Service, siege

pytestmark = pytest.mark.hostile

TIMEOUT = 0.5  # seconds that an evaluation may take
GRACE = 4.0  # seconds by which an answer may come later than that


@pytest.fixture(scope="module")
def fortress(defend: Defend) -> Iterator[Service]:
    """A service with a short deadline, little memory and two workers."""
    with defend(
        query_timeout=TIMEOUT,
        query_memory=2**28,
        query_workers=2,
        queue_timeout=TIMEOUT,
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


@pytest.mark.parametrize("bomb", BOMBS, ids=lambda bomb: bomb.name)
def test_a_bomb_is_answered_in_time_and_fells_nothing(fortress: Service, bomb: Bomb) -> None:
    with siege(fortress):
        reply = fortress.target.ask(bomb.text, accept=bomb.accept)
    assert reply.status in bomb.statuses, reply.body[:500]
    assert reply.seconds < TIMEOUT + GRACE
    if reply.status not in (200, BROKEN):
        assert json.loads(reply.body)["status"] == reply.status


@pytest.mark.parametrize("query", FEDERATED)
def test_no_disguise_has_another_server_asked(
    fortress: Service, elsewhere: tuple[str, list[object]], query: str
) -> None:
    url, callers = elsewhere
    with siege(fortress):
        reply = fortress.target.ask(query.format(url))
    assert reply.status in (400, 403), reply.body
    assert not callers


@pytest.mark.parametrize("query", FOREIGN)
def test_no_document_is_fetched(
    fortress: Service, elsewhere: tuple[str, list[object]], query: str
) -> None:
    url, callers = elsewhere
    with siege(fortress):
        reply = fortress.target.ask(query.format(url), accept="text/csv, text/turtle")
    assert reply.status == 200
    assert len(reply.body.splitlines()) <= 1
    assert not callers


@pytest.mark.parametrize("name", ["default-graph-uri", "named-graph-uri", "using-graph-uri"])
@pytest.mark.parametrize("graph", ["{0}", "file:///etc/passwd", "\0", "no IRI", ""])
def test_no_graph_of_the_protocol_is_fetched(
    fortress: Service, elsewhere: tuple[str, list[object]], name: str, graph: str
) -> None:
    url, callers = elsewhere
    parameters = urlencode({name: graph.format(url)}).encode()
    request = get("SELECT (COUNT(*) AS ?n) { ?s a <x:none> }", "text/csv")
    with siege(fortress):
        reply = fortress.target.send(request.replace(b"?", b"?" + parameters + b"&", 1))
    assert reply.status in (200, 400), reply.body
    assert b"root:" not in reply.body
    assert not callers
