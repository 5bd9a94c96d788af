"""Measure the service beside its peers, on one machine and in one interleaved run.

``benchmarks/run.py --size 10000 --record`` measures and writes RESULTS.md. What counts are the
ratios: each round measures all that is compared one after the other, gives one ratio, and the
median of the ratios stands with the least and the greatest of them.
"""

import os
import platform
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from statistics import median
from typing import Annotated
from urllib.parse import quote

import typer
from generator import SEED, generate
from servers import (
    IN_MEMORY,
    ON_DISK,
    OURS,
    Server,
    ours,
    oxigraph_in_memory,
    oxigraph_on_disk,
    rdflib_endpoint,
)

from clients import Clients, Http, Query, Raw, Target, Unanswered, ask, rows
from kg.gathering import gather
from kg.settings import Settings

HERE = Path(__file__).parent
ROOT = HERE.parent
CLIENTS = 8
SPENT = 0.4  # seconds that a measurement of one query takes, where the query is not longer
MIB = 2**20
STREAM = Query(
    "million rows",
    "SELECT * { { ?s ?p ?o } UNION { ?s ?p ?o } } LIMIT 1000000",
)
REMARKS = "## Where it falls short"  # written by hand, and kept
TRIVIAL = ("ask", "describe", "evidence")


# For each query, the medians of the rounds in seconds, by the name of what was measured.
Medians = dict[str, dict[str, list[float]]]


@dataclass
class Report:
    """What was measured: qualities to reach, tables in Markdown, and what went wrong."""

    qualities: list[Sequence[str]] = field(default_factory=list)
    tables: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def quality(self, name: str, target: str, measured: str) -> None:
        """Add what is to be reached and what is."""
        self.qualities.append((name, target, measured))

    def table(self, title: str, head: Sequence[str], lines: Sequence[Sequence[str]]) -> None:
        """Add a table and show it at once."""
        self.tables.append(f"## {title}\n\n{_table(head, lines)}")
        print(f"{self.tables[-1]}\n", flush=True)  # noqa: T201

    def summary(self) -> str:
        """Return the table of the qualities."""
        return _table(("quality", "to reach", "measured"), self.qualities)


app = typer.Typer(pretty_exceptions_enable=False, add_completion=False)


