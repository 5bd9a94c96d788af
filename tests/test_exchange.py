"""What is sent for a request, and when it is given up."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from starlette.types import Message

from kg.engine.base import Answer
from kg.errors import BadRequest, ContentTooLarge, QueryTimeout, RequestTimeout, VersionNotSupported
from kg.routes.exchange import PIECE, ClientLeft, Exchange, Outbox

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


class Client:
    """Sends the parts of a body, then waits until it leaves; takes what it is sent."""

    def __init__(self, *parts: bytes, stays: bool = True, version: str = "1.1") -> None:
        self.parts, self.stays, self.version = list(parts), stays, version
        self.taken: list[Message] = []
        self.reads = asyncio.Event()
        self.reads.set()
        self.fetches = 1  # messages before it stops reading

    async def receive(self) -> Message:
        if self.parts:
            body = self.parts.pop(0)
            return {"type": "http.request", "body": body, "more_body": bool(self.parts)}
        if self.stays:
            await asyncio.Event().wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        if len(self.taken) >= self.fetches:
            await self.reads.wait()
        self.taken.append(message)

    def exchange(self, **fields: str) -> Exchange:
        headers = [
            (name.replace("_", "-").encode(), value.encode()) for name, value in fields.items()
        ]
        scope = {
            "type": "http",
            "method": "GET",
            "path": "/sparql",
            "scheme": "https",
            "http_version": self.version,
            "client": ("2001:db8:1:2:3:4:5:6", 5),
            "server": ("127.0.0.1", 8000),
            "headers": headers,
        }
        return Exchange(scope, self.receive, self.send)

    @property
    def body(self) -> bytes:
        return b"".join(message.get("body", b"") for message in self.taken)

    @property
    def is_complete(self) -> bool:
        return self.taken[-1].get("more_body") is False


async def test_a_body_is_read_to_its_end() -> None:
    assert await Client(b"a", b"b").exchange().body(10, 1.0) == b"ab"


@pytest.mark.parametrize("declared", [{}, {"content_length": "11"}])
async def test_a_body_over_the_limit_is_refused_unread_if_it_says_so(declared: dict) -> None:
    client = Client(b"123456", b"78901", b"23456")
    with pytest.raises(ContentTooLarge):
        await client.exchange(**declared).body(10, 1.0)
    assert len(client.parts) == (3 if declared else 1)


async def test_a_body_that_does_not_come_is_given_up() -> None:
    client = Client(b"a", b"")
    client.parts[1:] = []
    client.receive = lambda: asyncio.sleep(10)  # type: ignore[method-assign,assignment]
    with pytest.raises(RequestTimeout):
        await client.exchange().body(10, 0.01)
    with pytest.raises(ClientLeft):
        await Client(stays=False).exchange().body(10, 1.0)


async def test_several_lines_of_a_field_are_one_and_a_network_is_one_client() -> None:
    exchange = Client().exchange(accept="text/csv", host="example.org:81")
    exchange.scope["headers"].append((b"accept", b"text/turtle"))
    again = Exchange(exchange.scope, exchange._receive, exchange._send)
    assert again.field(b"accept") == "text/csv, text/turtle"
    assert again.client == "2001:db8:1:2::/64"
    assert again.address == "https://example.org:81/sparql"


@pytest.mark.parametrize(
    "hosts", [[], ["a", "b"], ["a<b"], ["["], ["a b"], ["a/b"], ["user@a"], ["a:b"]]
)
async def test_a_request_names_one_host(hosts: list[str]) -> None:
    exchange = Client().exchange()
    exchange.scope["headers"] += [(b"host", host.encode()) for host in hosts]
    with pytest.raises(BadRequest):
        Exchange(exchange.scope, exchange._receive, exchange._send).require_host()


@pytest.mark.parametrize("host", ["a", "example.org:80", "127.0.0.1", "[::1]:8000", "xn--a.nl"])
async def test_a_host_is_a_name_or_an_address_with_a_port(host: str) -> None:
    Client().exchange(host=host).require_host()


@pytest.mark.parametrize(
    ("known", "has"),
    [('W/"v"', True), ('"v"', True), ('"a", W/"v"', True), ('"w"', False), ("v", False)],
)
async def test_entity_tags_are_compared_weakly(known: str, has: bool) -> None:
    assert Client().exchange(if_none_match=known).has('W/"v"') is has


async def test_work_is_stopped_when_the_client_leaves() -> None:
    stopped = asyncio.Event()

    async def work() -> None:
        try:
            await asyncio.sleep(10)
        finally:
            stopped.set()

    with pytest.raises(ClientLeft):
        await Client(stays=False).exchange().while_connected(work())
    assert stopped.is_set()


async def test_work_that_is_cancelled_from_elsewhere_is_not_taken_for_a_departure() -> None:
    task = asyncio.create_task(Client().exchange().while_connected(asyncio.sleep(10)))
    await asyncio.sleep(0.1)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def _blocks(error: Exception | None = None) -> AsyncIterator[bytes]:
    yield b"first"
    if error:
        raise error
    yield b"last"


async def test_a_streamed_answer_is_complete_or_visibly_is_not() -> None:
    whole, broken = Client(), Client()
    await whole.exchange().pass_on(Answer("text/csv", stream=_blocks()), {}, Outbox(0))
    assert (whole.body, whole.is_complete) == (b"firstlast", True)
    exchange = broken.exchange()
    stream = _blocks(QueryTimeout(1))
    await exchange.pass_on(Answer("text/csv", stream=stream), {}, Outbox(0))
    assert (broken.body, broken.is_complete) == (b"first", False)
    assert exchange.outcome == "broken"


async def test_a_streamed_answer_is_refused_to_those_who_cannot_tell_its_end() -> None:
    client = Client(version="1.0")
    with pytest.raises(VersionNotSupported):
        await client.exchange().pass_on(Answer("text/csv", stream=_blocks()), {}, Outbox(0))
    assert client.taken == []


async def test_a_whole_answer_comes_with_its_length_and_in_slices() -> None:
    client = Client()
    content = b"x" * (2 * PIECE + 1)
    await client.exchange().pass_on(Answer("text/csv", content), {}, Outbox(10 * PIECE))
    assert (b"content-length", str(len(content)).encode()) in client.taken[0]["headers"]
    assert [len(message["body"]) for message in client.taken[1:]] == [PIECE, PIECE, 1]
    assert client.is_complete


async def test_when_too_much_is_not_fetched_the_oldest_answers_are_given_up() -> None:
    outbox = Outbox(5 * PIECE)
    clients = [Client() for _ in range(4)]
    answer = Answer("text/csv", b"x" * 2 * PIECE)
    sending = []
    for client in clients:
        client.reads.clear()
        sending.append(asyncio.create_task(client.exchange().pass_on(answer, {}, outbox)))
        await asyncio.sleep(0.001)
    for client in clients:
        client.reads.set()
    outcomes = await asyncio.gather(*sending, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [ClientLeft] * 2 + [type(None)] * 2
    assert [client.is_complete for client in clients] == [False, False, True, True]
