"""Keywords: the bare words of a query, found without parsing it."""

import re
import sys

__all__ = ["keywords", "unescaped"]

# What may hold a word that is none comes first, and every token is taken to its end, so that a
# scan is linear in the text, whatever the text (SPARQL 1.1 Query, section 19.8, productions 139
# to 170).
_NAME = r"\w\u00b7\u0300-\u036f\u200c\u200d\u203f\u2040"
_TOKEN = re.compile(
    r'''"""(?:[^"\\]|\\.|"(?!""))*+(?:"""|\Z)|'{3}(?:[^'\\]|\\.|'(?!''))*+(?:'{3}|\Z)'''
    r"""|"(?:[^"\\\n\r]|\\.)*+"?|'(?:[^'\\\n\r]|\\.)*+'?"""
    rf"""|<[^<>"{{}}|^`\\\x00-\x20]*+>|\#[^\n\r]*+|[?$@][{_NAME}]++|:[{_NAME}.:%\\-]*+"""
    rf"""|\d[\d.]*+(?:[eE][+-]?\d++)?|(?P<words>[{_NAME}][{_NAME}.-]*+)(?P<local>:[{_NAME}.:%\\-]*+)?"""
    rf"""|[^{_NAME}"'<#?$@:]++|.""",
    re.DOTALL,
)
# Code points may be escaped anywhere in a query (section 19.2).
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_BETWEEN_WORDS = re.compile("[.-]")


def keywords(text: str) -> frozenset[str]:
    """Return the bare words of a query in upper case, its keywords among them.

    Lexical, so a text that is no SPARQL has keywords too. What is in strings, IRIs, comments,
    variables, prefixed names and language tags is no bare word.

    >>> "SERVICE" in keywords("SELECT * { seRVice<http://example.org/>{ ?s ?p ?o } }")
    True
    >>> "SERVICE" in keywords('SELECT ?service { ?service x:service "SERVICE" } # service')
    False
    """
    return frozenset(
        word.upper()
        for match in _TOKEN.finditer(unescaped(text))
        if match["words"] and match["local"] is None
        for word in _BETWEEN_WORDS.split(match["words"])
    )


def unescaped(text: str) -> str:
    r"""Return a text with its code point escapes replaced by what they stand for.

    >>> unescaped(r"\u0041\U00000042")
    'AB'
    """
    return _ESCAPE.sub(_unescape, text)


def _unescape(escape: re.Match[str]) -> str:
    code = int(escape[1] or escape[2], 16)
    return chr(code) if code <= sys.maxunicode else escape[0]
