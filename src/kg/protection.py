"""Protection: what a client may do to a connection, whatever it sends or leaves unsent.

Requests must come in time and within bounds, answers must be fetched, and no address keeps
connections from others.
"""

import asyncio
import json
from collections import Counter
from collections.abc import Callable
from http import HTTPStatus
from time import perf_counter
from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from kg.access_log import Observation
from kg.settings import Settings
from kg.shortcuts import Shortcuts

__all__ = ["LONGEST_URL", "protocol"]

LONGEST_URL = 32 * 1024  # bytes
LONGEST_FIELDS = 32 * 1024  # bytes of all fields together
MOST_FIELDS = 100
LEAST_RATE = 1000  # bytes a second that a client must fetch

DETAILS = {
    408: "The request did not arrive in time.",
    414: f"The address may have {LONGEST_URL} bytes at most; post the query instead.",
    431: f"The fields may have {LONGEST_FIELDS} bytes at most, in {MOST_FIELDS} lines.",
    503: "Too many connections are open; try again in a while.",
    505: "HTTP/1.1 is spoken here.",
}


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
        self._is_answered = False  # the request that is coming in, by a shortcut
        self._application = self.app
        self._arriving: asyncio.TimerHandle | None = None
        self._fetching: asyncio.TimerHandle | None = None
        self._in_fields = True
        self._received = 0  # bytes of a request whose fields are not complete

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
        if self._in_fields:
            self._received += len(data)
            if self._arriving is None:
                self._expect(self._settings.request_timeout)
        super().data_received(data)
        if self._in_fields and self._received > LONGEST_URL + LONGEST_FIELDS:
            self._refuse(431 if self.headers else 414)

    def on_header(self, name: bytes, value: bytes) -> None:
        if len(self.headers) <= MOST_FIELDS:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        self._in_fields, self._received = False, 0
        if self._answer_at_once():
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
        if not self._is_answered:
            super().on_message_complete()
        self._is_answered = False
        self._in_fields = True
        self._expect(None)

    def _answer_at_once(self) -> bool:
        """Send what was answered to the same request before; tells whether there is something."""
        began = perf_counter()
        shortcut = self._shortcuts.find(self.url, self.headers)
        if (
            shortcut is None
            or self.parser.get_method() != b"GET"
            or not self.is_waiting
            or self.pipeline
            or not self.parser.should_keep_alive()
            or self.flow.write_paused
        ):
            return False
        self._is_answered = True
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
        body = _problem(status)
        self.transport.write(
            b"HTTP/1.1 %d %s\r\nconnection: close\r\ncontent-type: application/problem+json\r\n"
            b"content-length: %d\r\n\r\n%s"
            % (status, HTTPStatus(status).phrase.encode(), len(body), body)
        )
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
        """Close an idle connection of the client that has most; tells whether there was one."""
        idle = [other for other in self.connections if other is not self and other.is_waiting]  # type: ignore[union-attr]
        if not idle:
            return False
        of_client = Counter(_host(connection) for connection in self.connections)
        greediest = max(idle, key=lambda connection: of_client[_host(connection)])
        greediest.transport.abort()
        return True


def _host(connection: Any) -> str:
    return connection.client[0] if connection.client else ""


def _problem(status: int) -> bytes:
    problem = {
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": DETAILS[status],
    }
    return json.dumps(problem).encode()


def _refusal(status: int) -> ASGIApp:
    """Return an application that refuses a request, without reading it."""

    async def refuse(scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG001
        body = _problem(status)
        headers = [
            (b"content-type", b"application/problem+json"),
            (b"content-length", b"%d" % len(body)),
            (b"connection", b"close"),
        ]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    return refuse
