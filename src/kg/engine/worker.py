"""A worker: evaluates one query after the other, in a process that may die of it.

Requests and replies go over a stream socket in frames: a tag of one byte, the length of the
payload in four, the payload. A reply is ``K`` (kind of answer), any number of ``B`` (block of the
body) and ``E`` (complete, with what there is to tell of it); or ``X`` (error), also in the middle
of an answer.
"""

import ctypes
import errno
import io
import json
import os
import resource
import signal
import socket
import struct
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any, Literal

from pyoxigraph import NamedNode, QueryBoolean, QuerySolutions, QueryTriples, Store

from kg.engine.encoding import Encoder, encoder
from kg.engine.fields import CommaSeparated
from kg.engine.rows import RowCounter
from kg.errors import QuerySyntaxError, ServiceRefused
from kg.federation import readable, relocated, rewrite
from kg.formats import RDF_BY_NAME, RESULTS_BY_NAME
from kg.keywords import keywords
from kg.syntax import fault

__all__ = ["EXPLANATION", "HEADER", "View", "serve"]

HEADER = struct.Struct("!cI")
BLOCK = 64 * 1024
KEPT = 32 * 2**20  # bytes that a process may keep of what it took, before it is better replaced
# By it the kernel chooses what ends when memory runs out (proc_pid_oom_score_adj(5)).
FIRST_TO_GO = Path("/proc/self/oom_score_adj")
CONNECTIONS = 32  # that a query may have to other endpoints
EXPLANATION = "kg.explanation"  # takes long to import, and is wanted seldom

# What stands for the default graph: pyoxigraph's union of all graphs, the store's own default
# graph, or one that is empty.
View = Literal["union", "own", "empty"]
NOWHERE = NamedNode("urn:x-samenhang:no-graph")

# Functions that answer otherwise each time (SPARQL 1.1 Query, section 17.4).
VOLATILE = frozenset(("BNODE", "NOW", "RAND", "STRUUID", "UUID"))

Results = QuerySolutions | QueryBoolean | QueryTriples


def serve(
    connection: socket.socket,
    open_store: Callable[[], Store],
    view: View,
    lifetime: float,
    memory: int,
    *,
    federate: bool = False,
) -> None:
    """Answer the queries of a connection until it closes.

    The process is killed by the kernel ``lifetime`` seconds after a query began, even when nobody
    is left to do it, and gets no more than ``memory`` bytes beyond what it has now. Only one that
    may ``federate`` can open a connection.
    """
    size = os.open("/proc/self/statm", os.O_RDONLY)
    store = _confine(connection, open_store, memory, federate=federate)
    at_rest = _resident(size)

    def is_spent() -> bool:
        if _resident(size) - at_rest > KEPT:
            ctypes.CDLL(None).malloc_trim(0)
        return _resident(size) - at_rest > KEPT

    stream = connection.makefile("rb")
    while header := stream.read(HEADER.size):
        _, length = HEADER.unpack(header)
        request = json.loads(stream.read(length))
        signal.setitimer(signal.ITIMER_REAL, lifetime)
        try:
            _Reply(connection, is_spent).give(store, view, request)
        except (BrokenPipeError, ConnectionResetError):
            return
        signal.setitimer(signal.ITIMER_REAL, 0)


def _resident(size: int) -> int:
    """Return how many bytes the process takes, read from its open ``statm``."""
    return int(os.pread(size, 100, 0).split()[1]) * resource.getpagesize()


def _confine(
    connection: socket.socket, open_store: Callable[[], Store], memory: int, *, federate: bool
) -> Store:
    """Open the store, then take away what a query has no need of.

    With no descriptor left to be had, there is no file to open and no host to call.
    """
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with suppress(OSError):  # a system that has no such file, or keeps it
        FIRST_TO_GO.write_text("1000")
    store = open_store()
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    limit = pages * resource.getpagesize() + memory
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    if federate:
        most = max(_descriptors()) + CONNECTIONS
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    else:
        _take_descriptors(connection, max(_descriptors()))
    return store


def _descriptors() -> Iterator[int]:
    return (int(entry.name) for entry in Path("/proc/self/fd").iterdir())


def _take_descriptors(connection: socket.socket, highest: int) -> None:
    """Leave no descriptor to be had."""
    while (descriptor := os.dup(connection.fileno())) <= highest:
        pass  # fills the gaps below the highest
    os.close(descriptor)
    resource.setrlimit(resource.RLIMIT_NOFILE, (descriptor, descriptor))


