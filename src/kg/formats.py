"""Formats: the media types that answers come in, in order of preference."""

from dataclasses import dataclass

from pyoxigraph import QueryResultsFormat, RdfFormat

__all__ = ["RDF", "RDF_BY_NAME", "RESULTS", "RESULTS_BY_NAME", "Format"]


@dataclass(frozen=True)
class Format:
    """A serialisation: short name, media type for negotiation, and value of Content-Type."""

    name: str
    media_type: str
    content_type: str


def _formats(
    table: dict[str, QueryResultsFormat] | dict[str, RdfFormat],
) -> tuple[Format, ...]:
    return tuple(
        Format(name, known.media_type.partition(";")[0], known.media_type)
        for name, known in table.items()
    )


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
}

# Clients that know no better ask for plain JSON; they get it under the name they asked for.
RESULTS = (
    *_formats(RESULTS_BY_NAME),
    Format("json", "application/json", "application/json"),
)
RDF = _formats(RDF_BY_NAME)
