"""Which endpoints a query may name, and that what comes of it names no other, whatever the text."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Store

from kg.errors import DataError, QuerySyntaxError, ServiceRefused
from kg.federation import endpoints, readable, relocated, rewrite

A, B = "https://a.example/sparql", "https://b.example/sparql?x=1"
HERE: Mapping[str, str] = {A: "http://127.0.0.1:1/s/0", B: "http://127.0.0.1:1/s/1"}


def named(text: str) -> list[str]:
    """Return the addresses of the relay in what a text is rewritten to."""
    rewritten = rewrite(text, HERE)
    assert rewritten is not None
    return [line for line in rewritten.splitlines() if line.startswith("<http://127.0.0.1:1/")]


@pytest.mark.parametrize(
    "text",
    [
        f"SELECT * {{ SERVICE <{A}> {{ ?s ?p ?o }} }}",
        f"select*{{service<{A}>{{?s ?p ?o}}}}",
        f"SELECT * {{ SeRvIcE SILENT <{A}> {{ ?s ?p ?o }} }}",
        f"SELECT * {{ # SERVICE <x>\n SERVICE # of\n silent#>\n<{A}># that\n {{ ?s ?p ?o }} }}",
        f"SELECT * {{ {{ OPTIONAL {{ SERVICE <{A}> {{ {{ ?s ?p ?o }} }} }} }} UNION {{ }} }}",
        f"SELECT * {{ GRAPH ?g {{ SERVICE <{A}> {{ }} }} }}",
        f"SELECT * {{ FILTER EXISTS {{ SERVICE <{A}> {{ }} }} }}",
        f"SELECT * {{ ?s ?p 4SERVICE<{A}> {{ }} }}",
        f"SELECT * {{ ?s ?p true.SERVICE<{A}> {{ }} }}",
        "SELECT * { SERVICE <https://\\u0061.example/sp\\U00000061rql> { } }",
        f"PREFIX s: <http://s/> SELECT ?service {{ SERVICE <{A}> {{ ?service s:service 'x' }} }}",
        f'SELECT * {{ ?s ?p \'\'\'a\'b"\n\'\'\' , """a"b""" SERVICE <{A}> {{ }} }}',
        f"SELECT * {{ ?s ?p 'SERVICE <x>', <http://SERVICE.example/> SERVICE <{A}> {{ }} }}",
    ],
)
def test_an_allowed_endpoint_is_replaced_and_the_query_stays_one(text: str) -> None:
    assert named(text) == [f"<{HERE[A]}>"]
    rewritten = rewrite(text, HERE)
    assert rewritten
    assert A not in rewritten
    Store().query(rewritten)  # raises SyntaxError if it is none


def test_each_endpoint_is_replaced_by_what_stands_for_it() -> None:
    text = f"SELECT * {{ SERVICE <{B}> {{ }} SERVICE SILENT <{A}> {{ }} SERVICE <{B}> {{ }} }}"
    assert named(text) == [f"<{HERE[B]}>", f"<{HERE[A]}>", f"<{HERE[B]}>"]


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { ?s ?p ?o }",
        "SELECT ?service { ?s ?service 'SERVICE', <http://SERVICE/>, x:SERVICE } # SERVICE",
        "this is no SPARQL",
        "",
    ],
)
def test_a_query_that_names_none_is_told_apart(text: str) -> None:
    assert rewrite(text, HERE) is None


def test_what_is_not_on_the_list_is_refused_with_the_list() -> None:
    with pytest.raises(ServiceRefused) as refused:
        rewrite("SELECT * { SERVICE <http://127.0.0.1:1/s/0> { } }", HERE)
    assert str(refused.value) == (
        f"This endpoint does not query <http://127.0.0.1:1/s/0>; it queries <{A}>, <{B}>."
    )
    assert refused.value.status == 403


