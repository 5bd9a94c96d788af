"""The service describes itself to whoever asks without a query.

https://www.w3.org/TR/sparql11-service-description/#accessing
"""

import httpx
import pytest
import rdflib
from pyoxigraph import RdfFormat, parse, serialize
from rdflib import RDF, VOID, Namespace, URIRef

SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
GRAPH = "https://w3id.org/samenhang/graph/"


def described(answer: httpx.Response) -> rdflib.Graph:
    assert answer.status_code == 200, answer.text
    form = RdfFormat.from_media_type(answer.headers["content-type"])
    assert form
    triples = serialize(parse(answer.content, form), format=RdfFormat.N_TRIPLES)
    return rdflib.Graph().parse(data=triples, format="nt")


# Section 2: "SPARQL services … should return a service description document at the service
# endpoint when dereferenced using the HTTP GET operation without any query parameter strings".
@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("*/*", "text/turtle"),
        ("text/turtle", "text/turtle"),
        ("application/rdf+xml", "application/rdf+xml"),
        ("application/ld+json", "application/ld+json"),
        ("application/n-triples", "application/n-triples"),
    ],
)
def test_the_endpoint_describes_itself_in_rdf(url: str, accept: str, media_type: str) -> None:
    answer = httpx.get(f"{url}/sparql", headers={"Accept": accept})
    assert answer.headers["content-type"].partition(";")[0] == media_type
    assert "accept" in answer.headers["vary"].lower()
    graph = described(answer)
    (service,) = graph.subjects(RDF.type, SD.Service)
    assert (service, SD.endpoint, URIRef(f"{url}/sparql")) in graph
    assert (service, SD.supportedLanguage, SD.SPARQL11Query) in graph
    assert (service, SD.feature, SD.UnionDefaultGraph) in graph
    assert (service, SD.feature, SD.BasicFederatedQuery) not in graph


def test_what_it_says_of_its_graphs_is_so(url: str) -> None:
    graph = described(httpx.get(f"{url}/sparql"))
    names = {str(name) for name in graph.objects(None, SD.name)}
    rows = httpx.get(
        f"{url}/sparql",
        params={"query": "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g"},
    ).json()["results"]["bindings"]
    counted = {row["g"]["value"]: int(row["n"]["value"]) for row in rows}
    assert names == set(counted)
    assert f"{GRAPH}inferred" in names
    for name, size in counted.items():
        assert [int(told) for told in graph.objects(URIRef(name), VOID.triples)] == [size]
    total = httpx.get(
        f"{url}/sparql", params={"query": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"}
    ).json()["results"]["bindings"][0]["n"]["value"]
    (default,) = graph.objects(None, SD.defaultGraph)
    assert [str(told) for told in graph.objects(default, VOID.triples)] == [total]


def test_every_format_that_it_names_is_had(url: str) -> None:
    graph = described(httpx.get(f"{url}/sparql"))
    formats = {str(iri).rpartition("/")[2] for iri in graph.objects(None, SD.resultFormat)}
    names = {
        "SPARQL_Results_JSON": "json",
        "SPARQL_Results_XML": "xml",
        "SPARQL_Results_CSV": "csv",
        "SPARQL_Results_TSV": "tsv",
        "Turtle": "turtle",
        "N-Triples": "nt",
        "RDF_XML": "rdfxml",
        "JSON-LD": "jsonld",
        "TriG": "trig",
        "N-Quads": "nq",
        "N3": "n3",
    }
    assert formats == set(names)
    for iri, name in names.items():
        text = "ASK {}" if iri.startswith("SPARQL") else "CONSTRUCT { <urn:a> <urn:b> 1 } {}"
        answer = httpx.get(f"{url}/sparql", params={"query": text, "format": name})
        assert answer.status_code == 200, name
        assert answer.content


def test_a_named_format_goes_before_accept(url: str) -> None:
    answer = httpx.get(f"{url}/sparql?format=nt", headers={"Accept": "text/turtle"})
    assert answer.headers["content-type"] == "application/n-triples"
    assert len(described(answer)) > 50
    refused = httpx.get(f"{url}/sparql", headers={"Accept": "text/csv"})
    assert refused.status_code == 406
    assert "text/turtle" in refused.json()["detail"]


def test_head_has_no_body(url: str) -> None:
    answer = httpx.head(f"{url}/sparql")
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-type"] == "text/turtle; charset=utf-8"


def test_a_visitor_with_a_browser_comes_to_the_editor(url: str) -> None:
    accept = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    answer = httpx.get(f"{url}/sparql", headers={"Accept": accept})
    assert answer.status_code == 303
    assert answer.headers["location"] == "/query"
    named = httpx.get(f"{url}/sparql?format=turtle", headers={"Accept": accept})
    assert len(described(named)) > 50
