"""Texts: what is sent is no query, or is one that was damaged on the way."""

import html
import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import unquote_plus

from kg.syntax.place import EXAMINED, KEYWORDS, LONGEST, Place, Repair, line_end

__all__ = ["characters", "comments", "empty", "encoded", "foreign", "sql"]

UPDATES = frozenset(
    [
        "ADD",
        "CLEAR",
        "COPY",
        "CREATE",
        "DELETE",
        "DROP",
        "INSERT",
        "LOAD",
        "MOVE",
        "WITH",
    ]  # those of SPARQL 1.1 Update
)
LANGUAGES = {"MATCH": "Cypher", "MERGE": "Cypher", "FOR": "AQL", "CALL": "Cypher", "G": "Gremlin"}
SPELT = {"¬": "!", "≠": "!=", "≤": "<=", "≥": ">=", "×": "*", "÷": "/", "∧": "&&", "∨": "||"}
SPELT |= dict.fromkeys("“”„‟«»″", '"') | dict.fromkeys("‘’‚‛′`´", "'") | dict.fromkeys("–—−‐‑", "-")
_PERCENT = re.compile(r"%[0-9A-Fa-f]{2}")
_ENTITY = re.compile(r"&(?:lt|gt|amp|quot|apos|#\d{1,7});")


def empty(place: Place) -> Iterator[Repair]:
    """Nothing at all, or a comment alone."""
    if not place.tokens:
        yield Repair("Write one, such as SELECT * WHERE { ?s ?p ?o } LIMIT 10")


def foreign(place: Place) -> Iterator[Repair]:
    """Other languages than that of queries."""
    word = place.found.kind
    if "SELECT" not in place.kinds or "ASK" not in place.kinds:
        return
    if word in UPDATES:
        yield Repair(
            "This endpoint is read-only: SPARQL Update is not done here. "
            "Data changes in its files, by a new build."
        )
    elif word in LANGUAGES and place.at(1).kind in ("(", "Var", "X", "."):
        yield Repair(f"This looks like {LANGUAGES[word]}; the endpoint understands SPARQL.")
    elif word == "{" and place.at(1).kind == "String":
        yield Repair("Send the query itself, not JSON.")
    elif word == "EXPLAIN":
        yield Repair("Leave EXPLAIN out.", ((place.found.start, place.found.end, ""),))
    elif word in ("QUERY", "UPDATE") and place.at(1).kind == "=":
        end = place.at(1).end
        yield Repair(
            f"Send the query alone, without {place.said(place.found)}=, "
            "or as a form (application/x-www-form-urlencoded).",
            ((place.found.start, end, ""),),
        )


def sql(place: Place) -> Iterator[Repair]:
    """Propose a query for SQL, which begins alike."""
    kinds = [token.kind for token in place.tokens[:3]]
    if kinds[:1] == ["SELECT"] and place.stop.index < LONGEST:
        words = [token.kind for token in place.tokens[: place.stop.index + LONGEST]]
        after = words[words.index("FROM") + 1] if "FROM" in words[:-1] else ""
        if (
            after.isalpha()
            and after.isupper()
            and after not in KEYWORDS
            and "{" not in words[: words.index("FROM")]
        ):
            yield Repair(
                "This looks like SQL. In SPARQL a query is a pattern of triples in braces, "
                "such as SELECT ?s WHERE { ?s ?p ?o } LIMIT 10"
            )


def encoded(place: Place) -> Iterator[Repair]:
    """Texts that were encoded once too often."""
    text = place.text
    if _PERCENT.search(text, max(0, place.found.start - 2), place.found.start + LONGEST):
        hint = "The text is percent-encoded once too often; encode it once."
        yield Repair(hint, ((0, len(text), unquote_plus(text)),))
    if _ENTITY.search(text):
        hint = "The text is escaped as HTML; write < for &lt;, > for &gt; and & for &amp;"
        yield Repair(hint, ((0, len(text), html.unescape(text)),))
    if " " not in text and "+" in text:
        hint = "Spaces have come as +; send them as %20 or as a form."
        yield Repair(hint, ((0, len(text), text.replace("+", " ")),))


def characters(place: Place) -> Iterator[Repair]:
    """Characters that look like others, or like none."""
    if place.found.kind != "other":
        return
    character = place.said(place.found)
    name = f"U+{ord(character):04X} ({unicodedata.name(character, 'a control character')})"
    parts = place.tokens if len(place.text) <= EXAMINED else [place.found]
    others = [token for token in parts if token.kind == "other"]
    edits = tuple((token.start, token.end, _plain(place.said(token))) for token in others)
    plain = _plain(character)
    if place.text.startswith("```", place.found.start):
        yield Repair(
            "Leave out the lines with ```",
            tuple((match.start(), match.end(), "") for match in re.finditer("```\\w*", place.text)),
        )
    if not plain:
        yield Repair(f"Leave out the invisible character {name}.", edits)
    elif plain == " ":
        yield Repair(f"Write a plain space instead of {name}.", edits)
    elif plain != character:
        yield Repair(f"Write {plain} instead of {name}.", edits)
        yield Repair(f"Write {plain} instead of {name}.", edits[:1])
    elif not character.isprintable():
        yield Repair(f"Leave out the character {name}.", edits)


def _plain(character: str) -> str:
    """Return what stands for a character in a query; itself if nothing does."""
    category = unicodedata.category(character)
    if category in ("Zs", "Zl", "Zp"):
        return " "
    if category in ("Cf", "Cc", "Mn") and character not in "\u200c\u200d":
        return ""
    return SPELT.get(character, character)


def comments(place: Place) -> Iterator[Repair]:
    """Comments of other languages."""
    found = place.found
    comment = place.said(found) + place.said(place.at(1))
    if comment in ("//", "--", "/*") and place.at(1).start == found.end:
        hint = f"A comment begins with # and ends with the line, not with {comment}"
        end = line_end(place.text, found.start)
        yield Repair(hint, ((found.start, found.start, "# "),))
        closing = place.text.find("*/", found.end, end)
        if closing >= 0:
            yield Repair(hint, ((found.start, closing + 2, ""),))
