"""The questions of the library as RDF: what editors and SHACL make of them."""

import hashlib
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Store

from kg import library
from kg.build import Build
from kg.dataset import Dataset
from kg.executables import GRAPH, describe, files, iri
from kg.front_matter import DIFFICULTIES, TOPICS
from kg.index import Index
from kg.library import Library
from kg.namespaces import DATASET, LICENSE, ONTOLOGY, PREFIXES, term
from kg.questions import parse

TEXT = """\
#+ title: {nl: "Wie heten zo?", en: "Who is called so?"}
#+ description: {nl: Dingen op naam., en: Things by name.}
#+ topic: start
#+ difficulty: advanced
#+ keywords: {nl: [naam, ding], en: [name]}
#+ view: table
#+ parameters:
#+   thing: {type: thing, class: "ex:Thing", label: {nl: ding, en: thing}}
#+   theme: {type: concept, scheme: "concept:theme", label: {nl: thema, en: theme}}
#+   number: {type: integer, minimum: 1, maximum: 9, label: {nl: aantal, en: number}}
#+   least: {type: integer, label: {nl: minimum, en: least}}
#+   day: {type: date, label: {nl: dag, en: day}}
#+   word: {type: text, label: {nl: woord, en: word}}
#+ columns:
#+   name: {nl: naam, en: name}

PREFIX concept: <https://w3id.org/samenhang/concept/>
PREFIX ex: <https://example.org/>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>

SELECT ?name
WHERE {
  VALUES ?thing { ex:one }
  VALUES ?theme { UNDEF }
  VALUES ?number { 4 }
  VALUES ?least { 0 }
  VALUES ?day { "2018-01-31"^^xsd:date }
  VALUES ?word { "a" }
  VALUES ?language { "en" }
  ?thing ex:name ?name .
}
ORDER BY ?name
"""
QUESTION = parse(Path("queries/start/called.rq"), TEXT)
LIBRARY = Library((QUESTION,))
NODE = NamedNode(iri("called"))
INTEGER, STRING, IRI = term("xsd:integer"), term("xsd:string"), term("sh:IRI")


@pytest.fixture(scope="module")
def index() -> Index:
    return Index(describe(LIBRARY))


def both(nl: str, en: str) -> list[Literal]:
    return [Literal(en, language="en"), Literal(nl, language="nl")]


def parameter(name: str) -> NamedNode:
    return NamedNode(f"{iri('called')}#{name}")


def test_a_question_is_an_executable_with_its_text(index: Index) -> None:
    assert index.of_type("sh:SPARQLExecutable") == [NODE]
    assert index.of_type("sh:SPARQLSelectExecutable") == [NODE]
    assert index.values(NODE, "sh:select") == [Literal(QUESTION.query)]
    assert index.values(NODE, "sh:prefixes") == [NamedNode(ONTOLOGY)]
    assert index.values(NODE, "schema:target") == [term("id:service/sparql")]


def test_a_question_is_told_in_both_languages(index: Index) -> None:
    assert index.values(NODE, "rdfs:label") == both("Wie heten zo?", "Who is called so?")
    assert index.values(NODE, "rdfs:comment") == both("Wie heten zo?", "Who is called so?")
    told = both("Dingen op naam.", "Things by name.")
    assert sorted(index.values(NODE, "dcterms:description"), key=str) == sorted(told, key=str)
    words = {(one.value, one.language) for one in index.texts(NODE, "schema:keywords")}
    assert words == {("naam", "nl"), ("ding", "nl"), ("name", "en")}


def test_a_question_has_its_topic_its_difficulty_and_its_version(index: Index) -> None:
    concept = PREFIXES["concept"]
    assert index.iris(NODE, "dcterms:subject") == (f"{concept}query-topic/start",)
    assert index.iris(NODE, "dcterms:educationLevel") == (f"{concept}query-difficulty/advanced",)
    assert index.values(NODE, "dcat:version") == [Literal(QUESTION.version)]
    assert index.values(NODE, "dcterms:isPartOf") == [DATASET]
    assert index.values(NODE, "dcterms:license") == [NamedNode(LICENSE)]


