"""Protection: what a client may do to a connection, whatever it sends or leaves unsent.

Requests must come in time and within bounds, answers must be fetched, and no address keeps
connections from others.
"""

import asyncio
import ipaddress
import json
from collections import Counter
from collections.abc import Callable
from functools import lru_cache
from http import HTTPStatus
from time import perf_counter
from typing import Any

from httptools import HttpParserError, HttpParserUpgrade, HttpRequestParser
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from kg.access_log import Observation
from kg.settings import Settings
from kg.shortcuts import Shortcuts

__all__ = ["LONGEST_URL", "network", "protocol"]

LONGEST_URL = 32 * 1024  # bytes
LONGEST_FIELDS = 32 * 1024  # bytes of all fields together
MOST_FIELDS = 100
MOST_PIPELINED = 256  # requests that wait for the answer to one before
LEAST_RATE = 1000  # bytes a second that a client must fetch

REFUSALS = {
    400: ("Bad Request", "This is no request of HTTP."),
    408: ("Request Timeout", "The request did not arrive in time."),
    414: (
        "URI Too Long",
        f"The address may have {LONGEST_URL} bytes at most; post the query instead.",
    ),
    431: (
        "Request Header Fields Too Large",
        f"The fields may have {LONGEST_FIELDS} bytes at most, in {MOST_FIELDS} lines.",
    ),
    503: ("Too busy", "Too many connections are open; try again in a while."),
    505: ("HTTP Version Not Supported", "HTTP/1.1 is spoken here."),
}


@lru_cache(maxsize=4096)
def network(client: tuple[str, int] | None) -> str:
    """Return who counts as one client: an address, or for IPv6 its network of 64 bits.

    >>> network(("2001:db8::5:6:7:8", 1)), network(("::ffff:192.0.2.1", 1)), network(None)
    ('2001:db8::/64', '192.0.2.1', '')
    """
    if not client:
        return ""
    try:
        address = ipaddress.ip_address(client[0])
    except ValueError:
        return client[0]
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    mapped = address.ipv4_mapped
    return str(mapped or ipaddress.IPv6Network((address, 64), strict=False))


def protocol(
    settings: Settings, shortcuts: Shortcuts, observe: Callable[[Observation], None]
) -> Callable[..., asyncio.Protocol]:
    """Return what uvicorn makes a connection of.

    What is in ``shortcuts`` is answered there and then, and told to ``observe``.
    """

    def make(*arguments: Any, **named: Any) -> asyncio.Protocol:
        return _Connection(settings, shortcuts, observe, *arguments, **named)

    return make


