"""Turns: who runs, who stands still, who waits and who is refused."""

import asyncio
from dataclasses import dataclass, field

import pytest

from kg.engine import scheduling
from kg.engine.scheduling import Schedule, Turn
from kg.errors import Overloaded, QueryTimeout, RequestError, Stopping

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(autouse=True)
def brief(monkeypatch: pytest.MonkeyPatch) -> None:
    """Times a tenth of the real ones."""
    for name in ("QUANTUM", "SLICE", "SHARE", "FLOOD", "TICK"):
        monkeypatch.setattr(scheduling, name, getattr(scheduling, name) / 10)


@dataclass
class Recorder:
    """A process that notes what is done to it."""

    done: list[str] = field(default_factory=list)

    def pause(self) -> None:
        self.done.append("pause")

    def resume(self) -> None:
        self.done.append("resume")

    def kill(self) -> None:
        self.done.append("kill")


def schedule(**bounds: float) -> Schedule:
    return Schedule(
        **{"slots": 2, "queue": 8, "patience": 1.0, "standing": 4, "timeout": 5.0, **bounds}
    )


async def begin(schedule: Schedule, client: str = "") -> tuple[Turn, Recorder]:
    turn = await schedule.begin(client)
    turn.process = recorder = Recorder()
    return turn, recorder


async def test_as_many_run_as_there_are_slots_and_the_next_when_one_ends() -> None:
    turns = schedule()
    first, _ = await begin(turns)
    second, _ = await begin(turns)
    third = asyncio.create_task(begin(turns))
    await asyncio.sleep(0)
    assert turns.running == {first, second}
    assert len(turns.waiting) == 1
    turns.end(first)
    turn, _ = await third
    assert turns.running == {second, turn}


async def test_ending_twice_gives_one_slot() -> None:
    turns = schedule(slots=1)
    first, _ = await begin(turns)
    turns.end(first)
    second, _ = await begin(turns)
    turns.end(first)
    assert turns.running == {second}


async def test_a_long_query_stands_still_for_a_short_one_and_goes_on() -> None:
    turns = schedule()
    _, first = await begin(turns)
    _, second = await begin(turns)
    short, _ = await begin(turns)
    assert first.done + second.done == ["pause"]
    turns.end(short)
    assert sorted(first.done + second.done) == ["pause", "resume"]


async def test_a_query_in_its_first_moments_does_not_stand_still() -> None:
    turns = schedule()
    await begin(turns)
    await asyncio.sleep(scheduling.QUANTUM * 2)
    _, young = await begin(turns)
    waiting = asyncio.create_task(begin(turns))
    await asyncio.sleep(scheduling.QUANTUM / 3)
    assert young.done == []
    assert not waiting.done()
    waiting.cancel()


async def test_long_queries_run_in_turn() -> None:
    turns = schedule(slots=1)
    long = [await begin(turns) for _ in range(3)]
    await asyncio.sleep(scheduling.SLICE * 8)
    assert all(recorder.done.count("resume") >= 1 for _, recorder in long)
    assert sum(turn.waited > 0 for turn, _ in long) == 3


async def test_one_long_query_keeps_its_slot_while_short_ones_come() -> None:
    turns = schedule()
    _, long = await begin(turns)
    await asyncio.sleep(scheduling.QUANTUM * 2)
    for _ in range(20):
        short, _ = await begin(turns)
        await asyncio.sleep(scheduling.TICK)
        turns.end(short)
    assert long.done == []


async def test_the_time_that_a_query_stands_still_does_not_count_as_its_own() -> None:
    turns = schedule(slots=1, timeout=0.2)
    turn, process = await begin(turns)
    others = [asyncio.create_task(begin(turns)) for _ in range(2)]
    await asyncio.sleep(0.25)
    assert turn.error is None
    assert turn.waited > 0 or "pause" in process.done
    for other in others:
        other.cancel()


async def test_a_query_over_its_time_is_killed_and_its_slot_given_on() -> None:
    turns = schedule(slots=1, timeout=0.05)
    turn, process = await begin(turns)
    await asyncio.sleep(0.1)
    assert isinstance(turn.error, QueryTimeout)
    assert process.done == ["kill"]
    assert not turns.running


async def test_waiting_takes_no_longer_than_patience_and_says_when_to_come_back() -> None:
    turns = schedule(slots=1, patience=0.05, standing=0)
    await turns.begin("")  # has no process yet, so it cannot be stopped
    with pytest.raises(Overloaded) as caught:
        await turns.begin("")
    assert caught.value.retry_after == 1
    assert not turns.waiting


