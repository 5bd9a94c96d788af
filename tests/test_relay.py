"""The relay between a query and other endpoints: real queries, real endpoints on the loopback."""

import asyncio
import gzip
import json
import socket
import threading
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest
from pyoxigraph import Literal, NamedNode, Quad, QuerySolution, QuerySolutions, Store

from kg.errors import QuerySyntaxError, ServiceRefused
from kg.federation import readable, rewrite
from kg.relay import Limits, Relay

PATIENCE = 60  # seconds until something that does not happen is given up
NAME = NamedNode("http://e.example/name")
STORE = Store()
STORE.extend(Quad(NamedNode(f"http://e.example/{x}"), NAME, Literal(x)) for x in "abc")
JSON = "application/sparql-results+json"
RESULTS = json.dumps(
    {
        "head": {"vars": ["s", "size"]},
        "results": {
            "bindings": [
                {
                    "s": {"type": "uri", "value": f"http://e.example/{name}"},
                    "size": {"type": "literal", "value": size},
                }
                for name, size in (("a", "1"), ("b", "2"), ("z", "3"))
            ]
        },
    }
).encode()


@dataclass
class Endpoint:
    """An endpoint and what was asked of it."""

    url: str
    asked: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    left: threading.Event = field(default_factory=threading.Event)

    def path(self, path: str) -> str:
        return f"{self.url}{path}"


# What an endpoint answers under a path: status, media type, content coding, body.
REPLIES = {
    "/packed": (200, JSON, "gzip", gzip.compress(b" " * 10_000_000)),
    "/page": (200, "text/html", "identity", b"<p>no results</p>"),
    "/fails": (500, "text/plain", "identity", b"secret of the endpoint"),
}
FLOWS = {"/endless": (b" " * 10_000, 0.001), "/slow": (b" ", 0.05)}


class Handler(BaseHTTPRequestHandler):
    endpoint: Endpoint
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.endpoint.asked.append((self.path, dict(self.headers), body))
        path, _, place = self.path.partition("?")
        if path.startswith("/redirect/"):
            self.begin(int(path.removeprefix("/redirect/")), 0, Location=place)
        elif path in FLOWS:
            self.flow(*FLOWS[path])
        elif path == "/cut":
            self.begin(200, len(RESULTS), **{"Content-Type": JSON})
            self.wfile.write(RESULTS[:-20])
            self.close_connection = True
        else:
            status, media_type, coding, body = REPLIES.get(path, (200, JSON, "identity", RESULTS))
            fields = {"Content-Type": media_type, "Content-Encoding": coding}
            self.begin(status, len(body), **fields, **{"Set-Cookie": "a=b"})
            self.wfile.write(body)

    def begin(self, status: int, size: int, **fields: str) -> None:
        self.send_response(status)
        for name, value in fields.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(size))
        self.end_headers()

    def flow(self, block: bytes, pause: float) -> None:
        self.begin(200, 10**12, **{"Content-Type": JSON})
        self.close_connection = True
        try:
            while True:
                self.wfile.write(block)
                time.sleep(pause)
        except OSError:
            self.endpoint.left.set()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def start() -> Iterator[Callable[[], Endpoint]]:
    """Start endpoints."""
    servers: list[ThreadingHTTPServer] = []

    def started() -> Endpoint:
        endpoint = Endpoint("")
        server = ThreadingHTTPServer(
            ("127.0.0.1", 0), type("_", (Handler,), {"endpoint": endpoint})
        )
        endpoint.url = f"http://127.0.0.1:{server.server_port}"
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        servers.append(server)
        return endpoint

    yield started
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def other(start: Callable[[], Endpoint]) -> Endpoint:
    """An endpoint that may be asked."""
    return start()


@pytest.fixture
def unlisted(start: Callable[[], Endpoint]) -> Endpoint:
    """An endpoint that may not be asked."""
    return start()


def run(test: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(test, PATIENCE))


@asynccontextmanager
async def relaying(*endpoints: str, **limits: float) -> AsyncIterator[Relay]:
    async with Relay(endpoints, Limits(**limits)) as relay:  # type: ignore[arg-type]
        yield relay


