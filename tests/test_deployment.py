"""The deployment: a new build is taken up, and nobody who asked notices."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Self

import pytest

from kg import deployment
from kg.build import Build
from kg.deployment import Deployment
from kg.engine.base import Answer
from kg.errors import EngineFailed
from kg.protocol import Query

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(autouse=True)
def brief(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deployment, "GLANCE", 0.01)


class Engine:
    """Answers with the version of its build, in blocks that come when they are let."""

    def __init__(self, build: Build) -> None:
        self.build, self.is_open = build, False
        self.go_on = asyncio.Event()

    async def query(self, query: Query, client: str = "") -> Answer:  # noqa: ARG002
        if not self.is_open:
            raise EngineFailed("closed")
        if "now" in query.text:
            return Answer("text/plain", self.build.version.encode())
        return Answer("text/plain", stream=self._blocks())

    async def _blocks(self) -> AsyncIterator[bytes]:
        yield b"first "
        await self.go_on.wait()
        yield self.build.version.encode() if self.is_open else b"closed"

    def wind_down(self, *, at_once: bool) -> None:
        pass

    async def __aenter__(self) -> Self:
        if self.build.version == "broken":
            raise EngineFailed("it cannot be loaded")
        self.is_open = True
        return self

    async def __aexit__(self, *error: object) -> None:
        self.is_open = False


def publish(folder: Path, version: str) -> Build:
    """Make a build and switch to it."""
    (folder / version).mkdir(exist_ok=True)
    manifest = f'{{"version": "{version}", "triples": 1, "checked": {{}}, "skipped": []}}'
    (folder / version / "build.json").write_text(manifest)
    point(folder, version)
    return Build.open(folder / version)


def point(folder: Path, target: str) -> None:
    (folder / "new").symlink_to(target)
    (folder / "new").replace(folder / "current")


@asynccontextmanager
async def deployed(folder: Path) -> AsyncIterator[tuple[Deployment, list[Engine]]]:
    engines: list[Engine] = []

    def make(build: Build) -> Engine:
        engines.append(Engine(build))
        return engines[-1]

    async with Deployment(publish(folder, "one"), make, folder=folder) as served:
        yield served, engines


async def read(served: Deployment) -> bytes:
    return await (await served.query(Query("now"))).read()


async def until(condition: Callable[[], bool]) -> None:
    for _ in range(500):
        if condition():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it does not come about")


async def test_a_new_build_is_taken_up(tmp_path: Path) -> None:
    async with deployed(tmp_path) as (served, engines):
        assert await read(served) == b"one"
        publish(tmp_path, "two")
        await until(lambda: served.build.version == "two")
        assert await read(served) == b"two"
        await until(lambda: not engines[0].is_open)


async def test_an_answer_under_way_is_finished_on_the_build_that_it_began_on(
    tmp_path: Path,
) -> None:
    async with deployed(tmp_path) as (served, engines):
        answer = await served.query(Query("later"))
        publish(tmp_path, "two")
        await until(lambda: served.build.version == "two")
        assert engines[0].is_open
        engines[0].go_on.set()
        assert await answer.read() == b"first one"
        await until(lambda: not engines[0].is_open)


@pytest.mark.parametrize("target", ["nowhere", "empty", "broken"])
async def test_a_build_that_cannot_be_served_changes_nothing(tmp_path: Path, target: str) -> None:
    (tmp_path / "empty").mkdir()
    async with deployed(tmp_path) as (served, _):
        if target == "broken":
            publish(tmp_path, target)
        else:
            point(tmp_path, target)
        await asyncio.sleep(0.1)
        assert await read(served) == b"one"
        publish(tmp_path, "two")
        await until(lambda: served.build.version == "two")


async def test_without_a_link_the_last_build_is_served(tmp_path: Path) -> None:
    async with deployed(tmp_path) as (served, _):
        (tmp_path / "current").unlink()
        await asyncio.sleep(0.1)
        assert await read(served) == b"one"


async def test_going_back_to_an_older_build_is_possible(tmp_path: Path) -> None:
    async with deployed(tmp_path) as (served, _):
        publish(tmp_path, "two")
        await until(lambda: served.build.version == "two")
        point(tmp_path, "one")
        await until(lambda: served.build.version == "one")


async def test_no_answer_fails_while_builds_change(tmp_path: Path) -> None:
    async with deployed(tmp_path) as (served, _):
        seen: set[bytes] = set()

        async def ask() -> None:
            while len(seen) < 4:
                seen.add(await read(served))
                await asyncio.sleep(0)

        asking = [asyncio.create_task(ask()) for _ in range(5)]
        for version in ("two", "three", "four"):
            publish(tmp_path, version)
            await until(lambda version=version: served.build.version == version)
            await asyncio.sleep(0.02)
        await asyncio.wait_for(asyncio.gather(*asking), 5)
        assert seen == {b"one", b"two", b"three", b"four"}
