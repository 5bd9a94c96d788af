"""Why a query gives nothing, asked of the project's own data."""

import json
import re
import string
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jinja2 import ChoiceLoader, DictLoader, Environment, FileSystemLoader, StrictUndefined
from pyoxigraph import Literal, NamedNode, Quad, Store

from kg import texts
from kg.explanation import Explanation, Reason, Suggestion, as_json, as_text, explain
from kg.explanation.likeness import Candidate, close_texts, nearest
from kg.explanation.mentions import mentions
from kg.explanation.parsing import LONGEST, parse
from kg.explanation.parts import NotAnalysed
from kg.explanation.probe import KINDS
from kg.explanation.writing import text
from kg.namespaces import BASE, PREFIXES
from kg.urls import localised
from serving import ROOT

PROLOGUE = (
    "".join(
        f"PREFIX {prefix}: <{PREFIXES[prefix]}>\n"
        for prefix in ("foaf", "org", "rdfs", "sam", "skos", "xsd")
    )
    + f"PREFIX m: <{BASE}id/municipality/>\nPREFIX g: <{BASE}graph/>\n"
)
CASE, REFERENCE = f"<{BASE}graph/case/ede-west>", f"<{BASE}graph/reference/municipalities>"
QUERIES = sorted(
    path for folder in ("src", "queries", "web/src") for path in ROOT.glob(f"{folder}/**/*.rq")
)

Explain = Callable[[str], Explanation]


@pytest.fixture(scope="session")
def ask(store: Store) -> Callable[[str], Any]:
    """The endpoint's way to evaluate: a plain query sees all graphs, one with FROM those alone."""
    return lambda query: store.query(query, use_default_graph_as_union="FROM " not in query)


@pytest.fixture
def why(ask: Callable[[str], Any]) -> Explain:
    def explained(query: str) -> Explanation:
        found = explain(PROLOGUE + query, ask)
        for reason in found.reasons:  # what is offered as a query has rows, whatever the test
            if reason.query:
                assert _gives(ask(reason.query)), reason.query
        return found

    return explained


def _gives(answer: Any) -> bool:
    return bool(answer) if hasattr(answer, "__bool__") else next(iter(answer), None) is not None


def first(explanation: Explanation) -> Reason:
    assert explanation.empty
    return explanation.reasons[0]


@pytest.mark.parametrize(
    ("query", "subject", "better"),
    [
        ("SELECT * { ?x sam:gemeente ?y }", "sam:gemeente", "?x sam:inMunicipality ?y"),
        ("SELECT * { ?x sam:hasThemes ?y }", "sam:hasThemes", "?x sam:hasTheme ?y"),
        ("SELECT * { ?x sam:hastheme ?y }", "sam:hastheme", "?x sam:hasTheme ?y"),
        ("SELECT * { ?x sam:memberOf ?y }", "sam:memberOf", "?x org:memberOf ?y"),
        ("SELECT * { ?x a sam:Gemeente }", "sam:Gemeente", "?x a sam:Municipality"),
        ("ASK { ?x a sam:Municipalty }", "sam:Municipalty", "?x a sam:Municipality"),
        ("SELECT * { m:Ede foaf:name ?n }", "m:Ede", "m:ede foaf:name ?n"),
        ("SELECT * { ?x sam:inMunicipality m:edde }", "m:edde", "sam:inMunicipality m:ede"),
        (
            "SELECT * { ?x sam:inMunicipality <http://w3id.org/samenhang/id/municipality/ede/> }",
            "<http://w3id.org/samenhang/id/municipality/ede/>",
            "sam:inMunicipality m:ede",
        ),
        ("SELECT * { m:ede foaf:nam/rdfs:label ?n }", "foaf:nam", ""),
        ("SELECT * { { ?x sam:hasTheem ?y } UNION { ?x a sam:Foo } }", "sam:hasTheem", "hasTheme"),
        ("SELECT * { { SELECT ?x { ?x sam:hasTheem ?y } } }", "sam:hasTheem", "hasTheme"),
        ("SELECT * { FILTER EXISTS { ?x sam:hasTheem ?y } }", "sam:hasTheem", "hasTheme"),
        ("DESCRIBE m:Ede", "m:Ede", "DESCRIBE m:ede"),
        ("SELECT * { ?x rdfs:label ?l FILTER(?x = m:Ede) }", "m:Ede", "FILTER(?x = m:ede)"),
    ],
)
def test_an_unknown_term_is_told_with_the_nearest(
    why: Explain, query: str, subject: str, better: str
) -> None:
    explanation = why(query)
    reason = first(explanation)
    assert (reason.kind, reason.subject) == ("unknown-term", subject)
    assert subject in reason.message["en"]
    assert subject in reason.message["nl"]
    assert better in reason.query