async def rows(relay: Relay, text: str) -> list[QuerySolution]:
    """Evaluate a query as a worker does, with its calls going over the relay."""
    with relay.ticket() as targets:
        rewritten = rewrite(text, targets)
        assert rewritten is not None

        def evaluate() -> list[QuerySolution] | str:
            # Solutions may not leave their thread, and errors hold on to them.
            try:
                solutions = STORE.query(rewritten)
                assert isinstance(solutions, QuerySolutions)
                return list(solutions)
            except OSError as error:
                return readable(str(error), targets)

        found = await asyncio.to_thread(evaluate)
    if isinstance(found, str):
        raise OSError(found)
    return found


def join(iri: str, silent: str = "") -> str:
    return (
        "PREFIX : <http://e.example/> SELECT ?name ?size { ?s :name ?name . "
        f"SERVICE {silent} <{iri}> {{ ?s :size ?size FILTER(?size != '\"}}') }} }} ORDER BY ?name"
    )


def test_rows_of_an_allowed_endpoint_join_our_own(other: Endpoint) -> None:
    async def test() -> None:
        async with relaying(other.path("/sparql")) as relay:
            found = await rows(relay, join(other.path("/sparql")))
            assert [(row["name"].value, row["size"].value) for row in found] == [
                ("a", "1"),
                ("b", "2"),
            ]

    run(test())
    ((path, fields, body),) = other.asked
    assert path == "/sparql"
    (query,) = parse_qs(body.decode())["query"]
    assert query.startswith("SELECT * WHERE { ?s <http://e.example/size> ?size")
    assert fields["Content-Type"] == "application/x-www-form-urlencoded"
    assert JSON in fields["Accept"]
    assert fields["Accept-Encoding"] == "identity"
    assert fields["User-Agent"].startswith("samenhang/")


def test_what_is_asked_tells_nothing_of_the_relay_and_keeps_no_cookie(other: Endpoint) -> None:
    async def test() -> None:
        async with relaying(other.path("/sparql")) as relay:
            for _ in range(2):
                await rows(relay, join(other.path("/sparql")))
            with relay.ticket() as targets:
                secret = targets[other.path("/sparql")].split("/")[3]
        assert len(secret) >= 32
        for _, fields, body in other.asked:
            assert "Cookie" not in fields
            assert str(relay._port) not in str(fields) + body.decode()

    run(test())
    assert len(other.asked) == 2


def test_each_of_several_endpoints_is_asked_its_own(other: Endpoint, unlisted: Endpoint) -> None:
    first, second = other.path("/sparql"), unlisted.path("/sparql")

    async def test() -> None:
        async with relaying(first, second) as relay:
            text = (
                f"SELECT * {{ SERVICE <{second}> {{ ?s ?p 2 }} SERVICE <{first}> {{ ?s ?p 1 }} }}"
            )
            assert len(await rows(relay, text)) == 3

    run(test())
    assert [b"%221%22" in body for _, _, body in other.asked] == [True]
    assert [b"%222%22" in body for _, _, body in unlisted.asked] == [True]


def test_what_is_not_allowed_is_refused_before_any_connection(
    other: Endpoint, unlisted: Endpoint
) -> None:
    async def test() -> None:
        async with relaying(other.path("/sparql")) as relay:
            with pytest.raises(ServiceRefused, match="does not query"):
                await rows(relay, join(unlisted.path("/sparql")))
            with pytest.raises(ServiceRefused, match="does not query"):
                await rows(relay, join(unlisted.path("/sparql"), "SILENT"))

    run(test())
    assert other.asked == unlisted.asked == []


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_to_an_allowed_endpoint_is_followed(other: Endpoint, status: int) -> None:
    begin = other.path(f"/redirect/{status}?/sparql")

    async def test() -> None:
        async with relaying(begin, other.path("/sparql")) as relay:
            assert len(await rows(relay, join(begin))) == 2

    run(test())
    assert [path for path, _, _ in other.asked] == [f"/redirect/{status}?/sparql", "/sparql"]
    assert other.asked[0][2] == other.asked[1][2]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_to_anything_else_is_not_followed(
    other: Endpoint, unlisted: Endpoint, status: int
) -> None:
    begin = other.path(f"/redirect/{status}?{unlisted.path('/sparql')}")

    async def test() -> None:
        async with relaying(begin) as relay:
            with pytest.raises(OSError, match="not allowed" if status != 303 else "answered 303"):
                await rows(relay, join(begin))
            silent = await rows(relay, join(begin, "SILENT"))
            assert [(row["name"].value, row["size"]) for row in silent] == [
                ("a", None),
                ("b", None),
                ("c", None),
            ]

    run(test())
    assert len(other.asked) == 2
    assert unlisted.asked == []


