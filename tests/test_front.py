"""Fronts: one or several processes on one address, on one copy of the store."""

import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import pytest

from kg.build import Build
from processes import children, command, descendants, runs
from serving import KG, ROOT, serving

FRONTS = 3


@pytest.fixture
def url(built: Build, tmp_path: Path) -> Iterator[str]:
    """The address of a service with several fronts."""
    settings = {
        "KG_BUILD": str(built.path.parent),
        "KG_PROJECT": str(ROOT),
        "KG_WORKERS": str(FRONTS),
        "KG_QUERY_WORKERS": "2",
    }
    with serving(KG, tmp_path, settings) as address:
        yield address


def processes(url: str) -> dict[int, list[str]]:
    """The processes below the one that listens on the port of an address, with their commands."""
    port = url.rpartition(":")[2]
    commands = {pid: command(pid) for pid in psutil.pids()}
    own = {pid for pid, words in commands.items() if words[2:5] == ["serve", "--port", port]}
    # A child that has not begun its own program yet has the command of its parent.
    (top,) = roots(own)
    return {pid: commands.get(pid, []) for pid in (top, *descendants(top))}


def roots(pids: set[int]) -> set[int]:
    """Those that none of the others has begun."""
    return pids - {child for pid in pids for child in children(pid)}


def of_kind(url: str, module: str) -> set[int]:
    return {pid for pid, command in processes(url).items() if module in command}


def ask(url: str, number: int) -> bool:
    query = {"query": f"ASK {{}} # {number}"}
    return bool(httpx.get(f"{url}/sparql", params=query, timeout=30).json()["boolean"])


def test_several_fronts_share_one_copy_of_the_store(url: str) -> None:
    assert all(ask(url, number) for number in range(20))
    assert len(of_kind(url, "kg.front")) == FRONTS
    of_store = of_kind(url, "kg.engine.forkserver")
    holders = roots(of_store)
    assert len(holders) == 1
    assert len(of_store - holders) == FRONTS * 2


def test_each_front_shows_what_all_have_counted(url: str) -> None:
    asked = sum(ask(url, number) for number in range(30))
    for _ in range(5):
        metrics = httpx.get(f"{url}/metrics").text
        (counted,) = re.findall(
            r'^samenhang_queries_total{outcome="answered"} (\S+)', metrics, re.MULTILINE
        )
        assert float(counted) == asked == 30


def test_a_front_that_dies_is_replaced_and_the_others_go_on(url: str) -> None:
    first = of_kind(url, "kg.front")
    os.kill(min(first), signal.SIGKILL)
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            ask(url, int(time.monotonic() * 1000))
        except httpx.TransportError:
            continue  # it was on its way to the one that died
        if len(of_kind(url, "kg.front") - first) == 1:
            break
    assert len(of_kind(url, "kg.front")) == FRONTS
    assert of_kind(url, "kg.front") & first


@pytest.mark.parametrize("blow", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_when_the_first_process_ends_all_do(url: str, blow: signal.Signals) -> None:
    family = processes(url)
    assert len(family) > 2 + FRONTS
    os.kill(min(family), blow)
    deadline = time.monotonic() + 20
    while (left := [pid for pid in family if runs(pid)]) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert left == []


def test_any_rdf_files_can_be_served(tmp_path: Path) -> None:
    (tmp_path / "one.ttl").write_text("<urn:a> <urn:b> 1, 2 .")
    (tmp_path / "two.nq").write_text('<urn:a> <urn:b> "3" <urn:g> .\n')
    files = (tmp_path / "one.ttl", tmp_path / "two.nq")
    with serving(KG, tmp_path, {"KG_PROJECT": str(ROOT)}, *files) as url:
        query = {"query": "SELECT ?o { <urn:a> <urn:b> ?o } ORDER BY ?o", "format": "csv"}
        assert httpx.get(f"{url}/sparql", params=query).text.split() == ["o", "1", "2", "3"]
        assert httpx.get(f"{url}/health").json()["triples"] == 3
        assert httpx.get(url).status_code == 200


def test_files_that_cannot_be_served_are_told_with_their_place(tmp_path: Path) -> None:
    (tmp_path / "bad.ttl").write_text("<urn:a> <urn:b>\n <urn:c")
    done = subprocess.run(
        [KG, "serve", tmp_path / "bad.ttl"], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 1
    assert done.stderr.startswith(f"{tmp_path / 'bad.ttl'}:2:")


def test_an_address_that_is_taken_is_told(url: str, built: Build) -> None:
    settings = {"KG_BUILD": str(built.path.parent), "KG_PROJECT": str(ROOT)}
    port = url.rpartition(":")[2]
    done = subprocess.run(
        [KG, "serve", "--port", port],
        env=os.environ | settings,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 1
    assert "in use" in done.stderr
