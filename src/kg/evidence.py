"""Evidence: whether every statement about a case leads to the characters that say it.

An attestation says that a subject's properties are stated in passages of a source document.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Literal, NamedNode

from kg.attestations import COVERED_BY_ANY
from kg.dataset import Dataset, Said, Statement, Term, by_subject
from kg.findings import Finding, Report
from kg.namespaces import compact, graph, term
from kg.passages import Document, Passage, digest, documents
from kg.reading import forms, is_readable

__all__ = ["check"]

CASES = graph("case/").value
ATTESTED = (CASES, graph("coding/").value)
READ = (CASES, graph("sources").value)

TYPE, LABEL, SHA256 = term("rdf:type"), term("rdfs:label"), term("sam:sha256")
NAMING = {
    *(LABEL, term("skos:altLabel"), term("skos:hiddenLabel")),
    *(term("foaf:name"), term("dcterms:title")),
}
ATTESTATION, CODING = term("sam:Attestation"), term("sam:Coding")
IDENTITY_JUDGEMENT = term("sam:IdentityJudgement")
ABOUT, ATTESTS = term("sam:about"), term("sam:attests")
ATTESTS_VALUE, IN_PASSAGE = term("sam:attestsValue"), term("sam:inPassage")
HAS_EXCLUDED_PASSAGE = term("sam:hasExcludedPassage")

# What an attestation or a judgement of an analyst may say of itself; anything else is about the
# world.
JUDGEMENT = {
    *(TYPE, LABEL, IN_PASSAGE, term("prov:wasAttributedTo")),
    *(term("sam:hasConfidence"), term("sam:rationale")),
}
OWN = {
    ATTESTATION: {TYPE, ABOUT, ATTESTS, ATTESTS_VALUE, IN_PASSAGE},
    CODING: {
        *JUDGEMENT,
        *(term("sam:codesCase"), term("sam:codesMember"), term("sam:codesVariable")),
        *(term("sam:codedNumber"), term("sam:hasCodedValue")),
    },
    IDENTITY_JUDGEMENT: {*JUDGEMENT, term("sam:hasVerdict"), term("sam:judges")},
}

# What has a proper name, by which it must be readable where it is the value of a statement.
NAMED = {
    *(term("foaf:Person"), term("org:Organization"), term("time:DayOfWeek")),
    *(term("sam:AccessPoint"), term("sam:Municipality"), term("sam:Place"), term("sam:Team")),
}


@dataclass(frozen=True)
class _Attestation:
    graph: NamedNode
    about: frozenset[Term]
    properties: frozenset[Term]
    values: frozenset[Term]
    passages: frozenset[Term]

    def covers(self, statement: Statement) -> bool:
        return (
            statement.subject in self.about
            and statement.predicate in self.properties
            and (not self.values or statement.object in self.values)
        )


# The attestations by the graph they stand in and what they are about.
_Attested = Mapping[tuple[NamedNode, Term], list[_Attestation]]


def check(dataset: Dataset, sources: Path | None) -> Report:
    """Return what is not proven from its source; compares with the texts in a folder, if given.

    Counts the statements that need attestation, the attestations, the citations of passages (by
    attestations and codings), the documents, and with texts these and the values looked for in
    them: names, numbers and dates.
    """
    described = documents(dataset, sources)
    said = by_subject(dataset.statements)
    attestations = _attestations(said)
    of = _by_subject_attested(attestations)
    statements = _statements_about_the_world(said)
    cited = _citations(dataset)
    checked = {
        "statements to attest": len(statements),
        "of them statements of cases": sum(one.graph.value.startswith(CASES) for one in statements),
        "attestations": len(attestations),
        "citations of passages": len(cited),
        "source documents": len(described),
    }
    findings = [
        *_unattested(dataset, statements, of),
        *_attesting_nothing(dataset, said, attestations),
        *_unsound_passages(dataset, cited, described),
        *_unsound_exclusions(dataset, described),
        *(finding for document in described.values() for finding in _unlike_text(document)),
    ]
    if not sources:
        unset = "passages against their texts, as KG_SOURCES is not set"
        return Report(tuple(findings), checked, (unset,))
    absent = sorted(document.file for document in described.values() if not document.path)
    readings = _readings(dataset.statements, of, _names(said, attestations), described)
    checked["source texts"] = sum(bool(document.text) for document in described.values())
    checked["names, numbers and dates looked for"] = len(readings)
    findings += _unreadable(dataset, readings)
    skipped = tuple(f"passages against their text, as {sources} has no {file}" for file in absent)
    return Report(tuple(findings), checked, skipped)


def _attestations(said_of: Said) -> list[_Attestation]:
    return [
        _Attestation(
            graph=graph_name,
            about=frozenset(said[ABOUT]),
            properties=frozenset(said[ATTESTS]),
            values=frozenset(said[ATTESTS_VALUE]),
            passages=frozenset(said[IN_PASSAGE]),
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
    kinds = [ATTESTATION] if graph_name.value.startswith(CASES) else OWN
    return {predicate for kind in kinds if kind in types for predicate in OWN[kind]}


def _unattested(dataset: Dataset, statements: list[Statement], of: _Attested) -> Iterator[Finding]:
    for one in statements:
        own = of.get((one.graph, one.subject), [])
        attested = (
            bool(own)
            if one.predicate in COVERED_BY_ANY
            else any(attestation.covers(one) for attestation in own)
        )
        if not attested:
            yield Finding(
                dataset.path(one.graph),
                one.subject.value,
                f"no passage attests {compact(one.predicate)} {compact(one.object)}",
                "add an attestation, or take the statement out",
            )


def _by_subject_attested(attestations: list[_Attestation]) -> _Attested:
    of = defaultdict(list)
    for attestation in attestations:
        for node in attestation.about:
            of[attestation.graph, node].append(attestation)
    return of


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
                dataset.path(attestation.graph),
                _values(attestation.about),
                f"{compact(idle)} is attested, and not stated",
                "correct the attestation, or state what the passage says",
            )


def _values(terms: Iterable[Term]) -> str:
    return ", ".join(sorted(one.value for one in terms))


def _unsound_passages(
    dataset: Dataset, cited: list[Statement], described: Mapping[str, Document]
) -> Iterator[Finding]:
    for one in cited:
        if fault := _fault(Passage.parse(one.object.value), described):
            yield Finding(
                dataset.path(one.graph),
                one.subject.value,
                f"{compact(one.object)}: {fault}",
                "correct the passage",
            )


def _fault(passage: Passage | None, described: Mapping[str, Document]) -> str | None:
    if passage is None:
        return "a passage is written <document#char=START,END>"
    document = described.get(passage.document)
    if document is None:
        return "data/sources.ttl describes no such document"
    if not document.holds(passage):
        return f"lies outside the document, which has {document.length} characters"
    if any(passage.touches(excluded) for excluded in document.excluded):
        return "touches a passage that is excluded for the personal data in it"
    return None


def _unsound_exclusions(dataset: Dataset, described: Mapping[str, Document]) -> Iterator[Finding]:
    for one in dataset.statements:
        if one.predicate == HAS_EXCLUDED_PASSAGE:
            passage, document = Passage.parse(one.object.value), described.get(one.subject.value)
            if not (passage and document and document.holds(passage)):
                yield Finding(
                    dataset.path(one.graph),
                    one.subject.value,
                    f"{compact(one.object)} excludes nothing of this document",
                    "write <document#char=START,END> of the same document, within its length",
                )


def _unlike_text(document: Document) -> Iterator[Finding]:
    if document.path is None:
        return
    text = document.text
    if text is None:
        fault = f"{document.path} cannot be read as UTF-8"
    elif len(text) != document.length:
        fault = f"the text has {len(text)} characters, not {document.length}"
    elif digest([text]) != document.digest:
        fault = "the text has another sha256 than is stated"
    elif not unicodedata.is_normalized("NFC", text):
        fault = "the text is not in Unicode normalization form C"
    else:
        return
    yield Finding("data/sources.ttl", document.iri, fault, "correct the data or the text")


@dataclass(frozen=True)
class _Reading:
    """A statement, the forms that its value may have in Dutch, and the texts to look in."""

    statement: Statement
    forms: tuple[str, ...]
    passages: tuple[Passage, ...]
    texts: tuple[str, ...]

    @property
    def succeeds(self) -> bool:
        return any(is_readable(form, text) for form in self.forms for text in self.texts)


def _names(said_of: Said, attestations: list[_Attestation]) -> dict[Term, tuple[str, ...]]:
    """Return the Dutch names of things that have one: registered, or attested as their label."""
    attested = {
        (attestation.graph, node, predicate)
        for attestation in attestations
        for node in attestation.about
        for predicate in attestation.properties
    }
    names: dict[Term, tuple[str, ...]] = {}
    named = {node for (_, node), said in said_of.items() if NAMED.intersection(said.get(TYPE, ()))}
    for (graph_name, node), said in said_of.items():
        for predicate in NAMING.intersection(said) if node in named else ():
            is_name = (
                predicate == term("foaf:name")
                or (graph_name, node, predicate) in attested
                or term("time:DayOfWeek") in said[TYPE]
            )
            if is_name:
                found = (one.value for one in said[predicate] if _is_dutch(one))
                names[node] = (*names.get(node, ()), *found)
    return names


def _is_dutch(value: Term) -> bool:
    return isinstance(value, Literal) and value.language in (None, "nl")


def _readings(
    statements: Iterable[Statement],
    of: _Attested,
    names: Mapping[Term, tuple[str, ...]],
    described: Mapping[str, Document],
) -> list[_Reading]:
    readings = []
    for one in statements:
        wanted = _forms(one, names) if one.graph.value.startswith(READ) else ()
        passages = [
            passage
            for attestation in (of.get((one.graph, one.subject), ()) if wanted else ())
            if attestation.covers(one)
            for node in attestation.passages
            if (passage := Passage.parse(node.value)) and passage.document in described
        ]
        texts = [described[passage.document].read(passage) for passage in passages]
        if present := tuple(text for text in texts if text is not None):
            readings.append(_Reading(one, wanted, tuple(passages), present))
    return readings


def _forms(statement: Statement, names: Mapping[Term, tuple[str, ...]]) -> tuple[str, ...]:
    value = statement.object
    if statement.predicate in NAMING:
        return (value.value,) if _is_dutch(value) else ()
    return forms(value) if isinstance(value, Literal) else names.get(value, ())


def _unreadable(dataset: Dataset, readings: list[_Reading]) -> Iterator[Finding]:
    for reading in readings:
        if not reading.succeeds:
            cited = ", ".join(sorted(compact(NamedNode(one.iri)) for one in reading.passages))
            one = reading.statement
            yield Finding(
                dataset.path(one.graph),
                one.subject.value,
                f"{compact(one.predicate)} {compact(one.object)}: {' or '.join(reading.forms)} "
                f"cannot be read in {cited}",
                "correct the value or the passage, or cite the passage that names it as well",
            )


def _citations(dataset: Dataset) -> list[Statement]:
    return [one for one in dataset.statements if one.predicate == IN_PASSAGE]
