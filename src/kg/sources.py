"""Sources: the texts of source documents in a folder, and where words stand in them.

A text is UTF-8 in Unicode normalization form C (https://www.unicode.org/reports/tr15/), and its
characters are counted as code points from 0.
"""

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from kg.errors import DataError
from kg.namespaces import SOURCE
from kg.passages import Passage

__all__ = ["find", "read"]

OMISSION = re.compile(r"\s*(?:…|\.\.\.)\s*")

# Signs that are read alike: typed on a keyboard, and set in a text.
ALIKE = {"'": "['‘’‚‛`´]", '"': '["“”„]', "-": "[-‑–—]"}


def read(folder: Path, slug: str) -> str:
    """Return the text of a source document, from ``<slug>.txt`` in the folder of the texts.

    Raises ``DataError`` if there is none, if it is empty, not UTF-8 or not normalized.
    """
    path = folder / f"{slug}.txt"
    try:
        text = path.read_bytes().decode()
    except FileNotFoundError:
        raise DataError(f"{path} is missing; KG_SOURCES names the folder of the texts.") from None
    except UnicodeDecodeError as error:
        raise DataError(f"{path} is not UTF-8 at byte {error.start}; save it as UTF-8.") from None
    if not text.strip():
        raise DataError(f"{path} holds no text.")
    if not unicodedata.is_normalized("NFC", text):
        raise DataError(
            f"{path} is not in Unicode normalization form C, so that its characters can be counted "
            "in two ways; normalize it (uconv -x nfc, or unicodedata.normalize in Python)."
        )
    return text


def find(text: str, slug: str, words: str) -> Iterator[Passage]:
    """Yield the passages of a document that have some words; case, quotes and spacing aside.

    Three dots stand for anything between the words before and after them, as little as possible.

    >>> [passage.iri[-9:] for passage in find("Een deal. Twee deals.", "x", "een … twee")]
    ['char=0,14']
    """
    parts = [part for part in OMISSION.split(words) if part.strip()]
    pattern = ".*?".join(map(_pattern, parts))
    for match in re.finditer(pattern, text, re.IGNORECASE | re.DOTALL) if parts else ():
        document = f"{SOURCE}{slug}"
        start, end = match.span()
        yield Passage(f"{document}#char={start},{end}", document, start, end)


def _pattern(words: str) -> str:
    """Return a pattern for words as a whole, however they are spaced and quoted."""
    signs = (ALIKE.get(sign, re.escape(sign)) for sign in " ".join(words.split()))
    inner = "".join(r"\s+" if sign == r"\ " else sign for sign in signs)
    return rf"(?<!\w){inner}(?!\w)"
