"""An index: statements by subject and by value, to be looked up by prefixed names."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache

from pyoxigraph import BlankNode, Literal, NamedNode

from kg.dataset import Statement, Term
from kg.namespaces import term

__all__ = ["Index", "Node"]

Node = NamedNode | BlankNode

_named = cache(term)


class Index:
    """Statements of a graph; what is looked up comes in an order that does not depend on theirs."""

    def __init__(self, statements: Iterable[Statement]) -> None:
        self.statements = tuple(statements)
        self._values: defaultdict[tuple[Node, NamedNode], list[Term]] = defaultdict(list)
        self._subjects: defaultdict[tuple[NamedNode, Term], list[Node]] = defaultdict(list)
        self._about: defaultdict[Node, list[Statement]] = defaultdict(list)
        for one in self.statements:
            self._values[one.subject, one.predicate].append(one.object)
            self._subjects[one.predicate, one.object].append(one.subject)
            self._about[one.subject].append(one)

    def about(self, *nodes: Node) -> list[Statement]:
        """Return what is said of things, and of the blank nodes that describe them, each once."""
        found: list[Statement] = []
        known = set(nodes)
        waiting = list(dict.fromkeys(nodes))  # and the blank nodes met on the way
        for node in waiting:
            own = self._about.get(node, ())
            nested = dict.fromkeys(one.object for one in own if isinstance(one.object, BlankNode))
            found += own
            waiting += (one for one in nested if one not in known)
            known |= nested.keys()
        return found

    def values(self, node: Node, name: str) -> list[Term]:
        """Return the values of a property."""
        found = self._values.get((node, _named(name)), [])
        return sorted(found, key=str) if len(found) > 1 else found

    def value(self, node: Node, name: str) -> Term | None:
        """Return the first value of a property, if there is one."""
        return next(iter(self.values(node, name)), None)

    def texts(self, node: Node, name: str) -> tuple[Literal, ...]:
        """Return the values of a property that are literals."""
        return tuple(one for one in self.values(node, name) if isinstance(one, Literal))

    def iris(self, node: Node, name: str) -> tuple[str, ...]:
        """Return the values of a property that are IRIs."""
        return tuple(one.value for one in self.values(node, name) if isinstance(one, NamedNode))

    def nodes(self, node: Node, name: str) -> list[Node]:
        """Return the values of a property that are not literals."""
        return [one for one in self.values(node, name) if not isinstance(one, Literal)]

    def subjects(self, name: str, value: Term) -> list[Node]:
        """Return what has a value for a property."""
        return sorted(self._subjects.get((_named(name), value), ()), key=str)

    def of_type(self, name: str) -> list[NamedNode]:
        """Return the things of a class that have a name."""
        found = self.subjects("rdf:type", _named(name))
        return [one for one in found if isinstance(one, NamedNode)]

    def items(self, node: Term) -> Iterator[Term]:
        """Yield the items of a list, once if it leads back to itself; nothing for what is none."""
        seen: set[Term] = set()
        while isinstance(node, BlankNode) and node not in seen:
            seen.add(node)
            first, rest = self.value(node, "rdf:first"), self.value(node, "rdf:rest")
            if first is None or rest is None:
                return
            yield first
            node = rest