@pytest.mark.parametrize(
    "iri",
    [
        f"{A}/",
        f"{A}#",
        f"{A}?",
        A.upper(),
        A.replace("https", "http"),
        A.replace("a.example", "a.example:443"),
        A.replace("a.example", "a.example@evil.example"),
        A.replace("sparql", "%73parql"),
        f"{A}\\u002f",
    ],
)
def test_an_iri_is_allowed_to_the_letter(iri: str) -> None:
    with pytest.raises(ServiceRefused, match="does not query"):
        rewrite(f"SELECT * {{ SERVICE <{iri}> {{ }} }}", HERE)


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("?where", "full IRI, such as"),
        ("$where", "full IRI, such as"),
        ("SILENT ?where", "full IRI, such as"),
        ("a:x", "full IRI, such as"),
        (":x", "full IRI, such as"),
        ("'x'", "full IRI, such as"),
        ("", "full IRI, such as"),
        ("<sparql>", "relative"),
        ("<//a.example/sparql>", "relative"),
        ("<>", "relative"),
        (f"<{A}> {{ SERVICE <{A}> {{ }} }}", "nest none"),
        (f"<{A}> {{ {{ OPTIONAL {{ SERVICE <{A}> {{ }} }} }} }}", "nest none"),
    ],
)
def test_other_ways_to_name_an_endpoint_are_refused_and_the_way_told(
    target: str, said: str
) -> None:
    prologue = (
        "PREFIX a: <https://a.example/> PREFIX : <https://a.example/> BASE <https://a.example/>"
    )
    with pytest.raises(ServiceRefused, match=said):
        rewrite(f"{prologue} SELECT * {{ SERVICE {target} {{ }} }}", HERE)


GLUED = [
    "SERVICE:x { }",
    "SERVICEe:x { }",
    "serviceSILENTe:x { }",
    f"SERVICESILENT<{A}> {{ }}",
    f"?s ?p trueSERVICE<{A}>{{ }}",
    "?s ?p trueSERVICE:x{ }",
    f"?s ?p falseSERVICE<{A}>{{ }}",
    f"?s ?p 4eSERVICE<{A}>{{ }}",
    f"?s ?p e:a.SERVICE<{A}>{{ }}",
    f"?s ?p _:a.SERVICE<{A}>{{ }}",
]


@pytest.mark.parametrize("glued", GLUED)
def test_words_that_a_parser_may_split_are_refused_beside_a_service(glued: str) -> None:
    with pytest.raises(ServiceRefused, match="rename it"):
        rewrite(f"SELECT * {{ SERVICE <{A}> {{ }} {glued} }}", HERE)


OPEN = ["VALUES ?x { '''x' } ", 'VALUES ?x { """x" } ', "?s ?p 'x\n' . ", "\\u0053ERVICE:x {} "]


@pytest.mark.parametrize("hidden", OPEN)
def test_a_text_whose_tokens_are_in_doubt_is_a_syntax_error(hidden: str) -> None:
    text = f"SELECT * {{ SERVICE <{A}> {{ }}\n{hidden} SERVICE:x {{ }} }}"
    with pytest.raises(QuerySyntaxError) as error:
        rewrite(text, HERE)
    assert error.value.status == 400


def test_what_looks_like_an_iri_holds_no_group_for_any_parser() -> None:
    text = f"SELECT * {{ SERVICE <{A}> {{ }} FILTER(?a<?b)SERVICE:x#>\n {{ }} }}"
    Store().query(f"PREFIX : <http://e/> {text}")  # a lenient parser sees a second SERVICE
    rewritten = rewrite(f"PREFIX : <http://e/> {text}", HERE)
    assert rewritten
    with pytest.raises(SyntaxError):
        Store().query(rewritten)


PIECES = [
    *("SERVICE", "service", "SILENT", f"<{A}>", "<http://evil.example/>", ":x", "e:x", "?x", "$x"),
    *("'", '"', "'''", '"""', "\\", "\\'", '\\"', "\\u0053", "#", "\n", "\r", " ", "\t", "\x0b"),
    *("{", "}", "(", ")", "<", ">", "<<", ">>", "[", "]", ".", ",", ";", ":", "?", "*", "+", "-"),
    *("true", "false", "a", "4", "4e", "4.0e5", "@en", "@en-", "^^", "_:b", "VALUES ?x {", "''"),
    *("FILTER(?a<?b", "OPTIONAL {", "?s ?p ?o", "BIND(1 AS ?y)", "é", "\u00b2", "\u3001", "\u2028"),
]


