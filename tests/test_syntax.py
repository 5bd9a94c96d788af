"""What is wrong with a query that the parser rejects, and what to do about it."""

import json
import random
import string
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Store

from kg.syntax import SyntaxFault, diagnosis, fault
from kg.syntax.grammar import RULES, stop
from kg.syntax.place import applied
from kg.syntax.restrictions import faults
from kg.syntax.token import tokens

ROOT = Path(__file__).parents[1]
QUERIES = [*(ROOT / "queries").rglob("*.rq"), *(ROOT / "src" / "kg").rglob("*.rq")]

# Query; line and column; part of the reason; part of the hint. Following the hints leads to a
# query that is one.
REPAIRED = [
    # prefixes
    (
        "ASK { ?s org:role ?o }",
        1,
        10,
        "prefix org: is not",
        "PREFIX org: <http://www.w3.org/ns/org#>",
    ),
    ("ASK {\n  ?s schema:name ?o }", 2, 6, "schema:", "PREFIX schema: <https://schema.org/>"),
    ("ASK { ?s org:a ?o ; wdt:P31 ?x }", 1, 10, "org:", "wdt: <http://www.wikidata.org/prop/"),
    ("PREFIX org: <http://o/> ASK { ?s orgg:role ?o }", 1, 34, "orgg:", "Did you mean org:"),
    ("PREFIX org: <http://o/> ASK { ?s ORG:role ?o }", 1, 34, "ORG:", "Did you mean org:"),
    ("ASK { ?s dcterm:title ?o }", 1, 10, "dcterm:", "Did you mean dcterms:?"),
    ("ASK { ?s ?p 'x'^^xsd:date }", 1, 18, "xsd:", "PREFIX xsd:"),
    ("PREFIX org <http://o/> ASK {}", 1, 8, "a prefix with a colon", "PREFIX org: <http://o/>"),
    ("PREFIX org:role <http://o/> ASK {}", 1, 8, "a prefix with a colon", "PREFIX org: <…>"),
    ("@prefix org: <http://o/> . ASK {}", 1, 1, "“@prefix”", "without @"),
    ("@prefix a: <http://a/> .\n@prefix b: <http://b/> .\nASK {}", 1, 1, "PREFIX", "dot"),
    ("PREFIX org: <http://o/> . ASK {}", 1, 25, "found “.”", "without a dot"),
    ("PREFIX org: <http://o/>, foaf: <http://f/> ASK {}", 1, 24, "found “,”", "PREFIX of its own"),
    ("PREFIX foaf: <http://f/> ASK { ?s foaf :name ?o }", 1, 35, "a property", "foaf:name"),
    # IRIs
    ("ASK { ?s ?p http://example.org/a }", 1, 13, "http:", "<http://example.org/a>"),
    ("ASK { http://example.org/a ?p ?o }", 1, 7, "http:", "<http://example.org/a>"),
    ("PREFIX o: http://o/ns# ASK {}", 1, 11, "http:", "<http://o/ns#>"),
    ('PREFIX o: "http://o/ns#" ASK {}', 1, 11, "an IRI", "<http://o/ns#>"),
    ("ASK { ?s ?p <http://example.org/a }", 1, 13, "a value", "close it with >"),
    ("PREFIX o: <http://o/ns# ASK {}", 1, 11, "an IRI", "<http://o/ns#>"),
    ("ASK { ?s ?p <http://a/b c> }", 1, 13, "a value", "<http://a/b%20c>"),
    ("ASK { ?s ?p < http://a/b> }", 1, 13, "a value", "no spaces before or after"),
    # strings, tags, dates
    ('ASK { ?s ?p "abc }', 1, 13, "a value", 'close it with "'),
    ("ASK { ?s ?p 'abc }", 1, 13, "a value", "close it with '"),
    ('ASK { ?s ?p """abc }', 1, 13, "a value", 'close it with """'),
    ('ASK { ?s ?p "a "quoted" word" }', 1, 17, "found “quoted”", r'write \" for "'),
    ("ASK { ?s ?p 'it's' }", 1, 17, "found “s”", r"write \' for '"),
    ("ASK { ?s ?p “abc” }", 1, 13, "a value", "U+201C (LEFT DOUBLE QUOTATION MARK)"),
    ("ASK { FILTER(?b = ‘x’) }", 1, 19, "an expression", "U+2018"),
    (r'ASK { ?s ?p "C:\Users\q" }', 1, 16, "no such escape", "written twice"),
    (r"ASK { FILTER regex(?o, '\.') }", 1, 25, "no such escape", "written twice"),
    ('ASK { ?s ?p "abc"@nl_NL }', 1, 21, "found “_NL”", "@nl-NL"),
    ('ASK { ?s ?p "x"en }', 1, 16, "a language tag", "@en"),
    ('ASK { ?s ?p "x"^<http://a/b> }', 1, 16, "a language tag", "^^"),
    ("ASK { FILTER(LANG(?o) = @nl) }", 1, 25, "an expression", '"nl"'),
    ("ASK { ?s ?p word@en }", 1, 13, "a value", '"word"'),
    ("ASK { ?s ?p 2020-01-31 }", 1, 17, "found “-”", '"2020-01-31"^^<'),
    ("ASK { ?s ?p True }", 1, 13, "a value", "Did you mean true?"),
    # brackets
    ("ASK { ?s ?p ?o", 1, 15, "end of the query", "The { in line 1 is not closed"),
    ("ASK {\n\n{ ?s ?p ?o }\n", 3, 13, "end of the query", "The { in line 1 is not closed"),
    ("ASK { ?s ?p ?o } }", 1, 18, "found “}”", "closes nothing"),
    ("ASK { ?s ?p ?o ) }", 1, 16, "found “)”", "closes nothing"),
    ("ASK { FILTER(?x = (1) }", 1, 23, "“)”", "The ( in line 1 is not closed"),
    ("ASK { ?s ?p [ ?q ?o }", 1, 21, "“]”", "The [ in line 1 is not closed"),
    ("ASK { ?s ?p (1 2 }", 1, 18, "“)”", "The ( in line 1 is not closed"),
    ("SELECT (COUNT(*) AS ?n WHERE { }", 1, 24, "“)”", "The ( in line 1 is not closed"),
    ("CONSTRUCT { ?s ?p ?o WHERE { ?s ?p ?o }", 1, 22, "found “WHERE”", "before WHERE"),
    ("SELECT * WHERE ( ?s ?p ?o )", 1, 16, "expected “{”", "instead of ( … )"),
    ("ASK { FILTER EXISTS ( ?s ?p ?o ) }", 1, 21, "expected “{”", "instead of ( … )"),
    ("SELECT ?s WHERE ?s ?p ?o", 1, 17, "expected “{”", "{ ?s ?p ?o }"),
    ("ASK { ?a ?b ?c OPTIONAL ?s ?p ?o }", 1, 25, "expected “{”", "{ ?s ?p ?o }"),
    ("ASK { { ?s ?p ?o } UNION ?s ?q ?o }", 1, 26, "expected “{”", "{ ?s ?q ?o }"),
    ("ASK { SELECT ?s { ?s ?p ?o } ?s ?q ?r }", 1, 30, "found “?s”", "A sub-select"),
    ("ASK { ?s ?p ?o . SELECT ?s { ?s ?p ?o } }", 1, 18, "a triple", "A sub-select"),
    # separators
    ("SELECT ?a, ?b, ?c WHERE { ?a ?b ?c }", 1, 10, "found “,”", "No comma"),
    ("SELECT ?s { ?s ?p ?o } GROUP BY ?s, ?p", 1, 35, "found “,”", "No comma"),
    ("ASK { VALUES ?x { 1, 2 } }", 1, 20, "UNDEF", "No comma"),
    ("ASK {\n?s ?p ?o\n?t ?q ?r }", 3, 1, "found “?t”", "a dot is missing after ?o (line 2)"),
    ("ASK { ?s ?p ?o , }", 1, 18, "a value", "Leave out the ,"),
    ("ASK { ?s ?p ?o .. }", 1, 17, "found “.”", "Leave out this ."),
    ("ASK { ?s ?p ?o };", 1, 17, "end of the query", "Leave out the ;"),
    ("ASK { FILTER(?x = 1 || ) }", 1, 24, "an expression", "Leave out the ||"),
    # conditions and operators
    ("ASK { FILTER ?x = 1 }", 1, 14, "a condition in brackets", "(?x = 1)"),
    ("ASK { ?s ?p ?x FILTER ?x > 3 && ?x < 5 }", 1, 23, "a condition", "(?x > 3 && ?x < 5)"),
    ("ASK { FILTER regex(?o, 'a') && ?x }", 1, 29, "found “&&”", "(regex(?o, 'a') && ?x)"),
    ("ASK { FILTER(?x == 1) }", 1, 18, "an expression", "== is written ="),
    ("ASK { FILTER(?x <> 1) }", 1, 17, "a comparison", "is written !="),
    ("ASK { FILTER(?x !== 1) }", 1, 19, "an expression", "!== is written !="),
    ("ASK { FILTER(?x => 1) }", 1, 18, "an expression", "=> is written >="),
    ("ASK { FILTER(?x ≠ 1) }", 1, 17, "a comparison", "!="),
    ("ASK { FILTER(?x and ?y) }", 1, 17, "an operator", "AND is written &&"),
    ("ASK { FILTER(?x OR ?y) }", 1, 17, "an operator", "OR is written ||"),
    ("ASK { FILTER(not ?x) }", 1, 18, "EXISTS", "NOT of a condition is written !"),
    ("ASK { FILTER(?x & ?y) }", 1, 17, "an operator", "Write &&"),
    ("ASK { { ?s ?p ?o } OR { ?s ?q ?o } }", 1, 20, "UNION", "OR between groups is UNION"),
    ("ASK { ?s ?p ?o NOT EXISTS { ?s ?q ?o } }", 1, 16, "found “NOT”", "FILTER is missing"),
    ("ASK { BIND ?x AS ?y }", 1, 12, "“(”", "(?x AS ?y)"),
    ("ASK { BIND(?x) }", 1, 14, "AS", "needs a name"),
    ("ASK { FILTER(CONTAINS(?o 'a')) }", 1, 26, "“,”", ", is missing before 'a'"),
    ("ASK { FILTER(contain(?o, 'a')) }", 1, 14, "an expression", "Did you mean CONTAINS?"),
    ("SELECT (COALESCE (?a, ?b) AS ?c) {}", 1, 9, "no space", "COALESCE( without a space"),
    # SELECT
    ("SELECT COUNT(?s) { ?s ?p ?o }", 1, 8, "found “COUNT”", "(COUNT(?s) AS ?count)"),
    ("SELECT (COUNT(?s)) { ?s ?p ?o }", 1, 18, "AS", "AS ?count)"),
    ("SELECT COUNT(?s) AS ?n { ?s ?p ?o }", 1, 8, "found “COUNT”", "(COUNT(?s) AS ?n)"),
    ("SELECT (COUNT(*) ?n) { ?s ?p ?o }", 1, 18, "AS", "AS ?n"),
    ("SELECT (COUNT() AS ?n) { ?s ?p ?o }", 1, 15, "“*”", "COUNT(*)"),
    ("SELECT ?a AS ?b { ?a ?p ?o }", 1, 11, "found “AS”", "(?a AS ?b)"),
    ("SELECT (?a) { ?a ?p ?o }", 1, 11, "AS", "No brackets"),
    ("SELECT ?p (COUNT(?s) AS n) { ?s ?p ?o } GROUP BY ?p", 1, 25, "a variable", "?n"),
    ("SELECT WHERE { ?s ?p ?o }", 1, 8, "found “WHERE”", "write * for all"),
    ("SELECT *, ?s { ?s ?p ?o }", 1, 9, "found “,”", "either * or variables"),
    ("SELECT ?s DISTINCT { ?s ?p ?o }", 1, 11, "found “DISTINCT”", "right after SELECT"),
    ("SELECT name { ?s ?p ?name }", 1, 8, "a variable", "?name"),
    ("SELECT ?s-name { ?s-name ?p ?o }", 1, 10, "found “-”", "?s_name"),
    ("SELECT ?s { ? s ?p ?o }", 1, 13, "found “?”", "without a space"),
    ("SELECT (GROUP_CONCAT(?s, ', ') AS ?n) { }", 1, 24, "“;”", "; SEPARATOR=', '"),
    ("SELECT (GROUP_CONCAT(?s SEPARATOR=',') AS ?n) { }", 1, 25, "“;”", "semicolon"),
    ("SELECT ?s", 1, 10, "end of the query", "add WHERE"),
    ("SELECT", 1, 7, "end of the query", "write * for all"),
    # clauses
    ("SELECT * { ?s ?p ?o LIMIT 10 }", 1, 21, "found “LIMIT”", "after the } that closes"),
    ("SELECT * { ?s ?p ?o ORDER BY ?s }", 1, 21, "found “ORDER”", "ORDER BY stands after the }"),
    ("SELECT * { ?s ?p ?o } LIMIT 10 ORDER BY ?s", 1, 32, "found “ORDER”", "in this order"),
    ("SELECT * { ?s ?p ?o } FILTER(?o = 1)", 1, 23, "found “FILTER”", "before the last }"),
    ("SELECT ?s { ?s ?p ?o } ORDER BY ?s DESC", 1, 40, "“(”", "DESC(?s)"),
    ("SELECT ?s { ?s ?p ?o } ORDER BY DESC ?s", 1, 38, "“(”", "(?s)"),
    ("SELECT ?s { ?s ?p ?o } ORDER ?s", 1, 30, "BY", "BY is missing"),
    ("SELECT ?s { ?s ?p ?o } TOP 10", 1, 24, "found “TOP”", "LIMIT 10"),
    (
        "SELECT ?s { ?s ?p ?o } GROUP BY ?s HAVING COUNT(?o) > 3",
        1,
        53,
        "found “>”",
        "(COUNT(?o) > 3)",
    ),
    ("SELECT ?l { ?s ?p ?o } GROUP BY LCASE(?s) AS ?l", 1, 43, "found “AS”", "(LCASE(?s) AS ?l)"),
    ("SELEC * { ?s ?p ?o }", 1, 1, "found “SELEC”", "Did you mean SELECT?"),
    ("SELECT * WERE { ?s ?p ?o }", 1, 10, "found “WERE”", "Did you mean WHERE?"),
    ("ASK { ?s ?p ?o OPTIONL { ?s ?q ?r } }", 1, 16, "found “OPTIONL”", "Did you mean OPTIONAL?"),
    ("SELECT ?x { ?x a ?y } BINDINGS ?x { 1 }", 1, 23, "VALUES", "Did you mean VALUES?"),
    ("ASK { GRAPH { ?s ?p ?o } }", 1, 13, "a variable or an IRI", "GRAPH ?g { … }"),
    # triples
    ("ASK { ?s is a ?o }", 1, 10, "a property", "“is a” is written a"),
    ("ASK { ?s A ?o }", 1, 10, "a property", "Did you mean a?"),
    ("{ ?s ?p ?o }", 1, 1, "SELECT", "begins with SELECT"),
    ("?s ?p ?o", 1, 1, "SELECT", "begins with SELECT"),
    # texts
    ("ASK { FILTER(?x &lt; 3 &amp;&amp; ?y) }", 1, 17, "found “&”", "escaped as HTML"),
    ("SELECT%20*%20WHERE%20%7B%3Fs%20?p%20?o%7D", 1, 7, "found “%”", "percent-encoded"),
    ("SELECT+*+WHERE+{+?s+?p+?o+}", 1, 7, "found “+”", "Spaces have come as +"),
    ("\ufeffASK { ?s ?p ?o }", 1, 1, "found “\ufffd”", "U+FEFF (ZERO WIDTH NO-BREAK SPACE)"),
    ("ASK { ?s\u00a0?p\u00a0?o }", 1, 9, "a property", "U+00A0 (NO-BREAK SPACE)"),
    ("ASK { ?s ?p\u200b ?o }", 1, 12, "a value", "U+200B (ZERO WIDTH SPACE)"),
    ("ASK { ?s ?p ?o } -- all", 1, 18, "found “-”", "A comment begins with #"),
    ("ASK { // all\n ?s ?p ?o }", 1, 7, "found “/”", "A comment begins with #"),
    ("```sparql\nASK { ?s ?p ?o }\n```", 1, 1, "found “`”", "```"),
    ("query=ASK { ?s ?p ?o }", 1, 1, "found “query”", "without query="),
    # what the grammar lets pass
    ("SELECT ?p (COUNT(?s) AS ?n) { ?s ?p ?o }", 1, 8, "?p is neither in GROUP BY", "Add ?p"),
    ("SELECT ?s ?p (COUNT(?o) AS ?n) { ?s ?p ?o } GROUP BY ?p", 1, 8, "?s is neither", "Add ?s"),
    ("SELECT (?s + SUM(?o) AS ?n) { ?s ?p ?o } GROUP BY ?p", 1, 9, "?s is neither", "Add ?s"),
    ("SELECT ?s { ?s ?p ?o } HAVING (COUNT(?o) > 3)", 1, 8, "?s is neither", "Add ?s"),
    ("ASK { { SELECT ?y { ?x a ?y } GROUP BY ?x } }", 1, 16, "?y is neither", "Add ?y"),
    ("SELECT * { ?s ?p ?o } GROUP BY ?s", 1, 8, "SELECT * cannot", "instead of *: ?s"),
    ("SELECT (1 AS ?x) (2 AS ?x) { }", 1, 24, "?x is selected twice", "Leave one out"),
    ("SELECT ?x ?x { ?x a ?y }", 1, 11, "?x is selected twice", "Leave one out"),
    ("SELECT (1 AS ?s) { ?s ?p ?o }", 1, 14, "?s has a value already", "such as ?s2"),
    ("ASK { ?s ?p ?o BIND(1 AS ?s) }", 1, 26, "?s has a value already", "such as ?s2"),
    ("ASK { OPTIONAL { ?s ?p ?o } BIND(1 AS ?s) }", 1, 39, "?s has a value", "such as ?s2"),
    ("ASK { ?s ?p _:b OPTIONAL { ?s ?q _:b } }", 1, 34, "blank node _:b", "such as ?b"),
    ("ASK { VALUES (?x ?y) { (1) } }", 1, 24, "1 value for 2 variables", "UNDEF"),
]

