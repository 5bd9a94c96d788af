"""Evidence: whether every statement about a case leads to the characters that say it.

An attestation says that a subject's properties are stated in passages of a source document; a
passage is a range of Unicode code points, 0-based and end exclusive (RFC 5147; Web Annotation
Data Model, section 4.2.4).
"""

import hashlib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from pyoxigraph import BlankNode, Literal, NamedNode

from kg.dataset import Dataset, File, Statement, Term, Triple
from kg.findings import Finding, Report
from kg.namespaces import PREFIXES, graph, term

__all__ = ["EVIDENCE", "check", "describe", "name_attestations"]

EVIDENCE = graph("evidence")
CASES = graph("case/").value
ATTESTED = (CASES, graph("coding/").value)
NUMBER = "0|[1-9][0-9]{0,8}"  # one spelling a passage
PASSAGE = re.compile(rf"(?P<document>.+)#char=(?P<start>{NUMBER}),(?P<end>{NUMBER})")

TYPE, LABEL, SHA256 = term("rdf:type"), term("rdfs:label"), term("sam:sha256")
COVERED_BY_ANY = {TYPE, LABEL, term("skos:prefLabel"), term("skos:altLabel")}
ATTESTATION, CODING = term("sam:Attestation"), term("sam:Coding")
ABOUT, ATTESTS = term("sam:about"), term("sam:attests")
ATTESTS_VALUE, IN_PASSAGE = term("sam:attestsValue"), term("sam:inPassage")
SOURCE_DOCUMENT, CHARACTER_COUNT = term("sam:SourceDocument"), term("sam:characterCount")
HAS_EXCLUDED_PASSAGE = term("sam:hasExcludedPassage")

# What an attestation or a coding may say of itself; anything else is about the world.
OWN = {
    ATTESTATION: {TYPE, ABOUT, ATTESTS, ATTESTS_VALUE, IN_PASSAGE},
    CODING: {
        *(TYPE, LABEL, IN_PASSAGE),
        *(term("sam:codesCase"), term("sam:codesVariable")),
        *(term("sam:hasConfidence"), term("sam:rationale")),
    },
}

Said = dict[tuple[NamedNode, NamedNode | BlankNode], dict[NamedNode, list[Term]]]

WORDS = {"nl": ("staving", "tekens"), "en": ("attestation", "characters")}


@dataclass(frozen=True)
class _Passage:
    iri: str
    document: str
    start: int
    end: int

    def touches(self, other: "_Passage") -> bool:
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True)
class _Attestation:
    graph: NamedNode
    about: frozenset[Term]
    properties: frozenset[Term]
    values: frozenset[Term]

    def covers(self, statement: Statement) -> bool:
        return (
            statement.subject in self.about
            and statement.predicate in self.properties
            and (not self.values or statement.object in self.values)
        )


@dataclass(frozen=True)
class _Document:
    """A source document as the data describes it; ``path`` of its text if texts are at hand."""

    iri: str
    labels: tuple[Literal, ...]
    length: int
    digest: str
    excluded: tuple[_Passage, ...]
    path: Path | None

    def holds(self, passage: _Passage) -> bool:
        return passage.document == self.iri and passage.start < passage.end <= self.length

    @cached_property
    def text(self) -> str | None:
        """The text, or ``None`` where it is not at hand or not UTF-8."""
        try:
            return self.path.read_bytes().decode() if self.path else None
        except (OSError, UnicodeDecodeError):
            return None


def name_attestations(dataset: Dataset) -> Dataset:
    """Return the dataset with an IRI for each attestation, derived from what it says and where."""
    return replace(dataset, files=tuple(_name_attestations(file) for file in dataset.files))


def _name_attestations(file: File) -> File:
    said: dict[Term, list[str]] = defaultdict(list)
    for one in file.statements:
        said[one.subject].append(f"{one.predicate} {one.object} {one.graph}")
    names: dict[NamedNode | BlankNode, NamedNode] = {
        one.subject: NamedNode(f"{PREFIXES['id']}attestation/{_digest(said[one.subject])[:16]}")
        for one in file.statements
        if (one.predicate, one.object) == (TYPE, ATTESTATION) and isinstance(one.subject, BlankNode)
    }
    statements = (
        one._replace(subject=names.get(one.subject, one.subject)) for one in file.statements
    )
    return replace(file, statements=tuple(statements))


