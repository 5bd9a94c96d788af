"""Questions: what a file tells of its query, and that values never change what is asked."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Store
from rdflib.plugins.sparql.algebra import translateQuery, traverse
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue

from kg import library
from kg.errors import FileError
from kg.questions import Question, bind, parse
from kg.syntax.token import tokens
from serving import ROOT

TEXT = """\
#+ title:
#+   nl: Wie heten zo?
#+   en: Who is called so?
#+ description: {nl: Dingen op naam., en: Things by name.}
#+ topic: start
#+ difficulty: beginner
#+ keywords: {nl: [naam], en: [name]}
#+ view: table
#+ parameters:
#+   thing:
#+     type: thing
#+     class: ex:Thing
#+     label: {nl: ding, en: thing}
#+   word:
#+     type: text
#+     label: {nl: woord, en: word}
#+ columns:
#+   name: {nl: naam, en: name}

PREFIX ex: <https://example.org/>

SELECT ?name
WHERE {
  VALUES ?thing { UNDEF }
  VALUES ?word { "a" }
  ?thing ex:name ?name .
  FILTER(CONTAINS(?name, ?word))
}
ORDER BY ?name
"""
PATH = Path("queries/start/called.rq")
QUESTION = parse(PATH, TEXT)
HOSTILE = [
    '"} UNION { ?s ?p ?o } #',
    "'''} } ; DROP ALL #",
    "\\",
    '\\"',
    r"\u0022 } UNION { ?s ?p ?o } #",
    r"\\U00000022 }",
    "\n} SELECT * {",
    "\u2028}\u0085\x7f",
    "UNDEF",
    "?thing",
    "<https://example.org/>",
    "{{",
    "$1 \\1 \\g<0>",
]
LIBRARY = library.read(ROOT / "queries")


def faulty(old: str, new: str) -> FileError:
    """Return what is said of the file with something else in it."""
    assert old in TEXT
    with pytest.raises(FileError) as caught:
        parse(PATH, TEXT.replace(old, new))
    return caught.value


def test_a_file_tells_of_its_query() -> None:
    assert QUESTION.slug == "called"
    assert QUESTION.title["nl"] == "Wie heten zo?"
    assert list(QUESTION.parameters) == ["thing", "word"]
    assert QUESTION.columns == {"name": {"nl": "naam", "en": "name"}}
    assert QUESTION.prefixes == {"ex": "https://example.org/"}
    assert QUESTION.query.startswith("PREFIX ex:")
    assert "#+" not in QUESTION.query


def test_the_defaults_are_the_terms_in_the_rows() -> None:
    assert QUESTION.defaults == {"thing": None, "word": Literal("a")}


def test_the_language_of_labels_needs_no_metadata() -> None:
    row = '  VALUES ?word { "a" }\n  VALUES ?language { "en" }\n'
    question = parse(PATH, TEXT.replace('  VALUES ?word { "a" }\n', row))
    assert question.is_multilingual
    assert question.defaults["language"] == Literal("en")
    assert not QUESTION.is_multilingual


def test_the_version_depends_on_every_character() -> None:
    assert len(QUESTION.version) == 12
    assert parse(PATH, TEXT + " ").version != QUESTION.version


@pytest.mark.parametrize(
    ("old", "new", "line", "reason"),
    [
        ("#+ view: table\n", "", 0, "view: is missing"),
        ("#+   en: Who is called so?\n", "", 1, "title.en: is missing"),
        ("Wie heten zo?", "Wie zo", 1, "ends in a question mark"),
        ("view: table", "view: pie", 8, "view: Input should be 'table'"),
        ("topic: start", "topic: other", 5, "topic: Input should be 'start'"),
        ("#+     class: ex:Thing\n", "", 10, "type thing needs class"),
        ("PREFIX ex:", "prefix ex:", 20, "write PREFIX name: <IRI> on a line of its own"),
        ("PREFIX ex:", "BASE <urn:a:>\nPREFIX ex:", 20, "no BASE"),
        ('{ "a" }', '{ "a"@nl }', 25, 'parameter word: "a"@nl is no text'),
        ("{ UNDEF }", '{ "a" }', 24, 'parameter thing: "a" is no thing'),
        ("type: text", "type: date", 25, 'parameter word: "a" is no date'),
        ("type: text", "type: integer", 25, "is out of its bounds or no integer"),
        ("type: text\n", "type: text\n#+     minimum: 1\n", 14, "text has no minimum or maximum"),
        ("class: ex:Thing", "class: no:Thing", 12, "no:Thing has no prefix"),
        ("class: ex:Thing", "class: Thing", 12, "Thing has no prefix"),
        ("\n", "\r\n", 1, "save it with LF alone"),
        ("type: text", "type: words", 15, "parameters.word.type: Input should be"),
        ("#+ view", "#+ wiew: 1\n#+ view", 8, "wiew: is not known here"),
        ("#+   word:", "#+   page:", 9, "page means something else"),
        ("#+ topic: start", "#+ topic: [", 7, "not YAML"),
        ('VALUES ?word { "a" }', "", 14, "parameter word: needs one row"),
        ('{ "a" }', '{ "a" "b" }', 25, "parameter word: its row holds one term"),
        ('{ "a" }', "{ no:name }", 25, "parameter word: its row holds one term"),
    ],
)
def test_a_fault_is_told_with_its_line(old: str, new: str, line: int, reason: str) -> None:
    error = faulty(old, new)
    assert reason in error.reason
    assert error.line == line


def test_a_query_without_metadata_is_none() -> None:
    with pytest.raises(FileError, match=r"called\.rq: no metadata; write #\+ title"):
        parse(PATH, "ASK {}")


def test_a_file_has_a_name_for_addresses() -> None:
    with pytest.raises(FileError, match="lower case ASCII"):
        parse(Path("queries/start/Who Is.rq"), TEXT)


def test_values_take_the_place_of_defaults() -> None:
    query = bind(QUESTION, {"thing": NamedNode("https://example.org/a"), "word": Literal("b")})
    assert "VALUES ?thing { <https://example.org/a> }" in query
    assert 'VALUES ?word { "b" }' in query


def test_none_stands_for_any() -> None:
    assert "VALUES ?word { UNDEF }" in bind(QUESTION, {"word": None})


def test_a_parameter_that_is_none_cannot_be_bound() -> None:
    with pytest.raises(KeyError, match="name"):
        bind(QUESTION, {"name": Literal("a")})


def algebra(query: str) -> Any:
    """Return the algebra of a query with all terms in rows of data replaced by their number."""

    def without_data(node: Any) -> Any:
        if isinstance(node, CompValue) and node.name == "values":
            return CompValue("values", rows=len(node.res), names=[sorted(row) for row in node.res])
        return None

    return traverse(translateQuery(parseQuery(query)).algebra, visitPost=without_data)


PLAIN = algebra(bind(QUESTION, {"word": Literal("b")}))


@settings(deadline=None)  # the parser takes its time, and machines are shared
@given(st.text() | st.text(alphabet="\\uU\"'{}#<>?\n 0a2"))
@example(HOSTILE[0])
@example(HOSTILE[4])
@example(HOSTILE[5])
def test_no_text_changes_the_algebra(text: str) -> None:
    value = Literal(text)
    query = bind(QUESTION, {"word": value})
    assert algebra(query) == PLAIN
    row = next(line for line in query.split("\n") if "VALUES ?word" in line)
    (found,) = Store().query(f"SELECT ?word {{ {row} }}")
    assert found["word"] == value


@settings(deadline=None)  # the parser takes its time, and machines are shared
@given(st.text(min_size=1))
@example("a> } UNION { ?s ?p ?o } #")
@example(r"\u003e } UNION")
@example("a b")
def test_no_iri_changes_the_algebra(text: str) -> None:
    try:
        thing = NamedNode(f"https://example.org/{text}")
    except ValueError:
        return  # it is no IRI, and cannot be bound
    bound = bind(QUESTION, {"thing": thing, "word": Literal("b")})
    other = {"thing": NamedNode("https://example.org/a"), "word": Literal("b")}
    assert algebra(bound) == algebra(bind(QUESTION, other))


def rows() -> Iterator[tuple[Question, str]]:
    for question in LIBRARY.questions:
        for name in question.parameters:
            yield question, name


@pytest.mark.parametrize(
    ("question", "name"), list(rows()), ids=lambda one: one if isinstance(one, str) else one.slug
)
def test_no_value_changes_the_tokens_of_a_question(question: Question, name: str) -> None:
    before = kinds(bind(question, {name: Literal("a")}))
    for value in (*map(Literal, HOSTILE), Literal(4), Literal("a", language="nl")):
        assert kinds(bind(question, {name: value})) == before, value
    named = kinds(bind(question, {name: NamedNode("https://example.org/a")}))
    assert named == before


def kinds(query: str) -> list[str]:
    """Return the kinds of the tokens of a query, all terms alike."""
    found = [token.kind for token in tokens(query)]
    text = " ".join("term" if kind in TERMS else kind for kind in found)
    return text.replace("term Tag", "term").replace("term ^^ term", "term").split()


TERMS = {"Decimal", "Integer", "Iri", "Name", "String"}


def test_there_are_questions_with_parameters() -> None:
    assert len(LIBRARY.questions) >= 30
    assert len(list(rows())) > len(LIBRARY.questions)
