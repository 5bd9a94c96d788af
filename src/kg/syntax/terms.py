"""Terms: strings, IRIs, variables and prefixes that are written in another way."""

import re
from collections.abc import Iterator

from kg.syntax.place import BARE_IRI, LONGEST, Edit, Place, Repair, fresh, line_end

__all__ = ["dates", "iris", "kind", "literals", "paths", "prologue", "strings", "variables"]

LITERALS = frozenset({"String", "Integer", "Decimal"})
_BETWEEN_PARTS = re.compile(r"[\s}.;)\]]*\Z")
_BRACKETED = re.compile(r"<([^<>\"\r\n]*)>")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\b")


def strings(place: Place) -> Iterator[Repair]:
    """Quotation marks that are missing or too many."""
    found, before = place.found, place.at(-1)
    if before.kind == "String" and before.end == found.start:
        mark = place.text[before.start]
        last = place.text.rfind(mark, before.end, line_end(place.text, before.start))
        if last > 0:
            inner = place.text[before.start + 1 : last]
            hint = f"Within a string in {mark}, write \\{mark} for {mark}"
            yield Repair(hint, ((before.start + 1, last, inner.replace(mark, f"\\{mark}")),))
        if found.end - found.start in (2, 3):
            hint = f"A language tag begins with @: @{place.said(found)}"
            yield Repair(hint, ((found.start, found.start, "@"),))
    if found.kind == "open":
        mark = place.text[found.start]
        marks = mark * 3 if place.text.startswith(mark * 3, found.start) else mark
        said = place.said(found)
        hint = f"The string that begins here has no end; close it with {marks}"
        if marks == mark:
            hint += f", or write {mark * 3} around a string of more than one line."
        for end in dict.fromkeys((len(_BETWEEN_PARTS.sub("", said)), *_ends(said), len(said))):
            yield Repair(hint, ((found.start + end, found.start + end, marks),))


def _ends(said: str) -> Iterator[int]:
    """Yield where a string may have been meant to end: before brackets and between words."""
    yield from (match.start() for match in list(re.finditer(r"\s*[)}.;,\]]|\s", said))[:LONGEST])


def literals(place: Place) -> Iterator[Repair]:
    """Languages and datatypes."""
    found, before, after = place.found, place.at(-1), place.at(1)
    if before.kind == "Tag" and before.end == found.start and found.kind.startswith("_"):
        tag = place.said(before) + place.said(found).replace("_", "-")
        edits = ((before.start, found.end, tag),)
        yield Repair(f"Write a hyphen in a language tag: {tag}", edits)
    if place.said(found) == "@" and "Tag" in place.kinds:
        yield Repair("A language tag follows @, as in @nl")
    if before.kind == "^^":
        yield Repair("A datatype follows ^^, as in ^^xsd:date")
    if found.kind == "^" and "^^" in place.kinds:
        yield Repair("A datatype follows ^^", ((found.start, found.end, "^^"),))
    if after.kind == "Tag" and after.start == found.end and found.kind != "Var":
        said = f'"{place.said(found)}"'
        hint = f"A string has quotation marks: {said}"
        yield Repair(hint, ((found.start, found.end, said),))
    if found.kind == "Tag" and "String" in place.kinds:
        said = f'"{place.said(found)[1:]}"'
        hint = f"A language is compared as a string: {said}"
        yield Repair(hint, ((found.start, found.end, said),))


def iris(place: Place) -> Iterator[Repair]:
    """Angle brackets that are missing, or that hold what no IRI holds."""
    found, text = place.found, place.text
    if found.kind == "<" and "Iri" in place.kinds:
        if whole := _BRACKETED.match(text, found.start):
            inner = whole[1].strip()
            iri = "".join(
                f"%{ord(each):02X}" if each in ' "{}|\\^`' or each < "!" else each for each in inner
            )
            what = "before or after it" if iri == inner else "or other signs in it: encode them"
            edits = ((found.start, whole.end(), f"<{iri}>"),)
            yield Repair(f"An IRI has no spaces {what}, as in <{iri}>", edits)
        if bare := BARE_IRI.match(text, found.end):
            hint = f"The IRI that begins here has no end; close it with >: <{bare[0]}>"
            yield Repair(hint, ((bare.end(), bare.end(), ">"),))
    said = place.said(found).strip("\"'")
    if "Iri" in place.kinds and found.kind in ("Name", "Prefix", "String") and ":" in said:
        bare = BARE_IRI.match(text, found.start)
        end = found.end if found.kind == "String" or not bare else bare.end()
        said = said if found.kind == "String" else text[found.start : end]
        edits = ((found.start, end, f"<{said}>"),)
        yield Repair(f"An IRI is written in angle brackets: <{said}>", edits)
    if found.kind == "Iri" and place.said(found) == "<>" and "!=" in place.kinds:
        yield Repair("“Not equal” is written !=", ((found.start, found.end, "!="),))