def test_a_suggestion_has_the_labels_and_uses_of_its_term(why: Explain) -> None:
    (suggestion, *_) = first(why("SELECT * { ?x sam:gemeente ?y }")).suggestions
    assert suggestion.term == "sam:inMunicipality"
    assert suggestion.label == {"en": "in municipality", "nl": "in gemeente"}
    assert suggestion.count > 50


def test_a_term_that_resembles_nothing_gets_no_suggestion(why: Explain) -> None:
    reason = first(why("SELECT * { ?x <http://example.org/qqqqxyzzy> ?y }"))
    assert (reason.kind, reason.suggestions, reason.query) == ("unknown-term", (), "")


def test_a_slip_in_a_namespace_is_mended_in_its_declaration(ask: Callable[[str], Any]) -> None:
    slip = "PREFIX s: <http://w3id.org/samenhang/ontology#> # mine\n"
    reason = first(explain(f"{slip}SELECT * {{ ?x s:hasTheme ?t ; s:inMunicipality ?m }}", ask))
    assert reason.kind == "namespace"
    assert reason.suggestions[0].term == f"PREFIX s: <{PREFIXES['sam']}>"
    assert reason.query.startswith(f"PREFIX s: <{PREFIXES['sam']}> # mine\n")


def test_two_slips_are_mended_together(why: Explain) -> None:
    explanation = why("SELECT * { ?x a sam:Colaboration ; sam:hasTheem ?t }")
    assert {reason.subject for reason in explanation.reasons} == {
        "sam:Colaboration",
        "sam:hasTheem",
    }
    assert "?x a sam:Collaboration ; sam:hasTheme ?t" in explanation.reasons[0].query


@pytest.mark.parametrize(
    ("query", "kind", "better"),
    [
        ('{ ?x foaf:name "Ede"@nl }', "language-tag", 'foaf:name "Ede" }'),
        ('{ ?x rdfs:label "gemeente Ede" }', "language-tag", 'rdfs:label "gemeente Ede"@nl }'),
        ('{ ?x rdfs:label "gemeente Ede"@en }', "language-tag", '"gemeente Ede"@nl }'),
        ('{ ?x rdfs:label ?l FILTER(?l = "gemeente Ede") }', "language-tag", '= "gemeente Ede"@nl'),
        (
            '{ ?x rdfs:label ?l FILTER(?l IN ("gemeente Ede")) }',
            "language-tag",
            '"gemeente Ede"@nl',
        ),
        (
            '{ VALUES ?l { "gemeente Ede" } ?x rdfs:label ?l }',
            "language-tag",
            '"gemeente Ede"@nl }',
        ),
        (
            '{ ?x a sam:Municipality ; rdfs:label ?l FILTER(lang(?l) = "de") }',
            "language-tag",
            '"en"',
        ),
        ('{ ?x rdfs:label ?l FILTER langMatches(lang(?l), "fr") }', "language-tag", "langMatches"),
        ('{ ?x sam:startDate "2017-09-14" }', "datatype", '"2017-09-14"^^xsd:date'),
        ('{ ?x sam:startDate ?d FILTER(?d < "2090-01-01") }', "datatype", '"2090-01-01"^^xsd:date'),
        ('{ ?x sam:memberListClosed "true" }', "datatype", "sam:memberListClosed true }"),
        ('{ ?x rdfs:label "gemeente  EDE"@nl }', "spelling", '"gemeente Ede"@nl }'),
        ('{ ?x foaf:name "Wert" }', "spelling", 'foaf:name "Weert" }'),
        ('{ ?x foaf:name ?n FILTER contains(?n, "WEERT") }', "spelling", "LCASE"),
        ('{ ?x foaf:name ?n FILTER strstarts(?n, "wEERT") }', "spelling", "LCASE"),
        ('{ ?x foaf:name ?n FILTER regex(?n, "^WEERT$") }', "spelling", '"i"'),
        ('{ ?x sam:inMunicipality "Ede" }', "not-text", "sam:inMunicipality m:ede }"),
        ('{ ?x sam:inMunicipality ?m FILTER(?m = "Ede") }', "not-text", "FILTER(?m = m:ede)"),
    ],
)
def test_a_literal_is_compared_with_what_stands_there(
    why: Explain, query: str, kind: str, better: str
) -> None:
    reason = first(why(f"SELECT * {query}"))
    assert reason.kind == kind
    assert better in reason.query
    assert set(reason.message) == {"nl", "en"}


