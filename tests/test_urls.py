"""Where a deployment shows what our IRIs name."""

import pytest

from kg.namespaces import BASE
from kg.urls import iri, localised, neutral, path

PLACES = {
    "id/pilot/ede-west": "/doc/pilot/ede-west",
    "id/build/0123456789ab/file/data/a.ttl": "/doc/build/0123456789ab/file/data/a.ttl",
    "ontology#Pilot": "/ontology#Pilot",
    "ontology/0.1.0": "/ontology/0.1.0",
    "concept/role/chair": "/concept/role/chair",
    "source/ede-west#char=1,2": "/source/ede-west#char=1,2",
    "graph/case/ede-west": "/graph/case/ede-west",
    "": "/",
}


@pytest.mark.parametrize("name", PLACES)
def test_our_iri_is_shown_at_a_path_in_each_language(name: str) -> None:
    assert path(BASE + name) == PLACES[name]
    assert path(BASE + name, "nl") == f"/nl{PLACES[name]}"


@pytest.mark.parametrize(
    "other", ["https://example.org/id/x", "http://w3id.org/samenhang/id/x", "urn:x", BASE[:-1], ""]
)
def test_the_iri_of_another_is_not_shown(other: str) -> None:
    assert path(other) is None


@pytest.mark.parametrize("name", [name for name in PLACES if "#" not in name])
def test_a_path_leads_back_to_its_iri(name: str) -> None:
    assert iri(PLACES[name]) == BASE + name


@pytest.mark.parametrize(
    ("any_language", "english", "dutch"),
    [
        ("/data", "/data", "/nl/data"),
        ("/nl/data", "/data", "/nl/data"),
        ("/", "/", "/nl/"),
        ("/nl/", "/", "/nl/"),
        ("/nlx", "/nlx", "/nl/nlx"),
        ("/doc/nl/x", "/doc/nl/x", "/nl/doc/nl/x"),
    ],
)
def test_a_path_is_put_into_a_language(any_language: str, english: str, dutch: str) -> None:
    assert (localised(any_language, "en"), localised(any_language, "nl")) == (english, dutch)
    assert neutral(any_language) == english
