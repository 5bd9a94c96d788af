"""Explanation: why a query gives nothing, and what would give something.

Its causes are found first; here they are put into words, and every remedy that is offered
as a query is run first.
"""

import logging
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from pyoxigraph import QueryBoolean
from rdflib.term import Identifier

from kg import texts
from kg.explanation.causes import causes
from kg.explanation.known import Evaluate, Known
from kg.explanation.mentions import Mention, mentions
from kg.explanation.parsing import parse
from kg.explanation.parts import NotAnalysed, Query, TriplePattern, within
from kg.explanation.probe import KINDS, Cause, Probe, Remedy
from kg.explanation.values import of_terms
from kg.explanation.writing import text

__all__ = ["LANGUAGES", "Explanation", "Reason", "Suggestion", "as_json", "as_text", "explain"]

LANGUAGES: tuple[texts.Language, ...] = ("nl", "en")
WORDS = {language: texts.read(language)["explanation"] for language in LANGUAGES}
MOST_REASONS = 12
MOST_PROOFS = 12


@dataclass(frozen=True)
class Suggestion:
    """What to write instead, in SPARQL: a term, a pattern, a condition or a clause.

    ``label`` is what the graph calls the term, by language; ``count`` how many statements use it,
    0 where that says nothing.
    """

    term: str
    label: Mapping[str, str] = field(default_factory=dict)
    count: int = 0


@dataclass(frozen=True)
class Reason:
    """A cause: its kind (``kg.explanation.probe.KINDS``), what it is about, what is to be said.

    ``message`` is by language, nl and en. ``query`` is the query with the first suggestion put in,
    where that gives something; where only the first suggestions of several reasons do so together,
    the first reason has the query with all of these.
    """

    kind: str
    subject: str
    message: Mapping[str, str]
    suggestions: tuple[Suggestion, ...] = ()
    query: str = ""


@dataclass(frozen=True)
class Explanation:
    """Whether a query gives nothing, and why, the likeliest reason first; then there is one.

    ``analysed`` is the number of triple patterns in the query, 0 when it could not be parsed.
    """

    empty: bool
    reasons: tuple[Reason, ...] = ()
    analysed: int = 0


def explain(
    query: str, evaluate: Evaluate, base: str | None = None, seconds: float = 10.0
) -> Explanation:
    """Explain why a query gives no row, no triple, ``false``, or a total over nothing.

    ``evaluate`` answers queries on the same dataset. Nothing more is asked of it after ``seconds``,
    though what was asked last may outlast them. Raises what ``evaluate`` raises on the query.
    """
    deadline = time.monotonic() + seconds

    def in_time(text: str) -> Any:
        if time.monotonic() > deadline:
            raise _Spent
        return evaluate(text)

    is_empty = _is_empty(evaluate(query))
    with _quiet():
        parts, found = _parsed(query, base), mentions(query)
    if not is_empty and (parts is None or not _is_total_of_nothing(parts, evaluate)):
        return Explanation(empty=False)
    with _quiet():
        found_causes = _causes(parts, found, Known(in_time))
        reasons = tuple(_proved(query, found, found_causes, in_time))
    return Explanation(
        empty=True,
        reasons=reasons,
        analysed=sum(isinstance(one, TriplePattern) for one in within(parts.where)) if parts else 0,
    )


def as_json(explanation: Explanation) -> dict[str, Any]:
    """Return an explanation as JSON has it."""
    return asdict(explanation)


def as_text(explanation: Explanation, language: texts.Language) -> str:
    """Return an explanation as lines to read."""
    words = WORDS[language]
    if not explanation.empty:
        return f"{words['not_empty']}\n"
    lines = [words["lead"]]
    for number, reason in enumerate(explanation.reasons, 1):
        lines += ["", f"{number}. {reason.message[language]}"]
        lines += [f"   → {_suggested(one, language)}" for one in reason.suggestions]
        if reason.query:
            indented = [f"     {line}".rstrip() for line in reason.query.splitlines()]
            lines += ["", f"   {words['try']}", "", *indented]
    return "\n".join(lines) + "\n"