# The same where what to do is known, and its words are not.
ADVISED = [
    ("", 1, 1, "the query is empty", "SELECT *"),
    ("# no query\n", 1, 1, "the query is empty", "SELECT *"),
    ("ASK { ?s foo:bar ?o }", 1, 10, "prefix foo: is not declared", "PREFIX foo: <…>"),
    ("INSERT DATA { <a:a> <a:b> 1 }", 1, 1, "found “INSERT”", "read-only"),
    ("PREFIX a: <a:>\nDELETE WHERE { ?s ?p ?o }", 2, 1, "found “DELETE”", "read-only"),
    ("WITH <a:g> DELETE { ?s ?p ?o } WHERE { }", 1, 1, "found “WITH”", "read-only"),
    ("LOAD <http://example.org/>", 1, 1, "found “LOAD”", "read-only"),
    ("CLEAR ALL", 1, 1, "found “CLEAR”", "read-only"),
    ("CREATE GRAPH <a:g>", 1, 1, "found “CREATE”", "read-only"),
    ("DROP GRAPH <a:g>", 1, 1, "found “DROP”", "read-only"),
    ("COPY <a:a> TO <a:b>", 1, 1, "found “COPY”", "read-only"),
    ("MOVE <a:a> TO <a:b>", 1, 1, "found “MOVE”", "read-only"),
    ("ADD <a:a> TO <a:b>", 1, 1, "found “ADD”", "read-only"),
    ("SELECT * FROM table", 1, 15, "an IRI", "looks like SQL"),
    ("SELECT name FROM people WHERE age > 3", 1, 8, "a variable", "looks like SQL"),
    ("MATCH (n) RETURN n", 1, 1, "found “MATCH”", "looks like Cypher"),
    ('{"query": "ASK {}"}', 1, 1, "found “{”", "not JSON"),
    ("ASK { } ASK { }", 1, 9, "end of the query", "one query at a time"),
    ("SELECT * { } SELECT * { }", 1, 14, "found “SELECT”", "one query at a time"),
    ("ASK { ?s ?p }", 1, 13, "a value", "after the property comes a value"),
    ("ASK { ?s }", 1, 10, "a property", "come a property and a value"),
    ("ASK { ?s 'a' ?o }", 1, 10, "a property", "A property is an IRI"),
    ("ASK { ?s _:b ?o }", 1, 10, "a property", "use a variable"),
    ("ASK { a a ?o }", 1, 7, "found “a”", "rdf:type"),
    ("ASK { ?s ?p/?q ?o }", 1, 12, "found “/”", "cannot hold a variable"),
    ("ASK { ?s <a:a>{1,2} ?o }", 1, 15, "a path operator", "no {n,m}"),
    ("ASK { FILTER(?o LIKE 'a%') }", 1, 17, "a comparison", "REGEX"),
    ("ASK { FILTER(?o IS NULL) }", 1, 17, "a comparison", "!BOUND(?x)"),
    ("ASK { FILTER(CONTAINS(?o)) }", 1, 25, "“,”", "one more value"),
    ("ASK { FILTER(STRLEN(?o, 1)) }", 1, 23, "“)”", "fewer values"),
    ("ASK { VALUES (?x ?y) { 1 2 } }", 1, 24, "“(”", "Each row of VALUES has brackets"),
    ("ASK { VALUES ?x { ?y } }", 1, 19, "UNDEF", "constants"),
    ("SELECT * { } LIMIT ten", 1, 20, "a number", "LIMIT 10"),
    ("SELECT * { } LIMIT 10, 20", 1, 22, "OFFSET", "OFFSET"),
    ("SELECT * { } FORMAT JSON", 1, 14, "found “FORMAT”", "Accept"),
    ("ASK { LET (?x := 3) }", 1, 7, "found “LET”", "BIND"),
    ("SELECT ?s { ?s ?p ?o FILTER(COUNT(?o) > 1) }", 1, 29, "COUNT cannot stand", "HAVING"),
    ("ASK { ?s ?p <http://a/%zz> }", 1, 23, "not a valid IRI", "%25"),
    ("ASK { ?s ?p <relative> }", 1, 13, "not a valid IRI", "the whole IRI"),
]


