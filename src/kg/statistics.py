"""Statistics: what is in a dataset, counted by the project's queries in ``queries/void/``.

In the words of VoID (https://www.w3.org/TR/void/): classes, properties, links to other datasets.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, QueryTriples, Store

from kg.dataset import Statement, Term, Triple, read_bytes
from kg.errors import FileError
from kg.namespaces import BASE, METADATA, compact, term

__all__ = ["Count", "count", "read"]

FOLDER = "queries/void"
BLANK = f"{BASE}.well-known/genid/"
TYPE, NOTATION = term("rdf:type"), term("skos:notation")


@dataclass(frozen=True)
class Count:
    """A query that counts: its path from the project's folder, its sha256, its text."""

    path: str
    digest: str
    text: str


def read(project: Path) -> tuple[Count, ...]:
    """Return the queries of a project that count, in the order of their names."""
    return tuple(_read(project, path) for path in sorted((project / FOLDER).glob("*.rq")))


def count(
    statements: Iterable[Statement], known: Iterable[Statement], queries: Iterable[Count]
) -> set[Triple]:
    """Return what the queries say of statements, all graphs taken as one.

    In the graph ``metadata`` the queries find what is ``known``, and the short names of classes,
    properties and datatypes. An IRI below ``/.well-known/genid/`` stands for a blank node, which
    has the same name in every build. Raises ``DataError`` if a query is no CONSTRUCT.
    """
    store = Store()
    own = list(statements)
    store.bulk_extend(Quad(*one[:3]) for one in own)
    store.extend(Quad(*one[:3], METADATA) for one in known)
    store.extend(Quad(one, NOTATION, Literal(_name(one)), METADATA) for one in _terms(own))
    return {triple for query in queries for triple in _answer(store, query)}


def _read(project: Path, path: Path) -> Count:
    content = read_bytes(path)
    digest = hashlib.sha256(content).hexdigest()
    return Count(path.relative_to(project).as_posix(), digest, content.decode(errors="replace"))


def _terms(statements: Iterable[Statement]) -> set[NamedNode]:
    terms = set()
    for _, predicate, value, _ in statements:
        terms.add(predicate)
        if isinstance(value, Literal):
            terms.add(value.datatype)
        elif predicate == TYPE and isinstance(value, NamedNode):
            terms.add(value)
    return terms


def _name(node: NamedNode) -> str:
    """Return the short name of a term, fit for a part of an IRI."""
    return quote(compact(node), safe=":")


def _answer(store: Store, query: Count) -> Iterator[Triple]:
    try:
        answer = store.query(query.text)
    except SyntaxError as error:
        raise FileError(Path(query.path), f"is not SPARQL: {error.msg}") from None
    if not isinstance(answer, QueryTriples):
        raise FileError(Path(query.path), "is not a CONSTRUCT.")
    for triple in answer:
        subject, value = _named(triple.subject), _named(triple.object)
        if not isinstance(subject, Literal):
            yield subject, triple.predicate, value


def _named(node: Term) -> Term:
    if isinstance(node, NamedNode) and node.value.startswith(BLANK):
        return BlankNode(f"part-{hashlib.sha256(node.value.encode()).hexdigest()[:16]}")
    return node
