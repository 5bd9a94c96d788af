"""Parts: what a query asks, taken apart into what must hold together.

The grammar is that of SPARQL 1.1 Query, https://www.w3.org/TR/sparql11-query/#grammar
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any, Self
from zlib import crc32

import pyoxigraph
from rdflib.namespace import Namespace
from rdflib.paths import AlternativePath, InvPath, MulPath, Path, SequencePath
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import BNode, Identifier, Literal, URIRef, Variable

from kg.namespaces import PREFIXES

__all__ = [
    "VARIABLE",
    "XSD",
    "Bind",
    "Element",
    "Expression",
    "Filter",
    "Group",
    "Nested",
    "NotAnalysed",
    "Query",
    "SubSelect",
    "TriplePattern",
    "Values",
    "Write",
    "conjuncts",
    "demands",
    "exists",
    "path_iris",
    "plain",
    "steps",
    "substituted",
    "term",
    "variables",
    "within",
]

# An expression as rdflib's parser gives it, a tree of operators and calls over terms; or a function
# that writes one.
Expression = Any
Write = Callable[[Identifier], str]
XSD = Namespace(PREFIXES["xsd"])
VARIABLE = re.compile(r"\?(\w+)")


class NotAnalysed(Exception):
    """The query is in a language that the analysis does not read: SPARQL 1.2, say, or LATERAL."""


@dataclass(frozen=True)
class TriplePattern:
    """A triple pattern; ``predicate`` may be a property path, blank nodes are variables."""

    subject: Identifier
    predicate: Identifier | Path
    object: Identifier


@dataclass(frozen=True)
class Filter:
    """``FILTER``."""

    condition: Expression


@dataclass(frozen=True)
class Bind:
    """``BIND``."""

    value: Expression
    variable: Variable


@dataclass(frozen=True)
class Values:
    """``VALUES``; an unbound value is ``None``."""

    variables: tuple[Variable, ...]
    rows: tuple[tuple[Identifier | None, ...], ...]


@dataclass(frozen=True)
class Nested:
    """Groups within a group: several of a ``UNION``, else one.

    ``keyword`` is OPTIONAL, MINUS, GRAPH (of ``graph``), or nothing.
    """

    keyword: str
    groups: tuple["Group", ...]
    graph: Identifier | None = None


@dataclass(frozen=True)
class SubSelect:
    """A ``SELECT`` within a group."""

    query: "Query"


Element = TriplePattern | Filter | Bind | Values | Nested | SubSelect
Group = tuple[Element, ...]


@dataclass(frozen=True)
class Query:
    """A query by its clauses, those that are not looked into as functions that write them.

    ``aggregates`` tells whether it gives one row over all solutions, there being no GROUP BY;
    ``described`` are the IRIs after DESCRIBE.
    """

    form: str
    prefixes: Mapping[str, str]
    head: Callable[[Write], str]
    default_graphs: tuple[URIRef, ...]
    named_graphs: tuple[URIRef, ...]
    where: Group
    grouping: Callable[[Write], str]
    having: tuple[Expression, ...]
    ordering: Callable[[Write], str]
    limit: int | None
    offset: int
    aggregates: bool
    described: tuple[URIRef, ...] = ()

    @classmethod
    def unread(cls, prefixes: Mapping[str, str]) -> Self:
        """Return a query of which no more is known than its prefixes."""
        return cls(
            form="SELECT",
            prefixes=prefixes,
            head=lambda _: "SELECT *",
            default_graphs=(),
            named_graphs=(),
            where=(),
            grouping=lambda _: "",
            having=(),
            ordering=lambda _: "",
            limit=None,
            offset=0,
            aggregates=False,
        )

    @property
    def dataset(self) -> str:
        """FROM and FROM NAMED."""
        clauses = [f"FROM {term(graph)}" for graph in self.default_graphs]
        return "\n".join(clauses + [f"FROM NAMED {term(graph)}" for graph in self.named_graphs])


def plain(node: Expression) -> Expression:
    """Return an expression without the levels of the grammar that say nothing in it."""
    while isinstance(node, CompValue) and node.name.endswith("Expression") and not node.other:
        node = node.expr
    return node


def exists(node: Expression) -> tuple[str, Group] | None:
    """Return EXISTS or NOT EXISTS and its group, if an expression is one of them."""
    node = plain(node)
    is_one = isinstance(node, CompValue) and node.name == "Exists"
    return (node.word, node.group) if is_one else None


def conjuncts(node: Expression) -> list[Expression]:
    """Return what ``&&`` connects."""
    node = plain(node)
    if isinstance(node, CompValue) and node.name == "ConditionalAndExpression":
        return [part for one in (node.expr, *node.other) for part in conjuncts(one)]
    return [node]


def path_iris(path: Identifier | Path) -> Iterator[URIRef]:
    """Yield the properties that a predicate or path must meet; those it may not meet are none."""
    match path:
        case URIRef():
            yield path
        case InvPath(arg=inner) | MulPath(path=inner):
            yield from path_iris(inner)
        case AlternativePath(args=parts) | SequencePath(args=parts):
            for part in parts:
                yield from path_iris(part)


def variables(element: Element | Expression) -> frozenset[str]:
    """Return the names of the variables of an element or expression, those within included."""
    match element:
        case TriplePattern():
            return _named_in(element.subject, element.predicate, element.object)
        case Filter(condition=condition):
            return variables(condition)
        case Bind(value=value, variable=variable):
            return _named_in(value, variable)
        case Values(variables=names):
            return _named_in(*names)
        case Nested(groups=groups, graph=graph):
            return _named_in(graph, *chain(*groups))
        case SubSelect(query=inner):
            head = inner.head(term)
            return _named_in(*inner.where) if "*" in head else frozenset(VARIABLE.findall(head))
    return _variables_of(element)


def _variables_of(node: Expression) -> frozenset[str]:
    match node:
        case Variable():
            return frozenset({str(node)})
        case CompValue():
            return _named_in(*node.values())
        case list() | tuple():
            return _named_in(*node)
    return frozenset()


def _named_in(*parts: Element | Expression) -> frozenset[str]:
    return frozenset[str]().union(*map(variables, parts))


def within(elements: Group) -> Iterator[Element]:
    """Yield the elements of a group and of the groups in it, those of filters left out."""
    for one in elements:
        yield one
        if isinstance(one, Nested):
            for inner in one.groups:
                yield from within(inner)
        elif isinstance(one, SubSelect):
            yield from within(one.query.where)


def substituted(where: Group, old: Element, new: Group) -> Group:
    """Return a group in which an element is replaced wherever it stands."""

    def changed(element: Element) -> Group:
        if element == old:
            return new
        if isinstance(element, Nested):
            groups = tuple(substituted(inner, old, new) for inner in element.groups)
            return (replace(element, groups=groups),)
        if isinstance(element, SubSelect):
            inner = replace(element.query, where=substituted(element.query.where, old, new))
            return (SubSelect(inner),)
        return (element,)

    return tuple(chain.from_iterable(map(changed, where)))


def steps(element: Element) -> Iterator[Element]:
    """Yield the patterns of a path of a fixed length one by one; anything else as it is."""
    if not isinstance(element, TriplePattern):
        yield element
        return
    match element.predicate:
        case InvPath(arg=inner):
            swapped = TriplePattern(element.object, inner, element.subject)
            yield from steps(swapped)
        case SequencePath(args=args):
            own = crc32(repr(element).encode())
            between = [Variable(f"_{own:x}_{number}") for number in range(1, len(args))]
            nodes = [element.subject, *between, element.object]
            for start, step, end in zip(nodes, args, nodes[1:], strict=False):
                yield from steps(TriplePattern(start, step, end))
        case _:
            yield element


def term(node: Identifier) -> str:
    r"""Write a term in full, escaped as it must be.

    Raises ``ValueError`` on an IRI or language tag that is none.

    >>> term(Literal('"} #', lang="nl"))
    '"\\"} #"@nl'
    """
    match node:
        case Variable():
            return f"?{node}"
        case Literal(language=str()):
            return str(pyoxigraph.Literal(str(node), language=node.language))
        case Literal(datatype=URIRef()):
            datatype = pyoxigraph.NamedNode(str(node.datatype))
            return str(pyoxigraph.Literal(str(node), datatype=datatype))
        case Literal():
            return str(pyoxigraph.Literal(str(node)))
        case URIRef():
            return str(pyoxigraph.NamedNode(str(node)))
        case BNode():
            return f"_:{node}"
    raise NotAnalysed(type(node).__name__)


def demands(element: Element) -> bool:
    """Tell whether a part must have a solution by itself for its group to have one."""
    if isinstance(element, Nested):
        return element.keyword in ("", "GRAPH")
    return isinstance(element, TriplePattern | Values | SubSelect)
