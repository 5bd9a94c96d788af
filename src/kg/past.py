"""The past: queries asked of a version of the dataset that is kept, but no longer served.

Versions as DCAT 3 knows them (https://www.w3.org/TR/vocab-dcat-3/#dataset-versions).
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field

from kg import releases
from kg.build import Build
from kg.deployment import Deployment, embedded, opened
from kg.engine.base import Engine
from kg.errors import Overloaded, Stopping
from kg.metrics import Metrics
from kg.settings import Settings

__all__ = ["Past"]

IDLE = 60.0  # seconds after which a build that nobody asks is closed
MOST_WAITING = 16  # requests that wait for another build
MOST_OF_ONE = 4  # of these from one client


@dataclass
class _Opened:
    """A build that can be asked, with its engine, and how many do ask it."""

    build: Build
    engine: Engine
    lease: AsyncExitStack = field(default_factory=AsyncExitStack)
    users: int = 0
    unused: asyncio.Event = field(default_factory=asyncio.Event)
    ending: asyncio.TimerHandle | None = None


class Past:
    """Engines on the builds that are kept beside the one that is served.

    One of them is open at a time, by one worker; who asks another waits until nobody asks the
    first. What is open is not pruned.
    """

    def __init__(
        self, settings: Settings, deployment: Deployment, metrics: Metrics | None = None
    ) -> None:
        self._settings = settings.model_copy(update={"query_workers": 1, "service_allow": ""})
        self._deployment, self._metrics = deployment, metrics
        self._opened: _Opened | None = None
        self._changing = asyncio.Lock()
        self._waiting: Counter[str] = Counter()
        self._endings: set[asyncio.Task[None]] = set()
        self._is_over = False

    @asynccontextmanager
    async def engine(self, version: str, client: str = "") -> AsyncIterator[Engine]:
        """Give an engine on the build of a version; what it answers is to be read meanwhile.

        ``client`` is who asks. Raises ``ResourceGone`` if the version is no longer kept,
        ``ResourceNotFound`` if it never was, and ``Overloaded``, ``Stopping`` or ``EngineFailed``
        if it cannot be opened.
        """
        with self._deployment.held() as (served, engine):
            if version == served.version:
                yield engine
                return
            build = await asyncio.to_thread(releases.require, served, version)
        one = await self._enter(build, client)
        try:
            yield one.engine
        finally:
            self._leave(one)

    async def close(self) -> None:
        """Close what is open, and open nothing any more."""
        self._is_over = True
        if self._opened:
            self._opened.engine.wind_down(at_once=True)
        async with self._changing:
            if self._opened:
                self._end(self._opened)
            await self._ended()

    async def _enter(self, build: Build, client: str) -> _Opened:
        with self._place(client):
            try:
                async with asyncio.timeout(self._settings.queue_timeout) as wait, self._changing:
                    await self._clear(build)
                    wait.reschedule(None)  # what is large takes its time to open
                    one = await self._on(build)
            except TimeoutError:
                raise Overloaded(1) from None
            one.users += 1
            one.unused.clear()
            if one.ending:
                one.ending.cancel()
            return one

    @contextmanager
    def _place(self, client: str) -> Iterator[None]:
        """Let some requests wait, and few of each client."""
        if self._waiting.total() >= MOST_WAITING or self._waiting[client] >= MOST_OF_ONE:
            raise Overloaded(1)
        self._waiting[client] += 1
        try:
            yield
        finally:
            self._waiting -= Counter([client])  # which drops those that wait no more

    async def _clear(self, build: Build) -> None:
        """Make room for a build, once nobody asks another."""
        other = self._opened
        if other and other.build.path != build.path:
            await other.unused.wait()
            self._end(other)
        await self._ended()

    async def _on(self, build: Build) -> _Opened:
        """Return a build that can be asked."""
        if self._is_over:
            raise Stopping
        if not self._opened:
            self._opened = await self._open(build)
        return self._opened

    async def _open(self, build: Build) -> _Opened:
        one = _Opened(build, embedded(self._settings, build, self._metrics))
        try:
            await one.lease.enter_async_context(opened(build, one.engine))
        except FileNotFoundError:  # it was pruned since it was found
            releases.require(self._deployment.build, build.version)
            raise
        return one

    def _leave(self, one: _Opened) -> None:
        one.users -= 1
        if not one.users:
            one.unused.set()
            one.ending = asyncio.get_running_loop().call_later(IDLE, self._end, one)

    def _end(self, one: _Opened) -> None:
        """Begin to close a build, unless that was done."""
        if self._opened is one:
            self._opened = None
            task = asyncio.create_task(one.lease.aclose())
            self._endings.add(task)
            task.add_done_callback(self._endings.discard)

    async def _ended(self) -> None:
        while self._endings:
            await asyncio.wait(self._endings)
