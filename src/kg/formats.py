"""Formats: the media types that answers come in, in order of preference.

Names: https://www.iana.org/assignments/media-types/, IRIs: https://www.w3.org/ns/formats/.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import QueryResultsFormat, RdfFormat

__all__ = ["RDF", "RDF_BY_NAME", "RESULTS", "RESULTS_BY_NAME", "Format", "named", "offers"]

REGISTRY = "http://www.w3.org/ns/formats/"


@dataclass(frozen=True)
class Format:
    """A serialisation: short name, media type for negotiation, and value of Content-Type.

    ``iri`` is its name in the W3C's registry; it is empty where the media type is but another name
    of a format that has one.
    """

    name: str
    media_type: str
    content_type: str
    iri: str = ""


RESULTS_BY_NAME = {
    "json": QueryResultsFormat.JSON,
    "xml": QueryResultsFormat.XML,
    "csv": QueryResultsFormat.CSV,
    "tsv": QueryResultsFormat.TSV,
}
RDF_BY_NAME = {
    "turtle": RdfFormat.TURTLE,
    "nt": RdfFormat.N_TRIPLES,
    "rdfxml": RdfFormat.RDF_XML,
    "jsonld": RdfFormat.JSON_LD,
    "trig": RdfFormat.TRIG,
    "nq": RdfFormat.N_QUADS,
    "n3": RdfFormat.N3,
}

# Under what else the formats are asked for: by a more general media type that they belong to, or
# by one from before they were registered. A client gets its answer under the name that it gave.
RESULTS_ALIASES = {
    "application/json": "json",
    "application/xml": "xml",
    "text/xml": "xml",
}
RDF_ALIASES = {
    "application/x-turtle": "turtle",
    "application/turtle": "turtle",
    "application/json": "jsonld",
    "application/xml": "rdfxml",
    "text/xml": "rdfxml",
    "text/plain": "nt",
    "application/x-trig": "trig",
    "text/x-nquads": "nq",
    "text/rdf+n3": "n3",
}

# What else a parameter may call them; a name of rows is also one of triples of the same make.
RESULTS_SYNONYMS = {"srj": "json", "srx": "xml"}
RDF_SYNONYMS = {
    "ttl": "turtle",
    "ntriples": "nt",
    "n-triples": "nt",
    "rdf": "rdfxml",
    "rdf/xml": "rdfxml",
    "rdf+xml": "rdfxml",
    "xml": "rdfxml",
    "json-ld": "jsonld",
    "json": "jsonld",
    "nquads": "nq",
    "n-quads": "nq",
}


def named(name: str, formats: Sequence[Format]) -> Format | None:
    """Return the format that is called by a name, a synonym or a media type, in any case.

    A space stands for a plus sign that nobody percent-encoded.

    >>> [found.name for found in (named("TTL", RDF), named("text/csv", RESULTS)) if found]
    ['turtle', 'csv']
    """
    name = name.lower().replace(" ", "+")
    synonyms = RDF_SYNONYMS if formats is RDF else RESULTS_SYNONYMS
    name = synonyms.get(name, name)
    return next((offer for offer in formats if name in (offer.name, offer.media_type)), None)


def offers(*kinds: Sequence[Format]) -> list[str]:
    """Return the media types to tell of, those that are but another name left out."""
    return [offer.media_type for kind in kinds for offer in kind if offer.iri]


def _formats(
    table: Mapping[str, QueryResultsFormat] | Mapping[str, RdfFormat], aliases: Mapping[str, str]
) -> tuple[Format, ...]:
    own = (
        (name, known.media_type.partition(";")[0], REGISTRY + known.iri.rpartition("/")[2])
        for name, known in table.items()
    )
    others = ((name, media_type, "") for media_type, name in aliases.items())
    return tuple(
        Format(name, media_type, _content_type(media_type), iri)
        for name, media_type, iri in (*own, *others)
    )


def _content_type(media_type: str) -> str:
    """Name the charset of text, as Turtle, N3, CSV and TSV want it outside ASCII."""
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type


RESULTS = _formats(RESULTS_BY_NAME, RESULTS_ALIASES)
RDF = _formats(RDF_BY_NAME, RDF_ALIASES)
