"""The relay: takes what a worker asks of another endpoint, and passes it on within limits.

A worker follows ``SERVICE`` by itself, as HTTP to whatever address it finds. It is given addresses
of the relay instead, which lead to an endpoint that is allowed and to nothing else.
"""

import asyncio
import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Self

import h11
import httpx
from pyoxigraph import QueryResultsFormat

import kg

__all__ = ["Limits", "Relay"]

READ = 64 * 1024  # bytes
FIELDS = 16 * 1024  # bytes of a request's fields
QUERY = 8 * 2**20  # bytes of a query, which has been spelt out
REDIRECTS = 3
REPEATED = frozenset({301, 302, 307, 308})  # the redirects after which the query is sent again
ACCEPT = "application/sparql-results+json, application/sparql-results+xml;q=0.9"


@dataclass(frozen=True, slots=True)
class Limits:
    """How much may be asked of other endpoints.

    ``seconds`` for one call and ``bytes`` of its answer, ``calls`` for one query, and how many are
    under way ``at_once`` for all of them.
    """

    seconds: float = 20.0
    bytes: int = 16 * 2**20
    calls: int = 100
    at_once: int = 4


@dataclass(frozen=True, slots=True)
class _Reply:
    status: int
    media_type: str
    body: bytes


@dataclass(slots=True)
class _Ticket:
    """What a query may still do: the calls that it has left, and those under way."""

    calls: int
    under_way: set["asyncio.Task[_Reply]"] = field(default_factory=set)

    def cancel(self) -> None:
        for task in self.under_way:
            task.cancel()


class Relay:
    """Passes queries on to endpoints while it is entered as a context manager.

    It listens on the loopback interface; its addresses hold a secret that lasts for one query.
    """

    def __init__(self, endpoints: Sequence[str], limits: Limits | None = None) -> None:
        self._endpoints = tuple(endpoints)
        self._allowed = {httpx.URL(endpoint) for endpoint in endpoints}
        self._limits = limits or Limits()
        self._tickets: dict[str, _Ticket] = {}
        self._places = asyncio.Semaphore(self._limits.at_once)

    async def __aenter__(self) -> Self:
        self._client = httpx.AsyncClient(
            # No answer is unpacked: a small one may hold a huge one.
            headers={
                "Accept": ACCEPT,
                "Accept-Encoding": "identity",
                "User-Agent": f"samenhang/{kg.__version__}",
            },
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
            timeout=self._limits.seconds,
        )
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self._port: int = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *error: object) -> None:
        self._server.close()
        for ticket in self._tickets.values():
            ticket.cancel()
        await self._client.aclose()

    @contextmanager
    def ticket(self) -> Iterator[Mapping[str, str]]:
        """Let one query pass: yields the address that stands for each endpoint, until the end.

        Calls that are still under way then are broken off.
        """
        secret = secrets.token_urlsafe()
        ticket = self._tickets[secret] = _Ticket(self._limits.calls)
        try:
            yield {
                endpoint: f"http://127.0.0.1:{self._port}/{secret}/{number}"
                for number, endpoint in enumerate(self._endpoints)
            }
        finally:
            del self._tickets[secret]
            ticket.cancel()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = h11.Connection(h11.SERVER, max_incomplete_event_size=FIELDS)
        try:
            async with asyncio.timeout(self._limits.seconds):
                request, body = await _receive(connection, reader)
            writer.write(_message(connection, await self._reply(request, body)))
            await writer.drain()
        except (h11.RemoteProtocolError, OSError, EOFError, TimeoutError):
            pass  # whoever asked sees the connection close without an answer
        finally:
            writer.close()

    async def _reply(self, request: h11.Request, query: bytes) -> _Reply:
        secret, _, number = request.target.decode("ascii").removeprefix("/").partition("/")
        ticket = self._tickets.get(secret)
        if ticket is None or number not in map(str, range(len(self._endpoints))):
            return _refusal(404, "There is nothing here.")
        if request.method != b"POST":
            return _refusal(405, "Only POST is possible here.")
        if not ticket.calls:
            return _refusal(429, f"A query may ask others {self._limits.calls} times at most.")
        ticket.calls -= 1
        endpoint = self._endpoints[int(number)]
        task = asyncio.create_task(self._forward(endpoint, query.decode(errors="replace")))
        ticket.under_way.add(task)
        try:
            await asyncio.wait({task}, timeout=self._limits.seconds)
        finally:
            ticket.under_way.discard(task)
        if not task.done():
            task.cancel()
            return _refusal(504, f"{endpoint} did not answer in {self._limits.seconds:g} seconds.")
        if task.cancelled():
            raise EOFError  # the query that asked has ended
        return task.result()

    async def _forward(self, endpoint: str, query: str) -> _Reply:
        url = httpx.URL(endpoint)
        try:
            async with self._places:
                for _ in range(1 + REDIRECTS):
                    # A form is what every endpoint takes.
                    async with self._client.stream("POST", url, data={"query": query}) as response:
                        if response.status_code not in REPEATED:
                            return await self._read(response)
                        url = url.join(response.headers.get("location", ""))
                        if url not in self._allowed:
                            return _refusal(
                                502, f"{endpoint} leads to {url}, which is not allowed."
                            )
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            return _refusal(502, f"{endpoint} cannot be reached: {type(error).__name__}.")
        return _refusal(502, f"{endpoint} leads on and on.")

    async def _read(self, response: httpx.Response) -> _Reply:
        url, fields = response.url, response.headers
        if response.status_code != 200:
            return _refusal(502, f"{url} answered {response.status_code}.")
        media_type = fields.get("content-type", "").partition(";")[0].strip()
        results = QueryResultsFormat.from_media_type(media_type)
        if results is None or fields.get("content-encoding", "identity") != "identity":
            return _refusal(502, f"{url} answered with something else than results of a query.")
        body = bytearray()
        async for block in response.aiter_raw(READ):
            body += block
            if len(body) > self._limits.bytes:
                return _refusal(502, f"{url} answered with more than {self._limits.bytes} bytes.")
        return _Reply(200, results.media_type, bytes(body))


async def _receive(
    connection: h11.Connection, reader: asyncio.StreamReader
) -> tuple[h11.Request, bytes]:
    """Return a request and its body; raises ``EOFError`` when it is not all there or too long."""
    request: h11.Request | None = None
    body = bytearray()
    while True:
        match connection.next_event():
            case h11.NEED_DATA:
                connection.receive_data(await reader.read(READ))
            case h11.Request() as received:
                request = received
            case h11.Data(data=data) if len(body) + len(data) <= QUERY:
                body += data
            case h11.EndOfMessage() if request:
                return request, bytes(body)
            case _:
                raise EOFError


def _message(connection: h11.Connection, reply: _Reply) -> bytes:
    fields = [
        ("Content-Type", reply.media_type),
        ("Content-Length", str(len(reply.body))),
        ("Connection", "close"),
    ]
    response = h11.Response(status_code=reply.status, headers=fields)
    parts = (response, h11.Data(data=reply.body), h11.EndOfMessage())
    return b"".join(connection.send(part) or b"" for part in parts)


def _refusal(status: int, reason: str) -> _Reply:
    return _Reply(status, "text/plain; charset=utf-8", f"{reason}\n".encode())
