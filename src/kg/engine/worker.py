"""A worker: evaluates one query after the other, in a process that may die of it.

Requests and replies go over a stream socket in frames: a tag of one byte, the length of the
payload in four, the payload. A reply is ``K`` (kind of answer), any number of ``B`` (block of the
body) and ``E`` (complete); or ``X`` (error), also in the middle of an answer.
"""

import io
import json
import os
import re
import resource
import signal
import socket
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pyoxigraph import NamedNode, QueryBoolean, QuerySolutions, QueryTriples, Store

from kg.formats import RDF_BY_NAME, RESULTS_BY_NAME
from kg.keywords import keywords

__all__ = ["HEADER", "serve"]

HEADER = struct.Struct("!cI")
BLOCK = 64 * 1024

# How the parser words an error: a position, and a list of tokens, classes of characters such as
# ['0'..='9'] and sentences such as "Prefix not found".
_POSITION = re.compile(r"error at (\d+):(\d+): ")
_ITEM = re.compile(r"""\[(?:'(?:\\.|[^'])+'|[^'\]])*\]|"(?:\\.|[^"])*"|[^,\s][^,]*""")


def serve(
    connection: socket.socket, open_store: Callable[[], Store], timeout: float, memory: int
) -> None:
    """Answer the queries of a connection until it closes.

    The process is killed by the kernel ``timeout`` seconds and a little after a query began, even
    when nobody is left to do it, and gets no more than ``memory`` bytes beyond what it has now.
    """
    store = _confine(connection, open_store, memory)
    stream = connection.makefile("rb")
    while header := stream.read(HEADER.size):
        _, length = HEADER.unpack(header)
        request = json.loads(stream.read(length))
        signal.setitimer(signal.ITIMER_REAL, timeout + 1)
        try:
            _answer(connection, store, request)
        except BrokenPipeError:
            return
        signal.setitimer(signal.ITIMER_REAL, 0)


def _confine(connection: socket.socket, open_store: Callable[[], Store], memory: int) -> Store:
    """Open the store, then take away what a query has no need of.

    With no descriptor left to be had, there is no file to open and no host to call.
    """
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    store = open_store()
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    limit = pages * resource.getpagesize() + memory
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    highest = max(int(entry.name) for entry in Path("/proc/self/fd").iterdir())
    while (descriptor := os.dup(connection.fileno())) <= highest:
        pass  # fills the gaps below the highest
    os.close(descriptor)
    resource.setrlimit(resource.RLIMIT_NOFILE, (descriptor, descriptor))
    return store


def _answer(connection: socket.socket, store: Store, request: dict[str, Any]) -> None:
    words = keywords(request["text"])
    if "SERVICE" in words:  # for a clear message: without descriptors it could not be followed
        _send_error(connection, "service")
        return
    try:
        answer = _evaluate(store, request, words)
        kind = "rdf" if isinstance(answer, QueryTriples) else "results"
        if request[kind] is None:
            _send_error(connection, "not acceptable")
            return
        _send(connection, b"K", kind.encode())
        with io.BufferedWriter(_Blocks(connection), BLOCK) as output:
            if isinstance(answer, QueryTriples):
                answer.serialize(output, RDF_BY_NAME[request[kind]])
            else:
                answer.serialize(output, RESULTS_BY_NAME[request[kind]])
        _send(connection, b"E")
    except SyntaxError as error:
        _send_error(connection, "syntax", **_syntax_error(str(error)))
    except MemoryError:
        _send_error(connection, "memory")
    except BrokenPipeError:
        raise
    except (ValueError, RuntimeError) as error:  # a base that is no IRI, an unknown function
        _send_error(connection, "refused", reason=str(error))
    except OSError as error:
        _send_error(connection, "failed", reason=str(error))


def _syntax_error(message: str) -> dict[str, str | int]:
    """Return position and reason of what the parser says, without its classes of characters."""
    position = _POSITION.match(message)
    line, column = map(int, position.groups()) if position else (0, 0)
    expected = " ".join(_POSITION.sub("", message).split()).removeprefix("expected ")
    items = [item for item in _ITEM.findall(expected.removeprefix("one of ")) if item[0] != "["]
    said = [item for item in items if " " in item and item[0] != '"']
    if said:
        reason = "; ".join(said)
    elif items:
        reason = f"expected {' or '.join(items)}"
    else:
        reason = "unexpected text or end of the query"
    return {"reason": reason, "line": line, "column": column}


def _evaluate(
    store: Store, request: dict[str, Any], words: frozenset[str]
) -> QuerySolutions | QueryBoolean | QueryTriples:
    default: Any = [NamedNode(iri) for iri in request["default_graphs"]]
    named: Any = [NamedNode(iri) for iri in request["named_graphs"]]
    if default or named:
        return store.query(
            request["text"], base_iri=request["base"], default_graph=default, named_graphs=named
        )
    # pyoxigraph lets the union override FROM: it is asked for only where there is none.
    union = request["union"] and "FROM" not in words
    return store.query(request["text"], base_iri=request["base"], use_default_graph_as_union=union)


def _send_error(connection: socket.socket, error: str, **details: str | int) -> None:
    _send(connection, b"X", json.dumps({"error": error, **details}).encode())


def _send(connection: socket.socket, tag: bytes, payload: bytes | memoryview = b"") -> None:
    connection.sendall(HEADER.pack(tag, len(payload)))
    connection.sendall(payload)


class _Blocks(io.RawIOBase):
    """A file whose writes are blocks of the body."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        view = memoryview(data)[:BLOCK]
        _send(self._connection, b"B", view)
        return len(view)
