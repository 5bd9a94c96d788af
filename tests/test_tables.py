"""Tables show things by their names, under headings in the language of the reader."""

import asyncio
from collections.abc import Mapping
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode

from kg.questions import parse
from kg.tables import Table, table
from libraries import MEMBERS
from storing import StoreEngine, trig

ANN = NamedNode("https://w3id.org/samenhang/id/member/ann")
PASSAGE = NamedNode("https://w3id.org/samenhang/source/x#char=0,14")
ENGINE = StoreEngine(
    trig("""
    @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
    <urn:g> { <https://w3id.org/samenhang/id/member/ann> rdfs:label "Anna"@nl, "Ann"@en . }
    """)
)
QUESTION = parse(Path("members.rq"), MEMBERS)


def shown(*rows: Mapping[str, NamedNode | Literal], language: str = "en") -> Table:
    return asyncio.run(table(ENGINE, QUESTION, rows, language))


@pytest.mark.parametrize(
    ("language", "heads"),
    [("en", ["member", "since", "size"]), ("nl", ["lid", "sinds", "grootte"])],
)
def test_headings_are_in_the_language(language: str, heads: list[str]) -> None:
    assert [one.heading for one in shown(language=language).columns] == heads


def test_a_thing_and_its_label_are_one_cell() -> None:
    (row,) = shown({"member": ANN, "memberLabel": Literal("de Ann", language="nl")}).rows
    assert len(row) == 3
    name = row[0].name
    assert name is not None
    assert (name.label, name.language, name.path) == ("de Ann", "nl", "/doc/member/ann")


@pytest.mark.parametrize(("language", "label"), [("en", "Ann"), ("nl", "Anna")])
def test_a_thing_without_a_label_has_the_one_in_the_graph(language: str, label: str) -> None:
    (row,) = shown({"member": ANN}, language=language).rows
    assert row[0].name is not None
    assert row[0].name.label == label
    assert row[0].name.path.startswith("/nl/" if language == "nl" else "/doc/")


def test_what_is_unbound_is_an_empty_cell() -> None:
    (row,) = shown({"member": ANN}).rows
    assert (row[1].term, row[1].name) == (None, None)


def test_columns_of_numbers_are_known() -> None:
    one = {"member": ANN, "size": Literal(1), "since": Literal(1)}
    other = {"member": ANN, "size": Literal(1.5), "since": Literal("one")}
    numbers = [column.is_number for column in shown(one, other, {"member": ANN}).columns]
    assert numbers == [False, False, True]
    assert not any(column.is_number for column in shown().columns)


def test_a_column_with_a_thing_is_none_of_numbers() -> None:
    columns = shown({"size": ANN}, {"size": Literal(1)}).columns
    assert not columns[2].is_number


def test_columns_of_long_texts_are_known() -> None:
    columns = shown({"since": Literal("word " * 20), "size": Literal("word")}).columns
    assert [column.is_text for column in columns] == [False, True, False]


def test_passages_are_known() -> None:
    (row,) = shown({"member": PASSAGE, "since": ANN}).rows
    assert (row[0].is_passage, row[1].is_passage) == (True, False)
