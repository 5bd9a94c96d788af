"""The embedded engine: queries evaluated by worker processes that may be killed at any time."""

import asyncio
import json
import logging
import math
import os
import signal
import socket
import subprocess
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from kg.engine.base import Answer
from kg.engine.forkserver import Limits, arguments
from kg.engine.worker import HEADER
from kg.errors import (
    BadRequest,
    EngineFailed,
    NotAcceptable,
    Overloaded,
    QueryMemoryExceeded,
    QuerySyntaxError,
    QueryTimeout,
    QueryTooComplex,
    RequestError,
    ServiceRefused,
)
from kg.formats import RDF, RESULTS
from kg.protocol import Query
from kg.settings import Settings

__all__ = ["EmbeddedEngine"]

log = logging.getLogger(__name__)


@dataclass
class _Worker:
    """The front's end of a worker process.

    ``idle`` when it owes no part of a reply, ``released`` when no query holds it, ``expired`` once
    its query ran out of time, ``status`` is its wait status once the fork server has ended it.
    """

    pid: int
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    idle: bool = True
    expired: bool = False
    status: int | None = None
    deadline: asyncio.TimerHandle | None = None
    released: bool = True

    @property
    def is_gone(self) -> bool:
        """Whether the process ended while it had nothing to do."""
        return self.reader.at_eof()

    def ask(self, request: bytes) -> None:
        """Send a request."""
        self.idle = False
        self.writer.write(HEADER.pack(b"Q", len(request)) + request)

    def stop_clock(self) -> None:
        if self.deadline:
            self.deadline.cancel()

    async def receive(self) -> tuple[bytes, bytes]:
        """Return tag and payload of the next frame; raises ``EOFError`` when the worker is gone."""
        try:
            tag, length = HEADER.unpack(await self.reader.readexactly(HEADER.size))
            return tag, await self.reader.readexactly(length)
        except (asyncio.IncompleteReadError, ConnectionError):
            raise EOFError from None


class _ForkServer:
    """The front's end of the fork server; every call blocks for a few milliseconds."""

    def __init__(self, limits: Limits) -> None:
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(
                arguments(limits, theirs.fileno()),
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
            )
        self._receive()

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self._process.poll() is None

    def fork(self) -> tuple[int, socket.socket]:
        """Return the pid of a new worker and the socket to it."""
        ours, theirs = socket.socketpair()
        with theirs:
            socket.send_fds(self._control, [b"fork"], [theirs.fileno()])
        return int(self._receive()), ours

    def end(self, pid: int) -> int:
        """Kill a worker, if it is not dead already, and return its wait status."""
        self._control.send(b"end %d" % pid)
        return int(self._receive())

    def _receive(self) -> bytes:
        try:
            message = self._control.recv(64)
        except ConnectionError:
            message = b""
        if not message:
            self.close()
            raise EngineFailed("The process that holds the store has ended; see the log.")
        return message

    def close(self) -> None:
        """Let the fork server end its workers and itself."""
        self._control.close()
        self._process.wait()


