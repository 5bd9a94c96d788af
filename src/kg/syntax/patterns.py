"""Patterns: triples, groups and clauses, their brackets, separators and order."""

from collections.abc import Iterator
from itertools import pairwise

from kg.syntax.grammar import stop
from kg.syntax.place import (
    CLOSING,
    LONGEST,
    Edit,
    Place,
    Repair,
    line_of,
    shortened,
    start_of_call,
    unclosed,
)

__all__ = [
    "braces",
    "brackets",
    "clauses",
    "directions",
    "insertions",
    "numbers",
    "queries",
    "rows",
    "separators",
    "triples",
    "unbegun",
]

CLAUSES = ("GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET", "VALUES")
RANKS = {"GROUP": 0, "HAVING": 1, "ORDER": 2, "LIMIT": 3, "OFFSET": 3, "VALUES": 4}
FORMS = frozenset({"ASK", "CONSTRUCT", "DESCRIBE", "SELECT"})
PATTERNS = frozenset({"BIND", "FILTER", "GRAPH", "MINUS", "OPTIONAL", "Var", "Iri", "Name", "{"})


def directions(place: Place) -> Iterator[Repair]:
    """Directions of an order behind what they are of."""
    direction, ordered = place.at(-1), place.at(-2)
    if direction.kind not in ("ASC", "DESC") or "(" not in place.kinds:
        return
    if ordered.kind in ("Var", ")"):
        start = ordered.start
        if ordered.kind == ")":
            start = place.tokens[start_of_call(place, 2)].start
        whole = f"{direction.kind}({place.text[start : ordered.end]})"
        hint = f"The direction goes before: ORDER BY {shortened(whole)}"
        yield Repair(hint, ((start, direction.end, whole),))


def clauses(place: Place) -> Iterator[Repair]:
    """Clauses in another order, within the pattern or after it."""
    found, before = place.found, place.at(-1)
    end = place.tokens[-1].end if place.tokens else 0
    if found.kind in CLAUSES and "}" in place.kinds:
        yield from _moved_out(place)
    elif found.kind in CLAUSES:
        hint = "The clauses come in this order: GROUP BY, HAVING, ORDER BY, LIMIT, OFFSET, VALUES."
        yield Repair(hint, tuple(_sorted_clauses(place)))
    if found.kind in PATTERNS and before.kind == "}":
        hint = f"{place.said(found)} stands before the last }}, within the pattern."
        yield Repair(hint, ((before.start, before.end, ""), (end, end, " }")))
    if found.kind in PATTERNS and {"}", "{|"} <= place.kinds and "FILTER" not in place.kinds:
        yield Repair("A template holds triples alone; what they depend on stands in WHERE.")
    if found.kind == "TOP" and place.at(1).kind == "Integer":
        number = place.said(place.at(1))
        edits = ((found.start, place.at(1).end, ""), (end, end, f" LIMIT {number}"))
        yield Repair(f"Write LIMIT {number} at the end of the query.", edits)
    if found.kind == "DISTINCT" and "SELECT" in (token.kind for token in place.tokens):
        select = next(token for token in place.tokens if token.kind == "SELECT")
        edits = ((select.end, select.end, " DISTINCT"), (found.start, found.end, ""))
        yield Repair("DISTINCT stands right after SELECT.", edits)


def queries(place: Place) -> Iterator[Repair]:
    """Propose what to do with a query after another, or within."""
    found = place.found
    hint = "A sub-select stands in braces of its own: { SELECT … }"
    if found.kind in FORMS and place.at(-1).kind in ("}", ";", "Integer"):
        yield Repair("Send one query at a time.")
    if found.kind == "SELECT" and "{" in place.kinds:
        yield Repair(hint, tuple(_braced(place, place.stop.index)))
    for index in range(place.stop.index - 1, 0, -1):
        if place.tokens[index].kind == "SELECT" and place.tokens[index - 1].kind == "{":
            yield Repair(hint, tuple(_braced(place, index)))
            break


