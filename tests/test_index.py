"""The index finds what graphs say by subject, property and value."""

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, parse

from kg.dataset import Statement
from kg.index import Index
from kg.namespaces import PREFIXES, graph, term

TURTLE = """
sam:Pilot a owl:Class ; rdfs:label "pilot"@nl , "Pilot"@en ; rdfs:seeAlso sam:Event , "no IRI" .
sam:inPassage rdfs:domain [ owl:unionOf ( sam:Pilot sam:Event ) ] .
[] a owl:Class .
"""


@pytest.fixture(scope="module")
def index() -> Index:
    return read(TURTLE)


def read(turtle: str) -> Index:
    head = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items())
    quads = parse((head + turtle).encode(), RdfFormat.TURTLE)
    name = graph("ontology")
    return Index(Statement.in_graph(one, name) for one in quads)


def test_values_come_in_one_order(index: Index) -> None:
    found = index.values(term("sam:Pilot"), "rdfs:label")
    assert found == [Literal("Pilot", language="en"), Literal("pilot", language="nl")]
    assert index.value(term("sam:Pilot"), "rdfs:label") == found[0]
    assert index.value(term("sam:Pilot"), "rdfs:comment") is None


def test_values_are_told_apart_by_what_they_are(index: Index) -> None:
    assert index.iris(term("sam:Pilot"), "rdfs:seeAlso") == (term("sam:Event").value,)
    assert index.texts(term("sam:Pilot"), "rdfs:seeAlso") == (Literal("no IRI"),)
    assert index.nodes(term("sam:Pilot"), "rdfs:seeAlso") == [term("sam:Event")]


def test_things_of_a_class_are_those_with_a_name(index: Index) -> None:
    assert index.of_type("owl:Class") == [term("sam:Pilot")]
    assert len(index.subjects("rdf:type", term("owl:Class"))) == 2


def test_a_list_is_read_to_its_end(index: Index) -> None:
    (domain,) = index.nodes(term("sam:inPassage"), "rdfs:domain")
    (union,) = index.values(domain, "owl:unionOf")
    assert list(index.items(union)) == [term("sam:Pilot"), term("sam:Event")]
    assert list(index.items(term("rdf:nil"))) == []
    assert list(index.items(BlankNode("unknown"))) == []


def test_a_list_that_leads_back_to_itself_is_read_once() -> None:
    index = read("_:a rdf:first 1 ; rdf:rest _:b . _:b rdf:first 2 ; rdf:rest _:a .")
    (start,) = index.subjects("rdf:first", Literal(1))
    assert list(index.items(start)) == [Literal(1), Literal(2)]


def test_blank_nodes_that_describe_each_other_are_told_once() -> None:
    index = read("sam:x rdfs:seeAlso _:a . _:a rdf:value _:b . _:b rdf:value _:a , _:b .")
    assert len(index.about(term("sam:x"))) == len(index.statements) == 4


def test_what_is_said_of_a_thing_includes_its_blank_nodes(index: Index) -> None:
    said = index.about(term("sam:inPassage"))
    assert len(said) == 6, "the domain, its union, and two cells of a list"
    assert said[0].subject == term("sam:inPassage")
    assert {one.predicate for one in said[2:]} == {term("rdf:first"), term("rdf:rest")}
    assert index.about(NamedNode("https://example.org/none")) == []
