"""The clients that measure: processes that send queries and take the time of the whole answer.

A client is a process with a socket, so that none waits for another; it reads what comes without
looking into it. Each has a loopback address of its own, as the clients of a real server have.
"""

import socket
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Protocol, Self
from urllib.parse import quote

from pyoxigraph import (
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Store,
    parse,
    parse_query_results,
)
from servers import Server

__all__ = ["Clients", "Http", "Query", "Raw", "Reply", "Target", "Unanswered", "ask", "rows"]

PATIENCE = 60  # seconds that an answer may take
JSON, TRIPLES = "application/sparql-results+json", "application/n-triples"
PIECE = 1 << 18  # bytes read at once
LAST_CHUNK = b"\r\n0\r\n\r\n"

_context = get_context("fork")


@dataclass(frozen=True)
class Query:
    """A query of the mix; with ``salt``, each request is another text that means the same."""

    name: str
    text: str
    salted: bool = True

    @property
    def media_type(self) -> str:
        """What to ask for."""
        return TRIPLES if "\nDESCRIBE" in f"\n{self.text}" else JSON

    def salt(self, salt: str) -> str:
        """Return the text of a request that no cache has seen."""
        return f"# {salt}\n{self.text}" if self.salted else self.text


@dataclass(frozen=True)
class Reply:
    """What came: seconds until the first byte of the body's head and until all, and the body."""

    first: float
    whole: float
    body: bytes


@dataclass(frozen=True)
class Job:
    """What a client is told to do: so many requests of a query to a server."""

    server: Server
    query: Query
    count: int
    salt: str


class Unanswered(Exception):
    """A request that got no whole answer, or none with status 200, in time."""


class Target(Protocol):
    """What answers queries and is measured."""

    name: str

    def measure(self, query: Query, clients: int, count: int) -> list[float]:
        """Return the seconds that each of ``count`` answers to each client took."""


class Clients:
    """Processes that ask; a context manager."""

    def __init__(self, number: int) -> None:
        self._number = number

    def __enter__(self) -> Self:
        self._pipes, self._processes = [], []
        for number in range(self._number):
            here, there = _context.Pipe()
            process = _context.Process(
                target=_client, args=(there, f"127.0.0.{number + 2}"), daemon=True
            )
            process.start()
            self._pipes.append(here)
            self._processes.append(process)
        return self

    def __exit__(self, *error: object) -> None:
        for pipe in self._pipes:
            pipe.send(None)
        for process in self._processes:
            process.join()

    def run(self, job: Callable[[int], Job], number: int) -> list[float]:
        """Let that many clients do their jobs at once and return all times."""
        busy = self._pipes[:number]
        for index, pipe in enumerate(busy):
            pipe.send(job(index))
        answers = [pipe.recv() for pipe in busy]
        for answer in answers:
            if isinstance(answer, str):
                raise Unanswered(answer)
        return [seconds for answer in answers for seconds in answer]


class Http:
    """A server, asked over HTTP."""

    def __init__(self, server: Server, clients: Clients) -> None:
        self.name, self.server, self._clients, self._asked = server.name, server, clients, 0

    def measure(self, query: Query, clients: int, count: int) -> list[float]:
        """Return the seconds of each answer."""
        self._asked += 1
        return self._clients.run(
            lambda client: Job(self.server, query, count, f"{self._asked} {client}"), clients
        )


class Raw:
    """pyoxigraph in memory in a process of its own, where a client is a thread."""

    name = "pyoxigraph"

    def __init__(self, nquads: Path) -> None:
        self._pipe, there = _context.Pipe()
        self._process = _context.Process(target=_evaluator, args=(there, nquads), daemon=True)
        self._process.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._pipe.send(None)
        self._process.join()

    def measure(self, query: Query, clients: int, count: int) -> list[float]:
        """Return the seconds of each answer."""
        self._pipe.send((query, clients, count))
        times: list[float] = self._pipe.recv()
        return times

    def answer(self, query: Query) -> bytes:
        """Return the answer itself."""
        self._pipe.send((query, 0, 0))
        body: bytes = self._pipe.recv()
        return body


def ask(server: Server, query: Query) -> Reply:
    """Return the reply of a server to one request."""
    with socket.create_connection(("127.0.0.1", server.port), PATIENCE) as connection:
        return _ask(connection, server, query, "one", bytearray(PIECE), keep=True)


