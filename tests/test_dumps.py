"""Dumps are compressed and listed with their digests, alike for alike files."""

import gzip
import hashlib
import shutil
import subprocess
from pathlib import Path

import pytest

from kg.build import Build
from kg.dumps import CHECKSUMS, CRATE, ReleaseFile, files, pack
from kg.namespaces import GRAPH


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with two dumps, packed."""
    return packed(tmp_path / "dumps")


def packed(folder: Path) -> Path:
    (folder / "graph").mkdir(parents=True)
    (folder / "samenhang.nq").write_text("<urn:a> <urn:a> <urn:a> .\n" * 99)
    (folder / "graph" / "one.ttl").write_text("<urn:a> a <urn:a> .")
    pack(folder)
    return folder


def test_every_file_has_a_compressed_copy_that_holds_the_same(folder: Path) -> None:
    for name in ("samenhang.nq", "graph/one.ttl"):
        copy = (folder / f"{name}.gz").read_bytes()
        assert gzip.decompress(copy) == (folder / name).read_bytes()
    assert (folder / "samenhang.nq.gz").stat().st_size < 100


def test_a_compressed_copy_tells_neither_time_nor_name(folder: Path, tmp_path: Path) -> None:
    other = packed(tmp_path / "later")
    for name in ("samenhang.nq.gz", "graph/one.ttl.gz"):
        copy = (folder / name).read_bytes()
        assert copy[3] == 0, "no flags: no name, no comment"
        assert copy[4:8] == bytes(4), "no time"
        assert copy == (other / name).read_bytes()


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="sha256sum is not installed")
def test_the_list_of_digests_is_one_that_sha256sum_checks(folder: Path) -> None:
    command = ["sha256sum", "--check", "--strict", CHECKSUMS]
    checked = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    assert checked.stdout.splitlines() == [
        "samenhang.nq: OK",
        "samenhang.nq.gz: OK",
        "graph/one.ttl: OK",
        "graph/one.ttl.gz: OK",
    ]
    (folder / "samenhang.nq").write_text("spoilt")
    assert subprocess.run(command, cwd=folder, capture_output=True, check=False).returncode == 1


def test_a_file_has_a_media_type_a_size_and_a_digest(folder: Path) -> None:
    found = {file.path: file for file in files(folder)}
    content = (folder / "graph" / "one.ttl.gz").read_bytes()
    assert list(found) == [
        CHECKSUMS,
        "samenhang.nq",
        "samenhang.nq.gz",
        "graph/one.ttl",
        "graph/one.ttl.gz",
    ]
    assert found["graph/one.ttl.gz"] == ReleaseFile(
        path="graph/one.ttl.gz",
        media_type="text/turtle",
        encoding="gzip",
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
    )


def test_a_file_is_sent_under_the_name_of_what_it_is(built: Build) -> None:
    sent = {file.path: (file.content_type, file.media_type) for file in files(built.dumps)}
    assert sent["samenhang.nq"] == ("application/n-quads", "application/n-quads")
    assert sent["samenhang.trig"] == ("application/trig", "application/trig")
    assert sent["samenhang.trig.gz"] == ("application/gzip", "application/trig")
    assert sent["graph/evidence.ttl"] == ("text/turtle; charset=utf-8", "text/turtle")
    assert sent[CHECKSUMS] == ("text/plain; charset=utf-8", "text/plain")
    assert sent[CRATE] == ("application/ld+json", "application/ld+json")


@pytest.mark.parametrize(
    ("path", "is_whole", "graph"),
    [
        ("samenhang.trig.gz", True, ""),
        (CRATE, True, ""),
        ("graph/metadata.ttl", False, f"{GRAPH}metadata"),
        ("graph/case/ede-west.ttl.gz", False, f"{GRAPH}case/ede-west"),
    ],
)
def test_a_file_is_about_the_whole_or_holds_a_graph(path: str, is_whole: bool, graph: str) -> None:
    file = ReleaseFile(path, "text/turtle", None, 0, "")
    assert (file.is_whole, file.graph) == (is_whole, graph)


def test_a_digest_that_is_not_listed_is_reckoned(tmp_path: Path) -> None:
    (tmp_path / "samenhang.nq").write_text("x")
    (file,) = files(tmp_path)
    assert file.sha256 == hashlib.sha256(b"x").hexdigest()
    assert (file.size, file.encoding) == (1, None)
