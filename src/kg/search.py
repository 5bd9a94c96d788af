"""Search: things by the words in their names, and names like one that is not there."""

from pyoxigraph import Literal
from rapidfuzz import fuzz, process

from kg import queries
from kg.dataset import Term
from kg.engine.base import Engine, select
from kg.namespaces import BASE, slug

__all__ = ["MOST", "beginning", "find", "near"]

MOST = 1000  # things that a search tells of
LIKE = 60.0  # how alike two names must be, of 100
ALTERNATIVES = 8
TRIES = 2  # places in which names like an unknown one are looked for


async def find(engine: Engine, words: str, client: str = "") -> list[str]:
    """Return the IRIs of the things whose names have all of some words, the likeliest first.

    Case does not count. There are at most ``MOST`` + 1 of them. ``client`` is who asks. Raises a
    ``RequestError`` when there is no answer.
    """
    parts = list(dict.fromkeys(words.lower().split()))
    if not parts:
        return []
    query = queries.read("search")
    for variable, values in _bindings(parts).items():
        query = queries.bound(query, variable, values)
    return [row["thing"].value for row in await select(engine, f"{query}LIMIT {MOST + 1}", client)]


def _bindings(parts: list[str]) -> dict[str, list[Term]]:
    return {
        "words": [Literal(" ".join(parts))],
        "number": [Literal(len(parts))],
        "word": [Literal(part) for part in parts],
    }


async def beginning(engine: Engine, start: str, client: str = "") -> list[str]:
    """Return the IRIs of the things that begin in a certain way, in their order."""
    query = queries.bound(queries.read("beginning"), "beginning", [Literal(start)])
    return [row["thing"].value for row in await select(engine, query, client)]


async def near(engine: Engine, iri: str, client: str = "") -> list[str]:
    """Return the IRIs most like one of which nothing is said, of the same kind if there is any.

    Of a few, it returns all. ``client`` is who asks. Raises a ``RequestError`` when there is no
    answer.
    """
    parts = iri.removeprefix(BASE).partition("#")[0].split("/")
    # Beside it, or in its kind: each costs a look at all things, so it is not more.
    folders = dict.fromkeys(BASE + "/".join(parts[:depth]) for depth in (len(parts) - 1, 2, 1))
    name = parts[-1]
    for folder in [one for one in folders if one != BASE][:TRIES]:
        there = await beginning(engine, f"{folder}/", client)
        candidates = {one: slug(one) for one in there if "#" not in one}
        if candidates:
            found = process.extract(
                name.lower(),
                candidates,
                scorer=fuzz.WRatio,
                limit=ALTERNATIVES,
                score_cutoff=LIKE if len(candidates) > ALTERNATIVES else 0.0,
            )
            return [one for _, _, one in found]
    return []
