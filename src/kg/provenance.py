"""Provenance: what a build was made of, and with what, as its metadata graph tells.

PROV-O (https://www.w3.org/TR/prov-o/) and DCAT (https://www.w3.org/TR/vocab-dcat-3/).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from kg.index import Index, Node
from kg.namespaces import DATASET, term

__all__ = ["Input", "Provenance", "read"]


@dataclass(frozen=True)
class Input:
    """A file that was read: its IRI, its path from the project's folder, its sha256."""

    iri: str
    path: str
    sha256: str


@dataclass(frozen=True)
class Provenance:
    """A dataset by its titles and descriptions, by language, and its build: what it read and ran.

    ``tools`` are the IRIs of the programs, each with its name and version.
    """

    titles: Mapping[str, str]
    descriptions: Mapping[str, str]
    build: str
    inputs: tuple[Input, ...]
    tools: Mapping[str, str]


def read(index: Index) -> Provenance | None:
    """Return what a metadata graph tells of our dataset; ``None`` if it tells of no build."""
    builds = index.nodes(DATASET, "prov:wasGeneratedBy")
    if not builds:
        return None
    (build,) = builds
    inputs = (
        Input(file.value, _label(index, file), digest.value)
        for file in index.nodes(build, "prov:used")
        for digest in index.texts(file, "sam:sha256")
    )
    return Provenance(
        titles=_by_language(index, DATASET, "dcterms:title"),
        descriptions=_by_language(index, DATASET, "dcterms:description"),
        build=build.value,
        inputs=tuple(sorted(inputs, key=lambda one: one.path)),
        tools={
            tool.value: _label(index, tool)
            for tool in index.nodes(build, "prov:wasAssociatedWith")
            if term("prov:SoftwareAgent") in index.values(tool, "rdf:type")
        },
    )


def _label(index: Index, node: Node) -> str:
    """Return the English label, since the names of files and programs are the same in Dutch."""
    return _by_language(index, node, "rdfs:label").get("en", node.value)


def _by_language(index: Index, node: Node, name: str) -> dict[str, str]:
    return {text.language or "": text.value for text in index.texts(node, name)}