def test_a_class_without_a_property_is_told_with_what_it_has(why: Explain) -> None:
    reason = first(why("SELECT * { ?x a sam:Municipality ; sam:hasTheme ?t }"))
    assert reason.kind == "never-together"
    assert "sam:Collaboration" in reason.message["en"]
    assert "foaf:name" in [one.term for one in reason.suggestions]


def test_a_property_that_never_leads_to_a_class_is_told(why: Explain) -> None:
    reason = first(why("SELECT * { ?x sam:carriesOut ?p . ?p a sam:Place }"))
    assert reason.kind == "never-together"
    assert "sam:Pilot" in reason.message["nl"]


@pytest.mark.parametrize(
    ("query", "suggested", "better"),
    [
        ("{ ?x a sam:Municipality ; sam:inMunicipality ?c }", "?c sam:inMunicipality ?x", ""),
        ("{ ?c a sam:Collaboration ; org:memberOf ?o }", "?o org:memberOf ?c", ""),
        ("{ m:ede sam:inMunicipality ?c }", "?c sam:inMunicipality m:ede", ""),
        ("{ m:ede sam:inMunicipality/rdfs:label ?l }", "^sam:inMunicipality", None),
    ],
)
def test_a_pattern_the_wrong_way_round_is_turned(
    why: Explain, query: str, suggested: str, better: str | None
) -> None:
    reason = first(why(f"SELECT * {query}"))
    assert reason.kind == "inverse"
    assert reason.suggestions[0].term == suggested
    if better is not None:
        assert suggested in reason.query


def test_known_terms_that_do_not_meet_are_told_with_those_that_do(why: Explain) -> None:
    reason = first(why("SELECT * { m:ede sam:carriesOut ?x }"))
    assert (reason.kind, reason.subject) == ("no-match", "m:ede sam:carriesOut ?x")
    assert "foaf:name" in [one.term for one in reason.suggestions]


def test_the_least_patterns_that_never_hold_together_are_told(why: Explain) -> None:
    explanation = why(
        "SELECT * { ?x a sam:Collaboration ; sam:hasTheme ?t ; rdfs:label ?l ."
        " ?t sam:inMunicipality ?m . ?m foaf:name ?n }"
    )
    reason = first(explanation)
    assert reason.kind == "join-empties"
    assert reason.subject == "?x sam:hasTheme ?t . ?t sam:inMunicipality ?m"
    assert "?t" in reason.message["en"]
    assert explanation.analysed == 5


