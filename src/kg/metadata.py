"""Metadata: what the metadata graph of a build tells of its dataset, for pages and catalogues.

DCAT 3 (https://www.w3.org/TR/vocab-dcat-3/) and VoID (https://www.w3.org/TR/void/).
"""

from dataclasses import dataclass
from typing import Self

from pyoxigraph import NamedNode

from kg import queries
from kg.catalog import CONTENT
from kg.dataset import Statement
from kg.engine.base import Engine, construct
from kg.index import Index, Node
from kg.namespaces import DATASET, METADATA, term

__all__ = ["Linkset", "Metadata"]


@dataclass(frozen=True)
class Linkset:
    """Links to another dataset: its IRI, the property that links, how many links there are."""

    target: str
    property: str
    links: int


@dataclass(frozen=True)
class Metadata:
    """What the metadata graph says, which is nothing where another dataset is served."""

    index: Index

    @classmethod
    async def read(cls, engine: Engine, client: str = "") -> Self:
        """Return what an engine has; raises a ``RequestError`` when there is no answer."""
        triples = await construct(engine, queries.read("metadata"), client)
        found = (Statement.in_graph(one, METADATA) for one in triples)
        return cls(Index(sorted(found, key=str)))

    @property
    def is_ours(self) -> bool:
        """Whether it is our dataset that is described."""
        return bool(self.index.values(DATASET, "dcterms:title"))

    def text(self, subject: NamedNode, curie: str, language: str) -> str:
        """Return a text in a language, empty if there is none."""
        return next(iter(self.texts(subject, curie, language)), "")

    def texts(self, subject: NamedNode, curie: str, language: str) -> list[str]:
        """Return the texts in a language."""
        texts = self.index.texts(subject, curie)
        return [one.value for one in texts if one.language == language]

    @property
    def graphs(self) -> dict[str, int]:
        """How many statements each named graph has."""
        return {
            one.value: self._number(one, "void:triples")
            for one in self.index.nodes(DATASET, "void:subset")
            if term("sd:Graph") in self.index.values(one, "rdf:type")
        }

    @property
    def classes(self) -> dict[str, int]:
        """How many things each class has, those with the most first."""
        found = {
            value: self._number(one, "void:entities")
            for one in self.index.nodes(CONTENT, "void:classPartition")
            for value in self.index.iris(one, "void:class")
        }
        return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))

    @property
    def linksets(self) -> list[Linkset]:
        """The links to other datasets."""
        return [
            Linkset(target, linking, self._number(one, "void:triples"))
            for one in self.index.nodes(CONTENT, "void:subset")
            for target in self.index.iris(one, "void:objectsTarget")
            for linking in self.index.iris(one, "void:linkPredicate")
        ]

    def _number(self, subject: Node, curie: str) -> int:
        return next((int(one.value) for one in self.index.values(subject, curie)), 0)
