"""What the metadata graph of a build tells of its making is read from its dump."""

import hashlib
from importlib.metadata import version
from pathlib import Path

from pyoxigraph import parse

from kg.build import Build
from kg.dataset import Statement
from kg.index import Index
from kg.namespaces import METADATA
from kg.provenance import read

ROOT = Path(__file__).parents[1]


def said(path: Path) -> Index:
    return Index(Statement.in_graph(one, METADATA) for one in parse(path=path))


def test_a_build_names_the_files_it_read_with_their_digests(built: Build) -> None:
    made = read(said(built.dumps / "graph/metadata.ttl"))
    assert made
    turtle = [file for file in made.inputs if file.path.endswith(".ttl")]
    assert len(turtle) > 50
    for file in turtle:
        assert file.sha256 == hashlib.sha256((ROOT / file.path).read_bytes()).hexdigest()
    assert made.build.endswith(f"/id/build/{built.version}")


def test_a_build_names_its_tools_with_their_versions(built: Build) -> None:
    made = read(said(built.dumps / "graph/metadata.ttl"))
    assert made
    assert {f"{name} {version(name)}" for name in ("pyoxigraph", "pyshacl", "samenhang")} <= set(
        made.tools.values()
    )


def test_the_dataset_has_a_title_and_a_description_in_both_languages(built: Build) -> None:
    made = read(said(built.dumps / "graph/metadata.ttl"))
    assert made
    assert set(made.titles) == set(made.descriptions) == {"en", "nl"}
    assert made.titles["nl"].startswith("Samenhang: ")


def test_other_data_tells_nothing_of_a_build(built: Build) -> None:
    assert read(said(built.dumps / "graph/case/ede-west.ttl")) is None
    assert read(Index(())) is None
