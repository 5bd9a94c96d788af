"""The cache: answers kept to be given again, and questions that are asked together asked once."""

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Self

from kg.engine.base import Answer, Engine
from kg.errors import Overloaded, RequestError, Stopping
from kg.protocol import Query

__all__ = ["CachedEngine"]

PATIENCE = 0.5  # seconds that a client relies on the turn of another
OVERHEAD = 2000  # bytes that an entry takes besides its texts


class CachedEngine:
    """Keeps the answers of an engine on one version of a dataset, up to ``capacity`` bytes.

    Kept are answers of up to a quarter of that which another evaluation would give again, streamed
    ones once they are whole. The least recently used go first.
    """

    def __init__(self, engine: Engine, version: str, capacity: int) -> None:
        self.engine = engine
        self.size = 0
        self._version, self._capacity = version, capacity
        self._longest = capacity // 4  # bytes of one answer
        self._entries: OrderedDict[Query, Answer] = OrderedDict()
        self._under_way: dict[Query, asyncio.Future[Answer | None]] = {}

    def __len__(self) -> int:
        """Return how many answers are kept."""
        return len(self._entries)

    async def __aenter__(self) -> Self:
        await self.engine.__aenter__()
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.engine.__aexit__(*error)

    def wind_down(self, *, at_once: bool) -> None:
        """Have the engine refuse what it is not done with."""
        self.engine.wind_down(at_once=at_once)

    def tag(self, query: Query) -> str:
        """Return the entity tag of the answer to a query (RFC 9110, section 8.8.3).

        It is weak: the same rows may come in another order.
        """
        key = hashlib.sha256(repr(query).encode(errors="replace")).hexdigest()[:20]
        return f'W/"{self._version}-{key}"'

    def find(self, query: Query) -> Answer | None:
        """Return the answer that is kept, if there is one."""
        answer = self._entries.get(query)
        if answer:
            self._entries.move_to_end(query)
        return answer

    async def query(self, query: Query, client: str = "") -> Answer:
        """Return the answer; raises what the engine raises.

        Of several who ask the same at the same time, one has it evaluated, and all get the outcome
        if it comes soon and can be kept, or is the query's own fault; else each has it evaluated.
        """
        if answer := self.find(query):
            return answer
        while other := self._under_way.get(query):
            await asyncio.wait((other,), timeout=PATIENCE)
            if not other.done():  # it may wait for its turn: this client's may come sooner
                return self.find(query) or await self.engine.query(query, client)
            if not other.cancelled():
                return other.result() or await self.engine.query(query, client)
        return await self._evaluate(query, client)

    async def _evaluate(self, query: Query, client: str) -> Answer:
        outcome = self._under_way[query] = asyncio.get_running_loop().create_future()
        try:
            answer = await self.engine.query(query, client)
            shared: Answer | None = None
            if answer.content is not None and not answer.volatile:
                shared = self._keep(query, answer, answer.content)
            elif not answer.volatile:
                answer = replace(answer, stream=self._collected(query, answer))
            outcome.set_result(shared)
            return answer
        except (Overloaded, Stopping):  # this client's lot, and not the query's
            outcome.set_result(None)
            raise
        except RequestError as error:
            outcome.set_exception(error)
            outcome.exception()  # it may be that nobody waits for it
            raise
        finally:
            del self._under_way[query]
            outcome.cancel()  # if the client left: the next of those who wait has it evaluated

    async def _collected(self, query: Query, answer: Answer) -> AsyncIterator[bytes]:
        """Pass an answer on as it comes, and keep it once it is whole, if it is not too long."""
        blocks: list[bytes] = []
        size = 0
        async for block in answer.stream:
            size += len(block)
            if size <= self._longest:
                blocks.append(block)
            else:
                blocks.clear()
            yield block
        if size <= self._longest and query not in self._entries:
            self._keep(query, answer, b"".join(blocks))

    def _keep(self, query: Query, answer: Answer, content: bytes) -> Answer:
        """Return an answer as others get it, kept if it is not too long."""
        kept = Answer(
            answer.media_type,
            content,
            encoding=answer.encoding,
            course=replace(answer.course, waited=0.0, ran=0.0),
        )
        size = _size(query, kept)
        if size <= self._longest:
            self._entries[query] = kept
            self.size += size
        while self.size > self._capacity:
            oldest, dropped = self._entries.popitem(last=False)
            self.size -= _size(oldest, dropped)
        return kept


def _size(query: Query, answer: Answer) -> int:
    texts = (query.text, query.base or "", *query.default_graphs, *query.named_graphs)
    return len(answer.content or b"") + sum(4 * len(text) + OVERHEAD for text in texts)