def test_redirects_in_a_circle_end(other: Endpoint) -> None:
    begin = other.path("/redirect/307?")

    async def test() -> None:
        async with relaying(begin) as relay:
            with pytest.raises(OSError, match="leads on and on"):
                await rows(relay, join(begin))

    run(test())
    assert len(other.asked) == 4


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/endless", "more than 100000 bytes"),
        ("/slow", "did not answer in 1 seconds"),
        ("/cut", "cannot be reached: RemoteProtocolError"),
        ("/packed", "something else than results"),
        ("/page", "something else than results"),
        ("/fails", "answered 500"),
    ],
)
def test_an_answer_that_is_not_whole_fails_the_query(other: Endpoint, path: str, said: str) -> None:
    async def test() -> None:
        async with relaying(other.path(path), bytes=100_000, seconds=1) as relay:
            with pytest.raises(OSError, match=said) as failure:
                await rows(relay, join(other.path(path)))
            assert "secret of the endpoint" not in str(failure.value)
            assert other.path(path) in str(failure.value)
            assert str(relay._port) not in str(failure.value)
            # With SILENT the group counts as one solution without bindings (section 2.3).
            assert len(await rows(relay, join(other.path(path), "SILENT"))) == 3

    run(test())
    assert len(other.asked) == 2


def test_an_endpoint_that_does_not_listen_fails_the_query() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        gone = f"http://127.0.0.1:{free.getsockname()[1]}/"

        async def test() -> None:
            async with relaying(gone) as relay:
                with pytest.raises(OSError, match="cannot be reached: ConnectError"):
                    await rows(relay, join(gone))

        run(test())


def test_a_query_may_ask_so_many_times(other: Endpoint) -> None:
    iri = other.path("/sparql")
    text = f"SELECT * {{ {' '.join(f'SERVICE <{iri}> {{ ?s ?p {n} }}' for n in range(4))} }}"

    async def test() -> None:
        async with relaying(iri, calls=3) as relay:
            with pytest.raises(OSError, match="3 times at most"):
                await rows(relay, text)
            assert len(await rows(relay, join(iri))) == 2  # another one begins anew

    run(test())
    assert len(other.asked) == 4


def test_calls_under_way_end_with_the_query(other: Endpoint) -> None:
    async def test() -> None:
        async with relaying(other.path("/slow"), seconds=PATIENCE) as relay:
            with relay.ticket() as targets:
                asked = asyncio.create_task(post(targets[other.path("/slow")]))
                while not other.asked:  # noqa: ASYNC110 - it is a thread that appends to it
                    await asyncio.sleep(0.01)
            with pytest.raises(httpx.TransportError):
                await asked
            assert await asyncio.to_thread(other.left.wait, PATIENCE)

    run(test())


def test_no_more_calls_are_under_way_than_may_be(other: Endpoint) -> None:
    iri = other.path("/slow")

    async def test() -> None:
        async with relaying(iri, at_once=2, seconds=PATIENCE) as relay:
            with relay.ticket() as targets:
                asked = [asyncio.create_task(post(targets[iri])) for _ in range(6)]
                (ticket,) = relay._tickets.values()
                while len(ticket.under_way) < 6 or len(other.asked) < 2:  # noqa: ASYNC110 - a thread
                    await asyncio.sleep(0.01)
                await asyncio.sleep(0.2)  # in which a third would have come, if it could
                assert len(other.asked) == 2
            found = await asyncio.gather(*asked, return_exceptions=True)
            assert {isinstance(reply, httpx.TransportError) for reply in found} == {True}

    run(test())


async def post(url: str, method: str = "POST") -> httpx.Response:
    async with httpx.AsyncClient(timeout=PATIENCE) as client:
        return await client.request(method, url, content="ASK {}")


