"""The description of the service: SPARQL 1.1 Service Description, and nothing that is not so."""

import asyncio

import pytest
import rdflib
from pyoxigraph import RdfFormat, Store, serialize
from rdflib import RDF, RDFS, VOID, Namespace, URIRef

from kg.engine.fake import FakeEngine
from kg.errors import NotAcceptable
from kg.formats import RDF_BY_NAME, RESULTS_BY_NAME
from kg.namespaces import INFERRED
from kg.service_description import EXTENSIONS, FUNCTIONS, GEOSPARQL, describe, service_description

ENDPOINT = "http://example.org/sparql"
GRAPHS = {"urn:a": 3, "http://example.org/é#b": None, INFERRED.value: 7}
SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
CLASSES = {
    *("Aggregate", "Dataset", "EntailmentProfile", "EntailmentRegime", "Feature"),
    *("Function", "Graph", "GraphCollection", "Language", "NamedGraph", "Service"),
}
INSTANCES = {
    *("BasicFederatedQuery", "DereferencesURIs", "EmptyGraphs"),
    *("RequiresDataset", "SPARQL10Query", "SPARQL11Query", "SPARQL11Update"),
    "UnionDefaultGraph",
}
PROPERTIES = {
    *("availableGraphs", "defaultDataset", "defaultEntailmentRegime"),
    *("defaultGraph", "defaultSupportedEntailmentProfile", "endpoint"),
    *("entailmentRegime", "extensionAggregate", "extensionFunction", "feature"),
    *("graph", "inputFormat", "languageExtension", "name", "namedGraph"),
    *("propertyFeature", "resultFormat", "supportedEntailmentProfile"),
    "supportedLanguage",
}
# What a query says of each extension that is claimed: it works, or the claim is wrong.
PROOFS = {
    "https://www.w3.org/TR/sparql12-query/": (
        "ASK { FILTER(ISTRIPLE(<<( <urn:a> <urn:b> 1 )>>) && LANGDIR('a'@en--ltr) = 'ltr') }"
    ),
    "https://github.com/w3c/sparql-dev/blob/main/SEP/SEP-0002/sep-0002.md": (
        "PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> ASK { FILTER("
        "xsd:date('2020-03-01') - xsd:date('2020-02-01') = xsd:dayTimeDuration('P29D') && "
        "ADJUST(xsd:time('10:00:00Z'), xsd:dayTimeDuration('PT1H')) "
        "= xsd:time('11:00:00+01:00')) }"
    ),
    "https://github.com/w3c/sparql-dev/blob/main/SEP/SEP-0006/sep-0006.md": (
        "ASK { VALUES ?a { 1 2 } LATERAL { BIND(?a + 1 AS ?b) } FILTER(?b = 3) }"
    ),
}


def described(**options: object) -> rdflib.Graph:
    triples = describe(ENDPOINT, GRAPHS, **({"union": True} | options))  # type: ignore[arg-type]
    text = serialize(triples, format=RdfFormat.TURTLE)
    return rdflib.Graph().parse(data=text, format="turtle")


def service(graph: rdflib.Graph) -> URIRef:
    (node,) = graph.subjects(RDF.type, SD.Service)
    assert isinstance(node, URIRef)
    return node


def test_every_term_of_the_vocabulary_that_is_used_exists() -> None:
    used = {
        (place, term.removeprefix(str(SD)))
        for triple in described(federated=True)
        for place, term in enumerate(triple)
        if term.startswith(str(SD))
    }
    assert {term for place, term in used if place == 1} <= PROPERTIES
    assert {term for place, term in used if place != 1} <= CLASSES | INSTANCES
    assert len(used) > 15


def test_the_service_is_the_endpoint_for_queries_of_sparql_1_1() -> None:
    graph = described()
    node = service(graph)
    assert list(graph.objects(node, SD.endpoint)) == [URIRef(ENDPOINT)]
    assert list(graph.objects(node, SD.supportedLanguage)) == [SD.SPARQL11Query]
    assert {label.language for label in graph.objects(node, RDFS.label)} == {"nl", "en"}
    assert list(graph.objects(node, SD.inputFormat)) == []
    assert list(graph.objects(node, SD.propertyFeature)) == []


def test_every_format_of_an_answer_is_named() -> None:
    graph = described()
    formats = set(graph.objects(service(graph), SD.resultFormat))
    assert len(formats) == len(RESULTS_BY_NAME) + len(RDF_BY_NAME)
    assert URIRef("http://www.w3.org/ns/formats/SPARQL_Results_CSV") in formats
    assert URIRef("http://www.w3.org/ns/formats/JSON-LD") in formats


