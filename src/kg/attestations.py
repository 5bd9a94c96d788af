"""Attestations: their names, and what the build says of them and of the passages they cite.

https://www.w3.org/TR/annotation-model/#text-position-selector
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from pyoxigraph import BlankNode, Literal, NamedNode

from kg.dataset import Dataset, File, Statement, Term, Triple, by_subject
from kg.namespaces import PREFIXES, graph, slug, term
from kg.passages import Document, Passage, digest, documents

__all__ = ["COVERED_BY_ANY", "EVIDENCE", "describe", "name"]

EVIDENCE = graph("evidence")
TYPE, LABEL = term("rdf:type"), term("rdfs:label")
# What any attestation of a thing covers, whichever properties it names.
COVERED_BY_ANY = {TYPE, LABEL, term("skos:prefLabel"), term("skos:altLabel")}
ATTESTATION, IN_PASSAGE = term("sam:Attestation"), term("sam:inPassage")

WORDS = {"nl": ("onderbouwing", "tekens"), "en": ("attestation", "characters")}


def name(dataset: Dataset) -> Dataset:
    """Return the dataset with an IRI for each attestation, derived from what it says and where."""
    return replace(dataset, files=tuple(_name(file) for file in dataset.files))


def _name(file: File) -> File:
    said: dict[Term, list[str]] = defaultdict(list)
    for one in file.statements:
        said[one.subject].append(f"{one.predicate} {one.object} {one.graph}")
    names: dict[NamedNode | BlankNode, NamedNode] = {
        one.subject: NamedNode(f"{PREFIXES['id']}attestation/{digest(said[one.subject])[:16]}")
        for one in file.statements
        if (one.predicate, one.object) == (TYPE, ATTESTATION) and isinstance(one.subject, BlankNode)
    }
    statements = (
        one._replace(subject=names.get(one.subject, one.subject)) for one in file.statements
    )
    return replace(file, statements=tuple(statements))


def describe(
    dataset: Dataset, sources: Path | None, sealed: Mapping[str, str] = MappingProxyType({})
) -> list[Statement]:
    """Return what the build says of the evidence, in a graph of its own.

    A passage is an ``oa:SpecificResource`` with an ``oa:TextPositionSelector``. One that is cited
    has the digest of its characters: of the text if it is at hand, else the one sealed for its
    IRI. An attestation is labelled by its passages.
    """
    described = documents(dataset, sources)
    excluded = {(one, document) for document in described.values() for one in document.excluded}
    sound = {
        one.object: (passage, described[passage.document])
        for one in dataset.statements
        if one.predicate == IN_PASSAGE
        if (passage := Passage.parse(one.object.value)) and passage.document in described
    }
    cited = set(sound.values())
    triples = (
        *(triple for found in cited | excluded for triple in _description(*found)),
        *(triple for found in cited - excluded for triple in _digest(*found, sealed)),
        *_attestation_labels(dataset, sound),
    )
    return [Statement(*triple, EVIDENCE) for triple in triples]


def _description(passage: Passage, document: Document) -> Iterator[Triple]:
    node = NamedNode(passage.iri)
    selector = BlankNode(f"selector-{slug(document.iri)}-{passage.start}-{passage.end}")
    yield node, TYPE, term("oa:SpecificResource")
    yield node, term("oa:hasSource"), NamedNode(document.iri)
    yield node, term("oa:hasSelector"), selector
    yield selector, TYPE, term("oa:TextPositionSelector")
    yield selector, term("oa:start"), Literal(passage.start)
    yield selector, term("oa:end"), Literal(passage.end)
    for language in WORDS:
        yield node, LABEL, Literal(_reference(passage, document, language), language=language)


def _digest(passage: Passage, document: Document, sealed: Mapping[str, str]) -> Iterator[Triple]:
    text = document.read(passage)
    if value := sealed.get(passage.iri) if text is None else digest([text]):
        yield NamedNode(passage.iri), term("sam:sha256"), Literal(value)


def _attestation_labels(
    dataset: Dataset, sound: Mapping[Term, tuple[Passage, Document]]
) -> Iterator[Triple]:
    for (_, node), said in by_subject(dataset.statements).items():
        if ATTESTATION in said[TYPE]:
            for language, (attestation, _) in WORDS.items():
                references = sorted(
                    _reference(*sound[one], language) for one in said[IN_PASSAGE] if one in sound
                )
                label = f"{attestation}: {'; '.join(references)}"
                yield node, LABEL, Literal(label, language=language)


def _reference(passage: Passage, document: Document, language: str) -> str:
    """Return how a passage is referred to: the document's label and the characters."""
    labels = {label.language: label.value for label in document.labels}
    name = labels.get(language) or labels.get("nl") or document.iri
    return f"{name}, {WORDS[language][1]} {passage.start}–{passage.end}"
