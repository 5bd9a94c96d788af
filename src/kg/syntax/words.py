"""Words: keywords and names that are misspelt, missing or those of another language."""

from collections.abc import Iterator

from kg.syntax.place import KEYWORDS, Place, Repair, nearest

__all__ = ["misspelt", "names", "replaced"]

SYNONYMS = {
    "BINDINGS": "VALUES",
    "IS": "a",
    "WHEN": "FILTER",
    "IFNULL": "COALESCE",
    "AVERAGE": "AVG",
}
SYNONYMS |= {"LENGTH": "STRLEN", "LOWER": "LCASE", "UPPER": "UCASE", "SUBSTRING": "SUBSTR"}
ADVICE = {
    "FORMAT": "Ask for a format by the header Accept, not in the query.",
    "LET": "SPARQL has no LET; write BIND(… AS ?x).",
    "LIKE": 'SPARQL has no LIKE; use CONTAINS(?x, "text") or REGEX(?x, "pattern", "i").',
    "NULL": "SPARQL has no null; ask for a missing value by !BOUND(?x).",
}


def replaced(place: Place) -> Iterator[Repair]:
    """Words of other languages, and what stands for them here."""
    found, before = place.found, place.at(-1)
    word = found.kind
    if word in ("IS", "ISA") and place.at(1).kind == "a":
        yield Repair("The property “is a” is written a.", ((found.start, found.end, ""),))
    if word in ("AND", "OR") and {"&&", "||"} & place.kinds:
        sign = {"AND": "&&", "OR": "||"}[word]
        yield Repair(f"{word} is written {sign}", ((found.start, found.end, sign),))
    if word == "OR" and "UNION" in place.kinds:
        yield Repair("OR between groups is UNION.", ((found.start, found.end, "UNION"),))
    if before.kind == "NOT" and "EXISTS" in place.kinds:
        yield Repair("NOT of a condition is written !", ((before.start, before.end, "!"),))
    if place.at(1).kind == "NULL":
        yield Repair(ADVICE["NULL"])
    if word in ADVICE:
        yield Repair(ADVICE[word])
    if word == "UNION" and "}" in place.kinds:
        yield Repair("UNION stands between two groups: { … } UNION { … }")
    if word == "WHERE" and "GROUP" in place.kinds:
        yield Repair("A query has one WHERE; what is asked for stands in its braces.")


def misspelt(place: Place) -> Iterator[Repair]:
    """Words that look like those that could stand here."""
    found, said = place.found, place.said(place.found)
    if not place.is_word:
        return
    words = [kind for kind in place.kinds if kind[:1].isalpha() and not kind.istitle()]
    right = said.casefold() if said.casefold() in ("true", "false", "a") else ""
    right = right if right in words else SYNONYMS.get(found.kind, "") or nearest(said, words)
    if right:
        yield Repair(f"Did you mean {right}?", ((found.start, found.end, right),))


def names(place: Place) -> Iterator[Repair]:
    """Words that lack what makes a name or a value of them."""
    found, said = place.found, place.said(place.found)
    if not place.is_word:
        return
    if place.text.startswith(":", place.at(1).start) and "Name" in place.kinds:
        whole = f"{said}{place.said(place.at(1))}"
        edits = ((found.end, place.at(1).start, ""),)
        yield Repair(f"No space within a prefixed name: {whole}", edits)
    if said == "a":
        yield Repair("The word a stands for the property rdf:type alone.")
    if place.at(1).kind == "(" and "STR" in place.kinds:
        yield Repair(f"{said} is no function of SPARQL; check its name.")
    if found.kind in KEYWORDS:
        return
    if "Iri" in place.kinds and "Var" not in place.kinds:
        hint = f"Write the IRI in angle brackets, or with a prefix, as in ex:{said}"
        yield Repair(hint)
    if "Var" in place.kinds:
        hint = f"A variable begins with a question mark: ?{said}"
        if "String" in place.kinds:
            hint += f' A string has quotation marks: "{said}"'
        yield Repair(hint, ((found.start, found.start, "?"),))
