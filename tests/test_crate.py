"""The crate is a research object that the reference implementation reads, and says what is so."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from rocrate import vocabs
from rocrate.rocrate import ROCrate

from kg import crate
from kg.build import Build
from kg.dumps import CHECKSUMS, CRATE, files
from kg.provenance import Input, Provenance

PROVENANCE = Provenance(
    titles={"en": "Title", "nl": "Titel"},
    descriptions={"en": "Text.", "nl": "Tekst."},
    build="https://w3id.org/samenhang/id/build/0",
    inputs=(Input("https://w3id.org/samenhang/id/build/0/file/a.ttl", "a.ttl", "00"),),
    tools={"https://w3id.org/samenhang/id/software/x-1.2": "x 1.2"},
)
TIME = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def entities(built: Build) -> dict[str, dict[str, Any]]:
    """What the crate of the project's build says, by identifier."""
    content = json.loads((built.dumps / CRATE).read_text("utf-8"))
    return {entity["@id"]: entity for entity in content["@graph"]}


def test_the_reference_implementation_reads_the_crate(built: Build) -> None:
    read = ROCrate(built.dumps)
    assert read.version == "1.2"
    assert read.root_dataset["version"] == built.version
    assert read.root_dataset["datePublished"] == built.created.isoformat()
    assert read.root_dataset["license"].id == "https://creativecommons.org/licenses/by/4.0/"
    assert read.root_dataset["author"]["name"] == "The Samenhang contributors"
    assert read.root_dataset["alternateName"].startswith("Samenhang: samenwerking")


def test_all_files_are_parts_with_type_size_and_digest(
    built: Build, entities: dict[str, dict[str, Any]]
) -> None:
    parts = {part["@id"] for part in entities["./"]["hasPart"]}
    handed_out = {file.path: file for file in files(built.dumps) if file.path != CRATE}
    assert parts == set(handed_out)
    for path, file in handed_out.items():
        assert entities[path] == {
            "@id": path,
            "@type": "File",
            "name": path,
            "encodingFormat": file.content_type.partition(";")[0],
            "contentSize": str((built.dumps / path).stat().st_size),
            "sha256": file.sha256,
        }
    assert CHECKSUMS in parts


def test_the_build_is_an_action_of_what_on_what(
    built: Build, entities: dict[str, dict[str, Any]]
) -> None:
    (action,) = (one for one in entities.values() if one["@type"] == "CreateAction")
    assert action["@id"].endswith(f"/id/build/{built.version}")
    assert action["endTime"] == built.created.isoformat()
    assert entities["./"]["mentions"] == [{"@id": action["@id"]}]
    tools = [entities[one["@id"]] for one in action["instrument"]]
    assert {one["@type"] for one in tools} == {"SoftwareApplication"}
    assert "pyoxigraph" in {one["name"].split()[0] for one in tools}
    assert {"data/cases/ede-west.ttl", "ontology/samenhang.ttl"} <= {
        entities[one["@id"]]["name"] for one in action["object"]
    }
    assert len(action["result"]) == len(entities["./"]["hasPart"])


def test_every_property_and_type_is_one_of_the_specification(
    entities: dict[str, dict[str, Any]],
) -> None:
    known = vocabs.RO_CRATE["@context"]
    used = {name for entity in entities.values() for name in entity if not name.startswith("@")}
    types = {entity["@type"] for entity in entities.values()}
    assert used - set(known) == set()
    assert types - set(known) == set()
    assert len(used) > 15


def test_every_reference_leads_to_an_entity(entities: dict[str, dict[str, Any]]) -> None:
    references = {
        value["@id"]
        for entity in entities.values()
        for values in entity.values()
        for value in (values if isinstance(values, list) else [values])
        if isinstance(value, dict)
    }
    assert references - set(entities) == {"https://w3id.org/ro/crate/1.2"}
    assert len(references) > 50


def test_the_same_files_and_time_give_the_same_crate(tmp_path: Path) -> None:
    written = []
    for name in ("one", "two"):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "samenhang.nq").write_text("<urn:a> <urn:a> <urn:a> .\n")
        crate.write(folder, "0", TIME, PROVENANCE)
        written.append((folder / CRATE).read_bytes())
    assert written[0] == written[1]
    assert written[0].count(b"2026-03-01T12:00:00+00:00") == 2