@given(*[st.lists(st.sampled_from(PIECES), max_size=9)] * 2)
def test_no_text_leads_anywhere_else(before: list[str], after: list[str]) -> None:
    prologue = "PREFIX : <http://e.example/> PREFIX e: <http://e.example/> SELECT * {"
    text = f"{prologue} {''.join(before)} SERVICE <{A}> {{ }} {''.join(after)} }}"
    try:
        rewritten = rewrite(text, HERE)
    except (ServiceRefused, QuerySyntaxError):
        return
    if rewritten is None:
        return  # it goes where no connection can be opened
    lines = rewritten.split("\n")
    for number, line in enumerate(lines):
        if line.upper() == "SERVICE":
            target = lines[number + 1]
            assert (lines[number + 2] if target.upper() == "SILENT" else target)[
                1:-1
            ] in HERE.values()
        elif "SERVICE" in line.upper():
            assert line[0] in '<"?$' or ":" in line, "a word that is not the keyword alone"


@pytest.mark.parametrize(
    ("text", "error"),
    [
        (f"SELECT * {{ SERVICE <{A}> {{ }} 5 }}", "1:"),
        (f"SELECT *\n# why\n{{ SERVICE <{A}> {{ }}\n  ?s ?p }}", "4:"),
        (f"SELECT * {{ ?s ?p '''a\n\nb''' . SERVICE <{A}> {{ }}\n", "4:"),
        (f"SELECT * {{ SERVICE <{A}> {{ }} ?s ?p +5 +6 }}", "1:"),
    ],
)
def test_a_syntax_error_is_told_where_the_text_has_it(text: str, error: str) -> None:
    with pytest.raises(SyntaxError) as direct:
        Store().query(text)
    rewritten = rewrite(text, HERE)
    assert rewritten
    with pytest.raises(SyntaxError) as indirect:
        Store().query(rewritten)
    told = relocated(str(indirect.value), text)
    assert told.startswith(f"error at {error}")
    assert told.split(": ")[0] == str(direct.value).split(": ")[0]


def test_a_message_names_the_endpoints_as_the_query_does() -> None:
    targets = {f"http://e.example/{n}": f"http://127.0.0.1:1/s/{n}" for n in range(12)}
    told = readable("http://127.0.0.1:1/s/11 and http://127.0.0.1:1/s/1 failed", targets)
    assert told == "http://e.example/11 and http://e.example/1 failed"


def test_what_a_query_says_is_kept() -> None:
    text = f"""SELECT (1 -1 AS ?a) ('it\\'s "é"\\n\\u0041' AS ?b) ('''x
"y''' AS ?c) ("z"@nl-NL AS ?d) (-2.5e0 AS ?e) (<http://é/a(b)?c#d> AS ?f) ('1'^^<urn:x> AS ?g)
    {{ FILTER(1 < 2 && 3 > 2) OPTIONAL {{ SERVICE SILENT <{A}> {{ }} FILTER(false) }} }}"""
    rewritten = rewrite(text, {A: "http://127.0.0.1:9/"})
    assert rewritten
    (row,) = list(Store().query(rewritten))
    (plain,) = list(Store().query(text.replace(f"SERVICE SILENT <{A}>", "")))
    assert [str(term) for term in row] == [str(term) for term in plain]
    assert row["b"].value == 'it\'s "é"\nA'
    assert row["c"].value == 'x\n"y'


@pytest.mark.parametrize(
    "piece", ["'a\"' ", "<a> ", "+5 ", "{", "}", "a:b ", '"""\n""" ', f"SERVICE <{A}>{{}}"]
)
def test_a_long_text_is_rewritten_in_one_go(piece: str) -> None:
    """Work that grew with the square of the text would take minutes here."""
    count = 2**18 // len(piece)
    rewritten = rewrite(f"SERVICE <{A}> {{ }} " + piece * count, HERE)
    assert rewritten
    assert rewritten.count("\n") >= count


def test_the_list_stands_between_spaces_or_commas() -> None:
    assert endpoints("") == ()
    assert endpoints(f" {A},{B}\n{A} , ") == (A, B)


@pytest.mark.parametrize(
    "setting",
    [
        "a.example/sparql",
        "ftp://a.example/",
        "file:///etc/passwd",
        "http:///sparql",
        "http://user:secret@a.example/",
        "http://a.example/#here",
        "<http://a.example/>",
        "http://a.example/\\u0061",
    ],
)
def test_what_is_no_address_of_an_endpoint_is_an_error_that_names_it(setting: str) -> None:
    with pytest.raises(DataError) as error:
        endpoints(f"{A} {setting}")
    assert str(error.value).startswith(f"KG_SERVICE_ALLOW: {setting} ")
