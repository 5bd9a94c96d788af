"""Products: groups of a query whose parts share no variable, so that their solutions multiply.

https://www.w3.org/TR/sparql11-query/#defn_algJoin
"""

from collections.abc import Iterator

from kg.explanation.parts import (
    Bind,
    Element,
    Filter,
    Group,
    Nested,
    Query,
    SubSelect,
    Values,
    variables,
)

__all__ = ["products"]


def products(query: Query) -> Iterator[list[frozenset[str]]]:
    """Yield, for each group of a query whose parts share no variable, the variables of the parts.

    Every solution of one part is then joined with every solution of the other. A row of data and
    what the surrounding group binds connect nothing, but are connected to all.
    """
    yield from _products(query.where, frozenset())


def _products(group: Group, outer: frozenset[str]) -> Iterator[list[frozenset[str]]]:
    parts: list[frozenset[str]] = []
    for element in group:
        own = _binding(element)
        if own and not own <= _constants(group):
            touched = [part for part in parts if part & own or (part & outer and own & outer)]
            parts = [part for part in parts if part not in touched] + [own.union(*touched)]
    if len(parts) > 1:
        yield parts
    for element in group:
        if isinstance(element, Nested):
            others = (one for one in group if one is not element)
            around = (outer | _constants(group)).union(*map(_binding, others))
            for inner in element.groups:
                yield from _products(inner, around)
        elif isinstance(element, SubSelect):
            yield from _products(element.query.where, frozenset())


def _binding(element: Element) -> frozenset[str]:
    """Return the variables by which a part of a group is joined with the others."""
    match element:
        case Filter() | Nested(keyword="MINUS"):
            return frozenset()
        case Nested(groups=groups, graph=graph):
            own = [frozenset[str]().union(*map(_binding, inner)) for inner in groups]
            return variables(graph) | frozenset.intersection(*own)
    return variables(element)


def _constants(group: Group) -> frozenset[str]:
    """Return the variables that have one value in a group."""
    found = frozenset[str]()
    for element in group:
        own = variables(element)
        match element:
            case Values(rows=[_]):
                found |= own
            case Bind(variable=variable) if own - {str(variable)} <= found:
                found |= own
    return found
