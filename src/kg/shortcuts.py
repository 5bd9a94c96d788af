"""Shortcuts: requests that came before, to the letter, and what was answered, ready to be sent."""

from collections import OrderedDict
from dataclasses import dataclass
from http import HTTPStatus

from kg.access_log import Observation
from kg.deployment import Deployment
from kg.engine.cache import CachedEngine

__all__ = ["Shortcut", "Shortcuts"]

Fields = list[tuple[bytes, bytes]]
Key = tuple[bytes, tuple[tuple[bytes, bytes], ...]]

MOST = 4096  # shortcuts
LONGEST = 16 * 1024  # bytes of a request and its answer; what is longer gains nothing


@dataclass(frozen=True, slots=True)
class Shortcut:
    """An answer as bytes but for its status line and date, and what the log says of it."""

    rest: bytes
    seen: Observation

    def observation(self, seconds: float) -> Observation:
        """Return what the log says when it is sent."""
        seen = self.seen
        return Observation(
            seen.method,
            seen.path,
            seen.status,
            seen.outcome,
            seen.query,
            seconds,
            0.0,
            seen.rows,
            seen.bytes,
        )

    def message(self, date: bytes) -> bytes:
        """Return the whole answer."""
        return b"%s%s\r\n%s" % (_START[self.seen.status], date, self.rest)


class Shortcuts:
    """The newest answers to requests by GET, as long as the same build is served."""

    def __init__(self, deployment: Deployment) -> None:
        self._deployment = deployment
        self._engine: CachedEngine | None = None
        self._known: OrderedDict[Key, Shortcut] = OrderedDict()

    def find(self, target: bytes, fields: Fields) -> Shortcut | None:
        """Return what was answered to this very request."""
        if self._engine is not self._deployment.engine:
            self._known.clear()
            self._engine = None
            return None
        return self._known.get((target, tuple(fields)))

    def keep(self, engine: CachedEngine, target: bytes, fields: Fields, shortcut: Shortcut) -> None:
        """Remember what an engine answered to a request, if it is short."""
        size = len(target) + sum(len(name) + len(value) for name, value in fields)
        if size + len(shortcut.rest) > LONGEST:
            return
        if self._engine is not engine:
            self._known.clear()
            self._engine = engine
        self._known[target, tuple(fields)] = shortcut
        if len(self._known) > MOST:
            self._known.popitem(last=False)


_START = {
    status: b"HTTP/1.1 %d %s\r\ndate: " % (status, HTTPStatus(status).phrase.encode())
    for status in (200, 304)
}
