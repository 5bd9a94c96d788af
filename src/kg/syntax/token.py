"""Tokens: the smallest parts of a query, whether it is well formed or not.

SPARQL 1.2 Query, section 19.8, productions 142 and following:
https://www.w3.org/TR/sparql12-query/#rQueryUnit
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

__all__ = ["Token", "tokens"]

# Letters and digits as Unicode has them: a little more than the specification lists. Every
# alternative takes what it scanned, or fails at a character that ends the next one, so that a
# scan is linear in the text, whatever the text.
_NAME = r"\w\u00b7\u0300-\u036f\u200c\u200d\u203f\u2040"
_DOTTED = rf"(?:[{_NAME}-]|\.++(?=[{_NAME}-]))*+"
_ESCAPE = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%]"
_TOKEN = re.compile(
    rf"""(?P<blank>[ \t\r\n]++|\#[^\r\n]*+)
    |(?P<String>\"{{3}}(?:[^"\\]|\\.|"(?!""))*+\"{{3}}|'{{3}}(?:[^'\\]|\\.|'(?!''))*+'{{3}}
      |"(?!"")(?:[^"\\\r\n]|\\[^\r\n])*+"|'(?!'')(?:[^'\\\r\n]|\\[^\r\n])*+')
    |(?P<open>\"{{3}}.*+|'{{3}}.*+|["'](?:[^\\\r\n]|\\[^\r\n])*+)
    |(?P<Iri><(?:[^<>"{{}}|^`\\\x00-\x20]|\\u[0-9A-Fa-f]{{4}}|\\U[0-9A-Fa-f]{{8}})*+>)
    |(?P<Var>[?$][{_NAME}]++)
    |(?P<Blank>_:[{_NAME}]{_DOTTED})
    |(?P<words>[^\W\d_]{_DOTTED})?(?P<colon>:(?P<local>(?:[{_NAME}:-]|{_ESCAPE}
      |\.++(?=[{_NAME}:%\\-]))*+))
    |(?P<bare>[^\W\d]{_DOTTED})
    |(?P<Decimal>(?:[0-9]++(?:\.[0-9]++|\.(?=[eE][+-]?[0-9]))?+|\.[0-9]++)[eE][+-]?[0-9]++
      |[0-9]*+\.[0-9]++)
    |(?P<Integer>[0-9]++)
    |(?P<Tag>@[A-Za-z]++(?:-[A-Za-z0-9]++)*+(?:--[a-z]++)?)
    |(?P<sign>\^\^|\|\||&&|!=|<=|>=|<<\(|\)>>|<<|>>|\{{\||\|\}}|[][{{}}().,;*/+=<>!|^?~-])
    |(?P<other>.)""",
    re.DOTALL | re.VERBOSE,
)
# The parser takes some words without a space between them.
_PART = re.compile(
    rf"""(?:ORDER|GROUP)(?=BY(?![{_NAME}]))|(?:LIMIT|OFFSET)(?=[0-9]++(?![{_NAME}]))
    |[{_NAME}]++|.""",
    re.DOTALL | re.IGNORECASE | re.VERBOSE,
)
_CASED = frozenset({"a", "true", "false"})


class Token(NamedTuple):
    """A token and where it is: from the code point ``start`` to before ``end``.

    ``kind`` is the sign itself, a bare word in upper case (``a``, ``true`` and ``false`` as they
    are, as case counts there), or one of String, Iri, Var, Blank, Name (``ex:a``), Prefix
    (``ex:``), Decimal, Integer, Tag; ``open`` is a string without its end, ``other`` a character
    that begins nothing.
    """

    kind: str
    start: int
    end: int


def tokens(text: str) -> Iterator[Token]:
    """Yield the tokens of any text in turn, without space and comments between them.

    >>> [token.kind for token in tokens("ASK { ?s a org:Role } # why")]
    ['ASK', '{', 'Var', 'a', 'Name', '}']
    """
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or "other"
        if kind == "bare":
            yield from _parts(text, match.start(), match.end())
        elif kind in ("colon", "local"):
            yield Token("Name" if match["local"] else "Prefix", match.start(), match.end())
        elif kind == "sign":
            yield Token(match[0], match.start(), match.end())
        elif kind != "blank":
            yield Token(kind, match.start(), match.end())


def _parts(text: str, start: int, end: int) -> Iterator[Token]:
    """Yield the words of a run without a colon, and the dots and hyphens between them."""
    for match in _PART.finditer(text, start, end):
        word = match[0]
        kind = word if word in _CASED else word.upper()
        is_number = word.isascii() and word.isdecimal()
        yield Token("Integer" if is_number else kind, match.start(), match.end())