def prologue(place: Place) -> Iterator[Repair]:
    """Propose declarations that are not as Turtle writes them."""
    found, before = place.found, place.at(-1)
    said = place.said(found).casefold()
    if "PREFIX" in place.kinds and said in ("@prefix", "@base", "."):
        hint = "In SPARQL it is PREFIX ex: <…>, without @ and without a dot at the end."
        yield Repair(hint, tuple(_declarations(place)))
    if "PREFIX" in place.kinds and found.kind == "," and before.kind == "Iri":
        hint = "Each prefix has a PREFIX of its own; there is no comma between them."
        yield Repair(hint, ((found.start, found.end, " PREFIX"),))
    if "Prefix" in place.kinds and before.kind == "PREFIX":
        if place.at(1).kind == "Iri" and found.kind != "Name":
            hint = f"A colon ends the prefix: PREFIX {place.said(found)}: {place.said(place.at(1))}"
            yield Repair(hint, ((found.end, found.end, ":"),))
        elif found.kind == "Name":
            prefix = f"{place.said(found).partition(':')[0]}:"
            hint = f"A colon ends the prefix: PREFIX {prefix} <…>"
            yield Repair(hint, ((found.start, found.end, prefix),))


def _declarations(place: Place) -> Iterator[Edit]:
    for index, token in enumerate(place.tokens):
        said = place.said(token).casefold()
        if said in ("@prefix", "@base"):
            yield (token.start, token.end, said[1:].upper())
        elif said == "." and index and place.tokens[index - 1].kind == "Iri":
            is_prefix = index > 1 and place.tokens[index - 2].kind == "Prefix"
            is_base = index > 1 and place.said(place.tokens[index - 2]).casefold().endswith("base")
            if is_base or (is_prefix and _is_declared(place, index - 3)):
                yield (token.start, token.end, "")


def _is_declared(place: Place, index: int) -> bool:
    return index >= 0 and place.said(place.tokens[index]).casefold().endswith("prefix")


def variables(place: Place) -> Iterator[Repair]:
    """Names of variables, and what surrounds them."""
    found, before, after = place.found, place.at(-1), place.at(1)
    if found.kind == "-" and before.kind == "Var" and before.end == found.start == after.start - 1:
        whole = place.said(before) + "-" + place.said(after)
        name = whole.replace("-", "_")
        edits = tuple(
            (match.start(), match.end(), name)
            for match in re.finditer(rf"{re.escape(whole)}\b", place.text)
        )
        yield Repair(f"The name of a variable has no hyphen: {name}", edits)
    if found.kind in ("?", "$") or place.said(found) == "$":
        hint = "The name of a variable follows ? without a space, as in ?name"
        yield Repair(hint, ((found.end, after.start, ""),) if after.kind.isalpha() else ())
    if {"*", "DISTINCT"} <= place.kinds and found.kind in ("WHERE", "{", "FROM", ""):
        rest = "" if found.kind else "WHERE { ?s ?p ?o }"
        hint = "Name the variables to select, or write * for all of them."
        yield Repair(hint, ((found.start, found.start, f" * {rest}"),))
    if found.kind == "{" and before.kind == "GRAPH":
        variable = fresh(place.text, "?g")
        hint = f"GRAPH takes a name, or a variable for it: GRAPH {variable} {{ … }}"
        yield Repair(hint, ((found.start, found.start, f"{variable} "),))
    if found.kind == "Var" and "UNDEF" in place.kinds:
        yield Repair("VALUES holds constants, no variables.")
    if found.kind == "AS" and before.kind == "Var" and after.kind == "Var":
        whole = f"({place.said(before)} AS {place.said(after)})"
        yield Repair(f"Brackets go around it: {whole}", ((before.start, after.end, whole),))
    if (
        found.kind == ")"
        and before.kind == "Var"
        and place.at(-2).kind == "("
        and "AS" in place.kinds
    ):
        opening = place.at(-2)
        hint = f"No brackets around a variable alone: {place.said(before)}"
        yield Repair(hint, ((opening.start, opening.end, " "), (found.start, found.end, " ")))


def dates(place: Place) -> Iterator[Repair]:
    """Dates that are written without quotation marks."""
    start = place.at(-1).start
    if date := _DATE.match(place.text, start):
        value = f'"{date[0]}"^^<http://www.w3.org/2001/XMLSchema#date>'
        yield Repair(f"A date is written {value}", ((start, date.end(), value),))


def paths(place: Place) -> Iterator[Repair]:
    """Paths of what is no property."""
    before = place.at(-1)
    is_operator = place.found.kind in ("/", "|", "*", "+", "?")
    if before.kind == "+" and place.at(-2).kind == "Var" and place.found.kind == "Var":
        is_operator, before = True, place.at(-2)
    if is_operator and before.kind == "Var" and {"Integer", "Decimal"} <= place.kinds:
        yield Repair("A property path is made of IRIs; it cannot hold a variable.")
    if place.found.kind == "Var" and before.kind == "^":
        yield Repair("A property path is made of IRIs; it cannot hold a variable.")
    if place.found.kind == "{" and {"*", "/"} <= place.kinds:
        yield Repair("A path has no {n,m}; repeat it by / or use +, * or ?")


def kind(place: Place) -> Iterator[Repair]:
    """Terms that cannot be a node or a property."""
    if place.found.kind == "Blank" and "Iri" in place.kinds and "Blank" not in place.kinds:
        yield Repair("A blank node cannot stand here; use a variable.")
    if place.found.kind in LITERALS and "a" in place.kinds:
        yield Repair("A property is an IRI, a prefixed name, a variable or a.")
