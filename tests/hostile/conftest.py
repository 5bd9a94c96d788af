"""What is attacked: real services of the project's data, with small limits."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from hostile.attacker import Target
from hostile.observer import Defend, Service, children, observe
from kg.build import Build
from serving import KG, ROOT, serving

WAITS = pytest.StashKey[list[tuple[float, str]]]()


@pytest.fixture(scope="session")
def defend(
    built: Build, tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config
) -> Defend:
    """Run a service with the settings that are given, and warm it up."""
    waits = pytestconfig.stash.setdefault(WAITS, [])

    @contextmanager
    def defended(**settings: object) -> Iterator[Service]:
        given = {"build": built.path.parent, "project": ROOT, **settings}
        variables = {f"KG_{name.upper()}": str(value) for name, value in given.items()}
        with serving(KG, tmp_path_factory.mktemp("fortress"), variables) as url:
            target = Target("127.0.0.1", int(url.rpartition(":")[2]))
            for number in range(20):
                assert target.ask(f"ASK {{ ?s ?p {number} }}").status == 200
            pid = _server(target.port)
            yield Service(target, pid, observe(pid), waits)

    return defended


def _server(port: int) -> int:
    end = f"--port\0{port}\0".encode()
    (pid,) = (
        child
        for child in children(os.getpid())
        if Path(f"/proc/{child}/cmdline").read_bytes().endswith(end)
    )
    return pid


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Tell how long those waited who asked something small during the attacks."""
    waits = sorted(config.stash.get(WAITS, []))
    if waits:
        (median, _), (worst, test) = waits[len(waits) // 2], waits[-1]
        terminalreporter.write_line(
            f"hostile: {len(waits)} probes, median {median * 1000:.0f} ms, "
            f"worst {worst * 1000:.0f} ms in {test}"
        )
