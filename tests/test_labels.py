"""A thing has a label in both languages."""

from pyoxigraph import Literal

from kg.labels import labels
from kg.namespaces import DATASET, term


def test_a_thing_is_called_something_in_both_languages() -> None:
    found = list(labels(DATASET, "gegevens", "data"))
    assert {(subject, name) for subject, name, _ in found} == {(DATASET, term("rdfs:label"))}
    texts = [text for _, _, text in found]
    assert texts == [Literal("gegevens", language="nl"), Literal("data", language="en")]


def test_a_name_is_the_same_in_both_languages() -> None:
    texts = [text for _, _, text in labels(DATASET, "pyoxigraph 1")]
    assert texts == [Literal("pyoxigraph 1", language=one) for one in ("nl", "en")]
