"""The query operation as SPARQL 1.1 Protocol has it, seen from outside.

Each test names the clause that it holds the service to; https://www.w3.org/TR/sparql11-protocol/.
"""

import csv
import io
import re
from urllib.parse import quote, urlencode

import httpx
import pytest
from pyoxigraph import (
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Store,
    parse_query_results,
)

FORM = "application/x-www-form-urlencoded"
DIRECT = "application/sparql-query"
GRAPH = "https://w3id.org/samenhang/graph/"
SOURCES, ONTOLOGY, EDE = f"{GRAPH}sources", f"{GRAPH}ontology", f"{GRAPH}case/ede-west"
# Of the things of three kinds, each in a graph of its own: how many the query sees.
PREFIXES = """
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX sam: <https://w3id.org/samenhang/ontology#>
"""
KINDS = "VALUES (?kind ?class) { ('source' sam:SourceDocument) ('class' owl:Class) }"
COUNT = f"{PREFIXES} SELECT ?kind (COUNT(DISTINCT ?thing) AS ?n)"
PLAIN = f"{COUNT} {{ {KINDS} ?thing a ?class }} GROUP BY ?kind"
NAMED = f"{COUNT} {{ {KINDS} GRAPH ?g {{ ?thing a ?class }} }} GROUP BY ?kind"
HARD = "SELECT ('é & + % = ? # ; \"x\"\\n😀' AS ?x) {}"
HARD_VALUE = 'é & + % = ? # ; "x"\n😀'


def ask(url: str, form: str, query: str, *parameters: tuple[str, str]) -> httpx.Response:
    """Send a query in one of the three forms of request (2.1, table of query operations)."""
    sparql, encoded = f"{url}/sparql", urlencode([("query", query), *parameters], quote_via=quote)
    if form == "GET":
        return httpx.get(f"{sparql}?{encoded}", timeout=60)
    if form == FORM:
        return post(url, encoded.encode(), FORM)
    return post(url, query.encode(), DIRECT, urlencode(parameters))


def post(url: str, body: bytes, content_type: str | None, query: str = "") -> httpx.Response:
    headers = {"Content-Type": content_type} if content_type is not None else {}
    return httpx.post(f"{url}/sparql?{query}", content=body, headers=headers, timeout=60)


