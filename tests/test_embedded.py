"""The embedded engine: right answers, and worker processes that may be killed at any time."""

import asyncio
import contextlib
import json
import os
import signal
import socket
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import psutil
import pytest
import zstandard
from pyoxigraph import RdfFormat, Store

from kg import errors
from kg.engine.embedded import EmbeddedEngine, Source
from kg.engine.forkserver import Limits, arguments
from kg.formats import RDF, RESULTS
from kg.protocol import Query
from kg.settings import Settings
from processes import children

pytestmark = pytest.mark.anyio

ROWS = 20_000
LARGE = "SELECT * { ?a ?b ?c }"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
GREEDY = "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY DESC(?c) ?f"
NESTED = "SELECT * { " + "{" * 5000 + "}" * 5000 + " }"

FORMATS = {offer.name: offer for offer in (*RESULTS, *RDF) if offer.iri}


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a store and its dump: some thousand rows in two graphs, one in none."""
    folder = tmp_path_factory.mktemp("data")
    with (folder / "dump.nq").open("w") as dump:
        for row in range(ROWS):
            dump.write(f'<urn:s{row}> <urn:p{row % 7}> "{row}" <urn:g{row % 2}> .\n')
        dump.write('<urn:s> <urn:p> "in the default graph" .\n')
    store = Store(folder / "store")
    store.bulk_load(path=folder / "dump.nq", format=RdfFormat.N_QUADS)
    store.flush()
    return folder


def engine_on(data: Path, *, on_disk: bool = False, **settings: object) -> EmbeddedEngine:
    dump = None if on_disk else data / "dump.nq"
    limits = {"query_workers": 2, "query_timeout": 20.0, **settings}
    return EmbeddedEngine(Settings(**limits), Source(data / "store", dump))


@pytest.fixture(scope="module", params=["in memory", "on disk"])
async def engine(data: Path, request: pytest.FixtureRequest) -> AsyncIterator[EmbeddedEngine]:
    async with engine_on(data, on_disk=request.param == "on disk") as engine:
        yield engine


async def ask(engine: EmbeddedEngine, text: str, **parts: object) -> bytes:
    return await (await engine.query(Query(text, **parts))).read()


async def rows(engine: EmbeddedEngine, text: str, **parts: object) -> int:
    return len(json.loads(await ask(engine, text, **parts))["results"]["bindings"])


async def test_an_answer_has_its_media_type_its_size_and_its_body(engine: EmbeddedEngine) -> None:
    answer = await engine.query(Query("SELECT ?o { <urn:s5> ?p ?o }"))
    assert answer.media_type == "application/sparql-results+json"
    body = await answer.read()
    assert answer.content == body
    assert json.loads(body)["results"]["bindings"] == [{"o": {"type": "literal", "value": "5"}}]


@pytest.mark.parametrize("name", ["json", "xml", "csv", "tsv"])
async def test_rows_come_in_every_format(engine: EmbeddedEngine, name: str) -> None:
    answer = await engine.query(Query("SELECT ?o { <urn:s5> ?p ?o }", results=FORMATS[name]))
    assert answer.media_type == FORMATS[name].content_type
    assert b"5" in await answer.read()


@pytest.mark.parametrize("encoding", [None, "zstd"])
@pytest.mark.parametrize("size", [1, 200_000, 3_000_000])
async def test_rows_in_csv_are_whole_and_counted_whatever_their_length(
    engine: EmbeddedEngine, size: int, encoding: str | None
) -> None:
    terms = f'(<urn:a,b> "x,\\n{"y" * size}" UNDEF)'
    text = f"SELECT * {{ VALUES (?x ?y ?z) {{ {terms} {terms} }} }}"
    answer = await engine.query(Query(text, results=FORMATS["csv"], encoding=encoding))
    body = await answer.read()
    if answer.encoding:
        body = zstandard.ZstdDecompressor().decompressobj().decompress(body)
    row = f'"urn:a,b","x,\n{"y" * size}",\r\n'
    assert body.decode() == f"x,y,z\r\n{row}{row}"
    assert answer.course.rows == 2


@pytest.mark.parametrize("name", ["turtle", "nt", "rdfxml", "jsonld"])
async def test_triples_come_in_every_format(engine: EmbeddedEngine, name: str) -> None:
    answer = await engine.query(Query("DESCRIBE <urn:s5>", rdf=FORMATS[name]))
    assert answer.media_type == FORMATS[name].content_type
    store = Store()
    store.load(await answer.read(), RdfFormat.from_media_type(FORMATS[name].media_type))
    assert len(store) == 1


@pytest.mark.parametrize(
    ("text", "parts", "count"),
    [
        ("SELECT * { ?s ?p ?o }", {}, ROWS + 1),
        ("SELECT * FROM <urn:g0> { ?s ?p ?o }", {}, ROWS / 2),
        ("SELECT * FROM NAMED <urn:g0> { ?s ?p ?o }", {}, 0),
        ("SELECT * FROM NAMED <urn:g0> { GRAPH ?g { ?s ?p ?o } }", {}, ROWS / 2),
        ("SELECT * { ?s ?p ?o }", {"default_graphs": ("urn:g0",)}, ROWS / 2),
        ("SELECT * FROM <urn:g0> { ?s ?p ?o }", {"default_graphs": ("urn:none",)}, 0),
        ("SELECT * { GRAPH ?g { ?s ?p ?o } }", {"default_graphs": ("urn:g0",)}, 0),
        ("SELECT * { ?s ?p ?o }", {"named_graphs": ("urn:g0",)}, 0),
        ("SELECT * { GRAPH ?g { ?s ?p ?o } }", {"named_graphs": ("urn:g0",)}, ROWS / 2),
    ],
)
async def test_a_query_sees_the_dataset_that_it_asks_for(
    engine: EmbeddedEngine, text: str, parts: dict, count: float
) -> None:
    assert await rows(engine, text, **parts) == count


async def test_strict_shows_the_default_graph_alone(data: Path) -> None:
    async with engine_on(data, default_graph="strict") as engine:
        assert await rows(engine, "SELECT * { ?s ?p ?o }") == 1


@pytest.mark.parametrize("on_disk", [False, True])
@pytest.mark.parametrize(("default_graph", "count"), [("union", 1), ("strict", 0)])
async def test_a_triple_that_stands_in_two_graphs_counts_once(
    tmp_path: Path, on_disk: bool, default_graph: str, count: int
) -> None:
    graphs = ("<urn:g1>", "<urn:g2>")
    lines = (f'<urn:s> <urn:p> "1" {graph} .\n' for graph in graphs)
    (tmp_path / "dump.nq").write_text("".join(lines))
    store = Store(tmp_path / "store")
    for graph in (*graphs, ""):
        store.update(f"INSERT DATA {{ {_in(graph)} }}")
    store.flush()
    del store
    source = Source(
        tmp_path / "store",
        None if on_disk else tmp_path / "dump.nq",
        overlaps=True,
        union_stored=True,
    )
    settings = Settings(query_workers=2, default_graph=default_graph)
    async with EmbeddedEngine(settings, source) as engine:
        for text in ("SELECT * { ?s ?p ?o }", "SELECT * { ?s ?p ?o } # FROM"):
            assert await rows(engine, text) == count
        assert await rows(engine, "SELECT * { GRAPH ?g { ?s ?p ?o } }") == 2
        assert await rows(engine, "SELECT * FROM <urn:g1> { ?s ?p ?o }") == 1


def _in(graph: str) -> str:
    triple = '<urn:s> <urn:p> "1"'
    return f"GRAPH {graph} {{ {triple} }}" if graph else triple


async def test_relative_iris_resolve_against_the_base(engine: EmbeddedEngine) -> None:
    body = await ask(engine, "SELECT (<x> AS ?x) {}", base="http://example.org/sparql")
    assert b"http://example.org/x" in body


async def test_a_syntax_error_has_line_and_column(engine: EmbeddedEngine) -> None:
    with pytest.raises(errors.QuerySyntaxError) as caught:
        await ask(engine, "SELECT * {\n  ?s ?p }")
    assert (caught.value.line, caught.value.column) == (2, 9)
    assert caught.value.excerpt == "  ?s ?p }\n        ^"
    assert "value" in caught.value.hint


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("INSERT DATA { <urn:a> <urn:b> <urn:c> }", errors.QuerySyntaxError),
        ("SELECT * { ?s ?p ?o FILTER(<urn:f>(?o)) }", errors.BadRequest),
        ("SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }", errors.ServiceRefused),
        (NESTED, errors.QueryTooComplex),
    ],
)
async def test_a_query_that_cannot_be_answered_is_refused_and_the_next_one_answered(
    engine: EmbeddedEngine, text: str, error: type[Exception]
) -> None:
    for _ in range(3):
        with pytest.raises(error):
            await ask(engine, text)
        assert json.loads(await ask(engine, "ASK {}"))["boolean"] is True


async def test_rows_for_a_client_that_takes_only_triples_are_not_acceptable(
    engine: EmbeddedEngine,
) -> None:
    with pytest.raises(errors.NotAcceptable):
        await ask(engine, "ASK {}", results=None)
    with pytest.raises(errors.NotAcceptable):
        await ask(engine, "DESCRIBE <urn:s5>", rdf=None)
    assert await ask(engine, "ASK {}")


# A fork server whose workers do not look for SERVICE, so that the confinement is put to the test.
BLIND = """
import json, socket, sys
from kg.engine import worker
from kg.engine.forkserver import Limits, _main
worker.keywords = lambda text: frozenset()
_main(socket.socket(fileno=int(sys.argv[1])), Limits(**json.loads(sys.argv[2])))
"""


@pytest.mark.parametrize("on_disk", [False, True])
async def test_a_worker_reaches_no_network(
    data: Path, on_disk: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def blind(limits: Limits, control: int) -> list[str]:
        return [sys.executable, "-c", BLIND, *arguments(limits, control)[3:]]

    monkeypatch.setattr("kg.engine.workers.arguments", blind)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        listener.settimeout(0.5)
        service = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        async with engine_on(data, on_disk=on_disk) as engine:
            with pytest.raises(errors.ServiceRefused):
                await ask(engine, f"SELECT * {{ SERVICE <{service}> {{ ?s ?p ?o }} }}")
            assert await ask(engine, "ASK {}")
        with pytest.raises(TimeoutError):
            listener.accept()


async def test_a_query_is_stopped_at_its_deadline_and_the_next_one_answered(data: Path) -> None:
    async with engine_on(data, query_workers=1, query_timeout=0.5) as engine:
        for text in (ENDLESS, GREEDY):
            with pytest.raises(errors.QueryTimeout, match=r"0\.5 seconds"):
                await ask(engine, text)
            assert await ask(engine, "ASK {}")


async def test_a_query_that_takes_too_much_memory_is_stopped(data: Path) -> None:
    async with engine_on(data, query_workers=1, query_memory=2**26) as engine:
        with pytest.raises(errors.QueryMemoryExceeded, match="64 MiB"):
            await ask(engine, GREEDY)
        assert await ask(engine, "ASK {}")


async def test_slow_queries_do_not_keep_others_waiting_while_a_worker_is_free(data: Path) -> None:
    async with engine_on(data, query_workers=2) as engine:
        slow = asyncio.create_task(ask(engine, ENDLESS))
        await asyncio.sleep(0.1)
        for _ in range(20):
            assert await ask(engine, "ASK {}")
        assert not slow.done()
        slow.cancel()
        with pytest.raises(asyncio.CancelledError):
            await slow


async def test_a_cancelled_query_frees_its_worker_at_once(data: Path) -> None:
    async with engine_on(data, query_workers=1) as engine:
        for _ in range(3):
            slow = asyncio.create_task(ask(engine, ENDLESS))
            await asyncio.sleep(0.1)
            slow.cancel()
            assert await ask(engine, "ASK {}")


async def test_a_query_that_finds_no_place_is_refused_and_told_when_to_come_back(
    data: Path,
) -> None:
    async with engine_on(data, query_workers=1, queue_size=0, queue_timeout=0.5) as engine:
        slow = asyncio.create_task(ask(engine, ENDLESS))
        await asyncio.sleep(0.1)
        with pytest.raises(errors.Overloaded) as caught:
            await ask(engine, "ASK {}")
        assert caught.value.headers == {"Retry-After": "1"}
        slow.cancel()
        await asyncio.sleep(0.1)
        assert await ask(engine, "ASK {}")


async def test_short_queries_are_answered_while_long_ones_stand_still(data: Path) -> None:
    async with engine_on(data, query_timeout=2.0) as engine:
        long = [asyncio.create_task(ask(engine, f"{ENDLESS} # {n}")) for n in range(5)]
        await asyncio.sleep(0.2)
        for number in range(20):
            started = time.monotonic()
            assert await ask(engine, f"ASK {{}} # {number}")
            assert time.monotonic() - started < 5
        assert engine.schedule.standing
        outcomes = await asyncio.gather(*long, return_exceptions=True)
        assert {type(outcome) for outcome in outcomes} == {errors.QueryTimeout}


async def test_a_query_that_stood_still_goes_on_to_its_right_answer(data: Path) -> None:
    async with engine_on(data, query_workers=1) as engine:
        count = "SELECT (COUNT(*) AS ?n) { ?a <urn:p1> ?c . ?d <urn:p2> ?f }"
        alone = await ask(engine, count)
        together = await asyncio.gather(*(ask(engine, f"{count} # {n}") for n in range(3)))
        assert together == [alone] * 3


async def test_a_long_answer_is_streamed_whole(engine: EmbeddedEngine) -> None:
    assert await rows(engine, LARGE) == ROWS + 1


async def test_an_answer_over_the_reply_buffer_is_streamed_and_complete(data: Path) -> None:
    async with engine_on(data, reply_buffer=10_000) as engine:
        answer = await engine.query(Query(LARGE))
        assert answer.content is None
        assert len(json.loads(await answer.read())["results"]["bindings"]) == ROWS + 1


async def test_a_long_answer_that_fails_midway_raises_and_is_never_cut(data: Path) -> None:
    async with engine_on(data, query_workers=1, reply_buffer=10_000, query_timeout=1.0) as engine:
        answer = await engine.query(Query("SELECT * { ?a ?b ?c . ?d ?e ?f }"))
        with pytest.raises(errors.QueryTimeout):
            await answer.read()
        assert await ask(engine, "ASK {}")


async def test_an_answer_that_nobody_reads_to_its_end_frees_its_worker(data: Path) -> None:
    async with engine_on(data, query_workers=1, reply_buffer=10_000) as engine:
        for _ in range(3):
            async with await engine.query(Query(LARGE)) as answer:
                async for _ in answer.body:
                    break
        assert await ask(engine, "ASK {}")


async def test_an_answer_whose_reader_stands_still_frees_its_worker_at_the_deadline(
    data: Path,
) -> None:
    async with engine_on(data, query_workers=1, reply_buffer=10_000, query_timeout=0.5) as engine:
        async with await engine.query(Query("SELECT * { ?a ?b ?c . ?d ?e ?f }")) as answer:
            await anext(answer.body)
            await asyncio.sleep(0.6)
            assert await ask(engine, "ASK {}")
            with pytest.raises(errors.QueryTimeout):
                async for _ in answer.body:
                    pass
        assert await ask(engine, "ASK {}")
        assert engine.idle == 1


async def test_a_fork_server_that_dies_while_it_ends_a_worker_costs_no_worker(data: Path) -> None:
    async with engine_on(data) as engine:
        for _ in range(2):
            server = engine_process(engine)
            os.kill(server, signal.SIGSTOP)
            slow = asyncio.create_task(ask(engine, ENDLESS))
            await asyncio.sleep(0.1)
            slow.cancel()
            await asyncio.sleep(0.1)
            os.kill(server, signal.SIGKILL)
            await asyncio.sleep(0.3)
            assert await ask(engine, "ASK {}")
        await asyncio.sleep(1.2)
        assert engine.idle == 2


async def test_many_queries_at_once_all_get_their_own_answer(engine: EmbeddedEngine) -> None:
    answers = await asyncio.gather(
        *(ask(engine, f"SELECT ?o {{ <urn:s{row}> ?p ?o }}") for row in range(60))
    )
    values = [json.loads(answer)["results"]["bindings"][0]["o"]["value"] for answer in answers]
    assert values == [str(row) for row in range(60)]


async def test_a_worker_that_is_killed_from_outside_is_replaced(data: Path) -> None:
    async with engine_on(data, query_workers=1) as engine:
        slow = asyncio.create_task(ask(engine, ENDLESS))
        await asyncio.sleep(0.2)
        (worker,) = children(engine_process(engine))
        os.kill(worker, signal.SIGKILL)
        with pytest.raises(errors.RequestError):
            await slow
        assert await ask(engine, "ASK {}")


async def test_a_worker_that_died_while_idle_fails_no_query(data: Path) -> None:
    async with engine_on(data) as engine:
        for worker in children(engine_process(engine)):
            os.kill(worker, signal.SIGKILL)
        await asyncio.sleep(0.1)
        for _ in range(4):
            assert await ask(engine, "ASK {}")
        for _ in range(100):
            if len(children(engine_process(engine))) == 2:
                return
            await asyncio.sleep(0.05)
        raise AssertionError("there are not as many workers as there shall be")


async def test_the_store_is_loaded_again_when_its_process_is_killed(data: Path) -> None:
    async with engine_on(data) as engine:
        first = engine_process(engine)
        workers = children(first)
        for process in (first, *workers):  # a worker may outlive it for a while, and go on serving
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        assert not any(map(alive, workers))
        await asyncio.sleep(0.2)
        for _ in range(4):
            assert await ask(engine, "ASK {}")
        assert engine_process(engine) != first


async def test_a_service_manager_that_ends_all_processes_gently_breaks_no_answer(
    data: Path,
) -> None:
    async with engine_on(data) as engine:
        for process in (engine_process(engine), *children(engine_process(engine))):
            os.kill(process, signal.SIGTERM)
        assert await rows(engine, LARGE) == ROWS + 1


async def test_no_process_is_left_when_the_engine_stops(data: Path) -> None:
    async with AsyncExitStack() as stack:
        engine = await stack.enter_async_context(engine_on(data))
        slow = asyncio.create_task(ask(engine, ENDLESS))
        await asyncio.sleep(0.1)
        server = engine_process(engine)
        processes = [server, *children(server)]
        assert len(processes) == 3
        slow.cancel()
    assert not any(alive(process) for process in processes)


def engine_process(engine: EmbeddedEngine) -> int:
    process = engine._server._process
    assert process
    return process.pid


def alive(process: int) -> bool:
    deadline = time.monotonic() + 2
    while psutil.pid_exists(process):
        if time.monotonic() > deadline:
            return True
        time.sleep(0.02)
    return False


class Endpoint(BaseHTTPRequestHandler):
    """Another endpoint: one row for every query, and a note of each request."""

    def do_POST(self) -> None:
        self.server.asked.append(self.path)  # type: ignore[attr-defined]
        row = b'{"x":{"type":"uri","value":"urn:s5"}}'
        body = b'{"head":{"vars":["x"]},"results":{"bindings":[%s]}}' % row
        self.send_response(200)
        self.send_header("Content-Type", "application/sparql-results+json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST  # noqa: N815

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def listening() -> Iterator[tuple[str, list[str]]]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Endpoint) as server:
        server.asked = asked = []  # type: ignore[attr-defined]
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/sparql", asked
        server.shutdown()
        thread.join()


async def test_an_endpoint_that_is_allowed_is_queried_and_no_other(data: Path) -> None:
    with listening() as (allowed, asked), listening() as (other, never):
        async with engine_on(data, service_allow=allowed) as engine:
            joined = f"SELECT ?x ?o {{ SERVICE <{allowed}> {{ ?x ?y ?z }} ?x ?p ?o }}"
            answer = await engine.query(Query(joined))
            assert answer.volatile
            assert answer.course.rows == 1
            (row,) = json.loads(await answer.read())["results"]["bindings"]
            assert row["o"]["value"] == "5"
            assert asked == ["/sparql"]
            hidden = f"SELECT * {{ VALUES ?x {{'''x'}} SERVICE <{other}> {{ ?s ?p ?o }} }} #'''"
            for refused in (joined.replace(allowed, other), hidden):
                with pytest.raises(errors.RequestError):
                    await ask(engine, refused)
            assert never == []
            assert await rows(engine, "SELECT * { ?s ?service 'in the default graph' }") == 1


async def test_a_query_that_only_mentions_service_is_evaluated_without_network(data: Path) -> None:
    with listening() as (allowed, asked):
        async with engine_on(data, service_allow=allowed) as engine:
            assert await rows(engine, f'SELECT * {{ BIND("SERVICE <{allowed}>" AS ?x) }}') == 1
            assert asked == []
