"""The cache: the same answer again without the engine, as long as it would be the same."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from typing import Self

import pytest

from kg.engine import cache
from kg.engine.base import Answer
from kg.engine.cache import OVERHEAD, CachedEngine
from kg.engine.fake import FakeEngine
from kg.errors import Overloaded, QueryTimeout
from kg.formats import RDF, RESULTS
from kg.protocol import Query

pytestmark = pytest.mark.anyio

ASK = Query("ASK {}")


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


@dataclass
class SlowEngine:
    """Gives what it is told to, some time after it was asked."""

    outcome: Answer | Exception
    asked: list[str] = field(default_factory=list)

    async def query(self, query: Query, client: str = "") -> Answer:  # noqa: ARG002
        self.asked.append(client)
        await asyncio.sleep(0.05)
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return self.outcome

    def wind_down(self, *, at_once: bool) -> None:
        pass

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *error: object) -> None:
        pass


def cached(engine: FakeEngine | SlowEngine, capacity: int = 10**6) -> CachedEngine:
    return CachedEngine(engine, "v1", capacity)


async def together(engine: CachedEngine, count: int) -> list[Answer | BaseException]:
    asking = (engine.query(ASK, f"client {number}") for number in range(count))
    return await asyncio.gather(*asking, return_exceptions=True)


async def test_what_was_answered_is_answered_again_without_the_engine() -> None:
    engine = FakeEngine({"ASK": b"yes"})
    kept = cached(engine)
    assert kept.find(ASK) is None
    bodies = [await (await kept.query(Query("ASK {}"))).read() for _ in range(3)]
    assert bodies == [b"yes"] * 3
    assert len(engine.asked) == 1
    assert kept.find(ASK)


@pytest.mark.parametrize(
    "other",
    [
        replace(ASK, text="ASK { }"),
        replace(ASK, results=RESULTS[1]),
        replace(ASK, rdf=RDF[1]),
        replace(ASK, default_graphs=("urn:a",)),
        replace(ASK, named_graphs=("urn:a",)),
        replace(ASK, base="http://example.org/"),
        replace(ASK, encoding="gzip"),
        replace(ASK, explain=True),
    ],
)
async def test_another_question_is_not_answered_by_what_is_kept(other: Query) -> None:
    kept = cached(FakeEngine({"ASK": b"yes"}))
    await kept.query(ASK)
    assert kept.find(other) is None
    assert kept.tag(other) != kept.tag(ASK)


async def test_the_tag_names_the_version_of_the_data() -> None:
    engine = FakeEngine({})
    tags = {CachedEngine(engine, version, 0).tag(ASK) for version in ("v1", "v2", "v1")}
    assert len(tags) == 2
    assert all(tag.startswith('W/"v') for tag in tags)


async def test_the_least_recently_used_goes_first_and_the_capacity_holds() -> None:
    room = 20 * (OVERHEAD + 100)
    kept = cached(FakeEngine({"ASK": b"x" * 10}), room)
    for number in range(100):
        await kept.query(Query(f"ASK {{}} # {number}"))
        await kept.query(ASK)
        assert kept.size <= room
    assert 2 < len(kept) < 25
    assert kept.find(ASK)
    assert kept.find(Query("ASK {} # 0")) is None


async def test_what_stands_beside_the_query_takes_room_too() -> None:
    graphs = tuple(f"urn:{'x' * 1000}:{number}" for number in range(100))
    kept = cached(FakeEngine({"ASK": b"yes"}))
    await kept.query(replace(ASK, default_graphs=graphs, base="http://example.org/"))
    assert kept.size > 4 * sum(map(len, graphs)) or len(kept) == 0


async def test_an_answer_too_large_for_the_cache_is_given_and_not_kept() -> None:
    kept = cached(FakeEngine({"ASK": b"x" * 10_000}), 30_000)
    assert len(await (await kept.query(ASK)).read()) == 10_000
    assert kept.find(ASK) is None


async def _blocks(count: int = 0) -> AsyncIterator[bytes]:
    if not count:
        yield b"block"
    for _ in range(count):
        yield b"x" * 1000


async def test_what_may_be_otherwise_the_next_time_is_not_kept() -> None:
    for answer in (
        Answer("text/csv", b"now", volatile=True),
        Answer("text/csv", stream=_blocks(), volatile=True),
    ):
        kept = cached(SlowEngine(answer))
        assert await kept.query(ASK) is answer
        await answer.read()
        assert kept.find(ASK) is None


async def test_a_streamed_answer_is_kept_once_it_is_whole() -> None:
    kept = cached(SlowEngine(Answer("text/csv", stream=_blocks(), encoding="br")))
    answer = await kept.query(ASK)
    assert answer.content is None
    assert kept.find(ASK) is None
    assert await answer.read() == b"block"
    found = kept.find(ASK)
    assert found
    assert (found.content, found.encoding, found.media_type) == (b"block", "br", "text/csv")


async def test_a_streamed_answer_that_is_too_long_or_not_read_to_its_end_is_not_kept() -> None:
    kept = cached(SlowEngine(Answer("text/csv", stream=_blocks(100))), 40 * OVERHEAD)
    assert len(await (await kept.query(ASK)).read()) == 100_000
    assert kept.find(ASK) is None
    kept = cached(SlowEngine(Answer("text/csv", stream=_blocks(2))))
    async with await kept.query(ASK) as answer:
        async for _ in answer.body:
            break
    assert kept.find(ASK) is None


async def test_those_who_ask_the_same_at_the_same_time_share_one_evaluation() -> None:
    engine = SlowEngine(Answer("text/csv", b"x"))
    answers = await together(cached(engine), 20)
    assert {answer.content for answer in answers if isinstance(answer, Answer)} == {b"x"}
    assert engine.asked == ["client 0"]


async def test_nobody_waits_long_for_the_turn_of_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "PATIENCE", 0.01)
    engine = SlowEngine(Answer("text/csv", b"x"))
    await together(cached(engine), 3)
    assert engine.asked == ["client 0", "client 1", "client 2"]


async def test_they_share_its_failure_too() -> None:
    engine = SlowEngine(QueryTimeout(30))
    outcomes = await together(cached(engine), 20)
    assert [type(outcome) for outcome in outcomes] == [QueryTimeout] * 20
    assert len(engine.asked) == 1


async def test_that_one_client_asks_too_much_is_not_the_others_lot() -> None:
    engine = SlowEngine(Overloaded(1))
    await together(cached(engine), 3)
    assert engine.asked == ["client 0", "client 1", "client 2"]


async def test_when_the_first_of_them_leaves_the_next_has_it_evaluated_for_all() -> None:
    engine = SlowEngine(Answer("text/csv", b"x"))
    kept = cached(engine)
    asking = [asyncio.create_task(kept.query(ASK, f"client {number}")) for number in range(9)]
    await asyncio.sleep(0.01)
    asking[0].cancel()
    answers = await asyncio.gather(*asking, return_exceptions=True)
    assert [answer.content for answer in answers if isinstance(answer, Answer)] == [b"x"] * 8
    assert engine.asked == ["client 0", "client 1"]
