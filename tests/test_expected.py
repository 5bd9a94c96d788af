"""Expected answers: each question of the library answers as the reviewed file beside it says."""

import csv
from collections.abc import Iterable, Sequence
from difflib import unified_diff
from pathlib import Path

import pytest
from pyoxigraph import QuerySolutions, Store

from kg import library
from serving import ROOT

QUERIES = ROOT / "queries"
PATHS = library.paths(QUERIES)


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_a_question_has_the_answer_that_was_reviewed(path: Path, store: Store) -> None:
    answer = store.query(path.read_text(), use_default_graph_as_union=True)
    assert isinstance(answer, QuerySolutions)
    names = [variable.value for variable in answer.variables]
    rows = ([term.value if term else "" for term in row] for row in answer)
    found = lines([names, *rows])
    with path.with_suffix(".csv").open(newline="") as reviewed:
        expected = lines(csv.reader(reviewed))
    assert len(expected) > 1, "an answer has rows"
    difference = unified_diff(expected, found, "reviewed", "answered", lineterm="", n=1)
    assert found == expected, "\n".join(["", *difference])


def test_every_expected_answer_has_a_question() -> None:
    answers = {path.with_suffix(".rq") for path in QUERIES.glob("*/*.csv")}
    assert len(answers) >= 30
    assert answers == set(PATHS)


def lines(rows: Iterable[Sequence[str]]) -> list[str]:
    """Return the rows of an answer, one a line, for a reader to compare."""
    return [" | ".join(row) for row in rows]