def rejection(text: str) -> str:
    """What the parser says of a query, nothing if it takes it."""
    try:
        Store().query(text)
    except SyntaxError as error:
        return str(error)
    except RuntimeError:  # an unknown function, which is no fault of syntax
        pass
    return ""


def faulty(text: str) -> SyntaxFault:
    said = rejection(text)
    assert said, "this is a query"
    return fault(text, said)


@pytest.mark.parametrize(("text", "line", "column", "reason", "hint"), REPAIRED + ADVISED)
def test_a_fault_has_a_place_a_reason_and_a_hint(
    text: str, line: int, column: int, reason: str, hint: str
) -> None:
    found = faulty(text)
    assert (found.line, found.column) == (line, column)
    assert reason in found.reason
    assert hint in found.hint


@pytest.mark.parametrize("text", [row[0] for row in REPAIRED])
def test_following_the_hints_leads_to_a_query(text: str) -> None:
    """Texts with more than one fault take more than one round."""
    rounds = 0
    while said := rejection(text):
        found = diagnosis(text, said)
        assert found.repair is not None
        assert found.repair.edits, found
        text = applied(text, found.repair.edits)
        rounds += 1
        assert rounds < 5, text
    assert rounds


@pytest.mark.parametrize("text", [row[0] for row in ADVISED])
def test_advice_alone_changes_nothing(text: str) -> None:
    found = diagnosis(text, rejection(text))
    assert found.repair is not None
    assert found.repair.edits == ()


