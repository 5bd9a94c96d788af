"""The log of the service: what a line tells, what it cannot be made to say, and that it waits
for nobody.
"""

import json
import logging
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kg import access_log
from kg.access_log import Observation, Writer, digest
from serving import ROOT

PATIENCE = 60  # seconds until something that does not happen is given up
TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"

HIT = Observation(
    method="GET",
    path="/sparql",
    status=200,
    outcome="hit",
    query=digest("ASK {}"),
    seconds=0.0123456,
    waited=0.001,
    rows=1,
    bytes=210,
)


def logged(script: str, access_log: str = "json") -> subprocess.CompletedProcess[str]:
    """Run statements with the log set up, in a process of their own."""
    program = (
        "import logging\n"
        "from kg.access_log import Observation, configure, write\n"
        f"with configure({access_log!r}) as log:\n"
        + "".join(f"    {line}\n" for line in script.splitlines())
    )
    return subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=True,
    )


@contextmanager
def pipe() -> Iterator[tuple[int, int]]:
    ends = os.pipe()
    try:
        yield ends
    finally:
        for end in ends:
            os.close(end)


def record(message: str) -> logging.LogRecord:
    return logging.LogRecord("kg.access", logging.INFO, "", 0, message, (), None)


def read_until(descriptor: int, end: bytes) -> bytes:
    text = b""
    while not text.endswith(end):
        block = os.read(descriptor, 2**16)
        assert block, f"ended with {text[-200:]!r}"
        text += block
    return text


def test_a_request_is_one_line_of_json_on_standard_output() -> None:
    done = logged(f"write({HIT!r})")
    assert done.stderr == ""
    (line,) = done.stdout.splitlines()
    fields = json.loads(line)
    assert re.fullmatch(TIME, fields.pop("time"))
    assert fields == {
        "method": "GET",
        "path": "/sparql",
        "status": 200,
        "outcome": "hit",
        "query": "819ea91ed5f12b38",
        "ms": 12.346,
        "waited_ms": 1.0,
        "rows": 1,
        "bytes": 210,
    }


def test_rows_that_nobody_counted_are_null() -> None:
    done = logged("write(Observation('GET', '/', 200, 'page'))")
    assert json.loads(done.stdout)["rows"] is None


def test_the_time_is_that_of_the_request_in_utc() -> None:
    before = time.time()
    line = access_log._Json().format(record("x"))
    told = json.loads(line)["time"]
    seconds = subprocess.run(
        ["date", "--utc", "--date", told, "+%s.%N"], capture_output=True, text=True, check=True
    )
    assert before - 0.001 <= float(seconds.stdout) <= time.time()


@pytest.mark.parametrize(
    "forged",
    [
        'x"}\n{"time": "1970-01-01T00:00:00.000Z"',
        "x\r\n{}",
        "x\x1b[2J\x00\x7f\x9b",
        "x\u2028y\u0085z",
        "\ud800",
        "\\",
    ],
)
def test_a_method_or_path_cannot_forge_a_line(forged: str) -> None:
    seen = Observation(forged, forged, 400, "refused", forged)
    done = logged(f"write({seen!r})")
    (line,) = done.stdout.splitlines()
    assert re.fullmatch("[ -\x7f]+", line)
    fields = json.loads(line)
    assert (fields["method"], fields["path"], fields["query"]) == (forged, forged, forged)


def test_no_request_is_logged_when_the_access_log_is_off() -> None:
    done = logged(f"write({HIT!r})\nlogging.getLogger('kg.engine').warning('a worker died')", "off")
    assert done.stdout == ""
    assert "a worker died" in done.stderr


def test_faults_are_readable_lines_on_standard_error() -> None:
    done = logged("logging.getLogger('kg.engine').warning('worker %d died', 7)")
    assert done.stdout == ""
    assert re.fullmatch(f"{TIME} WARNING kg\\.engine: worker 7 died\n", done.stderr)


def test_the_server_speaks_and_other_libraries_only_warn() -> None:
    done = logged(
        "for name in ('uvicorn.error', 'uvicorn.access', 'httpx', 'kg.app'):\n"
        "    logging.getLogger(name).info('from %s', name)\n"
        "    logging.getLogger(name).debug('more from %s', name)"
    )
    assert re.findall("from (.*)", done.stderr) == ["uvicorn.error", "kg.app"]


