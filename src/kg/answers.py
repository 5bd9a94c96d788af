"""Answers: what an engine says to a query, a page at a time, and how two answers differ."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import ceil

from kg.dataset import Term
from kg.engine.base import Engine, select
from kg.questions import prologue, unprefixed

__all__ = [
    "Difference",
    "Part",
    "Row",
    "count",
    "difference",
    "limited",
    "pages",
    "part",
    "whole",
]

Row = Mapping[str, Term]


@dataclass(frozen=True)
class Part:
    """The rows on a page of an answer, ``size`` a page, and how many there are in ``total``."""

    rows: tuple[Row, ...]
    number: int
    size: int
    total: int

    @property
    def pages(self) -> int:
        """How many pages the answer takes, at least one."""
        return pages(self.total, self.size)

    @property
    def first(self) -> int:
        """The number of the first row on the page, from 1."""
        return self.size * (self.number - 1) + 1

    @property
    def last(self) -> int:
        """The number of the last row on the page."""
        return self.first + len(self.rows) - 1


@dataclass(frozen=True)
class Difference:
    """The rows of one answer that another lacks, and the rows that the other has instead."""

    gone: tuple[Row, ...]
    new: tuple[Row, ...]


async def part(engine: Engine, query: str, number: int, size: int, client: str = "") -> Part:
    """Return a page of the answer to a SELECT that orders its rows and does not limit them.

    Pages count from 1; one beyond the last has no rows. ``client`` is who asks. Raises a
    ``RequestError`` when there is no answer.
    """
    before = size * (number - 1)
    rows = await select(engine, limited(query, size, before), client)
    ends_here = len(rows) < size and (rows or number == 1)
    total = before + len(rows) if ends_here else await count(engine, query, client)
    return Part(tuple(rows), number, size, total)


async def count(engine: Engine, query: str, client: str = "") -> int:
    """Return how many rows the answer to a SELECT has; the engine counts them, none come here."""
    inner = f"{{ {{\n{unprefixed(query)}\n}} }}"
    counting = f"{prologue(query)}SELECT (COUNT(*) AS ?_rows) WHERE {inner}"
    (row,) = await select(engine, counting, client)
    return int(row["_rows"].value)


async def whole(engine: Engine, query: str, most: int, client: str = "") -> tuple[Row, ...] | None:
    """Return all rows of the answer to such a query, ``None`` if they are more than ``most``."""
    rows = await select(engine, limited(query, most + 1), client)
    return tuple(rows) if len(rows) <= most else None


def difference(before: Iterable[Row], after: Iterable[Row]) -> Difference:
    """Return how two answers differ, by the terms of their rows; their order does not count."""
    one, other = list(before), list(after)
    return Difference(tuple(_without(one, other)), tuple(_without(other, one)))


def pages(total: int, size: int) -> int:
    """Return how many pages of a size so many rows or things take, at least one."""
    return max(1, ceil(total / size))


def limited(query: str, limit: int, offset: int = 0) -> str:
    """Return a SELECT that limits the rows of one that does not, and may skip some."""
    return f"{query.rstrip()}\nLIMIT {limit} OFFSET {offset}"


def _without(rows: Iterable[Row], others: Iterable[Row]) -> Iterator[Row]:
    """Yield the rows that others are not, a row that stands twice as often as it is left over."""
    known = Counter(map(_key, others))
    for row in rows:
        if known[_key(row)]:
            known[_key(row)] -= 1
        else:
            yield row


def _key(row: Row) -> frozenset[tuple[str, Term]]:
    return frozenset(row.items())
