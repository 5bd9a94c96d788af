"""Changes: what the newest data answers instead, and how a question reads instead."""

import asyncio
import difflib
from dataclasses import dataclass

from kg.answers import difference, whole
from kg.engine.base import Engine
from kg.questions import Question
from kg.tables import Table, table
from kg.texts import Language

__all__ = ["Changes", "changes", "edits"]

SHOWN = 100  # rows that are gone, and that are new
MOST_COMPARED = 10_000  # rows of an answer that is compared with another


@dataclass(frozen=True)
class Changes:
    """What the newest data answers instead: rows that are gone, rows that are new.

    They are ``None`` where there are too many rows to compare; at most ``SHOWN`` of each are
    in the tables, ``gone_total`` and ``new_total`` tell how many there are.
    """

    gone: Table | None = None
    new: Table | None = None
    gone_total: int = 0
    new_total: int = 0


async def changes(
    old: Engine,
    new: Engine,
    question: Question,
    query: str,
    language: Language,
    client: str = "",
) -> Changes:
    """Return how the answers of two engines to the query of a question differ.

    ``client`` is who asks. Raises a ``RequestError`` when an engine gives no answer.
    """
    before = await whole(old, query, MOST_COMPARED, client)
    after = await whole(new, query, MOST_COMPARED, client)
    if before is None or after is None:
        return Changes()
    found = await asyncio.to_thread(difference, before, after)
    return Changes(
        await table(old, question, found.gone[:SHOWN], language, client),
        await table(new, question, found.new[:SHOWN], language, client),
        len(found.gone),
        len(found.new),
    )


def edits(question: Question, current: Question | None) -> str:
    """Return how a question differs from the current one, line by line; empty if it is that."""
    if current is None or current.version == question.version:
        return ""
    lines = difflib.unified_diff(
        question.text.splitlines(), current.text.splitlines(), lineterm="", n=2
    )
    return "\n".join(list(lines)[2:])
