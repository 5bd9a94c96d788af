"""The catalogue: what is said of the dataset as a whole, in the metadata graph.

DCAT 3 (https://www.w3.org/TR/vocab-dcat-3/), VoID (https://www.w3.org/TR/void/), PROV-O
(https://www.w3.org/TR/prov-o/) and the prefixes of SHACL (https://www.w3.org/TR/shacl/#sparql-prefixes).
The build adds to what ``data/catalog.ttl`` says by hand.
"""

import hashlib
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from importlib.metadata import version as version_of

from pyoxigraph import Literal, NamedNode

from kg import statistics
from kg.dataset import Dataset, File, Statement
from kg.formats import RDF
from kg.labels import Triples, labels
from kg.namespaces import BASE, DATASET, METADATA, ONTOLOGY, PREFIXES, term
from kg.statistics import Count

__all__ = ["CONTENT", "describe", "version"]

CONTENT = NamedNode(f"{PREFIXES['id']}dataset/content")
BUILD = f"{PREFIXES['id']}build/"
PLAN = NamedNode(f"{PREFIXES['id']}plan/build")
PACKAGES = ("samenhang", "pyoxigraph", "reasonable", "pyshacl")
TYPE = term("rdf:type")
SHA256 = term("sam:sha256")
OWN_IRIS = (
    r"^https://w3id\.org/samenhang/((id|concept|source|graph|queries)/.+|(ontology|shapes)(#.+)?)$"
)


def version(dataset: Dataset, counts: Sequence[Count] = ()) -> str:
    """Return the version of a dataset: twelve hexadecimal digits that its content decides.

    It covers all statements, the files they come from, the queries that count them and the versions
    of the tools, this package among them, so that equal versions of a released package mean equal
    dumps.
    """
    digest = hashlib.sha256()
    for statement in dataset.statements:
        digest.update(f"{statement}\n".encode())
    for file in _inputs(dataset, counts):
        digest.update(f"{file.path} {file.digest}\n".encode())
    for tool, release in _tools().items():
        digest.update(f"{tool} {release}\n".encode())
    return digest.hexdigest()[:12]


def describe(dataset: Dataset, version: str, counts: Sequence[Count] = ()) -> list[Statement]:
    """Return the statements about a dataset of a version: its graphs, its inputs, its tools.

    What ``counts`` count is that in all graphs but this one. They hold no time, so that the same
    input gives the same bytes. Raises ``DataError`` if a count is no query.
    """
    own = {one for one in dataset.statements if one.graph == METADATA}
    sizes = Counter(one.graph for one in dataset.statements)
    total = len({one[:3] for one in dataset.statements})
    lasting = {
        Statement(*triple, METADATA)
        for triple in (*_of_prefixes(), *_of_content(), *_of_build(dataset, version, counts))
    }
    counted = statistics.count(
        (one for one in dataset.statements if one.graph != METADATA), lasting, counts
    )
    lasting |= {Statement(*triple, METADATA) for triple in counted}
    # How many statements these are does not depend on the numbers in them.
    added = len((lasting | _sized(version, sizes, total)) - own)
    sizes[METADATA] += added
    return sorted(lasting | _sized(version, sizes, total + added), key=str)


def _sized(version: str, sizes: Mapping[NamedNode, int], total: int) -> set[Statement]:
    """Return the statements that tell how large the dataset and its graphs are."""
    return {
        Statement(*triple, METADATA)
        for triple in (
            *_of_dataset(version, total),
            *(
                triple
                for name in {*sizes, METADATA}
                for triple in _of_graph(name, sizes[name], version)
            ),
        )
    }


def _inputs(dataset: Dataset, counts: Sequence[Count]) -> list[File | Count]:
    """Return the files that decide what a build holds."""
    return [*dataset.files, *counts]


def _tools() -> dict[str, str]:
    """Return what a build is made with, and the version of each."""
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    return {name: version_of(name) for name in PACKAGES} | {"python": python}


