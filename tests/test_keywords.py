"""The bare words of a query, found without parsing it."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.keywords import keywords


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { SERVICE <http://example.org/> { ?s ?p ?o } }",
        "select*{service<http://example.org/>{}}",
        "SELECT * { SeRvIcE SILENT ?where { ?s ?p ?o } }",
        "SELECT * { # comment\n SERVICE # another\n <http://example.org/> {} }",
        "PREFIX e: <http://e/> SELECT * { ?s ?p 'a\\'b' SERVICE e:x {} }",
        "SELECT * { ?s ?p '''a'b''' . SERVICE <x> {} }",
        'SELECT * { ?s ?p """a"b\\""" . """ SERVICE <x> {} }',
        "SELECT * { ?s ?p true.SERVICE<x> {} }",
        "SELECT * { SERV\\u0049C\\U00000045 <x> {} }",
        "SELECT * { ?s ?p 5.SERVICE <x> {} }",
        "SELECT * { ?s ?p 4SERVICE<x> {} }",
        "SELECT * { ?s ?p 4.0e5SERVICE<x> {} }",
        "SELECT * { FILTER(?a<?b) SERVICE <x> {} FILTER(?a > ?b) }",
    ],
)
def test_the_keyword_service_is_seen(text: str) -> None:
    assert "SERVICE" in keywords(text)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT ?service { ?service ?p $SERVICE }",
        "SELECT * { ?s ?p 'SERVICE', \"SERVICE\" }",
        "SELECT * { ?s ?p '''\n'SERVICE' ''' , \"\"\" \"SERVICE \"\"\" }",
        "SELECT * { ?s <http://example.org/SERVICE> ?o }",
        "SELECT * { ?s service:x ?o ; x:SERVICE ?o ; :SERVICE ?o }",
        "SELECT * { ?s ?p ?o } # SERVICE",
        "SELECT * { ?s ?p 'x'@service }",
        "SELECT * { ?s ?p ?SERVICES }",
        "SELECT * { ?s a:é·service ?o ; a:a‿service ?o ; a:a\u0301service ?o }",
    ],
)
def test_the_word_service_elsewhere_is_not_taken_for_the_keyword(text: str) -> None:
    assert "SERVICE" not in keywords(text)


@given(st.text(alphabet=string.printable + "é\\'\"<>#", max_size=200))
def test_any_text_has_keywords(text: str) -> None:
    assert all(word == word.upper() for word in keywords(text) if word.isascii())


@pytest.mark.parametrize(
    "piece",
    [
        "'",
        '"',
        "'''",
        '"""',
        "\\",
        "'''\\",
        "<",
        "<a",
        "#",
        "a:",
        "a.",
        "a-",
        "'\\''",
        '"""a"" ',
        ":",
        "?",
        ".",
        "4",
        "4.",
        "4e",
    ],
)
def test_a_megabyte_of_anything_is_scanned_in_one_go(piece: str) -> None:
    """A scan that went back would take hours here, and this test with it."""
    assert len(keywords(piece * (2**20 // len(piece)))) <= 2