class _Reply(io.RawIOBase):
    """The reply to one request; what is written to it are parts of the body.

    Frames are held back until they fill a block, so that a short reply is one message.
    """

    def __init__(self, connection: socket.socket, is_spent: Callable[[], bool]) -> None:
        self._connection = connection
        self._is_spent = is_spent
        self._kind: dict[str, Any] = {}
        self._encoder: Encoder | None = None
        self._rows: RowCounter | None = None
        self._csv: CommaSeparated | None = None
        self._frames = bytearray()
        self._begun = self._federates = False

    def give(self, store: Store, view: View, request: dict[str, Any]) -> None:
        """Answer a request."""
        try:
            self._give(store, view, request)
        except ServiceRefused as error:
            self._fail("service", reason=str(error))
        except QuerySyntaxError as error:
            self._fail("syntax", reason=str(error), **error.members)
        except SyntaxError as error:
            self._fail_for_syntax(request["text"], str(error))
        except MemoryError:
            self._fail("memory")
        except (BrokenPipeError, ConnectionResetError):
            raise
        except RecursionError:
            self._fail("too complex")
        except (ValueError, RuntimeError) as error:  # a base that is no IRI, an unknown function
            self._fail("refused", reason=readable(str(error), request["targets"] or {}))
        except OSError as error:
            if error.errno == errno.EMFILE or "os error 24" in str(error):
                self._fail("service", reason=str(ServiceRefused()))
            else:
                self._fail("failed", reason=readable(str(error), request["targets"] or {}))

    def _give(self, store: Store, view: View, request: dict[str, Any]) -> None:
        text, words = self._rewritten(request["text"], request["targets"])
        if request["explain"]:
            self._explain(store, view, request)
            return
        answer = _evaluate(store, view, text, words, request)
        kind = "rdf" if isinstance(answer, QueryTriples) else "results"
        if request[kind] is None:
            self._fail("not acceptable")
            return
        self._kind = {
            "kind": kind,
            "encoding": request["encoding"],
            "volatile": self._federates or any(_has(word, words) for word in VOLATILE),
        }
        with io.BufferedWriter(self, BLOCK) as output:
            if isinstance(answer, QueryTriples):
                answer.serialize(output, RDF_BY_NAME[request[kind]])
            else:
                answer.serialize(output, RESULTS_BY_NAME[self._written(answer, request[kind])])
        yes = bool(answer) if isinstance(answer, QueryBoolean) else None
        self._end(rows=self._rows.rows if self._rows else None, boolean=yes)

    def _written(self, answer: QuerySolutions | QueryBoolean, name: str) -> str:
        """Prepare for rows and return the name of the format that pyoxigraph shall write."""
        if isinstance(answer, QueryBoolean):
            return name
        if name == "csv":
            name, self._csv = "tsv", CommaSeparated()
        self._rows = RowCounter(name)
        return name

    def _rewritten(
        self, text: str, targets: Mapping[str, str] | None
    ) -> tuple[str, frozenset[str]]:
        """Return a query with the endpoints that it names replaced, and its keywords.

        Where it names none, the network is closed.
        """
        words = keywords(text)
        if targets is None:
            if _has("SERVICE", words):  # it could not be followed: say so
                raise ServiceRefused
            return text, words
        rewritten = rewrite(text, targets)
        self._federates = rewritten is not None
        if rewritten is None:
            _take_descriptors(self._connection, max(_descriptors()))
        return rewritten or text, words

    def _explain(self, store: Store, view: View, request: dict[str, Any]) -> None:
        def evaluate(text: str) -> Results:
            return _evaluate(store, view, text, keywords(text), request)

        module = sys.modules[EXPLANATION]
        text, base, seconds = request["text"], request["base"], request["seconds"]
        explanation = module.explain(text, evaluate, base, seconds)
        told = {language: module.as_text(explanation, language) for language in module.LANGUAGES}
        self._kind = {"kind": "explanation", "encoding": None, "volatile": False}
        document = module.as_json(explanation) | {"text": told}
        with io.BufferedWriter(self, BLOCK) as output:
            output.write(json.dumps(document, ensure_ascii=False).encode())
        self._end()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        """Take a part of the body."""
        part = bytes(memoryview(data)[:BLOCK])
        if not self._begun:
            self._begin(len(part))
        if self._rows:
            self._rows.feed(part)
        body = self._csv.feed(part) if self._csv else part
        self._block(self._encoder.feed(body) if self._encoder else body)
        return len(part)

    def _begin(self, size: int) -> None:
        self._begun = True
        self._encoder = encoder(self._kind["encoding"], size)
        encoding = self._kind["encoding"] if self._encoder else None
        self._frame(b"K", json.dumps(self._kind | {"encoding": encoding}).encode())

    def _block(self, body: bytes) -> None:
        for start in range(0, len(body), BLOCK):  # a row may be of any length
            self._frame(b"B", body[start : start + BLOCK])

    def _end(self, **facts: int | bool | None) -> None:
        if not self._begun:
            self._begin(0)
        if self._encoder:
            self._block(self._encoder.end())
        self._frame(b"E", json.dumps(facts | {"spent": self._is_spent()}).encode())
        self._flush()

    def _fail(self, error: str, **details: str | int) -> None:
        self._frame(b"X", json.dumps({"error": error, **details}).encode())
        self._flush()

    def _fail_for_syntax(self, text: str, message: str) -> None:
        try:
            said = fault(text, relocated(message, text) if self._federates else message)
            self._fail("syntax", **asdict(said))
        except MemoryError:
            self._fail("memory")

    def _frame(self, tag: bytes, payload: bytes) -> None:
        self._frames += HEADER.pack(tag, len(payload))
        self._frames += payload
        if len(self._frames) >= BLOCK:
            self._flush()

    def _flush(self) -> None:
        self._connection.sendall(self._frames)
        self._frames.clear()


def _has(keyword: str, words: frozenset[str]) -> bool:
    """Tell whether a keyword is there; pyoxigraph finds it in a word that goes on, too."""
    return any(keyword in word for word in words)


def _evaluate(
    store: Store, view: View, text: str, words: frozenset[str], request: dict[str, Any]
) -> Results:
    default: Any = [NamedNode(iri) for iri in request["default_graphs"]]
    named: Any = [NamedNode(iri) for iri in request["named_graphs"]]
    if default or named:
        return store.query(
            text, base_iri=request["base"], default_graph=default, named_graphs=named
        )
    # pyoxigraph lets these override FROM: they are asked for only where there is none.
    if view == "own" or _has("FROM", words):
        return store.query(text, base_iri=request["base"])
    if view == "empty":
        return store.query(text, base_iri=request["base"], default_graph=NOWHERE)
    return store.query(text, base_iri=request["base"], use_default_graph_as_union=True)
