"""What things are called, for a reader of a language."""

import asyncio

import pytest

from kg.names import Name, names
from kg.texts import Language
from storing import StoreEngine, trig

ID = "https://w3id.org/samenhang/id/"
DATA = f"""
@prefix id: <{ID}> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<urn:g> {{
  <{ID}x/both> rdfs:label "beide"@nl , "both"@en ; skos:prefLabel "preferred"@en .
  <{ID}x/dutch> rdfs:label "alleen"@nl .
  <{ID}x/plain> dcterms:title "Plain" .
  <{ID}x/concept> skos:prefLabel "concept"@en ; dcterms:title "title"@nl .
  <https://example.org/labelled> rdfs:label "of another"@en .
}}
<urn:h> {{ <{ID}x/both> rdfs:label "also both"@en }}
"""
ENGINE = StoreEngine(trig(DATA))


def name(iri: str, language: Language) -> Name:
    return asyncio.run(names(ENGINE, [iri], language))[iri]


@pytest.mark.parametrize(
    ("local", "language", "label", "tag"),
    [
        ("x/both", "nl", "beide", "nl"),
        ("x/both", "en", "also both", "en"),
        ("x/dutch", "en", "alleen", "nl"),
        ("x/plain", "nl", "Plain", ""),
        ("x/concept", "en", "concept", "en"),
        ("x/concept", "nl", "title", "nl"),
    ],
)
def test_a_label_is_in_the_language_of_the_reader_if_there_is_one(
    local: str, language: Language, label: str, tag: str
) -> None:
    found = name(ID + local, language)
    assert (found.label, found.language, found.is_labelled) == (label, tag, True)
    assert found.path == ("/nl/doc/" if language == "nl" else "/doc/") + local


def test_a_thing_of_another_is_its_own_address() -> None:
    found = name("https://example.org/labelled", "en")
    assert (found.label, found.path) == ("of another", "https://example.org/labelled")
    assert not found.is_own


@pytest.mark.parametrize(
    ("iri", "label"),
    [
        (f"{ID}x/unnamed", "id:x/unnamed"),
        ("http://www.w3.org/2002/07/owl#Thing", "owl:Thing"),
        ("https://www.example.org/a/b/", "example.org/a/b"),
        ("urn:isbn:1", "urn:isbn:1"),
    ],
)
def test_without_a_label_the_iri_is_shortened(iri: str, label: str) -> None:
    found = name(iri, "en")
    assert (found.label, found.language, found.is_labelled) == (label, "", False)


@pytest.mark.parametrize("iri", ["javascript:alert(1)", "data:text/html,x", "urn:isbn:1"])
def test_what_a_browser_should_not_follow_is_no_address(iri: str) -> None:
    assert name(iri, "en").path == ""


def test_each_thing_asked_for_has_a_name_in_the_order_asked() -> None:
    iris = [f"{ID}x/{local}" for local in ("plain", "nothing", "both", "plain")]
    assert list(asyncio.run(names(ENGINE, iris, "en"))) == list(dict.fromkeys(iris))


def test_nothing_is_asked_about_nothing() -> None:
    assert asyncio.run(names(StoreEngine(trig("")), [], "en")) == {}
