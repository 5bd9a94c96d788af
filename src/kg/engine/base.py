"""The seam between the service and whatever evaluates a query."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Protocol, Self

from pyoxigraph import (
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Triple,
    parse,
    parse_query_results,
)

from kg.dataset import Term
from kg.errors import EngineFailed
from kg.formats import RDF
from kg.protocol import Query

__all__ = ["Answer", "Course", "Engine", "construct", "select"]

LONG = 16 * 1024  # bytes of rows that take too long to be read while others wait


@dataclass
class Course:
    """How an answer came about, as far as it is known before the body has ended.

    ``waited`` and ``ran`` in seconds. ``rows`` of a SELECT; ``boolean`` is what an ASK says.
    """

    waited: float = 0.0
    ran: float = 0.0
    rows: int | None = None
    boolean: bool | None = None

    @property
    def is_empty(self) -> bool:
        """Whether a SELECT has no rows or an ASK says no."""
        return self.rows == 0 or self.boolean is False


async def _nothing() -> None:
    pass


async def _no_blocks() -> AsyncIterator[bytes]:
    return
    yield b""


@dataclass(frozen=True)
class Answer:
    """An answer on its way: value of Content-Type, and ``content`` if it is whole.

    One that is longer than is held back has blocks in ``stream`` instead. ``encoding`` is the value
    of Content-Encoding, if any. Another evaluation of a ``volatile`` one may answer otherwise.

    Use it as a context manager, so that what evaluates it is freed however the reading ends.
    Iterating the body raises a ``RequestError`` if the answer cannot be completed.
    """

    media_type: str
    content: bytes | None = None
    stream: AsyncIterator[bytes] = field(default_factory=_no_blocks, repr=False)
    encoding: str | None = None
    volatile: bool = False
    course: Course = field(default_factory=Course)
    release: Callable[[], Awaitable[None]] = field(default=_nothing, repr=False)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.release()

    @property
    async def body(self) -> AsyncIterator[bytes]:
        """The blocks of the body."""
        if self.content is not None:
            yield self.content
        async for block in self.stream:
            yield block

    async def read(self) -> bytes:
        """Return the whole body and release the answer."""
        async with self:
            return b"".join([block async for block in self.body])


class Engine(Protocol):
    """Something that answers queries while it is entered as a context manager."""

    async def query(self, query: Query, client: str = "") -> Answer:
        """Return the answer; raises a ``RequestError`` when there is none.

        ``client`` tells apart who asks, so that none gets more than its share.
        """

    def wind_down(self, *, at_once: bool) -> None:
        """Refuse what waits and all to come, and with ``at_once`` also what is evaluated."""

    async def __aenter__(self) -> Self: ...

    async def __aexit__(self, *error: object) -> None: ...


async def select(engine: Engine, text: str, client: str = "") -> list[dict[str, Term]]:
    """Return the rows of a SELECT, each from variable name to term; unbound ones are absent.

    ``client`` is who asks. Raises a ``RequestError`` when there is no answer.
    """
    body = await (await engine.query(Query(text), client)).read()
    if len(body) > LONG:
        return await asyncio.to_thread(_rows, body)
    return _rows(body)


def _rows(body: bytes) -> list[dict[str, Term]]:
    solutions = parse_query_results(body, QueryResultsFormat.JSON)
    if not isinstance(solutions, QuerySolutions):
        raise EngineFailed("The engine gave no rows for a SELECT.")
    names = [variable.value for variable in solutions.variables]
    return [
        {name: term for name in names if (term := row[name]) and not isinstance(term, Triple)}
        for row in solutions
    ]


async def construct(engine: Engine, text: str, client: str = "") -> list[Triple]:
    """Return the triples of a CONSTRUCT or DESCRIBE; raises a ``RequestError`` if there is none.

    ``client`` is who asks.
    """
    wanted = next(offer for offer in RDF if offer.name == "nt")
    body = await (await engine.query(Query(text, results=None, rdf=wanted), client)).read()
    return await asyncio.to_thread(_triples, body)


def _triples(body: bytes) -> list[Triple]:
    return [quad.triple for quad in parse(body, RdfFormat.N_TRIPLES)]
