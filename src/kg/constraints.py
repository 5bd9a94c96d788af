"""Constraints: the shapes of a dataset, and what each demands, to be told in words.

https://www.w3.org/TR/shacl/
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pyoxigraph import BlankNode, Literal, NamedNode

from kg.dataset import Term
from kg.index import Index, Node
from kg.namespaces import PREFIXES

__all__ = ["SHAPES", "Constraint", "Shape", "Target", "read"]

SHAPES = PREFIXES["shapes"].removesuffix("#")
TARGETS = ("targetClass", "targetSubjectsOf", "targetObjectsOf", "targetNode")
NESTED = ("node", "not", "qualifiedValueShape")
ALTERNATIVES = ("or", "and", "xone")
LISTS = ("in", "languageIn", "ignoredProperties")
VALUES = (
    *("class", "datatype", "nodeKind", "hasValue", "minInclusive", "maxInclusive"),
    *("minExclusive", "maxExclusive", "minLength", "maxLength", "pattern", "uniqueLang"),
    *("equals", "disjoint", "lessThan", "lessThanOrEquals", "closed"),
)
COUNTS = (("minCount", "maxCount"), ("qualifiedMinCount", "qualifiedMaxCount"))
PATHS = {"sh:zeroOrMorePath": "*", "sh:oneOrMorePath": "+", "sh:zeroOrOnePath": "?"}


@dataclass(frozen=True)
class Target:
    """What a shape is for: a key of the texts, and the classes, properties or things."""

    name: str
    iris: tuple[str, ...]


@dataclass(frozen=True)
class Constraint:
    """A demand: a key of the texts, with the values that it names and the shapes within it."""

    name: str
    values: tuple[Term, ...] = ()
    shapes: tuple["Shape", ...] = ()


@dataclass(frozen=True)
class Shape:
    """What is demanded of things, or of their values along a path; ``iri`` is empty if it has none.

    The path is of IRIs and signs, as SPARQL writes it. ``severity`` is an IRI.
    """

    iri: str
    path: tuple[str, ...]
    targets: tuple[Target, ...]
    constraints: tuple[Constraint, ...]
    properties: tuple["Shape", ...]
    messages: tuple[Literal, ...]
    severity: str

    @property
    def anchor(self) -> str:
        """Its place on the page: the fragment of its IRI."""
        return self.iri.rpartition("#")[2]

    @property
    def mentioned(self) -> set[str]:
        """The IRIs that a reader of it meets."""
        found = {self.iri, self.severity, *(part for part in self.path if ":" in part)} - {""}
        for target in self.targets:
            found.update(target.iris)
        for one in self.constraints:
            found.update(value.value for value in one.values if isinstance(value, NamedNode))
            found.update(_mentioned(one.shapes))
        return found | _mentioned(self.properties)


def read(index: Index) -> tuple[Shape, ...]:
    """Return the shapes that have a name, those of properties within those that use them."""
    found = [_shape(index, node) for node in index.of_type("sh:NodeShape")]
    within = {own.iri for one in found for own in one.properties}
    loose = (node for node in index.of_type("sh:PropertyShape") if node.value not in within)
    return (*found, *(_shape(index, node) for node in loose))


def _mentioned(shapes: Iterable[Shape]) -> set[str]:
    return {iri for one in shapes for iri in one.mentioned}


def _shape(index: Index, node: Node) -> Shape:
    path, severity = index.value(node, "sh:path"), index.value(node, "sh:severity")
    return Shape(
        iri=node.value if isinstance(node, NamedNode) else "",
        path=tuple(_path(index, path)) if path else (),
        targets=tuple(
            Target(name, iris) for name in TARGETS if (iris := index.iris(node, f"sh:{name}"))
        ),
        constraints=tuple(_constraints(index, node)),
        properties=tuple(_shape(index, own) for own in index.nodes(node, "sh:property")),
        messages=index.texts(node, "sh:message"),
        severity=severity.value if severity else "",
    )


def _constraints(index: Index, node: Node) -> Iterator[Constraint]:
    for least, most in COUNTS:
        yield from _count(index.value(node, f"sh:{least}"), index.value(node, f"sh:{most}"))
    for name in VALUES:
        if values := index.values(node, f"sh:{name}"):
            yield Constraint(name, tuple(values))
    for name in LISTS:
        for items in index.values(node, f"sh:{name}"):
            yield Constraint(name, tuple(index.items(items)))
    for name in NESTED:
        for nested in index.nodes(node, f"sh:{name}"):
            yield _nested(index, name, nested)
    for name in ALTERNATIVES:
        for items in index.values(node, f"sh:{name}"):
            members = (one for one in index.items(items) if not isinstance(one, Literal))
            yield Constraint(name, shapes=tuple(_shape(index, one) for one in members))


def _nested(index: Index, name: str, node: Node) -> Constraint:
    """Return a demand by another shape: by its name if it has one, else by what it demands."""
    if isinstance(node, NamedNode):
        return Constraint(name, (node,))
    return Constraint(name, shapes=(_shape(index, node),))


def _count(least: Term | None, most: Term | None) -> Iterator[Constraint]:
    if least and least == most:
        yield Constraint("exactly", (least,))
    elif least and most:
        yield Constraint("between", (least, most))
    elif least:
        yield Constraint("at_least", (least,))
    elif most:
        yield Constraint("at_most", (most,))


def _path(index: Index, node: Term) -> Iterator[str]:
    """Yield a path in the notation of SPARQL (https://www.w3.org/TR/shacl/#property-paths)."""
    if not isinstance(node, BlankNode):
        yield node.value
    elif inverse := index.value(node, "sh:inversePath"):
        yield "^"
        yield from _path(index, inverse)
    elif alternatives := index.value(node, "sh:alternativePath"):
        yield from _joined(index, alternatives, "|")
    else:
        for name, sign in PATHS.items():
            if repeated := index.value(node, name):
                yield from _path(index, repeated)
                yield sign
        yield from _joined(index, node, "/")


def _joined(index: Index, items: Term, sign: str) -> Iterator[str]:
    for number, item in enumerate(index.items(items)):
        if number:
            yield sign
        yield from _path(index, item)
