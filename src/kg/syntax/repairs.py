"""Repairs: what to do about a query that does not follow the grammar.

A repair that changes the text is told only if the changed text follows the grammar further.
"""

from collections.abc import Callable, Iterator, Sequence

from kg.syntax import expressions, patterns, terms, texts, words
from kg.syntax.grammar import Stop, stop
from kg.syntax.place import EXAMINED, Place, Repair, applied
from kg.syntax.token import Token, tokens

__all__ = ["repair"]


TRIED = 2**20  # code points that are read in trying out repairs, all together

# The first that helps is told: what is certain comes before what is likely.
PROPOSALS: Sequence[Callable[[Place], Iterator[Repair]]] = (
    texts.empty,
    texts.foreign,
    texts.sql,
    texts.encoded,
    texts.characters,
    terms.strings,
    terms.literals,
    terms.iris,
    terms.prologue,
    expressions.operators,
    texts.comments,
    terms.variables,
    expressions.aliases,
    expressions.arguments,
    expressions.conditions,
    words.replaced,
    words.misspelt,
    words.names,
    patterns.directions,
    patterns.clauses,
    patterns.queries,
    terms.dates,
    terms.paths,
    patterns.rows,
    patterns.numbers,
    terms.kind,
    patterns.brackets,
    patterns.triples,
    patterns.separators,
    patterns.braces,
    patterns.unbegun,
    patterns.insertions,
)

BRIEF = (texts.empty, texts.foreign, texts.characters)  # for a long text


def repair(text: str, parts: Sequence[Token], where: Stop) -> Repair | None:
    """Return what to do about tokens that stop following the grammar; None if it is not known."""
    place = Place(text, parts, where)
    helpful, budget = None, TRIED
    for propose in PROPOSALS if len(text) <= EXAMINED else BRIEF:
        for proposal in propose(place):
            if not proposal.edits:
                return proposal
            budget -= len(text)
            gain = _gain(place, proposal) if budget >= 0 else 0
            if gain is None:
                return proposal
            if gain > 1 and helpful is None:
                helpful = proposal
    return helpful


def _gain(place: Place, proposal: Repair) -> int | None:
    """Return how many tokens further the changed text is followed; None if to its end."""
    changed = tuple(tokens(applied(place.text, proposal.edits)))
    if not (where := stop(changed)):
        return None
    return (len(place.tokens) - place.stop.index) - (len(changed) - where.index)