class _Connection(HttpToolsProtocol):
    """A connection that is given up when the client takes more than its share of it."""

    def __init__(
        self,
        settings: Settings,
        shortcuts: Shortcuts,
        observe: Callable[[Observation], None],
        *arguments: Any,
        **named: Any,
    ) -> None:
        super().__init__(*arguments, **named)
        self._settings, self._shortcuts, self._observe = settings, shortcuts, observe
        self._is_done_with = (
            False  # the request that is coming in: what else there is of it is passed over
        )
        self._application = self.app
        self._arriving: asyncio.TimerHandle | None = None
        self._fetching: asyncio.TimerHandle | None = None
        self._in_fields = True
        self._received = 0  # bytes in a row that are neither a whole request nor part of a body

    @property
    def is_waiting(self) -> bool:
        """Whether no request is under way on it."""
        cycle: RequestResponseCycle | None = self.cycle
        return cycle is None or cycle.response_complete

    # What comes in.

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if len(self.connections) > self._settings.connections and not self._make_room():
            self._refuse(503)
            return
        self._expect(self._settings.request_timeout)

    def data_received(self, data: bytes) -> None:
        if self.transport.is_closing():
            return
        self._received += len(data)
        if self._in_fields and self._arriving is None and self.is_waiting:
            self._expect(self._settings.request_timeout)
        self._unset_keepalive_if_required()
        self._feed(data)
        if self._received > LONGEST_URL + LONGEST_FIELDS and not self.transport.is_closing():
            self._refuse(431 if self.headers else 414)

    def _feed(self, data: bytes) -> None:
        rest = memoryview(data)
        try:
            while rest and not self.transport.is_closing():
                try:
                    self.parser.feed_data(rest)
                    return
                except HttpParserUpgrade as pause:
                    rest = rest[pause.args[0] :]
                    self._take_anew()
        except HttpParserError:
            self._refuse(400)

    def _take_anew(self) -> None:
        """Take the fields again without Upgrade: the parser gives up the body for its sake."""
        method, version = self.parser.get_method(), self.parser.get_http_version().encode()
        if method == b"CONNECT":
            raise HttpParserError
        fields = (b"%s: %s\r\n" % field for field in self.headers if field[0] != b"upgrade")
        self.parser = HttpRequestParser(self)
        self.parser.feed_data(
            b"%s %s HTTP/%s\r\n%s\r\n" % (method, self.url, version, b"".join(fields))
        )

    def on_body(self, body: bytes) -> None:
        self._received = 0
        if not self._is_done_with:
            super().on_body(body)

    def on_header(self, name: bytes, value: bytes) -> None:
        if self._in_fields and len(self.headers) <= MOST_FIELDS:  # and not in a trailer
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        self._in_fields, self._received = False, 0
        if len(self.pipeline) >= MOST_PIPELINED:
            self.transport.abort()
        is_taken_anew = self.parser.should_upgrade()  # without the field (RFC 9110, section 7.8)
        if is_taken_anew or self.transport.is_closing() or self._answer_at_once():
            self._is_done_with = True
            return
        # Its body has as long as its fields; the application answers first if it reads it.
        self._expect(2 * self._settings.request_timeout)
        self.app = self._application
        if self.parser.get_http_version() not in ("1.0", "1.1"):
            self.app = _refusal(505)
        elif len(self.url) > LONGEST_URL:
            self.app = _refusal(414)
        elif (
            len(self.headers) > MOST_FIELDS
            or sum(len(name) + len(value) for name, value in self.headers) > LONGEST_FIELDS
        ):
            self.app = _refusal(431)
        super().on_headers_complete()
        self.scope["target"] = self.url  # type: ignore[typeddict-unknown-key]

    def on_message_complete(self) -> None:
        if not self._is_done_with:
            super().on_message_complete()
        self._is_done_with = False
        self._in_fields, self._received = True, 0
        self._expect(None)

    def _answer_at_once(self) -> bool:
        """Send what was answered to the same request before; tells whether there is something."""
        began = perf_counter()
        shortcut = self._shortcuts.find(self.url, self.headers)
        if (
            shortcut is None
            or self.parser.get_method() != b"GET"
            or self.parser.get_http_version() != "1.1"
            or not self.is_waiting
            or self.pipeline
            or not self.parser.should_keep_alive()
            or self.flow.write_paused
        ):
            return False
        self._is_done_with = True
        self.transport.write(shortcut.message(self.server_state.default_headers[0][1]))
        self.on_response_complete()
        self._observe(shortcut.observation(perf_counter() - began))
        return True

    def _expect(self, seconds: float | None) -> None:
        """Give up when nothing more has come of the request in some seconds."""
        if self._arriving:
            self._arriving.cancel()
        self._arriving = self.loop.call_later(seconds, self._is_late) if seconds else None

    def _is_late(self) -> None:
        if self._in_fields and self._received and self.is_waiting:
            self._refuse(408)
        else:
            self.transport.abort()

    def _refuse(self, status: int) -> None:
        if not self.is_waiting:  # it would be taken for part of the answer that is under way
            self.transport.abort()
            return
        fields, body = _refused(status)
        lines = (b"%s: %s\r\n" % field for field in (*self.server_state.default_headers, *fields))
        self.transport.write(b"HTTP/1.1 %d \r\n%s\r\n%s" % (status, b"".join(lines), body))
        self.transport.close()

    # What goes out.

    def pause_writing(self) -> None:
        super().pause_writing()
        self._watch(self.transport.get_write_buffer_size())

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._fetching:
            self._fetching.cancel()

    def _watch(self, size: int) -> None:
        seconds = self._settings.stall_timeout
        self._fetching = self.loop.call_later(seconds, self._has_stalled, size)

    def _has_stalled(self, before: int) -> None:
        size = self.transport.get_write_buffer_size()
        if before - size < LEAST_RATE * self._settings.stall_timeout:
            self.transport.abort()
        else:
            self._watch(size)

    # Who has how many.

    def connection_lost(self, exc: Exception | None) -> None:
        for timer in (self._arriving, self._fetching):
            if timer:
                timer.cancel()
        super().connection_lost(exc)

    def _make_room(self) -> bool:
        """Close a connection of the client that has most, an idle one first, if there is one."""
        of_client = Counter(_host(connection) for connection in self.connections)
        others: list[Any] = [other for other in self.connections if other is not self]
        able = [other for other in others if other.is_waiting] or [
            other for other in others if of_client[_host(other)] > of_client[_host(self)]
        ]
        if not able:
            return False
        greediest = max(able, key=lambda connection: of_client[_host(connection)])
        greediest.transport.abort()
        return True


def _host(connection: Any) -> str:
    return network(connection.client)


def _refused(status: int) -> tuple[list[tuple[bytes, bytes]], bytes]:
    """Return fields and body of a refusal."""
    title, detail = REFUSALS[status]
    body = json.dumps({"title": title, "status": status, "detail": detail}).encode()
    fields = [
        (b"content-type", b"application/problem+json"),
        (b"content-length", b"%d" % len(body)),
        (b"connection", b"close"),
        (b"access-control-allow-origin", b"*"),
        (b"x-content-type-options", b"nosniff"),
    ]
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        fields.append((b"retry-after", b"5"))
    return fields, body


def _refusal(status: int) -> ASGIApp:
    """Return an application that refuses a request, without reading it."""

    async def refuse(scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG001
        fields, body = _refused(status)
        await send({"type": "http.response.start", "status": status, "headers": fields})
        await send({"type": "http.response.body", "body": body})

    return refuse