@pytest.mark.parametrize(
    ("query", "kind", "subject"),
    [
        ("{ ?x foaf:name ?n FILTER(strlen(?n) > 1000) }", "filter", "STRLEN(?n) > 1000"),
        ("{ ?x foaf:name ?n FILTER regex(?x, 'ede') }", "filter", 'REGEX(?x, "ede")'),
        ("{ ?x foaf:name ?label FILTER(?lable = 'x') }", "unbound", "?lable"),
        ("{ ?x foaf:name ?n BIND(?n + 1 AS ?m) FILTER(?m > 0) }", "unbound", "?m"),
        (
            "{ ?x a sam:Municipality OPTIONAL { ?x sam:hasTheme ?t } FILTER(?t = 3) }",
            "unbound",
            "?t",
        ),
        (
            "{ ?x a sam:Municipality MINUS { ?x foaf:name ?n } }",
            "minus",
            "MINUS { ?x foaf:name ?n . }",
        ),
        (
            "{ ?x a sam:Municipality FILTER NOT EXISTS { ?x foaf:name ?n } }",
            "not-exists",
            "NOT EXISTS { ?x foaf:name ?n . }",
        ),
        (
            "{ ?x a sam:Municipality FILTER EXISTS { ?x sam:hasTheme ?n } }",
            "exists",
            "EXISTS { ?x sam:hasTheme ?n . }",
        ),
        (
            "{ ?x foaf:name ?n } VALUES ?x { sam:hasTheme }",
            "values",
            "VALUES (?x) { (sam:hasTheme) }",
        ),
        ("{ ?x foaf:name ?n } VALUES ?x { }", "values", "VALUES (?x) { }"),
        ("{ ?x foaf:name ?n } OFFSET 5000", "offset", "OFFSET 5000"),
        ("{ ?x foaf:name ?n } LIMIT 0", "limit-zero", "LIMIT 0"),
        (
            "{ ?x foaf:name ?n FILTER(strlen(?n) > 5) FILTER(strlen(?n) < 5) }",
            "filter",
            "STRLEN(?n) > 5 && STRLEN(?n) < 5",
        ),
    ],
)
def test_what_takes_all_solutions_away_is_told(
    why: Explain, query: str, kind: str, subject: str
) -> None:
    reason = first(why(f"SELECT * {query}"))
    assert (reason.kind, reason.subject) == (kind, subject)


def test_each_value_after_in_is_looked_at(why: Explain) -> None:
    query = 'SELECT * { ?x rdfs:label ?l FILTER(?l IN ("qqqxyzzy", "gemeente Ede")) }'
    assert '("qqqxyzzy", "gemeente Ede"@nl)' in first(why(query)).query


def test_a_filter_is_told_with_values_that_are_there(why: Explain) -> None:
    reason = first(why("SELECT * { ?x foaf:name ?n FILTER(strlen(?n) > 1000) }"))
    assert re.search(r'\?n: "\w', reason.message["en"])
    assert "FILTER" not in reason.query


def test_a_misspelt_variable_gets_the_one_that_there_is(why: Explain) -> None:
    reason = first(why("SELECT * { ?x foaf:name ?label FILTER(strlen(?lable) > 2) }"))
    assert reason.suggestions == (Suggestion("?label"),)
    assert "FILTER(strlen(?label) > 2)" in reason.query


def test_an_optional_part_that_never_matches_explains_the_filter_on_it(why: Explain) -> None:
    query = "SELECT * { ?x a sam:Pilot OPTIONAL { ?x sam:hasTheem ?t } FILTER(bound(?t)) }"
    assert first(why(query)).subject == "sam:hasTheem"


def test_having_is_told_with_the_highest_values(why: Explain) -> None:
    query = "SELECT ?c (COUNT(*) AS ?n) { ?x a ?c } GROUP BY ?c HAVING(COUNT(*) > 1000000)"
    reason = first(why(query))
    assert reason.kind == "having"
    assert re.search(r"are: \d+, \d+", reason.message["en"])
    assert "GROUP BY ?c" in reason.query
    assert "HAVING" not in reason.query


