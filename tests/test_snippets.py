"""Snippets run as they are shown, whatever a reader filled in."""

import csv
import re
import subprocess
import sys
from html import unescape
from io import StringIO
from pathlib import Path

import httpx
import pytest

from kg.snippets import snippets
from serving import CURL

HOSTILE = [
    "Lindenhout",
    "\"'`$(touch owned)\\",
    "'; touch owned; echo '",
    '"""\nimport os'.replace("\n", " "),
    "{query} {address}",
    "\\u0022) } #",
    "%27&word=x#?",
    "é 🙂 ß",
    "</code></pre><b>",
]


def shown(url: str, key: str, word: str) -> str:
    """The program that the page of a question shows."""
    html = httpx.get(f"{url}/queries/search", params={"word": word}).text
    found = re.search(rf'<code id="snippet-{key}">(.*?)</code>', html, re.DOTALL)
    assert found, html
    return unescape(found[1])


def answer(url: str, word: str) -> list[dict[str, str]]:
    response = httpx.get(f"{url}/api/queries/search", params={"word": word, "format": "csv"})
    assert response.status_code == 200
    return list(csv.DictReader(StringIO(response.text)))


def run(command: list[str], folder: Path) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert list(folder.iterdir()) == []
    return done.stdout


@CURL
@pytest.mark.parametrize("word", HOSTILE)
def test_curl_gets_the_answer(word: str, url: str, tmp_path: Path) -> None:
    output = run(["bash", "-c", shown(url, "curl", word)], tmp_path)
    assert list(csv.DictReader(StringIO(output))) == answer(url, word)


@pytest.mark.parametrize("word", HOSTILE)
def test_pandas_reads_the_answer(word: str, url: str, tmp_path: Path) -> None:
    program = shown(url, "pandas", word) + "\nprint('rows:', len(answer))"
    output = run([sys.executable, "-c", program], tmp_path)
    assert output.endswith(f"rows: {len(answer(url, word))}\n")


@pytest.mark.parametrize("word", HOSTILE)
def test_sparqlwrapper_prints_the_answer(word: str, url: str, tmp_path: Path) -> None:
    output = run([sys.executable, "-c", shown(url, "sparqlwrapper", word)], tmp_path)
    rows = answer(url, word)
    assert len(output.splitlines()) == len(rows)
    for line, row in zip(output.splitlines(), rows, strict=True):
        assert all(repr(value) in line for value in row.values() if value)


def test_there_is_something_to_get(url: str) -> None:
    assert len(answer(url, "Lindenhout")) > 1


def test_values_are_put_into_a_template_once() -> None:
    told = snippets("https://kg.example/{query}", "{endpoint}", "{address}", "{query}\n")
    texts = {one.key: one.text for one in told}
    assert "'https://kg.example/{query}'" in texts["curl"]
    assert "read_csv('{endpoint}')" in texts["pandas"]
    assert 'read.csv("{endpoint}", ' in texts["r"]


@pytest.mark.parametrize("text", ["\\", '"', "\\u0022", '"""', "'", "é\n", 'a\\"""b\n', "\x85\n"])
def test_a_text_in_python_is_that_text(text: str) -> None:
    (own,) = [one for one in snippets("", "", "", text) if one.key == "sparqlwrapper"]
    literal = own.text.partition("setQuery(")[2].rpartition(")\nfor")[0]
    assert eval(literal) == text


@pytest.mark.parametrize("text", ['a"b', "a\\", "a'$b`"])
def test_a_text_in_r_has_its_quotes_and_backslashes_escaped(text: str) -> None:
    (own,) = [one for one in snippets("", text, "", "") if one.key == "r"]
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    assert f'read.csv("{escaped}", encoding' in own.text