def test_the_example_of_the_documentation_is_what_is_told() -> None:
    page = (ROOT / "docs" / "errors.md").read_text("utf-8")
    example = json.loads(page.partition("```json\n")[2].partition("```")[0])
    found = faulty("SELECT ?role WHERE {\n  ?m org:role ?role\n}")
    assert example == {
        "title": "Syntax error in the query",
        "status": 400,
        "detail": found.reason,
        "line": found.line,
        "column": found.column,
        "excerpt": found.excerpt,
        "hint": found.hint,
    }


def test_what_only_the_parser_knows_is_told_in_its_words() -> None:
    found = faulty("SELECT * {} LIMIT 99999999999999999999999")
    assert found.reason == "The query limit should be a non negative integer"
    assert found.line == 1


@pytest.mark.parametrize(
    "message", ["", "no position", "error at 7:3: ", "error at 1:1: expected [_]"]
)
def test_any_message_of_the_parser_will_do(message: str) -> None:
    found = fault("ASK {}", message)
    assert found.hint == ""
    assert found.reason


def test_words_that_the_parser_takes_without_a_space_are_no_fault() -> None:
    assert "“}”" in faulty("SELECT * { ?s ?p ?o } GROUPBY ?s ORDERBY ?s LIMIT10 OFFSET5 }").reason