def test_a_total_over_nothing_counts_as_nothing(why: Explain) -> None:
    explanation = why("SELECT (COUNT(*) AS ?n) { ?x a sam:Municipalty }")
    assert [reason.kind for reason in explanation.reasons] == ["unknown-term", "aggregate"]
    assert why("SELECT (COUNT(*) AS ?n) { ?x a sam:Municipality }") == Explanation(empty=False)


def test_a_template_with_a_variable_of_its_own_is_told(why: Explain) -> None:
    reason = first(why("CONSTRUCT { ?x rdfs:label ?lable } { ?x foaf:name ?label }"))
    assert (reason.kind, reason.subject) == ("unbound", "?lable")
    assert "CONSTRUCT { ?x rdfs:label ?label }" in reason.query
    reason = first(why("CONSTRUCT { ?n rdfs:label ?x } { ?x foaf:name ?n }"))
    assert reason.kind == "template"


def test_an_unknown_graph_is_told_with_the_nearest(why: Explain) -> None:
    for query in (
        f"SELECT * {{ GRAPH <{BASE}graph/case/ede> {{ ?x a sam:Collaboration }} }}",
        f"SELECT * FROM <{BASE}graph/case/ede> {{ ?x a sam:Collaboration }}",
    ):
        reasons = {reason.kind: reason for reason in why(query).reasons}
        assert reasons["unknown-graph"].subject == "graph:case/ede"
        assert reasons["unknown-graph"].suggestions[0].term == CASE
        assert CASE in reasons["unknown-graph"].query


def test_a_pattern_in_another_graph_is_told_with_that_graph(why: Explain) -> None:
    reason = first(why(f"SELECT * {{ GRAPH {CASE} {{ ?x a sam:Municipality }} }}"))
    assert reason.kind == "other-graph"
    assert [one.term for one in reason.suggestions] == [REFERENCE]
    assert f"GRAPH {REFERENCE}" in reason.query


def test_patterns_that_no_single_graph_holds_are_put_in_graphs_of_their_own(why: Explain) -> None:
    query = (
        "SELECT * { GRAPH ?g { ?x a sam:Collaboration ; sam:inMunicipality ?m . ?m foaf:name ?n } }"
    )
    reason = first(why(query))
    assert reason.kind == "across-graphs"
    assert "GRAPH ?g {" in reason.query
    assert "GRAPH ?graph1 {" in reason.query


def test_from_that_leaves_a_graph_out_is_told_with_that_graph(why: Explain) -> None:
    reason = first(why(f"SELECT * FROM {CASE} {{ ?x sam:inMunicipality ?m . ?m sam:cbsCode ?c }}"))
    assert (reason.kind, reason.subject) == ("from", "FROM graph:case/ede-west")
    assert reason.suggestions[0].term == f"FROM {REFERENCE}"
    assert f"FROM {CASE}\nFROM {REFERENCE}" in reason.query


def test_data_in_named_graphs_alone_is_found_where_the_default_graph_is_asked(
    store: Store,
) -> None:
    reason = first(explain(f"{PROLOGUE}SELECT * {{ ?x a sam:Municipality }}", store.query))
    assert reason.kind == "default-graph"
    assert "GRAPH ?graph {" in reason.query
    assert next(iter(store.query(reason.query)), None) is not None
    reason = first(explain(f"{PROLOGUE}SELECT * {{ ?x sam:gemeente ?y }}", store.query))
    assert reason.suggestions[0].term == "sam:inMunicipality"


def test_a_query_that_cannot_be_parsed_still_has_its_terms_looked_up(why: Explain) -> None:
    explanation = why("SELECT * { ?x a sam:Pilot . LATERAL { ?x sam:hasTheem ?t } }")
    assert [reason.kind for reason in explanation.reasons] == ["unknown-term", "not-analysed"]
    assert "LATERAL { ?x sam:hasTheme ?t }" in explanation.reasons[0].query
    assert explanation.analysed == 0


