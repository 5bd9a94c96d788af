"""Processes that are killed or stopped from outside, and builds that come and go under load."""

import json
import os
import shutil
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from hostile.attacker import BROKEN, CLOSED, Reply
from hostile.observer import Defend, Service, children, descendants, exists, siege, until
from kg.build import Build

pytestmark = pytest.mark.hostile

TIMEOUT = 2.0
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
GRACE = 5.0  # seconds that a service that is told to stop gives to answers under way
LIMITS = {"query_workers": 2, "query_timeout": TIMEOUT, "queue_timeout": TIMEOUT}


@pytest.fixture(scope="module")
def fortress(defend: Defend) -> Iterator[Service]:
    """A service with a short deadline."""
    with defend(**LIMITS) as service:
        yield service


@contextmanager
def asked(service: Service, query: str, count: int) -> Iterator[list[Future[Reply]]]:
    """Ask a query from some addresses at once, and go on without the answers for a moment."""
    with ThreadPoolExecutor(count) as pool:
        yield [
            pool.submit(service.target.ask, f"{query} # {number}", f"127.0.1.{number + 1}")
            for number in range(count)
        ]


def workers(service: Service) -> list[int]:
    """Return the processes that the processes of a service have begun."""
    return [worker for child in children(service.pid) for worker in children(child)]


def strike(pids: list[int], blow: signal.Signals) -> None:
    for pid in pids:
        os.kill(pid, blow)


@pytest.mark.parametrize("blow", [signal.SIGKILL, signal.SIGSEGV, signal.SIGABRT])
def test_workers_that_are_struck_while_idle_cost_no_answer(
    fortress: Service, blow: signal.Signals
) -> None:
    for _ in range(3):
        struck = workers(fortress)
        strike(struck, blow)
        assert until(lambda struck=struck: not any(map(exists, struck)), 2)
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
        assert all(map(exists, struck))


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


def test_the_store_is_loaded_again_when_the_process_that_holds_it_is_killed(
    fortress: Service,
) -> None:
    for _ in range(2):
        struck = descendants(fortress.pid)
        strike(children(fortress.pid), signal.SIGKILL)
        assert until(lambda struck=struck: not any(map(exists, struck)), 2)
        assert until(lambda: fortress.target.ask("ASK {}").status == 200, 10)
        with siege(fortress):
            assert fortress.target.ask("ASK {}").status == 200


def test_nothing_is_left_of_a_service_that_is_killed(defend: Defend) -> None:
    with defend(**LIMITS) as service:
        with asked(service, ENDLESS, 6) as answers:
            time.sleep(1)
            processes = [service.pid, *descendants(service.pid)]
            strike([service.pid], signal.SIGKILL)
            assert until(lambda: not any(map(exists, processes)), 2), processes
        assert {answer.result().status for answer in answers} <= {CLOSED, BROKEN}


def test_a_service_that_is_told_to_stop_finishes_what_runs_and_refuses_what_waits(
    defend: Defend,
) -> None:
    with defend(**(LIMITS | {"queue_timeout": 20})) as service:
        with asked(service, ENDLESS, 6) as answers:
            time.sleep(1)
            processes = [service.pid, *descendants(service.pid)]
            strike([service.pid], signal.SIGTERM)
            assert until(lambda: not any(map(exists, processes)), GRACE + 2), processes
        statuses = sorted(answer.result().status for answer in answers)
    assert set(statuses) <= {503, 504}
    assert statuses.count(504) >= 2


@pytest.fixture
def builds(built: Build, tmp_path: Path) -> Path:
    """A folder of three builds that are equal but for their version."""
    folder = tmp_path / "builds"
    for version in ("one", "two", "three"):
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
    with defend(**LIMITS, build=builds) as service:
        over, statuses = threading.Event(), []

        def ask(source: str) -> None:
            while not over.is_set():
                statuses.append(service.target.ask("ASK {}", source).status)
                statuses.append(service.target.ask("SELECT * { ?s ?p ?o }", source).status)

        askers = [threading.Thread(target=ask, args=(f"127.0.1.{n}",)) for n in range(1, 4)]
        for asker in askers:
            asker.start()
        try:
            for new in ("two", "three", "one"):
                switch(builds, new)
                taken = until(lambda new=new: version(service) == new, 15)
                assert taken, f"{version(service)} is served, {new} is current"
        finally:
            over.set()
            for asker in askers:
                asker.join()
        assert set(statuses) == {200}
        with siege(service, lost=1):
            assert service.target.ask("ASK {}").status == 200


@pytest.mark.parametrize("what", ["dangling", "gone", "a file", "an empty folder", "spoilt"])
def test_a_current_build_that_is_none_changes_nothing(
    defend: Defend, builds: Path, what: str
) -> None:
    with defend(**LIMITS, build=builds) as service, siege(service):
        link = builds / "current"
        link.unlink()
        if what == "dangling":
            link.symlink_to("nowhere")
        elif what == "a file":
            link.write_text("no build")
        elif what == "an empty folder":
            link.mkdir()
        elif what == "spoilt":
            (builds / "two" / "dumps" / "samenhang.nq").write_text("no quads")
            link.symlink_to("two")
        time.sleep(2)
        assert version(service) == "one"
        assert service.target.ask("SELECT * { ?s ?p ?o } LIMIT 3").status == 200