@app.command()
def main(
    size: Annotated[int, typer.Option(help="Collaborations to generate.")] = 10_000,
    rounds: Annotated[int, typer.Option(help="How often each thing is measured.")] = 5,
    peers: Annotated[bool, typer.Option(help="Whether Oxigraph's servers are measured.")] = True,
    rdflib_python: Annotated[
        Path | None,
        typer.Option("--rdflib-endpoint", help="A Python that has rdflib-endpoint; else left out."),
    ] = None,
    record: Annotated[bool, typer.Option(help="Write RESULTS.md.")] = False,
) -> None:
    """Measure kg serve beside raw pyoxigraph, Oxigraph's own servers and rdflib-endpoint."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the servers are ended too
    report = Report()
    with ExitStack() as stack:
        # The clients and the raw evaluator are forked while this process is small.
        clients = stack.enter_context(Clients(CLIENTS))
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="kg-benchmark-")))
        nquads = folder / "generated.nq"
        generate(nquads, size, ROOT)
        raw = stack.enter_context(Raw(nquads))
        build = gather(
            [nquads],
            folder / "builds",
            union=True,
            on_disk_above=Settings.model_fields["memory_triples"].default,
        )
        started = [stack.enter_context(ours(folder, build.path.parent, ROOT))]
        if peers:
            started.append(stack.enter_context(oxigraph_in_memory(folder, nquads)))
            started.append(stack.enter_context(oxigraph_on_disk(folder, nquads)))
        servers = [Http(server, clients) for server in started]
        queries = _queries()
        _compare(report, raw, servers, queries)
        for number in (1, CLIENTS):
            targets: list[Target] = [servers[0], raw, *servers[1:]]
            medians = _latencies(report, targets, queries, number, rounds)
            _judge_uncached(report, medians, number)
        again = [Query(one.name, one.text, salted=False) for one in queries]
        _judge_repeated(report, _latencies(report, servers, again, 1, rounds))
        _throughputs(report, servers, again, rounds)
        _streams(report, servers, raw, rounds)
        _starts(report, folder, build.path.parent, rounds)
        if rdflib_python:
            _rdflib(report, servers[0], clients, rdflib_python, nquads, queries)
    print(report.summary())  # noqa: T201
    if record:
        options = f"--size {size} --rounds {rounds}"
        if rdflib_python:
            options += " --rdflib-endpoint PYTHON"
        head = _head(size, build.triples, rounds, options)
        text = "\n\n".join([head, report.summary(), *report.faults, *report.tables])
        results = HERE / "RESULTS.md"
        _, remarks, by_hand = results.read_text().partition(f"\n{REMARKS}\n")
        results.write_text(f"{text}\n{remarks}{by_hand}")
    if report.faults:
        print("\n".join(report.faults), file=sys.stderr)  # noqa: T201
        raise typer.Exit(1)


def _queries() -> list[Query]:
    return [Query(path.stem, path.read_text()) for path in sorted(HERE.glob("queries/*.rq"))]


def _compare(report: Report, raw: Raw, servers: Sequence[Http], queries: Sequence[Query]) -> None:
    """Note where a server does not give as many rows as pyoxigraph does."""
    lines = []
    for query in queries:
        expected = rows(query, raw.answer(query))
        lines.append((query.name, f"{expected:,}"))
        for target in servers:
            found = rows(query, ask(target.server, query).body)
            if found != expected:
                report.faults.append(f"{target.name}, {query.name}: {found} rows, not {expected}")
    report.table("Queries", ("query", "rows"), lines)


def _latencies(
    report: Report, targets: Sequence[Target], queries: Sequence[Query], clients: int, rounds: int
) -> Medians:
    """Add a table of the latency of the first target and its ratios to the others; return it."""
    first, others = targets[0].name, [target.name for target in targets[1:]]
    found: Medians = {}
    for query in queries:
        counts = [_count(target, query, clients) for target in targets]
        medians: dict[str, list[float]] = {target.name: [] for target in targets}
        for _ in range(rounds):
            for target, count in zip(targets, counts, strict=True):
                medians[target.name].append(median(target.measure(query, clients, count)))
        found[query.name] = medians
    lines = [
        [name, _milliseconds(one[first])]
        + [f"{_milliseconds(one[other])}; {_ratios(one[first], one[other])}" for other in others]
        for name, one in found.items()
    ]
    what = "Uncached" if queries[0].salted else "Repeated"
    title = f"{what} queries, {_number(clients)}: ms; ratio of ours to theirs"
    report.table(title, ("query", first, *others), lines)
    return found


def _judge_uncached(report: Report, medians: Medians, clients: int) -> None:
    excess = {
        name: median(one[OURS]) - 1.15 * median(one[Raw.name]) for name, one in medians.items()
    }
    worst = max(excess, key=lambda name: excess[name])
    near = sum(seconds <= 0.001 for seconds in excess.values())
    report.quality(
        f"uncached latency beside raw pyoxigraph, {_number(clients)}",
        "≤ 1.15 times + 1 ms on every query",
        f"on {near} of {len(excess)}; most: 1.15 times + {_milliseconds([excess[worst]])} ms "
        f"({worst})",
    )
    for peer, target in ((IN_MEMORY, "≤ 1.15 on every query over 5 ms"), (ON_DISK, "median ≤ 0.5")):
        if ratios := _long_ratios(medians, peer, 0.005 if peer == IN_MEMORY else 0.0):
            report.quality(
                f"uncached latency beside {peer}, {_number(clients)}", target, _spread(ratios)
            )


def _judge_repeated(report: Report, medians: Medians) -> None:
    if ratios := _long_ratios(medians, IN_MEMORY, 0.005):
        report.quality(
            f"repeated query beside {IN_MEMORY}", "≤ 0.1 on every query over 5 ms", _spread(ratios)
        )


def _long_ratios(medians: Medians, peer: str, least: float) -> dict[str, float]:
    """Return the ratios to a peer for queries that take it more than some seconds."""
    return {
        name: _ratio(one[OURS], one[peer])
        for name, one in medians.items()
        if peer in one and median(one[peer]) > least
    }


def _spread(ratios: dict[str, float]) -> str:
    best, worst = (choose(ratios, key=lambda name: ratios[name]) for choose in (min, max))
    return (
        f"median {median(ratios.values()):.2f}; {ratios[best]:.2f} ({best}) to "
        f"{ratios[worst]:.2f} ({worst}), {len(ratios)} queries"
    )


def _count(target: Target, query: Query, clients: int) -> int:
    """Warm a target up and return how many requests take the time that is spent."""
    once = median(target.measure(query, clients, 1))
    return max(1, min(100, int(SPENT / once)))


def _throughputs(
    report: Report, servers: Sequence[Http], queries: Sequence[Query], rounds: int
) -> None:
    """Add requests a second of repeated small queries, by wrk, which is no bottleneck itself."""
    wrk = shutil.which("wrk")
    if wrk is None:
        report.quality("throughput of repeated queries", "≥ 0.7", "not measured: there is no wrk")
        return
    lines = []
    for query in (one for one in queries if one.name in TRIVIAL):
        rates: dict[str, list[float]] = {target.name: [] for target in servers}
        for _ in range(rounds):
            for target in servers:
                rates[target.name].append(_rate(wrk, target.server, query))
        own = rates[servers[0].name]
        lines.append(
            [query.name]
            + [f"{median(own):,.0f}"]
            + [
                f"{median(rates[other.name]):,.0f}; {_ratios(own, rates[other.name])}"
                for other in servers[1:]
            ]
        )
        if IN_MEMORY in rates:
            ratio = _ratio(own, rates[IN_MEMORY])
            name = f"throughput of the repeated query {query.name} beside {IN_MEMORY}"
            report.quality(f"{name}, {_number(CLIENTS)}", "≥ 0.7", f"{ratio:.2f}")
    title = f"Repeated queries, {_number(CLIENTS)}: answers a second; ratio of ours to theirs"
    report.table(title, ("query", *(target.name for target in servers)), lines)


def _rate(wrk: str, server: Server, query: Query) -> float:
    url = f"http://127.0.0.1:{server.port}{server.path}?query={quote(query.text, safe='')}"
    command = [wrk, "-t1", f"-c{CLIENTS}", "-d2s", "-H", f"Accept: {query.media_type}", url]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    if "Non-2xx" in output or "Socket errors" in output:
        raise RuntimeError(f"{server.name}, {query.name}: {output}")
    (line,) = (line for line in output.splitlines() if line.startswith("Requests/sec:"))
    return float(line.split()[1])


def _rdflib(
    report: Report,
    own: Http,
    clients: Clients,
    python: Path,
    nquads: Path,
    queries: Sequence[Query],
) -> None:
    """Add the latency of rdflib-endpoint; a query that it does not answer costs it a restart."""
    lines, ratios = [], {}
    with ExitStack() as stack:
        peer: Http | None = None
        for query in queries:
            mine = [median(own.measure(query, 1, 5))]
            if peer is None:
                running = rdflib_endpoint(nquads.parent, nquads, python)
                peer = Http(stack.enter_context(running), clients)
            try:
                theirs = [median(peer.measure(query, 1, 2))]
            except Unanswered as error:
                lines.append((query.name, _milliseconds(mine), str(error).splitlines()[0], ""))
                stack.close()
                peer = None
            else:
                ratios[query.name] = _ratio(theirs, mine)
                times = (_milliseconds(mine), _milliseconds(theirs))
                lines.append((query.name, *times, f"{ratios[query.name]:.1f}"))
    report.table(
        "Uncached queries beside rdflib-endpoint, 1 client: ms",
        ("query", own.name, "rdflib-endpoint", "times as long"),
        lines,
    )
    report.quality("throughput beside rdflib-endpoint", "≥ 10 times", _spread(ratios))


def _streams(report: Report, servers: Sequence[Http], raw: Raw, rounds: int) -> None:
    """Add time, first byte and growth of the process for an answer of a million rows."""
    names = [target.name for target in servers]
    wholes: dict[str, list[float]] = {name: [] for name in names}
    firsts: dict[str, list[float]] = {name: [] for name in names}
    growths: dict[str, list[float]] = {name: [] for name in names}
    for _ in range(rounds):
        for target in servers:
            before = _reset_peak(target.server.pid)
            reply = ask(target.server, STREAM)
            wholes[target.name].append(reply.whole)
            firsts[target.name].append(reply.first)
            growths[target.name].append((_memory(target.server.pid, "VmHWM") - before) / MIB)
    evaluated = [seconds for _ in range(rounds) for seconds in raw.measure(STREAM, 1, 1)]
    own = wholes[names[0]]
    lines = [
        [
            name,
            _milliseconds(wholes[name]),
            _ratios(own, wholes[name]) if name != names[0] else "",
            _milliseconds(firsts[name]),
            f"{max(growths[name]):.0f}",
        ]
        for name in names
    ]
    lines.append([raw.name, _milliseconds(evaluated), _ratios(own, evaluated), "", ""])
    head = ("server", "ms", "ratio of ours to theirs", "first byte, ms", "process grows by, MiB")
    report.table("SELECT of 1,000,000 rows", head, lines)
    for peer, limit in ((IN_MEMORY, "≤ 1.0"), (ON_DISK, "≤ 0.5")):
        if peer in wholes:
            what = f"1,000,000 rows, time beside {peer}"
            report.quality(what, limit, _ratios(own, wholes[peer]))
    report.quality("1,000,000 rows, first byte", "< 50 ms", f"{_milliseconds(firsts[OURS])} ms")
    grown = f"{max(growths[OURS]):.0f} MiB"
    report.quality("1,000,000 rows, growth of the front process", "< 32 MiB", grown)


def _starts(report: Report, folder: Path, builds: Path, rounds: int) -> None:
    """Add how long our server takes to its first answer, and kg build to its end."""
    starts = []
    for _ in range(rounds):
        with ours(folder, builds, ROOT) as server:
            starts.append(server.started)
    with tempfile.TemporaryDirectory() as out:
        begun = time.perf_counter()
        kg = str(Path(sys.executable).with_name("kg"))
        command = [kg, "build", "--project", str(ROOT), "--out", out]
        subprocess.run(command, check=True, capture_output=True)
        built = time.perf_counter() - begun
    report.quality("kg serve on a built graph, first answer", "< 1.5 s", f"{median(starts):.2f} s")
    report.quality("kg build of the project's cases", "< 5 s", f"{built:.1f} s")


def _reset_peak(pid: int) -> int:
    Path(f"/proc/{pid}/clear_refs").write_text("5")
    return _memory(pid, "VmRSS")


def _memory(pid: int, name: str) -> int:
    """Return a size of a process in bytes."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) * 1024
    raise LookupError(name)


