"""What a fact of the ledger is: a number, a question, the answer, and the passages behind it."""

from dataclasses import dataclass, field

__all__ = ["PREFIXES", "PROLOGUE", "Evidence", "Fact", "Ledger"]

BASE = "https://w3id.org/samenhang/"
KINDS = """
    access-point activity agent agreement body change claim coding collaboration event financing
    identity intention law membership municipality organisation person pilot place planned post
    proposal province team
"""
SCHEMES = """
    actor-kind channel citizen-role codebook confidence cooperation-scope council-role
    dialogue-form driver financing-kind governance-mode identity-verdict initiator instrument
    learning-device legal-form list-closure member-expectation modality objective outcome
    period-precision place-kind post-status question resource role sector stage steering-form
    target-group task-area theme
"""
PREFIXES = {
    **{kind: f"{BASE}id/{kind}/" for kind in KINDS.split()},
    **{scheme: f"{BASE}concept/{scheme}/" for scheme in SCHEMES.split()},
    "case": f"{BASE}graph/case/",
    "coding-graph": f"{BASE}graph/coding/",
    "sam": f"{BASE}ontology#",
    "source": f"{BASE}source/",
    "dcterms": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "org": "http://www.w3.org/ns/org#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "time": "http://www.w3.org/2006/time#",
}
PROLOGUE = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())


@dataclass(frozen=True)
class Evidence:
    """The passages that a property of a subject rests on; ``value`` where each has its own."""

    subject: str
    property: str
    passages: str
    value: str | None = None


@dataclass(frozen=True)
class Fact:
    """A numbered fact: a query, its rows as space-joined short names, and the evidence."""

    number: str
    query: str
    rows: tuple[str, ...]
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True)
class Ledger:
    """The facts of one source document; ``traps`` are questions whose answer must be no."""

    document: str
    facts: tuple[Fact, ...]
    numbers: tuple[str, ...]
    traps: dict[str, str] = field(default_factory=dict)
