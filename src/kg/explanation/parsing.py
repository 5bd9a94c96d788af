"""Parsing: from the text of a query to its parts.

rdflib's parser does the work.
"""

import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from itertools import chain
from typing import Any

import rdflib.plugins.stores.memory  # noqa: F401 - a worker without files could not, later
from rdflib.plugins.sparql.algebra import translatePath, translatePName, translatePrologue, traverse
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import BNode, URIRef, Variable

from kg.explanation.parts import (
    Bind,
    Element,
    Filter,
    Group,
    Nested,
    NotAnalysed,
    Query,
    SubSelect,
    TriplePattern,
    Values,
    Write,
)
from kg.explanation.writing import bracketted, expression, group, query

__all__ = ["parse"]

LONGEST = 50_000  # code points, which take rdflib some seconds
STACK = 128 * 2**20
FRAMES = 25_000


def parse(text: str, base: str | None = None) -> Query:
    """Return a query by its parts.

    Raises ``NotAnalysed`` when rdflib, SPARQL 1.1 to the letter, does not understand it, or when it
    is longer than anybody writes.
    """
    if len(text) > LONGEST:
        raise NotAnalysed(f"more than {LONGEST} characters")
    try:
        with _deep_stack(), ThreadPoolExecutor(1) as deep:
            parts = deep.submit(_parsed, text, base).result()
        query(parts)  # what cannot be written cannot be analysed either
    except Exception as error:  # noqa: BLE001 - a parser of others, on any text
        raise NotAnalysed(str(error)) from None
    return parts


@contextmanager
def _deep_stack() -> Iterator[None]:
    """Let what is called in a new thread nest deeply: rdflib nests a level for each triple."""
    size, limit = threading.stack_size(STACK), sys.getrecursionlimit()
    sys.setrecursionlimit(FRAMES)
    try:
        yield
    finally:
        threading.stack_size(size)
        sys.setrecursionlimit(limit)


def _parsed(text: str, base: str | None) -> Query:
    prologue, tree = parseQuery(text)
    names = translatePrologue(prologue, base)
    tree = traverse(tree, visitPost=partial(translatePName, prologue=names))
    tree = traverse(tree, visitPost=translatePath)
    if tree.where is not None:
        tree["where"] = traverse(tree.where, visitPost=_naming(text))
    tree = traverse(tree, visitPost=_with_groups)
    declared = [one.prefix or "" for one in prologue if one.name == "PrefixDecl"]
    spaces = names.namespace_manager.store
    return _query(tree, {prefix: str(spaces.namespace(prefix)) for prefix in declared})


def _naming(text: str) -> Callable[[Any], Variable | None]:
    """Return what gives every blank node a variable that the text does not have."""
    start = "_"
    while f"?{start}" in text or f"${start}" in text:
        start += "_"
    names: dict[BNode, Variable] = {}

    def named(node: Any) -> Variable | None:
        if not isinstance(node, BNode):
            return None
        return names.setdefault(node, Variable(f"{start}{len(names) + 1}"))

    return named


def _with_groups(node: Any) -> CompValue | None:
    """Return EXISTS and NOT EXISTS with their group."""
    words = {"Builtin_EXISTS": "EXISTS", "Builtin_NOTEXISTS": "NOT EXISTS"}
    if not isinstance(node, CompValue) or node.name not in words:
        return None
    return CompValue("Exists", word=words[node.name], group=_group(node.graph))


def _query(tree: CompValue, prefixes: Mapping[str, str]) -> Query:
    graphs = tree.datasetClause or []
    slices = tree.limitoffset or CompValue("LimitOffsetClauses")
    where = _group(tree.where) if tree.where is not None else ()
    if tree.valuesClause:
        where = (*where, _values(tree.valuesClause))
    aggregates = not tree.groupby and any(
        item.expr is not None and _has_aggregate(item.expr) for item in _items(tree.projection)
    )
    return Query(
        form=tree.name.removesuffix("Query").upper() if tree.name != "SubSelect" else "SELECT",
        prefixes=prefixes,
        head=partial(_head, tree),
        default_graphs=tuple(clause.default for clause in graphs if clause.default is not None),
        named_graphs=tuple(clause.named for clause in graphs if clause.named is not None),
        where=where,
        grouping=partial(_conditions, "GROUP BY", tree.groupby),
        having=tuple(tree.having.condition) if tree.having else (),
        ordering=partial(_conditions, "ORDER BY", tree.orderby),
        limit=int(slices.limit) if slices.limit is not None else None,
        offset=int(slices.offset) if slices.offset is not None else 0,
        aggregates=aggregates,
        described=tuple(one for one in tree.var or () if isinstance(one, URIRef)),
    )


