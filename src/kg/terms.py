"""Terms: the classes, properties and variables of the ontology, as its readers meet them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import NamedNode
from rdflib import OWL, RDF, RDFS, SKOS, BNode, Graph, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.term import Literal, Node

from kg.namespaces import PREFIXES, compact, slug

__all__ = [
    "Concept",
    "Scheme",
    "Term",
    "Variable",
    "Words",
    "demands",
    "literature",
    "read",
    "terms",
    "variables",
]

SAM = Namespace(PREFIXES["sam"])
SH = Namespace(PREFIXES["sh"])
CODEBOOK = URIRef(f"{PREFIXES['concept']}codebook")
LITERATURE = URIRef(f"{PREFIXES['dcterms']}source")
FILES = ("*.ttl", "alignments/*.ttl", "concepts/*.ttl", "shapes/*.ttl")
KINDS = {
    OWL.Class: "class",
    OWL.ObjectProperty: "link to a thing",
    OWL.DatatypeProperty: "value",
    OWL.AnnotationProperty: "annotation",
}
CAPITAL = re.compile(r"(?<=[a-z])(?=[A-Z])")


@dataclass(frozen=True)
class Words:
    """A text in Dutch and in English, empty where there is none."""

    nl: str
    en: str


@dataclass(frozen=True)
class Term:
    """A class or property by its prefixed name: what kind it is, what it means and connects.

    ``above`` is what it is a kind of. A property is of things of any class in ``domain``, and has
    values of any class in ``range``; where these are empty, nothing is said of it.
    """

    name: str
    kind: str
    label: Words
    definition: Words
    above: tuple[str, ...]
    domain: tuple[str, ...]
    range: tuple[str, ...]

    @property
    def is_own(self) -> bool:
        """Whether it is a term of ours, not of a vocabulary that we build on."""
        return self.name.startswith("sam:")

    @property
    def title(self) -> str:
        """Its English label; for a term of another vocabulary the words of its name."""
        return self.label.en or CAPITAL.sub(" ", self.name.partition(":")[2])


@dataclass(frozen=True)
class Concept:
    """A value that a variable may have."""

    slug: str
    label: Words
    definition: Words


@dataclass(frozen=True)
class Scheme:
    """A list of values."""

    slug: str
    label: Words
    concepts: tuple[Concept, ...]


@dataclass(frozen=True)
class Variable:
    """A variable of the codebook, with the lists of its values and the literature on it."""

    slug: str
    notation: str
    label: Words
    definition: Words
    note: Words
    example: Words
    schemes: tuple[Scheme, ...]
    literature: tuple[str, ...]


def read(project: Path) -> Graph:
    """Return the ontology of a project: terms, concepts and shapes, without examples."""
    graph = Graph()
    for pattern in FILES:
        for path in sorted((project / "ontology").glob(pattern)):
            graph.parse(path)
    return graph


def terms(graph: Graph) -> list[Term]:
    """Return the classes and properties by name, those of other vocabularies included."""
    found = [
        _term(graph, node, name)
        for kind, name in KINDS.items()
        for node in graph.subjects(RDF.type, kind)
        if isinstance(node, URIRef)
    ]
    return sorted(found, key=lambda one: (one.name.casefold(), one.name))


def variables(graph: Graph) -> list[Variable]:
    """Return the variables of the codebook in the order of their notations."""
    found = [_variable(graph, node) for node in graph.subjects(RDF.type, SAM.Variable)]
    return sorted(found, key=lambda one: one.notation)


def literature(graph: Graph) -> list[str]:
    """Return what the codebook as a whole rests on."""
    return sorted(_literature(graph, CODEBOOK))


def demands(graph: Graph) -> Iterator[tuple[str, str, str]]:
    """Yield what the shapes demand of values: a class of things, a property, a class of values."""
    for shape, target in graph.subject_objects(SH.targetClass):
        for own in graph.objects(shape, SH.property):
            for path in graph.objects(own, SH.path):
                for value in graph.objects(own, SH["class"]):
                    if isinstance(path, URIRef):
                        yield _name(target), _name(path), _name(value)


def _term(graph: Graph, node: URIRef, kind: str) -> Term:
    above = RDFS.subClassOf if kind == "class" else RDFS.subPropertyOf
    return Term(
        name=_name(node),
        kind=kind,
        label=_words(graph, node, RDFS.label),
        definition=_words(graph, node, SKOS.definition),
        above=_classes(graph, node, above),
        domain=_classes(graph, node, RDFS.domain),
        range=_classes(graph, node, RDFS.range),
    )


def _classes(graph: Graph, node: Node, predicate: URIRef) -> tuple[str, ...]:
    """Return the names of values; those of a union one by one."""
    found: set[Node] = set()
    for value in graph.objects(node, predicate):
        union = graph.value(value, OWL.unionOf)
        found.update(Collection(graph, union) if union else {value})
    return tuple(sorted(_name(one) for one in found if not isinstance(one, BNode)))


def _variable(graph: Graph, node: Node) -> Variable:
    schemes = sorted(graph.objects(node, SAM.hasValueScheme), key=str)
    values = (one for scheme in schemes for one in graph.subjects(SKOS.inScheme, scheme))
    described = [node, *schemes, *values]
    return Variable(
        slug=slug(str(node)),
        notation=str(graph.value(node, SKOS.notation) or ""),
        label=_words(graph, node, SKOS.prefLabel),
        definition=_words(graph, node, SKOS.definition),
        note=_words(graph, node, SKOS.scopeNote),
        example=_words(graph, node, SKOS.example),
        schemes=tuple(_scheme(graph, scheme) for scheme in schemes),
        literature=tuple(
            sorted({source for one in described for source in _literature(graph, one)})
        ),
    )


def _literature(graph: Graph, node: Node) -> list[str]:
    return [str(source) for source in graph.objects(node, LITERATURE)]


def _scheme(graph: Graph, node: Node) -> Scheme:
    concepts = [
        Concept(
            slug=slug(str(concept)),
            label=_words(graph, concept, SKOS.prefLabel),
            definition=_words(graph, concept, SKOS.definition),
        )
        for concept in graph.subjects(SKOS.inScheme, node)
    ]
    concepts.sort(key=lambda concept: concept.slug)
    return Scheme(slug(str(node)), _words(graph, node, SKOS.prefLabel), tuple(concepts))


def _words(graph: Graph, node: Node, predicate: URIRef) -> Words:
    texts = {
        text.language: str(text)
        for text in graph.objects(node, predicate)
        if isinstance(text, Literal)
    }
    return Words(texts.get("nl", ""), texts.get("en", ""))


def _name(node: Node) -> str:
    return compact(NamedNode(str(node)))