def _of_dataset(version: str, triples: int) -> Triples:
    yield DATASET, TYPE, term("void:Dataset")
    yield DATASET, term("dcat:version"), Literal(version)
    yield DATASET, term("void:triples"), Literal(triples)
    yield DATASET, term("void:uriSpace"), Literal(BASE)
    yield DATASET, term("void:uriRegexPattern"), Literal(OWN_IRIS)
    yield DATASET, term("prov:wasGeneratedBy"), NamedNode(BUILD + version)
    for offer in RDF:
        if offer.iri:
            yield DATASET, term("void:feature"), NamedNode(offer.iri)


def _of_content() -> Triples:
    yield DATASET, term("void:subset"), CONTENT
    yield CONTENT, TYPE, term("void:Dataset")
    yield from labels(CONTENT, "inhoud van Samenhang", "content of Samenhang")
    for language, text in (
        (
            "nl",
            "Alle grafen behalve graph/metadata, als één geheel genomen: daarvan zijn de klassen, "
            "eigenschappen en koppelingen geteld.",
        ),
        (
            "en",
            "All graphs but graph/metadata, taken as one: of these the classes, properties and "
            "links are counted.",
        ),
    ):
        yield CONTENT, term("dcterms:description"), Literal(text, language=language)


def _of_prefixes() -> Triples:
    for prefix, namespace in PREFIXES.items():
        node = NamedNode(f"{PREFIXES['id']}prefix/{prefix}")
        yield NamedNode(ONTOLOGY), term("sh:declare"), node
        yield node, TYPE, term("sh:PrefixDeclaration")
        yield from labels(node, f"prefix {prefix}:")
        yield node, term("sh:prefix"), Literal(prefix)
        yield node, term("sh:namespace"), Literal(namespace, datatype=term("xsd:anyURI"))


def _of_graph(name: NamedNode, size: int, version: str) -> Triples:
    path = name.value.rsplit("/graph/", 1)[-1]
    yield DATASET, term("void:subset"), name
    yield name, TYPE, term("void:Dataset")
    yield name, TYPE, term("sd:Graph")
    yield name, term("void:triples"), Literal(size)
    yield name, term("prov:wasGeneratedBy"), NamedNode(BUILD + version)
    yield from labels(name, f"graaf {path}", f"graph {path}")


def _of_build(dataset: Dataset, version: str, counts: Sequence[Count]) -> Triples:
    build = NamedNode(BUILD + version)
    yield build, TYPE, term("prov:Activity")
    yield from labels(build, f"bouw {version}", f"build {version}")
    for file in _inputs(dataset, counts):
        node = NamedNode(f"{build.value}/file/{file.path}")
        yield build, term("prov:used"), node
        yield from _of_file(node, file)
    for tool, release in _tools().items():
        node = NamedNode(f"{PREFIXES['id']}software/{tool}-{release}")
        yield build, term("prov:wasAssociatedWith"), node
        yield node, TYPE, term("prov:SoftwareAgent")
        yield from labels(node, f"{tool} {release}")
    yield from _of_plan(build)


def _of_plan(build: NamedNode) -> Triples:
    """Tell which tool led the build, and by which plan."""
    association = NamedNode(f"{build.value}/association")
    leader = PACKAGES[0]
    yield build, term("prov:qualifiedAssociation"), association
    yield association, TYPE, term("prov:Association")
    yield from labels(association, "uitvoering van de bouw", "execution of the build")
    agent = NamedNode(f"{PREFIXES['id']}software/{leader}-{version_of(leader)}")
    yield association, term("prov:agent"), agent
    yield association, term("prov:hadPlan"), PLAN
    yield PLAN, TYPE, term("prov:Plan")
    yield from labels(
        PLAN,
        "lezen, controleren, afleiden, tellen, schrijven",
        "reading, checking, entailing, counting, writing",
    )


def _of_file(node: NamedNode, file: File | Count) -> Triples:
    yield node, TYPE, term("prov:Entity")
    yield node, SHA256, Literal(file.digest)
    graph_name = file.graph if isinstance(file, File) else METADATA
    yield graph_name, term("prov:wasDerivedFrom"), node
    yield from labels(node, file.path)
