"""An engine for tests that evaluates queries on a store in this process, without any safety."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Self

import httpx
from fastapi import APIRouter, FastAPI
from pyoxigraph import NamedNode, QueryBoolean, QueryResultsFormat, QueryTriples, RdfFormat, Store

from kg.build import Build
from kg.dataset import Statement
from kg.deployment import Deployment
from kg.engine.base import Answer
from kg.errors import RequestError
from kg.protocol import Query
from kg.routes.documents import Documents
from kg.routes.problems import Problems
from kg.routes.views import Views

Ask = Callable[..., httpx.Response]


class StoreEngine:
    """Answers from a store; a query without GRAPH sees all graphs if there is a ``union``."""

    def __init__(self, store: Store, *, union: bool = True) -> None:
        self.store, self.union = store, union

    def wind_down(self, *, at_once: bool) -> None:
        """Go on: nothing waits here."""

    async def query(self, query: Query, client: str = "") -> Answer:  # noqa: ARG002
        found = self.store.query(query.text, use_default_graph_as_union=self.union)
        if isinstance(found, QueryTriples):
            return Answer("application/n-triples", found.serialize(format=RdfFormat.N_TRIPLES))
        assert not isinstance(found, QueryBoolean)
        body = found.serialize(format=QueryResultsFormat.JSON)
        return Answer("application/sparql-results+json", body)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *error: object) -> None:
        pass


def trig(text: str) -> Store:
    """Return a store of what is written in TriG."""
    store = Store()
    store.load(text.encode(), RdfFormat.TRIG)
    return store


def nquads(text: str) -> Store:
    """Return a store of what is written in N-Quads."""
    store = Store()
    store.load(text.encode(), RdfFormat.N_QUADS)
    return store


def statements(store: Store, name: NamedNode) -> list[Statement]:
    """Return what a graph of a store says."""
    quads = store.quads_for_pattern(None, None, None, name)
    return [Statement.in_graph(one, name) for one in quads]


def asking(store: Store, router: Callable[[Deployment, Documents], APIRouter]) -> Ask:
    """Return a function that asks some routes over a store, as ``httpx`` would a server."""
    deployment = Deployment(
        Build(Path("unused"), "0123456789ab", len(store)), lambda _: StoreEngine(store)
    )
    views = replace(_views(), deployment=deployment)
    site = FastAPI()
    site.include_router(router(deployment, Documents(deployment, views)))
    site.add_exception_handler(RequestError, Problems(views))

    def ask(path: str, **headers: str) -> httpx.Response:
        return asyncio.run(_ask(site, path, {"Accept": "text/html"} | headers))

    return ask


@cache
def _views() -> Views:
    """Return the views of no deployment; making them reads the whole package."""
    return Views(Deployment(Build(Path("unused"), "", 0), lambda _: StoreEngine(Store())))


async def _ask(site: FastAPI, path: str, headers: dict[str, str]) -> httpx.Response:
    transport = httpx.ASGITransport(site)
    async with httpx.AsyncClient(transport=transport, base_url="https://kg.example") as client:
        return await client.get(path, headers=headers)
