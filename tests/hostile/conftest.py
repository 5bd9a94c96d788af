"""What is attacked: real services of the project's data, with small limits."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from hostile.attacker import ATTACKER, NEIGHBOUR, Target
from hostile.observer import PROMPT, Defend, Service, Wait, observe, until
from kg.build import Build
from processes import children, command
from serving import KG, ROOT, serving

WAITS = pytest.StashKey[list[Wait]]()


@pytest.fixture(scope="session")
def defend(
    built: Build, tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config
) -> Defend:
    """Run a service with the settings that are given, and warm it up."""
    waits = pytestconfig.stash.setdefault(WAITS, [])

    @contextmanager
    def defended(*, workers: int = 1, query_workers: int, **settings: object) -> Iterator[Service]:
        counts = {"workers": workers, "query_workers": query_workers}
        given = {"build": built.path.parent, "project": ROOT, **counts, **settings}
        # Each front and its workers, the process that holds the store, and that of several fronts.
        processes = workers * (1 + query_workers) + 1 + (workers > 1)
        variables = {f"KG_{name.upper()}": str(value) for name, value in given.items()}
        with serving(KG, tmp_path_factory.mktemp("fortress"), variables) as url:
            target = Target("127.0.0.1", int(url.rpartition(":")[2]))
            for number in range(20):
                assert target.ask(f"ASK {{ ?s ?p {number} }}").status == 200
            pid = _server(target.port)
            assert until(lambda: observe(pid).processes == processes, PROMPT), observe(pid)
            yield Service(target, pid, observe(pid), waits)

    return defended


def _server(port: int) -> int:
    end = ["--port", str(port)]
    (pid,) = (child for child in children(os.getpid()) if command(child)[-2:] == end)
    return pid


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Tell how long those waited who asked something small during the attacks."""
    for source, who in ((NEIGHBOUR, "others"), (ATTACKER, "the attacker")):
        waits = sorted(wait for wait in config.stash.get(WAITS, []) if wait.source == source)
        if waits:
            median, worst = waits[len(waits) // 2], waits[-1]
            terminalreporter.write_line(
                f"hostile: {len(waits)} probes by {who}, median {median.seconds * 1000:.0f} ms, "
                f"worst {worst.seconds * 1000:.0f} ms in {worst.test}"
            )
