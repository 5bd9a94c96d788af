"""The servers that are measured, each run in a process of its own on the same data."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

__all__ = [
    "IN_MEMORY",
    "ON_DISK",
    "OURS",
    "Server",
    "ours",
    "oxigraph_in_memory",
    "oxigraph_on_disk",
    "rdflib_endpoint",
]

OURS, IN_MEMORY, ON_DISK = "kg serve", "oxigraph in memory", "oxigraph on disk"

PATIENCE = 600  # seconds that a server has to load its data
GRACE = 10  # seconds that it has to stop


@dataclass(frozen=True)
class Server:
    """A running server: its name, port, the path that takes queries, its process.

    ``started`` is how many seconds went by from its start to its first answer.
    """

    name: str
    port: int
    path: str
    pid: int
    started: float


@contextmanager
def ours(folder: Path, builds: Path, project: Path) -> Iterator[Server]:
    """Run ``kg serve`` on the current build of a folder of builds."""
    settings = {"KG_BUILD": str(builds), "KG_PROJECT": str(project)}
    port = _free_port()
    command = [_program("kg"), "serve", "--port", str(port)]
    with _running(OURS, command, port, "/sparql", folder, settings) as server:
        yield server


@contextmanager
def oxigraph_in_memory(folder: Path, nquads: Path) -> Iterator[Server]:
    """Run ``oxigraph serve`` and put the data into its memory."""
    port = _free_port()
    command = [
        _program("oxigraph"),
        "serve",
        "--union-default-graph",
        "--bind",
        f"127.0.0.1:{port}",
    ]
    with _running(IN_MEMORY, command, port, "/query", folder) as server:
        with nquads.open("rb") as data:
            request = urllib.request.Request(
                f"http://127.0.0.1:{port}/store?no_transaction&lenient",
                data,
                {"Content-Type": "application/n-quads", "Content-Length": _size(nquads)},
                method="POST",
            )
            urllib.request.urlopen(request, timeout=PATIENCE).close()  # noqa: S310
        yield server


@contextmanager
def oxigraph_on_disk(folder: Path, nquads: Path) -> Iterator[Server]:
    """Load the data into a store and run ``oxigraph serve-read-only`` on it."""
    store, port = str(folder / "oxigraph"), _free_port()
    load = [_program("oxigraph"), "load", "--location", store, "--lenient", "--file", str(nquads)]
    subprocess.run(load, check=True, capture_output=True)
    serve = [
        _program("oxigraph"),
        "serve-read-only",
        "--location",
        store,
        "--union-default-graph",
    ]
    command = [*serve, "--bind", f"127.0.0.1:{port}"]
    with _running(ON_DISK, command, port, "/query", folder) as server:
        yield server


@contextmanager
def rdflib_endpoint(folder: Path, nquads: Path, python: Path) -> Iterator[Server]:
    """Run ``rdflib-endpoint serve`` of another environment, with its default store."""
    port = _free_port()
    serve = [str(python), "-m", "rdflib_endpoint", "serve", "--host", "127.0.0.1"]
    command = [*serve, "--port", str(port), str(nquads)]
    with _running("rdflib-endpoint", command, port, "/", folder) as server:
        yield server


@contextmanager
def _running(
    name: str,
    command: Sequence[str],
    port: int,
    path: str,
    folder: Path,
    settings: Mapping[str, str] | None = None,
) -> Iterator[Server]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("KG_")}
    log = folder / f"{name.replace(' ', '-')}.log"
    begun = time.perf_counter()
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=inherited | dict(settings or {}),
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        while not _answers(f"http://127.0.0.1:{port}{path}?query=ASK%7B%7D"):
            if process.poll() is not None or time.perf_counter() > begun + PATIENCE:
                raise RuntimeError(f"{name} does not answer:\n{log.read_text()}")
            time.sleep(0.01)
        yield Server(name, port, path, process.pid, time.perf_counter() - begun)
    finally:
        process.terminate()
        try:
            process.wait(GRACE)
        except subprocess.TimeoutExpired:
            process.kill()  # it is deaf while it evaluates
            process.wait()


def _program(name: str) -> str:
    return str(Path(sys.executable).with_name(name))


def _answers(url: str) -> bool:
    request = urllib.request.Request(  # noqa: S310 - it is http
        url, headers={"Accept": "application/sparql-results+json"}
    )
    try:
        with urllib.request.urlopen(request) as answer:  # noqa: S310
            answer.read()
    except (urllib.error.URLError, ConnectionError):
        return False
    return True


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _size(path: Path) -> str:
    return str(path.stat().st_size)
