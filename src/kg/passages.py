"""Passages: ranges of characters in source documents, and the documents they are taken from.

A passage is a range of Unicode code points, 0-based and end exclusive (RFC 5147; Web Annotation
Data Model, section 4.2.4).
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pyoxigraph import Literal, NamedNode

from kg.dataset import Dataset, Term, by_subject
from kg.namespaces import slug, term

__all__ = ["Document", "Passage", "digest", "documents"]

NUMBER = "0|[1-9][0-9]{0,8}"  # one spelling a passage
PASSAGE = re.compile(rf"(?P<document>.+)#char=(?P<start>{NUMBER}),(?P<end>{NUMBER})")


@dataclass(frozen=True)
class Passage:
    """The characters from ``start`` to ``end`` of a document."""

    iri: str
    document: str
    start: int
    end: int

    @classmethod
    def parse(cls, iri: str) -> "Passage | None":
        """Return the passage that an IRI names, ``None`` if it names none.

        >>> Passage.parse("https://example.org/report#char=10,12").end
        12
        """
        match = PASSAGE.fullmatch(iri)
        return match and cls(iri, match["document"], int(match["start"]), int(match["end"]))

    def touches(self, other: "Passage") -> bool:
        """Tell whether a passage of the same document shares a character with this one."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True)
class Document:
    """A source document as the data describes it; ``path`` of its text if texts are at hand."""

    iri: str
    labels: tuple[Literal, ...]
    length: int
    digest: str
    excluded: tuple[Passage, ...]
    path: Path | None

    @property
    def file(self) -> str:
        """The name of the file that its text is looked for in."""
        return _file(self.iri)

    def holds(self, passage: Passage) -> bool:
        """Tell whether a passage is one of this document."""
        return passage.document == self.iri and passage.start < passage.end <= self.length

    @cached_property
    def text(self) -> str | None:
        """The text, or ``None`` where it is not at hand or not UTF-8."""
        try:
            return self.path.read_bytes().decode() if self.path else None
        except (OSError, UnicodeDecodeError):
            return None

    def read(self, passage: Passage) -> str | None:
        """Return the characters of a passage, or ``None`` where the text is not at hand."""
        return self.text[passage.start : passage.end] if self.text is not None else None


def documents(dataset: Dataset, sources: Path | None) -> dict[str, Document]:
    """Return the source documents by IRI; their texts are looked for in a folder, if given."""
    return {
        node.value: _document(node.value, said, sources)
        for (_, node), said in by_subject(dataset.in_graphs("sources")).items()
        if term("sam:SourceDocument") in said[term("rdf:type")]
    }


def _document(iri: str, said: Mapping[NamedNode, list[Term]], sources: Path | None) -> Document:
    excluded = (Passage.parse(node.value) for node in said[term("sam:hasExcludedPassage")])
    counts = (one.value for one in said[term("sam:characterCount")])
    path = sources and sources / _file(iri)
    return Document(
        iri=iri,
        labels=tuple(one for one in said[term("rdfs:label")] if isinstance(one, Literal)),
        length=max((int(one) for one in counts if re.fullmatch(NUMBER, one)), default=0),
        digest=" ".join(one.value for one in said[term("sam:sha256")]),
        excluded=tuple(passage for passage in excluded if passage),
        path=path if path and path.exists() else None,
    )


def _file(iri: str) -> str:
    return f"{slug(iri)}.txt"


def digest(lines: Iterable[str]) -> str:
    """Return the hexadecimal SHA-256 of lines of text, whatever their order."""
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()
