"""What comes out as CSV is what a reader of CSV gets back, whatever the terms."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    Quad,
    QueryResultsFormat,
    QuerySolutions,
    Store,
    Triple,
)

from kg.engine.fields import KEPT, CommaSeparated

Term = NamedNode | BlankNode | Literal | Triple

TEXTS = st.text(
    st.sampled_from(',"\r\n\t\\<>?@^_: ax1é😀\0\x7f\u2028') | st.characters(codec="utf-8"),
    max_size=9,
)
IRIS = st.text("a,;'=&()é?@", max_size=9).map(lambda end: NamedNode(f"urn:x#{end}"))
LITERALS = (
    TEXTS.map(Literal)
    | st.builds(
        lambda text, tag: Literal(text, language=tag), TEXTS, st.sampled_from(["nl", "en-gb"])
    )
    | st.builds(lambda text, iri: Literal(text, datatype=iri), TEXTS, IRIS)
    | st.one_of(st.integers(), st.floats(), st.booleans()).map(Literal)
)
PLAIN = IRIS | LITERALS | st.from_regex("[a-z][a-z0-9]{0,5}", fullmatch=True).map(BlankNode)
# Other characters are escaped in a triple term's own way.
TRIPLES = st.builds(Triple, IRIS, IRIS, IRIS | st.text(',"\r\n\t\\<> aé', max_size=9).map(Literal))
TERMS = PLAIN | TRIPLES
SIZES = st.integers(1, 60)


def solutions(rows: list[list[Term | None]], width: int) -> QuerySolutions:
    """Return rows of so many columns; what is ``None`` is unbound."""
    store = Store()
    for number, row in enumerate(rows):
        for column, term in enumerate(row):
            if term is not None:
                predicate = NamedNode(f"urn:p{column}")
                store.add(Quad(NamedNode(f"urn:s{number}"), predicate, term))
    subjects = " ".join(f"<urn:s{number}>" for number in range(len(rows)))
    patterns = " ".join(f"OPTIONAL {{ ?s <urn:p{n}> ?v{n} }}" for n in range(width))
    names = " ".join(f"?v{n}" for n in range(width))
    found = store.query(f"SELECT {names} {{ VALUES ?s {{ {subjects} }} {patterns} }}")
    assert isinstance(found, QuerySolutions)
    return found


def as_csv(answer: QuerySolutions, size: int) -> str:
    """Return an answer as CSV that was made from parts of ``size`` bytes."""
    content = answer.serialize(format=QueryResultsFormat.TSV)
    assert content is not None
    table = CommaSeparated()
    parts = (content[start : start + size] for start in range(0, len(content), size))
    return b"".join(map(table.feed, parts)).decode()


def value(term: Term | None) -> str:
    """Return what stands in CSV for a term (SPARQL 1.1 Query Results CSV, 3.2)."""
    if isinstance(term, NamedNode | Literal):
        return term.value
    if isinstance(term, Triple):
        return f"<<( {term.subject} {term.predicate} {term.object} )>>"
    return str(term) if term else ""


def read(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline="")))


@given(data=st.data(), width=st.integers(1, 4), size=SIZES)
def test_a_reader_of_csv_gets_back_every_value_wherever_a_part_ends(
    data: st.DataObject, width: int, size: int
) -> None:
    row = st.lists(st.none() | TERMS, min_size=width, max_size=width)
    rows = data.draw(st.lists(row, min_size=1, max_size=5))
    expected = [[value(term) for term in found] for found in solutions(rows, width)]
    assert len(expected) == len(rows)
    names = [f"v{number}" for number in range(width)]
    assert read(as_csv(solutions(rows, width), size)) == [names, *expected]


@given(texts=st.lists(TEXTS.filter(bool), min_size=1, max_size=4), size=SIZES)
def test_literals_come_as_pyoxigraph_writes_them_in_csv(texts: list[str], size: int) -> None:
    rows: list[list[Term | None]] = [[Literal(text), None] for text in texts]
    content = solutions(rows, 2).serialize(format=QueryResultsFormat.CSV)
    assert content is not None
    assert as_csv(solutions(rows, 2), size) == content.decode()


def test_only_fields_that_have_to_be_are_quoted() -> None:
    row = [NamedNode("urn:a"), NamedNode("urn:a,b"), Literal("c"), Literal("d, e", language="nl")]
    lines = 'v0,v1,v2,v3\r\nurn:a,"urn:a,b",c,"d, e"\r\n'
    assert as_csv(solutions([row], 4), 7) == lines


@pytest.mark.parametrize("term", [None, Literal("")])
def test_a_row_of_one_empty_field_is_no_blank_line(term: Term | None) -> None:
    assert as_csv(solutions([[term], [Literal("x")]], 1), 7) == 'v0\r\n""\r\nx\r\n'


@pytest.mark.parametrize(
    ("query", "content"),
    [("SELECT * {}", "\r\n\r\n"), ("SELECT ?x ?y { VALUES (?x ?y) {} }", "x,y\r\n")],
)
def test_an_answer_without_columns_or_rows_has_its_header(query: str, content: str) -> None:
    answer = Store().query(query)
    assert isinstance(answer, QuerySolutions)
    assert as_csv(answer, 100) == content


def test_rows_come_as_soon_as_they_are_whole() -> None:
    table = CommaSeparated()
    assert table.feed(b'?x\t?y\n<urn:a>\t"b') == b"x,y\r\n"
    assert table.feed(b',\\"c') == b""
    assert table.feed(b'"@nl\n<urn:d') == b'urn:a,"b,""c"\r\n'


def test_few_fields_are_kept_in_memory_and_no_long_ones() -> None:
    table = CommaSeparated()
    table.feed(b"?x\n")
    for start in range(0, 5 * KEPT, 100):
        table.feed(b"".join(b"%d\n" % number for number in range(start, start + 100)))
        assert len(table._fields or ()) <= KEPT
    before = len(table._fields or ())
    assert table.feed(b'"%b"\n' % (b"long " * 1000)) == b"long " * 1000 + b"\r\n"
    assert len(table._fields or ()) == before