def _items(projection: Any) -> list[CompValue]:
    return [item for item in projection or () if isinstance(item, CompValue)]


def _has_aggregate(node: Any) -> bool:
    if isinstance(node, CompValue):
        return node.name.startswith("Aggregate_") or any(map(_has_aggregate, node.values()))
    return isinstance(node, list) and any(map(_has_aggregate, node))


def _group(tree: CompValue) -> Group:
    if tree.name == "SubSelect":
        return (SubSelect(_query(tree, {})),)
    return tuple(chain.from_iterable(_elements(part) for part in tree.part or ()))


def _elements(part: CompValue) -> Iterator[Element]:
    match part.name:
        case "TriplesBlock":
            for flat in part.triples or ():
                for i in range(0, len(flat), 3):
                    yield TriplePattern(*flat[i : i + 3])
        case "Filter":
            yield Filter(part.expr)
        case "Bind":
            yield Bind(part.expr, part.var)
        case "InlineData":
            yield _values(part)
        case "OptionalGraphPattern" | "MinusGraphPattern" | "GraphGraphPattern":
            keyword = part.name.removesuffix("GraphPattern").upper()
            yield Nested(keyword, (_group(part.graph),), part.term)
        case "GroupOrUnionGraphPattern":
            groups = tuple(_group(branch) for branch in part.graph)
            is_query = len(groups) == 1 and part.graph[0].name == "SubSelect"
            yield from groups[0] if is_query else (Nested("", groups),)
        case other:
            raise NotAnalysed(other)


def _values(part: CompValue) -> Values:
    names = tuple(part.var or ())
    rows = [row if isinstance(row, list) else [row] for row in part.value or ()]
    return Values(
        names, tuple(tuple(None if one == "UNDEF" else one for one in row) for row in rows)
    )


def _head(tree: CompValue, write: Write) -> str:
    if tree.name == "AskQuery":
        return "ASK"
    if tree.name == "ConstructQuery":
        if tree.template is None:  # CONSTRUCT WHERE
            triples = [one for part in tree.where.part for one in _elements(part)]
        else:
            triples = [
                TriplePattern(*flat[i : i + 3])
                for flat in tree.template
                for i in range(0, len(flat), 3)
            ]
        return f"CONSTRUCT {group(tuple(triples), write)}"
    if tree.name == "DescribeQuery":
        return " ".join(["DESCRIBE", *map(write, tree.var or ())] + ([] if tree.var else ["*"]))
    return " ".join(
        ["SELECT", *([tree.modifier] if tree.modifier else []), _projection(tree, write)]
    )


def _projection(tree: CompValue, write: Write) -> str:
    if not isinstance(tree.projection, list):
        return "*"
    return " ".join(
        f"({expression(item.expr, write)} AS {write(item.evar)})"
        if item.expr is not None
        else write(item.var)
        for item in tree.projection
    )


def _conditions(keyword: str, clause: CompValue | None, write: Write) -> str:
    if not clause:
        return ""
    return " ".join([keyword, *(_condition(one, write) for one in clause.condition)])


def _condition(node: Any, write: Write) -> str:
    if isinstance(node, Variable):
        return write(node)
    if node.name == "GroupAs":
        alias = f" AS {write(node.var)}" if node.var is not None else ""
        return f"({expression(node.expr, write)}{alias})"
    if node.name == "OrderCondition":
        return f"{node.order or ''}{bracketted(node.expr, write)}"
    return bracketted(node, write)
