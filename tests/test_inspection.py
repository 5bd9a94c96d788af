"""Inspection: each rule for questions refuses one that breaks it, and none that does not."""

from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse

from kg import inspection
from kg.dataset import Dataset, Statement
from kg.findings import Finding
from kg.namespaces import graph

METADATA = """\
#+ title: {nl: "Wie heten zo?", en: "Who is called so?"}
#+ description: {nl: Dingen op naam., en: Things by name.}
#+ topic: start
#+ difficulty: beginner
#+ keywords: {nl: [naam], en: [name]}
#+ view: table
#+ parameters: {team: {type: thing, class: "ex:Team", label: {nl: team, en: team}}}
#+ columns: {part: {nl: deel, en: part}, size: {nl: omvang, en: size}}
"""
QUERY = """\
PREFIX ex: <https://example.org/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?part ?partLabel ?size
WHERE {
  VALUES ?team { ex:red }
  VALUES ?language { "nl" }
  ?part ex:of ?team ;
    rdfs:label ?partLabel ;
    ex:size ?size .
  FILTER(LANG(?partLabel) = ?language)
}
ORDER BY ?part
"""
DATA = """
PREFIX ex: <https://example.org/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
ex:red a ex:Team .
ex:one ex:of ex:red ; rdfs:label "een"@nl , "one"@en ; ex:size 1 .
ex:two ex:of ex:red ; rdfs:label "twee"@nl , "two"@en ; ex:size 2 .
ex:three ex:of ex:red ; rdfs:label "drie"@nl ; ex:size [] .
"""
STATEMENTS = tuple(
    Statement.in_graph(one, graph("case/one")) for one in parse(DATA, RdfFormat.TURTLE)
)


def checked(folder: Path, text: str) -> tuple[Finding, ...]:
    """Return what is found in a library of one question."""
    (folder / "queries" / "start").mkdir(parents=True)
    (folder / "queries" / "start" / "called.rq").write_text(text)
    (folder / "queries" / "start" / "called.csv").write_text("part,partLabel\n")
    report = inspection.check(Dataset((), STATEMENTS), folder)
    return report.findings


SOUND = QUERY.replace("ORDER", "#\nORDER").replace("?size .\n", "?size .\n  FILTER(?size > 0)\n")


def test_a_sound_question_is_left_alone(tmp_path: Path) -> None:
    assert checked(tmp_path, METADATA + SOUND) == ()


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("ORDER BY ?part", "ORDER ?part", "is not SPARQL"),
        ("SELECT ?part ?partLabel ?size", "CONSTRUCT { ?part ex:size ?size }", "not a SELECT"),
        ("ORDER BY ?part\n", "", "has no ORDER BY"),
        ("ORDER BY ?part\n", "ORDER BY ?part LIMIT 5\n", "has LIMIT, OFFSET or FROM"),
        ("WHERE", "FROM ex:g WHERE", "has LIMIT, OFFSET or FROM"),
        ("FILTER(?size > 0)", "FILTER(RAND() < 2)", "uses RAND"),
        ("PREFIX ex:", "PREFIX no: <urn:no:>\nPREFIX ex:", "declares no: but does not use it"),
        ("?partLabel ?size", "?partLabel ?size ?team", "selects part, size, team, but tells of"),
        ("?part ?partLabel ?size", "?part ?size", "column part has IRIs without labels"),
        ("  FILTER(?size > 0)\n", "", "column size has blank nodes"),
        ("rdfs:label ?partLabel", "rdfs:comment ?partLabel", "has no answer"),
        ("FILTER(LANG(?partLabel) = ?language)", "", "?language decides nothing"),
        ("?part ex:of ?team", "?other ex:of ?team . ?part ex:size ?any", "share no variable"),
        ("{ ex:red }", "{ ex:one }", "<https://example.org/one> is none of the choices"),
        ("?team {", "?other { UNDEF }\n  VALUES ?team {", "?other may be anything"),
        ('class: "ex:Team"', 'class: "ex:Tea"', "there is nothing to choose"),
        ('class: "ex:Team"', 'class: "ex:Team", where: "?value"', "what it may be is not SPARQL"),
        ('class: "ex:Team"', 'class: "no:Team"', "no:Team has no prefix that the query declares"),
        ("view: table", "view: network", "has no column source, target for a network"),
        ("view: table", "view: map", "has no column lat, long for a map"),
    ],
)
def test_a_rule_finds_what_breaks_it(tmp_path: Path, old: str, new: str, message: str) -> None:
    text = METADATA + SOUND
    assert old in text
    found = checked(tmp_path, text.replace(old, new))
    assert message in " / ".join(one.message for one in found)
    assert {one.place for one in found} == {"queries/start/called.rq"}
    assert all(one.remedy for one in found)


def test_a_row_that_comes_twice_is_found(tmp_path: Path) -> None:
    text = (METADATA + SOUND).replace("?part ?partLabel ?size", "(1 AS ?one) (?team AS ?two)")
    assert "gives a row twice" in [one.message for one in checked(tmp_path, text)]


def test_a_label_that_is_missing_is_found(tmp_path: Path) -> None:
    text = (METADATA + SOUND).replace(
        "    rdfs:label ?partLabel ;\n    ex:size ?size .\n",
        "    ex:size ?size .\n  OPTIONAL { ?part rdfs:comment ?partLabel }\n",
    )
    text = text.replace("FILTER(LANG(?partLabel) = ?language)", "FILTER(?language = 'nl')")
    messages = " / ".join(one.message for one in checked(tmp_path, text))
    assert "column part has <https://example.org/one> without its label" in messages


def test_an_expected_answer_that_is_missing_is_found(tmp_path: Path) -> None:
    checked(tmp_path, METADATA + SOUND)
    (tmp_path / "queries/start/called.csv").unlink()
    (found,) = inspection.check(Dataset((), STATEMENTS), tmp_path).findings
    assert found.message == "its expected answer is missing"


def test_a_slow_question_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inspection, "SLOWEST", 0.0)
    (found,) = checked(tmp_path, METADATA + SOUND)
    assert "ms, more than 0" in found.message


def test_a_file_that_is_no_question_is_found_with_its_line(tmp_path: Path) -> None:
    (found,) = checked(tmp_path, METADATA.replace("view: table", "view: pie") + SOUND)
    assert (found.line, found.place) == (6, "queries/start/called.rq")


def test_a_library_without_questions_is_found(tmp_path: Path) -> None:
    report = inspection.check(Dataset((), STATEMENTS), tmp_path)
    assert {one.message for one in report.faults} == {"nothing was checked"}