def _suggested(suggestion: Suggestion, language: texts.Language) -> str:
    label = suggestion.label.get(language) or suggestion.label.get("", "")
    uses = WORDS[language]["uses"].format(count=suggestion.count) if suggestion.count else ""
    known = ", ".join(part for part in (label, uses) if part)
    return f"{suggestion.term} ({known})" if known else suggestion.term


class _Spent(Exception):
    """The time for the explanation is over."""


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep rdflib from logging each literal that is ill-typed."""
    logger = logging.getLogger("rdflib.term")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(level)


def _is_empty(answer: Any) -> bool:
    if isinstance(answer, QueryBoolean):
        return not answer
    return next(iter(answer), None) is None


def _parsed(query: str, base: str | None) -> Query | None:
    try:
        return parse(query, base)
    except NotAnalysed:
        return None


def _is_total_of_nothing(parts: Query, evaluate: Evaluate) -> bool:
    if not parts.aggregates:
        return False
    rows = text(replace(parts, head=lambda _: "SELECT *", having=(), limit=1, offset=0))
    return _is_empty(evaluate(rows))


def _causes(parts: Query | None, found: Sequence[Mention], data: Known) -> list[Cause]:
    """Return the causes, the likeliest first, as far as they are found in time."""
    if parts is None:
        declared = {one.declares: str(one.term) for one in found if one.declares is not None}
        terms = [one.term for one in found if one.declares is None]
        source = of_terms(Probe(data, Query.unread(declared)), terms)
    else:
        source = causes(Probe(data, parts))
    kept: dict[tuple[str, str], Cause] = {}
    try:
        for cause in source:
            kept.setdefault((cause.kind, cause.subject), cause)
    except (_Spent, NotAnalysed, RecursionError, ValueError):
        pass  # what has been found so far is told
    if parts is None:
        kept["not-analysed", ""] = Cause("not-analysed", "")
    elif not kept:
        kept["unexplained", ""] = Cause("unexplained", "")
    ranked = sorted(kept.values(), key=lambda one: KINDS.index(one.kind))
    return ranked[:MOST_REASONS]


def _proved(
    query: str, found: Sequence[Mention], causes: Sequence[Cause], evaluate: Evaluate
) -> list[Reason]:
    """Return the reasons, each with a query that gives something where a remedy makes one."""
    reasons = [_reason(cause) for cause in causes]
    trials = [(at, one) for at, cause in enumerate(causes) for one in cause.remedies]
    try:
        for at, remedy in trials[:MOST_PROOFS]:
            if not reasons[at].query:
                better = text(remedy.parts) if remedy.parts else _put(query, found, [remedy])
                if better and _gives(better, evaluate):
                    reasons[at] = _reason(causes[at], remedy, better)
        first = [cause.remedies[0] for cause in causes if cause.remedies]
        if len(first) > 1 and not any(reason.query for reason in reasons):
            better = _put(query, found, first)
            if better and _gives(better, evaluate):
                reasons[0] = replace(reasons[0], query=better)
    except _Spent:
        pass
    return reasons


def _reason(cause: Cause, proved: Remedy | None = None, query: str = "") -> Reason:
    remedies = sorted(cause.remedies, key=lambda one: one is not proved)
    message: dict[str, str] = {
        language: WORDS[language]["reasons"][cause.key or cause.kind].format(
            subject=cause.subject, **cause.said
        )
        for language in LANGUAGES
    }
    suggestions = tuple(
        Suggestion(one.text, dict(one.labels), one.count) for one in remedies if one.text
    )
    return Reason(cause.kind, cause.subject, message, suggestions, query)


def _put(query: str, found: Sequence[Mention], remedies: Sequence[Remedy]) -> str:
    """Return a query with terms replaced wherever they stand, "" when none is there."""
    new: dict[tuple[Identifier, str | None], str] = {
        (one.old, one.prefix): one.text for one in remedies if one.old is not None
    }
    better = query
    for mention in reversed(found):
        if (mention.term, mention.declares) in new:
            written = new[mention.term, mention.declares]
            if mention.declares is not None:
                written = written.partition(": ")[2]
            better = f"{better[: mention.start]}{written}{better[mention.end :]}"
    return better if better != query else ""


def _gives(query: str, evaluate: Evaluate) -> bool:
    try:
        return not _is_empty(evaluate(query))
    except (SyntaxError, ValueError, RuntimeError, OSError):
        return False
