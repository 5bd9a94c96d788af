"""What the metadata graph tells of the dataset, as pages read it."""

import pytest
from pyoxigraph import Literal, Store

from kg.catalog import DATASET, METADATA
from kg.dataset import Statement
from kg.metadata import Metadata
from kg.namespaces import PREFIXES, term


@pytest.fixture(scope="module")
def metadata(store: Store) -> Metadata:
    quads = store.quads_for_pattern(None, None, None, METADATA)
    return Metadata(
        tuple(Statement(one.subject, one.predicate, one.object, METADATA) for one in quads)  # type: ignore[arg-type]
    )


def test_the_metadata_tell_of_graphs_classes_and_links(metadata: Metadata, store: Store) -> None:
    assert set(metadata.graphs) == {one.value for one in store.named_graphs()}  # type: ignore[union-attr]
    assert metadata.classes[f"{PREFIXES['sam']}Pilot"] == 16
    assert list(metadata.classes.values()) == sorted(metadata.classes.values(), reverse=True)
    assert metadata.properties[f"{PREFIXES['sam']}signedAt"] >= 1
    wikidata = [one for one in metadata.linksets if one.target.endswith("/wikidata")]
    assert [one.links for one in wikidata] == [19]


def test_metadata_of_another_dataset_are_empty() -> None:
    metadata = Metadata(())
    assert not metadata.is_ours
    assert metadata.graphs == {}
    assert metadata.classes == {}
    assert metadata.linksets == []
    assert metadata.text(DATASET, "dcterms:title", "en") == ""


def test_a_text_is_in_the_language_asked_for() -> None:
    statements = tuple(
        Statement(DATASET, term("dcterms:title"), Literal(word, language=language), METADATA)
        for word, language in (("boek", "nl"), ("book", "en"))
    )
    assert Metadata(statements).text(DATASET, "dcterms:title", "nl") == "boek"
