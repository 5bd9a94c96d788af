"""The vocabulary is read from the graphs of a build: all terms, and all that is said of them."""

import pytest
from pyoxigraph import Literal, NamedNode, Store

from kg import vocabulary
from kg.dataset import Statement
from kg.index import Index
from kg.namespaces import PREFIXES, graph, term
from kg.vocabulary import Ontology, Term, Uses
from storing import statements

OWN = PREFIXES["sam"]


def index(store: Store, name: str) -> Index:
    return Index(statements(store, graph(name)))


@pytest.fixture(scope="module")
def ontology(store: Store) -> Ontology:
    return vocabulary.read(index(store, "ontology"), index(store, "shapes"))


def groups(one: Term, name: str) -> set[tuple[str, ...]]:
    return {group for fact in one.facts if fact.name == name for group in fact.groups}


def test_all_named_classes_and_properties_are_there(ontology: Ontology, store: Store) -> None:
    for kind, name in vocabulary.KINDS.items():
        found = {
            quad.subject.value
            for quad in store.quads_for_pattern(
                None, term("rdf:type"), term(name), graph("ontology")
            )
            if isinstance(quad.subject, NamedNode)
        }
        assert found
        assert found == {iri for iri, one in ontology.terms.items() if one.kind == kind}


def test_a_class_has_what_it_is_a_kind_of_and_what_is_of_its_kind(ontology: Ontology) -> None:
    own = ontology.terms[f"{OWN}Collaboration"]
    assert groups(own, "above") == {(term("org:OrganizationalCollaboration").value,)}
    assert groups(own, "below") == {(f"{OWN}Programme",)}
    assert (f"{OWN}boundBy",) in groups(own, "properties")
    assert (f"{PREFIXES['shapes']}Collaboration",) in groups(own, "demands")
    assert (term("org:FormalOrganization").value,) in groups(own, "disjoint")
    assert own.anchor == "Collaboration"
    assert {text.language for text in own.definitions} == {"en", "nl"}


def test_disjointness_holds_both_ways_and_never_of_a_class_and_itself(ontology: Ontology) -> None:
    counted = 0
    for iri, one in ontology.terms.items():
        for (other,) in groups(one, "disjoint"):
            assert other != iri
            assert (iri,) in groups(ontology.terms[other], "disjoint")
            counted += 1
    assert counted > 20


def test_a_domain_that_is_a_union_is_one_group(ontology: Ontology) -> None:
    own = ontology.terms[f"{OWN}takesPlaceIn"]
    assert all(len(group) > 1 for group in groups(own, "domain"))
    assert groups(own, "range") == {(f"{OWN}Place",)}


def test_chains_inverses_and_characteristics_are_told(ontology: Ontology) -> None:
    chained = [one for one in ontology.terms.values() if groups(one, "chain")]
    assert chained
    assert all(len(chain) > 1 for one in chained for chain in groups(one, "chain"))
    narrower = ontology.terms[term("skos:narrower").value]
    assert groups(narrower, "inverse") == {(term("skos:broader").value,)}
    assert ontology.terms[f"{OWN}hasVerdict"].characteristics == ("functional",)


def test_terms_of_others_have_their_prefixed_name_as_place(ontology: Ontology) -> None:
    own = ontology.terms[term("org:Organization").value]
    assert not own.is_own
    assert own.anchor == own.name == "org:Organization"
    assert own.namespace == PREFIXES["org"]


def test_a_match_is_told_by_the_property_that_makes_it(ontology: Ontology) -> None:
    own = ontology.terms[f"{OWN}Municipality"]
    (match,) = groups(own, term("skos:exactMatch").value)
    assert match[0].endswith("Gemeente")
    assert {match[0], term("skos:exactMatch").value} <= own.mentioned


def test_a_deprecated_term_stays_with_what_replaces_it() -> None:
    name = graph("ontology")
    old, new = term("sam:Trial"), term("sam:Pilot")
    index = Index(
        [
            Statement(old, term("rdf:type"), term("owl:Class"), name),
            Statement(old, term("owl:deprecated"), Literal(True), name),
            Statement(old, term("dcterms:isReplacedBy"), new, name),
        ]
    )
    own = vocabulary.read(index, Index([])).terms[old.value]
    assert own.deprecated
    assert groups(own, "replaced") == {(new.value,)}


def test_the_header_and_the_versions_name_the_same_version(
    ontology: Ontology, store: Store
) -> None:
    newest, *_ = vocabulary.versions(index(store, "ontology"))
    assert (newest.iri, newest.number) == (ontology.version_iri, ontology.version)
    assert newest.number in newest.iri
    assert {note.language for note in newest.notes} == {"en", "nl"}
    assert term("dcterms:license").value in {one.iri for one in ontology.header}


def test_inferred_uses_are_counted_apart() -> None:
    rows = [
        {"thing": term("sam:Pilot"), "graph": graph("case/ede-west"), "count": Literal(1)},
        {"thing": term("sam:Pilot"), "graph": graph("case/village-deals"), "count": Literal(11)},
        {"thing": term("sam:Pilot"), "graph": graph("inferred"), "count": Literal(2)},
    ]
    assert vocabulary.counted(rows) == {f"{OWN}Pilot": Uses(12, 2)}


def test_no_ontology_is_no_terms() -> None:
    found = vocabulary.read(Index([]), Index([]))
    assert (found.version, found.terms, found.header) == ("", {}, ())