def _digest(lines: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()


def check(dataset: Dataset, sources: Path | None) -> Report:
    """Return what is not proven from its source; compares with the texts in a folder, if given.

    Counts the statements that need attestation, the attestations, the citations of passages (by
    attestations and codings), the documents and the texts.
    """
    documents = _documents(dataset, sources)
    said = _by_subject(dataset.statements)
    attestations = _attestations(said)
    statements = _statements_about_the_world(said)
    cited = _citations(dataset)
    checked = {
        "statements to attest": len(statements),
        "of them statements of cases": sum(one.graph.value.startswith(CASES) for one in statements),
        "attestations": len(attestations),
        "citations of passages": len(cited),
        "source documents": len(documents),
    }
    if sources:
        checked["source texts"] = sum(bool(document.text) for document in documents.values())
    return Report(
        findings=(
            *_unattested(dataset, statements, attestations),
            *_attesting_nothing(dataset, said, attestations),
            *_unsound_passages(dataset, cited, documents),
            *_unsound_exclusions(dataset, documents),
            *(finding for document in documents.values() for finding in _unlike_text(document)),
        ),
        checked=checked,
        skipped=() if sources else ("passages against their texts, as KG_SOURCES is not set",),
    )


def _documents(dataset: Dataset, sources: Path | None) -> dict[str, _Document]:
    described = _by_subject(dataset.in_graphs("sources"))
    return {
        node.value: _document(node.value, said, sources)
        for (_, node), said in described.items()
        if SOURCE_DOCUMENT in said[TYPE]
    }


def _document(iri: str, said: Mapping[NamedNode, list[Term]], sources: Path | None) -> _Document:
    excluded = (_passage(node.value) for node in said[HAS_EXCLUDED_PASSAGE])
    return _Document(
        iri=iri,
        labels=tuple(label for label in said[LABEL] if isinstance(label, Literal)),
        length=max(
            (int(one.value) for one in said[CHARACTER_COUNT] if re.fullmatch(NUMBER, one.value)),
            default=0,
        ),
        digest=" ".join(digest.value for digest in said[SHA256]),
        excluded=tuple(passage for passage in excluded if passage),
        path=sources and sources / f"{iri.rsplit('/', 1)[-1]}.txt",
    )


def _by_subject(statements: Iterable[Statement]) -> Said:
    """Group by graph and subject: what is said of it, from property to values."""
    said: Said = {}
    for one in statements:
        own = said.setdefault((one.graph, one.subject), defaultdict(list))
        own[one.predicate].append(one.object)
    return said


def _passage(iri: str) -> _Passage | None:
    match = PASSAGE.fullmatch(iri)
    return match and _Passage(iri, match["document"], int(match["start"]), int(match["end"]))


def _attestations(said_of: Said) -> list[_Attestation]:
    return [
        _Attestation(
            graph=graph_name,
            about=frozenset(said[ABOUT]),
            properties=frozenset(said[ATTESTS]),
            values=frozenset(said[ATTESTS_VALUE]),
        )
        for (graph_name, _), said in said_of.items()
        if ATTESTATION in said[TYPE]
    ]


def _statements_about_the_world(said_of: Said) -> list[Statement]:
    """Return the statements of cases and codings but what attestations and codings say.

    A coding has its place in a coding graph; elsewhere it is about the world like any other thing.
    """
    return [
        Statement(node, predicate, value, graph_name)
        for (graph_name, node), said in said_of.items()
        if graph_name.value.startswith(ATTESTED)
        for predicate, values in said.items()
        if predicate not in _own(graph_name, said.get(TYPE, []))
        for value in values
    ]


def _own(graph_name: NamedNode, types: list[Term]) -> set[NamedNode]:
    kinds = [ATTESTATION] if graph_name.value.startswith(CASES) else [ATTESTATION, CODING]
    return {predicate for kind in kinds if kind in types for predicate in OWN[kind]}


def _unattested(
    dataset: Dataset, statements: list[Statement], attestations: list[_Attestation]
) -> Iterator[Finding]:
    about: dict[tuple[NamedNode, Term], list[_Attestation]] = defaultdict(list)
    for attestation in attestations:
        for node in attestation.about:
            about[attestation.graph, node].append(attestation)
    for one in statements:
        own = about[one.graph, one.subject]
        attested = (
            bool(own)
            if one.predicate in COVERED_BY_ANY
            else any(attestation.covers(one) for attestation in own)
        )
        if not attested:
            yield Finding(
                _place(dataset, one.graph),
                one.subject.value,
                f"no passage attests {one.predicate} {one.object}",
                "add an attestation, or take the statement out",
            )


def _attesting_nothing(
    dataset: Dataset, said_of: Said, attestations: list[_Attestation]
) -> Iterator[Finding]:
    for attestation in attestations:
        found = {
            stated
            for node in attestation.about
            if isinstance(node, NamedNode)
            for predicate, values in said_of.get((attestation.graph, node), {}).items()
            for value in values
            if attestation.covers(Statement(node, predicate, value, attestation.graph))
            for stated in (predicate, value)
        }
        for idle in sorted((attestation.properties | attestation.values) - found, key=str):
            yield Finding(
                _place(dataset, attestation.graph),
                _values(attestation.about),
                f"{idle} is attested, and not stated",
                "correct the attestation, or state what the passage says",
            )


def _values(terms: Iterable[Term]) -> str:
    return ", ".join(sorted(one.value for one in terms))


def _unsound_passages(
    dataset: Dataset, cited: list[Statement], documents: Mapping[str, _Document]
) -> Iterator[Finding]:
    for one in cited:
        if fault := _fault(_passage(one.object.value), documents):
            yield Finding(
                _place(dataset, one.graph),
                one.subject.value,
                f"{one.object}: {fault}",
                "correct the passage",
            )


def _fault(passage: _Passage | None, documents: Mapping[str, _Document]) -> str | None:
    if passage is None:
        return "a passage is written <document#char=START,END>"
    document = documents.get(passage.document)
    if document is None:
        return "data/sources.ttl describes no such document"
    if not document.holds(passage):
        return f"lies outside the document, which has {document.length} characters"
    if any(passage.touches(excluded) for excluded in document.excluded):
        return "touches a passage that is excluded for the personal data in it"
    return None


def _unsound_exclusions(dataset: Dataset, documents: Mapping[str, _Document]) -> Iterator[Finding]:
    for one in dataset.statements:
        if one.predicate == HAS_EXCLUDED_PASSAGE:
            passage, document = _passage(one.object.value), documents.get(one.subject.value)
            if not (passage and document and document.holds(passage)):
                yield Finding(
                    _place(dataset, one.graph),
                    one.subject.value,
                    f"{one.object} excludes nothing of this document",
                    "write <document#char=START,END> of the same document, within its length",
                )


def _unlike_text(document: _Document) -> Iterator[Finding]:
    if document.path is None:
        return
    text = document.text
    if text is None:
        fault = f"{document.path} is missing or not UTF-8"
    elif len(text) != document.length:
        fault = f"the text has {len(text)} characters, not {document.length}"
    elif _digest([text]) != document.digest:
        fault = "the text has another sha256 than is stated"
    elif not unicodedata.is_normalized("NFC", text):
        fault = "the text is not in Unicode normalization form C"
    else:
        return
    yield Finding("data/sources.ttl", document.iri, fault, "correct the data or the text")


def _place(dataset: Dataset, graph_name: NamedNode) -> str:
    return next(file.path for file in dataset.files if file.graph == graph_name)


def _citations(dataset: Dataset) -> list[Statement]:
    return [one for one in dataset.statements if one.predicate == IN_PASSAGE]


def describe(dataset: Dataset, sources: Path | None) -> list[Statement]:
    """Return what the build says of the evidence, in a graph of its own.

    A passage that is cited is an ``oa:SpecificResource`` with an ``oa:TextPositionSelector``, and
    has the digest of its characters if the texts are at hand. An attestation is labelled by its
    passages.
    """
    documents = _documents(dataset, sources)
    sound = {
        one.object: (passage, documents[passage.document])
        for one in _citations(dataset)
        if (passage := _passage(one.object.value)) and passage.document in documents
    }
    triples = (
        *(triple for found in sound.values() for triple in _description(*found)),
        *_attestation_labels(dataset, sound),
    )
    return [Statement(*triple, EVIDENCE) for triple in triples]


def _description(passage: _Passage, document: _Document) -> Iterator[Triple]:
    node = NamedNode(passage.iri)
    slug = document.iri.rsplit("/", 1)[-1]
    selector = BlankNode(f"selector-{slug}-{passage.start}-{passage.end}")
    yield node, TYPE, term("oa:SpecificResource")
    yield node, term("oa:hasSource"), NamedNode(document.iri)
    yield node, term("oa:hasSelector"), selector
    yield selector, TYPE, term("oa:TextPositionSelector")
    yield selector, term("oa:start"), Literal(passage.start)
    yield selector, term("oa:end"), Literal(passage.end)
    for language in WORDS:
        yield node, LABEL, Literal(_reference(passage, document, language), language=language)
    if document.text is not None:
        yield node, SHA256, Literal(_digest([document.text[passage.start : passage.end]]))


def _attestation_labels(
    dataset: Dataset, sound: Mapping[Term, tuple[_Passage, _Document]]
) -> Iterator[Triple]:
    for (_, node), said in _by_subject(dataset.statements).items():
        if ATTESTATION in said[TYPE]:
            for language, (attestation, _) in WORDS.items():
                references = sorted(
                    _reference(*sound[one], language) for one in said[IN_PASSAGE] if one in sound
                )
                label = f"{attestation}: {'; '.join(references)}"
                yield node, LABEL, Literal(label, language=language)


def _reference(passage: _Passage, document: _Document, language: str) -> str:
    """Return how a passage is referred to: the document's label and the characters."""
    labels = {label.language: label.value for label in document.labels}
    name = labels.get(language) or labels.get("nl") or document.iri
    return f"{name}, {WORDS[language][1]} {passage.start}–{passage.end}"
