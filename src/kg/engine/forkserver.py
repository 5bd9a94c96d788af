"""The fork server: loads the store once and forks the workers that evaluate queries.

It is single-threaded and holds nothing but the store, so that a fork is cheap and safe. It runs
as ``python -m kg.engine.forkserver`` and obeys the front processes that connect to it over
sockets: ``fork`` with a descriptor gives the pid of a worker that serves that descriptor, and a
descriptor to signal it by; ``reap PID`` gives the wait status of a worker that has ended;
``learn`` makes the workers to come able to explain queries. A front that hangs up, or dies, takes
its workers with it, and the last front the fork server.
"""

import importlib
import json
import os
import selectors
import signal
import socket
import sys
import traceback
from contextlib import suppress
from dataclasses import asdict, dataclass

from pyoxigraph import RdfFormat, Store

from kg.engine.worker import EXPLANATION, View, serve
from kg.processes import die_with

__all__ = ["MESSAGE", "Limits", "arguments"]

MESSAGE = 64  # bytes that no message is longer than
_COPY_INTO_DEFAULT_GRAPH = "INSERT { ?s ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o } }"


@dataclass(frozen=True)
class Limits:
    """What the fork server is told: where the data is, and what a worker may take.

    The N-Quads file ``dump`` is loaded into memory; without one, each worker opens the ``store``
    on disk. With ``copy``, the union of all graphs is made the default graph of the memory.
    ``view`` is what workers take for the default graph. ``lifetime`` is in seconds, ``memory`` in
    bytes beyond what a worker has at its start.
    """

    store: str
    dump: str | None
    copy: bool
    view: View
    lifetime: float
    memory: int


def arguments(limits: Limits, listener: int) -> list[str]:
    """Return the command line of a fork server that takes connections from a descriptor."""
    return [sys.executable, "-m", "kg.engine.forkserver", str(listener), json.dumps(asdict(limits))]


def _main(listener: socket.socket, limits: Limits) -> None:
    for stop in (signal.SIGINT, signal.SIGTERM):
        signal.signal(stop, signal.SIG_IGN)  # the fronts decide when to stop: they hang up
    store = _load(limits.dump, copy=limits.copy) if limits.dump else None
    with selectors.DefaultSelector() as selector:
        selector.register(listener, selectors.EVENT_READ)
        _serve_fronts(selector, listener, _Nursery(store, limits, selector))


def _serve_fronts(
    selector: selectors.BaseSelector, listener: socket.socket, nursery: "_Nursery"
) -> None:
    fronts: dict[socket.socket, set[int]] = {}
    while True:
        for key, _ in selector.select():
            if key.fileobj is listener:
                front, _ = listener.accept()
                selector.register(front, selectors.EVENT_READ, front)
                fronts[front] = set()
                with suppress(ConnectionError):  # then the selector tells that it is gone
                    front.send(b"ready")
            elif not nursery.obey(key.data, fronts[key.data]):
                selector.unregister(key.data)
                key.data.close()
                for pid in fronts.pop(key.data):
                    os.kill(pid, signal.SIGKILL)
                    os.waitpid(pid, 0)
        if not fronts:
            return


def _load(dump: str, *, copy: bool) -> Store:
    store = Store()
    store.bulk_load(path=dump, format=RdfFormat.N_QUADS, lenient=True)
    if copy:
        store.update(_COPY_INTO_DEFAULT_GRAPH)
    return store


@dataclass(frozen=True)
class _Nursery:
    """Brings up workers and buries them."""

    store: Store | None
    limits: Limits
    selector: selectors.BaseSelector

    def obey(self, front: socket.socket, workers: set[int]) -> bool:
        """Do what a front says; tells whether it is still there."""
        try:
            message, descriptors, _, _ = socket.recv_fds(front, MESSAGE, 1)
            command, _, argument = message.decode().partition(" ")
            if command in ("fork", "federate"):
                self._fork(front, descriptors[0], workers, federate=command == "federate")
            elif command == "reap":
                front.send(b"%d" % _status(int(argument), workers))
            elif command == "learn":
                importlib.import_module(EXPLANATION)
                front.send(b"learnt")
        except ConnectionError:
            return False
        return bool(message)

    def _fork(
        self, front: socket.socket, descriptor: int, workers: set[int], *, federate: bool
    ) -> None:
        parent = os.getpid()
        try:
            pid = os.fork()
            if not pid:
                self._become_worker(parent, descriptor, federate=federate)
            workers.add(pid)
            handle = os.pidfd_open(pid)
        except OSError as error:  # no process, no descriptor: there may be one later
            front.send(str(error).encode()[:MESSAGE])
            return
        finally:
            os.close(descriptor)
        try:
            socket.send_fds(front, [b"%d" % pid], [handle])
        finally:
            os.close(handle)

    def _become_worker(self, parent: int, descriptor: int, *, federate: bool) -> None:
        try:
            die_with(parent)
            for key in tuple(self.selector.get_map().values()):
                os.close(key.fd)
            self.selector.close()
            serve(
                socket.socket(fileno=descriptor),
                self._open,
                self.limits.view,
                self.limits.lifetime,
                self.limits.memory,
                federate=federate,
            )
        except BaseException:  # noqa: BLE001 - nothing of the parent's code may run on in the child
            traceback.print_exc()
            os._exit(1)
        os._exit(0)

    def _open(self) -> Store:
        return Store.read_only(self.limits.store) if self.store is None else self.store


def _status(pid: int, workers: set[int]) -> int:
    """Return the wait status of a worker that has ended; 0 of a process that is none."""
    if pid not in workers:
        return 0
    ended, status = os.waitpid(pid, os.WNOHANG)
    workers.discard(ended)
    return status


if __name__ == "__main__":
    _main(socket.socket(fileno=int(sys.argv[1])), Limits(**json.loads(sys.argv[2])))