def test_a_query_that_gives_something_needs_no_reasons(why: Explain) -> None:
    for query in ("SELECT * { ?x a sam:Pilot }", "ASK { ?x a sam:Pilot }", "DESCRIBE m:ede"):
        assert why(query) == Explanation(empty=False)


def test_layout_and_comments_of_the_query_are_kept(why: Explain) -> None:
    query = "SELECT *\n\tWHERE { # who?\n  ?x   sam:hasTheem ?t\n}\n"
    assert first(why(query)).query == PROLOGUE + query.replace("hasTheem", "hasTheme")


def test_without_time_it_is_said_that_no_cause_was_found(ask: Callable[[str], Any]) -> None:
    explanation = explain(f"{PROLOGUE}ASK {{ ?x sam:hasTheem ?t }}", ask, seconds=-1)
    assert [reason.kind for reason in explanation.reasons] == ["unexplained"]


def test_a_query_that_is_no_query_raises_what_the_engine_raises(ask: Callable[[str], Any]) -> None:
    with pytest.raises(SyntaxError):
        explain("SELECT", ask)


CONFINED = """
import os, resource
from pyoxigraph import Store
from kg.explanation import explain
highest = max(int(one) for one in os.listdir("/proc/self/fd"))
while (descriptor := os.dup(1)) <= highest:
    pass
os.close(descriptor)
resource.setrlimit(resource.RLIMIT_NOFILE, (descriptor, descriptor))
query = 'SELECT * { ?s <http://example.org/p> "x"@nl FILTER(?s = 1) VALUES ?s { 1 } } LIMIT 0'
print([reason.kind for reason in explain(query, Store().query).reasons])
"""


def test_it_works_in_a_process_that_can_open_no_file() -> None:
    done = subprocess.run(
        [sys.executable, "-c", CONFINED], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.stdout, done.stderr) == ("['limit-zero']\n", "")


HOSTILE = [
    '"',
    "'",
    '"}',
    "\\",
    "\\\\",
    "\n",
    "\r",
    "\u0000",
    "<script>",
    "{0}",
    "%s",
    "?_value",
    "\U0001f600",
    "*/",
    "# ",
]


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_terms_are_carried_as_terms(hostile: str) -> None:
    """They are found in the data with a tag, and offered again as they must be written."""
    property_ = NamedNode("http://example.org/p")
    store = Store()
    store.add(Quad(NamedNode("http://example.org/s"), property_, Literal(hostile, language="nl")))
    explanation = explain(f"SELECT * {{ ?s {property_} {Literal(hostile)} }}", store.query)
    reason = first(explanation)
    assert reason.kind == "language-tag"
    assert reason.suggestions[0].term == str(Literal(hostile, language="nl"))
    assert len(list(store.query(reason.query))) == 1


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=st.text(alphabet=string.printable + "é{}\\\"'<>\u200f", max_size=20))
def test_any_text_in_a_query_is_explained(text: str) -> None:
    store = Store()
    store.add(Quad(*[NamedNode("http://example.org/s")] * 2, Literal("x")))
    literal = Literal(text.replace("x", ""))
    query = (
        f"SELECT * {{ ?s ?p ?o FILTER(?o = {literal}) FILTER CONTAINS(?o, {literal}) "
        f"VALUES ?o {{ {literal} }} }}"
    )
    explanation = explain(query, store.query)
    assert explanation.empty
    assert all(reason.kind in KINDS for reason in explanation.reasons)
    assert explanation.reasons


def test_what_is_said_can_be_sent_as_json(why: Explain) -> None:
    explanation = why("SELECT * { ?x sam:gemeente ?y }")
    sent = json.loads(json.dumps(as_json(explanation)))
    assert sent["empty"] is True
    assert sent["analysed"] == 1
    assert sent["reasons"][0]["suggestions"][0]["term"] == "sam:inMunicipality"
    assert sent["reasons"][0]["message"]["nl"] == "De data kent de eigenschap sam:gemeente niet."


