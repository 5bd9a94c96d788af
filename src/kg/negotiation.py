"""Negotiation: which offer a client likes best, of media types and of content codings.

https://www.rfc-editor.org/rfc/rfc9110#section-12.5
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

__all__ = ["choose", "encoding"]

LESSER = 0.85  # quality of what is offered though something else is better
LONGEST_KEPT = 512  # characters of a field whose outcome is remembered

# An unclosed quotation runs to the end, so that no field takes more than linear time.
_QUOTED = r'"(?:[^"\\]|\\.?)*"?'
_ELEMENT = re.compile(rf'(?:[^,"]|{_QUOTED})+', re.DOTALL)
_PART = re.compile(rf'(?:[^;"]|{_QUOTED})+', re.DOTALL)
_TOKEN = re.compile(r"[-!#$%&'*+.^_`|~0-9A-Za-z]+")
_RANGE = re.compile(rf"\*/\*|(?!\*/){_TOKEN.pattern}/{_TOKEN.pattern}")
_PARAMETER = re.compile(rf"({_TOKEN.pattern})=(.*)", re.DOTALL)
_LEAST = 0.0001  # weight of having no coding where the field does not mention it
_WEIGHT = re.compile(r"0|0?\.[0-9]+|0\.|1(?:\.0*)?")


def choose(accept: str | None, offered: Sequence[str], lesser: Sequence[str] = ()) -> str | None:
    """Return the offered media type that the Accept field likes best, or ``None`` (12.5.1).

    Ties go to the earlier offer. Those that are ``lesser`` too must be liked better by a sixth.
    Several Accept lines come joined by commas. Offers are in lower case, without parameters, and in
    UTF-8: a range with other parameters is heeded, as if it had none, only where nothing would be
    acceptable otherwise. Malformed parts are left out; a field without others, or a missing one,
    accepts everything.

    >>> choose("text/csv;q=0.5, text/*", ["text/csv", "text/tab-separated-values"])
    'text/tab-separated-values'
    """
    choice = _choose if len(accept or "") <= LONGEST_KEPT else _choose.__wrapped__
    return choice(accept or "", tuple(offered), tuple(lesser))


def encoding(accept_encoding: str | None, offered: Sequence[str]) -> str | None:
    """Return the offered content coding that the Accept-Encoding field likes best (12.5.3).

    ``None`` means no coding: where the client likes that better or says nothing, and where it
    accepts nothing. Ties go to a coding, and to the earlier offer. A coding that only ``*`` stands
    for is not used unless the client refuses to have none.

    >>> encoding("gzip, br;q=0.9", ["br", "gzip"])
    'gzip'
    """
    choice = _encode if len(accept_encoding or "") <= LONGEST_KEPT else _encode.__wrapped__
    return choice(accept_encoding or "", tuple(offered))


@dataclass(frozen=True)
class _Element:
    """A part of a field: what is accepted, in lower case, its weight, how many parameters."""

    name: str
    weight: float
    parameters: int

    @property
    def specificity(self) -> tuple[int, int]:
        """What goes before what, among media ranges."""
        return -self.name.count("*"), self.parameters

    def covers(self, media_type: str) -> bool:
        """Tell whether a media type lies in this range."""
        prefix = self.name.rstrip("*")
        return self.name in ("*/*", media_type) or (
            prefix.endswith("/") and media_type.startswith(prefix)
        )


@lru_cache(maxsize=1024)
def _choose(accept: str, offered: tuple[str, ...], lesser: tuple[str, ...]) -> str | None:
    ranges = [element for element in _elements(accept) if _RANGE.fullmatch(element.name)]
    if not ranges:
        return next(iter(offered), None)
    for heeded in ([one for one in ranges if not one.parameters], ranges):
        weights = {one: _weight(one, heeded) * (LESSER if one in lesser else 1) for one in offered}
        best = max(offered, key=weights.__getitem__, default=None)
        if best and weights[best]:
            return best
    return None


def _weight(media_type: str, ranges: Sequence[_Element]) -> float:
    covering = ((one.specificity, one.weight) for one in ranges if one.covers(media_type))
    return max(covering, default=((), 0.0))[1]


@lru_cache(maxsize=1024)
def _encode(accept_encoding: str, offered: tuple[str, ...]) -> str | None:
    # Old names of codings begin with "x-" (RFC 9110, section 8.4.1).
    weights = {one.name.removeprefix("x-"): one.weight for one in _elements(accept_encoding)}
    others = weights.get("*")
    none = weights.get("identity", _LEAST if others is None else others)
    unlisted = 0.0 if none or others is None else others
    listed = {coding: weights.get(coding, unlisted) for coding in offered}
    best = max(offered, key=listed.__getitem__, default=None)
    return best if best and listed[best] and listed[best] >= none else None


def _elements(field: str) -> Iterator[_Element]:
    for text in _ELEMENT.findall(field):
        name, _, parameters = text.partition(";")
        parts = (part.strip(" \t") for part in _PART.findall(parameters))
        element = _element(name.strip(" \t").lower(), list(filter(None, parts)))
        if element:
            yield element


def _element(name: str, parts: Sequence[str]) -> _Element | None:
    parameters = 0
    for part in parts:
        match = _PARAMETER.fullmatch(part)
        if not match:
            return None
        key, value = match[1].lower(), match[2]
        if key == "q":  # whatever follows is an extension of the field, not of the media type
            return _Element(name, float(value), parameters) if _WEIGHT.fullmatch(value) else None
        parameters += (key, value.strip('"').lower()) != ("charset", "utf-8")
    return _Element(name, 1.0, parameters)
