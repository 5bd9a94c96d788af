"""Metrics as Prometheus reads them: in one process, and over several."""

import asyncio
import math
import os
import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import get_args

import pytest
from prometheus_client import REGISTRY, generate_latest
from prometheus_client.parser import text_string_to_metric_families

from kg.access_log import Observation, Outcome
from kg.metrics import Kill, Metrics, State
from serving import ROOT

PATIENCE = 60  # seconds until a process that does not end is given up

Samples = dict[tuple[str, frozenset[tuple[str, str]]], float]


def query(outcome: Outcome, seconds: float = 0.02, **fields: object) -> Observation:
    known = {"method": "GET", "path": "/sparql", "status": 200, "rows": 3, "bytes": 100}
    return Observation(outcome=outcome, seconds=seconds, **known | fields)


def samples(body: bytes) -> Samples:
    """Return the samples of an exposition, read by the library's own parser."""
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(body.decode())
        for sample in family.samples
    }


def shown(metrics: Metrics, name: str, **labels: str) -> float:
    return samples(metrics.render()[0])[name, frozenset(labels.items())]


def test_the_metrics_come_in_the_text_format() -> None:
    body, media_type = Metrics().render()
    assert media_type == "text/plain; version=0.0.4; charset=utf-8"
    assert b"# TYPE samenhang_queries_total counter\n" in body
    assert body.endswith(b"\n")


def test_every_outcome_is_shown_before_it_happens() -> None:
    found = samples(Metrics().render()[0])
    outcomes = {dict(labels)["outcome"] for name, labels in found if name.endswith("queries_total")}
    assert outcomes == set(get_args(Outcome)) - {"page"}
    assert {value for (name, _), value in found.items() if name.endswith("queries_total")} == {0}


@pytest.mark.parametrize("outcome", [name for name in get_args(Outcome) if name != "page"])
def test_a_query_is_counted_by_its_outcome(outcome: Outcome) -> None:
    metrics = Metrics()
    metrics.observe(query(outcome))
    metrics.observe(query(outcome))
    assert shown(metrics, "samenhang_queries_total", outcome=outcome) == 2
    request = {"path": "/sparql", "method": "GET", "status": "200"}
    assert shown(metrics, "samenhang_requests_total", **request) == 2
    assert shown(metrics, "samenhang_answer_rows_total") == 6
    assert shown(metrics, "samenhang_answer_bytes_total") == 200


def test_a_page_is_a_request_and_no_query() -> None:
    metrics = Metrics()
    metrics.observe(Observation("GET", "/", 200, "page", seconds=0.02, bytes=5))
    assert shown(metrics, "samenhang_requests_total", path="/", method="GET", status="200") == 1
    assert shown(metrics, "samenhang_query_duration_seconds_count", cache="miss") == 0
    assert (
        sum(value for (name, _), value in samples(metrics.render()[0]).items() if "queries" in name)
        == 0
    )
    assert shown(metrics, "samenhang_answer_bytes_total") == 5


@pytest.mark.parametrize(
    ("outcome", "cache"),
    [("hit", "hit"), ("not modified", "hit"), ("answered", "miss"), ("timeout", "miss")],
)
def test_durations_tell_the_cache_from_evaluation(outcome: Outcome, cache: str) -> None:
    metrics = Metrics()
    metrics.observe(query(outcome, seconds=0.02, waited=0.004))
    name = "samenhang_query_duration_seconds"
    assert shown(metrics, f"{name}_count", cache=cache) == 1
    assert shown(metrics, f"{name}_sum", cache=cache) == 0.02
    assert shown(metrics, f"{name}_bucket", cache=cache, le="0.01") == 0
    assert shown(metrics, f"{name}_bucket", cache=cache, le="0.025") == 1
    waits = 0 if cache == "hit" else 1
    assert shown(metrics, "samenhang_query_wait_seconds_count") == waits
    assert shown(metrics, "samenhang_query_wait_seconds_sum") == waits * 0.004


def test_durations_are_told_from_a_millisecond_to_a_minute() -> None:
    bounds = sorted(
        float(dict(labels)["le"])
        for name, labels in samples(Metrics().render()[0])
        if name == "samenhang_query_duration_seconds_bucket" and ("cache", "hit") in labels
    )
    assert (bounds[0], bounds[-2], bounds[-1]) == (0.001, 60, math.inf)


def test_methods_that_somebody_makes_up_are_counted_as_one() -> None:
    metrics = Metrics()
    for number in range(1000):
        metrics.observe(Observation(f"M{number}", "other", 405, "refused"))
    counted = {"path": "other", "method": "other", "status": "405"}
    assert shown(metrics, "samenhang_requests_total", **counted) == 1000
    assert len(metrics._request) == 1


def test_what_befalls_workers_cache_and_builds_is_counted() -> None:
    metrics = Metrics()
    metrics.killed("memory")
    metrics.forked()
    metrics.looked_up(hit=True)
    metrics.looked_up(hit=False)
    metrics.looked_up(hit=False)
    assert shown(metrics, "samenhang_kills_total", reason="memory") == 1
    assert shown(metrics, "samenhang_kills_total", reason="timeout") == 0
    assert shown(metrics, "samenhang_forks_total") == 1
    assert shown(metrics, "samenhang_cache_lookups_total", result="hit") == 1
    assert shown(metrics, "samenhang_cache_lookups_total", result="miss") == 2


