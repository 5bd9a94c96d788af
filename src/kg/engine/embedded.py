"""The embedded engine: queries evaluated by worker processes that may be killed at any time."""

import asyncio
import json
import logging
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from kg.engine.base import Answer, Course
from kg.engine.forkserver import Limits
from kg.engine.scheduling import Schedule, Turn
from kg.engine.worker import View
from kg.engine.workers import ForkServer, Worker
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
    Stopping,
)
from kg.federation import endpoints
from kg.formats import RDF, RESULTS, offers
from kg.metrics import Kill, Metrics
from kg.protocol import Query
from kg.settings import Settings

if TYPE_CHECKING:
    from kg.relay import Relay

__all__ = ["EmbeddedEngine", "Source"]

log = logging.getLogger(__name__)

KILLS: Mapping[type[RequestError], Kill] = {
    Overloaded: "overload",
    QueryMemoryExceeded: "memory",
    QueryTimeout: "timeout",
    Stopping: "stop",
}
ATTEMPTS = 3  # workers that are given a query as long as none takes it
MARGIN = 1.0  # seconds that the kernel grants a query beyond what the front does


@dataclass(frozen=True)
class Source:
    """The data to evaluate on: the store on disk, and its N-Quads, to be held in memory, if any.

    ``overlaps`` tells that some triple stands in several graphs, ``union_stored`` that the default
    graph of the store on disk is the union of all: pyoxigraph's own union would count that triple
    several times.
    """

    store: Path
    dump: Path | None
    overlaps: bool = False
    union_stored: bool = False


@dataclass
class _Evaluation:
    """A query under evaluation: its turn, its worker, and what is known of the answer."""

    turn: Turn
    worker: Worker
    course: Course = field(default_factory=Course)
    death: RequestError | None = None
    ticket: ExitStack = field(default_factory=ExitStack)

    @property
    def reason(self) -> Kill:
        """Why the worker cannot be kept."""
        if cause := self.turn.error or self.death:
            return KILLS.get(type(cause), "crash")
        return "spent" if self.worker.is_idle else "cancelled"


