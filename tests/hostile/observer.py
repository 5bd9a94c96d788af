"""What an attacked service does: how fast its neighbours are served, what it keeps busy."""

import itertools
import json
import os
import threading
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field

import psutil

from hostile.attacker import ATTACKER, NEIGHBOUR, Target
from processes import children, descendants, memory, processor, runs

__all__ = [
    "PROMPT",
    "Defend",
    "Service",
    "State",
    "Wait",
    "descriptors",
    "observe",
    "siege",
    "until",
]

PROMPT = 5.0  # seconds within which a small query is answered; 1 on a machine that is not noisy
RECOVERY = 5.0  # seconds within which everything is back at rest; 2 on such a machine
MARGIN = 128 * 2**20  # bytes that a service may keep of what it has been through

_numbers = itertools.count()


@dataclass(frozen=True)
class State:
    """The processes of a service, the descriptors of its first, the memory of all in bytes."""

    processes: int
    descriptors: int
    memory: int


@dataclass(frozen=True, order=True)
class Wait:
    """How many seconds somebody at an address waited for a small answer, in which test."""

    seconds: float
    source: str
    test: str


@dataclass(frozen=True)
class Service:
    """A running service: where it listens, its process, its state at rest.

    ``waits`` is how long each probe of it took.
    """

    target: Target
    pid: int
    rest: State
    waits: list[Wait] = field(repr=False)


# Runs a service with the settings that are given.
Defend = Callable[..., AbstractContextManager[Service]]


@contextmanager
def siege(
    service: Service,
    own: Collection[int] = (200,),
    others: Collection[int] = (200,),
) -> Iterator[None]:
    """Probe a service while it is attacked; then see that it comes to rest, and is as it was.

    A probe from the attacker's address has a status of ``own`` in time, one from elsewhere one of
    ``others``: more than 200 only where many addresses attack at once, and patience is short. No
    process that the service itself began may have been replaced.
    """
    held = set(children(service.pid))
    over = threading.Event()
    failures: list[str] = []
    probes = [
        threading.Thread(target=_probe, args=(service, source, statuses, over, failures))
        for source, statuses in ((NEIGHBOUR, others), (ATTACKER, own))
    ]
    for probe in probes:
        probe.start()
    try:
        yield
    finally:
        over.set()
        for probe in probes:
            probe.join()
    assert not failures, failures
    assert runs(service.pid)
    assert held <= set(children(service.pid)), "a process had to be started anew"
    _await_rest(service)


def _probe(
    service: Service,
    source: str,
    statuses: Collection[int],
    over: threading.Event,
    failures: list[str],
) -> None:
    last = False
    while not last:
        last = over.is_set()
        number = next(_numbers)
        for query, part in (
            ("ASK {}", {"boolean": True}),
            (f"SELECT ({number} AS ?n) {{ ?s ?p ?o }} LIMIT 1", {}),
        ):
            fault = _fault(service, source, statuses, query, part)
            if fault:
                failures.append(fault)
        over.wait(0.05)


def _fault(
    service: Service, source: str, statuses: Collection[int], query: str, part: dict[str, object]
) -> str:
    begun = time.monotonic()
    try:
        reply = service.target.ask(query, source)
    except OSError as error:
        return f"{source}: {query}: {error!r} after {time.monotonic() - begun:.1f} s"
    waited = time.monotonic() - begun
    service.waits.append(Wait(waited, source, os.environ.get("PYTEST_CURRENT_TEST", "")))
    if reply.status not in statuses or waited > PROMPT:
        return f"{source}: {query}: {reply.status} after {waited:.1f} s"
    if reply.status == 200 and not part.items() <= json.loads(reply.body).items():
        return f"{source}: {query}: {reply.body!r}"
    return ""


def _await_rest(service: Service) -> None:
    rest = service.rest

    def differences() -> dict[str, object]:
        now, load = observe(service.pid), _load(service.pid)
        return {
            name: value
            for name, value, over in (
                ("processes", now.processes, now.processes - rest.processes),
                ("descriptors", now.descriptors, now.descriptors - rest.descriptors),
                ("memory", now.memory, now.memory - rest.memory - MARGIN),
                ("load", load, load - 0.25),
            )
            if over > 0
        }

    assert until(lambda: not differences(), RECOVERY), f"{differences()}, at rest {rest}"


def observe(pid: int) -> State:
    """Return what a service holds now."""
    processes = [pid, *descendants(pid)]
    return State(len(processes), descriptors(pid), sum(map(memory, processes)))


def descriptors(pid: int) -> int:
    """Return how many descriptors a process has open."""
    return psutil.Process(pid).num_fds()


def _load(pid: int, seconds: float = 0.06) -> float:
    """Return how many processors a service keeps busy."""
    before = _spent(pid)
    time.sleep(seconds)
    after = _spent(pid)
    return sum(after[one] - before.get(one, 0) for one in after) / seconds


def _spent(pid: int) -> dict[int, float]:
    return {one: processor(one) for one in (pid, *descendants(pid))}


def until(holds: Callable[[], bool], seconds: float) -> bool:
    """Wait until something holds, and tell whether it did in time."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True
