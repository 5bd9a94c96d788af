"""Places: where a query stops following the grammar, and what a repair there is."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, count

from rapidfuzz.distance import DamerauLevenshtein

from kg.syntax.grammar import RULES, Stop
from kg.syntax.token import Token

__all__ = [
    "BARE_IRI",
    "CLOSING",
    "EXAMINED",
    "KEYWORDS",
    "LONGEST",
    "Edit",
    "Fault",
    "Place",
    "Repair",
    "applied",
    "fresh",
    "line_end",
    "line_of",
    "nearest",
    "shortened",
    "start_of_call",
    "unclosed",
]

Edit = tuple[int, int, str]  # the code points from the first to before the second become the third

# What an IRI without its brackets may be: up to a space or what is not in an IRI.
BARE_IRI = re.compile(r"""[^\s<>"{}|\\^`]*[^\s<>"{}|\\^`.,;)\]]""")
CLOSING = {"(": ")", "[": "]", "{": "}", "{|": "|}", "<<": ">>", "<<(": ")>>"}
EXAMINED = 2**17  # code points of a text for which every repair is considered
LONGEST = 32  # code points of a word that is compared with others
NAMED_KINDS = frozenset({"Blank", "Name", "Prefix", "Var"})
KEYWORDS = frozenset(kind for kinds in RULES.first.values() for kind in kinds if kind.isupper())
KEYWORDS |= {"AS", "BY", "NAMED", "SEPARATOR"}

_VARIABLE = re.compile(r"[?$](\w+)")


@dataclass(frozen=True)
class Repair:
    """What to do, told to the reader, and as changes of the text if they are known."""

    hint: str
    edits: tuple[Edit, ...] = ()


@dataclass(frozen=True)
class Fault:
    """What is wrong at a place; ``start`` is its code point, from 0."""

    start: int
    reason: str
    repair: Repair | None = None


@dataclass(frozen=True)
class Place:
    """Where a query stopped."""

    text: str
    tokens: Sequence[Token]
    stop: Stop

    @property
    def found(self) -> Token:
        """The token that cannot stand here; an empty one at the end of the text."""
        return self.at(0)

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of tokens that could stand here."""
        return self.stop.kinds

    @property
    def is_word(self) -> bool:
        """Whether what is found is a bare word."""
        return self.said(self.found)[:1].isalpha() and self.found.kind not in NAMED_KINDS

    def at(self, step: int) -> Token:
        """Return a token by its distance from the one found; an empty one outside of the text."""
        index = self.stop.index + step
        end = self.tokens[-1].end if self.tokens else 0
        return self.tokens[index] if 0 <= index < len(self.tokens) else Token("", end, end)

    def said(self, token: Token) -> str:
        """Return a token as it is written."""
        return self.text[token.start : token.end]


def applied(text: str, edits: Iterable[Edit]) -> str:
    """Return a text with some changes made, which do not overlap.

    >>> applied("SELEC ?s", [(0, 5, "SELECT"), (8, 8, " {}")])
    'SELECT ?s {}'
    """
    parts, last = list[str](), 0
    for start, end, new in sorted(edits):
        parts += [text[last:start], new]
        last = end
    return "".join((*parts, text[last:]))


def fresh(text: str, variable: str) -> str:
    """Return a variable that is not in a text: the one proposed, or numbered.

    >>> fresh("SELECT ?s ?s2 {}", "?s"), fresh("SELECT ?s {}", "?count")
    ('?s3', '?count')
    """
    known = set(_VARIABLE.findall(text))
    names = chain((variable,), (f"{variable}{number}" for number in count(2)))
    return next(name for name in names if name[1:] not in known)


def nearest(word: str, candidates: Iterable[str]) -> str:
    """Return the candidate that a word is likely to be misspelt for; nothing without one.

    >>> nearest("OPTIONL", ["UNION", "OPTIONAL"]), nearest("Org", ["org"]), nearest("x", ["y"])
    ('OPTIONAL', 'org', '')
    """
    limit = (len(word) + 1) // 4 if len(word) <= LONGEST else -1
    best, closest = "", limit + 1
    for candidate in sorted(candidates):
        distance = DamerauLevenshtein.distance(
            word.casefold(), candidate.casefold(), score_cutoff=max(limit, 0)
        )
        if distance < closest:
            best, closest = candidate, distance
    return best


def line_of(text: str, offset: int) -> int:
    """Return the number of the line that a code point is in, from 1."""
    return text.count("\n", 0, offset) + 1


def line_end(text: str, offset: int) -> int:
    """Return the code point at which a line ends."""
    end = text.find("\n", offset)
    return len(text) if end < 0 else end


def shortened(said: str) -> str:
    """Return a piece of the text on one line, cut if it is long."""
    said = " ".join(said.split())
    return said if len(said) <= 2 * LONGEST else f"{said[: 2 * LONGEST]}…"


def unclosed(parts: Iterable[Token]) -> list[Token]:
    """Return the brackets that are open after some tokens, the innermost last."""
    opened = list[Token]()
    for token in parts:
        if token.kind in CLOSING:
            opened.append(token)
        elif opened and token.kind == CLOSING[opened[-1].kind]:
            opened.pop()
    return opened


def start_of_call(place: Place, step: int) -> int:
    """Return where the call begins whose last token is so many steps before the place."""
    index, depth = place.stop.index - step, 0
    while index > 0:
        depth += {")": 1, "(": -1}.get(place.tokens[index].kind, 0)
        if depth <= 0:
            break
        index -= 1
    return max(index - 1, 0)