def test_a_line_ends_with_lf_as_the_parser_has_it() -> None:
    assert (faulty("ASK {\r\n  ?s }").line, faulty("ASK {\r\n  ?s }").column) == (2, 6)
    assert (faulty("ASK {\r  ?s }").line, faulty("ASK {\r  ?s }").column) == (1, 12)


def test_columns_are_code_points() -> None:
    assert faulty("ASK { ?s ?p '😀é' . . }").column == 20


def test_an_excerpt_is_the_line_with_a_caret_under_the_column() -> None:
    assert faulty("ASK {\n\t?s ?p ?o\n\t?t ?q\n}").excerpt == "\t?t ?q\n\t^"
    assert faulty("ASK {\n}\n}").excerpt == "}\n^"
    assert faulty("ASK {\n\t?s ?p ]\n}\n").excerpt == "\t?s ?p ]\n\t      ^"
    assert faulty("ASK {\r\n  ?s ]\r\n}").excerpt == "  ?s ]\n     ^"
    assert (
        faulty("ASK { ?s ?p '日e\u0301' ] }").excerpt
        == f"ASK {{ ?s ?p '日e\u0301' ] }}\n{' ' * 18}^"
    )


def test_a_long_line_is_cut_around_the_column() -> None:
    line, mark = faulty(f"ASK {{ {'?s ?p ?o . ' * 99} ] {'?s ?p ?o . ' * 99} }}").excerpt.split(
        "\n"
    )
    assert line[0] == line[-1] == "…"
    assert len(line) == 102
    assert line[len(mark) - 1] == "]"


