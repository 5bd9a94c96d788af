"""Folding: texts without capitals and accents, as words are compared that people look for."""

import unicodedata

__all__ = ["folded", "unaccented"]


def folded(text: str) -> str:
    """Return a text without capitals and accents, its words one space apart.

    >>> folded("Eén  CAFÉ")
    'een cafe'
    """
    return " ".join(unaccented(text.casefold()).split())


def unaccented(text: str) -> str:
    """Return a text without accents.

    >>> unaccented("Eén CAFÉ")
    'Een CAFE'
    """
    letters = unicodedata.normalize("NFKD", text)
    return "".join(one for one in letters if not unicodedata.combining(one))
