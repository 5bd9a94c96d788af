"""The seam between the service and whatever evaluates a query."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Protocol, Self

from pyoxigraph import QueryResultsFormat, QuerySolutions, Triple, parse_query_results

from kg.dataset import Term
from kg.errors import EngineFailed
from kg.protocol import Query

__all__ = ["Answer", "Engine", "select"]


async def _nothing() -> None:
    pass


@dataclass(frozen=True)
class Answer:
    """An answer on its way: value of Content-Type, blocks of the body, size if known.

    Use it as a context manager, so that what evaluates it is freed however the reading ends.
    Iterating the body raises a ``RequestError`` if the answer cannot be completed.
    """

    media_type: str
    body: AsyncIterator[bytes]
    size: int | None = None
    release: Callable[[], Awaitable[None]] = field(default=_nothing, repr=False)

    @classmethod
    def whole(cls, media_type: str, body: bytes) -> Self:
        """Return an answer that is complete already."""

        async def once() -> AsyncIterator[bytes]:
            yield body

        return cls(media_type, once(), len(body))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.release()

    async def read(self) -> bytes:
        """Return the whole body and release the answer."""
        async with self:
            return b"".join([block async for block in self.body])


class Engine(Protocol):
    """Something that answers queries while it is entered as a context manager."""

    async def query(self, query: Query) -> Answer:
        """Return the answer; raises a ``RequestError`` when there is none."""

    async def __aenter__(self) -> Self: ...

    async def __aexit__(self, *error: object) -> None: ...


async def select(engine: Engine, text: str) -> list[dict[str, Term]]:
    """Return the rows of a SELECT, each from variable name to term; unbound ones are absent.

    Raises a ``RequestError`` when there is no answer.
    """
    body = await (await engine.query(Query(text))).read()
    solutions = parse_query_results(body, QueryResultsFormat.JSON)
    if not isinstance(solutions, QuerySolutions):
        raise EngineFailed("The engine gave no rows for a SELECT.")
    names = [variable.value for variable in solutions.variables]
    return [
        {name: term for name in names if (term := row[name]) and not isinstance(term, Triple)}
        for row in solutions
    ]
