"""Executables: the questions of the library as RDF, in the graph ``queries``.

As the SIB publishes examples of queries (https://github.com/sib-swiss/sparql-examples), so that
editors find them; parameters as in SHACL Advanced Features
(https://www.w3.org/TR/shacl-af/#functions).
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping

from pyoxigraph import Literal, NamedNode

from kg.dataset import File, Statement
from kg.front_matter import Parameter, Texts
from kg.labels import Triples, labels
from kg.library import FOLDER, Library
from kg.namespaces import BASE, DATASET, LICENSE, ONTOLOGY, PREFIXES, SPARQL, graph, term
from kg.questions import Question
from kg.texts import LANGUAGES

__all__ = ["DIFFICULTY", "GRAPH", "LIBRARY", "TOPIC", "describe", "files", "iri"]

GRAPH = graph("queries")
LIBRARY = f"{BASE}queries"
TOPIC = f"{PREFIXES['concept']}query-topic/"
DIFFICULTY = f"{PREFIXES['concept']}query-difficulty/"
TYPE = term("rdf:type")


def iri(slug: str) -> str:
    """Return the IRI of a question.

    >>> iri("parties")
    'https://w3id.org/samenhang/queries/parties'
    """
    return f"{LIBRARY}/{slug}"


def files(library: Library) -> tuple[File, ...]:
    """Return the files of a library, each with what it says; raises as ``describe`` does."""
    return tuple(
        File(
            path=f"{FOLDER}/{question.file}",
            graph=GRAPH,
            digest=hashlib.sha256(question.text.encode()).hexdigest(),
            statements=tuple(Statement(*triple, GRAPH) for triple in _of_question(question)),
        )
        for question in library.questions
    )


def describe(library: Library) -> list[Statement]:
    """Return what is said of the questions of a library."""
    return [one for file in files(library) for one in file.statements]


def _of_question(question: Question) -> Triples:
    node = NamedNode(iri(question.slug))
    yield node, TYPE, term("sh:SPARQLExecutable")
    yield node, TYPE, term("sh:SPARQLSelectExecutable")
    yield from labels(node, **question.title)
    # Editors list the comments, and name their tabs after them: a question suits both.
    yield from _texts(node, "rdfs:comment", question.title)
    yield from _texts(node, "dcterms:description", question.description)
    for language in LANGUAGES:
        for word in question.keywords[language]:
            yield node, term("schema:keywords"), Literal(word, language=language)
    yield node, term("dcterms:subject"), NamedNode(TOPIC + question.topic)
    yield node, term("dcterms:educationLevel"), NamedNode(DIFFICULTY + question.difficulty)
    yield node, term("dcterms:isPartOf"), DATASET
    yield node, term("dcterms:license"), NamedNode(LICENSE)
    yield node, term("dcat:version"), Literal(question.version)
    yield node, term("schema:target"), SPARQL
    yield node, term("sh:prefixes"), NamedNode(ONTOLOGY)
    yield node, term("sh:select"), Literal(question.query)
    for place, name in enumerate(question.parameters):
        yield from _of_parameter(question, name, place)


def _texts(node: NamedNode, name: str, texts: Texts) -> Triples:
    for language in LANGUAGES:
        yield node, term(name), Literal(texts[language], language=language)


def _of_parameter(question: Question, name: str, place: int) -> Triples:
    parameter, default = question.parameters[name], question.defaults[name]
    # The variable is the local name of the path.
    node = NamedNode(f"{iri(question.slug)}#{name}")
    yield NamedNode(iri(question.slug)), term("sh:parameter"), node
    yield node, TYPE, term("sh:Parameter")
    yield node, term("sh:path"), node
    yield from labels(node, **parameter.label)
    yield from _texts(node, "sh:name", parameter.label)
    yield node, term("sh:order"), Literal(place)
    yield node, term("sh:optional"), Literal(True)
    if isinstance(default, Literal):  # a thing would be told to be mentioned here
        yield node, term("sh:defaultValue"), default
    for constraint, value in RANGES[parameter.type](question, parameter):
        yield node, term(constraint), value


Range = Iterator[tuple[str, NamedNode | Literal]]


def _thing(question: Question, parameter: Parameter) -> Range:
    yield "sh:nodeKind", term("sh:IRI")
    yield "sh:class", _expanded(question, parameter.class_)


def _of_scheme(question: Question, parameter: Parameter) -> Range:
    yield "sh:nodeKind", term("sh:IRI")
    yield "sh:class", term("skos:Concept")
    yield "rdfs:seeAlso", _expanded(question, parameter.scheme)


def _date(_: Question, __: Parameter) -> Range:
    yield "sh:datatype", term("xsd:date")


def _integer(_: Question, parameter: Parameter) -> Range:
    yield "sh:datatype", term("xsd:integer")
    if parameter.minimum is not None:
        yield "sh:minInclusive", Literal(parameter.minimum)
    if parameter.maximum is not None:
        yield "sh:maxInclusive", Literal(parameter.maximum)


def _language(_: Question, __: Parameter) -> Range:
    yield "sh:datatype", term("xsd:string")
    yield "sh:pattern", Literal(f"^({'|'.join(LANGUAGES)})$")


def _text(_: Question, __: Parameter) -> Range:
    yield "sh:datatype", term("xsd:string")


RANGES: Mapping[str, Callable[[Question, Parameter], Range]] = {
    "concept": _of_scheme,
    "date": _date,
    "integer": _integer,
    "language": _language,
    "text": _text,
    "thing": _thing,
}


def _expanded(question: Question, name: str) -> NamedNode:
    prefix, _, local = name.partition(":")
    return NamedNode(question.prefixes[prefix] + local)
