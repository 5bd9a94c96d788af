"""A client that keeps to no rule: it sends bytes from an address of its choice and reads on."""

import socket
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPException, HTTPResponse
from typing import Any, BinaryIO, Self
from urllib.parse import urlencode

__all__ = [
    "ATTACKER",
    "BROKEN",
    "CLOSED",
    "NEIGHBOUR",
    "SILENT",
    "Reply",
    "Target",
    "at_once",
    "get",
    "post",
    "receive",
    "replies",
    "spread",
]

ATTACKER = "127.0.0.9"
NEIGHBOUR = "127.0.0.2"

# What a reply's status is when there is no status to tell.
BROKEN = 0  # an answer that visibly lacks its end
CLOSED = -1  # a connection closed without a word
SILENT = -2  # nothing for as long as an attack may last

PATIENCE = 8.0  # seconds until an attack that is not answered counts as a hang


@dataclass(frozen=True)
class Reply:
    """What came back: status, or what stands for it; fields in lower case; body; seconds."""

    status: int
    fields: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    seconds: float = 0.0


@dataclass(frozen=True)
class Target:
    """The address of a service."""

    host: str
    port: int

    @contextmanager
    def connection(self, source: str = ATTACKER, receive: int = 0) -> Iterator[socket.socket]:
        """Open a connection from a source address, with so small a window if one is given."""
        with socket.socket() as client:
            client.settimeout(PATIENCE)
            if receive:
                client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive)
            client.bind((source, 0))
            client.connect((self.host, self.port))
            yield client

    def send(self, payload: bytes, source: str = ATTACKER) -> Reply:
        """Send bytes on a connection of their own and return the first reply to them."""
        begun = time.monotonic()
        with self.connection(source) as client:
            # Refused before all was sent, the answer may be there already.
            with suppress(ConnectionError):
                client.sendall(payload)
            return receive(client, begun)

    def ask(self, query: str, source: str = ATTACKER, accept: str = "*/*") -> Reply:
        """Post a query."""
        return self.send(post(query.encode(), accept), source)


def receive(client: socket.socket, begun: float) -> Reply:
    """Return the only reply on a connection; raises ``TimeoutError`` when there is none."""
    return next(replies(client, begun))


def replies(client: socket.socket, begun: float = 0.0) -> Iterator[Reply]:
    """Yield one reply after the other, ``CLOSED`` at their end."""
    with closing(client.makefile("rb")) as stream:
        while True:
            yield _reply(_Stream(stream), begun)


@dataclass(frozen=True)
class _Stream:
    """What is left of a stream, as one reply takes it: the next goes on where it ends."""

    stream: BinaryIO

    def makefile(self, _mode: str) -> Self:
        return self

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)

    def close(self) -> None:
        pass


def _reply(stream: _Stream, begun: float) -> Reply:
    with closing(HTTPResponse(stream)) as response:
        try:
            response.begin()
        except (HTTPException, ConnectionResetError):
            return Reply(CLOSED, seconds=time.monotonic() - begun)
        fields = {name.lower(): value for name, value in response.getheaders()}
        try:
            body, status = response.read(), response.status
        except (HTTPException, ConnectionResetError):
            body, status = b"", BROKEN
        return Reply(status, fields, body, time.monotonic() - begun)


def get(query: str, accept: str = "*/*") -> bytes:
    """Return a request that asks a query in its URL."""
    target = f"/sparql?{urlencode({'query': query})}"
    return f"GET {target} HTTP/1.1\r\nHost: x\r\nAccept: {accept}\r\n\r\n".encode()


def post(body: bytes, accept: str = "*/*", media_type: str = "application/sparql-query") -> bytes:
    """Return a request that asks a query in its body."""
    head = (
        f"POST /sparql HTTP/1.1\r\nHost: x\r\nAccept: {accept}\r\n"
        f"Content-Type: {media_type}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def spread(number: int) -> str:
    """Return one of 200 addresses that are nobody's else."""
    return f"127.0.1.{number % 200 + 1}"


def at_once(attacks: Iterable[Callable[[], Reply]], width: int = 100) -> list[Reply]:
    """Run attacks side by side; one that is cut off or refused is ``CLOSED``."""

    def guarded(attack: Callable[[], Reply]) -> Reply:
        try:
            return attack()
        except ConnectionError:
            return Reply(CLOSED)
        except TimeoutError:
            return Reply(SILENT)

    with ThreadPoolExecutor(width) as pool:
        return list(pool.map(guarded, attacks))
