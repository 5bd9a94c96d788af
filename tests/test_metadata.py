"""What the metadata graph tells of the dataset, as pages read it."""

from collections import Counter

import pytest
from pyoxigraph import Literal, NamedNode, Store, Triple

from kg.dataset import Statement
from kg.index import Index
from kg.metadata import Metadata
from kg.namespaces import DATASET, METADATA, term
from storing import statements

WIKIDATA = "http://www.wikidata.org/entity/"


@pytest.fixture(scope="module")
def metadata(store: Store) -> Metadata:
    return Metadata(Index(statements(store, METADATA)))


def content(store: Store, predicate: NamedNode | None = None) -> set[Triple]:
    """What all graphs but the metadata say, with a property if one is given."""
    quads = store.quads_for_pattern(None, predicate, None)
    return {one.triple for one in quads if one.graph_name != METADATA}


def test_the_metadata_tell_of_graphs_classes_and_links(metadata: Metadata, store: Store) -> None:
    assert set(metadata.graphs) == {one.value for one in store.named_graphs()}  # type: ignore[union-attr]
    pilots = [one for one in content(store, term("rdf:type")) if one.object == term("sam:Pilot")]
    assert metadata.classes[term("sam:Pilot").value] == len(pilots) > 1
    assert list(metadata.classes.values()) == sorted(metadata.classes.values(), reverse=True)


def test_the_metadata_tell_of_links_by_property(metadata: Metadata, store: Store) -> None:
    links = Counter(
        one.predicate.value
        for one in content(store)
        if isinstance(one.object, NamedNode) and one.object.value.startswith(WIKIDATA)
    )
    told = [one for one in metadata.linksets if one.target.endswith("/wikidata")]
    assert {one.property: one.links for one in told} == links
    assert links


def test_metadata_of_another_dataset_are_empty() -> None:
    metadata = Metadata(Index(()))
    assert not metadata.is_ours
    assert metadata.graphs == {}
    assert metadata.classes == {}
    assert metadata.linksets == []
    assert metadata.text(DATASET, "dcterms:title", "en") == ""


def test_a_text_is_in_the_language_asked_for() -> None:
    titles = Index(
        Statement(DATASET, term("dcterms:title"), Literal(word, language=language), METADATA)
        for word, language in (("boek", "nl"), ("book", "en"))
    )
    assert Metadata(titles).text(DATASET, "dcterms:title", "nl") == "boek"