def problem(answer: httpx.Response, status: int) -> str:
    """Return what the answer says is wrong."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == status
    detail: str = answer.json()["detail"]
    return detail


def counts(answer: httpx.Response) -> dict[str, int]:
    assert answer.status_code == 200, answer.text
    rows = answer.json()["results"]["bindings"]
    return {row["kind"]["value"]: int(row["n"]["value"]) for row in rows}


def value(answer: httpx.Response) -> str:
    assert answer.status_code == 200, answer.text
    text: str = answer.json()["results"]["bindings"][0]["x"]["value"]
    return text


every_form = pytest.mark.parametrize("form", ["GET", FORM, DIRECT])


# 2.1: by GET, by POST with URL-encoded parameters, by POST directly.
@every_form
def test_a_query_in_each_form_is_answered_alike(url: str, form: str) -> None:
    assert value(ask(url, form, HARD)) == HARD_VALUE


# 2.1: "invoked with either the HTTP GET or HTTP POST method"; RFC 9110, 15.5.6: Allow.
@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "QUERY"])
def test_no_other_method_queries(url: str, method: str) -> None:
    answer = httpx.request(method, f"{url}/sparql", params={"query": "ASK {}"})
    assert method in problem(answer, 405)
    assert {"GET", "HEAD", "POST"} <= set(answer.headers["allow"].split(", "))


# 2.1: "must include exactly one SPARQL query string".
@pytest.mark.parametrize("form", ["GET", FORM])
def test_two_queries_are_refused(url: str, form: str) -> None:
    assert "not 2" in problem(ask(url, form, "ASK {}", ("query", "ASK {}")), 400)


# 2.1: the same, with the second one beside the body.
@pytest.mark.parametrize(
    ("body", "content_type"), [(b"ASK {}", DIRECT), (b"query=ASK%20%7B%7D", FORM)]
)
def test_a_query_in_the_body_and_one_in_the_url_are_two(
    url: str, body: bytes, content_type: str
) -> None:
    assert "query" in problem(post(url, body, content_type, "query=ASK%20%7B%7D"), 400)


# 2.1: the same; none is not one.
@pytest.mark.parametrize(
    ("body", "content_type"), [(b"", FORM), (b"a=b", FORM), (b"query=", FORM), (b"", DIRECT)]
)
def test_a_post_without_a_query_is_refused(url: str, body: bytes, content_type: str) -> None:
    assert "query" in problem(post(url, body, content_type), 400)


# 2.1: the same; a GET with a parameter of the operation is one, if an incomplete one.
@pytest.mark.parametrize("parameters", ["query=", "query", f"default-graph-uri={SOURCES}"])
def test_a_get_without_a_query_is_refused(url: str, parameters: str) -> None:
    assert "query" in problem(httpx.get(f"{url}/sparql?{parameters}"), 400)


# 2.1.1: "must URL percent encode all parameters"; RFC 3986, 2.1; UTF-8 (2.1.3 by analogy).
@pytest.mark.parametrize(
    "query", ["%FF", "%C3", "%ED%A0%80", "%", "%4", "%zz", "ASK+%7B%7D+%23+100%+", "ASK{}%00"]
)
def test_a_broken_percent_encoding_is_refused(url: str, query: str) -> None:
    text = problem(post(url, f"query={query}".encode(), FORM), 400)
    assert "UTF-8" in text or "percent" in text or "U+0000" in text


# 2.1.1 and 2.1.2: percent-encoded once; "a%2Fb" in a query is not "a/b".
@pytest.mark.parametrize("form", ["GET", FORM])
def test_a_parameter_is_decoded_once(url: str, form: str) -> None:
    assert value(ask(url, form, "SELECT ('a%2Fb+c' AS ?x) {}")) == "a%2Fb+c"


# 2.1.1: "parameters must be separated with the ampersand (&) character": by nothing else.
def test_a_semicolon_separates_no_parameters(url: str) -> None:
    text = "SELECT (1 AS ?x) {};query=ASK {}"
    answer = httpx.get(f"{url}/sparql?query={quote(text, safe=';=')}")
    assert problem(answer, 400)


# 2.1.2: "Clients may include the parameters in any order"; what nobody knows is passed over.
def test_parameters_come_in_any_order_and_unknown_ones_among_them(url: str) -> None:
    parameters = urlencode(
        [("default-graph-uri", SOURCES), ("debug", "on"), ("query", PLAIN), ("timeout", "1")]
    )
    assert counts(post(url, parameters.encode(), FORM)) == {"source": 5}


# 2.1.2 and 2.1.3: "The content type header of the HTTP request must be set to …".
@pytest.mark.parametrize(
    "content_type",
    [
        None,
        "",
        "text/plain",
        "application/json",
        "application/sparql-results+json",
        "application/sparql-queryx",
        "multipart/form-data; boundary=x",
    ],
)
def test_another_content_type_is_refused_and_told_the_right_ones(
    url: str, content_type: str | None
) -> None:
    answer = post(url, b"query=ASK%20%7B%7D", content_type)
    assert DIRECT in problem(answer, 415)
    assert answer.headers["accept"] == f"{DIRECT}, {FORM}"


# RFC 9110, 8.3.1 and 5.6.6: names in any case, values quoted or not.
@pytest.mark.parametrize(
    "content_type",
    [
        "Application/SPARQL-Query",
        "application/sparql-query;charset=utf-8",
        'application/sparql-query; CHARSET="UTF-8"',
        "application/sparql-query ; charset=Utf-8; x=y",
    ],
)
def test_content_type_is_compared_as_http_does(url: str, content_type: str) -> None:
    assert value(post(url, HARD.encode(), content_type)) == HARD_VALUE


# 2.1.3: "UTF-8 is the only valid charset here".
def test_another_charset_is_refused(url: str) -> None:
    text = "SELECT ('é' AS ?x) {}"
    answer = post(url, text.encode("latin-1"), f"{DIRECT}; charset=iso-8859-1")
    assert "iso-8859-1" in problem(answer, 415)
    assert "UTF-8" in problem(post(url, text.encode("latin-1"), DIRECT), 400)
    assert "UTF-8" in problem(post(url, text.encode("utf-16"), DIRECT), 400)


# RFC 9110, 15.5.16: a content coding that is not supported.
@pytest.mark.parametrize("coding", ["gzip", "br"])
def test_a_coded_body_is_refused(url: str, coding: str) -> None:
    headers = {"Content-Type": DIRECT, "Content-Encoding": coding}
    answer = httpx.post(f"{url}/sparql", content=b"ASK {}", headers=headers)
    assert coding in problem(answer, 415)
    assert answer.headers["accept-encoding"] == "identity"


# 2.1.4: "one or more default graph URIs": their merge is the default graph.
@every_form
@pytest.mark.parametrize(
    ("graphs", "kinds"),
    [([SOURCES], {"source"}), ([ONTOLOGY], {"class"}), ([SOURCES, ONTOLOGY], {"source", "class"})],
)
def test_default_graphs_are_merged(url: str, form: str, graphs: list[str], kinds: set) -> None:
    parameters = [("default-graph-uri", graph) for graph in graphs]
    found = counts(ask(url, form, PLAIN, *parameters))
    assert set(found) == kinds
    assert all(found.values())


# 2.1.4: "zero or more named graph URIs": with these alone, the default graph is empty.
@every_form
def test_named_graphs_are_seen_by_graph_only(url: str, form: str) -> None:
    parameters = [("named-graph-uri", SOURCES), ("named-graph-uri", EDE)]
    assert counts(ask(url, form, PLAIN, *parameters)) == {}
    assert set(counts(ask(url, form, NAMED, *parameters))) == {"source"}


# 2.1.4: both kinds together make one dataset.
@every_form
def test_a_dataset_has_both_kinds_of_graphs(url: str, form: str) -> None:
    parameters = [("default-graph-uri", ONTOLOGY), ("named-graph-uri", SOURCES)]
    assert set(counts(ask(url, form, PLAIN, *parameters))) == {"class"}
    assert set(counts(ask(url, form, NAMED, *parameters))) == {"source"}


# 2.1.4: "must be executed using the RDF Dataset given in the protocol request".
@every_form
def test_the_dataset_of_the_request_goes_before_that_of_the_query(url: str, form: str) -> None:
    dataset = f"FROM <{ONTOLOGY}> FROM NAMED <{ONTOLOGY}>"
    for text in (PLAIN, NAMED):
        own = text.replace(COUNT, f"{COUNT} {dataset}")
        assert set(counts(ask(url, form, own))) == {"class"}
        given = [("default-graph-uri", SOURCES), ("named-graph-uri", SOURCES)]
        assert set(counts(ask(url, form, own, *given))) == {"source"}


# 2.1.4: "if no RDF Dataset is specified … the implementation-defined default dataset".
@every_form
def test_without_a_dataset_all_graphs_are_seen(url: str, form: str) -> None:
    assert set(counts(ask(url, form, PLAIN))) == {"source", "class"}


# 2.1.4: the parameters are IRIs; a relative one names no graph.
@every_form
@pytest.mark.parametrize("name", ["default-graph-uri", "named-graph-uri"])
@pytest.mark.parametrize("iri", ["", "sources", "/graph/sources", "urn:a b", "<urn:a>"])
def test_a_graph_that_is_no_absolute_iri_is_refused(
    url: str, form: str, name: str, iri: str
) -> None:
    assert f"{name} is an absolute IRI" in problem(ask(url, form, "ASK {}", (name, iri)), 400)


# 2.1.4: a graph that is not there is empty; nothing is fetched.
def test_an_unknown_graph_is_empty(url: str) -> None:
    parameter = ("default-graph-uri", f"{url}/static/style.css")
    assert counts(ask(url, "GET", PLAIN, parameter)) == {}


# 2.1.5 and 2.1.6: the results of a SELECT or ASK in a format of SPARQL, as the client accepts it.
@pytest.mark.parametrize("query", ["SELECT ('é' AS ?x) {}", "ASK {}"])
@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("application/sparql-results+json", None),
        ("application/sparql-results+xml", None),
        ("text/csv", None),
        ("text/tab-separated-values", None),
        ("application/json", None),
        ("application/xml", None),
        ("*/*", "application/sparql-results+json"),
        ("text/turtle, application/sparql-results+xml;q=0.1", "application/sparql-results+xml"),
        ("text/csv;charset=utf-8", "text/csv"),
    ],
)
def test_rows_and_booleans_come_as_accepted(
    url: str, query: str, accept: str, media_type: str | None
) -> None:
    answer = httpx.get(f"{url}/sparql", params={"query": query}, headers={"Accept": accept})
    assert answer.status_code == 200
    assert answer.headers["content-type"].partition(";")[0] == (media_type or accept)
    assert "accept" in answer.headers["vary"].lower()
    if "csv" in accept:
        assert answer.text == ("x\r\né\r\n" if "SELECT" in query else "true")
        return
    form = QueryResultsFormat.from_media_type(answer.headers["content-type"])
    assert form
    found = parse_query_results(answer.content, form)
    if isinstance(found, QuerySolutions):
        assert [row["x"].value for row in found] == ["é"]
    else:
        assert isinstance(found, QueryBoolean)
        assert bool(found)


# SPARQL 1.1 Query Results CSV, 3.2: a field with a comma is quoted; the IRI of a passage has one.
@every_form
def test_the_iri_of_a_passage_is_one_field_of_csv(url: str, form: str) -> None:
    text = f"{PREFIXES} SELECT ?passage ?x {{ ?claim sam:inPassage ?passage BIND(1 AS ?x) }}"
    answer = ask(url, form, text, ("format", "csv"))
    names, *rows = csv.reader(io.StringIO(answer.text, newline=""))
    assert names == ["passage", "x"]
    assert rows
    for passage, one in rows:
        assert re.fullmatch(r"https://w3id\.org/samenhang/source/\S+#char=\d+,\d+", passage)
        assert one == "1"


# 2.1.5 and 2.1.6: the triples of a CONSTRUCT or DESCRIBE in a format of RDF.
@pytest.mark.parametrize(
    ("query", "holds"),
    [
        ("CONSTRUCT { <urn:a> <urn:b> 'é'@nl } {}", "é"),
        ("DESCRIBE <https://w3id.org/samenhang/id/pilot/ede-west>", "2017-09-14"),
    ],
)
@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("text/turtle", None),
        ("application/n-triples", None),
        ("application/rdf+xml", None),
        ("application/ld+json", None),
        ("application/trig", None),
        ("application/n-quads", None),
        ("text/n3", None),
        ("text/plain", None),
        ("application/x-turtle", None),
        ("application/xml", None),
        ("application/json", None),
        ("*/*", "text/turtle"),
        ("text/csv, application/rdf+xml;q=0.1", "application/rdf+xml"),
    ],
)
def test_triples_come_as_accepted(
    url: str, query: str, holds: str, accept: str, media_type: str | None
) -> None:
    answer = httpx.get(f"{url}/sparql", params={"query": query}, headers={"Accept": accept})
    assert answer.status_code == 200
    assert answer.headers["content-type"].partition(";")[0] == (media_type or accept)
    store = Store()
    form = RdfFormat.from_media_type(media_type or accept)
    assert form
    store.load(answer.content, form)
    assert holds in {getattr(quad.object, "value", None) for quad in store}


# 2.1.6: the format goes with the form of the query, not with words in it.
def test_the_form_of_a_query_is_not_guessed_from_its_words(url: str) -> None:
    text = "SELECT ('CONSTRUCT DESCRIBE' AS ?x) { # CONSTRUCT\n}"
    assert value(ask(url, "GET", text)) == "CONSTRUCT DESCRIBE"


# RFC 9110, 15.5.7: what is not to be had in any format that is accepted.
@pytest.mark.parametrize(
    ("query", "accept"),
    [("ASK {}", "image/png"), ("ASK {}", "text/turtle"), ("CONSTRUCT {} {}", "text/csv")],
)
def test_an_unacceptable_answer_is_406(url: str, query: str, accept: str) -> None:
    answer = httpx.get(f"{url}/sparql", params={"query": query}, headers={"Accept": accept})
    assert "application/sparql-results+json" in problem(answer, 406)


# 2.1.7: "must be 400 if the SPARQL query supplied in the request is not a legal sequence of
# characters in the language defined by the SPARQL grammar".
@every_form
@pytest.mark.parametrize(
    "query",
    [" ", "# ASK {}", "SELECT", "ASK { ?s ?p }", "SELECT * { ?s nope:p ?o }", "INSERT DATA {}"],
)
def test_what_is_no_sparql_is_400(url: str, form: str, query: str) -> None:
    assert problem(ask(url, form, query), 400)


# 2.1.7: 400 also for what the grammar allows and its notes do not (SPARQL 1.1 Query, 19.8).
@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?s (COUNT(*) AS ?n) { ?s ?p ?o }",
        "SELECT (1 AS ?x) (2 AS ?x) {}",
        "SELECT * { { _:a ?p ?o } { _:a ?q ?r } }",
    ],
)
def test_what_breaks_the_notes_of_the_grammar_is_400(url: str, query: str) -> None:
    assert problem(ask(url, "GET", query), 400)


# 2.2: the update operation is not offered, and data stays as it is.
@pytest.mark.parametrize(
    ("method", "query", "content_type", "body", "status"),
    [
        ("GET", "update=CLEAR+ALL", None, b"", 400),
        ("POST", "", FORM, b"update=CLEAR+ALL", 400),
        ("POST", "update=CLEAR+ALL", DIRECT, b"ASK {}", 400),
        ("POST", "", "application/sparql-update", b"CLEAR ALL", 415),
        ("POST", "", DIRECT, b"CLEAR ALL", 400),
        ("POST", "", FORM, b"query=ASK%20%7B%7D&using-graph-uri=urn:a", 400),
        ("POST", "", FORM, b"query=ASK%20%7B%7D&using-named-graph-uri=urn:a", 400),
    ],
)
def test_an_update_is_refused(
    url: str, method: str, query: str, content_type: str | None, body: bytes, status: int
) -> None:
    headers = {"Content-Type": content_type} if content_type else {}
    answer = httpx.request(method, f"{url}/sparql?{query}", content=body, headers=headers)
    assert problem(answer, status)
    assert set(counts(ask(url, "GET", PLAIN))) == {"source", "class"}


# RFC 9110, 9.3.2: HEAD is GET without the body.
def test_head_has_the_fields_of_get(url: str) -> None:
    asked = {"query": "SELECT ('é' AS ?x) {}"}
    head, full = (httpx.request(name, f"{url}/sparql", params=asked) for name in ("HEAD", "GET"))
    assert (head.status_code, head.content) == (200, b"")
    for field in ("content-type", "content-length", "vary"):
        assert head.headers[field] == full.headers[field]
    assert int(full.headers["content-length"]) == len(full.content)


# SPARQL 1.1 Query, 4.1.1.2, by RFC 3986, 5.1.3: relative IRIs resolve against the endpoint.
@every_form
def test_relative_iris_resolve_against_the_endpoint(url: str, form: str) -> None:
    assert value(ask(url, form, "SELECT (<x?y#z> AS ?x) {}")) == f"{url}/x?y#z"
    assert value(ask(url, form, "BASE <urn:a:> SELECT (<#b> AS ?x) {}")) == "urn:a:#b"