class EmbeddedEngine:
    """Answers queries on one dataset with ``settings.query_workers`` processes at the same time.

    Engines that name the same folder for their sockets share one copy of the data.
    """

    def __init__(
        self,
        settings: Settings,
        source: Source,
        metrics: Metrics | None = None,
        folder: Path | None = None,
    ) -> None:
        self._settings = settings
        self._metrics = metrics or Metrics()
        self.schedule = Schedule(
            slots=settings.query_workers,
            queue=settings.queue_size,
            patience=settings.queue_timeout,
            standing=settings.standing_queries,
            timeout=settings.query_timeout,
        )
        self._server = ForkServer(self._limits(source), folder)
        self._relay = _relay(settings)
        self._running = False
        self._idle: list[Worker] = []
        self._refilling = asyncio.Lock()
        self._errands: set[asyncio.Future[object]] = set()

    def _limits(self, source: Source) -> Limits:
        settings = self._settings
        union = settings.default_graph == "union"
        copied = source.overlaps and union if source.dump else source.union_stored
        view: View = "own" if copied == union else "union" if union else "empty"
        return Limits(
            store=str(source.store),
            dump=str(source.dump) if source.dump else None,
            copy=bool(source.dump) and copied,
            view=view,
            lifetime=settings.query_timeout + self.schedule.longest_standing + MARGIN,
            memory=settings.query_memory,
        )

    @property
    def idle(self) -> int:
        """How many workers have nothing to do."""
        return len(self._idle)

    async def __aenter__(self) -> Self:
        self._running = True
        try:
            await self._start()
        except BaseException:
            await self.__aexit__()
            raise
        return self

    async def _start(self) -> None:
        if self._relay:
            await self._relay.__aenter__()
        for _ in range(self._settings.query_workers):
            self._idle.append(await self._fork())

    async def __aexit__(self, *error: object) -> None:
        self._running = False
        self.wind_down(at_once=True)
        while self._idle:
            self._bury(self._idle.pop(), "stop")
        while self._errands:
            await asyncio.gather(*self._errands, return_exceptions=True)
        await self._server.close()
        if self._relay:
            await self._relay.__aexit__(*error)

    def wind_down(self, *, at_once: bool) -> None:
        """Refuse what waits and all to come, and with ``at_once`` also what runs."""
        self.schedule.close()
        if at_once:
            self.schedule.stop_all(Stopping())

    async def query(self, query: Query, client: str = "") -> Answer:
        """Return the answer once it is complete or has outgrown the reply buffer.

        Raises ``QuerySyntaxError``, ``QueryTooComplex``, ``ServiceRefused``, ``NotAcceptable``,
        ``BadRequest`` (evaluation refused), ``Overloaded``, ``QueryTimeout``,
        ``QueryMemoryExceeded``, ``Stopping`` or ``EngineFailed``.
        """
        turn = await self.schedule.begin(client)
        federates = self._relay is not None and _may_federate(query.text)
        try:
            for _ in range(ATTEMPTS):
                worker = await self._take(explains=query.explain, federates=federates)
                try:
                    return await self._evaluate(_Evaluation(turn, worker), query, federates)
                except ConnectionError:  # it was struck by something else: another will do
                    self._bury(worker, "crash")
            raise EngineFailed("No process lives long enough to take the query; see the log.")
        except BaseException:
            self.schedule.end(turn)
            raise

    async def _evaluate(self, evaluation: _Evaluation, query: Query, federates: bool) -> Answer:
        turn, worker = evaluation.turn, evaluation.worker
        targets = None
        if self._relay and federates:
            targets = evaluation.ticket.enter_context(self._relay.ticket())
        try:
            turn.process = worker
            if turn.error:
                raise turn.error
            worker.ask(_request(query, targets, self._settings.query_timeout / 2))
            return await self._answer(evaluation, query)
        except ConnectionError:
            turn.process = None
            evaluation.ticket.close()
            raise
        except BaseException:
            self._release(evaluation)
            raise

    async def _take(self, *, explains: bool, federates: bool) -> Worker:
        if explains or federates:
            if explains:
                await self._server.learn()
            worker = await self._fork(federate=federates)
            worker.is_spent = True  # after this one query
            return worker
        while self._idle:
            worker = self._idle.pop()
            if not worker.is_gone:
                return worker
            self._bury(worker, "crash")
            self._send(self._refill())
        return await self._fork()

    async def _fork(self, *, federate: bool = False) -> Worker:
        self._metrics.forked()
        return await self._server.fork(federate=federate)

    async def _answer(self, evaluation: _Evaluation, query: Query) -> Answer:
        _, payload = await self._receive(evaluation)
        about = json.loads(payload)
        media_type = "application/json"
        if about["kind"] != "explanation":
            wanted = query.rdf if about["kind"] == "rdf" else query.results
            media_type = wanted.content_type if wanted else ""
        answer = Answer(
            media_type,
            encoding=about["encoding"],
            volatile=about["volatile"],
            course=evaluation.course,
        )
        head = bytearray()
        while len(head) <= self._settings.reply_buffer:
            tag, block = await self._receive(evaluation)
            if tag == b"E":
                self._release(evaluation)
                return replace(answer, content=bytes(head))
            head += block

        async def release() -> None:
            self._release(evaluation)

        return replace(answer, stream=self._stream(evaluation, bytes(head)), release=release)

    async def _stream(self, evaluation: _Evaluation, head: bytes) -> AsyncIterator[bytes]:
        yield head
        while True:
            tag, block = await self._receive(evaluation)
            if tag == b"E":
                self._release(evaluation)
                return
            yield block

    async def _receive(self, evaluation: _Evaluation) -> tuple[bytes, bytes]:
        worker = evaluation.worker
        try:
            tag, payload = await worker.receive()
        except EOFError:
            evaluation.death = await self._cause_of_death(evaluation)
            raise evaluation.death from None
        if tag == b"X":
            worker.is_idle = True
            raise self._error(json.loads(payload))
        if tag == b"E":
            worker.is_idle = True
            facts = json.loads(payload)
            worker.is_spent |= facts["spent"]
            evaluation.course.rows = facts.get("rows")
            evaluation.course.boolean = facts.get("boolean")
        return tag, payload

    async def _cause_of_death(self, evaluation: _Evaluation) -> RequestError:
        if evaluation.turn.error:
            return evaluation.turn.error
        status = await asyncio.shield(evaluation.worker.burial())
        killer = os.WTERMSIG(status) if status else 0
        if killer == signal.SIGALRM:
            return QueryTimeout(self._settings.query_timeout)
        if killer == signal.SIGSEGV:
            return QueryTooComplex()
        if killer in (signal.SIGABRT, signal.SIGKILL):
            return QueryMemoryExceeded(self._settings.query_memory)
        return EngineFailed("The process that evaluated the query has ended; see the log.")

    def _error(self, details: dict[str, Any]) -> RequestError:
        match details.pop("error"):
            case "service":
                return ServiceRefused(details["reason"])
            case "syntax":
                return QuerySyntaxError(**details)
            case "too complex":
                return QueryTooComplex()
            case "refused":
                return BadRequest(details["reason"])
            case "memory":
                return QueryMemoryExceeded(self._settings.query_memory)
            case "not acceptable":
                return NotAcceptable("", offers(RESULTS, RDF))
            case _:
                return EngineFailed(details["reason"])

    def _release(self, evaluation: _Evaluation) -> None:
        """End a turn, once; keep its worker or, if it owes part of a reply or is spent, bury it."""
        turn, worker = evaluation.turn, evaluation.worker
        if turn.process is None:
            return
        evaluation.ticket.close()
        self.schedule.end(turn)
        turn.process = None
        evaluation.course.waited, evaluation.course.ran = turn.waited, turn.ran
        useful = worker.is_idle and not (worker.is_gone or worker.is_spent)
        if useful and self._running and len(self._idle) < self._settings.query_workers:
            self._idle.append(worker)
        else:
            self._bury(worker, evaluation.reason)
            self._send(self._refill())

    def _bury(self, worker: Worker, reason: Kill) -> None:
        self._metrics.killed(reason)
        worker.kill()
        self._send(worker.burial())

    async def _refill(self) -> None:
        if self._refilling.locked():
            return
        async with self._refilling:
            while self._running and self._lacks_workers():
                try:
                    self._idle.append(await self._fork())
                except (OSError, EngineFailed):
                    log.exception("no worker could be started; trying again in a second")
                    await asyncio.sleep(1)

    def _lacks_workers(self) -> bool:
        return len(self._idle) + len(self.schedule.running) < self._settings.query_workers

    def _send(self, errand: Awaitable[object]) -> None:
        task = asyncio.ensure_future(errand)
        self._errands.add(task)
        task.add_done_callback(self._errands.discard)


def _request(query: Query, targets: Mapping[str, str] | None, seconds: float) -> dict[str, object]:
    return {
        "text": query.text,
        "results": query.results and query.results.name,
        "rdf": query.rdf and query.rdf.name,
        "default_graphs": query.default_graphs,
        "named_graphs": query.named_graphs,
        "base": query.base,
        "encoding": query.encoding,
        "explain": query.explain,
        "seconds": seconds,  # for an explanation
        "targets": targets,
    }


def _relay(settings: Settings) -> "Relay | None":
    allowed = endpoints(settings.service_allow)
    if not allowed:
        return None
    from kg.relay import Relay  # it takes long to import, and is wanted seldom

    return Relay(allowed)


def _may_federate(text: str) -> bool:
    lowered = text.lower()
    return "service" in lowered or "\\u" in lowered