def test_without_the_secret_there_is_nothing(other: Endpoint) -> None:
    iri = other.path("/sparql")

    async def test() -> None:
        async with relaying(iri) as relay:
            with relay.ticket() as targets:
                address = targets[iri]
                head, secret, number = address.rsplit("/", 2)
                for wrong in (
                    f"{head}/",
                    f"{head}/{secret}",
                    f"{head}/{secret}/",
                    f"{head}/{secret}/1",
                    f"{head}/{secret}/-1",
                    f"{head}/{secret}/00",
                    f"{head}/{secret}/{number}/",
                    f"{head}/{secret[:-1]}/{number}",
                    f"{head}/{secret.swapcase()}/{number}",
                    f"{head}//{number}",
                    f"{head}/x/{iri}",
                ):
                    reply = await post(wrong)
                    assert (reply.status_code, reply.text) == (404, "There is nothing here.\n")
                for method in ("GET", "PUT", "DELETE"):
                    assert (await post(address, method)).status_code == 405
                with relay.ticket() as others:
                    assert others[iri] != address
                assert other.asked == []
                assert (await post(address)).status_code == 200
            assert (await post(address)).status_code == 404  # its query has ended

    run(test())
    assert len(other.asked) == 1


def test_the_relay_listens_on_the_loopback_interface_only(other: Endpoint) -> None:
    async def test() -> None:
        async with relaying(other.url) as relay:
            assert [bound.getsockname()[0] for bound in relay._server.sockets] == ["127.0.0.1"]

    run(test())


@pytest.mark.parametrize(
    "sent",
    [
        b"no HTTP\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nab",
        b"POST / HTTP/1.1\r\nX: " + b"x" * 100_000,
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\n" + b"x" * 9_000_000,
        b"",
    ],
)
def test_what_is_no_whole_request_gets_no_answer(other: Endpoint, sent: bytes) -> None:
    async def test() -> None:
        async with relaying(other.url) as relay:
            reader, writer = await asyncio.open_connection("127.0.0.1", relay._port)
            writer.write(sent)
            try:
                await writer.drain()
                writer.write_eof()
                assert await reader.read() == b""
            except ConnectionError:
                pass  # closed while we wrote
            writer.close()
            with relay.ticket() as targets:
                assert (await post(targets[other.url])).status_code == 200

    run(test())


HIDDEN = [
    "VALUES ?x {{ '''x' }} SERVICE <{evil}> {{ ?s ?p ?o }}",
    "SERVICE:x {{ ?s ?p ?o }}",
    "SERVICEe:x {{ ?s ?p ?o }}",
    "SERVICESILENTe:x {{ ?s ?p ?o }}",
    "SERVICESILENT<{evil}> {{ ?s ?p ?o }}",
    "VALUES ?a {{1}} VALUES ?b {{2}} FILTER(?a<?b)SERVICE:x#>\n {{ ?s ?p ?o }}",
    "\\u0053ERVICE <{evil}> {{ ?s ?p ?o }}",
    "# \r SERVICE <{evil}> {{ ?s ?p ?o }}",
    "SERVICE <{ok}#> {{ }}",
    "BASE <{evil}> SERVICE <> {{ ?s ?p ?o }}",
    "SERVICE <{ok}> {{ SERVICE <{evil}> {{ }} }}",
]


@pytest.mark.parametrize("hidden", HIDDEN)
def test_no_way_to_write_it_reaches_an_endpoint_that_is_not_allowed(
    other: Endpoint, unlisted: Endpoint, hidden: str
) -> None:
    """The parser takes some of these for a SERVICE where the specification sees none."""
    ok, evil = other.path("/sparql"), unlisted.path("/evil")
    text = (
        f"PREFIX : <{evil}> PREFIX e: <{evil}> SELECT * {{ SERVICE <{ok}> {{ ?s ?p ?o }} "
        f"{hidden.format(ok=ok, evil=evil)} }}"
    )

    async def test() -> None:
        async with relaying(ok) as relay:
            with pytest.raises((ServiceRefused, QuerySyntaxError, SyntaxError)):
                await rows(relay, text)

    run(test())
    assert unlisted.asked == []
