"""Syntax: what is wrong with a query that the parser rejects, told so that it can be repaired.

The parser names the furthest place that it tried, and what it happened to try there. The place
told here is that of the first token that cannot stand where it does.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kg.syntax.excerpt import excerpt, shown
from kg.syntax.grammar import END, Stop, stop
from kg.syntax.place import Fault, Repair
from kg.syntax.prefixes import undeclared
from kg.syntax.repairs import repair
from kg.syntax.restrictions import faults
from kg.syntax.token import Token, tokens
from kg.syntax.wording import expectation

__all__ = ["SyntaxFault", "diagnosis", "fault"]

SENTENCE = 400  # code points of a reason or hint

# How the parser words an error: a position, and a list of tokens, classes of characters such as
# ['0'..='9'] and sentences.
_POSITION = re.compile(r"error at (\d{1,9}):(\d{1,9}): ")
_ITEM = re.compile(r"""\[(?:'(?:\\.|[^'])+'|[^'\]])*\](?=[,\s]|\Z)|"(?:\\.|[^"])*"|[^,\s][^,]*""")


@dataclass(frozen=True)
class SyntaxFault:
    """What is wrong with a query, and where."""

    reason: str  # one sentence without a full stop
    line: int  # from 1; 0 if unknown. LF ends a line, with or without CR before it
    column: int  # from 1, in code points; 0 if unknown
    excerpt: str  # the line, or the part around the place, and below it a caret; "" if unknown
    hint: str  # what to do; "" if that is not known


def fault(text: str, message: str) -> SyntaxFault:
    """Return what is wrong with a query, given what pyoxigraph says of it.

    Never raises; takes time linear in the length of the text.

    >>> found = fault("ASK { ?s org:role ?o }", "error at 1:18: expected Prefix not found")
    >>> found.reason, found.column, found.hint
    ('prefix org: is not declared', 10, 'Add before the query: PREFIX org: <http://www.w3.org/ns/org#>')
    """
    found = diagnosis(text, message)
    reason = shown(found.reason, SENTENCE)
    hint = shown(found.repair.hint, SENTENCE) if found.repair else ""
    if found.start < 0:
        return SyntaxFault(reason, 0, 0, "", hint)
    line = text.count("\n", 0, found.start) + 1
    column = found.start - text.rfind("\n", 0, found.start)
    return SyntaxFault(reason, line, column, excerpt(text, found.start), hint)


def diagnosis(text: str, message: str) -> Fault:
    """Return the first fault of a query with the changes that would repair it, if they are known.

    Its ``start`` is -1 if nobody knows the place.
    """
    parts = tuple(tokens(text))
    where = stop(parts)
    last = len(parts) if where is None else where.index
    if found := undeclared(text, parts[: last + 1]):
        return found
    if where is not None:
        return _stopped(text, parts, where)
    return next(iter(faults(text, parts)), None) or _as_said(text, parts, message)


def _stopped(text: str, parts: Sequence[Token], where: Stop) -> Fault:
    advice = repair(text, parts, where)
    if not parts:
        return Fault(0, "the query is empty", advice)
    is_end = where.index == len(parts)
    start = parts[-1].end if is_end else parts[where.index].start
    found = f"the {END}" if is_end else f"“{shown(text[start : parts[where.index].end])}”"
    return Fault(start, f"expected {expectation(where.expected)}, found {found}", advice)


def _as_said(text: str, parts: Sequence[Token], message: str) -> Fault:
    """Return what the parser says where nothing more is known, and as far as it says it."""
    position = _POSITION.match(message)
    line, column = map(int, position.groups()) if position else (0, 0)
    start = _offset(text, line, column)
    expected = " ".join(_POSITION.sub("", message).split()).removeprefix("expected ")
    items = [item for item in _ITEM.findall(expected.removeprefix("one of ")) if item[0] != "["]
    said = [item for item in items if " " in item and item[0] != '"']
    reason = "; ".join(said) if said else "the parser stops here"
    if "IRI parsing failed" in said:
        iris = [token for token in parts if token.kind == "Iri" and token.end <= start]
        if iris:
            return _iri(text, iris[-1])
    return Fault(start if line else -1, reason)


def _iri(text: str, iri: Token) -> Fault:
    said = text[iri.start : iri.end]
    bad = re.search(r"%(?![0-9A-Fa-f]{2})", said)
    advice = Repair("A percent sign in an IRI is written %25.") if bad else None
    if not re.match(r"<[A-Za-z][A-Za-z0-9+.-]*:", said):
        advice = Repair("Write the whole IRI, from its scheme on, as in <https://example.org/>.")
    start = iri.start + bad.start() if bad else iri.start
    return Fault(start, f"{shown(said)} is not a valid IRI", advice)


def _offset(text: str, line: int, column: int) -> int:
    start = 0
    for _ in range(line - 1):
        start = text.find("\n", start) + 1
        if not start:
            return len(text)
    return min(start + max(column - 1, 0), len(text))
