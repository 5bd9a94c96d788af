"""What the tutorial shows, the graph answers: in the page, and in the notebook when it is run."""

import itertools
import json
import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import nbclient
import nbformat
import pytest

from kg.build import Build
from kg.library import Library, read
from serving import KG, ROOT

PAGE = ROOT / "docs" / "tutorial.md"
NOTEBOOK = ROOT / "docs" / "tutorial.ipynb"
_, *STEPS = re.split(
    r"^(?=## \d+\. )", PAGE.read_text().partition("\n## From here\n")[0], flags=re.MULTILINE
)
PARTS = re.compile(r"^```(console|sparql)\n(.*?)^```$|^(\|.*?\|)\n\n", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"\[([\w-]+)\]\(\.\./queries/([\w-]+)/\1\.rq\)")
SECONDS = 120  # that one cell of the notebook may take
USUAL = "http://127.0.0.1:8000"  # the address that is shown
SERVICE = r"http://127\.0\.0\.1:\d+"
# The address of the service, and the versions of data and queries.
VOLATILE = re.compile(rf"{SERVICE}|\b[0-9a-f]{{12}}\b")
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}

Rows = list[dict[str, str]]
steps = pytest.mark.parametrize("step", STEPS, ids=lambda step: step.splitlines()[0])


@pytest.fixture(scope="module")
def library() -> Library:
    return read(ROOT / "queries")


@steps
def test_a_step_is_a_question_of_the_library(step: str, url: str, library: Library) -> None:
    (command, *_) = (text for kind, text in _blocks(step) if kind == "console")
    slug = _question(command)[0]
    (first, topic), *_ = LINK.findall(step)
    assert first == slug
    assert library.by_slug[slug].topic == topic
    for name, _ in LINK.findall(step):
        assert f"`/queries/{name}`" in " ".join(step.split())
        assert httpx.get(f"{url}/queries/{name}").is_success, name


@steps
def test_a_step_says_what_to_notice_and_solves_its_exercise(step: str) -> None:
    parts = ("**Notice.**", "**Exercise.**", "<summary>Solution</summary>", "</details>")
    places = [step.index(part) for part in parts]
    assert places == sorted(places)
    assert [step.count(part) for part in parts] == [1, 1, 1, 1]


@steps
def test_the_lines_of_a_step_are_answered_as_its_question_is(step: str, url: str) -> None:
    blocks = _blocks(step)
    (command, *_) = (text for kind, text in blocks if kind == "console")
    (lines, *_) = (text for kind, text in blocks if kind == "sparql")
    short, whole = _answer("sparql", lines, url), _answer("console", command, url)
    shared = [column for column in short[0] if column in whole[0]]
    assert shared
    assert all(row in _columns(whole, shared) for row in _columns(short, shared))


def test_every_table_is_the_answer_to_what_stands_above_it(url: str) -> None:
    tables = [found for step in STEPS for found in _tables(step)]
    assert len(tables) == PAGE.read_text().count("\n|---")
    for kind, text, table in tables:
        columns, rows = _read(table)
        answer = _answer(kind, text, url)
        assert rows == _columns(answer, columns), text
        assert kind == "console" or columns == [*answer[0]], text


def test_the_terminal_gives_the_same_answer(url: str, built: Build) -> None:
    commands = [text for kind, text in _blocks(STEPS[-1]) if kind == "console"]
    for command in commands[1:3]:
        program, *arguments = shlex.split(command)
        assert program == "kg"
        done = subprocess.run(
            [KG, *arguments, "--format", "json"],
            env={"PATH": "/usr/bin:/bin", "KG_BUILD": str(built.path.parent)},
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
        assert _rows(done.stdout) == _answer("console", command, url)


def test_the_notebook_shows_what_it_gives_when_it_is_run(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("IPYTHONDIR", "JUPYTER_RUNTIME_DIR"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.setenv("SAMENHANG", url)
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    shown = _outputs(notebook)
    nbclient.NotebookClient(notebook, timeout=SECONDS, record_timing=False).execute()
    run = tmp_path / NOTEBOOK.name
    nbformat.write(_settled(notebook, url), run)
    assert shown
    assert all(output != "[]" for output in shown[1:])  # the first cell defines functions only
    assert shown == _outputs(notebook), f"if the new outputs are right, copy {run} to {NOTEBOOK}"


def test_the_notebook_keeps_nothing_of_the_run_but_outputs() -> None:
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    nbformat.validate(notebook)
    assert notebook == _settled(notebook)
    assert set(re.findall(SERVICE, NOTEBOOK.read_text())) == {USUAL}


def test_each_cell_of_the_notebook_comes_after_words() -> None:
    kinds = [cell.cell_type for cell in nbformat.read(NOTEBOOK, as_version=4).cells]
    assert "code" in kinds
    assert ("code", "code") not in itertools.pairwise(["code", *kinds])


def _blocks(step: str) -> list[tuple[str, str]]:
    return [(kind, text) for kind, text, _ in PARTS.findall(step) if kind]


def _tables(step: str) -> Iterator[tuple[str, str, str]]:
    """Yield each table of a step, with the kind and the text of the block that it follows."""
    above = ("", "")
    for kind, text, table in PARTS.findall(step):
        if table:
            yield (*above, table)
        above = (kind, text) if kind else above


def _read(table: str) -> tuple[list[str], Rows]:
    """Return the columns and the rows of a table in Markdown."""
    columns, _, *rows = (
        [cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()
    )
    return columns, [dict(zip(columns, row, strict=True)) for row in rows]


def _question(command: str) -> tuple[str, dict[str, str]]:
    """Return the slug and the parameters of a command ``kg query``."""
    kg, query, slug, *options = shlex.split(command)
    assert (kg, query, *options[::2]) == ("kg", "query", *["--param"] * (len(options) // 2))
    return slug, dict(option.split("=", 1) for option in options[1::2])


def _answer(kind: str, text: str, url: str) -> Rows:
    """Return the answer of the service to lines of SPARQL, or to the question of a command."""
    if kind == "sparql":
        path, parameters = "/sparql", {"query": text}
    else:
        slug, parameters = _question(text)
        path = f"/api/queries/{slug}"
    answer = httpx.get(url + path, params=parameters | {"format": "json"})
    assert answer.is_success, answer.text
    return _rows(answer.text)


def _rows(text: str) -> Rows:
    """Return the rows of an answer in JSON, empty where there is no value."""
    answer = json.loads(text)
    rows = answer["results"]["bindings"]
    return [
        {name: row[name]["value"] if name in row else "" for name in answer["head"]["vars"]}
        for row in rows
    ]


def _columns(rows: Rows, columns: list[str]) -> Rows:
    return [{column: row[column] for column in columns} for row in rows]


def _outputs(notebook: nbformat.NotebookNode) -> list[str]:
    """Return what the cells give, with what is volatile masked."""
    outputs = [cell.outputs for cell in notebook.cells if cell.cell_type == "code"]
    return [VOLATILE.sub("…", json.dumps(output, sort_keys=True)) for output in outputs]


def _settled(notebook: nbformat.NotebookNode, url: str = USUAL) -> nbformat.NotebookNode:
    """Return a notebook without what its run says of the machine, as the project keeps it."""
    text = nbformat.writes(notebook).replace(url, USUAL)
    settled = nbformat.reads(text, as_version=4)
    settled.metadata = nbformat.from_dict(METADATA)
    for cell in settled.cells:
        cell.metadata.clear()
    return settled
