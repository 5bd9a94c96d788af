"""Publication: the catalogue as a deployment publishes it, with addresses, sizes and digests.

DCAT 3 (https://www.w3.org/TR/vocab-dcat-3/), VoID (https://www.w3.org/TR/void/), SPDX
(https://spdx.github.io/spdx-spec/v2.3/file-information/) and the datasets of Schema.org
(https://schema.org/Dataset). What the graph holds stays as it is: this comes on top of it.
"""

from collections.abc import Sequence
from datetime import UTC
from typing import Any

from pyoxigraph import Literal, NamedNode

from kg import releases
from kg.build import Build
from kg.citation import AUTHOR
from kg.dataset import Statement
from kg.dumps import CHECKSUMS, CRATE, ReleaseFile
from kg.index import Node
from kg.labels import Triples, labels
from kg.metadata import Metadata
from kg.namespaces import AGENT, BASE, DATASET, LICENSE, METADATA, PREFIXES, SPARQL, term
from kg.texts import Language

__all__ = ["statements", "structured", "version"]

# What has the address at which something is to be had, not the name of it, as its value.
ADDRESSES = {
    *map(term, ("dcat:accessURL", "dcat:downloadURL", "dcat:endpointDescription")),
    *map(term, ("dcat:endpointURL", "dcat:landingPage", "foaf:homepage", "foaf:page")),
    term("vcard:hasURL"),
}
DATA = f"{BASE}data/"
MEDIA_TYPE = "https://www.iana.org/assignments/media-types/"
ABOUT_FILES = (CHECKSUMS, CRATE)  # files that hold no statements of the dataset
CATALOGUE = NamedNode(f"{PREFIXES['id']}catalogue/samenhang")


def statements(
    metadata: Metadata, build: Build, kept: Sequence[Build], base: str
) -> list[Statement]:
    """Return the catalogue of a build as served at ``base``, which ends in a slash.

    It is a graph of its own, at ``/data``, since the addresses in it are those of this service.
    ``kept`` are the builds that it keeps, the newest first. It reads files.
    """
    files = releases.files(build)
    subject = DATASET if metadata.is_ours else NamedNode(f"{base}data")
    added = (
        *_of_dataset(subject, build, base),
        *_of_versions(subject, build, kept, base),
        *_of_dumps(subject, files, base),
        *_of_distributions(metadata, files, base),
    )
    place = NamedNode(f"{base}data")
    located = (_located(one, base)._replace(graph=place) for one in metadata.index.statements)
    return [*located, *(Statement(*triple, place) for triple in added)]


def version(build: Build, url: str) -> list[Statement]:
    """Return what is said of a build as the version of the dataset at a URL.

    It reads files.
    """
    node = NamedNode(url)
    files = (file for file in releases.files(build) if file.path not in ABOUT_FILES)
    of_files = (triple for file in files for triple in _of_file(node, file))
    return [Statement(*triple, METADATA) for triple in (*_of_version(node, build), *of_files)]


def structured(
    metadata: Metadata, build: Build, base: str, language: Language
) -> dict[str, Any] | None:
    """Return the dataset in the words of Schema.org, for crawlers that read no RDF.

    ``None`` where another dataset is served. It reads files.
    """
    if not metadata.is_ours:
        return None
    other: Language = "en" if language == "nl" else "nl"
    return {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "@id": DATASET.value,
        "identifier": DATASET.value,
        "url": f"{base}data",
        "name": metadata.text(DATASET, "dcterms:title", language),
        "alternateName": metadata.text(DATASET, "dcterms:title", other),
        "description": metadata.text(DATASET, "dcterms:description", language),
        "keywords": metadata.texts(DATASET, "dcat:keyword", language),
        "inLanguage": ["en", "nl"],
        "version": build.version,
        "dateModified": build.created.astimezone(UTC).date().isoformat(),
        "license": LICENSE,
        "isAccessibleForFree": True,
        "creator": _agent(base),
        "publisher": _agent(base),
        "spatialCoverage": {"@type": "Country", "name": "Nederland", "identifier": "NL"},
        "includedInDataCatalog": {
            "@type": "DataCatalog",
            "@id": CATALOGUE.value,
            "name": metadata.text(CATALOGUE, "dcterms:title", language),
            "url": f"{base}data",
        },
        "distribution": [_download(file, base) for file in releases.files(build) if file.is_whole],
    }


def _agent(base: str) -> dict[str, str]:
    return {"@type": "Organization", "@id": AGENT, "name": AUTHOR, "url": base}


def _download(file: ReleaseFile, base: str) -> dict[str, str]:
    return {
        "@type": "DataDownload",
        "name": file.path,
        "contentUrl": f"{base}data/{file.path}",
        "encodingFormat": file.content_type.partition(";")[0],
        "contentSize": f"{file.size} B",
        "sha256": file.sha256,
    }


def _located(one: Statement, base: str) -> Statement:
    """Return a statement with the address that this service has, if it gives an address of ours."""
    value = one.object
    if one.predicate in ADDRESSES and isinstance(value, NamedNode) and value.value.startswith(BASE):
        return one._replace(object=NamedNode(base + value.value.removeprefix(BASE)))
    return one