def rows(query: Query, body: bytes) -> int:
    """Return the number of rows or triples in an answer; 0 or 1 for no or yes."""
    if query.media_type == TRIPLES:
        return len(set(parse(body, RdfFormat.N_TRIPLES)))
    results = parse_query_results(body, QueryResultsFormat.JSON)
    return sum(1 for _ in results) if isinstance(results, QuerySolutions) else int(bool(results))


def _client(pipe: Connection, address: str) -> None:
    buffer = bytearray(PIECE)
    while job := pipe.recv():
        server, query = job.server, job.query
        try:
            # A connection for each job, as a server may close one that is idle in between.
            with socket.create_connection(
                ("127.0.0.1", server.port), PATIENCE, (address, 0)
            ) as connection:
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                salts = (f"{job.salt} {number}" for number in range(job.count))
                replies = [_ask(connection, server, query, salt, buffer) for salt in salts]
            pipe.send([reply.whole for reply in replies])
        except (OSError, ValueError) as error:
            pipe.send(f"{server.name}, {query.name}: {error}")


def _ask(
    connection: socket.socket,
    server: Server,
    query: Query,
    salt: str,
    buffer: bytearray,
    keep: bool = False,
) -> Reply:
    request = (
        f"GET {server.path}?query={quote(query.salt(salt), safe='')} HTTP/1.1\r\n"
        f"Host: 127.0.0.1:{server.port}\r\nAccept: {query.media_type}\r\n\r\n"
    ).encode()
    view = memoryview(buffer)
    pieces: list[bytes] = []
    begun = time.perf_counter()
    connection.sendall(request)
    first, head, length = 0.0, b"", 0
    while not head or not _is_whole(head, pieces, length):
        got = connection.recv_into(buffer)
        if not got:
            raise ValueError("the answer was cut off")
        first = first or time.perf_counter() - begun
        pieces.append(bytes(view[:got]))
        length += got
        if not head and b"\r\n\r\n" in (so_far := b"".join(pieces)):
            head, _, rest = so_far.partition(b"\r\n\r\n")
            pieces, length = [b"\r\n" + rest], len(rest)
        if head and not keep:
            del pieces[:-2]  # what tells the end of the body
    whole = time.perf_counter() - begun
    if b" 200 " not in head.split(b"\r\n", 1)[0]:
        raise ValueError(f"{head.decode()}\n{b''.join(pieces)[:500].decode()}")
    return Reply(first, whole, _body(head, b"".join(pieces)[2:]) if keep else b"")


def _is_whole(head: bytes, pieces: Sequence[bytes], length: int) -> bool:
    if (wanted := _content_length(head)) is not None:
        return length >= wanted
    tail = b"".join(pieces[-2:]) if len(pieces[-1]) < len(LAST_CHUNK) else pieces[-1]
    return tail.endswith(LAST_CHUNK)


def _content_length(head: bytes) -> int | None:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line.split(b":")[1])
    return None


def _body(head: bytes, rest: bytes) -> bytes:
    if _content_length(head) is not None:
        return rest
    chunks, at = [], 0
    while size := int(rest[at : (end := rest.index(b"\r\n", at))], 16):
        chunks.append(rest[end + 2 : end + 2 + size])
        at = end + 4 + size
    return b"".join(chunks)


def _evaluator(pipe: Connection, nquads: Path) -> None:
    store = Store()
    store.bulk_load(path=nquads, format=RdfFormat.N_QUADS, lenient=True)
    while work := pipe.recv():
        query, clients, count = work
        if not clients:
            pipe.send(_evaluate(store, query))
            continue
        with ThreadPoolExecutor(clients) as threads:
            work = [threads.submit(_times, store, query, count) for _ in range(clients)]
            pipe.send([seconds for one in work for seconds in one.result()])


def _times(store: Store, query: Query, count: int) -> list[float]:
    times = []
    for _ in range(count):
        begun = time.perf_counter()
        _evaluate(store, query)
        times.append(time.perf_counter() - begun)
    return times


def _evaluate(store: Store, query: Query) -> bytes:
    answer = store.query(query.text, use_default_graph_as_union=True)
    if isinstance(answer, QueryTriples):
        return answer.serialize(format=RdfFormat.N_TRIPLES) or b""
    return answer.serialize(format=QueryResultsFormat.JSON) or b""
