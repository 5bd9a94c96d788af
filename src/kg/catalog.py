"""The catalogue: what is said of the dataset as a whole, in the metadata graph.

DCAT 3 (https://www.w3.org/TR/vocab-dcat-3/), VoID (https://www.w3.org/TR/void/) and PROV-O
(https://www.w3.org/TR/prov-o/). The build adds to what ``data/catalog.ttl`` says by hand.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from importlib.metadata import version as version_of

from pyoxigraph import Literal, NamedNode

from kg.dataset import Dataset, File, Statement
from kg.namespaces import PREFIXES, graph, term

__all__ = ["METADATA", "describe", "version"]

METADATA = graph("metadata")
DATASET = NamedNode(f"{PREFIXES['id']}dataset/samenhang")
BUILD = f"{PREFIXES['id']}build/"
TOOLS = ("samenhang", "pyoxigraph", "reasonable", "pyshacl")
TYPE, LABEL = term("rdf:type"), term("rdfs:label")
SHA256 = term("sam:sha256")

Description = Iterator[tuple[NamedNode, NamedNode, NamedNode | Literal]]


def version(dataset: Dataset) -> str:
    """Return the version of a dataset: twelve hexadecimal digits that its content decides.

    It covers all statements, the files they come from and the versions of the tools, this package
    among them, so that equal versions of a released package mean equal dumps.
    """
    digest = hashlib.sha256()
    for statement in dataset.statements:
        digest.update(f"{statement}\n".encode())
    for file in dataset.files:
        digest.update(f"{file.path} {file.digest}\n".encode())
    for tool in TOOLS:
        digest.update(f"{tool} {version_of(tool)}\n".encode())
    return digest.hexdigest()[:12]


def describe(dataset: Dataset, version: str) -> list[Statement]:
    """Return the statements about a dataset of a version: its graphs, its inputs, its tools.

    They hold no time, so that the same input gives the same bytes.
    """
    own = {one for one in dataset.statements if one.graph == METADATA}
    sizes = Counter(one.graph for one in dataset.statements)
    total = len({one[:3] for one in dataset.statements})
    # How many statements these are does not depend on the numbers in them.
    added = len(_statements(dataset, version, sizes, total) - own)
    sizes[METADATA] += added
    return sorted(_statements(dataset, version, sizes, total + added), key=str)


def _statements(
    dataset: Dataset, version: str, sizes: Mapping[NamedNode, int], total: int
) -> set[Statement]:
    return {
        Statement(*triple, METADATA)
        for triple in (
            *_of_dataset(version, total),
            *(triple for name in {*sizes, METADATA} for triple in _of_graph(name, sizes[name])),
            *_of_build(dataset, version),
        )
    }


def _of_dataset(version: str, triples: int) -> Description:
    yield DATASET, TYPE, term("void:Dataset")
    yield DATASET, term("dcat:version"), Literal(version)
    yield DATASET, term("void:triples"), Literal(triples)
    yield DATASET, term("prov:wasGeneratedBy"), NamedNode(BUILD + version)


def _of_graph(name: NamedNode, size: int) -> Description:
    path = name.value.rsplit("/graph/", 1)[-1]
    yield DATASET, term("void:subset"), name
    yield name, TYPE, term("void:Dataset")
    yield name, TYPE, term("sd:Graph")
    yield name, term("void:triples"), Literal(size)
    yield from _labels(name, f"graaf {path}", f"graph {path}")


def _of_build(dataset: Dataset, version: str) -> Description:
    build = NamedNode(BUILD + version)
    yield build, TYPE, term("prov:Activity")
    yield from _labels(build, f"bouw {version}", f"build {version}")
    for file in dataset.files:
        node = NamedNode(f"{build.value}/file/{file.path}")
        yield build, term("prov:used"), node
        yield from _of_file(node, file)
    for tool in TOOLS:
        node = NamedNode(f"{PREFIXES['id']}software/{tool}-{version_of(tool)}")
        yield build, term("prov:wasAssociatedWith"), node
        yield node, TYPE, term("prov:SoftwareAgent")
        yield from _labels(node, f"{tool} {version_of(tool)}")


def _of_file(node: NamedNode, file: File) -> Description:
    yield node, TYPE, term("prov:Entity")
    yield node, SHA256, Literal(file.digest)
    yield file.graph, term("prov:wasDerivedFrom"), node
    yield from _labels(node, file.path)


def _labels(node: NamedNode, nl: str, en: str | None = None) -> Description:
    yield node, LABEL, Literal(nl, language="nl")
    yield node, LABEL, Literal(en or nl, language="en")