async def test_a_full_queue_costs_the_client_that_fills_it() -> None:
    turns = schedule(slots=1, queue=3)
    await turns.begin("modest")
    greedy = [asyncio.create_task(turns.begin("greedy")) for _ in range(3)]
    await asyncio.sleep(0)
    modest = asyncio.create_task(turns.begin("modest"))
    await asyncio.sleep(0)
    outcomes = await asyncio.gather(*greedy[:1], return_exceptions=True)
    assert isinstance(outcomes[0], Overloaded)
    assert [turn.client for turn in turns.waiting] == ["greedy", "greedy", "modest"]
    for task in (*greedy, modest):
        task.cancel()


async def test_clients_get_turns_alike_however_many_queries_they_send() -> None:
    turns = schedule(slots=2, queue=20)
    first, _ = await begin(turns, "greedy")
    await begin(turns, "greedy")
    crowd = [asyncio.create_task(begin(turns, "greedy")) for _ in range(10)]
    modest = asyncio.create_task(begin(turns, "modest"))
    await asyncio.sleep(0)
    turns.end(first)
    await asyncio.sleep(0.001)
    assert modest.done()
    for task in crowd:
        task.cancel()


async def test_those_who_wait_go_in_their_order() -> None:
    turns = schedule(slots=1, queue=20)
    first, _ = await begin(turns)
    crowd = [asyncio.create_task(begin(turns)) for _ in range(5)]
    await asyncio.sleep(0.001)
    turns.end(first)
    await asyncio.sleep(0.001)
    assert [task.done() for task in crowd] == [True] + [False] * 4
    for task in crowd:
        task.cancel()


async def test_a_query_that_is_done_while_it_stands_still_leaves_its_process_going() -> None:
    turns = schedule(slots=1)
    turn, process = await begin(turns)
    await begin(turns)
    assert turn in turns.standing
    turns.end(turn)
    assert process.done == ["pause", "resume"]


async def test_under_a_flood_the_newest_and_the_oldest_go_in_turn() -> None:
    turns = schedule(slots=1, queue=20)
    first = await turns.begin("")  # has no process yet, so it keeps the slot
    crowd = [asyncio.create_task(begin(turns)) for _ in range(5)]
    await asyncio.sleep(scheduling.FLOOD * 1.5)
    turns.end(first)
    await asyncio.sleep(0.001)
    assert [task.done() for task in crowd] == [False] * 4 + [True]
    turns.end(next(iter(turns.running)))
    await asyncio.sleep(0.001)
    assert [task.done() for task in crowd] == [True, False, False, False, True]
    for task in crowd:
        task.cancel()


async def test_too_many_long_queries_cost_the_client_that_has_most_of_them() -> None:
    turns = schedule(slots=1, standing=2)
    modest, _ = await begin(turns, "modest")
    greedy = [await begin(turns, "greedy") for _ in range(3)]
    await begin(turns, "other")
    assert modest.error is None
    assert [type(turn.error) for turn, _ in greedy].count(Overloaded) == 2
    assert sum("kill" in process.done for _, process in greedy) == 2


async def test_the_only_long_query_of_a_client_is_not_refused_before_it_has_run_a_while() -> None:
    turns = schedule(slots=1, standing=2, patience=5.0)
    long = [await begin(turns, f"client {number}") for number in range(3)]
    waiting = asyncio.create_task(begin(turns, "other"))
    await asyncio.sleep(scheduling.SHARE)
    assert [turn.error for turn, _ in long] == [None] * 3
    await waiting
    assert [type(turn.error) for turn, _ in long].count(Overloaded) == 1


async def test_a_query_that_stands_still_too_long_is_refused() -> None:
    turns = schedule(slots=1, patience=0.05, timeout=0.1)
    turn, _ = await begin(turns)
    newer = await turns.begin("")  # has no process yet, so it keeps the slot
    if newer.deadline:
        newer.deadline.cancel()
    await asyncio.sleep(0.3)
    assert isinstance(turn.error, Overloaded)


async def test_winding_down_refuses_what_waits_and_lets_run_what_runs() -> None:
    turns = schedule(slots=1)
    running, process = await begin(turns)
    waiting = asyncio.create_task(turns.begin(""))
    await asyncio.sleep(0)
    turns.close()
    with pytest.raises(Stopping):
        await waiting
    with pytest.raises(Stopping):
        await turns.begin("")
    assert process.done == []
    turns.stop_all(Stopping())
    assert isinstance(running.error, RequestError)
    assert process.done == ["kill"]


async def test_who_gives_up_waiting_leaves_nothing_behind() -> None:
    turns = schedule(slots=1)
    running, _ = await begin(turns)
    waiting = asyncio.create_task(turns.begin(""))
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.wait([waiting])
    turns.end(running)
    assert (turns.running, turns.waiting, turns.standing) == (set(), [], [])