def test_signs_that_are_not_seen_are_shown_as_such() -> None:
    found = faulty("ASK { \x1b[31m \u202e }")
    assert found.excerpt == "ASK { \ufffd[31m \ufffd }\n      ^"
    assert "\x1b" not in found.reason + found.hint


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: path.stem)
def test_the_queries_of_the_project_follow_the_grammar(path: Path) -> None:
    text = path.read_text("utf-8")
    parts = tuple(tokens(text))
    assert stop(parts) is None
    assert faults(text, parts) == []


WORDS = {
    "Iri": ("<http://e/a>",),
    "Name": ("ex:b",),
    "Prefix": ("ex:",),
    "Var": ("?a", "?b", "$c"),
    "String": ('"s"', "'''l'''"),
    "Tag": ("@en",),
    "Integer": ("1",),
    "Decimal": ("1.5", "1e3"),
    # What is drawn here has no blank nodes and no triple terms: they have rules of their own,
    # which the grammar does not know.
    "Blank": ("?d",),
    "<<": None,
    "<<(": None,
    "~": None,
    "{|": None,
}


@cache
def sizes() -> dict[str, int]:
    """How many tokens each rule has at least; many where it needs what is not drawn."""
    known = dict.fromkeys(RULES.alternatives, 10**6) | {
        word: 10**6 for word, drawn in WORDS.items() if drawn is None
    }
    while True:
        found = known | {
            rule: min(sum(known.get(name, 1) for name in each) for each in productions)
            for rule, productions in RULES.alternatives.items()
        }
        if found == known:
            return known
        known = found


