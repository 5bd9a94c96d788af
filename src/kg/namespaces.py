"""Namespaces: the one map from prefix to IRI, and the names that the code itself uses."""

from pyoxigraph import BlankNode, Literal, NamedNode

__all__ = [
    "AGENT",
    "BASE",
    "DATASET",
    "GRAPH",
    "INFERRED",
    "LICENSE",
    "METADATA",
    "ONTOLOGY",
    "PREFIXES",
    "SOURCE",
    "SPARQL",
    "compact",
    "graph",
    "kind",
    "slug",
    "term",
]

BASE = "https://w3id.org/samenhang/"
GRAPH = f"{BASE}graph/"
SOURCE = f"{BASE}source/"
ONTOLOGY = f"{BASE}ontology"
AGENT = f"{BASE}id/agent/samenhang"
LICENSE = "https://creativecommons.org/licenses/by/4.0/"

DATASET = NamedNode(f"{BASE}id/dataset/samenhang")
SPARQL = NamedNode(f"{BASE}id/service/sparql")
METADATA = NamedNode(f"{GRAPH}metadata")
INFERRED = NamedNode(f"{GRAPH}inferred")

PREFIXES = {
    "sam": f"{BASE}ontology#",
    "id": f"{BASE}id/",
    "concept": f"{BASE}concept/",
    "source": SOURCE,
    "graph": GRAPH,
    "query": f"{BASE}queries/",
    "shapes": f"{BASE}shapes#",
    "bibo": "http://purl.org/ontology/bibo/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "eli": "http://data.europa.eu/eli/ontology#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "geo": "http://www.opengis.net/ont/geosparql#",
    "m8g": "http://data.europa.eu/m8g/",
    "oa": "http://www.w3.org/ns/oa#",
    "org": "http://www.w3.org/ns/org#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "https://schema.org/",
    "sd": "http://www.w3.org/ns/sparql-service-description#",
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "spdx": "http://spdx.org/rdf/terms#",
    "time": "http://www.w3.org/2006/time#",
    "vann": "http://purl.org/vocab/vann/",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "void": "http://rdfs.org/ns/void#",
    "void-ext": "http://ldf.fi/void-ext#",
    "wgs84": "http://www.w3.org/2003/01/geo/wgs84_pos#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}

# What kind of knowledge a graph holds, by the first part of its name.
KINDS = {
    "case": "stated",
    "coding": "coded",
    "evidence": "evidence",
    "inferred": "inferred",
    "metadata": "metadata",
    "ontology": "ontology",
    "queries": "query",
    "reference": "registered",
    "register": "registered",
    "shapes": "shapes",
    "sources": "document",
}


def term(curie: str) -> NamedNode:
    """Return the term that a prefixed name stands for.

    Raises ``KeyError`` on an unknown prefix.

    >>> term("rdf:type")
    <NamedNode value=http://www.w3.org/1999/02/22-rdf-syntax-ns#type>
    """
    prefix, _, name = curie.partition(":")
    return NamedNode(PREFIXES[prefix] + name)


def compact(node: NamedNode | BlankNode | Literal) -> str:
    """Return a node as a reader wants it: an IRI as a prefixed name if its namespace is known.

    A literal that is not text loses its datatype.

    >>> [compact(node) for node in (term("org:role"), Literal("ja", language="nl"), Literal(4))]
    ['org:role', '"ja"@nl', '4']
    """
    if isinstance(node, Literal) and not node.language and node.datatype != term("xsd:string"):
        return node.value
    if not isinstance(node, NamedNode):
        return str(node)
    known = (item for item in PREFIXES.items() if node.value.startswith(item[1]))
    prefix, namespace = max(known, key=lambda item: len(item[1]), default=("", ""))
    return f"{prefix}:{node.value.removeprefix(namespace)}" if prefix else node.value


def graph(name: str) -> NamedNode:
    """Return the IRI of a named graph.

    >>> graph("case/ede-west")
    <NamedNode value=https://w3id.org/samenhang/graph/case/ede-west>
    """
    return NamedNode(GRAPH + name)


def kind(graph_iri: str) -> str:
    """Return what kind of knowledge a graph holds.

    >>> kind("https://w3id.org/samenhang/graph/case/ede-west"), kind("https://example.org/")
    ('stated', 'other')
    """
    return KINDS.get(graph_iri.removeprefix(GRAPH).partition("/")[0], "other")


def slug(iri: str) -> str:
    """Return the last part of an IRI.

    >>> slug("https://w3id.org/samenhang/id/pilot/ede-west")
    'ede-west'
    """
    return iri.rsplit("/", 1)[-1]