def test_the_version_served_is_the_one_that_is_1() -> None:
    metrics = Metrics()
    metrics.serving("aaa")
    metrics.serving("aaa")
    assert shown(metrics, "samenhang_dataset_info", version="aaa") == 1
    assert shown(metrics, "samenhang_build_pickups_total") == 0
    metrics.serving("bbb")
    assert shown(metrics, "samenhang_dataset_info", version="aaa") == 0
    assert shown(metrics, "samenhang_dataset_info", version="bbb") == 1
    assert shown(metrics, "samenhang_build_pickups_total") == 1


def test_the_state_is_that_of_the_scrape() -> None:
    now = State()
    metrics = Metrics(lambda: now)
    assert shown(metrics, "samenhang_workers", state="parked") == 0
    now = State(1, 2, 3, 4, 5, 6, 7, 8)
    for state, count in {"running": 1, "idle": 2, "parked": 3}.items():
        assert shown(metrics, "samenhang_workers", state=state) == count
    assert shown(metrics, "samenhang_queue_length") == 4
    assert shown(metrics, "samenhang_connections") == 5
    assert shown(metrics, "samenhang_cache_entries") == 6
    assert shown(metrics, "samenhang_cache_bytes") == 7
    assert shown(metrics, "samenhang_log_lines_dropped_total") == 8
    now = State(dropped_lines=10)
    assert shown(metrics, "samenhang_log_lines_dropped_total") == 10


def test_the_state_is_taken_down_again_and_again() -> None:
    taken = 0
    enough = asyncio.Event()

    def source() -> State:
        nonlocal taken
        taken += 1
        if taken == 3:
            enough.set()
        return State()

    async def run() -> None:
        sampling = asyncio.create_task(Metrics(source).keep_sampling(every=0.001))
        await asyncio.wait_for(enough.wait(), PATIENCE)
        sampling.cancel()

    asyncio.run(run())
    assert taken >= 3


def test_metrics_touch_nothing_that_others_share() -> None:
    Metrics().observe(query("answered"))
    assert shown(Metrics(), "samenhang_queries_total", outcome="answered") == 0
    assert b"samenhang" not in generate_latest(REGISTRY)


def front(folder: Path, *statements: str) -> "subprocess.Popen[bytes]":
    """Start a front process that runs statements on its metrics; it ends with its input."""
    program = "\n".join(
        [
            "import sys",
            "from kg.access_log import Observation",
            "from kg.metrics import Metrics, State",
            *statements,
            "sys.stdout.flush()",
            "sys.stdin.read()",
        ]
    )
    return subprocess.Popen(
        [sys.executable, "-c", program],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=os.environ | {"PROMETHEUS_MULTIPROC_DIR": str(folder)},
    )


def end(processes: Iterable["subprocess.Popen[bytes]"]) -> None:
    for process in processes:
        process.communicate(timeout=PATIENCE)
        assert process.returncode == 0


def test_each_of_several_fronts_answers_for_all(tmp_path: Path) -> None:
    siblings = [
        front(
            tmp_path,
            f"metrics = Metrics(lambda: State(running={count}, queued=1))",
            f"for _ in range({count}):",
            "    metrics.observe(Observation('GET', '/sparql', 200, 'answered', seconds=0.02))",
            "metrics.serving('aaa')",
            "metrics.sample()",
            "print('ready')",
        )
        for count in (1, 2)
    ]
    for sibling in siblings:
        assert sibling.stdout
        assert sibling.stdout.readline() == b"ready\n"
    asked, _ = front(
        tmp_path,
        "metrics = Metrics(lambda: State(running=4))",
        "body, media_type = metrics.render()",
        "sys.stdout.buffer.write(body)",
    ).communicate(timeout=PATIENCE)
    found = samples(asked)
    assert found["samenhang_queries_total", frozenset({("outcome", "answered")})] == 3
    assert found["samenhang_workers", frozenset({("state", "running")})] == 7
    assert found["samenhang_queue_length", frozenset()] == 2
    assert found["samenhang_dataset_info", frozenset({("version", "aaa")})] == 1
    durations = "samenhang_query_duration_seconds_count", frozenset({("cache", "miss")})
    assert found[durations] == 3

    end(siblings)
    ended = siblings[0].pid
    supervisor = f"import os; os.environ['PROMETHEUS_MULTIPROC_DIR'] = {str(tmp_path)!r}"
    subprocess.run(
        [sys.executable, "-c", f"from kg.metrics import forget; {supervisor}; forget({ended})"],
        timeout=PATIENCE,
        check=True,
    )
    left, _ = front(tmp_path, "sys.stdout.buffer.write(Metrics().render()[0])").communicate(
        timeout=PATIENCE
    )
    found = samples(left)
    assert found["samenhang_queries_total", frozenset({("outcome", "answered")})] == 3
    assert found["samenhang_queue_length", frozenset()] == 1


def test_what_is_said_for_operators_is_what_there_is() -> None:
    said = (ROOT / "docs/operating.md").read_text()
    body = Metrics().render()[0].decode()
    families = set(re.findall(r"^# TYPE (samenhang_\w+)", body, re.MULTILINE))
    named = set(re.findall(r"samenhang_\w+", said))
    assert {re.sub("_bucket$", "", name) for name in named} == families
    outcomes = set(re.findall(r"^\| `([a-z ]+)` \| (?:any|\d)", said, re.MULTILINE))
    assert outcomes == set(get_args(Outcome))
    (kills,) = re.findall(r"^\| `samenhang_kills_total`.*", said, re.MULTILINE)
    assert set(re.findall("`([a-z]+)`", kills)) - {"reason"} == set(get_args(Kill))
