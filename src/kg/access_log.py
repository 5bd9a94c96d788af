"""The log of the service: one JSON line a request, faults as readable lines, and no request waits.

A line tells what became of a request, not who asked or what: no address of a client, no text of a
query. Log files that stall (a full pipe, a slow disk) cost lines, which are counted, and no time.
"""

import json
import logging
import os
import select
import sys
import threading
from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256
from json.encoder import encode_basestring_ascii as _json
from typing import Literal, Self

__all__ = ["Log", "Observation", "Outcome", "Writer", "configure", "digest", "write"]

Outcome = Literal[
    "answered",
    "hit",
    "not modified",
    "page",
    "syntax",
    "too complex",
    "refused",
    "not acceptable",
    "service",
    "timeout",
    "memory",
    "overloaded",
    "cancelled",
    "broken",
    "failed",
]

LINES = 10_000  # that may wait for their file before more are dropped
GATHER = 0.05  # seconds during which requests are gathered into one write
PATIENCE = 1.0  # seconds that a stalled file has at the end
DIGITS = 16

log = logging.getLogger("kg.access")


@dataclass(frozen=True, slots=True)
class Observation:
    """What became of one request.

    ``path`` is one of a bounded set of names, such as ``/sparql`` or ``other``; ``query`` is the
    ``digest`` of the query, ``waited`` how many of the ``seconds`` it stood in the queue; ``rows``
    is ``None`` where nobody counted them.
    """

    method: str
    path: str
    status: int
    outcome: Outcome
    query: str = ""
    seconds: float = 0.0
    waited: float = 0.0
    rows: int | None = None
    bytes: int = 0


def digest(text: str) -> str:
    """Return the name that a query has in the log: the first hexadecimal digits of its SHA-256.

    >>> digest("ASK {}")
    '819ea91ed5f12b38'
    """
    return sha256(text.encode(errors="surrogatepass")).hexdigest()[:DIGITS]


def write(observation: Observation) -> None:
    """Log a request, in microseconds."""
    if log.isEnabledFor(logging.INFO):
        # Not log.info(), which walks the stack for the name of its caller.
        log.handle(logging.LogRecord(log.name, logging.INFO, "", 0, observation, (), None))


def configure(access_log: Literal["json", "off"]) -> "Log":
    """Set the logging of the whole process up: requests to standard output, the rest to error.

    ``uvicorn`` is to be run with ``log_config=None``. Closing what is returned writes what waits.
    """
    requests = Writer(sys.stdout.fileno(), _Json(), GATHER)
    faults = Writer(sys.stderr.fileno(), _Readable(), 0)
    logging.basicConfig(level=logging.WARNING, handlers=[faults], force=True)
    for name in ("kg", "uvicorn"):
        logging.getLogger(name).setLevel(logging.INFO)
    log.handlers = [requests]
    log.propagate = False
    log.disabled = access_log == "off"
    # No line tells them, and to ask for them costs a third of a record.
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    logging.getLogger("uvicorn.access").disabled = True
    # That an answer was broken off has been said, with the reason.
    logging.getLogger("uvicorn.error").addFilter(
        lambda record: "without completing response" not in record.getMessage()
    )
    return Log(requests, faults)


class Writer(logging.Handler):
    """Writes lines to a file descriptor from a thread of its own; drops and counts what piles up.

    ``gather`` is for how many seconds it lets lines come together before it writes them.
    """

    def __init__(self, descriptor: int, formatter: logging.Formatter, gather: float) -> None:
        super().__init__()
        self.setFormatter(formatter)
        self._refused = self._unwritten = 0
        self._descriptor, self._gather = descriptor, gather
        self._lines: deque[str] = deque()
        self._wanted, self._closing = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="log", daemon=True)
        self._thread.start()

    @property
    def dropped(self) -> int:
        """How many lines were lost."""
        return self._refused + self._unwritten

    def emit(self, record: logging.LogRecord) -> None:
        """Take a line in, or drop it."""
        if len(self._lines) >= LINES:
            self._refused += 1
            return
        self._lines.append(self.format(record))
        if not self._wanted.is_set():
            self._wanted.set()

    def close(self) -> None:
        """Write what waits, as far as the file takes it soon."""
        self._closing.set()
        self._wanted.set()
        self._thread.join(PATIENCE)
        super().close()

    def _run(self) -> None:
        told, is_last = 0, False
        while not is_last:
            self._wanted.wait()
            self._closing.wait(self._gather)
            # In this order, so that neither a line nor the end is overlooked.
            self._wanted.clear()
            is_last = self._closing.is_set()
            lines = [self._lines.popleft() for _ in range(len(self._lines))]
            if (dropped := self.dropped) > told:
                lines.append(self._loss(dropped - told))
                told = dropped
            self._write("".join(f"{line}\n" for line in lines).encode(errors="backslashreplace"))

    def _loss(self, lines: int) -> str:
        said = f"{lines} lines were dropped: the log was not written fast enough"
        return self.format(logging.LogRecord(__name__, logging.WARNING, "", 0, said, (), None))

    def _write(self, block: bytes) -> None:
        rest = memoryview(block)
        while rest:
            try:
                rest = rest[os.write(self._descriptor, rest) :]
            except BlockingIOError:  # a descriptor that somebody else made non-blocking
                select.select([], [self._descriptor], [])
            except OSError:  # a full disk, a reader that left
                self._unwritten += bytes(rest).count(b"\n")
                return


@dataclass(frozen=True)
class Log:
    """The log of a process: the writers of its two files."""

    requests: Writer
    faults: Writer

    @property
    def dropped(self) -> int:
        """How many lines were lost."""
        return self.requests.dropped + self.faults.dropped

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.requests.close()
        self.faults.close()


class _Json(logging.Formatter):
    """A record as one line of JSON, in ASCII; put together by hand, as it runs on every request."""

    def format(self, record: logging.LogRecord) -> str:
        seen = record.msg
        if not isinstance(seen, Observation):
            return json.dumps({"time": _time(record), "message": record.getMessage()})
        return (
            f'{{"time": "{_time(record)}", "method": {_json(seen.method)}, '
            f'"path": {_json(seen.path)}, "status": {seen.status}, '
            f'"outcome": {_json(seen.outcome)}, "query": {_json(seen.query)}, '
            f'"ms": {seen.seconds * 1000:.3f}, "waited_ms": {seen.waited * 1000:.3f}, '
            f'"rows": {"null" if seen.rows is None else seen.rows}, "bytes": {seen.bytes}}}'
        )


class _Readable(logging.Formatter):
    """A record as a line to read; what it quotes cannot pass for a line of its own."""

    def format(self, record: logging.LogRecord) -> str:
        first = f"{_time(record)} {record.levelname} {record.name}: {_quoted(record.getMessage())}"
        if not record.exc_info:
            return first
        trace = self.formatException(record.exc_info).splitlines()
        return "\n".join([first, *(f"  {_quoted(line)}" for line in trace)])


def _time(record: logging.LogRecord) -> str:
    second = int(record.created)
    return f"{_second(second)}.{int((record.created - second) * 1000):03}Z"


@lru_cache(maxsize=2)
def _second(second: int) -> str:
    return datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%dT%H:%M:%S")


def _quoted(text: str) -> str:
    return text if text.isprintable() else repr(text)[1:-1]
