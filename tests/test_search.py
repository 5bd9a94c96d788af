"""Things by the words in their names, and names like one that is not there."""

import asyncio

import pytest

from kg.engine.base import Answer
from kg.protocol import Query
from kg.search import ALTERNATIVES, MOST, beginning, find, near
from storing import StoreEngine, nquads, trig

BASE = "https://w3id.org/samenhang/"
ID = f"{BASE}id/"
ENGINE = StoreEngine(
    trig(f"""
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<urn:g> {{
  <{ID}pilot/ede-west> rdfs:label "pilot Ede-West"@nl , "Ede-West pilot"@en .
  <{ID}municipality/ede> rdfs:label "Ede"@nl .
  <{ID}municipality/veenendaal> rdfs:label "Veenendaal"@nl ; skos:altLabel "Veenendaal bij Ede"@nl .
  <{ID}a/1> rdfs:label "brede steun"@nl .
  <{ID}attestation/1> rdfs:label "evidence of Ede"@en .
  <{BASE}concept/role/chair> skos:prefLabel "voorzitter"@nl , "chair \\"50% (a+b)*\\""@en .
  <https://example.org/ede> rdfs:label "Ede of another"@en .
}}
""")
)


def found(words: str) -> list[str]:
    return [iri.removeprefix(BASE) for iri in asyncio.run(find(ENGINE, words))]


def test_what_is_called_so_comes_first_then_words_that_begin_so_and_evidence_last() -> None:
    assert found("ede") == [
        "id/municipality/ede",
        "id/pilot/ede-west",
        "id/municipality/veenendaal",
        "id/a/1",
        "id/attestation/1",
    ]


@pytest.mark.parametrize("words", ["EDE-west pilot", "pilot  ede", "west\tPILOT pilot"])
def test_all_words_count_in_any_order_and_case(words: str) -> None:
    assert found(words) == ["id/pilot/ede-west"]


def test_words_of_an_iri_count_too() -> None:
    assert found("municipality veen") == ["id/municipality/veenendaal"]


@pytest.mark.parametrize("words", ["", "  ", "nothing", "ede nothing", "ede of another"])
def test_nothing_is_found_for(words: str) -> None:
    assert found(words) == []


@pytest.mark.parametrize("words", ['"50%', "(a+b)*", '"50% (a+b)*"', "50% CHAIR"])
def test_signs_stand_for_themselves(words: str) -> None:
    assert found(words) == ["concept/role/chair"]


@pytest.mark.parametrize("words", ['" } DROP ALL #', "\\", "'''", "}", "?thing", "\x00", ".*", "é"])
def test_no_words_break_the_query(words: str) -> None:
    assert found(words) == []


def test_there_is_an_end_to_what_is_found() -> None:
    label = '<http://www.w3.org/2000/01/rdf-schema#label> "same"'
    many = "\n".join(f"<{ID}x/{number}> {label} <urn:graph> ." for number in range(MOST + 5))
    assert len(asyncio.run(find(StoreEngine(nquads(many)), "same"))) == MOST + 1


def test_things_are_found_by_how_their_iris_begin() -> None:
    assert asyncio.run(beginning(ENGINE, f"{ID}municipality/")) == [
        f"{ID}municipality/ede",
        f"{ID}municipality/veenendaal",
    ]


@pytest.mark.parametrize(
    ("wanted", "like"),
    [
        ("id/municipality/edde", "id/municipality/ede"),
        ("id/municipality/Veenendal", "id/municipality/veenendaal"),
        ("concept/role/chairs", "concept/role/chair"),
    ],
)
def test_names_like_one_are_of_its_kind(wanted: str, like: str) -> None:
    assert asyncio.run(near(ENGINE, BASE + wanted))[0] == BASE + like


def test_of_a_few_all_names_are_given() -> None:
    assert len(asyncio.run(near(ENGINE, f"{ID}municipality/qqqq"))) == 2


def test_of_many_only_names_like_it_are_given() -> None:
    label = '<http://www.w3.org/2000/01/rdf-schema#label> "x"'
    many = StoreEngine(
        nquads("\n".join(f"<{ID}x/name-{n}> {label} <urn:graph> ." for n in range(50)))
    )
    assert len(asyncio.run(near(many, f"{ID}x/name"))) == ALTERNATIVES
    assert asyncio.run(near(many, f"{ID}x/qqqq")) == []


def test_a_name_of_many_parts_is_looked_for_in_few_places() -> None:
    class Counted(StoreEngine):
        asked = 0

        async def query(self, query: Query, client: str = "") -> Answer:
            self.asked += 1
            return await super().query(query, client)

    engine = Counted(nquads(f"<{ID}x/name> <urn:p> <urn:o> <urn:graph> ."))
    assert asyncio.run(near(engine, ID + "/".join("a" * 900))) == []
    assert engine.asked == 2