def test_what_is_said_can_be_read_as_text(why: Explain) -> None:
    said = as_text(why("SELECT * { ?x sam:gemeente ?y }"), "nl")
    assert "1. De data kent de eigenschap sam:gemeente niet.\n" in said
    assert re.search(r"   → sam:inMunicipality \(in gemeente, \d+ keer gebruikt\)\n", said)
    assert "     SELECT * { ?x sam:inMunicipality ?y }\n" in said
    assert as_text(Explanation(empty=False), "en").startswith("The query does give something")


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_kind_has_its_words(language: texts.Language) -> None:
    reasons = texts.read(language)["explanation"]["reasons"]
    told = set(KINDS) - {"unknown-term"} | {"unknown-term", "property", "class"}
    assert told - {"filter-language"} <= set(reasons)
    other: texts.Language = "en" if language == "nl" else "nl"
    others = texts.read(other)["explanation"]["reasons"]
    fields = re.compile(r"{(\w+)}")
    assert {key: set(fields.findall(words)) for key, words in reasons.items()} == {
        key: set(fields.findall(words)) for key, words in others.items()
    }


@pytest.mark.parametrize("language", ["nl", "en"])
def test_what_is_said_can_be_read_on_a_page(language: texts.Language) -> None:
    explanation = Explanation(
        empty=True,
        reasons=(
            Reason(
                "spelling",
                '"<b>"',
                {"nl": "Niet <b>", "en": "No <b>"},
                (Suggestion("m:ede", {"nl": "gemeente Ede"}, 1234), Suggestion("?x")),
                'ASK { ?s ?p "<i> & +" }',
            ),
        ),
        analysed=1,
    )
    page = _page(explanation, language, query='ASK { ?s ?p "</textarea>" }')
    assert page == _page(as_json(explanation), language, query='ASK { ?s ?p "</textarea>" }')
    assert {"nl": "Niet &lt;b&gt;", "en": "No &lt;b&gt;"}[language] in page
    assert "&lt;/textarea&gt;" in page
    assert "<code>m:ede</code>" in page
    assert "/query#query=ASK+%7B+%3Fs+%3Fp+%22%3Ci%3E+%26+%2B%22+%7D" in page
    assert texts.read(language)["explanation"]["lead"] in page
    assert "<ol" not in _page(Explanation(empty=False), language, query="ASK {}")


def _page(explanation: Explanation | dict[str, Any], language: texts.Language, query: str) -> str:
    folder = Path(texts.__file__).parents[1] / "templates"
    frame = DictLoader(
        {"base.html": "{% block title %}{% endblock %}{% block content %}{% endblock %}"}
    )
    loader = ChoiceLoader([frame, FileSystemLoader(folder)])
    environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined)
    environment.filters["number"] = lambda value, _: str(value)
    return environment.get_template("explanation.html").render(
        explanation=explanation,
        query=query,
        language=language,
        t=texts.read(language),
        paths={"nl": "/nl/", "en": "/"},
        local=partial(localised, language=language),
    )


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: path.name)
def test_a_query_means_the_same_when_it_is_written_again(
    path: Path, ask: Callable[[str], Any]
) -> None:
    query = path.read_text("utf-8")
    assert _count(ask(text(parse(query)))) == _count(ask(query))


def _count(answer: Any) -> int:
    return int(bool(answer)) if hasattr(answer, "__bool__") else sum(1 for _ in answer)