class EmbeddedEngine:
    """Answers queries on one build with ``settings.query_workers`` processes."""

    def __init__(self, settings: Settings, store: Path, dump: Path | None) -> None:
        """Evaluate on the N-Quads ``dump`` held in memory or, without one, the store on disk."""
        self._settings = settings
        self._limits = Limits(
            store=str(store),
            dump=str(dump) if dump else None,
            timeout=settings.query_timeout,
            memory=settings.query_memory,
        )
        self._idle: asyncio.LifoQueue[_Worker] = asyncio.LifoQueue()
        self._waiting = 0
        self._control = asyncio.Lock()
        self._replacements: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.to_thread(_ForkServer, self._limits)
        self._running = True
        for _ in range(self._settings.query_workers):
            await self._add_worker()
        return self

    async def __aexit__(self, *error: object) -> None:
        self._running = False
        await asyncio.gather(*self._replacements)
        while not self._idle.empty():
            self._idle.get_nowait().writer.close()
        await asyncio.to_thread(self._server.close)

    async def query(self, query: Query) -> Answer:
        """Return the answer once it is complete or has outgrown the reply buffer.

        Raises ``QuerySyntaxError``, ``QueryTooComplex``, ``ServiceRefused``, ``NotAcceptable``,
        ``BadRequest`` (evaluation refused), ``Overloaded``, ``QueryTimeout``,
        ``QueryMemoryExceeded`` or ``EngineFailed``.
        """
        worker = await self._take()
        try:
            worker.ask(self._request(query))
            worker.deadline = asyncio.get_running_loop().call_later(
                self._settings.query_timeout, self._expire, worker
            )
            return await self._answer(worker, query)
        except BaseException:
            self._release(worker)
            raise

    async def _take(self) -> _Worker:
        if self._idle.empty() and self._waiting >= self._settings.queue_size:
            raise Overloaded(math.ceil(self._settings.queue_timeout))
        self._waiting += 1
        try:
            async with asyncio.timeout(self._settings.queue_timeout):
                while True:
                    worker = await self._idle.get()
                    worker.released = False
                    if not worker.is_gone:
                        return worker
                    self._release(worker)
        except TimeoutError:
            raise Overloaded(math.ceil(self._settings.queue_timeout)) from None
        finally:
            self._waiting -= 1

    def _request(self, query: Query) -> bytes:
        return json.dumps(
            {
                "text": query.text,
                "results": query.results and query.results.name,
                "rdf": query.rdf and query.rdf.name,
                "default_graphs": query.default_graphs,
                "named_graphs": query.named_graphs,
                "base": query.base,
                "union": self._settings.default_graph == "union",
            }
        ).encode()

    async def _answer(self, worker: _Worker, query: Query) -> Answer:
        _, kind = await self._receive(worker)
        wanted = query.rdf if kind == b"rdf" else query.results
        if wanted is None:
            raise EngineFailed("The worker answered in a format that was not asked for.")
        head = bytearray()
        while len(head) <= self._settings.reply_buffer:
            tag, block = await self._receive(worker)
            if tag == b"E":
                self._release(worker)
                return Answer.whole(wanted.content_type, bytes(head))
            head += block

        async def release() -> None:
            self._release(worker)

        return Answer(wanted.content_type, self._stream(worker, bytes(head)), release=release)

    async def _stream(self, worker: _Worker, head: bytes) -> AsyncIterator[bytes]:
        yield head
        while True:
            tag, block = await self._receive(worker)
            if tag == b"E":
                return
            yield block

    async def _receive(self, worker: _Worker) -> tuple[bytes, bytes]:
        try:
            tag, payload = await worker.receive()
        except EOFError:
            raise await self._cause_of_death(worker) from None
        worker.idle = tag in b"EX"
        if tag == b"X":
            raise self._error(**json.loads(payload))
        return tag, payload

    async def _cause_of_death(self, worker: _Worker) -> RequestError:
        await self._end(worker)
        killer = os.WTERMSIG(worker.status) if worker.status else 0
        if worker.expired or killer == signal.SIGALRM:
            return QueryTimeout(self._settings.query_timeout)
        if killer == signal.SIGSEGV:
            return QueryTooComplex()
        if killer in (signal.SIGABRT, signal.SIGKILL):
            return QueryMemoryExceeded(self._settings.query_memory)
        return EngineFailed("The process that evaluated the query has ended; see the log.")

    def _error(self, error: str, reason: str = "", line: int = 0, column: int = 0) -> RequestError:
        match error:
            case "service":
                return ServiceRefused()
            case "syntax":
                return QuerySyntaxError(reason, line, column)
            case "refused":
                return BadRequest(reason)
            case "memory":
                return QueryMemoryExceeded(self._settings.query_memory)
            case "not acceptable":
                return NotAcceptable("", [offer.media_type for offer in (*RESULTS, *RDF)])
            case _:
                return EngineFailed(reason)

    def _expire(self, worker: _Worker) -> None:
        worker.expired = True
        worker.idle = False
        self._release(worker)  # whoever reads the answer may never come for the rest

    def _release(self, worker: _Worker) -> None:
        """Put a worker back or, if it owes part of a reply or is dead, replace it; once a query."""
        worker.stop_clock()
        if worker.released:
            return
        worker.released = True
        if not self._running:
            worker.writer.close()
        elif worker.idle and not worker.is_gone:
            self._idle.put_nowait(worker)
        else:
            task = asyncio.create_task(self._replace(worker))
            self._replacements.add(task)
            task.add_done_callback(self._replacements.discard)

    async def _replace(self, worker: _Worker) -> None:
        while self._running:
            try:
                await self._end(worker)
                worker.writer.close()
                await self._add_worker()
            except (OSError, EngineFailed):
                log.exception("no worker could be started; trying again in a second")
                await asyncio.sleep(1)
            else:
                return

    async def _end(self, worker: _Worker) -> None:
        async with self._control:
            if worker.status is None and self._server.alive:
                worker.status = await asyncio.to_thread(self._server.end, worker.pid)

    async def _add_worker(self) -> None:
        async with self._control:
            if not self._server.alive:
                log.error("the process that holds the store has ended; starting another")
                self._server = await asyncio.to_thread(_ForkServer, self._limits)
            pid, connection = await asyncio.to_thread(self._server.fork)
        reader, writer = await asyncio.open_connection(sock=connection)
        self._idle.put_nowait(_Worker(pid, reader, writer))