def shortest(production: tuple[str, ...]) -> int:
    return sum(sizes().get(name, 1) for name in production)


def drawn(number: random.Random, budget: int) -> str:
    """A query drawn from the grammar."""
    words, stack = ["PREFIX ex: <http://e/>"], ["values", "select"]
    while stack:
        name = stack.pop()
        if name in RULES.alternatives:
            able = [each for each in RULES.alternatives[name] if shortest(each) < 10**6]
            budget -= 1
            least = min(able, key=shortest)
            stack.extend(reversed(number.choice(able) if budget > 0 else least))
        else:
            words.append(number.choice(WORDS.get(name) or (name,)))
    return " ".join(words)


@settings(deadline=None)
@given(st.integers(0, 2**32), st.integers(10, 300))
def test_what_follows_the_grammar_is_a_query_or_has_a_fault_that_is_known(
    seed: int, budget: int
) -> None:
    text = drawn(random.Random(seed), budget)
    parts = tuple(tokens(text))
    assert stop(parts) is None, text
    said = rejection(text)
    assert not said or faults(text, parts) or "variable" in said, (text, said)


@settings(deadline=None)
@given(st.integers(0, 2**32), st.integers(10, 100), st.data())
def test_what_stops_following_the_grammar_is_no_query(
    seed: int, budget: int, data: st.DataObject
) -> None:
    words = drawn(random.Random(seed), budget).split(" ")
    index = data.draw(st.integers(0, len(words) - 1))
    kept = data.draw(st.sampled_from([[], [words[index]] * 2, ["}"], ["?x"], ["."], ["("]]))
    text = " ".join([*words[:index], *kept, *words[index + 1 :]])
    if stop(tuple(tokens(text))) is not None:
        assert rejection(text), text


