"""The deployment: the build that is served, and the next one as soon as there is one."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Self

from kg.build import CURRENT, Build
from kg.engine.base import Answer, Engine
from kg.engine.cache import CachedEngine
from kg.engine.embedded import EmbeddedEngine, Source
from kg.errors import KgError
from kg.metrics import Metrics
from kg.protocol import Query
from kg.settings import Settings

__all__ = ["Deployment", "embedded", "opened"]

log = logging.getLogger(__name__)

GLANCE = 1.0  # seconds between two looks whether there is a new build


@dataclass
class _Generation:
    """A build that is served, with its engine, and how many answers on it are under way."""

    build: Build
    engine: CachedEngine
    lease: AsyncExitStack = field(default_factory=AsyncExitStack)
    users: int = 0
    is_over: bool = False


class Deployment:
    """An engine on the newest build of a folder.

    Once a newer build can be asked, queries go there; what is under way on the old one is finished.
    A build that cannot be served changes nothing.
    """

    def __init__(
        self,
        build: Build,
        engine: Callable[[Build], Engine],
        cache: int = 0,
        folder: Path | None = None,
        metrics: Metrics | None = None,
    ) -> None:
        """Serve ``build`` by what ``engine`` makes for it, and those of ``folder`` that follow.

        ``cache`` is how many bytes of answers are kept.
        """
        self._make, self._cache, self._folder = engine, cache, folder
        self._metrics = metrics or Metrics()
        self._current = self._generation(build)
        self._endings: set[asyncio.Task[None]] = set()

    @property
    def build(self) -> Build:
        """The build that is served."""
        return self._current.build

    @property
    def engine(self) -> CachedEngine:
        """The engine of the build that is served."""
        return self._current.engine

    async def __aenter__(self) -> Self:
        await self._open(self._current)
        self._watch = asyncio.create_task(self._follow(self._folder)) if self._folder else None
        return self

    async def __aexit__(self, *error: object) -> None:
        if self._watch:
            self._watch.cancel()
            await asyncio.wait((self._watch,))
        await self._current.lease.aclose()
        while self._endings:
            await asyncio.wait(self._endings)

    async def query(self, query: Query, client: str = "") -> Answer:
        """Return the answer of the newest build; raises what its engine raises."""
        generation = self._current
        generation.users += 1
        try:
            answer = await generation.engine.query(query, client)
        except BaseException:
            self._leave(generation)
            raise
        if answer.content is not None:
            self._leave(generation)
            return answer

        async def release() -> None:
            try:
                await answer.release()
            finally:
                self._leave(generation)

        return replace(answer, release=release)

    @contextmanager
    def held(self) -> Iterator[tuple[Build, Engine]]:
        """Keep the build that is served open, with its engine, whichever is served next."""
        generation = self._current
        generation.users += 1
        try:
            yield generation.build, generation.engine
        finally:
            self._leave(generation)

    def wind_down(self, *, at_once: bool) -> None:
        """Have the engine refuse what it is not done with."""
        self.engine.wind_down(at_once=at_once)

    def _leave(self, generation: _Generation) -> None:
        generation.users -= 1
        self._end_if_unused(generation)

    def _end_if_unused(self, generation: _Generation) -> None:
        if generation.is_over and not generation.users:
            task = asyncio.create_task(generation.lease.aclose())
            self._endings.add(task)
            task.add_done_callback(self._endings.discard)

    def _generation(self, build: Build) -> _Generation:
        return _Generation(build, CachedEngine(self._make(build), build.version, self._cache))

    async def _open(self, generation: _Generation) -> None:
        await generation.lease.enter_async_context(opened(generation.build, generation.engine))
        self._metrics.serving(generation.build.version)

    async def _follow(self, folder: Path) -> None:
        seen: Path | None = self.build.path
        while True:
            await asyncio.sleep(GLANCE)
            newest = _newest(folder)
            if newest and newest not in (seen, self.build.path):
                try:
                    await self._take_up(newest)
                except (KgError, OSError) as error:
                    log.error("a new build cannot be served, the last one is: %s", error)
                except Exception:
                    log.exception("a new build cannot be served, the last one is")
            seen = newest

    async def _take_up(self, path: Path) -> None:
        generation = self._generation(Build.open(path))
        await self._open(generation)
        old, self._current = self._current, generation
        log.info("serving build %s", generation.build.version)
        old.is_over = True
        self._end_if_unused(old)


@asynccontextmanager
async def opened(build: Build, engine: Engine) -> AsyncIterator[None]:
    """Open an engine on a build, which is not pruned meanwhile."""
    with build.held():
        async with engine:
            yield


def _newest(folder: Path) -> Path | None:
    try:
        return folder / (folder / CURRENT).readlink()
    except OSError:
        return None


def embedded(
    settings: Settings, build: Build, metrics: Metrics | None = None, place: Path | None = None
) -> EmbeddedEngine:
    """Return the embedded engine on a build, in memory if it is small enough.

    ``place`` is the folder in which several processes find what they share.
    """
    in_memory = build.triples <= settings.memory_triples
    source = Source(
        build.store,
        build.nquads if in_memory else None,
        overlaps=build.quads > build.triples,
        union_stored=build.union_stored,
    )
    return EmbeddedEngine(settings, source, metrics, place)
