"""Writing: the parts of a query as SPARQL again.

The grammar is that of SPARQL 1.1 Query, https://www.w3.org/TR/sparql11-query/#grammar
"""

import re
from collections.abc import Mapping
from itertools import chain
from typing import Any

from rdflib.namespace import RDF
from rdflib.paths import AlternativePath, InvPath, MulPath, NegatedPath, Path, SequencePath
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import Identifier, Literal, URIRef

from kg.explanation.parts import (
    XSD,
    Bind,
    Element,
    Expression,
    Filter,
    Group,
    Nested,
    NotAnalysed,
    Query,
    SubSelect,
    TriplePattern,
    Values,
    Write,
    plain,
    term,
)

__all__ = ["bracketted", "expression", "group", "query", "text", "writer"]

_UNARY = {"UnaryNot": "!", "UnaryMinus": "-", "UnaryPlus": "+"}
_LOCAL = re.compile(r"(?:[A-Za-z0-9_](?:[\w-]*\w)?)?", re.ASCII)
_BARE = re.compile(r"\d+(?:\.\d+)?|true|false")


def text(parts: Query) -> str:
    """Write a query with the prefixes that it declares."""
    declared = [f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in parts.prefixes.items()]
    return f"{''.join(declared)}{query(parts, writer(parts.prefixes))}\n"


def query(parts: Query, write: Write = term) -> str:
    """Write a query, without its PREFIX declarations."""
    clauses = [
        parts.head(write),
        parts.dataset,
        f"WHERE {group(parts.where, write)}",
        parts.grouping(write),
        f"HAVING {' '.join(bracketted(one, write) for one in parts.having)}"
        if parts.having
        else "",
        parts.ordering(write),
        f"LIMIT {parts.limit}" if parts.limit is not None else "",
        f"OFFSET {parts.offset}" if parts.offset else "",
    ]
    return "\n".join(clause for clause in clauses if clause)


def writer(prefixes: Mapping[str, str]) -> Write:
    """Return what writes a term with prefixes and numbers bare, where the grammar allows it."""

    def write(node: Identifier) -> str:
        if isinstance(node, Literal) and node.datatype is not None:
            if node.datatype in (XSD.integer, XSD.decimal, XSD.boolean) and _BARE.fullmatch(node):
                return str(node)
            return f"{term(Literal(str(node)))}^^{write(node.datatype)}"
        if not isinstance(node, URIRef):
            return term(node)
        known = [item for item in prefixes.items() if item[1] and node.startswith(item[1])]
        prefix, namespace = max(known, key=lambda item: len(item[1]), default=("", ""))
        local = node.removeprefix(namespace)
        return f"{prefix}:{local}" if known and _LOCAL.fullmatch(local) else term(node)

    return write


def group(elements: Group, write: Write = term, depth: int = 0) -> str:
    """Write a group with its braces, an element a line."""
    inner = "  " * (depth + 1)
    lines = [f"{inner}{_element(one, write, depth + 1)}" for one in elements]
    return "\n".join(["{", *lines, f"{'  ' * depth}}}"])


def _element(element: Element, write: Write, depth: int) -> str:
    match element:
        case TriplePattern(subject=subject, predicate=predicate, object=value):
            return f"{write(subject)} {_path(predicate, write)} {write(value)} ."
        case Filter(condition=condition):
            return f"FILTER{bracketted(condition, write)}"
        case Bind(value=value, variable=variable):
            return f"BIND({expression(value, write)} AS {write(variable)})"
        case Values(variables=names, rows=rows):
            table = " ".join(
                f"({' '.join(write(one) if one is not None else 'UNDEF' for one in row)})"
                for row in rows
            )
            return f"VALUES ({' '.join(map(write, names))}) {{ {table} }}"
        case Nested(keyword=keyword, groups=groups, graph=graph):
            text = " UNION ".join(group(one, write, depth) for one in groups)
            return " ".join(
                [*([keyword] if keyword else []), *([write(graph)] if graph else []), text]
            )
        case SubSelect(query=inner):
            return f"{{ {query(inner, write)} }}"


def _path(path: Identifier | Path, write: Write) -> str:
    match path:
        case InvPath(arg=arg):
            return f"^({_path(arg, write)})" if isinstance(arg, Path) else f"^{_path(arg, write)}"
        case MulPath(path=inner, mod=mod):
            return f"({_path(inner, write)}){mod}"
        case SequencePath(args=args):
            return f"({'/'.join(_path(one, write) for one in args)})"
        case AlternativePath(args=args):
            return f"({'|'.join(_path(one, write) for one in args)})"
        case NegatedPath(args=args):
            return f"!({'|'.join(_path(one, write) for one in args)})"
        case RDF.type:
            return "a"
        case Identifier():
            return write(path)
    raise NotAnalysed(type(path).__name__)


def expression(node: Expression, write: Write = term) -> str:
    """Write an expression."""
    node = plain(node)
    if isinstance(node, Identifier):
        return write(node)
    if callable(node):
        return str(node(write))
    if not isinstance(node, CompValue):
        raise NotAnalysed(type(node).__name__)
    if node.name in _UNARY:
        return f"({_UNARY[node.name]}({expression(node.expr, write)}))"
    return _operation(node, write) if node.name.endswith("Expression") else _call(node, write)


def _operation(node: CompValue, write: Write) -> str:
    first = expression(node.expr, write)
    match node.name:
        case "ConditionalOrExpression":
            return f"({' || '.join([first, *(expression(one, write) for one in node.other)])})"
        case "ConditionalAndExpression":
            return f"({' && '.join([first, *(expression(one, write) for one in node.other)])})"
        case "RelationalExpression" if "IN" in node.op:
            return f"({first} {node.op} ({_arguments([node.other], write)}))"
        case "RelationalExpression":
            return f"({first} {node.op} {expression(node.other, write)})"
        case "AdditiveExpression" | "MultiplicativeExpression":
            rest = zip(node.op, node.other, strict=True)
            parts = [f"{sign} {expression(one, write)}" for sign, one in rest]
            return f"({' '.join([first, *parts])})"
    raise NotAnalysed(node.name)


def _call(node: CompValue, write: Write) -> str:
    kind, _, name = node.name.partition("_")
    match kind:
        case "Function":
            return f"{write(node.iri)}({_arguments([node.expr], write)})"
        case "Aggregate":
            return _aggregate(name, node, write)
        case "Exists":
            return f"({node.word} {group(node.group, write)})"
        case "Builtin":
            return f"{name}({_arguments(list(node.values()), write)})"
    raise NotAnalysed(node.name)


def _arguments(values: list[Any], write: Write) -> str:
    values = [[] if one == RDF.nil else one for one in values]
    flat = chain.from_iterable(one if isinstance(one, list) else [one] for one in values)
    return ", ".join(expression(one, write) for one in flat)


def _aggregate(name: str, node: CompValue, write: Write) -> str:
    distinct = "DISTINCT " if node.distinct else ""
    over = "*" if node.vars == "*" else expression(node.vars, write)
    separator = f"; SEPARATOR={term(node.separator)}" if node.separator is not None else ""
    word = "GROUP_CONCAT" if name == "GroupConcat" else name.upper()
    return f"{word}({distinct}{over}{separator})"


def bracketted(node: Expression, write: Write = term) -> str:
    """Write an expression in brackets, as FILTER and HAVING want it."""
    text = expression(node, write)
    return text if text.startswith("(") and text.endswith(")") else f"({text})"
