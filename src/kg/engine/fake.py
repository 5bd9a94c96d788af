"""An engine that gives prepared answers, for tests of what stands on the seam."""

from collections.abc import Mapping
from typing import Self

from kg.engine.base import Answer
from kg.errors import EngineFailed
from kg.protocol import Query

__all__ = ["FakeEngine"]


class FakeEngine:
    """Answers a query with the first prepared reply whose key is part of the query's text.

    A reply is a body of SPARQL results in JSON, or the error to raise. What was asked is kept in
    ``asked``.
    """

    def __init__(self, replies: Mapping[str, bytes | Exception]) -> None:
        self.replies = replies
        self.asked: list[Query] = []

    def wind_down(self, *, at_once: bool) -> None:
        """Go on: what is prepared is there at once."""

    async def query(self, query: Query, client: str = "") -> Answer:  # noqa: ARG002
        """Return the prepared answer; raises the prepared error, ``EngineFailed`` without one."""
        self.asked.append(query)
        for part, reply in self.replies.items():
            if part in query.text:
                if isinstance(reply, Exception):
                    raise reply
                return Answer("application/sparql-results+json", reply)
        raise EngineFailed("No reply is prepared for this query.")

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *error: object) -> None:
        pass