def _of_dataset(dataset: NamedNode, build: Build, base: str) -> Triples:
    endpoint = NamedNode(f"{base}sparql")
    yield dataset, term("rdf:type"), term("void:Dataset")
    yield dataset, term("void:sparqlEndpoint"), endpoint
    yield dataset, term("void:triples"), Literal(build.triples)
    yield dataset, term("dcat:version"), Literal(build.version)
    yield dataset, term("dcterms:modified"), _time(build)
    service = NamedNode(f"{endpoint.value}#service")  # as its own description names it
    yield SPARQL, term("rdfs:seeAlso"), service
    if build.questions.exists():
        yield SPARQL, term("rdfs:seeAlso"), NamedNode(f"{base}.well-known/sparql-examples")
    yield service, term("rdf:type"), term("sd:Service")
    yield service, term("sd:endpoint"), endpoint
    yield from labels(service, "SPARQL-endpoint", "SPARQL endpoint")


def _of_versions(dataset: NamedNode, build: Build, kept: Sequence[Build], base: str) -> Triples:
    yield dataset, term("dcat:hasCurrentVersion"), _version(build, base)
    for one, previous in zip(kept, (*kept[1:], None), strict=True):
        node = _version(one, base)
        yield dataset, term("dcat:hasVersion"), node
        yield node, term("dcat:isVersionOf"), dataset
        yield node, term("dcat:version"), Literal(one.version)
        yield node, term("dcterms:issued"), _time(one)
        if previous:
            yield node, term("dcat:previousVersion"), _version(previous, base)


def _of_dumps(dataset: NamedNode, files: Sequence[ReleaseFile], base: str) -> Triples:
    for file in files:
        if file.path not in ABOUT_FILES:
            whole = NamedNode(file.graph) if file.graph else dataset
            yield whole, term("void:dataDump"), NamedNode(f"{base}data/{file.path}")


def _of_distributions(metadata: Metadata, files: Sequence[ReleaseFile], base: str) -> Triples:
    by_address = {DATA + file.path: file for file in files}
    for distribution in metadata.index.nodes(DATASET, "dcat:distribution"):
        for address in metadata.index.iris(distribution, "dcat:downloadURL"):
            if address in by_address:
                file = by_address[address]
                checksum = NamedNode(f"{base}data/{file.path}#sha256")
                yield from _measured(distribution, file, checksum)


def _of_version(version: NamedNode, build: Build) -> Triples:
    made = releases.made_of(build)
    yield version, term("rdf:type"), term("dcat:Dataset")
    yield from labels(version, f"versie {build.version}", f"version {build.version}")
    yield version, term("dcat:version"), Literal(build.version)
    yield version, term("dcterms:issued"), _time(build)
    yield version, term("void:triples"), Literal(build.triples)
    if made:
        yield version, term("dcat:isVersionOf"), DATASET
        yield version, term("dcterms:license"), NamedNode(LICENSE)
        yield version, term("prov:wasGeneratedBy"), NamedNode(made.build)
        for language, title in made.titles.items():
            yield version, term("dcterms:title"), Literal(title, language=language)
        for language, text in made.descriptions.items():
            yield version, term("dcterms:description"), Literal(text, language=language)


def _of_file(version: NamedNode, file: ReleaseFile) -> Triples:
    node = NamedNode(f"{version.value}/{file.path}")
    yield version, term("dcat:distribution"), node
    yield node, term("rdf:type"), term("dcat:Distribution")
    for _, label, text in labels(node, file.path):
        yield node, label, text
        yield node, term("dcterms:title"), text
    yield node, term("dcterms:license"), NamedNode(LICENSE)
    yield node, term("dcat:accessURL"), version
    yield node, term("dcat:downloadURL"), node
    yield node, term("dcat:mediaType"), NamedNode(MEDIA_TYPE + file.media_type)
    if file.encoding:
        compressed = NamedNode(MEDIA_TYPE + file.content_type)
        yield node, term("dcat:compressFormat"), compressed
    yield from _measured(node, file, NamedNode(f"{node.value}#sha256"))


def _measured(distribution: Node, file: ReleaseFile, checksum: NamedNode) -> Triples:
    """Tell the size of a file and its digest."""
    size = Literal(str(file.size), datatype=term("xsd:nonNegativeInteger"))
    digest = Literal(file.sha256, datatype=term("xsd:hexBinary"))
    yield distribution, term("dcat:byteSize"), size
    yield distribution, term("spdx:checksum"), checksum
    yield checksum, term("rdf:type"), term("spdx:Checksum")
    yield from labels(checksum, f"sha256 van {file.path}", f"sha256 of {file.path}")
    yield checksum, term("spdx:algorithm"), term("spdx:checksumAlgorithm_sha256")
    yield checksum, term("spdx:checksumValue"), digest


def _version(build: Build, base: str) -> NamedNode:
    return NamedNode(f"{base}data/{build.version}")


def _time(build: Build) -> Literal:
    created = build.created.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return Literal(created, datatype=term("xsd:dateTime"))
