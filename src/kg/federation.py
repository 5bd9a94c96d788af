"""Federation: which other endpoints a query may name in ``SERVICE``, and how they are replaced.

https://www.w3.org/TR/sparql11-federated-query/
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from urllib.parse import urlsplit

from kg.errors import DataError, QuerySyntaxError, ServiceRefused
from kg.keywords import keywords, unescaped
from kg.syntax import fault
from kg.syntax.token import Token, tokens

__all__ = ["endpoints", "readable", "relocated", "rewrite"]

_NO_IRI = re.compile(r'[<>"{}|\\^`\x00-\x20]')
_UNSAFE_IN_IRI = re.compile(r"\\[uU]|[^A-Za-z0-9:/._~%#-]")
_UNSAFE_IN_STRING = re.compile(r'\\.|["\n\r]', re.DOTALL)
# Where a lenient parser may end a name or a word early, and take the rest for the keyword.
_GLUED = re.compile(r"[^:]*service|.*\.service", re.IGNORECASE | re.DOTALL)
_POSITION = re.compile(r"error at (\d+):(\d+)")


def endpoints(setting: str) -> tuple[str, ...]:
    """Return the IRIs in a setting, between which there are spaces or commas.

    Raises ``DataError`` on what is not the absolute HTTP address of an endpoint.
    """
    found = tuple(dict.fromkeys(re.findall(r"[^\s,]+", setting)))
    for iri in found:
        parts = urlsplit(iri)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise DataError(f"KG_SERVICE_ALLOW: {iri} has no https:// or no host.")
        if "@" in parts.netloc or "#" in iri or _NO_IRI.search(iri):
            raise DataError(
                f"KG_SERVICE_ALLOW: {iri} holds a user, a fragment or characters of no IRI."
            )
    return found


def rewrite(text: str, targets: Mapping[str, str]) -> str | None:
    """Return a query with every endpoint that it names replaced; ``None`` when it names none.

    ``targets`` leads from the IRIs that are allowed to what takes their place. The text comes back
    with one token a line, spelt so that no parser can take it otherwise: a lenient one would find
    a ``SERVICE`` where the specification sees part of a name, a string or an IRI. For the same
    reason a text that gave ``None`` is for an engine that cannot open connections.

    Raises ``ServiceRefused`` when an endpoint is not allowed or not written as an IRI,
    ``QuerySyntaxError`` when a part of the text is no token.

    >>> rewrite("ASK { service silent<http://a/>{} } # why", {"http://a/": "http://b/"}).split()
    ['ASK', '{', 'service', 'silent', '<http://b/>', '{', '}', '}']
    """
    if "SERVICE" not in keywords(text):
        return None
    found = list(tokens(text))
    replaced = dict(_replacements(text, found, targets))
    spelt = (replaced.get(token.start) or _spelt(text, token) for token in found)
    return "".join(gap + word for gap, word in zip(_gaps(found), spelt, strict=True))


def relocated(message: str, text: str) -> str:
    """Return a parser's message on what ``rewrite`` made of a text with the place in the text.

    >>> relocated("error at 4:1: expected }", "ASK { SERVICE 5 }")
    'error at 1:7: expected }'
    """
    return _POSITION.sub(
        lambda position: _error_at(text, _offset(text, int(position[1]), int(position[2]))),
        message,
        count=1,
    )


def readable(message: str, targets: Mapping[str, str]) -> str:
    """Return a message of the evaluation with the endpoints as the query names them.

    >>> readable("http://b/1 answered 500", {"http://a/": "http://b/1"})
    'http://a/ answered 500'
    """
    for iri in sorted(targets, key=lambda iri: len(targets[iri]), reverse=True):
        message = message.replace(targets[iri], iri)
    return message


def _offset(text: str, line: int, column: int) -> int:
    found = list(tokens(text))
    first = [token for token, gap in zip(found, _gaps(found), strict=True) if gap]
    if not 2 <= line <= len(first) + 1:  # the first line is empty
        return 0 if line < 2 else len(text)
    token = first[line - 2]
    offset = token.start + column - 1
    return len(text) if offset >= found[-1].end else min(offset, token.end)


def _error_at(text: str, offset: int) -> str:
    line = text.count("\n", 0, offset) + 1
    return f"error at {line}:{offset - text.rfind(chr(10), 0, offset)}"


def _gaps(found: Sequence[Token]) -> Iterator[str]:
    """Yield what goes before each token: a new line, but not between a number and its sign."""
    before: Token | None = None
    for token in found:
        signed = before and before.kind in "+-" and token.kind in ("Integer", "Decimal")
        yield "" if before and signed and before.end == token.start else "\n"
        before = token


def _replacements(
    text: str, found: Sequence[Token], targets: Mapping[str, str]
) -> Iterator[tuple[int, str]]:
    """Yield where each endpoint begins in the text, and what takes its place."""
    depth, outer = 0, -1  # how many groups are open, and outside of which SERVICE the text is
    for index, token in enumerate(found):
        if token.kind == "{":
            depth += 1
        elif token.kind == "}":
            depth -= 1
            outer = -1 if depth == outer else outer
        elif token.kind == "SERVICE":
            if outer >= 0:
                raise ServiceRefused("A SERVICE inside of another is not passed on; nest none.")
            outer = depth
            after = found[index + 1 : index + 3]
            named = next((other for other in after if other.kind != "SILENT"), token)
            yield named.start, f"<{_target(text, named, targets)}>"


def _target(text: str, named: Token, targets: Mapping[str, str]) -> str:
    if named.kind != "Iri":
        raise ServiceRefused(
            "The endpoint after SERVICE must be written as a full IRI, such as "
            "SERVICE <https://example.org/sparql>, not as a variable or a prefixed name."
        )
    iri = unescaped(text[named.start + 1 : named.end - 1])
    if not urlsplit(iri).scheme:
        raise ServiceRefused(
            f"The endpoint <{iri}> is relative; write its full IRI, such as "
            "SERVICE <https://example.org/sparql>."
        )
    if iri not in targets:
        allowed = ", ".join(f"<{target}>" for target in targets) or "none"
        raise ServiceRefused(f"This endpoint does not query <{iri}>; it queries {allowed}.")
    return targets[iri]


def _spelt(text: str, token: Token) -> str:
    word = text[token.start : token.end]
    match token.kind:
        case "String":
            quotes = 3 if word[:3] in ('"""', "'''") else 1
            return f'"{_UNSAFE_IN_STRING.sub(_in_string, word[quotes:-quotes])}"'
        case "Iri":
            return f"<{_UNSAFE_IN_IRI.sub(_in_iri, word[1:-1])}>"
        case "open" | "other":
            what = "a string that does not end" if token.kind == "open" else repr(word)
            message = f"{_error_at(text, token.start)}: unexpected {what}"
            raise QuerySyntaxError(**asdict(fault(text, message)))
        case "SERVICE" | "Var":
            return word
    if _GLUED.match(word):
        raise ServiceRefused(f"In a query with SERVICE, {word} cannot be told from it; rename it.")
    return word


def _in_string(match: re.Match[str]) -> str:
    return {'"': '\\"', "\n": "\\n", "\r": "\\r"}.get(match[0], match[0])


def _in_iri(match: re.Match[str]) -> str:
    return match[0] if match[0][0] == "\\" else f"\\U{ord(match[0]):08X}"
