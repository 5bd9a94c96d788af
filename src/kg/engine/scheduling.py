"""Scheduling: which queries are evaluated now, which stand still, which wait, which are refused.

As many queries run at the same time as there are slots. A query runs freely for its first
moments; after that it is long, and all slots but one are the most that long ones may keep while
others wait. Those beyond stand still, and go on in turn. Clients get their turns alike, however
many queries each of them sends.
"""

import asyncio
import math
from collections import Counter
from time import monotonic
from typing import Protocol

from kg.errors import Overloaded, QueryTimeout, RequestError, Stopping

__all__ = ["Process", "Schedule", "Turn"]

QUANTUM = 0.15  # seconds after which a query is long
SLICE = 1.0  # seconds that a long query runs before another long one may go on
SHARE = 2.0  # seconds that the only long query of a client runs before it may be refused
FLOOD = 0.5  # seconds that the oldest waits when there are too many
TICK = 0.03  # seconds between two looks at who runs and who waits


class Process(Protocol):
    """What evaluates a query, and can be made to stand still."""

    def pause(self) -> None:
        """Stand still."""

    def resume(self) -> None:
        """Go on."""

    def kill(self) -> None:
        """End."""


class Turn:
    """The turn of one query: since when it waits or runs, and how long it has.

    ``error`` is why it was stopped, if it was. Times are in seconds.
    """

    def __init__(self, client: str) -> None:
        self.client = client
        self.began = self.since = monotonic()
        self.ran = 0.0
        self.waited = 0.0
        self.error: RequestError | None = None
        self.process: Process | None = None
        self.admitted: asyncio.Future[None] | None = None
        self.deadline: asyncio.TimerHandle | None = None

    @property
    def lapse(self) -> float:
        """How long it has been as it is: waiting, running or standing still."""
        return monotonic() - self.since

    @property
    def is_long(self) -> bool:
        """Whether it is long, given that it runs."""
        return self.ran + self.lapse >= QUANTUM