def test_a_fault_cannot_forge_a_line_either() -> None:
    forged = "\n1970-01-01T00:00:00.000Z ERROR kg: forged\x1b[2J"
    done = logged(
        f"forged = {forged!r}\n"
        "try:\n"
        "    raise ValueError(forged)\n"
        "except ValueError:\n"
        "    logging.getLogger('kg').exception('it failed: %s', forged)"
    )
    first, *rest = done.stderr.splitlines()
    assert re.fullmatch(TIME + r" ERROR kg: it failed: \\n1970.* forged\\x1b\[2J", first)
    assert rest[0] == "  Traceback (most recent call last):"
    assert "ValueError" in done.stderr
    assert all(line.startswith("  ") for line in rest)
    assert "\x1b" not in done.stderr


def test_what_waits_is_written_at_the_end() -> None:
    done = logged(f"for number in range(5000):\n    write({HIT!r})")
    assert done.stdout.count("\n") == 5000


def test_no_line_is_lost_however_the_end_comes(tmp_path: Path) -> None:
    for number in range(200):
        with (tmp_path / "log").open("wb") as file:
            writer = Writer(file.fileno(), logging.Formatter("%(message)s"), 0)
            for _ in range(number):
                writer.handle(record("line"))
            writer.close()
        assert (tmp_path / "log").read_text() == "line\n" * number


def test_a_full_pipe_holds_nobody_up_and_costs_lines_that_are_counted() -> None:
    with pipe() as (reading, writing):
        writer = Writer(writing, logging.Formatter("%(message)s"), 0)
        begin = time.monotonic()
        for number in range(4 * access_log.LINES):
            writer.handle(record(f"{number:0200}"))  # the pipe holds some hundreds of these
        assert time.monotonic() - begin < PATIENCE / 6
        assert len(writer._lines) == access_log.LINES
        dropped = writer.dropped
        assert dropped > access_log.LINES
        text = read_until(reading, b"fast enough\n").decode()
        *lines, loss = text.splitlines()
        assert loss.startswith(f"{dropped} lines were dropped")
        assert len(lines) == 4 * access_log.LINES - dropped
        assert [int(line) for line in lines] == sorted(int(line) for line in lines)
        writer.handle(record("recovered"))
        assert read_until(reading, b"\n") == b"recovered\n"
        assert writer.dropped == dropped
        writer.close()


def test_a_file_that_nobody_reads_does_not_hold_the_end_up() -> None:
    with pipe() as (_, writing):
        writer = Writer(writing, logging.Formatter("%(message)s"), 0)
        for _ in range(1000):
            writer.handle(record("x" * 1000))
        begin = time.monotonic()
        writer.close()
        assert time.monotonic() - begin < PATIENCE / 6


def test_a_reader_that_left_costs_lines_only() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    writer = Writer(writing, logging.Formatter("%(message)s"), 0)
    writer.handle(record("lost"))
    writer.close()
    os.close(writing)
    assert writer.dropped == 1


def test_a_descriptor_that_does_not_block_loses_nothing() -> None:
    with pipe() as (reading, writing):
        os.set_blocking(writing, False)
        writer = Writer(writing, logging.Formatter("%(message)s"), 0)
        for number in range(1000):
            writer.handle(record(f"{number:0200}"))
        lines = read_until(reading, b"0999\n").splitlines()
        assert [int(line) for line in lines] == list(range(1000))
        writer.close()
        assert writer.dropped == 0


def test_lines_are_gathered_into_few_writes(tmp_path: Path) -> None:
    with (tmp_path / "log").open("wb") as file:
        writer = Writer(file.fileno(), logging.Formatter("%(message)s"), 60)
        for number in range(100):
            writer.handle(record(str(number)))
        assert file.tell() == 0
        writer.close()  # does not wait for the minute to pass
    assert (tmp_path / "log").read_text().split() == [str(number) for number in range(100)]


def test_a_digest_is_the_beginning_of_the_sha_256_of_the_text() -> None:
    printed = subprocess.run(
        ["sha256sum"], input="ASK { ?é ?p ?o }".encode(), capture_output=True, check=True
    )
    assert digest("ASK { ?é ?p ?o }") == printed.stdout.decode()[:16]


def test_the_fields_of_a_line_are_those_that_operators_are_told() -> None:
    said = (ROOT / "docs/operating.md").read_text()
    (example,) = re.findall(r"```json\n(.*)\n```", said)
    line = access_log._Json().format(
        logging.LogRecord("kg.access", logging.INFO, "", 0, HIT, (), None)
    )
    assert list(json.loads(example)) == list(json.loads(line))
    (table,) = re.findall(r"\| field \| \|\n\|---\|---\|\n((?:\|.*\n)+)", said)
    told = [
        name for row in table.splitlines() for name in re.findall("`([a-z_]+)`", row.split("|")[1])
    ]
    assert told == list(json.loads(line))
    assert digest("ASK {}") in said
