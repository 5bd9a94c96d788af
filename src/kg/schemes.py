"""Schemes: the concepts of a dataset, with their order and what they are for.

https://www.w3.org/TR/skos-reference/
"""

from collections.abc import Mapping
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from kg.index import Index, Node
from kg.namespaces import PREFIXES

__all__ = ["CONCEPT", "Concept", "Scheme", "read"]

CONCEPT = PREFIXES["concept"]
IN_SCHEME = NamedNode(f"{PREFIXES['skos']}inScheme")


@dataclass(frozen=True)
class Concept:
    """A concept: what it means, and what is directly above it.

    If it is a variable of a codebook, ``values`` are the schemes that its values are from, and
    ``sources`` the literature on it.
    """

    iri: str
    notation: str
    definitions: tuple[Literal, ...]
    notes: tuple[Literal, ...]
    examples: tuple[Literal, ...]
    above: tuple[str, ...]
    values: tuple[str, ...]
    sources: tuple[str, ...]

    @property
    def anchor(self) -> str:
        """Its place on the page of its scheme."""
        return self.iri.rpartition("/")[2]

    @property
    def mentioned(self) -> set[str]:
        """The IRIs that a reader of it meets."""
        return {self.iri, *self.above, *self.values, *self.sources}


@dataclass(frozen=True)
class Scheme:
    """A scheme with its concepts by IRI.

    ``properties`` are those whose values must be from it, ``variables`` those of a codebook.
    """

    iri: str
    definitions: tuple[Literal, ...]
    notes: tuple[Literal, ...]
    sources: tuple[str, ...]
    properties: tuple[str, ...]
    variables: tuple[str, ...]
    concepts: Mapping[str, Concept]

    @property
    def mentioned(self) -> set[str]:
        """The IRIs that a reader of it meets."""
        found = {iri for one in self.concepts.values() for iri in one.mentioned}
        return found | {self.iri, *self.sources, *self.properties, *self.variables}


def read(index: Index, shapes: Index) -> dict[str, Scheme]:
    """Return the schemes by IRI that are in the graph of the ontology; ``shapes`` is that graph."""
    demanded = _demanded(shapes)
    return {
        node.value: _scheme(index, node, demanded.get(node.value, ()))
        for node in index.of_type("skos:ConceptScheme")
    }


def _scheme(index: Index, node: NamedNode, properties: tuple[str, ...]) -> Scheme:
    concepts = [_concept(index, one) for one in index.subjects("skos:inScheme", node)]
    return Scheme(
        iri=node.value,
        definitions=_definitions(index, node),
        notes=_notes(index, node),
        sources=index.iris(node, "dcterms:source"),
        properties=properties,
        variables=tuple(one.value for one in index.subjects("sam:hasValueScheme", node)),
        concepts={one.iri: one for one in concepts},
    )


def _concept(index: Index, node: Node) -> Concept:
    notation = index.value(node, "skos:notation")
    return Concept(
        iri=node.value,
        notation=notation.value if notation else "",
        definitions=_definitions(index, node),
        notes=_notes(index, node),
        examples=index.texts(node, "skos:example"),
        above=index.iris(node, "skos:broader"),
        values=index.iris(node, "sam:hasValueScheme"),
        sources=index.iris(node, "dcterms:source"),
    )


def _definitions(index: Index, node: Node) -> tuple[Literal, ...]:
    return index.texts(node, "skos:definition") or index.texts(node, "dcterms:description")


def _notes(index: Index, node: Node) -> tuple[Literal, ...]:
    return (*index.texts(node, "skos:scopeNote"), *index.texts(node, "skos:note"))


def _demanded(shapes: Index) -> dict[str, tuple[str, ...]]:
    """Return, by scheme, the properties whose values the shapes demand to be in it."""
    found: dict[str, set[str]] = {}
    for shape in shapes.of_type("sh:PropertyShape"):
        for node in shapes.nodes(shape, "sh:node"):
            for own in shapes.nodes(node, "sh:property"):
                if IN_SCHEME.value in shapes.iris(own, "sh:path"):
                    for scheme in shapes.iris(own, "sh:hasValue"):
                        found.setdefault(scheme, set()).update(shapes.iris(shape, "sh:path"))
    return {scheme: tuple(sorted(paths)) for scheme, paths in found.items()}