def test_parameters_are_those_of_shacl_in_their_order(index: Index) -> None:
    names = ("thing", "theme", "number", "least", "day", "word", "language")
    assert index.iris(NODE, "sh:parameter") == tuple(sorted(parameter(n).value for n in names))
    for place, name in enumerate(names):
        node = parameter(name)
        assert index.values(node, "rdf:type") == [term("sh:Parameter")]
        assert index.values(node, "sh:path") == [node]
        assert index.values(node, "sh:order") == [Literal(place)]
        assert index.values(node, "sh:optional") == [Literal(True)]
        assert index.values(node, "sh:name") == index.values(node, "rdfs:label")
    assert index.values(parameter("word"), "sh:name") == sorted(both("woord", "word"), key=str)
    assert index.values(parameter("language"), "sh:name") == sorted(
        both("taal", "language"), key=str
    )


@pytest.mark.parametrize(
    ("name", "told"),
    [
        (
            "thing",
            {
                "sh:nodeKind": IRI,
                "sh:class": NamedNode("https://example.org/Thing"),
            },
        ),
        (
            "theme",
            {
                "sh:nodeKind": IRI,
                "sh:class": term("skos:Concept"),
                "rdfs:seeAlso": term("concept:theme"),
            },
        ),
        (
            "number",
            {
                "sh:datatype": INTEGER,
                "sh:minInclusive": Literal(1),
                "sh:maxInclusive": Literal(9),
                "sh:defaultValue": Literal(4),
            },
        ),
        ("least", {"sh:datatype": INTEGER, "sh:defaultValue": Literal(0)}),
        (
            "day",
            {
                "sh:datatype": term("xsd:date"),
                "sh:defaultValue": Literal("2018-01-31", datatype=term("xsd:date")),
            },
        ),
        ("word", {"sh:datatype": STRING, "sh:defaultValue": Literal("a")}),
        (
            "language",
            {
                "sh:datatype": STRING,
                "sh:pattern": Literal("^(en|nl)$"),
                "sh:defaultValue": Literal("en"),
            },
        ),
    ],
)
def test_a_parameter_tells_what_it_takes(
    name: str, told: dict[str, NamedNode | Literal], index: Index
) -> None:
    common = {"rdf:type", "rdfs:label", "sh:name", "sh:optional", "sh:order", "sh:path"}
    assert {one.predicate for one in index.about(parameter(name))} == {
        term(one) for one in common | told.keys()
    }
    for constraint, value in told.items():
        assert index.values(parameter(name), constraint) == [value]


def test_there_are_no_blank_nodes_and_all_is_in_one_graph() -> None:
    for one in describe(LIBRARY):
        assert not any(isinstance(node, BlankNode) for node in one)
        assert one.graph == GRAPH


def test_a_file_is_told_with_the_digest_of_its_bytes(built: Build) -> None:
    found = files(library.read(built.questions))
    assert len(found) > 3
    for file in found:
        content = (built.path / file.path).read_bytes()
        assert hashlib.sha256(content).hexdigest() == file.digest


def test_every_topic_and_difficulty_is_a_concept(store: Store) -> None:
    for scheme, names in (("query-topic", TOPICS), ("query-difficulty", DIFFICULTIES)):
        node = NamedNode(f"{PREFIXES['concept']}{scheme}")
        listed = store.quads_for_pattern(None, term("skos:inScheme"), node)
        assert {quad.subject.value for quad in listed} == {f"{node.value}/{one}" for one in names}  # type: ignore[union-attr]


def test_an_editor_finds_the_questions(built: Build, store: Store) -> None:
    """As the sparql-editor of the SIB asks for them: https://github.com/sib-swiss/sparql-editor."""
    rows = store.query(
        """
        PREFIX sh: <http://www.w3.org/ns/shacl#>
        PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
        SELECT DISTINCT ?sq ?comment ?query
        WHERE {
          ?sq a sh:SPARQLExecutable ; rdfs:comment ?comment ;
            sh:select|sh:ask|sh:construct|sh:describe ?query .
        }
        ORDER BY ?sq
        """,
        use_default_graph_as_union=True,
    )
    found = {(row["sq"].value, row["comment"].value): row["query"].value for row in rows}
    asked = library.read(built.questions).questions
    assert len(found) == 2 * len(asked) > 6
    for question in asked:
        assert found[iri(question.slug), question.title["en"]] == question.query


def test_the_dataset_holds_what_is_told_of_its_library(built: Build, store: Store) -> None:
    told = {one.triple for one in describe(library.read(built.questions))}
    assert told == {quad.triple for quad in store.quads_for_pattern(None, None, None, GRAPH)}


def test_nothing_is_said_but_of_questions_and_their_parameters() -> None:
    data = Dataset(files(LIBRARY))
    assert data.in_graphs("queries") == list(data.statements)
    assert {one.subject.value.partition("#")[0] for one in data.statements} == {NODE.value}  # type: ignore[union-attr]
