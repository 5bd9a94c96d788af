"""Workers, as the front process sees them: processes that are asked, stopped and killed."""

import asyncio
import fcntl
import json
import logging
import os
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from threading import Thread

from kg.engine.forkserver import MESSAGE, Limits, arguments
from kg.engine.worker import HEADER
from kg.errors import EngineFailed

__all__ = ["ForkServer", "Worker"]

BUFFER = 2**20  # bytes of a reply that lie ready for the front

log = logging.getLogger(__name__)


class Worker:
    """The front's end of a worker process.

    ``is_idle`` when it owes no part of a reply, ``is_spent`` when it took so much memory that it
    is better replaced.
    """

    def __init__(
        self,
        pid: int,
        handle: int,
        streams: tuple[asyncio.StreamReader, asyncio.StreamWriter],
        server: "ForkServer",
    ) -> None:
        self.is_idle = True
        self.is_spent = False
        self._burial: asyncio.Task[int] | None = None
        self._pid, self._handle, self._server = pid, handle, server
        self._reader, self._writer = streams

    @property
    def is_gone(self) -> bool:
        """Whether the process ended while it had nothing to do."""
        return self._reader.at_eof()

    def ask(self, request: Mapping[str, object]) -> None:
        """Send a request."""
        self.is_idle = False
        payload = json.dumps(request).encode()
        self._writer.write(HEADER.pack(b"Q", len(payload)) + payload)

    async def receive(self) -> tuple[bytes, bytes]:
        """Return tag and payload of the next frame.

        Raises ``EOFError`` when the worker is gone, ``ConnectionError`` when it went before it had
        read the request.
        """
        try:
            tag, length = HEADER.unpack(await self._reader.readexactly(HEADER.size))
            return tag, await self._reader.readexactly(length)
        except asyncio.IncompleteReadError:
            raise EOFError from None

    def pause(self) -> None:
        """Let the process stand still."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let the process go on."""
        self._signal(signal.SIGCONT)

    def kill(self) -> None:
        """End the process, whatever it does."""
        self._signal(signal.SIGKILL)

    def _signal(self, number: signal.Signals) -> None:
        if self._burial is None:
            with suppress(ProcessLookupError):  # it ended by itself
                signal.pidfd_send_signal(self._handle, number)

    def burial(self) -> asyncio.Task[int]:
        """Return the wait for the end of the process, and for its status.

        The status is 0 if nobody knows it any more.
        """
        if self._burial is None:
            self._burial = asyncio.create_task(self._bury())
        return self._burial

    async def _bury(self) -> int:
        self._writer.close()
        loop = asyncio.get_running_loop()
        gone = asyncio.Event()
        loop.add_reader(self._handle, gone.set)
        try:
            await gone.wait()
        finally:
            loop.remove_reader(self._handle)
            os.close(self._handle)
        return await self._server.reap(self._pid)


