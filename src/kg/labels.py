"""Labels: what we call a thing in Dutch and in English.

https://www.w3.org/TR/rdf-schema/#ch_label
"""

from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode

from kg.dataset import Triple
from kg.namespaces import term

__all__ = ["Triples", "labels"]

Triples = Iterator[Triple]


def labels(node: NamedNode, nl: str, en: str | None = None) -> Triples:
    """Yield the labels of a thing; without ``en``, both languages call it the same."""
    yield node, term("rdfs:label"), Literal(nl, language="nl")
    yield node, term("rdfs:label"), Literal(en or nl, language="en")
