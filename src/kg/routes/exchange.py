"""An exchange: one request, and what is sent for it, as far from any framework as can be.

What is remembered of it goes to the log and the metrics.
"""

import asyncio
import logging
import re
from collections.abc import Awaitable, Iterator, Mapping
from contextlib import contextmanager
from time import perf_counter

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kg.access_log import Observation, Outcome, digest
from kg.engine.base import Answer
from kg.errors import BadRequest, ContentTooLarge, RequestError, RequestTimeout, VersionNotSupported
from kg.protection import network
from kg.routes.conditional import opaque
from kg.shortcuts import Shortcut

__all__ = ["ClientLeft", "Exchange", "Outbox"]

log = logging.getLogger(__name__)

# Names, addresses and ports (RFC 3986, section 3.2.2); an HTTP/1.0 request may name none.
_HOST = re.compile(
    r"(?:[A-Za-z0-9._~!$&'()*+,;=-]|%[0-9A-Fa-f]{2}|\[[0-9A-Fa-f:.]+\])*(?::[0-9]*)?"
)
PIECE = 256 * 1024  # bytes of a whole answer that are handed over at a time
PATIENCE = 0.05  # seconds after which it is worth a task to see whether the client is still there


class ClientLeft(Exception):
    """Nobody waits for the answer any more."""


class Outbox:
    """The answers that clients are slow to take, up to ``capacity`` bytes.

    When they are more, those that were begun first are given up, and visibly so.
    """

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._sizes: dict[asyncio.Task[object], int] = {}

    @contextmanager
    def sending(self, size: int) -> Iterator[None]:
        """Count what the task at hand sends; raises ``ClientLeft`` if it is given up."""
        task = _this_task()
        self._make_room(size)
        self._sizes[task] = size
        try:
            yield
        except asyncio.CancelledError:
            if task in self._sizes or task.uncancel():
                raise
            raise ClientLeft from None
        finally:
            self._sizes.pop(task, None)

    def _make_room(self, size: int) -> None:
        surplus = sum(self._sizes.values()) + size - self._capacity
        for task, taken in tuple(self._sizes.items()):
            if surplus <= 0:
                return
            log.warning("an answer of %d bytes was given up: too much is not fetched", taken)
            del self._sizes[task]
            task.cancel()
            surplus -= taken


def _this_task() -> asyncio.Task[object]:
    task = asyncio.current_task()
    if task is None:
        raise RuntimeError("requests are answered in tasks")
    return task


