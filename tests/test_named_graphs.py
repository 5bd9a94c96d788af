"""Pages about the named graphs, and their content under their own IRIs."""

import pytest
from pyoxigraph import RdfFormat, parse

from kg.deployment import Deployment
from kg.quotations import Quotations
from kg.routes import named_graphs
from kg.routes.documents import Documents
from kg.routes.named_graphs import LARGE
from storing import asking, trig

GRAPH = "https://w3id.org/samenhang/graph/"
ID = "https://w3id.org/samenhang/id/"
SERVED = "<http://www.w3.org/ns/sparql-service-description#Graph>"
TRIPLES = "<http://rdfs.org/ns/void#triples>"
LABEL = "<http://www.w3.org/2000/01/rdf-schema#label>"
STORE = trig(f"""
<{GRAPH}case/one> {{
  <{ID}pilot/one> {LABEL} "one"@en , "één"@nl ; <urn:has> [ {LABEL} "part" ] .
  <{ID}pilot/two> {LABEL} "two"@en .
}}
<{GRAPH}metadata> {{
  <{GRAPH}case/one> a {SERVED} ; {TRIPLES} 5 ; {LABEL} "graph of one"@en , "graaf van een"@nl .
  <{GRAPH}large> a {SERVED} ; {TRIPLES} {LARGE + 1} .
}}
<{GRAPH}large> {{ <urn:s> <urn:p> <urn:o> }}
""")


def routes(deployment: Deployment, documents: Documents) -> named_graphs.APIRouter:
    return named_graphs.router(deployment, documents, Quotations(None))


ask = asking(STORE, routes)


@pytest.mark.parametrize(
    ("path", "language", "label"),
    [("/graph", "en", "graph of one"), ("/nl/graph/", "nl", "graaf van een")],
)
def test_all_graphs_are_listed_with_their_size(path: str, language: str, label: str) -> None:
    page = ask(path)
    assert page.status_code == 200
    assert f'<html lang="{language}"' in page.text
    assert label in page.text
    prefix = "/nl" if language == "nl" else ""
    assert f'href="{prefix}/graph/case/one"' in page.text
    assert f'href="{prefix}/data">Data</a>' in page.text


def test_the_list_is_had_as_data() -> None:
    answer = ask("/graph.nt")
    assert answer.headers["content-type"] == "application/n-triples"
    assert f'<{GRAPH}case/one> {LABEL} "graph of one"@en .' in answer.text.splitlines()


@pytest.mark.parametrize(("path", "label"), [("", "graph of one"), ("/nl", "graaf van een")])
def test_a_graph_has_a_page_with_its_things(path: str, label: str) -> None:
    page = ask(f"{path}/graph/case/one")
    assert page.status_code == 200
    assert f"<h1>{label}</h1>" in page.text
    for name in ("one", "two"):
        assert f'href="{path}/doc/pilot/{name}"' in page.text


@pytest.mark.parametrize("suffix", ["ttl", "nt", "rdf", "n3", "trig", "nq"])
def test_the_content_of_a_graph_is_had_whole(suffix: str) -> None:
    answer = ask(f"/graph/case/one.{suffix}")
    syntax = RdfFormat.from_extension(suffix)
    assert syntax
    quads = list(parse(answer.content, syntax))
    assert len(quads) == 5
    expected = {f"<{GRAPH}case/one>"} if suffix in ("trig", "nq") else {"DEFAULT"}
    assert {str(quad.graph_name) for quad in quads} == expected


def test_a_graph_that_is_not_there_answers_with_names_like_it() -> None:
    answer = ask("/graph/case/onne", Accept="application/json")
    assert answer.status_code == 404
    assert answer.json()["near"] == {"graph of one": "/graph/case/one"}


def test_a_large_graph_is_streamed_by_the_endpoint() -> None:
    answer = ask("/graph/large", Accept="text/turtle")
    assert answer.status_code == 303
    assert answer.headers["vary"] == "Accept"
    assert answer.headers["location"] == (
        "/graphs?graph=https%3A%2F%2Fw3id.org%2Fsamenhang%2Fgraph%2Flarge&format=text%2Fturtle"
    )
    assert ask("/graph/large.nq").headers["location"].endswith("format=application%2Fn-quads")
    assert ask("/graph/large").status_code == 200
