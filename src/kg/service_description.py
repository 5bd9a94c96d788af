"""Service description: what the endpoint can do and which graphs it has, in RDF.

https://www.w3.org/TR/sparql11-service-description/
"""

from collections.abc import Mapping
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode, Triple, serialize

from kg import queries
from kg.engine.base import Answer, Engine, select
from kg.formats import RDF, RDF_BY_NAME, RESULTS
from kg.labels import Triples, labels
from kg.namespaces import INFERRED, PREFIXES, term
from kg.protocol import formats, parameters

__all__ = ["describe", "named_graphs", "service_description"]

SIMPLE = NamedNode("http://www.w3.org/ns/entailment/Simple")
RDF_BASED = NamedNode("http://www.w3.org/ns/entailment/OWL-RDF-Based")
OWL_RL = NamedNode("http://www.w3.org/ns/owl-profile/RL")

# What the evaluator understands beyond SPARQL 1.1: where it is defined, how it is called.
EXTENSIONS = {
    "https://www.w3.org/TR/sparql12-query/": (
        "drieledige termen en schrijfrichting uit SPARQL 1.2",
        "triple terms and base direction of SPARQL 1.2",
    ),
    "https://github.com/w3c/sparql-dev/blob/main/SEP/SEP-0002/sep-0002.md": (
        "rekenen met datums en tijdsduren, ADJUST",
        "arithmetic of dates and durations, ADJUST",
    ),
    "https://github.com/w3c/sparql-dev/blob/main/SEP/SEP-0006/sep-0006.md": ("LATERAL", "LATERAL"),
}
GEOSPARQL = "http://www.opengis.net/def/function/geosparql/"
FUNCTIONS = (
    *("area", "asGeoJSON", "centroid", "convexHull", "coordinateDimension", "difference"),
    *("dimension", "distance", "ehContains", "ehCoveredBy", "ehCovers", "ehDisjoint", "ehEquals"),
    *("ehInside", "ehMeet", "ehOverlap", "envelope", "getSRID", "intersection", "isEmpty"),
    *("isSimple", "length", "perimeter", "rcc8dc", "rcc8ec", "rcc8eq", "rcc8ntpp", "rcc8ntppi"),
    *("rcc8po", "rcc8tpp", "rcc8tppi", "relate", "sfContains", "sfCrosses", "sfDisjoint"),
    *("sfEquals", "sfIntersects", "sfOverlaps", "sfTouches", "sfWithin", "spatialDimension"),
    *("symDifference", "union"),
)


async def service_description(
    engine: Engine,
    endpoint: str,
    query_string: bytes,
    accept: str | None,
    *,
    union: bool,
    triples: int | None = None,
    federated: bool = False,
) -> Answer:
    """Return the description of the service at an endpoint, as a request without a query gets it.

    The arguments are those of ``describe`` and what decides on the format. Raises ``BadRequest``
    or ``NotAcceptable`` when there is none that suits, and what the engine raises when it cannot
    name the graphs.
    """
    wanted = next(filter(None, formats((RDF,), accept, parameters(query_string))))
    described = describe(
        endpoint, await named_graphs(engine), union=union, triples=triples, federated=federated
    )
    prefixes = {prefix: PREFIXES[prefix] for prefix in ("rdfs", "sd", "void", "xsd")}
    syntax = RDF_BY_NAME[wanted.name]
    return Answer(wanted.content_type, serialize(described, format=syntax, prefixes=prefixes))


async def named_graphs(engine: Engine, client: str = "") -> dict[str, int | None]:
    """Return how many triples each named graph holds, ``None`` where the metadata does not say.

    ``client`` is who asks. Raises a ``RequestError`` when there is no answer.
    """
    rows = await select(engine, queries.read("graphs"), client)
    return {
        row["graph"].value: int(row["triples"].value) if "triples" in row else None for row in rows
    }


def describe(
    endpoint: str,
    graphs: Mapping[str, int | None],
    *,
    union: bool,
    triples: int | None = None,
    federated: bool = False,
) -> list[Triple]:
    """Return the description of the service at an endpoint.

    ``graphs`` tells for each named graph how many triples it holds, ``triples`` that of the
    default graph, which with ``union`` has those of all; ``None`` where it is not known. With
    ``federated``, the service queries others too.
    """
    return [
        Triple(*one)
        for one in (
            *_of_service(endpoint, union, federated),
            *_of_extensions(),
            *_of_default_graph(endpoint, triples),
            *(triple for item in graphs.items() for triple in _of_graph(endpoint, *item)),
        )
    ]


def _of_service(endpoint: str, union: bool, federated: bool) -> Triples:
    service = _part(endpoint, "service")
    yield service, term("rdf:type"), term("sd:Service")
    yield from labels(service, "SPARQL-eindpunt, alleen lezen", "SPARQL endpoint, read only")
    yield service, term("sd:endpoint"), NamedNode(endpoint)
    yield service, term("sd:supportedLanguage"), term("sd:SPARQL11Query")
    for offer in (*RESULTS, *RDF):
        if offer.iri:
            yield service, term("sd:resultFormat"), NamedNode(offer.iri)
    for name, offered in {"UnionDefaultGraph": union, "BasicFederatedQuery": federated}.items():
        if offered:
            yield service, term("sd:feature"), term(f"sd:{name}")
    for iri in EXTENSIONS:
        yield service, term("sd:languageExtension"), NamedNode(iri)
    for name in FUNCTIONS:
        yield service, term("sd:extensionFunction"), NamedNode(GEOSPARQL + name)
    yield service, term("sd:defaultEntailmentRegime"), SIMPLE
    yield service, term("sd:defaultDataset"), _part(endpoint, "dataset")
    yield service, term("sd:availableGraphs"), _part(endpoint, "dataset")


def _of_extensions() -> Triples:
    for iri, (nl, en) in EXTENSIONS.items():
        yield NamedNode(iri), term("rdf:type"), term("sd:Feature")
        yield from labels(NamedNode(iri), nl, en)


def _of_default_graph(endpoint: str, triples: int | None) -> Triples:
    dataset, default = _part(endpoint, "dataset"), _part(endpoint, "default-graph")
    yield dataset, term("rdf:type"), term("sd:Dataset")
    yield dataset, term("rdf:type"), term("sd:GraphCollection")
    yield from labels(dataset, "dataset die zonder FROM wordt bevraagd", "dataset without FROM")
    yield dataset, term("sd:defaultGraph"), default
    yield default, term("rdf:type"), term("sd:Graph")
    yield from labels(default, "standaardgraaf", "default graph")
    if triples is not None:
        yield default, term("void:triples"), Literal(triples)


def _of_graph(endpoint: str, name: str, triples: int | None) -> Triples:
    named, content = _part(endpoint, f"graph={quote(name, '')}"), NamedNode(name)
    yield _part(endpoint, "dataset"), term("sd:namedGraph"), named
    yield named, term("rdf:type"), term("sd:NamedGraph")
    yield named, term("sd:name"), content
    yield named, term("sd:graph"), content
    yield content, term("rdf:type"), term("sd:Graph")
    if triples is not None:
        yield content, term("void:triples"), Literal(triples)
    if content == INFERRED:
        yield named, term("sd:entailmentRegime"), RDF_BASED
        yield named, term("sd:supportedEntailmentProfile"), OWL_RL


def _part(endpoint: str, name: str) -> NamedNode:
    return NamedNode(f"{endpoint}#{name}")