class ForkServer:
    """The front's end of a fork server, which may be another front's as well.

    Fronts that name the same ``folder`` and the same limits share one. It is started when it is
    needed and started again when it has ended.
    """

    def __init__(self, limits: Limits, folder: Path | None = None) -> None:
        self._limits, self._folder = limits, folder
        self._lock = asyncio.Lock()
        self._births: set[asyncio.Task[Worker]] = set()
        self._control: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None

    async def fork(self, *, federate: bool = False) -> Worker:
        """Return a new worker; raises ``EngineFailed`` if there can be none."""
        birth = asyncio.create_task(self._fork(federate=federate))
        self._births.add(birth)
        birth.add_done_callback(self._births.discard)
        try:
            return await asyncio.shield(birth)
        except asyncio.CancelledError:
            birth.add_done_callback(_abandon)
            raise

    async def _fork(self, *, federate: bool) -> Worker:
        ours, theirs = socket.socketpair()
        for end in (ours, theirs):
            end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, BUFFER)
        try:
            with theirs:
                command = b"federate" if federate else b"fork"
                message, handles = await self._order(command, theirs.fileno())
        except BaseException:
            ours.close()
            raise
        if not handles:
            ours.close()  # of a worker whose handle could not be taken, this is the end
            raise EngineFailed(f"No process can be started: {message.decode()}.")
        streams = await asyncio.open_connection(sock=ours, limit=BUFFER)
        return Worker(int(message), handles[0], streams, self)

    async def reap(self, pid: int) -> int:
        """Return the wait status of a worker that has ended; 0 if its parent ended, too."""
        async with self._lock:
            if self._control is None:
                return 0
            try:
                message, _ = await asyncio.to_thread(self._tell, b"reap %d" % pid)
            except EngineFailed:
                return 0
            return int(message)

    async def learn(self) -> None:
        """Make the workers to come able to explain queries."""
        await asyncio.shield(self._order(b"learn"))

    async def close(self) -> None:
        """Let go of the fork server; with its last front, it ends."""
        while self._births:
            await asyncio.wait(self._births)
        async with self._lock:
            await asyncio.to_thread(self._hang_up)

    async def _order(
        self, command: bytes, descriptor: int | None = None
    ) -> tuple[bytes, list[int]]:
        async with self._lock:
            try:
                return await asyncio.to_thread(self._tell, command, descriptor)
            except EngineFailed:  # it has ended: the next is another
                return await asyncio.to_thread(self._tell, command, descriptor)

    def _tell(self, command: bytes, descriptor: int | None = None) -> tuple[bytes, list[int]]:
        if self._control is None:
            self._control = self._connect()
        try:
            if descriptor is None:
                self._control.send(command)
            else:
                socket.send_fds(self._control, [command], [descriptor])
            message, handles, _, _ = socket.recv_fds(self._control, MESSAGE, 1)
        except OSError:
            message = b""
        if not message:
            log.error("the process that holds the store has ended")
            self._hang_up()
            raise EngineFailed("The process that holds the store has ended; see the log.")
        return message, handles

    def _connect(self) -> socket.socket:
        with _place(self._folder) as folder:
            path = folder / sha256(repr(self._limits).encode()).hexdigest()[:16]
            with (folder / "lock").open("w") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                control = _connected(path) or self._start(path)
        try:
            if control.recv(MESSAGE) == b"ready":
                return control
        except OSError:
            pass
        control.close()
        raise EngineFailed("The process that holds the store could not load it; see the log.")

    def _start(self, path: Path) -> socket.socket:
        path.unlink(missing_ok=True)
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as listener:
            listener.bind(str(path))
            listener.listen()
            self._process = subprocess.Popen(
                arguments(self._limits, listener.fileno()),
                pass_fds=[listener.fileno()],
                stdin=subprocess.DEVNULL,
            )
            control = _connected(path)
        Thread(target=self._process.wait, daemon=True).start()  # so that it does not stay a zombie
        if control is None:
            raise EngineFailed("The process that holds the store could not be started.")
        return control

    def _hang_up(self) -> None:
        if self._control:
            self._control.close()
            self._control = None
        if self._process and self._folder is None:
            self._process.wait()
            self._process = None


def _abandon(birth: asyncio.Task[Worker]) -> None:
    """End a worker that nobody waits for any more."""
    if not birth.cancelled() and not birth.exception():
        birth.result().kill()
        birth.result().burial()


@contextmanager
def _place(folder: Path | None) -> Iterator[Path]:
    """Give the folder of the sockets, a passing one if there is none to share.

    It comes by a short name, whatever its own: that of a socket has 107 bytes at most.
    """
    with ExitStack() as stack:
        path = folder or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="samenhang-")))
        descriptor = os.open(path, os.O_PATH | os.O_DIRECTORY)
        stack.callback(os.close, descriptor)
        yield Path(f"/proc/self/fd/{descriptor}")


def _connected(path: Path) -> socket.socket | None:
    control = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    try:
        control.connect(str(path))
    except OSError:
        control.close()
        return None
    return control
