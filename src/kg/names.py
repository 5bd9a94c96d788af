"""Names: what things are called, and where a reader finds more about them.

The label of a thing is its ``rdfs:label``, ``skos:prefLabel`` or ``dcterms:title``, in this order.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pyoxigraph import NamedNode

from kg import queries
from kg.dataset import Term
from kg.engine.base import Engine, select
from kg.namespaces import BASE, compact
from kg.texts import Language
from kg.urls import path

__all__ = ["Name", "names"]

# How far from the language asked for, the rank of its property, its text, its language.
Label = tuple[int, int, str, str]

LINKED = ("http://", "https://", "mailto:")  # what a page may lead to
LONG = re.compile(r"https?://(?:www\.)?(.*?)/?")


@dataclass(frozen=True)
class Name:
    """What a thing is called in a language, and the address of more about it, if there is one.

    ``language`` is that of the label, empty where it is not known. ``is_labelled`` tells whether
    the graph gives the label; else it is made from the IRI.
    """

    iri: str
    label: str
    language: str
    path: str
    is_labelled: bool = True

    @property
    def is_own(self) -> bool:
        """Whether this service tells more about it."""
        return self.iri.startswith(BASE)


async def names(
    engine: Engine, iris: Iterable[str], language: Language, client: str = ""
) -> dict[str, Name]:
    """Return the names of things by IRI; raises a ``RequestError`` when there is no answer.

    A label is in the language asked for if there is one, else in another. ``client`` is who asks.
    """
    known = dict.fromkeys(iris)
    labels: dict[str, Label] = {}
    query = queries.bound(queries.read("names"), "thing", map(NamedNode, known))
    for row in await select(engine, query, client) if known else ():
        label = _ranked(row, language)
        iri = row["thing"].value
        labels[iri] = min(labels.get(iri, label), label)
    return {iri: _name(iri, labels, language) for iri in known}


def _ranked(row: Mapping[str, Term], language: Language) -> Label:
    """Return a label with its language, so that the best one comes first."""
    tag = row["language"].value
    distance = 0 if tag == language else 1 if not tag else 2
    return distance, int(row["rank"].value), row["label"].value, tag


def _name(iri: str, labels: Mapping[str, Label], language: Language) -> Name:
    where = path(iri, language) or (iri if iri.startswith(LINKED) else "")
    if iri in labels:
        *_, label, tag = labels[iri]
        return Name(iri, label, tag, where)
    short = compact(NamedNode(iri))
    match = LONG.fullmatch(short)
    return Name(iri, match[1] if match else short, "", where, is_labelled=False)
