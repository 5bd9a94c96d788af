"""The published context, and descriptions in terms of it."""

import asyncio
import json
from typing import Any

import pytest
import rdflib
from pyoxigraph import RdfFormat, parse
from rdflib.compare import isomorphic, to_isomorphic

from kg import jsonld
from kg.dataset import Statement
from kg.namespaces import PREFIXES, graph
from storing import StoreEngine, trig

ID = "https://w3id.org/samenhang/id/"
URL = "https://kg.example/context.jsonld"
TERMS = """
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix sam: <https://w3id.org/samenhang/ontology#> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
ONTOLOGY = f"""{TERMS}
sam:Pilot a owl:Class . sam:near a owl:ObjectProperty . sam:startDate a owl:DatatypeProperty .
oa:hasSelector a owl:ObjectProperty . <https://example.org/x#far> a owl:ObjectProperty .
[] a owl:Class .
"""
DESCRIPTIONS = {
    "a link": f"<{ID}a> sam:near <{ID}b> , <{ID}c> .",
    "a text in languages": f'<{ID}a> <urn:p> "a"@nl , "a"@en , "a" .',
    "typed values": f"""<{ID}a> sam:startDate "2017-09-14"^^xsd:date , "2017"^^xsd:gYear ;
      <urn:n> 4 , 4.0 , 4e0 , true , "04"^^xsd:integer , "P1Y"^^xsd:duration ,
        "P12M"^^xsd:duration .""",
    "a text where a link is usual": f'<{ID}a> sam:near "not a link" .',
    "a blank node": f"<{ID}a> oa:hasSelector [ <urn:start> 1 ; <urn:end> 2 ] .",
    "blank nodes of many": "\n".join(
        f"<{ID}{n}> a sam:Pilot ; oa:hasSelector [ <urn:start> {n} ] ." for n in range(5)
    ),
    "blank nodes in each other": f"<{ID}a> sam:near [ sam:near [ sam:near [ <urn:n> 1 ] ] ] .",
    "a shared blank node": f"<{ID}a> sam:near _:x . <{ID}b> sam:near _:x . _:x <urn:n> 1 .",
    "a list": f"<{ID}a> <urn:list> ( <{ID}b> 1 [ <urn:n> 2 ] ) ; sam:near ( ) .",
    "a circle": f"<{ID}a> sam:near <{ID}b> . <{ID}b> sam:near <{ID}a> .",
    "no known term": "<urn:a> <urn:p> <urn:o> .",
    "nothing": "",
}


def context(ontology: str = ONTOLOGY) -> jsonld.Context:
    return asyncio.run(jsonld.context(StoreEngine(trig(ontology))))


def compacted(turtle: str) -> tuple[list[Statement], dict[str, Any]]:
    quads = parse(f"{TERMS}{turtle}", RdfFormat.TURTLE)
    statements = [Statement.in_graph(one, graph("case/x")) for one in quads]
    return statements, json.loads(jsonld.compact(statements, context(), URL))


def test_the_context_names_prefixes_and_our_terms() -> None:
    names = context()
    assert PREFIXES.items() <= names.items()
    assert names["Pilot"] == {"@id": "https://w3id.org/samenhang/ontology#Pilot"}
    assert names["near"] == {"@id": "https://w3id.org/samenhang/ontology#near", "@type": "@id"}
    assert names["oa:hasSelector"]["@type"] == "@id"
    assert "@type" not in names["startDate"]
    assert not any("example.org" in name for name in names)


def test_what_is_of_two_kinds_is_a_link() -> None:
    found = context(f"{TERMS} sam:x a owl:DatatypeProperty , owl:ObjectProperty , owl:Class .")
    assert found["x"] == {"@id": "https://w3id.org/samenhang/ontology#x", "@type": "@id"}


@pytest.mark.parametrize("name", DESCRIPTIONS)
def test_a_description_says_the_same_as_json_ld(name: str) -> None:
    statements, document = compacted(DESCRIPTIONS[name])
    assert document["@context"] == URL
    document["@context"] = dict(context())
    said = rdflib.Graph().parse(data=json.dumps(document), format="json-ld")
    triples = "\n".join(f"{' '.join(map(str, one.triple))} ." for one in statements)
    expected = rdflib.Graph().parse(data=triples, format="nt")
    assert isomorphic(to_isomorphic(said), to_isomorphic(expected))


@pytest.mark.parametrize("name", DESCRIPTIONS)
def test_values_keep_their_form(name: str) -> None:
    statements, document = compacted(DESCRIPTIONS[name])
    document["@context"] = dict(context())
    quads = list(parse(json.dumps(document), RdfFormat.JSON_LD))
    values = {str(one.object) for one in quads if not str(one.object).startswith("_:")}
    assert values == {str(one.object) for one in statements if not str(one.object).startswith("_:")}


def test_names_are_short() -> None:
    _, document = compacted(f"<{ID}a> a sam:Pilot ; sam:near <{ID}b> .")
    assert document == {
        "@context": URL,
        "@id": "id:a",
        "@type": "Pilot",
        "near": "id:b",
    }
