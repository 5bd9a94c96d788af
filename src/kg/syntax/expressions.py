"""Expressions: operators, functions and the brackets around them."""

from collections.abc import Iterator

from kg.syntax.grammar import RULES, stop
from kg.syntax.place import LONGEST, Edit, Place, Repair, fresh, shortened, start_of_call, unclosed

__all__ = ["aliases", "arguments", "conditions", "operators"]


def operators(place: Place) -> Iterator[Repair]:
    """Operators of other languages."""
    found, before = place.found, place.at(-1)
    pair = place.said(before) + place.said(found)
    right = {"==": "=", "!==": "!=", "=>": ">=", "=<": "<=", "===": "=", "!=": "!="}.get(pair)
    if right and before.end == found.start:
        yield Repair(f"{pair} is written {right}", ((before.start, found.end, right),))
    if place.said(found) in ("&", "|") and "&&" in place.kinds:
        sign = place.said(found) * 2
        yield Repair(f"Write {sign}", ((found.start, found.end, sign),))
    if found.kind == "%" or place.said(found) == "%":
        yield Repair("SPARQL has no remainder; compute it as ?a - ?b * FLOOR(?a / ?b).")


def aliases(place: Place) -> Iterator[Repair]:
    """Expressions in SELECT and after GROUP BY, which need brackets and a name."""
    found = place.found
    start = start_of_call(place, 1) if found.kind in (")", "AS") else place.stop.index
    function = place.said(place.tokens[start]) if start < len(place.tokens) else ""
    named = fresh(place.text, f"?{function.casefold()}" if function.isalpha() else "?value")
    if "AS" in place.kinds and found.kind == "Var":
        hint = f"AS goes before the name: AS {place.said(found)}"
        yield Repair(hint, ((found.start, found.start, "AS "),))
    if "AS" in place.kinds and found.kind == ")":
        hint = f"The result needs a name, as in … AS {named})"
        yield Repair(hint, ((found.start, found.start, f" AS {named}"),))
    if {"(", "Var"} <= place.kinds and found.kind in RULES.choices["builtin"]:
        yield from _named(place, place.stop.index, named)
    if found.kind == "AS":
        yield from _named(place, start, named)


def arguments(place: Place) -> Iterator[Repair]:
    """Values in the brackets of a function."""
    found = place.found
    if found.kind == "SEPARATOR" and ";" in place.kinds:
        yield Repair("A semicolon goes before SEPARATOR.", ((found.start, found.start, "; "),))
    if found.kind == "," and ";" in place.kinds and place.at(1).kind == "String":
        hint = f"The separator is named: ; SEPARATOR={place.said(place.at(1))}"
        yield Repair(hint, ((found.start, found.end, "; SEPARATOR="),))
    if found.kind == ")" and "*" in place.kinds and place.at(-1).kind == "(":
        yield Repair("Count all by COUNT(*).", ((found.start, found.start, "*"),))
    if found.kind == ")" and {",", "&&"} <= place.kinds and ")" not in place.kinds:
        yield Repair("The function needs one more value in its brackets.")
    if found.kind == "," and {")", "&&"} <= place.kinds and "," not in place.kinds:
        yield Repair("The function takes fewer values in its brackets.")


def _named(place: Place, start: int, named: str) -> Iterator[Repair]:
    where = stop(place.tokens, start, "expression")
    end = where.index if where else len(place.tokens)
    if end <= start:
        return
    first, last = place.tokens[start], place.tokens[end - 1]
    said = place.text[first.start : last.end]
    follows = [token.kind for token in place.tokens[end : end + 2]]
    if follows == ["AS", "Var"]:
        alias = place.tokens[end + 1]
        whole = f"({said} AS {place.said(alias)})"
        edits: tuple[Edit, ...] = ((first.start, first.start, "("), (alias.end, alias.end, ")"))
    else:
        whole = f"({said} AS {named})"
        edits = ((first.start, last.end, whole),)
    yield Repair(f"An expression stands in brackets and gets a name: {shortened(whole)}", edits)


def conditions(place: Place) -> Iterator[Repair]:
    """Brackets around conditions."""
    for step in range(1, LONGEST):
        keyword = place.at(-step).kind
        if keyword in ("FILTER", "HAVING", "BIND", "BY", "DESC", "ASC", ","):
            yield from _wrapped(place, place.stop.index - step + 1, keyword)
        if keyword in ("FILTER", "HAVING", "BIND", "{", "}", ""):
            return


def _wrapped(place: Place, start: int, keyword: str) -> Iterator[Repair]:
    where = stop(place.tokens, start, "expression")
    end = where.index if where else len(place.tokens)
    if end <= start or unclosed(place.tokens[start:end]):
        return
    if keyword == "BIND" and [token.kind for token in place.tokens[end : end + 2]] == ["AS", "Var"]:
        end += 2
    first, last = place.tokens[start], place.tokens[end - 1]
    said = place.text[first.start : last.end]
    edits = ((first.start, first.start, "("), (last.end, last.end, ")"))
    yield Repair(f"Brackets go around what follows {keyword}: ({shortened(said)})", edits)
