"""Metadata: what the metadata graph of a build tells of its dataset, for pages and catalogues.

DCAT 3 (https://www.w3.org/TR/vocab-dcat-3/) and VoID (https://www.w3.org/TR/void/).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Self

from pyoxigraph import BlankNode, Literal, NamedNode

from kg import queries
from kg.catalog import CONTENT, DATASET, METADATA
from kg.dataset import Statement, Term
from kg.engine.base import Engine, construct
from kg.namespaces import term

__all__ = ["Linkset", "Metadata"]

Known = Mapping[tuple[NamedNode | BlankNode, NamedNode], list[Term]]


@dataclass(frozen=True)
class Linkset:
    """Links to another dataset: its IRI, the property that links, how many links there are."""

    target: str
    property: str
    links: int


@dataclass(frozen=True)
class Metadata:
    """The statements of the metadata graph; there are none where another dataset is served."""

    statements: tuple[Statement, ...]

    @classmethod
    async def read(cls, engine: Engine, client: str = "") -> Self:
        """Return what an engine has; raises a ``RequestError`` when there is no answer."""
        triples = await construct(engine, queries.read("metadata"), client)
        found = (
            Statement(one.subject, one.predicate, one.object, METADATA)  # type: ignore[arg-type]
            for one in triples
        )
        return cls(tuple(sorted(found, key=str)))

    @property
    def is_ours(self) -> bool:
        """Whether it is our dataset that is described."""
        return bool(self.values(DATASET, "dcterms:title"))

    def values(self, subject: NamedNode | BlankNode, curie: str) -> list[Term]:
        """Return the values of a property of a subject, in the order of their text."""
        return self._known.get((subject, term(curie)), [])

    def nodes(self, subject: NamedNode, curie: str) -> list[NamedNode]:
        """Return those values that are IRIs."""
        return [one for one in self.values(subject, curie) if isinstance(one, NamedNode)]

    def text(self, subject: NamedNode, curie: str, language: str) -> str:
        """Return a text in a language, empty if there is none."""
        return next(iter(self.texts(subject, curie, language)), "")

    def texts(self, subject: NamedNode, curie: str, language: str) -> list[str]:
        """Return the texts in a language."""
        values = self.values(subject, curie)
        return [
            one.value for one in values if isinstance(one, Literal) and one.language == language
        ]

    @property
    def graphs(self) -> dict[str, int]:
        """How many statements each named graph has."""
        return {
            one.value: self._number(one, "void:triples")
            for one in self.nodes(DATASET, "void:subset")
            if term("sd:Graph") in self.values(one, "rdf:type")
        }

    @property
    def classes(self) -> dict[str, int]:
        """How many things each class has, those with the most first."""
        return self._partitions("void:classPartition", "void:class", "void:entities")

    @property
    def properties(self) -> dict[str, int]:
        """How many statements each property has, those with the most first."""
        return self._partitions("void:propertyPartition", "void:property", "void:triples")

    @property
    def linksets(self) -> list[Linkset]:
        """The links to other datasets."""
        return [
            Linkset(target.value, linking.value, self._number(one, "void:triples"))
            for one in self.nodes(CONTENT, "void:subset")
            for target in self.nodes(one, "void:objectsTarget")
            for linking in self.nodes(one, "void:linkPredicate")
        ]

    def _partitions(self, by: str, kind: str, size: str) -> dict[str, int]:
        found = {
            value.value: self._number(one, size)
            for one in self.nodes(CONTENT, by)
            for value in self.nodes(one, kind)
        }
        return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))

    def _number(self, subject: NamedNode, curie: str) -> int:
        return next((int(one.value) for one in self.values(subject, curie)), 0)

    @cached_property
    def _known(self) -> Known:
        return _grouped(self.statements)


def _grouped(statements: Iterable[Statement]) -> Known:
    known: dict[tuple[NamedNode | BlankNode, NamedNode], list[Term]] = defaultdict(list)
    for subject, predicate, value, _ in statements:
        known[subject, predicate].append(value)
    return dict(known)
