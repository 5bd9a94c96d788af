"""Provenance: what a build was made of, and with what, as its metadata graph tells.

PROV-O (https://www.w3.org/TR/prov-o/) and DCAT (https://www.w3.org/TR/vocab-dcat-3/).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pyoxigraph import BlankNode, Literal, NamedNode

from kg.dataset import Triple
from kg.namespaces import PREFIXES, term

__all__ = ["Input", "Provenance", "read"]

DATASET = NamedNode(f"{PREFIXES['id']}dataset/samenhang")

Known = Mapping[NamedNode | BlankNode, Mapping[NamedNode, list[NamedNode | BlankNode | Literal]]]


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


def read(triples: Iterable[Triple]) -> Provenance | None:
    """Return what triples tell of our dataset; ``None`` if they do not tell of its build."""
    known: dict[NamedNode | BlankNode, dict[NamedNode, list[NamedNode | BlankNode | Literal]]]
    known = defaultdict(lambda: defaultdict(list))
    for subject, predicate, value in triples:
        known[subject][predicate].append(value)
    builds = _iris(known, DATASET, "prov:wasGeneratedBy")
    if not builds:
        return None
    (build,) = builds
    inputs = (
        Input(file.value, _label(known, file), digest)
        for file in _iris(known, build, "prov:used")
        for digest in _by_language(known, file, "sam:sha256").values()
    )
    return Provenance(
        titles=_by_language(known, DATASET, "dcterms:title"),
        descriptions=_by_language(known, DATASET, "dcterms:description"),
        build=build.value,
        inputs=tuple(sorted(inputs, key=lambda one: one.path)),
        tools={
            tool.value: _label(known, tool)
            for tool in _iris(known, build, "prov:wasAssociatedWith")
            if term("prov:SoftwareAgent") in known[tool][term("rdf:type")]
        },
    )


def _iris(known: Known, subject: NamedNode, predicate: str) -> list[NamedNode]:
    values = known[subject][term(predicate)]
    return sorted((value for value in values if isinstance(value, NamedNode)), key=str)


def _label(known: Known, subject: NamedNode) -> str:
    """Return the English label, since the names of files and programs are the same in Dutch."""
    return _by_language(known, subject, "rdfs:label").get("en", subject.value)


def _by_language(known: Known, subject: NamedNode, predicate: str) -> dict[str, str]:
    values = known[subject][term(predicate)]
    return {value.language or "": value.value for value in values if isinstance(value, Literal)}