def test_every_construct_of_sparql_is_written_again() -> None:
    query = """PREFIX : <http://e/> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
    SELECT DISTINCT ?x (COUNT(DISTINCT *) AS ?n) (GROUP_CONCAT(?y; SEPARATOR=",") AS ?z)
    FROM <http://g> FROM NAMED <http://h> WHERE {
      ?x a :C ; :p [ :q 5, "a"@nl ] . ?x :p/^:q*|!(:a|:b) ?z
      FILTER(?x = 1 && (?y + 2 * -3) > 4 || !bound(?x) || ?x IN (1, "2") || ?x NOT IN ())
      OPTIONAL { ?x :p ?y FILTER NOT EXISTS { ?a ?b ?c } } { ?a ?b ?c } UNION
      { SELECT * { ?s ?p ?o } LIMIT 1 } BIND(IF(?x = 1, 2, 3) AS ?h)
      VALUES (?a ?b) { (1 UNDEF) } VALUES ?j { 1 2 } MINUS { ?x :l ?h } GRAPH ?g { ?x ?y ?z }
      FILTER regex(str(?x), "a", "i") FILTER(:fn(?x, 1)) FILTER(xsd:date(?x) = 3)
      FILTER(coalesce(?x, concat("a", "b")) = 3) }
    GROUP BY ?x (STR(?y) AS ?yy) STR(?h) HAVING (COUNT(?x) > 3) (SUM(?z) < 1)
    ORDER BY DESC(?x) ?n LIMIT 3 OFFSET 4 VALUES ?x { 1 }"""
    once = text(parse(query))
    assert text(parse(once)) == once
    for part in (
        "GROUP_CONCAT(?y; SEPARATOR=",
        "UNDEF",
        "NOT EXISTS",
        "!(:a|:b)",
        "OFFSET 4",
        "HAVING (COUNT(?x) > 3) (SUM(?z) < 1)",
        "FROM NAMED <http://h>",
        "DESC(?x)",
    ):
        assert part in once


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?s ?p ?o . LATERAL { ?s ?p ?o } }",
        "SELECT * { ?s !(^<http://e/p>) ?o }",
        "SELECT * { " + "{" * 3000 + "}" * 3000 + " }",
        "ASK { FILTER(" + "(" * 20000 + "1" + ")" * 20000 + ") }",
        "ASK { ?s ?p ?o } #" + "x" * LONGEST,
        "not SPARQL",
    ],
)
def test_what_is_not_understood_is_said_not_to_be(query: str) -> None:
    with pytest.raises(NotAnalysed):
        parse(query)


def test_terms_are_found_where_the_text_has_them() -> None:
    query = (
        'PREFIX e: <http://e/> # "no"\n'
        'SELECT * { ?s e:p.q <http://f/\\u0041> , "a\\"b"@nl , 5 , 1.5 , true ; e:d """x"""^^e:t }'
    )
    found = {query[one.start : one.end]: one for one in mentions(query)}
    assert found["<http://e/>"].declares == "e"
    assert str(found["e:p.q"].term) == "http://e/p.q"
    assert str(found["<http://f/\\u0041>"].term) == "http://f/A"
    assert str(found['"a\\"b"@nl'].term) == 'a"b'
    assert str(found['"""x"""^^e:t'].term.datatype) == "http://e/t"  # type: ignore[attr-defined]
    assert {"?s", "5", "1.5", "true"} <= set(found)


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=string.printable + "é\\'\"<>#@^", max_size=60))
def test_any_text_has_mentions_in_its_bounds(query: str) -> None:
    found = mentions(query)
    assert all(0 <= one.start < one.end <= len(query) for one in found)
    assert [one.start for one in found] == sorted(one.start for one in found)


def candidates(*iris: str) -> Iterator[Candidate]:
    return (Candidate(NamedNode(iri)) for iri in iris)


def test_the_nearest_term_is_the_one_that_differs_in_scheme_alone() -> None:
    there = ("https://w3id.org/a#hasTheme", "http://w3id.org/b#hasTheme")
    found = nearest("http://w3id.org/a/hasTheme", candidates(*there))
    assert [one.term.value for one in found] == [there[0]]


def test_texts_are_close_but_for_accents_case_and_spaces() -> None:
    there = [Literal("Youké"), Literal("Weert"), Literal("Opella")]
    assert close_texts(" youke", there) == [Literal("Youké")]