def _moved_out(place: Place) -> Iterator[Repair]:
    found, depth = place.found, 0
    what = f"{found.kind} BY" if found.kind in ("GROUP", "ORDER") else found.kind
    hint = f"{what} stands after the }} that closes the pattern."
    for token in place.tokens[place.stop.index :]:
        depth += {"{": 1, "}": -1}.get(token.kind, 0)
        if depth < 0:
            yield Repair(hint, ((found.start, found.start, "} "), (token.start, token.end, "")))
            break
    yield Repair(hint, ((found.start, found.start, "} "),))


def _sorted_clauses(place: Place) -> Iterator[Edit]:
    """Put the clauses after the pattern in order."""
    parts, depth = list[tuple[int, int]](), 0
    for index, token in enumerate(place.tokens):
        depth += {"{": 1, "}": -1}.get(token.kind, 0)
        if not depth and token.kind == "}":
            parts = []
        elif not depth and token.kind in CLAUSES:
            parts.append((RANKS[token.kind], index))
    starts = [place.tokens[index].start for _, index in parts]
    places = pairwise([*starts, place.tokens[-1].end])
    said = [
        (rank, place.text[start:end].strip())
        for (rank, _), (start, end) in zip(parts, places, strict=True)
    ]
    if said:
        ordered = " ".join(clause for _, clause in sorted(said, key=lambda item: item[0]))
        yield (starts[0], place.tokens[-1].end, ordered)


def _braced(place: Place, start: int) -> Iterator[Edit]:
    """Put a sub-select in braces, up to the end of its pattern and modifiers."""
    where = stop(place.tokens, start, "select")
    end = where.index if where else len(place.tokens)
    yield (place.tokens[start].start, place.tokens[start].start, "{ ")
    last = place.tokens[end - 1].end
    yield (last, last, " }")


def numbers(place: Place) -> Iterator[Repair]:
    """Limits that are no whole numbers."""
    if place.kinds == {"Integer"}:
        keyword = place.at(-1).kind
        yield Repair(f"{keyword} takes a whole number, as in {keyword} 10")


def rows(place: Place) -> Iterator[Repair]:
    """Rows of data without brackets."""
    before = place.at(-1).kind
    if place.kinds == {"(", "}"} and before in ("{", ")"):
        yield Repair("Each row of VALUES has brackets: VALUES (?a ?b) { (1 2) (3 4) }")


def triples(place: Place) -> Iterator[Repair]:
    """Triples that end too early."""
    if place.found.kind in ("}", ".", ";", "") and "a" in place.kinds:
        yield Repair("A triple has three parts: after the subject come a property and a value.")
    is_value = {"Var", "Blank", "String"} <= place.kinds
    is_begun = place.at(-1).kind not in (".", ",", "{", "}", "(", "[")
    if place.found.kind in ("}", ".", ";", "") and is_value and is_begun:
        yield Repair("A triple has three parts: after the property comes a value.")


def brackets(place: Place) -> Iterator[Repair]:
    """Brackets without a partner."""
    found = place.found
    opened = unclosed(place.tokens[: place.stop.index])
    if opened:
        innermost = opened[-1]
        closing = CLOSING[innermost.kind]
        line = line_of(place.text, innermost.start)
        what = f"The {innermost.kind} in line {line} is not closed"
        if not found.kind:
            end = place.tokens[-1].end
            missing = " ".join(CLOSING[token.kind] for token in reversed(opened))
            edits = ((end, end, f" {missing}"),)
            yield Repair(f"{what}: add {shortened(missing)} at the end.", edits)
        if closing in place.kinds and found.kind:
            edits = ((found.start, found.start, f"{closing} "),)
            yield Repair(f"{what}: perhaps {closing} is missing before {place.said(found)}", edits)
            end = place.tokens[-1].end
            after = "".join(f" {CLOSING[token.kind]}" for token in reversed(opened))
            yield Repair(f"{what}: add {closing}", ((end, end, after),))
    if found.kind in CLOSING.values():
        edits = ((found.start, found.end, ""),)
        yield Repair(f"This {found.kind} closes nothing that is open; leave it out.", edits)


