"""The past is asked by version, one build at a time, and who asks keeps nobody else from it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest

from kg import past, releases
from kg.build import Build
from kg.deployment import Deployment, embedded
from kg.engine.base import Engine, select
from kg.engine.embedded import EmbeddedEngine
from kg.errors import EngineFailed, Overloaded, ResourceGone, ResourceNotFound, Stopping
from kg.past import Past
from kg.settings import Settings
from publishing import small

pytestmark = pytest.mark.anyio

OLDEST, OLDER, NOW = "aaaaaaaaaaaa", "bbbbbbbbbbbb", "cccccccccccc"
NAME = "SELECT ?name { <https://example.org/thing> <https://example.org/name> ?name }"
ENDLESS = (
    "SELECT * { ?a ?b ?c "
    + "".join(f"{{ VALUES ?v{n} {{ 1 2 3 4 5 6 7 8 9 }} }}" for n in range(12))
    + " }"
)


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def builds(tmp_path: Path) -> Path:
    """A folder of three builds."""
    for version in (OLDEST, OLDER, NOW):
        small(tmp_path, version)
    return tmp_path


@asynccontextmanager
async def looking_back(folder: Path, **others: object) -> AsyncIterator[Past]:
    settings = Settings(build=folder, query_workers=1, **others)
    served = Deployment(Build.open(folder / NOW), lambda one: embedded(settings, one))
    async with served:
        asked = Past(settings, served)
        try:
            yield asked
        finally:
            await asked.close()


async def name(engine: Engine) -> str:
    """Return what the thing is called, which is the version of the build."""
    (row,) = await select(engine, NAME)
    return row["name"].value


async def ask(asked: Past, version: str, client: str = "") -> str:
    async with asked.engine(version, client) as engine:
        return await name(engine)


class Counted(EmbeddedEngine):
    """Counts how many are open, and fails if it is told to."""

    open, most, broken = 0, 0, False

    async def __aenter__(self) -> "Counted":
        if Counted.broken:
            raise EngineFailed("it cannot be opened")
        Counted.open += 1
        Counted.most = max(Counted.open, Counted.most)
        return await super().__aenter__()

    async def __aexit__(self, *error: object) -> None:
        await super().__aexit__(*error)
        Counted.open -= 1


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> type[Counted]:
    monkeypatch.setattr("kg.deployment.EmbeddedEngine", Counted)
    Counted.open = Counted.most = 0
    Counted.broken = False
    return Counted


async def until(condition: object) -> None:
    for _ in range(500):
        if condition():  # type: ignore[operator]
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it does not come about")


async def test_each_version_answers_for_itself(builds: Path) -> None:
    async with looking_back(builds) as asked:
        for version in (OLDEST, NOW, OLDER, OLDEST):
            assert await ask(asked, version) == version


async def test_the_version_that_is_served_opens_nothing(
    builds: Path, counted: type[Counted]
) -> None:
    async with looking_back(builds) as asked:
        assert await ask(asked, NOW) == NOW
        assert counted.open == 1


async def test_a_version_goes_on_to_answer_when_another_is_served(
    builds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kg.deployment.GLANCE", 0.01)
    settings = Settings(build=builds, query_workers=1)
    served = Deployment(
        Build.open(builds / NOW), lambda one: embedded(settings, one), folder=builds
    )
    async with served:
        asked = Past(settings, served)
        async with asked.engine(NOW) as engine:
            small(builds, "dddddddddddd")
            await until(lambda: served.build.version == "dddddddddddd")
            assert await name(engine) == NOW
        assert await ask(asked, NOW) == NOW
        assert await ask(asked, "dddddddddddd") == "dddddddddddd"
        await asked.close()


async def test_a_version_that_was_pruned_is_gone_and_one_that_never_was_is_unknown(
    builds: Path,
) -> None:
    small(builds, NOW, keep=1)
    async with looking_back(builds) as asked:
        with pytest.raises(ResourceGone):
            await ask(asked, OLDER)
        for version in ("dddddddddddd", "current", "queries", "../x", ""):
            with pytest.raises(ResourceNotFound):
                await ask(asked, version)


async def test_a_version_that_is_pruned_while_it_is_looked_for_is_gone(
    builds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    require = releases.require

    def pruning(served: Build, version: str) -> Build:
        found = require(served, version)
        small(builds, NOW, keep=1)
        return found

    async with looking_back(builds) as asked:
        monkeypatch.setattr("kg.releases.require", pruning)
        with pytest.raises(ResourceGone):
            await ask(asked, OLDER)


async def test_what_is_open_is_not_pruned_and_what_was_closed_is(
    builds: Path, monkeypatch: pytest.MonkeyPatch, counted: type[Counted]
) -> None:
    monkeypatch.setattr(past, "IDLE", 0.1)
    async with looking_back(builds) as asked:
        async with asked.engine(OLDEST) as engine:
            small(builds, NOW, keep=1)
            assert (builds / OLDEST).is_dir()
            assert not (builds / OLDER).exists()
            assert await name(engine) == OLDEST
        await until(lambda: counted.open == 1)
        small(builds, NOW, keep=1)
        assert not (builds / OLDEST).exists()


async def test_a_build_that_is_asked_again_in_time_stays_open(
    builds: Path, monkeypatch: pytest.MonkeyPatch, counted: type[Counted]
) -> None:
    monkeypatch.setattr(past, "IDLE", 0.3)
    async with looking_back(builds) as asked:
        for _ in range(6):
            assert await ask(asked, OLDER) == OLDER
            await asyncio.sleep(0.1)
            assert counted.open == 2
        await until(lambda: counted.open == 1)
        assert await ask(asked, OLDER) == OLDER


async def test_two_versions_asked_alternately_are_open_one_at_a_time(
    builds: Path, counted: type[Counted]
) -> None:
    async with looking_back(builds) as asked:
        versions = [OLDEST, OLDER, NOW] * 4
        answers = await asyncio.gather(
            *(ask(asked, version, f"client {n}") for n, version in enumerate(versions))
        )
        assert answers == versions
    assert counted.most == 2, "the one that is served, and one of the others"
    assert counted.open == 0


async def test_who_asks_another_version_too_long_in_vain_is_told_to_come_back(
    builds: Path,
) -> None:
    async with looking_back(builds, queue_timeout=0.2) as asked:
        async with asked.engine(OLDEST) as engine:
            with pytest.raises(Overloaded):
                await ask(asked, OLDER)
            assert await name(engine) == OLDEST
        assert await ask(asked, OLDER) == OLDER


async def test_only_some_requests_wait_and_few_of_one_client(
    builds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(past, "MOST_WAITING", 3)
    monkeypatch.setattr(past, "MOST_OF_ONE", 2)
    async with looking_back(builds) as asked, AsyncExitStack() as first:
        await first.enter_async_context(asked.engine(OLDEST))
        waiting = [asyncio.create_task(ask(asked, OLDER, client)) for client in "aab"]
        await asyncio.sleep(0.1)
        for client in "ac":
            with pytest.raises(Overloaded):
                await ask(asked, OLDER, client)
        await first.aclose()
        assert await asyncio.gather(*waiting) == [OLDER] * 3
        assert await ask(asked, OLDEST, "a") == OLDEST


async def test_who_goes_away_keeps_nobody_waiting(builds: Path, counted: type[Counted]) -> None:
    async with looking_back(builds) as asked:
        for wait in (0, 0.001, 0.01, 0.05, 0.1, 0.2, 0.4):
            leaving = [asyncio.create_task(ask(asked, one)) for one in (OLDEST, OLDER)]
            await asyncio.sleep(wait)
            for task in leaving:
                task.cancel()
            await asyncio.gather(*leaving, return_exceptions=True)
        assert await ask(asked, OLDEST) == OLDEST
        assert await ask(asked, OLDER) == OLDER
    assert (counted.open, counted.most) == (0, 2)


async def test_a_build_that_cannot_be_opened_leaves_the_others(
    builds: Path, counted: type[Counted]
) -> None:
    async with looking_back(builds) as asked:
        assert await ask(asked, OLDEST) == OLDEST
        counted.broken = True
        with pytest.raises(EngineFailed):
            await ask(asked, OLDER)
        counted.broken = False
        assert await ask(asked, OLDER) == OLDER
        small(builds, NOW, keep=1)
        assert not (builds / OLDEST).exists(), "it is held no more"


async def test_closing_ends_what_is_asked_and_opens_nothing_more(
    builds: Path, counted: type[Counted]
) -> None:
    async with looking_back(builds) as asked:
        waiting: list[asyncio.Task[str]] = []
        async with asked.engine(OLDEST) as engine:
            asking = asyncio.create_task(select(engine, ENDLESS))
            waiting.append(asyncio.create_task(ask(asked, OLDER)))
            await asyncio.sleep(0.2)
            closing = asyncio.create_task(asked.close())
            with pytest.raises(Stopping):
                await asking
        await closing
        with pytest.raises(Stopping):
            await waiting[0]
        with pytest.raises(Stopping):
            await ask(asked, OLDER)
        assert counted.open == 1
