"""Hierarchies: things under those that are more general, as a tree."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

__all__ = ["Branch", "hierarchy"]


@dataclass(frozen=True)
class Branch:
    """A thing by its IRI, with what is under it."""

    iri: str
    branches: tuple["Branch", ...] = ()


def hierarchy(
    above: Mapping[str, Collection[str]], order: Callable[[str], tuple[str, str]]
) -> tuple[Branch, ...]:
    """Return things, each with what is directly above it, as trees in an order.

    What is under several things stands under each; what is above itself stands on top.

    >>> hierarchy({"a": (), "b": ("a",), "c": ("c",)}, lambda one: (one, one))
    (Branch(iri='a', branches=(Branch(iri='b', branches=()),)), Branch(iri='c', branches=()))
    """
    below: dict[str, list[str]] = {one: [] for one in above}
    for one in sorted(above, key=order):
        for other in above[one]:
            if other in below:
                below[other].append(one)
    seen: set[str] = set()

    def branch(one: str, over: frozenset[str]) -> Branch:
        seen.add(one)
        under = (branch(other, over | {one}) for other in below[one] if other not in over | {one})
        return Branch(one, tuple(under))

    tops = [one for one in above if not below.keys() & set(above[one])]
    found = [branch(one, frozenset()) for one in sorted(tops, key=order)]
    circular = (one for one in sorted(above, key=order) if one not in seen)
    return (*found, *(branch(one, frozenset()) for one in circular))
