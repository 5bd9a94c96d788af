"""A real service for tests, ``kg serve`` in a process of its own, and who it must know."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

ROOT = Path(__file__).parents[1]
KG = Path(sys.executable).with_name("kg")
PARTNERS = (
    *("'s Heerenloo", "Icare", "Lindenhout", "Malkander", "Mee Veluwe", "Opella", "RibwAVV"),
    "Youké",
)
CURL = pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
PATIENCE = 120  # seconds until a service that does not answer is given up


@contextmanager
def serving(kg: Path, folder: Path, settings: Mapping[str, str], *files: Path) -> Iterator[str]:
    """Run a ``kg serve`` in a folder, with those variables as its only settings; yields its URL.

    With files, it serves these.
    """
    port = _free_port()
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("KG_")}
    log = folder / f"serve-{port}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [kg, "serve", "--port", str(port), *files],
            cwd=folder,
            env=inherited | dict(settings),
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        url = f"http://127.0.0.1:{port}"
        _await(process, url, log)
        yield url
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _await(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < deadline:
        try:
            if httpx.get(f"{url}/health").is_success:
                return
        except httpx.TransportError:
            time.sleep(0.05)
    raise AssertionError(f"kg serve does not answer:\n{log.read_text()}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