class Exchange:
    """One request and its answer; times in seconds."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.scope = scope
        self._receive, self._send = receive, send
        self._began = perf_counter()
        self._fields: dict[bytes, bytes] = {}
        for name, value in scope["headers"]:
            known = self._fields.get(name)
            self._fields[name] = value if known is None else known + b", " + value
        self.status = self.bytes = 0
        self.outcome: Outcome = "answered"
        self.query = ""
        self.waited = 0.0
        self.rows: int | None = None

    @property
    def method(self) -> str:
        """The request's method."""
        return str(self.scope["method"])

    @property
    def client(self) -> str:
        """The address that the request comes from, or its network where one client has many."""
        return network(self.scope["client"])

    @property
    def address(self) -> str:
        """The URL that was asked, without its query."""
        scope = self.scope
        host = self.field(b"host") or "{}:{}".format(*(scope["server"] or ("localhost", 80)))
        return f"{scope['scheme']}://{host}{scope['path']}"

    def field(self, name: bytes) -> str | None:
        """Return a field of the request, its lines joined."""
        value = self._fields.get(name)
        return None if value is None else value.decode("latin-1")

    def require_host(self) -> None:
        """Raise ``BadRequest`` unless the request names one host (RFC 9112, section 3.2)."""
        hosts = sum(name == b"host" for name, _ in self.scope["headers"])
        if hosts > 1 or (not hosts and self.scope["http_version"] == "1.1"):
            raise BadRequest("A request has one field Host.")
        if not _HOST.fullmatch(self.field(b"host") or ""):
            raise BadRequest("The field Host is no host and port.")

    def has(self, tag: str) -> bool:
        """Tell whether the client has what an entity tag names (RFC 9110, section 13.1.2)."""
        known = self.field(b"if-none-match")
        if known is None or self.method == "POST":
            return False
        return opaque(tag) in map(opaque, known.split(","))

    def raw(self, *names: bytes) -> tuple[bytes | None, ...]:
        """Return fields of the request as they came."""
        return tuple(map(self._fields.get, names))

    async def body(self, limit: int, seconds: float) -> bytes:
        """Return the body of the request.

        Raises ``ContentTooLarge`` beyond ``limit`` bytes, ``RequestTimeout`` when it takes more
        than some seconds, ``ClientLeft`` when it is cut off.
        """
        declared = self.field(b"content-length") or ""
        if declared.isdecimal() and int(declared) > limit:
            raise ContentTooLarge(limit)
        body = bytearray()
        try:
            async with asyncio.timeout(seconds):
                while True:
                    message = await self._receive()
                    if message["type"] == "http.disconnect":
                        raise ClientLeft
                    body += message.get("body", b"")
                    if len(body) > limit:
                        raise ContentTooLarge(limit)
                    if not message.get("more_body"):
                        return bytes(body)
        except TimeoutError:
            raise RequestTimeout(seconds) from None

    async def while_connected(self, work: Awaitable[None]) -> None:
        """Do some work; raises ``ClientLeft`` as soon as the client leaves."""
        task = _this_task()
        left = False
        watch: asyncio.Task[None] | None = None

        async def departure() -> None:
            nonlocal left
            while (await self._receive())["type"] != "http.disconnect":
                pass
            left = True
            task.cancel()

        def begin() -> None:
            nonlocal watch
            watch = asyncio.create_task(departure())

        timer = asyncio.get_running_loop().call_later(PATIENCE, begin)
        try:
            await work
        except asyncio.CancelledError:
            if left and not task.uncancel():
                raise ClientLeft from None
            raise
        finally:
            timer.cancel()
            if watch:
                watch.cancel()

    async def send(self, status: int, headers: dict[str, str]) -> None:
        """Answer without a body."""
        bare = status in (204, 304)  # RFC 9110, section 8.6
        await self._start(status, headers if bare else headers | {"content-length": "0"})
        await self._block(b"", more=False)

    async def respond(self, application: ASGIApp, fields: Mapping[str, str]) -> None:
        """Let a framework answer, and add some fields."""

        async def send(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(fields)
                if "vary" in headers:  # what compresses adds to it, be it there or not
                    named = ", ".join(headers.getlist("vary")).split(", ")
                    headers["vary"] = ", ".join(dict.fromkeys(named))
                self.status = message["status"]
            self.bytes += len(message.get("body", b""))
            await self._send(message)

        await application(self.scope, self._receive, send)

    async def pass_on(self, answer: Answer, headers: dict[str, str], outbox: Outbox) -> None:
        """Send an answer of the engine, whole or as it comes.

        Raises ``VersionNotSupported`` before it begins, if the client could not tell a whole
        answer from a part. One that fails is left without its end, and counted as broken.
        """
        if answer.content is not None:
            await self._pass_on_whole(answer.content, headers, outbox)
            return
        if self.scope["http_version"] == "1.0":
            raise VersionNotSupported
        await self._start(200, headers)
        if self.method != "HEAD":
            try:
                async for block in answer.stream:
                    await self._block(block)
            except RequestError as error:
                # Without its closing chunk, every client sees that the answer is not complete.
                log.warning("an answer was broken off: %s", error)
                self.outcome = "broken"
                return
        await self._block(b"", more=False)

    async def _pass_on_whole(self, content: bytes, headers: dict[str, str], outbox: Outbox) -> None:
        size = len(content)
        await self._start(200, headers | {"content-length": str(size)})
        if size <= PIECE or self.method == "HEAD":
            await self._block(content, more=False)
            return
        with outbox.sending(size):
            for start in range(0, size, PIECE):
                await self._block(content[start : start + PIECE], more=start + PIECE < size)

    async def _start(self, status: int, headers: Mapping[str, str]) -> None:
        self.status = status
        fields = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
        await self._send({"type": "http.response.start", "status": status, "headers": fields})

    async def _block(self, block: bytes, *, more: bool = True) -> None:
        if self.method != "HEAD":
            self.bytes += len(block)
        await self._send({"type": "http.response.body", "body": block, "more_body": more})

    def shortcut(self, headers: Mapping[str, str], content: bytes) -> Shortcut:
        """Return what answers the same request the same way."""
        fields = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        rest = fields.encode("latin-1") + b"\r\n" + content
        return Shortcut(rest, self.observation(self.scope["path"]))

    def observation(self, path: str) -> Observation:
        """Return what is remembered of the exchange."""
        return Observation(
            method=self.method,
            path=path,
            status=self.status,
            outcome=self.outcome,
            query=digest(self.query) if self.query else "",
            seconds=perf_counter() - self._began,
            waited=self.waited,
            rows=self.rows,
            bytes=self.bytes,
        )
