"""Mentions: the terms that a query names, where its text has them."""

import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rdflib.term import Identifier, Literal, URIRef, Variable

from kg.explanation.parts import XSD
from kg.syntax.token import Token, tokens

__all__ = ["Mention", "mentions"]

_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_CONTROL = {"t": "\t", "n": "\n", "r": "\r", "b": "\b", "f": "\f"}


@dataclass(frozen=True)
class Mention:
    """A term where the text of a query has it; that of a declaration has its prefix."""

    start: int
    end: int
    term: Identifier
    declares: str | None = None


def mentions(text: str) -> list[Mention]:
    """Return the IRIs, literals and variables of a query where they stand, without parsing it.

    Relative IRIs and names with an undeclared prefix are left out, escapes are resolved.
    """
    found: list[Mention] = []
    prefixes: dict[str, str] = {}
    scanned = list(tokens(text))
    at = 0
    while at < len(scanned):
        token, following = scanned[at], scanned[at + 1 : at + 3]
        if token.kind in ("PREFIX", "BASE"):
            declared = following[-1:] if token.kind == "PREFIX" else []
            for iri in declared:
                prefix = text[following[0].start : following[0].end].rstrip(":")
                prefixes[prefix] = _unescaped(text[iri.start + 1 : iri.end - 1])
                found.append(Mention(iri.start, iri.end, URIRef(prefixes[prefix]), prefix))
            at += 1 + len(declared) + 1
            continue
        suffix = _suffix(following) if token.kind == "String" else ()
        end = suffix[-1].end if suffix else token.end
        if (node := _node(text, token, suffix, prefixes)) is not None:
            found.append(Mention(token.start, end, node))
        at += 1 + len(suffix)
    return found


def _suffix(following: Sequence[Token]) -> Sequence[Token]:
    """Return the language tag or the datatype that begins what follows a string."""
    if following and following[0].kind == "Tag":
        return following[:1]
    is_typed = len(following) == 2 and following[0].kind == "^^"
    return following if is_typed and following[1].kind in ("Iri", "Name", "Prefix") else ()


def _node(
    text: str, token: Token, suffix: Sequence[Token], prefixes: Mapping[str, str]
) -> Identifier | None:
    written = text[token.start : token.end]
    match token.kind:
        case "Var":
            return Variable(written[1:])
        case "Iri":
            iri = _unescaped(written[1:-1])
            return URIRef(iri) if ":" in iri else None
        case "Name" | "Prefix":
            prefix, _, local = written.partition(":")
            return URIRef(prefixes[prefix] + _unescaped(local)) if prefix in prefixes else None
        case "Integer":
            return Literal(written, datatype=XSD.integer)
        case "Decimal":
            return Literal(written, datatype=XSD.double if "e" in written.lower() else XSD.decimal)
        case "true" | "false":
            return Literal(written, datatype=XSD.boolean)
        case "String":
            quotes = 3 if written[:3] in ('"""', "'''") else 1
            value = _unescaped(written[quotes:-quotes])
            if not suffix:
                return Literal(value)
            if suffix[0].kind == "Tag":
                return Literal(value, lang=text[suffix[0].start + 1 : suffix[0].end])
            datatype = _node(text, suffix[1], (), prefixes)
            return Literal(value, datatype=datatype) if isinstance(datatype, URIRef) else None
    return None


def _unescaped(text: str) -> str:
    def character(escape: re.Match[str]) -> str:
        code = escape[1] or escape[2]
        if code:
            return chr(int(code, 16)) if int(code, 16) <= sys.maxunicode else escape[0]
        return _CONTROL.get(escape[3], escape[3])

    return _ESCAPE.sub(character, text)