@pytest.mark.parametrize(
    ("options", "features"),
    [
        ({}, {SD.UnionDefaultGraph}),
        ({"union": False}, set()),
        ({"federated": True}, {SD.UnionDefaultGraph, SD.BasicFederatedQuery}),
    ],
)
def test_features_are_those_of_the_deployment(options: dict, features: set) -> None:
    graph = described(**options)
    assert set(graph.objects(service(graph), SD.feature)) == features


def test_the_dataset_has_its_graphs_with_their_sizes() -> None:
    graph = described(triples=10)
    (dataset,) = graph.objects(service(graph), SD.defaultDataset)
    assert (dataset, RDF.type, SD.Dataset) in graph
    assert list(graph.objects(service(graph), SD.availableGraphs)) == [dataset]
    (default,) = graph.objects(dataset, SD.defaultGraph)
    assert [int(size) for size in graph.objects(default, VOID.triples)] == [10]
    named = {
        str(name): [int(size) for size in graph.objects(content, VOID.triples)]
        for node in graph.objects(dataset, SD.namedGraph)
        for name in graph.objects(node, SD.name)
        for content in graph.objects(node, SD.graph)
    }
    assert named == {name: [size] if size else [] for name, size in GRAPHS.items()}


def test_without_a_known_size_the_default_graph_has_none() -> None:
    graph = described()
    (default,) = graph.objects(None, SD.defaultGraph)
    assert list(graph.objects(default, VOID.triples)) == []


def test_queries_entail_nothing_and_the_inferred_graph_is_by_owl_2_rl() -> None:
    graph = described()
    (regime,) = graph.objects(service(graph), SD.defaultEntailmentRegime)
    assert regime == URIRef("http://www.w3.org/ns/entailment/Simple")
    (named,) = graph.subjects(SD.entailmentRegime)
    assert list(graph.objects(named, SD.name)) == [URIRef(INFERRED.value)]
    assert list(graph.objects(named, SD.entailmentRegime)) == [
        URIRef("http://www.w3.org/ns/entailment/OWL-RDF-Based")
    ]
    assert list(graph.objects(named, SD.supportedEntailmentProfile)) == [
        URIRef("http://www.w3.org/ns/owl-profile/RL")
    ]


def test_every_extension_that_is_claimed_works() -> None:
    assert set(PROOFS) == set(EXTENSIONS)
    graph = described()
    assert {str(one) for one in graph.objects(service(graph), SD.languageExtension)} == set(PROOFS)
    for query in PROOFS.values():
        assert bool(Store().query(query)), query


def test_every_function_that_is_claimed_is_known_to_the_evaluator() -> None:
    graph = described()
    functions = [str(one) for one in graph.objects(service(graph), SD.extensionFunction)]
    assert sorted(functions) == sorted(GEOSPARQL + name for name in FUNCTIONS)
    for function in functions:
        list(Store().query(f"SELECT (<{function}>() AS ?x) {{}}"))
    with pytest.raises(RuntimeError, match="not supported"):
        list(Store().query(f"SELECT (<{GEOSPARQL}buffer>() AS ?x) {{}}"))


ROWS = (
    b'{"head":{"vars":["graph","triples"]},"results":{"bindings":['
    b'{"graph":{"type":"uri","value":"urn:a"},"triples":{"type":"literal","value":"3",'
    b'"datatype":"http://www.w3.org/2001/XMLSchema#integer"}},'
    b'{"graph":{"type":"uri","value":"urn:b"}}]}}'
)


@pytest.mark.parametrize(
    ("query_string", "accept", "content_type"),
    [
        (b"", None, "text/turtle; charset=utf-8"),
        (b"", "application/rdf+xml", "application/rdf+xml"),
        (b"format=jsonld", "text/turtle", "application/ld+json"),
        (b"format=nq", None, "application/n-quads"),
    ],
)
def test_the_description_comes_in_the_format_that_is_asked_for(
    query_string: bytes, accept: str | None, content_type: str
) -> None:
    engine = FakeEngine({"GRAPH ?graph": ROWS})
    answer = asyncio.run(
        service_description(engine, ENDPOINT, query_string, accept, union=True, triples=3)
    )
    assert answer.media_type == content_type
    assert answer.content
    media_type = content_type.partition(";")[0]
    store = Store()
    store.load(answer.content, RdfFormat.from_media_type(media_type))
    expected = describe(ENDPOINT, {"urn:a": 3, "urn:b": None}, union=True, triples=3)
    assert {quad.triple for quad in store} == set(expected)


def test_no_format_of_rows_is_had() -> None:
    with pytest.raises(NotAcceptable, match="text/turtle"):
        asyncio.run(service_description(FakeEngine({}), ENDPOINT, b"", "text/csv", union=True))
