"""Hierarchies put each thing under all that it falls under, and lose none."""

from collections.abc import Iterator

from kg.hierarchy import Branch, hierarchy


def order(one: str) -> tuple[str, str]:
    return one, one


def outline(branches: tuple[Branch, ...], depth: int = 0) -> Iterator[str]:
    for branch in branches:
        yield "." * depth + branch.iri
        yield from outline(branch.branches, depth + 1)


def test_a_thing_stands_under_each_that_it_falls_under() -> None:
    above = {"c": ("a", "b"), "b": (), "a": (), "d": ("c",)}
    found = list(outline(hierarchy(above, order)))
    assert found == ["a", ".c", "..d", "b", ".c", "..d"]


def test_what_is_above_but_unknown_does_not_count() -> None:
    assert hierarchy({"a": ("elsewhere",)}, order) == (Branch("a"),)


def test_things_above_each_other_are_all_shown() -> None:
    assert list(outline(hierarchy({"a": ("b",), "b": ("a",)}, order))) == ["a", ".b"]
