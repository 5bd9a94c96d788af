"""What is said of a thing, and on which evidence."""

import asyncio

import pytest
from pyoxigraph import BlankNode, NamedNode

from kg.dataset import Statement
from kg.description import PAGE, Description, describe, known
from storing import StoreEngine, trig

ID = "https://w3id.org/samenhang/id/"
THING = f"{ID}pilot/one"
GRAPH = "https://w3id.org/samenhang/graph/"
PASSAGE = "https://w3id.org/samenhang/source/s#char="
PREFIXES = f"""
@prefix id: <{ID}> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix graph: <{GRAPH}> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sam: <https://w3id.org/samenhang/ontology#> .
"""
DATA = (
    PREFIXES
    + f"""
<{GRAPH}case/one> {{
  <{THING}> a sam:Pilot ; rdfs:label "one"@en , "één"@nl ; dcterms:description "A pilot."@en ;
    sam:near <{ID}pilot/two> , <{ID}pilot/three> ;
    sam:has [ sam:part [ sam:part [ rdfs:label "deep" ] ] ] .
  <{ID}pilot/two> sam:near <{THING}> .
  [] sam:near <{THING}> .
  <{ID}attestation/a> sam:about <{THING}> ; sam:attests sam:near ;
    sam:attestsValue <{ID}pilot/two> ; sam:inPassage <{PASSAGE}20,30> .
  <{ID}attestation/b> sam:about <{THING}> ; sam:attests sam:near ; sam:inPassage <{PASSAGE}3,9> .
}}
<{GRAPH}inferred> {{ <{THING}> a sam:Activity ; sam:near <{ID}pilot/two> }}
"""
)


def told(data: str = DATA, thing: str = THING, page: int = 1) -> Description:
    description = asyncio.run(describe(StoreEngine(trig(data)), thing, page=page))
    assert description is not None
    return description


def test_nothing_is_told_of_a_thing_that_is_only_a_value() -> None:
    engine = StoreEngine(trig(DATA))
    assert asyncio.run(describe(engine, f"{ID}pilot/three")) is None
    assert asyncio.run(known(engine, [THING, f"{ID}pilot/three"])) == {THING}


def test_properties_come_in_the_order_of_a_reader() -> None:
    iris = [own.iri.rpartition("#")[2].rpartition("/")[2] for own in told().properties]
    assert iris == ["type", "label", "description", "has", "near"]


def test_a_value_tells_the_graphs_that_state_it() -> None:
    (near,) = (own for own in told().properties if own.iri.endswith("#near"))
    graphs = {value.term: set(value.graphs) for value in near.values}
    assert graphs == {
        NamedNode(f"{ID}pilot/two"): {f"{GRAPH}case/one", f"{GRAPH}inferred"},
        NamedNode(f"{ID}pilot/three"): {f"{GRAPH}case/one"},
    }


def test_an_attestation_covers_its_value_or_all_values() -> None:
    (near,) = (own for own in told().properties if own.iri.endswith("#near"))
    passages = {str(value.term): value.passages for value in near.values}
    assert passages == {
        f"<{ID}pilot/two>": (f"{PASSAGE}3,9", f"{PASSAGE}20,30"),
        f"<{ID}pilot/three>": (f"{PASSAGE}3,9",),
    }


def test_any_attestation_of_a_thing_covers_what_it_is_and_is_called() -> None:
    kind, label, description = told().properties[:3]
    passages = {str(value.term): value.passages for value in kind.values}
    assert passages["<https://w3id.org/samenhang/ontology#Pilot>"]
    assert not passages["<https://w3id.org/samenhang/ontology#Activity>"]
    assert all(value.passages for value in label.values)
    assert not description.values[0].passages


def test_blank_nodes_are_told_with_what_they_are_part_of() -> None:
    (has,) = (own for own in told().properties if own.iri.endswith("#has"))
    value = has.values[0]
    depth = 0
    while isinstance(value.term, BlankNode):
        value, depth = value.parts[0].values[0], depth + 1
    assert (depth, str(value.term)) == (3, '"deep"')
    assert sum(isinstance(one.subject, BlankNode) for one in told().statements) == 3


def test_incoming_statements_come_from_things_that_have_iris() -> None:
    description = told()
    found = {
        (own.iri.rpartition("#")[2], value.term)
        for own in description.incoming
        for value in own.values
    }
    assert found == {
        ("near", NamedNode(f"{ID}pilot/two")),
        ("about", NamedNode(f"{ID}attestation/a")),
        ("about", NamedNode(f"{ID}attestation/b")),
    }
    assert description.incoming_total == 3
    assert description.incoming[-1].iri.endswith("#about"), "attestations come last"


@pytest.mark.parametrize("number", [PAGE - 1, PAGE, PAGE + 1, 2 * PAGE])
def test_incoming_statements_are_told_page_by_page(number: int) -> None:
    others = "\n".join(f"<{ID}x/{n:04}> sam:near <{THING}> ." for n in range(number))
    data = f'{PREFIXES}<{GRAPH}case/one> {{ <{THING}> rdfs:label "one" . {others} }}'
    pages = told(data).pages
    assert pages == -(-number // PAGE)
    found: list[Statement] = []
    for page in range(1, pages + 1):
        description = told(data, page=page)
        assert (description.incoming_total, description.pages) == (number, pages)
        found += (one for one in description.statements if one.object == NamedNode(THING))
    assert len(found) == len(set(found)) == number
    beyond = told(data, page=pages + 1)
    assert beyond.incoming == ()
    assert len(beyond.statements) == 1


def test_all_that_a_reader_meets_is_mentioned() -> None:
    mentioned = told().mentioned
    assert {THING, f"{ID}pilot/two", f"{ID}attestation/a", f"{GRAPH}inferred"} <= mentioned
    assert f"{PASSAGE}3,9" in mentioned
    assert "https://w3id.org/samenhang/ontology#part" in mentioned
    assert not any(iri.startswith("_:") for iri in mentioned)


def test_blank_nodes_that_describe_each_other_end_where_they_meet_again() -> None:
    (has,) = told(
        f"{PREFIXES} <{GRAPH}x> {{ <{THING}> sam:has _:a . _:a sam:has _:b . _:b sam:has _:a }}"
    ).properties
    names = []
    while True:
        (value,) = has.values
        names.append(value.term)
        if not value.parts:
            break
        (has,) = value.parts
    first, second, third = names
    assert first == third != second


def test_values_are_found_by_a_prefixed_name() -> None:
    assert {value.value for value in told().values("rdfs:label")} == {"one", "één"}  # type: ignore[union-attr]
    assert told().values("skos:note") == ()
