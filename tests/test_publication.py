"""The catalogue as a deployment publishes it: its addresses, its files, its versions."""

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from pyoxigraph import NamedNode, Store

import storing
from kg import publication, releases
from kg.build import Build
from kg.dataset import Statement
from kg.index import Index
from kg.metadata import Metadata
from kg.namespaces import BASE, DATASET, METADATA, PREFIXES, graph, term

HOST = "https://kg.example/"
OLD = datetime(2026, 3, 1, 12, tzinfo=UTC)
SPDX = "http://spdx.org/rdf/terms#"
TRIG = NamedNode(f"{PREFIXES['id']}distribution/trig-gzip")


@pytest.fixture(scope="module")
def metadata(store: Store) -> Metadata:
    """What the metadata graph says."""
    return Metadata(Index(storing.statements(store, METADATA)))


@pytest.fixture(scope="module")
def kept(built: Build) -> list[Build]:
    """The build and one that went before it."""
    return [built, replace(built, version="0123456789ab", created=OLD)]


@pytest.fixture(scope="module")
def published(metadata: Metadata, built: Build, kept: list[Build]) -> list[Statement]:
    return publication.statements(metadata, built, kept, HOST)


def values(
    statements: Iterable[Statement], subject: NamedNode, predicate: str | NamedNode
) -> set[str]:
    wanted = term(predicate) if isinstance(predicate, str) else predicate
    return {one.object.value for one in statements if one[:2] == (subject, wanted)}


def test_addresses_are_those_of_this_service(published: list[Statement]) -> None:
    assert values(published, DATASET, "dcat:landingPage") == {f"{HOST}data"}
    assert values(published, DATASET, "void:sparqlEndpoint") == {f"{HOST}sparql"}
    sparql = NamedNode(f"{PREFIXES['id']}service/sparql")
    assert values(published, sparql, "dcat:endpointURL") == {f"{HOST}sparql"}
    service = NamedNode(f"{HOST}sparql#service")
    examples = f"{HOST}.well-known/sparql-examples"
    assert values(published, sparql, "rdfs:seeAlso") == {service.value, examples}
    assert values(published, sparql, "foaf:page") == {f"{HOST}queries"}
    assert values(published, service, "rdf:type") == {term("sd:Service").value}
    assert values(published, service, "sd:endpoint") == {f"{HOST}sparql"}
    assert values(published, TRIG, "dcat:downloadURL") == {f"{HOST}data/samenhang.trig.gz"}
    assert values(published, TRIG, "dcat:accessURL") == {f"{HOST}data"}


def test_names_stay_what_they_are(published: list[Statement], metadata: Metadata) -> None:
    subjects = {one.subject for one in metadata.index.statements}
    assert subjects <= {one.subject for one in published}
    assert values(published, DATASET, "dcterms:publisher") == {f"{PREFIXES['id']}agent/samenhang"}


def test_what_is_published_is_a_graph_of_its_own(published: list[Statement]) -> None:
    assert {one.graph for one in published} == {NamedNode(f"{HOST}data")}


def test_what_is_in_the_store_has_no_address_of_a_service(metadata: Metadata) -> None:
    addresses = {
        one.object.value
        for one in metadata.index.statements
        if one.predicate in publication.ADDRESSES and one.object.value.startswith(BASE)
    }
    assert f"{BASE}sparql" in addresses
    assert not any(HOST in str(one) for one in metadata.index.statements)


def test_distributions_have_the_size_and_digest_of_their_files(
    published: list[Statement], built: Build
) -> None:
    distributions = values(published, DATASET, "dcat:distribution")
    assert len(distributions) == 4
    for distribution in map(NamedNode, distributions):
        (address,) = values(published, distribution, "dcat:downloadURL")
        content = (built.dumps / address.removeprefix(f"{HOST}data/")).read_bytes()
        assert values(published, distribution, "dcat:byteSize") == {str(len(content))}
        (checksum,) = values(published, distribution, NamedNode(f"{SPDX}checksum"))
        digest = NamedNode(f"{SPDX}checksumValue")
        assert values(published, NamedNode(checksum), digest) == {
            hashlib.sha256(content).hexdigest()
        }


