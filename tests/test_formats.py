"""The formats: that each is written by its name, and told apart from the names of others."""

import pytest
from pyoxigraph import (
    Literal,
    NamedNode,
    QueryResultsFormat,
    RdfFormat,
    Store,
    Triple,
    parse,
    parse_query_results,
    serialize,
)

from kg.formats import RDF, RDF_BY_NAME, RESULTS, RESULTS_BY_NAME, Format, named, offers

TRIPLE = Triple(NamedNode("urn:a"), NamedNode("urn:b"), Literal("é", language="nl"))


def test_everything_that_pyoxigraph_writes_is_offered() -> None:
    for kind, table in ((QueryResultsFormat, RESULTS_BY_NAME), (RdfFormat, RDF_BY_NAME)):
        known = {one for name in dir(kind) if isinstance(one := getattr(kind, name), kind)}
        assert known - set(table.values()) <= {RdfFormat.STREAMING_JSON_LD}, "is JSON-LD as well"
        assert set(table.values()) <= known


@pytest.mark.parametrize("name", RDF_BY_NAME)
def test_triples_are_written_in_every_format_and_read_again(name: str) -> None:
    text = serialize([TRIPLE], format=RDF_BY_NAME[name])
    assert [quad.triple for quad in parse(text, RDF_BY_NAME[name])] == [TRIPLE]


@pytest.mark.parametrize("name", RESULTS_BY_NAME)
def test_rows_are_written_in_every_format(name: str) -> None:
    text = Store().query("SELECT ('é'@nl AS ?x) {}").serialize(format=RESULTS_BY_NAME[name])
    assert text
    if name == "csv":
        assert text == "x\r\né\r\n".encode()
    else:
        (row,) = parse_query_results(text, RESULTS_BY_NAME[name])
        assert row["x"] == TRIPLE.object


@pytest.mark.parametrize("formats", [RESULTS, RDF])
def test_a_format_is_had_by_name_and_by_media_type_in_any_case(
    formats: tuple[Format, ...],
) -> None:
    for offer in formats:
        assert named(offer.media_type.upper(), formats) is offer
        same = named(offer.name.upper(), formats)
        assert same
        assert same.name == offer.name
        assert same.iri, "a name alone gives the registered media type"


@pytest.mark.parametrize(
    ("name", "results", "rdf"),
    [
        ("json", "json", "jsonld"),
        ("xml", "xml", "rdfxml"),
        ("srj", "json", None),
        ("srx", "xml", None),
        ("csv", "csv", None),
        ("ttl", None, "turtle"),
        ("ntriples", None, "nt"),
        ("n-quads", None, "nq"),
        ("json-ld", None, "jsonld"),
        ("rdf/xml", None, "rdfxml"),
        ("rdf+xml", None, "rdfxml"),
        ("application/sparql-results json", "json", None),
        ("text/turtle", None, "turtle"),
        ("application/xml", "xml", "rdfxml"),
        ("pdf", None, None),
        ("", None, None),
    ],
)
def test_a_name_means_rows_or_triples_or_both(
    name: str, results: str | None, rdf: str | None
) -> None:
    for formats, expected in ((RESULTS, results), (RDF, rdf)):
        found = named(name, formats)
        assert (found.name if found else None) == expected


@pytest.mark.parametrize(
    ("media_type", "iri"),
    [
        ("application/sparql-results+json", "http://www.w3.org/ns/formats/SPARQL_Results_JSON"),
        ("text/turtle", "http://www.w3.org/ns/formats/Turtle"),
        ("application/n-triples", "http://www.w3.org/ns/formats/N-Triples"),
        ("application/ld+json", "http://www.w3.org/ns/formats/JSON-LD"),
        ("application/json", ""),
    ],
)
def test_a_registered_format_has_the_iri_of_the_w3c(media_type: str, iri: str) -> None:
    assert {offer.iri for offer in (*RESULTS, *RDF) if offer.media_type == media_type} == {iri}


def test_each_format_has_one_registered_media_type() -> None:
    registered = [offer for offer in (*RESULTS, *RDF) if offer.iri]
    assert [offer.name for offer in registered] == [*RESULTS_BY_NAME, *RDF_BY_NAME]
    assert offers(RESULTS, RDF) == [offer.media_type for offer in registered]
    assert len({offer.iri for offer in registered}) == len(registered)


def test_text_tells_its_charset_and_the_rest_has_none() -> None:
    for offer in (*RESULTS, *RDF):
        charset = "; charset=utf-8" if offer.media_type.startswith("text/") else ""
        assert offer.content_type == offer.media_type + charset
