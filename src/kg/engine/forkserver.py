"""The fork server: loads the store once and forks the workers that evaluate queries.

It is single-threaded and holds nothing but the store, so that a fork is cheap and safe. It runs
as ``python -m kg.engine.forkserver`` and obeys the front process over a socket: ``fork`` with a
descriptor gives the pid of a worker that serves that descriptor, ``end PID`` kills that worker
and gives its wait status. Since the fork server reaps no worker unasked, a pid that the front
knows is never that of another process.
"""

import ctypes
import json
import os
import signal
import socket
import sys
import traceback
from dataclasses import asdict, dataclass

from pyoxigraph import RdfFormat, Store

from kg.engine.worker import serve

__all__ = ["Limits", "arguments"]

_PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class Limits:
    """What the fork server is told: where the data is, and what a worker may take.

    The N-Quads file ``dump`` is loaded into memory; without one, each worker opens the ``store``
    on disk. ``timeout`` in seconds, ``memory`` in bytes beyond what the worker has at its start.
    """

    store: str
    dump: str | None
    timeout: float
    memory: int


def arguments(limits: Limits, control: int) -> list[str]:
    """Return the command line of a fork server that obeys the descriptor ``control``."""
    return [sys.executable, "-m", "kg.engine.forkserver", str(control), json.dumps(asdict(limits))]


def _main(control: socket.socket, limits: Limits) -> None:
    for stop in (signal.SIGINT, signal.SIGTERM):
        signal.signal(stop, signal.SIG_IGN)  # the front decides when to stop: it hangs up
    store = _load(limits.dump) if limits.dump else None
    control.send(b"ready")
    workers: set[int] = set()
    while True:
        message, descriptors, _, _ = socket.recv_fds(control, 64, 1)
        command, _, argument = message.decode().partition(" ")
        if command == "fork":
            control.send(str(_fork(control, descriptors[0], store, limits, workers)).encode())
        elif command == "end":
            control.send(str(_end(int(argument), workers)).encode())
        else:
            break  # the front is gone
    for pid in tuple(workers):
        _end(pid, workers)


def _load(dump: str) -> Store:
    store = Store()
    store.bulk_load(path=dump, format=RdfFormat.N_QUADS, lenient=True)
    return store


def _fork(
    control: socket.socket, descriptor: int, store: Store | None, limits: Limits, workers: set[int]
) -> int:
    pid = os.fork()
    if pid:
        os.close(descriptor)
        workers.add(pid)
        return pid
    try:
        control.close()
        _die_with_parent()
        serve(
            socket.socket(fileno=descriptor),
            lambda: Store.read_only(limits.store) if store is None else store,
            limits.timeout,
            limits.memory,
        )
    except BaseException:  # noqa: BLE001 - nothing of the parent's code may run on in the child
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def _end(pid: int, workers: set[int]) -> int:
    if pid not in workers:
        return 0  # it ended with the fork server before this one
    workers.remove(pid)
    os.kill(pid, signal.SIGKILL)
    return os.waitpid(pid, 0)[1]


def _die_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


if __name__ == "__main__":
    _main(socket.socket(fileno=int(sys.argv[1])), Limits(**json.loads(sys.argv[2])))
