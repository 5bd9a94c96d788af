"""``/graphs``: what a request by the Graph Store Protocol asks for; the store is read only.

https://www.w3.org/TR/sparql11-http-rdf-update/
"""

from dataclasses import replace

from pyoxigraph import QueryBoolean, QueryResultsFormat, parse_query_results

from kg.engine.base import Engine
from kg.errors import BadRequest, EngineFailed, GraphNotFound, MethodNotAllowed
from kg.formats import RDF, RESULTS
from kg.protocol import Query, absolute, formats, parameters, values

__all__ = ["METHODS", "graph_query", "require_graph"]

METHODS = ("GET", "HEAD", "OPTIONS")
GRAPH = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
ANY = "ASK { ?s ?p ?o }"


def graph_query(method: str, query_string: bytes, accept: str | None, base: str) -> Query:
    """Return the query for the graph that a request names, or for the default graph (5.2, 4.2).

    Raises ``MethodNotAllowed`` on anything but a retrieval, ``BadRequest`` unless exactly one
    graph is named, by an absolute IRI, and ``NotAcceptable`` when no format suits.
    """
    if method not in METHODS:
        raise MethodNotAllowed(method, METHODS)
    given = parameters(query_string)
    graphs, default = values(given, "graph"), values(given, "default")
    if len(graphs) + len(default) != 1 or any(default):
        raise BadRequest(
            "Name one graph, ?graph=IRI with the IRI percent-encoded, or take the default one, "
            "?default, which has no value."
        )
    (rdf,) = formats((RDF,), accept, given)
    return Query(
        text=GRAPH,
        results=None,
        rdf=rdf,
        default_graphs=tuple(absolute("graph", iri) for iri in graphs),
        base=base,
    )


async def require_graph(engine: Engine, query: Query, client: str = "") -> None:
    """Raise ``GraphNotFound`` if the graph of a ``graph_query`` is not there: it holds nothing.

    The default graph is always there. ``client`` is who asks, as the engine wants it. Raises the
    engine's ``RequestError`` when it cannot tell.
    """
    for iri in query.default_graphs:
        question = replace(query, text=ANY, results=RESULTS[0], rdf=None, encoding=None)
        body = await (await engine.query(question, client)).read()
        found = parse_query_results(body, QueryResultsFormat.JSON)
        if not isinstance(found, QueryBoolean):
            raise EngineFailed("The engine gave no boolean for an ASK.")
        if not found:
            raise GraphNotFound(iri)
