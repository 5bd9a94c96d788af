"""Likeness: which of the terms that there are comes nearest to one that there is not."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pyoxigraph import Literal, NamedNode
from rapidfuzz import fuzz

from kg.folding import folded, unaccented

__all__ = ["Candidate", "close_texts", "local", "namespace", "nearest", "words"]

LEAST_LIKENESS = 70.0
SAME_NAMESPACE = 8.0
SLIP = 200.0  # likeness of IRIs that differ in scheme, case, or # against / only
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+|[^\W\d_]+")


@dataclass(frozen=True)
class Candidate:
    """A term of the dataset, what it is called in each language, and how often it is used."""

    term: NamedNode
    count: int = 0
    labels: Mapping[str, str] = field(default_factory=dict)


def nearest(wanted: str, candidates: Iterable[Candidate], most: int = 3) -> list[Candidate]:
    """Return the candidates that an IRI may have been meant for, the likeliest first.

    >>> [one.term.value for one in nearest(
    ...     "http://e/memberOff", [Candidate(NamedNode("http://e/memberOf"))])]
    ['http://e/memberOf']
    """
    scored = [
        (_likeness(wanted, one), one.count, one) for one in candidates if one.term.value != wanted
    ]
    scored = [one for one in scored if one[0] >= LEAST_LIKENESS]
    scored.sort(key=lambda one: (-one[0], -one[1], one[2].term.value))
    if scored and scored[0][0] >= SLIP:
        scored = [one for one in scored if one[0] >= SLIP]
    return [candidate for _, _, candidate in scored[:most]]


def _likeness(wanted: str, candidate: Candidate) -> float:
    iri = candidate.term.value
    if _bare(wanted) == _bare(iri):
        return SLIP
    own = " ".join(words(local(wanted)))
    names = [local(iri), *candidate.labels.values()]
    best = max(_name_likeness(own, " ".join(words(name))) for name in names)
    return best + SAME_NAMESPACE * (best > 0 and namespace(wanted) == namespace(iri))


def _name_likeness(name: str, other: str) -> float:
    if not name or not other:
        return 0.0
    best = max(fuzz.ratio(name, other), 0.97 * fuzz.token_sort_ratio(name, other))
    if min(len(name), len(other)) > 2:  # one inside the other: "gemeente" in "in gemeente"
        within = set(name.split()) <= set(other.split()) or set(other.split()) <= set(name.split())
        best = max(best, 85.0 if within else 0.0)
    return best


def close_texts(wanted: str, texts: Iterable[Literal], most: int = 3) -> list[Literal]:
    """Return the literals whose text is that of ``wanted`` but for slips, the likeliest first."""
    plain = folded(wanted)
    scored = [(_text_likeness(wanted, plain, one.value), one) for one in texts]
    scored.sort(key=lambda one: (-one[0], str(one[1])))
    return [one for likeness, one in scored[:most] if likeness >= LEAST_LIKENESS + 5]


def _text_likeness(wanted: str, plain: str, text: str) -> float:
    if wanted == text:
        return SLIP
    other = folded(text)
    if plain == other:
        return SLIP - 1
    if plain and set(plain.split()) <= set(other.split()):
        return 90.0 - min(10.0, len(other) / 20)
    return float(fuzz.ratio(plain, other)) if len(plain) > 3 else 0.0


def words(name: str) -> list[str]:
    """Return the words of a name in any spelling, without capitals and accents.

    >>> words("hasMemberOf-één")
    ['has', 'member', 'of', 'een']
    """
    return [word.casefold() for word in _WORD.findall(unaccented(name))]


def local(iri: str) -> str:
    """Return the last part of an IRI."""
    return re.split(r"[#/:]", iri.rstrip("#/"))[-1]


def namespace(iri: str) -> str:
    """Return an IRI without its last part."""
    return iri[: len(iri.rstrip("#/")) - len(local(iri))]


def _bare(iri: str) -> str:
    rest = re.sub(r"^[a-z]+://(www\.)?", "", iri.casefold()).rstrip("#/")
    return rest.replace("#", "/")
