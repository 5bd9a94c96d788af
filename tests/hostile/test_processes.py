"""Processes that are killed or stopped from outside, and builds that come and go under load."""

import json
import os
import shutil
import signal
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path

import pytest

from hostile.attacker import BROKEN, CLOSED, Reply, get, receive, spread
from hostile.observer import Defend, Service, siege, until
from kg.build import Build
from processes import children, descendants, runs

pytestmark = pytest.mark.hostile

TIMEOUT = 1.0
ALL = "SELECT * { ?s ?p ?o }"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
GRACE = 5.0  # seconds that a service that is told to stop gives to answers under way
LIMITS = {"query_workers": 2, "query_timeout": TIMEOUT, "queue_timeout": 2 * TIMEOUT}


@pytest.fixture(scope="module")
def fortress(defend: Defend) -> Iterator[Service]:
    """A service with a short deadline."""
    with defend(**LIMITS) as service:
        yield service


@contextmanager
def asked(service: Service, query: str, times: int) -> Iterator[list[Future[Reply]]]:
    """Ask a query from some addresses at once, and go on without the answers for a moment."""
    with ThreadPoolExecutor(times) as pool:
        yield [
            pool.submit(service.target.ask, f"{query} # {number}", spread(number))
            for number in range(times)
        ]


def workers(service: Service) -> list[int]:
    """Return the processes that the processes of a service have begun."""
    return [worker for child in children(service.pid) for worker in children(child)]


def strike(pids: list[int], blow: signal.Signals) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):  # it has just been buried
            os.kill(pid, blow)


@pytest.mark.parametrize("blow", [signal.SIGKILL, signal.SIGSEGV, signal.SIGABRT])
def test_workers_that_are_struck_while_idle_cost_no_answer(
    fortress: Service, blow: signal.Signals
) -> None:
    for _ in range(3):
        struck = workers(fortress)
        strike(struck, blow)
        assert until(lambda struck=struck: not any(map(runs, struck)), 2)
        with siege(fortress):
            assert fortress.target.ask("ASK {}").status == 200


@pytest.mark.parametrize("blow", [signal.SIGTERM, signal.SIGINT])
def test_workers_leave_it_to_the_service_when_to_stop(
    fortress: Service, blow: signal.Signals
) -> None:
    with siege(fortress):
        struck = descendants(fortress.pid)
        strike(struck, blow)
        time.sleep(0.2)
        assert all(map(runs, struck))


@pytest.mark.parametrize("blow", [signal.SIGKILL, signal.SIGSEGV, signal.SIGSTOP])
def test_workers_that_are_struck_while_they_evaluate_fail_no_other_query(
    fortress: Service, blow: signal.Signals
) -> None:
    with asked(fortress, ENDLESS, 2) as answers:
        time.sleep(0.5)
        strike(workers(fortress), blow)
    assert {answer.result().status for answer in answers} <= {400, 500, 503, 504, 507}
    with siege(fortress):
        assert fortress.target.ask("ASK {}").status == 200


def test_a_worker_that_dies_with_its_query_unread_costs_no_answer(fortress: Service) -> None:
    with ThreadPoolExecutor() as pool:
        for number in range(5):
            struck = workers(fortress)
            strike(struck, signal.SIGSTOP)
            answer = pool.submit(fortress.target.ask, f"ASK {{ ?s ?p {number} }}", spread(number))
            time.sleep(0.1)
            strike(struck, signal.SIGKILL)
            assert answer.result().status == 200
    with siege(fortress):
        assert fortress.target.ask("ASK {}").status == 200


def test_a_worker_that_dies_just_before_its_query_comes_costs_no_answer(fortress: Service) -> None:
    for number in range(20):
        strike(workers(fortress), signal.SIGKILL)
        assert fortress.target.ask(f"ASK {{ ?p ?s {number} }}").status == 200
    with siege(fortress):
        assert fortress.target.ask("ASK {}").status == 200


def test_the_store_is_loaded_again_when_the_process_that_holds_it_is_killed(
    fortress: Service,
) -> None:
    for _ in range(2):
        struck = descendants(fortress.pid)
        strike(children(fortress.pid), signal.SIGKILL)
        assert until(lambda struck=struck: not any(map(runs, struck)), 2)
        assert until(lambda: fortress.target.ask("ASK {}").status == 200, 10)
        with siege(fortress):
            assert fortress.target.ask("ASK {}").status == 200


@pytest.mark.parametrize("fronts", [1, 2])
def test_nothing_is_left_of_a_service_that_is_killed(defend: Defend, fronts: int) -> None:
    with defend(**LIMITS, workers=fronts) as service:
        with asked(service, ENDLESS, 6) as answers:
            time.sleep(0.5)
            processes = [service.pid, *descendants(service.pid)]
            strike([service.pid], signal.SIGKILL)
            assert until(lambda: not any(map(runs, processes)), 2), processes
        # Some were told that there is no room before it was struck.
        assert {answer.result().status for answer in answers} <= {CLOSED, BROKEN, 503}