def _milliseconds(seconds: Sequence[float]) -> str:
    value = median(seconds) * 1000
    return f"{value:.2f}" if value < 10 else f"{value:,.0f}"


def _ratio(ours: Sequence[float], theirs: Sequence[float]) -> float:
    return median(one / other for one, other in zip(ours, theirs, strict=True))


def _ratios(ours: Sequence[float], theirs: Sequence[float]) -> str:
    found = sorted(one / other for one, other in zip(ours, theirs, strict=True))
    return f"**{median(found):.2f}** ({found[0]:.2f}–{found[-1]:.2f})"


def _number(clients: int) -> str:
    return f"{clients} client{'s' * (clients > 1)}"


def _table(head: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    rule = ["---"] * len(head)
    return "\n".join(f"| {' | '.join(line)} |" for line in (head, rule, *lines))


def _head(size: int, triples: int, rounds: int, options: str) -> str:
    versions = ", ".join(f"{name} {_version(name)}" for name in ("samenhang", "pyoxigraph"))
    when = datetime.now(UTC).date().isoformat()
    return "\n".join(
        [
            "# Results",
            "",
            f"{when}; {os.cpu_count()} processors, {platform.machine()}, "
            f"Python {platform.python_version()}; {versions}, oxigraph {_version('oxigraph')}.",
            f"{size:,} collaborations (seed {SEED}), {triples:,} triples; {rounds} rounds.",
            "",
            f"`.venv/bin/python benchmarks/run.py {options} --record`",
        ]
    )


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


if __name__ == "__main__":
    app()