def test_every_dump_of_the_dataset_and_of_its_graphs_is_named(
    published: list[Statement], built: Build
) -> None:
    assert values(published, DATASET, "void:dataDump") == {
        f"{HOST}data/samenhang.{suffix}" for suffix in ("nq", "nq.gz", "trig", "trig.gz")
    }
    case = graph("case/ede-west")
    assert values(published, case, "void:dataDump") == {
        f"{HOST}data/graph/case/ede-west.{suffix}" for suffix in ("ttl", "ttl.gz")
    }
    dumps = [one for one in published if one.predicate == term("void:dataDump")]
    listed = [file for file in releases.files(built) if file.path.startswith(("graph/", "samenh"))]
    assert len(dumps) == len(listed)


def test_versions_are_told_in_their_order(published: list[Statement], built: Build) -> None:
    new, old = NamedNode(f"{HOST}data/{built.version}"), NamedNode(f"{HOST}data/0123456789ab")
    assert values(published, DATASET, "dcat:hasCurrentVersion") == {new.value}
    assert values(published, DATASET, "dcat:hasVersion") == {new.value, old.value}
    assert values(published, new, "dcat:previousVersion") == {old.value}
    assert values(published, old, "dcat:previousVersion") == set()
    assert values(published, old, "dcterms:issued") == {"2026-03-01T12:00:00Z"}


def test_a_time_is_told_in_utc(metadata: Metadata, built: Build) -> None:
    local = replace(built, created=OLD.astimezone(timezone(timedelta(hours=2))))
    found = publication.statements(metadata, local, [local], HOST)
    assert values(found, DATASET, "dcterms:modified") == {"2026-03-01T12:00:00Z"}


def test_a_version_tells_the_size_and_digest_of_every_dump(built: Build) -> None:
    url = f"{HOST}data/{built.version}"
    found = publication.version(built, url)
    distributions = values(found, NamedNode(url), "dcat:distribution")
    dumps = [file for file in releases.files(built) if file.path not in publication.ABOUT_FILES]
    assert distributions == {f"{url}/{file.path}" for file in dumps}
    for file in dumps:
        assert values(found, NamedNode(f"{url}/{file.path}"), "dcat:byteSize") == {str(file.size)}
        checksum = NamedNode(f"{url}/{file.path}#sha256")
        assert values(found, checksum, NamedNode(f"{SPDX}checksumValue")) == {file.sha256}


def test_another_dataset_is_published_by_its_address(built: Build) -> None:
    found = publication.statements(Metadata(Index(())), built, [built], HOST)
    dataset = NamedNode(f"{HOST}data")
    assert values(found, dataset, "void:triples") == {str(built.triples)}
    assert values(found, dataset, "dcat:version") == {built.version}
    assert values(found, DATASET, "dcat:version") == set()


def test_another_dataset_is_not_told_to_crawlers(built: Build) -> None:
    assert publication.structured(Metadata(Index(())), built, HOST, "en") is None


@pytest.mark.parametrize(
    ("language", "name", "keyword"),
    [
        (
            "en",
            "Samenhang: how Dutch municipalities cooperate in the social domain",
            "municipalities",
        ),
        ("nl", "Samenhang: samenwerking van gemeenten in het sociaal domein", "gemeenten"),
    ],
    ids=["en", "nl"],
)
def test_crawlers_get_the_dataset_in_the_words_of_schema_org(
    language: str, name: str, keyword: str, metadata: Metadata, built: Build
) -> None:
    found = publication.structured(metadata, built, HOST, language)  # type: ignore[arg-type]
    assert found is not None
    assert found["@type"] == "Dataset"
    assert found["name"] == name
    assert 50 <= len(found["description"]) <= 5000  # what Google takes
    assert keyword in found["keywords"]
    assert found["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert found["version"] == built.version
    assert found["includedInDataCatalog"]["name"]
    assert found["creator"]["name"] == "The Samenhang contributors"


def test_crawlers_are_told_of_every_file_of_the_whole_dataset(
    metadata: Metadata, built: Build
) -> None:
    found = publication.structured(metadata, built, HOST, "en")
    assert found is not None
    downloads = {one["contentUrl"]: one for one in found["distribution"]}
    packed = downloads[f"{HOST}data/samenhang.nq.gz"]
    assert packed["encodingFormat"] == "application/gzip"
    content = (built.dumps / "samenhang.nq.gz").read_bytes()
    assert packed["contentSize"] == f"{len(content)} B"
    assert packed["sha256"] == hashlib.sha256(content).hexdigest()