def test_a_front_that_is_killed_is_replaced(defend: Defend) -> None:
    with defend(**LIMITS, workers=2) as service:
        struck, other = children(service.pid)
        strike([struck], signal.SIGKILL)
        assert until(lambda: len(set(children(service.pid)) - {struck}) == 2, 5)
        assert runs(other)
        with siege(service):
            assert service.target.ask("ASK {}").status == 200


def test_a_service_that_is_told_to_stop_finishes_what_runs_and_refuses_what_waits(
    defend: Defend,
) -> None:
    with defend(**(LIMITS | {"queue_timeout": 20})) as service:
        with asked(service, ENDLESS, 6) as answers:
            time.sleep(0.5)
            processes = [service.pid, *descendants(service.pid)]
            strike([service.pid], signal.SIGTERM)
            assert until(lambda: not any(map(runs, processes)), GRACE + 2), processes
        statuses = sorted(answer.result().status for answer in answers)
    assert set(statuses) == {503, 504}
    assert statuses.count(504) >= 2


def test_a_service_that_is_told_to_stop_hands_out_answers_under_way(defend: Defend) -> None:
    queries = (ALL, f"{ALL} LIMIT 5000")  # one is streamed, one is complete and held back
    with defend(query_workers=2, reply_buffer=2**20) as service, ThreadPoolExecutor() as pool:
        expected = [service.target.ask(query, accept="text/csv") for query in queries]
        anew = [f"{query} # not the one that is kept" for query in queries]
        readers = [pool.submit(read_slowly, service, query, 1.0) for query in anew]
        time.sleep(0.4)
        strike([service.pid], signal.SIGTERM)
        answers = [reader.result() for reader in readers]
        assert until(lambda: not runs(service.pid), GRACE)
    assert ["content-length" in reply.fields for reply in answers] == [False, True]
    assert [(reply.status, reply.body) for reply in answers] == [
        (200, reply.body) for reply in expected
    ]


def read_slowly(service: Service, query: str, seconds: float) -> Reply:
    """Ask a query and wait so long before all of the answer is read."""
    with service.target.connection("127.0.0.3", receive=2**16) as client:
        client.sendall(get(query, "text/csv"))
        time.sleep(seconds)
        return receive(client, 0.0)


@pytest.fixture
def builds(built: Build, tmp_path: Path) -> Path:
    """A folder of two builds that are equal but for their version."""
    folder = tmp_path / "builds"
    for version in ("one", "two"):
        shutil.copytree(built.path, folder / version)
        manifest = folder / version / "build.json"
        manifest.write_text(json.dumps(json.loads(manifest.read_text()) | {"version": version}))
    switch(folder, "one")
    return folder


def switch(folder: Path, version: str) -> None:
    (folder / "next").symlink_to(version)
    (folder / "next").replace(folder / "current")


def version(service: Service) -> str:
    health = b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n"
    return json.loads(service.target.send(health).body)["version"]


def test_a_new_build_is_taken_up_without_a_failed_request(defend: Defend, builds: Path) -> None:
    with defend(query_workers=2, workers=2, build=builds) as service:
        over, statuses = threading.Event(), set()

        def ask(source: str) -> None:
            for number in count():
                if over.is_set():
                    break
                anew = f"SELECT * {{ ?s ?p ?o FILTER({number} = {number}) }} LIMIT 1000"
                for query in ("ASK {}", ALL, anew):
                    statuses.add(service.target.ask(query, source).status)
                    time.sleep(0.02)

        with ThreadPoolExecutor(3) as pool:
            askers = [pool.submit(ask, spread(number)) for number in range(3)]
            try:
                for new in ("two", "one"):
                    switch(builds, new)
                    assert until(lambda new=new: versions(service) == {new}, 15), new
            finally:
                over.set()
            assert all(asker.result() is None for asker in askers)
        assert statuses == {200}
        with siege(service):
            assert service.target.ask("ASK {}").status == 200


def versions(service: Service) -> set[str]:
    """Return what is served, by as many fronts as some questions reach."""
    return {version(service) for _ in range(10)}


SPOILS: Mapping[str, Callable[[Path], object]] = {
    "gone": lambda _: None,
    "dangling": lambda current: current.symlink_to("nowhere"),
    "an empty folder": lambda current: current.mkdir(),
    "spoilt": lambda current: current.symlink_to("two"),
}


def test_a_current_build_that_is_none_changes_nothing(defend: Defend, builds: Path) -> None:
    (builds / "two" / "dumps" / "samenhang.nq").write_text("no quads")
    current = builds / "current"
    with defend(**LIMITS, build=builds) as service:
        for number, (name, spoil) in enumerate(SPOILS.items()):
            with siege(service):
                current.rename(builds / f"before it was {name}")
                spoil(current)
                time.sleep(1.1)
                assert version(service) == "one", name
                query = f"SELECT * {{ ?s ?p ?o FILTER({number} = {number}) }} LIMIT 3"
                assert service.target.ask(query).status == 200, name
            if name == "gone":
                switch(builds, "one")