def separators(place: Place) -> Iterator[Repair]:
    """Commas, dots and semicolons."""
    found, before = place.found, place.at(-1)
    if before.kind in (",", ";", "&&", "||"):
        hint = f"Leave out the {before.kind} before {place.said(found) or 'the end'}, or go on."
        yield Repair(hint, ((before.start, before.end, ""),))
    if found.kind == "," and "OFFSET" in place.kinds and before.kind == "Integer":
        yield Repair("LIMIT takes one number; OFFSET says how many rows to skip before.")
    if found.kind == ",":
        commas = list(_commas(place))
        yield Repair("No comma here: spaces are enough.", tuple(commas))
    if found.kind in (".", ";") and place.stop.index == len(place.tokens) - 1:
        yield Repair(f"Leave out the {found.kind} at the end.", ((found.start, found.end, ""),))
    if found.kind in (".", ";"):
        yield Repair(f"Leave out this {found.kind}", ((found.start, found.end, ""),))
    if before.kind == "*" and found.kind in ("Var", ","):
        edits = ((before.start, before.end, ""), *_commas(place))
        yield Repair("Select either * or variables.", edits)
        edits = ((before.start, found.end if found.kind == "," else before.end, ""),)
        yield Repair("Select either * or variables.", edits)
    if "." in place.kinds and found.kind:
        line = line_of(place.text, before.start)
        hint = f"Perhaps a dot is missing after {shortened(place.said(before))} (line {line})."
        yield Repair(hint, ((before.end, before.end, " ."),))


def _commas(place: Place) -> Iterator[Edit]:
    """Remove the commas from here to the next bracket or keyword."""
    for token in place.tokens[place.stop.index :]:
        if token.kind in ("{", "}", "WHERE", ")"):
            return
        if token.kind == ",":
            yield (token.start, token.end, " ")


def braces(place: Place) -> Iterator[Repair]:
    """Patterns without braces."""
    found, text = place.found, place.text
    if "{" not in place.kinds:
        return
    if not found.kind:
        hint = "The pattern is missing: add WHERE { … } with the triples to look for."
        yield Repair(hint, ((found.end, found.end, " WHERE { ?s ?p ?o }"),))
        yield Repair(hint, ((found.end, found.end, " { ?s ?p ?o }"),))
        return
    if place.at(-2).kind == "VALUES":
        yield Repair("The values stand in braces, as in VALUES ?x { 1 2 }")
    if found.kind in ("(", "["):
        depth = 0
        for token in place.tokens[place.stop.index :]:
            depth += {found.kind: 1, CLOSING[found.kind]: -1}.get(token.kind, 0)
            if not depth:
                edits = ((found.start, found.end, "{"), (token.start, token.end, "}"))
                yield Repair(
                    f"Braces go here, {{ … }} instead of {found.kind} … {CLOSING[found.kind]}",
                    edits,
                )
                break
    where = stop(place.tokens, place.stop.index, "patterns")
    end = where.index if where else len(place.tokens)
    if end > place.stop.index:
        last = place.tokens[end - 1].end
        said = text[found.start : last]
        edits = ((found.start, found.start, "{ "), (last, last, " }"))
        yield Repair(f"A pattern stands in braces: {{ {shortened(said)} }}", edits)


def unbegun(place: Place) -> Iterator[Repair]:
    """Patterns without a query around them."""
    if "SELECT" in place.kinds and "ASK" in place.kinds:
        start = place.found.start
        hint = "A query begins with SELECT, ASK, CONSTRUCT or DESCRIBE, as in SELECT * WHERE { … }"
        yield Repair(hint, ((start, start, "SELECT * WHERE "),))
        end = len(place.text)
        yield Repair(hint, ((start, start, "SELECT * WHERE { "), (end, end, "\n}")))
        yield Repair(hint)


def insertions(place: Place) -> Iterator[Repair]:
    """Anything that could have stood here."""
    signs = [kind for kind in place.kinds if not kind[:1].isalpha() or kind.isupper()]
    if len(signs) <= LONGEST and place.found.kind:
        start = place.found.start
        for sign in sorted(signs):
            hint = f"Perhaps {sign} is missing before {shortened(place.said(place.found))}"
            yield Repair(hint, ((start, start, f"{sign} "),))
