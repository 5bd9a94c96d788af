"""Selections: what a query selects, and what of it has no value or two."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from kg.syntax.place import Edit, Fault, Repair, fresh
from kg.syntax.token import Token

__all__ = ["AGGREGATES", "Query", "Selection"]

AGGREGATES = frozenset({"AVG", "COUNT", "GROUP_CONCAT", "MAX", "MIN", "SAMPLE", "SUM"})
UNCHECKED = frozenset({"BOUND", "COALESCE"})  # ask nothing of the variables in them
CLAUSES = frozenset({"GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET", "VALUES"})


@dataclass
class Query:
    """A query or sub-select: the tokens of its head and modifiers, where its pattern ends."""

    head: list[int] = field(default_factory=list)
    modifiers: list[int] = field(default_factory=list)
    end: int = 0
    scope: set[str] = field(default_factory=set)  # variables of its pattern
    data: set[str] = field(default_factory=set)  # variables of VALUES after it


@dataclass(frozen=True)
class _Item:
    """What a SELECT selects: its tokens, and the variable it is called by."""

    tokens: tuple[int, ...]
    variable: int


class Selection:
    """What a query selects, and what it may."""

    def __init__(self, text: str, tokens: Sequence[Token], query: Query) -> None:
        self._text, self._tokens, self._query = text, tokens, query
        self._items = list(self._read())

    def variables(self) -> set[str]:
        """Return the names of the variables that have a value outside of the query."""
        if any(self._tokens[index].kind == "*" for index in self._query.head[:2]):
            return self._query.scope
        return {self._name(item.variable) for item in self._items}

    def faults(self) -> Iterator[Fault]:
        """Yield what cannot be selected."""
        group = self._clause("GROUP")
        aggregates = any(
            self._tokens[index].kind in AGGREGATES
            for index in (*self._query.head, *self._query.modifiers)
        )
        visible = self._query.scope | self._query.data
        if group or aggregates:
            visible = self._keys(group) | self._query.data
            yield from self._star(visible)
            yield from self._ungrouped(visible, group)
        yield from self._named_twice(visible)

    def _read(self) -> Iterator[_Item]:
        item, depth = list[int](), 0
        for index in self._query.head:
            kind = self._tokens[index].kind
            if kind in ("FROM", "WHERE", "{") and not depth:
                return
            depth += {"(": 1, ")": -1}.get(kind, 0)
            item.append(index)
            if not depth:
                variables = [each for each in item if self._tokens[each].kind == "Var"]
                if variables:
                    yield _Item(tuple(item), variables[-1])
                item = []

    def _name(self, index: int) -> str:
        token = self._tokens[index]
        return self._text[token.start + 1 : token.end]

    def _clause(self, keyword: str) -> list[int]:
        """Return the tokens of a clause after its keyword, none without it."""
        clause, current = list[int](), ""
        for index in self._query.modifiers:
            kind = self._tokens[index].kind
            if kind in CLAUSES:
                current = kind
            elif current == keyword and kind != "BY":
                clause.append(index)
        return clause

    def _keys(self, group: Sequence[int]) -> set[str]:
        keys, depth = set[str](), 0
        for position, index in enumerate(group):
            kind = self._tokens[index].kind
            depth += {"(": 1, ")": -1}.get(kind, 0)
            is_named = position and self._tokens[group[position - 1]].kind == "AS"
            alone = position > 0 and depth == 1 and self._is_alone(group, position)
            if kind == "Var" and (not depth or is_named or alone):
                keys.add(self._name(index))
        return keys

    def _is_alone(self, group: Sequence[int], position: int) -> bool:
        """Tell whether a variable has brackets to itself."""
        around = group[position - 1], group[min(position + 1, len(group) - 1)]
        before = self._tokens[group[position - 2]].kind if position > 1 else "BY"
        is_bracket = before in ("BY", ")", "Var", "(")
        return is_bracket and [self._tokens[each].kind for each in around] == ["(", ")"]

    def _star(self, keys: set[str]) -> Iterator[Fault]:
        for index in self._query.head[:2]:
            if self._tokens[index].kind == "*":
                token = self._tokens[index]
                names = " ".join(f"?{key}" for key in sorted(keys))
                edits: tuple[Edit, ...] = ((token.start, token.end, names),) if names else ()
                hint = "Name the variables to select instead of *"
                yield Fault(
                    token.start,
                    "SELECT * cannot go with GROUP BY or an aggregate",
                    Repair(f"{hint}: {names}" if names else f"{hint}.", edits),
                )

    def _ungrouped(self, keys: set[str], group: Sequence[int]) -> Iterator[Fault]:
        missing: dict[str, int] = {}
        for item in self._items:
            for index in self._free(item):
                if self._name(index) not in keys:
                    missing.setdefault(self._name(index), index)
        if not missing:
            return
        name, index = next(iter(missing.items()))
        names = " ".join(f"?{each}" for each in missing)
        end = self._tokens[group[-1] if group else self._query.end].end
        edit = (end, end, f" {names}" if group else f" GROUP BY {names}")
        yield Fault(
            self._tokens[index].start,
            f"?{name} is neither in GROUP BY nor in an aggregate",
            Repair(
                f"Add {names} to {'GROUP BY' if group else 'a GROUP BY'}, or choose a value by an "
                f"aggregate such as (SAMPLE(?{name}) AS {fresh(self._text, f'?{name}')}).",
                (edit,),
            ),
        )

    def _free(self, item: _Item) -> Iterator[int]:
        """Yield the variables that an item asks a value of, those in aggregates apart."""
        closed_at, depth, pending = 0, 0, False
        for index in item.tokens:
            kind = self._tokens[index].kind
            if kind in AGGREGATES or kind in UNCHECKED:
                pending = True
            elif kind == "(":
                depth += 1
                if pending and not closed_at:
                    closed_at = depth
                pending = False
            elif kind == ")":
                if depth == closed_at:
                    closed_at = 0
                depth -= 1
            elif kind == "Var" and not closed_at and item.tokens[-2:-1] != (index,):
                yield index

    def _named_twice(self, visible: set[str]) -> Iterator[Fault]:
        known = set[str]()
        for item in self._items:
            name = self._name(item.variable)
            token = self._tokens[item.variable]
            other = fresh(self._text, f"?{name}")
            renaming = ((token.start, token.end, other),)
            if len(item.tokens) > 1 and name in visible:
                yield Fault(
                    token.start,
                    f"?{name} has a value already where AS gives it one",
                    Repair(f"Call the result by another name, such as {other}.", renaming),
                )
            elif name in known:
                edits = renaming if len(item.tokens) > 1 else ((token.start, token.end, ""),)
                yield Fault(
                    token.start,
                    f"?{name} is selected twice",
                    Repair("Leave one out, or give it another name by AS.", edits),
                )
            known.add(name)
