"""Restrictions: what the grammar lets pass and SPARQL forbids all the same.

SPARQL 1.2 Query, section 19.8, the notes on the grammar (https://www.w3.org/TR/sparql12-query/),
as far as pyoxigraph holds to them.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from kg.syntax.place import Edit, Fault, Repair, fresh
from kg.syntax.selection import AGGREGATES, Query, Selection
from kg.syntax.token import Token

__all__ = ["faults"]

TIGHT = frozenset({"COALESCE", "CONCAT"})
_BAD_ESCAPE = re.compile(r"""\\(?:[tbnrf"'\\]|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8})|(?P<bad>\\)""")


def faults(text: str, tokens: Sequence[Token]) -> list[Fault]:
    """Return what is wrong with tokens that follow the grammar, in the order of the text."""
    found = [*_escapes(text, tokens), *_spaces(text, tokens), *_Walk(text, tokens).faults()]
    return sorted(found, key=lambda fault: fault.start)


def _escapes(text: str, tokens: Sequence[Token]) -> Iterator[Fault]:
    for token in tokens:
        if token.kind == "String":
            bad = [
                match.start()
                for match in _BAD_ESCAPE.finditer(text, token.start, token.end)
                if match["bad"]
            ]
            if bad:
                hint = (
                    "In a string a backslash is written twice: \\\\. By itself it begins "
                    "one of \\t \\n \\r \\b \\f \\\" \\' \\uXXXX \\UXXXXXXXX."
                )
                edits = tuple((start, start, "\\") for start in bad)
                yield Fault(bad[0], "no such escape in a string", Repair(hint, edits))


def _spaces(text: str, tokens: Sequence[Token]) -> Iterator[Fault]:
    """Yield the spaces that SPARQL allows and the parser does not."""
    for (token, following), (_, last) in pairwise(pairwise(tokens)):
        is_tight = token.kind in TIGHT or (token.kind == "BNODE" and last.kind == ")")
        if is_tight and following.kind == "(" and token.end < following.start:
            name = text[token.start : token.end]
            repair = Repair(f"Write {name}( without a space.", ((token.end, following.start, ""),))
            yield Fault(token.start, f"the parser takes no space between {name} and (", repair)


@dataclass
class _Group:
    """Where the walk is between two braces."""

    query: Query
    place: str  # "head", "template", "pattern" or "modifiers" of the query
    scope: set[str] = field(default_factory=set)  # variables with a value so far
    brackets: int = 0
    is_apart: bool = False  # its variables have no value outside
    in_expression: bool = False
    in_bind: bool = False


class _Walk:
    """One pass over the tokens of a query, with what each group of it knows."""

    def __init__(self, text: str, tokens: Sequence[Token]) -> None:
        self._text, self._tokens = text, tokens
        self._groups = [_Group(Query(), "head")]
        self._found: list[Fault] = []
        self._queries: list[Query] = []
        self._labels: dict[str, int] = {}
        self._blocks = 0
        self._next_is_apart = False
        self._steps: dict[str, Callable[[int], int]] = {
            "SELECT": self._select,
            "{": self._open,
            "}": self._close,
            "(": self._bracket,
            ")": self._bracket,
            "MINUS": self._apart,
            "FILTER": self._expression,
            "BIND": self._expression,
            "Var": self._variable,
            "Blank": self._label,
            "VALUES": self._values,
        }

    def faults(self) -> list[Fault]:
        """Return all that is found, in no order."""
        index = 0
        while index < len(self._tokens):
            kind = self._tokens[index].kind
            group = self._groups[-1]
            if kind in AGGREGATES and group.place == "pattern":
                self._misplaced(index)
            if group.place == "head":
                group.query.head.append(index)
            elif group.place == "modifiers" and kind != "}":
                group.query.modifiers.append(index)
            index = self._steps.get(kind, self._skip)(index)
        for query in self._queries:
            self._found += Selection(self._text, self._tokens, query).faults()
        return self._found

    def _skip(self, index: int) -> int:
        return index + 1

    def _name(self, index: int) -> str:
        token = self._tokens[index]
        return self._text[token.start + 1 : token.end]

    def _select(self, index: int) -> int:
        query = Query()
        self._queries.append(query)
        group = self._groups[-1]
        group.query, group.place = query, "head"
        return index + 1

    def _open(self, index: int) -> int:
        outer = self._groups[-1]
        is_apart = self._next_is_apart or outer.in_expression or outer.brackets > 0
        is_template = index > 0 and self._tokens[index - 1].kind == "CONSTRUCT"
        place = "template" if is_template else "pattern"
        self._groups.append(_Group(outer.query, place, is_apart=is_apart))
        self._blocks += 1
        self._next_is_apart = False
        return index + 1

    def _close(self, index: int) -> int:
        inner = self._groups.pop()
        outer = self._groups[-1]
        self._blocks += 1
        scope = inner.scope
        if inner.query is not outer.query:  # a sub-select: what it selects
            scope = Selection(self._text, self._tokens, inner.query).variables()
        if inner.place == "template":
            pass
        elif outer.place == "head" and not outer.brackets:
            outer.place, outer.query.end, outer.query.scope = "modifiers", index, scope
        elif not inner.is_apart:
            small, large = sorted((outer.scope, scope), key=len)
            outer.scope = large
            large |= small
        if not outer.brackets:
            outer.in_expression = False
        return index + 1

    def _bracket(self, index: int) -> int:
        group = self._groups[-1]
        group.brackets += 1 if self._tokens[index].kind == "(" else -1
        if not group.brackets:
            group.in_expression = group.in_bind = False
        return index + 1

    def _apart(self, index: int) -> int:
        self._next_is_apart = True
        return index + 1

    def _expression(self, index: int) -> int:
        group = self._groups[-1]
        group.in_expression, group.in_bind = True, self._tokens[index].kind == "BIND"
        return index + 1

    def _variable(self, index: int) -> int:
        group = self._groups[-1]
        if group.place != "pattern":
            return index + 1
        is_bound = group.in_bind and self._tokens[index - 1].kind == "AS"
        if is_bound and self._name(index) in group.scope:
            self._rebound(index)
        if is_bound or not group.in_expression:
            group.scope.add(self._name(index))
        return index + 1

    def _rebound(self, index: int) -> None:
        token = self._tokens[index]
        name = self._text[token.start : token.end]
        other = fresh(self._text, name)
        self._found.append(
            Fault(
                token.start,
                f"{name} has a value already where BIND gives it one",
                Repair(
                    f"Give what BIND computes a name of its own, such as {other}.",
                    ((token.start, token.end, other),),
                ),
            )
        )

    def _label(self, index: int) -> int:
        token = self._tokens[index]
        label = self._text[token.start : token.end]
        if self._groups[-1].place == "pattern":
            block = self._labels.setdefault(label, self._blocks)
            if block != self._blocks:
                self._shared(index, label)
        return index + 1

    def _shared(self, index: int, label: str) -> None:
        variable = fresh(self._text, f"?{label[2:]}".replace("-", "_").replace(".", "_"))
        edits = tuple(
            (token.start, token.end, variable)
            for token in self._tokens
            if token.kind == "Blank" and self._text[token.start : token.end] == label
        )
        self._labels[label] = self._blocks
        self._found.append(
            Fault(
                self._tokens[index].start,
                f"blank node {label} is used in more than one group",
                Repair(f"Use a variable for it, such as {variable}.", edits),
            )
        )

    def _misplaced(self, index: int) -> None:
        token = self._tokens[index]
        hint = (
            f"{token.kind} stands in SELECT, HAVING or ORDER BY. To filter on it, write "
            "HAVING ( … ) after GROUP BY; to compute with it, a sub-select."
        )
        self._found.append(
            Fault(token.start, f"{token.kind} cannot stand in a pattern", Repair(hint))
        )

    def _values(self, index: int) -> int:
        """Walk over a block of data, and compare its rows with its variables."""
        group = self._groups[-1]
        index += 1
        is_table = self._tokens[index].kind == "("
        width = 0
        while self._tokens[index].kind != "{":
            if self._tokens[index].kind == "Var":
                scope = group.scope if group.place == "pattern" else group.query.data
                scope.add(self._name(index))
                width += 1
            index += 1
        row, count = -1, 0
        while self._tokens[index].kind != "}":
            kind = self._tokens[index].kind
            if kind == "(":
                row, count = index, 0
            elif kind == ")":
                if is_table and count != width:
                    self._uneven(row, index, count, width)
            elif kind == "<<(":
                index = self._triple(index)
                count += 1
            elif kind == "^^":
                index += 1
            elif kind not in ("Tag", "+", "-"):
                count += 1
            index += 1
        return index + 1

    def _triple(self, index: int) -> int:
        depth = 0
        while True:
            depth += {"<<(": 1, ")>>": -1}.get(self._tokens[index].kind, 0)
            if not depth:
                return index
            index += 1

    def _uneven(self, row: int, end: int, count: int, width: int) -> None:
        place = self._tokens[end].start
        missing = " UNDEF" * (width - count)
        edits: tuple[Edit, ...] = ((place, place, missing),) if missing else ()
        self._found.append(
            Fault(
                self._tokens[row].start,
                f"a row of {_counted(count, 'value')} for {_counted(width, 'variable')}",
                Repair(
                    "Each row has as many values as there are variables; "
                    "UNDEF stands where there is none.",
                    edits,
                ),
            )
        )


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'s' * (number != 1)}"
