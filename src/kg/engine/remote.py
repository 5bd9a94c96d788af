"""The remote engine: queries passed on to another SPARQL 1.1 endpoint."""

from collections.abc import AsyncIterator
from typing import Self

import httpx

from kg.engine.base import Answer
from kg.errors import BadRequest, EngineFailed, QuerySyntaxError, RequestError
from kg.protocol import SPARQL_QUERY, Query

__all__ = ["RemoteEngine"]


class RemoteEngine:
    """Answers queries by what the endpoint at a URL answers."""

    def __init__(self, url: str, timeout: float) -> None:
        """Ask the endpoint at ``url``; give up when nothing comes for ``timeout`` seconds."""
        self._url = httpx.URL(url)
        self._client = httpx.AsyncClient(timeout=timeout, follow_redirects=True)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *error: object) -> None:
        await self._client.aclose()

    def wind_down(self, *, at_once: bool) -> None:
        """Go on: the other endpoint knows nothing of it."""

    async def query(self, query: Query, client: str = "") -> Answer:  # noqa: ARG002
        """Return the endpoint's answer; raises ``BadRequest`` or ``EngineFailed`` without one."""
        accepted = ", ".join(wanted.media_type for wanted in (query.results, query.rdf) if wanted)
        request = self._client.build_request(
            "POST",
            self._url.copy_merge_params(
                {
                    "default-graph-uri": list(query.default_graphs),
                    "named-graph-uri": list(query.named_graphs),
                }
            ),
            content=query.text.encode(),
            headers={"Content-Type": SPARQL_QUERY, "Accept": accepted},
        )
        try:
            response = await self._client.send(request, stream=True)
        except httpx.HTTPError as error:
            raise EngineFailed(f"{self._url} cannot be reached: {error}") from None
        if response.is_error:
            raise await _refusal(response)
        return Answer(
            response.headers.get("content-type", accepted),
            stream=_body(response),
            release=response.aclose,
        )


async def _refusal(response: httpx.Response) -> RequestError:
    text = (await response.aread()).decode(errors="replace")
    is_problem = response.headers.get("content-type", "").startswith("application/problem+json")
    problem = response.json() if is_problem else {"detail": text}
    said = problem.get("detail") or problem.get("title", "")
    detail = f"{response.url.copy_with(query=None)} answered {response.status_code}: {said}"
    if "line" in problem:
        return QuerySyntaxError(detail, int(problem["line"]), int(problem.get("column", 0)))
    return BadRequest(detail) if response.is_client_error else EngineFailed(detail)


async def _body(response: httpx.Response) -> AsyncIterator[bytes]:
    try:
        async for block in response.aiter_bytes():
            yield block
    except httpx.HTTPError as error:
        raise EngineFailed(f"The answer was broken off: {error}") from None
