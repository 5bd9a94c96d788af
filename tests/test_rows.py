"""Rows are counted as they are written, whatever the format and wherever a part ends."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Store

from kg.engine.rows import RowCounter
from kg.formats import RESULTS_BY_NAME

# CSV is made of what is written, and counted, as TSV.
NAMES = [name for name in RESULTS_BY_NAME if name != "csv"]
LITERALS = st.lists(st.text(alphabet='},{"\n\\<result>:[ \r\tbindgs1é', max_size=12), max_size=8)


def body(query: str, name: str) -> bytes:
    output = io.BytesIO()
    Store().query(query).serialize(output, RESULTS_BY_NAME[name])
    return output.getvalue()


def rows(content: bytes, name: str, size: int) -> int:
    counter = RowCounter(name)
    for start in range(0, len(content), size):
        counter.feed(content[start : start + size])
    return counter.rows


def literal(text: str) -> str:
    escaped = text.translate({ord(c): "\\" + e for c, e in zip('\\"\n\r\t', '\\"nrt', strict=True)})
    return f'"{escaped}"'


@pytest.mark.parametrize("name", NAMES)
@given(texts=LITERALS, size=st.integers(1, 40))
def test_rows_are_counted_wherever_a_part_ends(name: str, texts: list[str], size: int) -> None:
    values = " ".join(f"({literal(text)} {number})" for number, text in enumerate(texts))
    content = body(f"SELECT ?x ?y {{ VALUES (?x ?y) {{ {values} }} }}", name)
    assert rows(content, name, size) == len(texts)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("query", "count"), [("SELECT * {}", 1), ("SELECT ?x { VALUES ?x { } }", 0)]
)
def test_a_row_without_a_value_is_not_the_same_as_none(name: str, query: str, count: int) -> None:
    assert rows(body(query, name), name, 7) == count
