"""Metrics: what the service counts and measures, for Prometheus.

With several front processes, ``PROMETHEUS_MULTIPROC_DIR`` names an empty folder before any of them
imports this module; each then answers ``/metrics`` for all.

https://prometheus.io/docs/instrumenting/exposition_formats/
"""

import asyncio
import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal, get_args

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead
from prometheus_client.values import MutexValue, ValueClass

from kg.access_log import Observation, Outcome

__all__ = ["Kill", "Metrics", "State", "forget"]

Kill = Literal["timeout", "memory", "crash", "cancelled", "overload", "spent", "stop"]

FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"
METHODS: Final = frozenset({"GET", "HEAD", "POST", "OPTIONS"})
WITHOUT_EVALUATION: Final = frozenset({"hit", "not modified"})
SECONDS: Final = (
    *(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5),
    *(1.0, 2.5, 5.0, 10.0, 30.0, 60.0),
)


@dataclass(frozen=True, slots=True)
class State:
    """How a front process stands at a moment; ``dropped_lines`` is since it started."""

    running: int = 0
    idle: int = 0
    parked: int = 0
    queued: int = 0
    connections: int = 0
    cache_entries: int = 0
    cache_bytes: int = 0
    dropped_lines: int = 0


class Metrics:
    """The metrics of one front process, and of its siblings where there are any."""

    def __init__(self, source: Callable[[], State] = State) -> None:
        """Ask ``source`` for the state when it is to be shown."""
        disable_created_metrics()  # type: ignore[no-untyped-call]
        self._source = source
        self._registry = registry = CollectorRegistry()
        self._requests = Counter(
            "samenhang_requests",
            "HTTP requests, by route, method and status.",
            ("path", "method", "status"),
            registry=registry,
        )
        self._request: dict[tuple[str, str, int], Counter] = {}
        queries = Counter(
            "samenhang_queries", "Queries, by what became of them.", ("outcome",), registry=registry
        )
        self._queries = {
            outcome: queries.labels(outcome) for outcome in get_args(Outcome) if outcome != "page"
        }
        seconds = Histogram(
            "samenhang_query_duration_seconds",
            "Time from a query's arrival to the end of its answer, the wait included.",
            ("cache",),
            buckets=SECONDS,
            registry=registry,
        )
        self._hits, self._misses = seconds.labels("hit"), seconds.labels("miss")
        self._waits = Histogram(
            "samenhang_query_wait_seconds",
            "Time that a query waited for a worker, of those not answered from the cache.",
            buckets=SECONDS,
            registry=registry,
        )
        self._rows = Counter("samenhang_answer_rows", "Rows in answers sent.", registry=registry)
        self._bytes = Counter(
            "samenhang_answer_bytes", "Bytes of the bodies of all answers sent.", registry=registry
        )
        lookups = Counter(
            "samenhang_cache_lookups",
            "Queries looked for in the cache of answers.",
            ("result",),
            registry=registry,
        )
        self._lookups = {hit: lookups.labels("hit" if hit else "miss") for hit in (True, False)}
        kills = Counter(
            "samenhang_kills", "Workers that were killed or died.", ("reason",), registry=registry
        )
        self._kills = {reason: kills.labels(reason) for reason in get_args(Kill)}
        self._forks = Counter("samenhang_forks", "Workers that were started.", registry=registry)
        self._pickups = Counter(
            "samenhang_build_pickups", "Times that a new build was taken up.", registry=registry
        )
        self._dataset = Gauge(
            "samenhang_dataset_info",
            "Version of the dataset: 1 for the one that is served.",
            ("version",),
            multiprocess_mode="livemax",
            registry=registry,
        )
        self._version = ""
        self._state = _Gauges(registry)
        self._lost = Counter(
            "samenhang_log_lines_dropped", "Log lines that could not be written.", registry=registry
        )
        self._lost_before = 0
        ProcessCollector(registry=registry)

    def observe(self, observation: Observation) -> None:
        """Count a request, in microseconds."""
        method = observation.method if observation.method in METHODS else "other"
        key = (observation.path, method, observation.status)
        if (request := self._request.get(key)) is None:
            request = self._request[key] = self._requests.labels(*key)
        request.inc()
        self._bytes.inc(observation.bytes)
        if observation.outcome == "page":
            return
        self._queries[observation.outcome].inc()
        if observation.rows:
            self._rows.inc(observation.rows)
        if observation.outcome in WITHOUT_EVALUATION:
            self._hits.observe(observation.seconds)
        else:
            self._misses.observe(observation.seconds)
            self._waits.observe(observation.waited)

    def looked_up(self, *, hit: bool) -> None:
        """Count a query that was looked for in the cache."""
        self._lookups[hit].inc()

    def killed(self, reason: Kill) -> None:
        """Count a worker that came to its end."""
        self._kills[reason].inc()

    def forked(self) -> None:
        """Count a worker that was started."""
        self._forks.inc()

    def serving(self, version: str) -> None:
        """Tell which version of the dataset is served; another than the first is a pick-up."""
        if self._version == version:
            return
        if self._version:
            self._dataset.labels(self._version).set(0)
            self._pickups.inc()
        self._version = version
        self._dataset.labels(version).set(1)

    def sample(self) -> None:
        """Take the state down, for this process or a sibling to show."""
        state = self._source()
        self._state.show(state)
        self._lost.inc(state.dropped_lines - self._lost_before)
        self._lost_before = state.dropped_lines

    async def keep_sampling(self, every: float = 1.0) -> None:
        """Take the state down every so many seconds, until cancelled; needed beside siblings."""
        while True:
            self.sample()
            await asyncio.sleep(every)

    def render(self) -> tuple[bytes, str]:
        """Return body and media type of the answer to a scrape, in some milliseconds."""
        self.sample()
        registry = self._registry
        if _has_siblings():
            registry = CollectorRegistry()
            MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return generate_latest(registry), CONTENT_TYPE_PLAIN_0_0_4


def forget(pid: int) -> None:
    """Leave the state of a front process that has ended out of what its siblings show.

    For the process that started them, which need not have been told of the folder when it began.
    """
    if FOLDER in os.environ:
        mark_process_dead(pid)  # type: ignore[no-untyped-call]


def _has_siblings() -> bool:
    return ValueClass is not MutexValue  # chosen when the library was imported


class _Gauges:
    """The gauges that a state is shown on."""

    def __init__(self, registry: CollectorRegistry) -> None:
        def gauge(name: str, meaning: str, *labels: str) -> Gauge:
            return Gauge(name, meaning, labels, multiprocess_mode="livesum", registry=registry)

        workers = gauge("samenhang_workers", "Workers, by what they do.", "state")
        self._running = workers.labels("running")
        self._idle = workers.labels("idle")
        self._parked = workers.labels("parked")
        self._queued = gauge("samenhang_queue_length", "Queries that wait for a worker.")
        self._connections = gauge("samenhang_connections", "Connections of clients.")
        self._entries = gauge("samenhang_cache_entries", "Answers in the cache.")
        self._bytes = gauge("samenhang_cache_bytes", "Bytes of the answers in the cache.")

    def show(self, state: State) -> None:
        self._running.set(state.running)
        self._idle.set(state.idle)
        self._parked.set(state.parked)
        self._queued.set(state.queued)
        self._connections.set(state.connections)
        self._entries.set(state.cache_entries)
        self._bytes.set(state.cache_bytes)
