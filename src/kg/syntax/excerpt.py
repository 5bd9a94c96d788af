"""Excerpts: the part of a text that is told, with a mark under a place."""

import unicodedata

__all__ = ["excerpt", "shown"]

WIDTH = 100  # code points of an excerpt
LONGEST = 30  # code points of a token


def excerpt(text: str, start: int) -> str:
    """Return the line of a code point, cut around it if it is long, and a caret under it.

    >>> print(excerpt("ASK { ?s }", 9))
    ASK { ?s }
             ^
    """
    begin = text.rfind("\n", 0, start) + 1
    end = text.find("\n", start)
    end = (len(text) if end < 0 else end) - text.endswith("\r", begin, max(end, start))
    left = max(begin, min(start - WIDTH // 2, end - WIDTH))
    right = min(end, left + WIDTH)
    before = "…" * (left > begin) + _plain(text[left:start])
    after = _plain(text[start:right]) + "…" * (right < end)
    return f"{before}{after}\n{''.join(map(_blank, before))}^"


def _blank(character: str) -> str:
    """Return as much blank space as a character takes."""
    if character == "\t":
        return character
    if unicodedata.combining(character):
        return ""
    return "  " if unicodedata.east_asian_width(character) in "FW" else " "


def shown(said: str, longest: int = LONGEST) -> str:
    """Return a piece of a text as it is told: no longer than that, what is not seen made visible.

    >>> shown("?a\u200b?b"), shown("?organisation", 4)
    ('?a�?b', '?org…')
    """
    return _plain(said[:longest]) + "…" * (len(said) > longest)


def _plain(said: str) -> str:
    """Return a piece of the text with what is not seen, or does harm, made visible."""
    return "".join(each if each.isprintable() or each == "\t" else "\ufffd" for each in said)