class Schedule:
    """The turns of all queries.

    ``slots`` is how many run at the same time, ``queue`` how many may wait, for ``patience``
    seconds each, ``standing`` how many may stand still; each may run for ``timeout`` seconds, and
    stand still for as long beyond its waiting.
    """

    def __init__(
        self, *, slots: int, queue: int, patience: float, standing: int, timeout: float
    ) -> None:
        self._slots, self._queue, self._patience = slots, queue, patience
        self._most_standing, self._timeout = standing, timeout
        self.running: set[Turn] = set()
        self.standing: list[Turn] = []
        self.waiting: list[Turn] = []
        self.is_closed = False
        self._newest_first = False
        self._ticking: asyncio.TimerHandle | None = None

    @property
    def longest_standing(self) -> float:
        """How many seconds a query may wait and stand still altogether."""
        return self._patience + self._timeout

    async def begin(self, client: str) -> Turn:
        """Return a turn once it may run; raises ``Overloaded`` when that takes too long."""
        turn = Turn(client)
        if self.is_closed:
            raise Stopping
        if len(self.running) < self._slots and not self.waiting and not self.standing:
            self._run(turn)
            return turn
        self._make_room(client)
        turn.admitted = asyncio.get_running_loop().create_future()
        self.waiting.append(turn)
        self._dispatch()
        try:
            async with asyncio.timeout(self._patience):
                await turn.admitted
        except TimeoutError:
            self.end(turn)
            raise self._overloaded() from None
        except BaseException:
            self.end(turn)
            raise
        return turn

    def end(self, turn: Turn) -> None:
        """Give the slot of a turn to the next; once or more often."""
        if turn.deadline:
            turn.deadline.cancel()
        if turn in self.running:
            turn.ran += turn.lapse
            self.running.remove(turn)
            self._dispatch()
        if turn in self.waiting:
            self.waiting.remove(turn)
        if turn in self.standing:
            self.standing.remove(turn)
            if turn.process:
                turn.process.resume()  # it may have been done already, and be of use again

    def stop(self, turn: Turn, error: RequestError) -> None:
        """Refuse a turn, wherever it is: its process is killed, its waiting ends with the error."""
        turn.error = turn.error or error
        if turn.process:
            turn.process.kill()
        elif turn.admitted and not turn.admitted.done():
            turn.admitted.set_exception(error)
        self.end(turn)

    def close(self) -> None:
        """Refuse those that wait or stand still, and all to come."""
        self.is_closed = True
        for turn in (*self.waiting, *self.standing):
            self.stop(turn, Stopping())

    def stop_all(self, error: RequestError) -> None:
        """Refuse all."""
        for turn in (*self.waiting, *self.standing, *self.running):
            self.stop(turn, error)

    def _overloaded(self) -> Overloaded:
        return Overloaded(math.ceil(self._patience))

    def _make_room(self, client: str) -> None:
        """Refuse the longest-waiting query of the client that has most of them, if it must be."""
        if len(self.waiting) < self._queue:
            return
        by_client = Counter(turn.client for turn in self.waiting)
        by_client[client] += 1
        greediest, _ = by_client.most_common(1)[0]
        oldest = next((turn for turn in self.waiting if turn.client == greediest), None)
        if oldest is None:
            raise self._overloaded()
        self.stop(oldest, self._overloaded())

    def _dispatch(self) -> None:
        while len(self.running) < self._slots and (turn := self._next()):
            self._run(turn)
        if (self.waiting or self.standing) and not self._ticking:
            self._ticking = asyncio.get_running_loop().call_later(TICK, self._tick)

    def _next(self) -> Turn | None:
        longs = sum(turn.is_long for turn in self.running)
        if self.standing and (longs < self._slots - 1 or not self.waiting):
            return self.standing.pop(0)
        if not self.waiting:
            return None
        # Under a flood the newest and the oldest go in turn: who sent the newest is still there,
        # and who came before the flood gets through.
        self._newest_first = self.waiting[0].lapse > FLOOD and not self._newest_first
        sign = -1 if self._newest_first else 1
        served = Counter(turn.client for turn in (*self.running, *self.standing))
        turn = min(self.waiting, key=lambda turn: (served[turn.client], sign * turn.began))
        self.waiting.remove(turn)
        return turn

    def _run(self, turn: Turn) -> None:
        turn.waited += turn.lapse
        turn.since = monotonic()
        turn.deadline = asyncio.get_running_loop().call_later(
            self._timeout - turn.ran, self.stop, turn, QueryTimeout(self._timeout)
        )
        self.running.add(turn)
        if turn.process:
            turn.process.resume()
        elif turn.admitted and not turn.admitted.done():
            turn.admitted.set_result(None)

    def _tick(self) -> None:
        self._ticking = None
        for turn in tuple(self.standing):
            if turn.waited + turn.lapse > self.longest_standing:
                self.stop(turn, self._overloaded())
        if len(self.running) == self._slots:
            self._rotate([turn for turn in self.running if turn.is_long and turn.process])
        self._dispatch()

    def _rotate(self, longs: list[Turn]) -> None:
        """Let a long query stand still, for another long one or for one that waits."""
        slow = [turn for turn in longs if turn.lapse > SLICE]
        if self.standing and slow:
            successor = self.standing.pop(0)
            self._pause(min(slow, key=lambda turn: turn.since))
            self._run(successor)
        elif self.waiting and len(longs) == self._slots:
            newest = max(longs, key=lambda turn: turn.since)
            if len(self.standing) < self._most_standing or self._refuses_one(newest):
                self._pause(newest)

    def _pause(self, turn: Turn) -> None:
        if turn not in self.running:
            return  # it was refused itself
        if turn.deadline:
            turn.deadline.cancel()
        turn.ran += turn.lapse
        turn.since = monotonic()
        self.running.remove(turn)
        self.standing.append(turn)
        if turn.process:
            turn.process.pause()

    def _refuses_one(self, newest: Turn) -> bool:
        """Refuse a long query, if one has had its share; tells whether there is room now.

        It is the newest of the client that has most of them.
        """
        turns = (*self.standing, newest)
        by_client = Counter(turn.client for turn in turns)
        victim = max(turns, key=lambda turn: (by_client[turn.client], turn.began))
        has_run = victim.ran + (victim.lapse if victim is newest else 0)
        if by_client[victim.client] == 1 and has_run < SHARE:
            return False
        self.stop(victim, self._overloaded())
        return True