@settings(deadline=None)
@given(st.text(alphabet=string.printable + "é😀\u0301\u00a0\u200b\ufeff“", max_size=200))
def test_any_text_has_its_place_within(text: str) -> None:
    found = fault(text, "error at 1:1: expected [_]")
    lines = text.split("\n")
    assert 1 <= found.line <= len(lines)
    assert 1 <= found.column <= len(lines[found.line - 1]) + 1
    assert found.excerpt.endswith("^")
    assert "\n" not in found.reason + found.hint


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                *RULES.choices["builtin"],
                *"{}()[]<>?.,;:'\"|&=!-+*/@^ \n",
                "SELECT",
                "WHERE",
                "?x",
                "a:b",
                "GROUP",
                "BY",
                "AS",
                "VALUES",
                "FILTER",
                "LIMIT",
                "1",
                "<a:b>",
                "_:b",
                "PREFIX",
                "a:",
                "UNION",
                "GRAPH",
                "BIND",
                "ASK",
                "CONSTRUCT",
            ]
        ),
        max_size=40,
    )
)
def test_any_tokens_have_a_fault_or_none(words: list[str]) -> None:
    text = " ".join(words)
    found = fault(text, rejection(text))
    assert found.reason


PIECES = [
    *"'\"\\<#:?.4{}([-,;!+%@`“\n\r\t\0\ud800😀é",
    "'''", '"""', "'''\\", "<a", "a:", "a.", "a-", "a.a:", "'\\''", '"""a"" ', "4.", "4e", "?x ",
    "a ", "SELECT ", "SELECT * {", "SELECT ?x {", "FILTER(", "_:b ", "VALUES ?x {", "(?x AS ?y)",
    "COUNT(", "GROUP BY ", "LIMIT 1 ", "<<(", "<<", "{|", "&lt;", "@a-", "^^", "PREFIX a: <b> ",
    "x:y ", "1-", "BIND(1 AS ?x) ", "MINUS {", "?x2 ",
]  # fmt: skip


@pytest.mark.parametrize("piece", PIECES)
def test_a_long_text_of_anything_is_split_into_tokens_in_one_go(piece: str) -> None:
    """A scan that went back would take very long here, and this test with it."""
    text = piece * (2**18 // len(piece))
    last = 0
    for token in tokens(text):
        assert last <= token.start < token.end
        last = token.end
    assert last <= len(text)


@pytest.mark.parametrize("before", ["", "SELECT * {", "SELECT ?x { FILTER(", "ASK {} "])
@pytest.mark.parametrize("piece", PIECES)
def test_a_long_text_of_anything_has_its_fault_told(before: str, piece: str) -> None:
    """Work that grew with the square of the length would take very long here."""
    found = fault(before + piece * (2**14 // len(piece)), "error at 1:1: expected [_]")
    assert found.reason
    assert len(found.reason) + len(found.excerpt) + len(found.hint) < 1000


@pytest.mark.parametrize("text", ["ASK { a%s }", "ASK { ?s x%s:y 1 }", "ASK { ?s ?p 'a%s }"])
def test_a_long_word_is_told_in_part(text: str) -> None:
    found = fault(text % ("a" * 2**16), "")
    assert len(found.reason) + len(found.excerpt) + len(found.hint) < 1200
    assert "…" in found.excerpt


@pytest.mark.parametrize("piece", ["(", "{", "?x2 ", "&lt;", "\ufeff", "x:y "])
def test_a_megabyte_has_its_fault_told(piece: str) -> None:
    assert fault("SELECT * { " + piece * (2**20 // len(piece)), "error at 1:1: expected [_]").reason
