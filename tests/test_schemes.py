"""Schemes are read with their concepts, and with the properties that take values from them."""

import pytest
from pyoxigraph import Store

from kg import schemes
from kg.index import Index
from kg.namespaces import graph, term
from kg.schemes import CONCEPT, Scheme
from storing import statements


def index(store: Store, name: str) -> Index:
    return Index(statements(store, graph(name)))


@pytest.fixture(scope="module")
def found(store: Store) -> dict[str, Scheme]:
    return schemes.read(index(store, "ontology"), index(store, "shapes"))


def test_every_scheme_has_a_definition_and_concepts_of_its_own(found: dict[str, Scheme]) -> None:
    assert len(found) > 30
    for iri, scheme in found.items():
        assert {text.language for text in scheme.definitions} == {"en", "nl"}
        assert scheme.concepts
        assert all(one.startswith(f"{iri}/") for one in scheme.concepts)


def test_a_scheme_names_the_properties_and_variables_that_take_its_concepts(
    found: dict[str, Scheme],
) -> None:
    assert found[f"{CONCEPT}role"].properties == (term("org:role").value,)
    assert found[f"{CONCEPT}stage"].variables == (f"{CONCEPT}codebook/v02",)


def test_a_variable_has_its_notation_its_rule_and_the_scheme_of_its_values(
    found: dict[str, Scheme],
) -> None:
    one = found[f"{CONCEPT}codebook"].concepts[f"{CONCEPT}codebook/v02"]
    assert (one.notation, one.anchor) == ("V02", "v02")
    assert one.values == (f"{CONCEPT}stage",)
    assert one.notes
    assert {*one.values, one.iri} <= found[f"{CONCEPT}codebook"].mentioned


def test_concepts_are_told_with_what_they_fall_under(found: dict[str, Scheme]) -> None:
    above = {
        up for scheme in found.values() for one in scheme.concepts.values() for up in one.above
    }
    known = {iri for scheme in found.values() for iri in scheme.concepts}
    assert above
    assert above <= known
