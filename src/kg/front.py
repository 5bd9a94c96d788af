"""Fronts: the processes that take requests, one or several on the same address.

Several share the processes that hold the store. When the process that started them ends, however
it does, all of them end.
"""

import asyncio
import json
import logging
import os
import resource
import signal
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

import uvicorn

from kg import access_log
from kg.app import Application
from kg.build import Build
from kg.deployment import Deployment, embedded
from kg.engine.embedded import EmbeddedEngine
from kg.metrics import Metrics, State, forget
from kg.processes import die_with
from kg.protection import protocol
from kg.settings import Settings

__all__ = ["Service", "run"]

log = logging.getLogger(__name__)

GRACE = 5.0  # seconds that answers under way have when the service is told to stop
TICK = 0.2  # seconds between two looks whether a front process has ended
LONGEST_PAUSE = 15.0  # seconds until others are started in place of those that end at once
BACKLOG = 2048
SAMPLING = "PROMETHEUS_MULTIPROC_DIR"


@dataclass(frozen=True)
class Service:
    """What is served: a build and, if ``watched`` is a folder of builds, those that follow."""

    settings: Settings
    build: Path
    watched: Path | None = None

    def to_json(self) -> str:
        """Return what another process makes the same of."""
        watched = str(self.watched) if self.watched else None
        settings = self.settings.model_dump(mode="json")
        return json.dumps({"settings": settings, "build": str(self.build), "watched": watched})

    @classmethod
    def from_json(cls, text: str) -> "Service":
        """Return the service that ``to_json`` wrote down."""
        told = json.loads(text)
        watched = Path(told["watched"]) if told["watched"] else None
        return cls(Settings(**told["settings"]), Path(told["build"]), watched)


def run(service: Service) -> None:
    """Serve until told to stop; raises ``OSError`` when the address cannot be had."""
    settings = service.settings
    # uvicorn passes the signal on once it has stopped: what is entered here is left all the same.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with _listener(settings) as listener, tempfile.TemporaryDirectory(prefix="samenhang-") as place:
        if settings.workers == 1:
            _serve(service, listener, Path(place))
        else:
            _supervise(service, listener, Path(place))


def _listener(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((settings.host, settings.port))
    listener.listen(BACKLOG)
    listener.setblocking(False)
    return listener


def _serve(service: Service, listener: socket.socket, place: Path) -> None:
    settings = service.settings
    _allow_descriptors()
    with access_log.configure(settings.access_log) as lines:
        server: _Server | None = None

        def state() -> State:
            return server.state(lines.dropped) if server else State()

        metrics = Metrics(state)
        deployment = Deployment(
            Build.open(service.build),
            lambda build: embedded(settings, build, metrics, place),
            settings.cache,
            service.watched,
            metrics,
        )
        application = Application(settings, deployment, metrics)
        config = uvicorn.Config(
            application,
            http=protocol(settings, application.shortcuts, application.observe),  # type: ignore[arg-type]
            loop="uvloop",
            ws="none",
            log_config=None,
            access_log=False,
            server_header=False,
            backlog=BACKLOG,
            timeout_graceful_shutdown=int(GRACE) + 2,
        )
        logging.getLogger("uvicorn").setLevel(logging.WARNING)
        server = _Server(config, deployment, metrics)
        server.run([listener])


def _allow_descriptors() -> None:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


class _Server(uvicorn.Server):
    """A server that, told to stop, refuses what waits and lets what runs come to an end."""

    def __init__(self, config: uvicorn.Config, deployment: Deployment, metrics: Metrics) -> None:
        super().__init__(config)
        self._deployment, self._metrics = deployment, metrics

    def state(self, dropped_lines: int) -> State:
        """Return how the process stands."""
        cache = self._deployment.engine
        engine = cache.engine
        if not isinstance(engine, EmbeddedEngine):
            return State(connections=len(self.server_state.connections))
        return State(
            running=len(engine.schedule.running),
            idle=engine.idle,
            parked=len(engine.schedule.standing),
            queued=len(engine.schedule.waiting),
            connections=len(self.server_state.connections),
            cache_entries=len(cache),
            cache_bytes=cache.size,
            dropped_lines=dropped_lines,
        )

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if SAMPLING in os.environ:
            self._sampling = asyncio.create_task(self._metrics.keep_sampling())
        for listener in sockets or []:
            host, port, *_ = listener.getsockname()
            log.info("serving http://%s:%d", f"[{host}]" if ":" in host else host, port)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._deployment.wind_down(at_once=False)
        asyncio.get_running_loop().call_later(
            GRACE, lambda: self._deployment.wind_down(at_once=True)
        )
        await super().shutdown(sockets)


def _supervise(service: Service, listener: socket.socket, place: Path) -> None:
    """Keep as many fronts running as there shall be; pass on the wish to stop."""
    (place / "metrics").mkdir()
    os.environ[SAMPLING] = str(place / "metrics")
    told: list[int] = []

    def stop(number: int, _: FrameType | None) -> None:
        told.append(number)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    fronts = [_start(service, listener, place) for _ in range(service.settings.workers)]
    due, pause = 0.0, TICK
    while not told:
        time.sleep(TICK)
        ended = [index for index, front in enumerate(fronts) if front.poll() is not None]
        if not ended:
            pause = max(pause / 1.01, TICK)
        elif time.monotonic() > due:
            for index in ended:
                log.error("a front process has ended; starting another")
                forget(fronts[index].pid)
                fronts[index] = _start(service, listener, place)
            # What cannot be started need not be tried all the time.
            pause = min(2 * pause, LONGEST_PAUSE)
            due = time.monotonic() + pause
    for front in fronts:
        front.terminate()
    for front in fronts:
        front.wait()


def _start(service: Service, listener: socket.socket, place: Path) -> subprocess.Popen[bytes]:
    descriptor = listener.fileno()
    return subprocess.Popen(
        [
            *(sys.executable, "-m", "kg.front", str(os.getpid()), str(descriptor)),
            *(str(place), service.to_json()),
        ],
        pass_fds=[descriptor],
        start_new_session=True,  # its parent passes on what the terminal says
    )


if __name__ == "__main__":
    die_with(int(sys.argv[1]))
    _serve(
        Service.from_json(sys.argv[4]), socket.socket(fileno=int(sys.argv[2])), Path(sys.argv[3])
    )
