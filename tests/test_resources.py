"""What the IRIs of things lead to: the documents about them, lists, and what is not there."""

import pytest
from pyoxigraph import RdfFormat, Store, parse

from kg.deployment import Deployment
from kg.quotations import Quotations
from kg.routes import resources
from kg.routes.documents import Documents
from kg.routes.resources import ON_A_PAGE
from kg.routes.views import Views
from storing import Ask, asking, trig

ID = "https://w3id.org/samenhang/id/"
GRAPH = "https://w3id.org/samenhang/graph/case/one"
PREFIXES = f"""
@prefix id: <{ID}> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sam: <https://w3id.org/samenhang/ontology#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
STORE = trig(
    PREFIXES
    + f"""
<{GRAPH}> {{
  <{ID}pilot/one> a sam:Pilot ; rdfs:label "one & <two>"@en , "één"@nl ; sam:near <{ID}pilot/gone> .
  <{ID}pilot/gone> a sam:Pilot ; rdfs:label "gone"@en ;
    prov:invalidatedAtTime "2026-01-01"^^xsd:date .
  <{ID}build/0123456789ab/file/data/a.ttl> a prov:Entity ; rdfs:label "data/a.ttl" .
  <{ID}build/0123456789ab/file/data/a> a prov:Entity ; rdfs:label "data/a" .
}}
"""
)


def over(store: Store) -> Ask:
    def routes(deployment: Deployment, documents: Documents) -> resources.APIRouter:
        return resources.router(deployment, Views(deployment), documents, Quotations(None))

    return asking(store, routes)


ask = over(STORE)


@pytest.mark.parametrize("suffix", ["", ".ttl", ".jsonld", ".html"])
@pytest.mark.parametrize("prefix", ["", "/nl"])
def test_a_thing_leads_to_its_document(prefix: str, suffix: str) -> None:
    answer = ask(f"{prefix}/id/pilot/one{suffix}")
    assert (answer.status_code, answer.content) == (303, b"")
    assert answer.headers["location"] == f"{prefix}/doc/pilot/one{suffix}"
    assert answer.links["describedby"]["url"] == (
        f"https://kg.example{prefix}/doc/pilot/one{suffix}"
    )


@pytest.mark.parametrize(
    ("prefix", "label"), [("", "one &amp; &lt;two&gt;"), ("/nl", "één")], ids=["en", "nl"]
)
def test_a_document_is_headed_by_the_label(prefix: str, label: str) -> None:
    page = ask(f"{prefix}/doc/pilot/one").text
    assert f"<h1>{label}</h1>" in page
    assert f"<title>{label}" in page
    assert f"<code>{ID}pilot/one</code>" in page
    assert f'href="{prefix}/doc/pilot/gone"' in page


def test_a_document_says_what_the_graph_says() -> None:
    said = set(parse(ask("/doc/pilot/one.nq").content, RdfFormat.N_QUADS))
    stored = {quad for quad in STORE if str(quad.subject) == f"<{ID}pilot/one>"}
    assert said == stored
    gone = set(parse(ask("/doc/pilot/gone.nq").content, RdfFormat.N_QUADS))
    assert {quad for quad in gone if str(quad.subject) == f"<{ID}pilot/one>"} == {
        quad for quad in stored if str(quad.object) == f"<{ID}pilot/gone>"
    }


def test_what_was_withdrawn_is_gone_and_still_told_of() -> None:
    page = ask("/doc/pilot/gone")
    assert page.status_code == 410
    assert "<h1>gone</h1>" in page.text
    data = ask("/doc/pilot/gone.nt")
    assert data.status_code == 410
    assert "invalidatedAtTime" in data.text


@pytest.mark.parametrize(
    ("path", "media_type", "label"),
    [
        ("file/data/a.ttl", "text/html", "data/a.ttl"),
        ("file/data/a.ttl.nt", "application/n-triples", "data/a.ttl"),
        ("file/data/a.nt", "application/n-triples", "data/a"),
        ("file/data/a", "text/html", "data/a"),
    ],
)
def test_a_name_that_ends_like_a_format_is_a_name_first(
    path: str, media_type: str, label: str
) -> None:
    answer = ask(f"/doc/build/0123456789ab/{path}")
    assert answer.headers["content-type"].partition(";")[0] == media_type
    assert f"<h1>{label}</h1>" in answer.text or f'"{label}"' in answer.text


@pytest.mark.parametrize("prefix", ["/id", "/doc", "/nl/id", "/nl/doc"])
def test_nothing_is_said_of_what_is_not_there_but_names_like_it(prefix: str) -> None:
    answer = ask(f"{prefix}/pilot/oone", Accept="application/json")
    assert answer.status_code == 404
    language = "/nl" if prefix.startswith("/nl") else ""
    assert f"{language}/doc/pilot/one" in answer.json()["near"].values()


@pytest.mark.parametrize(
    "path", ["/doc/pilot/%20", "/id/pilot/%3E", "/doc/%5C", "/doc/pilot/%7Bx%7D", "/doc/x/%00"]
)
def test_a_path_that_makes_no_iri_is_not_found(path: str) -> None:
    assert ask(path).status_code == 404


def test_the_kinds_of_things_are_listed() -> None:
    page = ask("/doc")
    assert page.status_code == 200
    assert 'href="/doc/pilot"' in page.text
    assert 'href="/nl/doc/build"' in ask("/nl/doc").text


@pytest.mark.parametrize("number", [ON_A_PAGE, ON_A_PAGE + 1, 2 * ON_A_PAGE + 1])
def test_the_things_of_a_kind_are_listed_by_name_page_by_page(number: int) -> None:
    things = "\n".join(
        f'<{ID}x/{n:03}> a sam:Pilot ; rdfs:label "name {number - n:03}"@en .'
        for n in range(number)
    )
    asked = over(trig(f"{PREFIXES}<{GRAPH}> {{ {things} }}"))
    labels: list[str] = []
    path = "/doc/x.nt"
    while path:
        answer = asked(path)
        quads = parse(answer.content, RdfFormat.N_TRIPLES)
        here = [quad.object.value for quad in quads if str(quad.predicate).endswith("label>")]
        assert len(here) <= ON_A_PAGE
        labels += sorted(here)
        path = answer.links.get("next", {}).get("url", "")
    assert labels == [f"name {n:03}" for n in range(1, number + 1)]


@pytest.mark.parametrize("page", ["0", "-1", "one", "1e3", "٣"])
def test_a_page_number_that_is_none_answers_400(page: str) -> None:
    answer = ask(f"/doc/pilot/one?page={page}", Accept="application/json")
    assert answer.status_code == 400
    assert answer.json()["detail"] == "page is the number of a page, from 1."
