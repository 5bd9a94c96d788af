"""Any RDF files become a build, or the message says which of them cannot, where, and what to do."""

import gzip
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, Store, Triple, parse, serialize

from kg.build import Build, current
from kg.errors import DataError, FileError
from kg.gathering import gather

A, B, G, H = (NamedNode(f"http://example.org/{name}") for name in "abgh")
EXTENSIONS = {
    "ttl": RdfFormat.TURTLE,
    "nt": RdfFormat.N_TRIPLES,
    "nq": RdfFormat.N_QUADS,
    "trig": RdfFormat.TRIG,
    "rdf": RdfFormat.RDF_XML,
    "xml": RdfFormat.RDF_XML,
    "jsonld": RdfFormat.JSON_LD,
    "n3": RdfFormat.N3,
}


def gathered(folder: Path, *paths: Path, union: bool = True, on_disk_above: int = 1000) -> Build:
    return gather(paths, folder / "gathered", union=union, on_disk_above=on_disk_above)


def quads(build: Build) -> set[Quad]:
    return set(parse(path=build.nquads, format=RdfFormat.N_QUADS))


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text)
    return path


@pytest.fixture
def several(tmp_path: Path) -> Path:
    """One triple in two graphs, another in the default graph."""
    return written(tmp_path, "several.nq", f"{A} {A} {A} {G} .\n{A} {A} {A} {H} .\n{B} {B} {B} .\n")


@pytest.mark.parametrize("compressed", [False, True])
@pytest.mark.parametrize("extension", EXTENSIONS)
def test_a_file_of_every_format_is_read(extension: str, compressed: bool, tmp_path: Path) -> None:
    content = serialize([Triple(A, B, G)], format=EXTENSIONS[extension])
    path = tmp_path / f"data.{extension}{'.gz' * compressed}"
    path.write_bytes(gzip.compress(content) if compressed else content)
    build = gathered(tmp_path, path)
    assert quads(build) == {Quad(A, B, G)}
    assert (build.triples, build.quads) == (1, 1)


def test_files_are_put_together_and_keep_their_graphs(several: Path, tmp_path: Path) -> None:
    plain = written(tmp_path, "plain.ttl", f"{A} {B} {G} .")
    build = gathered(tmp_path, plain, several)
    assert quads(build) == {Quad(A, B, G), Quad(A, A, A, G), Quad(A, A, A, H), Quad(B, B, B)}
    assert (build.triples, build.quads) == (3, 4)


def test_what_a_file_says_twice_counts_once(tmp_path: Path) -> None:
    path = written(tmp_path, "twice.nt", f"{A} {A} {A} .\n" * 2)
    build = gathered(tmp_path, path)
    assert (build.triples, build.quads) == (1, 1)


def test_blank_nodes_of_two_files_stay_apart(tmp_path: Path) -> None:
    paths = [written(tmp_path, name, f"_:same {A} {A} .") for name in ("one.nt", "two.nt")]
    assert len({quad.subject for quad in quads(gathered(tmp_path, *paths))}) == 2


def test_relative_iris_start_from_the_file(tmp_path: Path) -> None:
    path = written(tmp_path, "data.ttl", f"<#a> {A} <b> .")
    (quad,) = quads(gathered(tmp_path, path))
    assert quad.subject == NamedNode(f"{path.as_uri()}#a")
    assert quad.object == NamedNode(f"{tmp_path.as_uri()}/b")


def test_the_dump_keeps_how_a_number_is_written(tmp_path: Path) -> None:
    path = written(tmp_path, "number.ttl", f"{A} {B} 2228114.70 .")
    assert '"2228114.70"' in gathered(tmp_path, path).nquads.read_text()


def test_a_store_is_read_and_stays_as_it_is(several: Path, tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    store.load(path=several, format=RdfFormat.N_QUADS)
    expected = set(store)
    store.flush()
    del store
    build = gathered(tmp_path, tmp_path / "store")
    assert quads(build) == expected
    assert len(expected) == 3
    assert gathered(tmp_path, tmp_path / "store") == build


def test_the_build_can_be_served(several: Path, tmp_path: Path) -> None:
    build = gathered(tmp_path, several)
    assert Build.open(build.path) == build
    assert current(tmp_path / "gathered") == build
    assert len(build.version) == 12


def test_only_more_quads_than_the_limit_get_a_store_on_disk(several: Path, tmp_path: Path) -> None:
    assert not gathered(tmp_path, several, on_disk_above=3).store.exists()
    build = gathered(tmp_path, several, on_disk_above=2)
    assert len(Store.read_only(str(build.store))) > 2


@pytest.mark.parametrize(("union", "in_default_graph"), [(True, {A, B}), (False, {B})])
def test_the_default_graph_on_disk_is_the_union_if_that_is_wanted(
    union: bool, in_default_graph: set[NamedNode], several: Path, tmp_path: Path
) -> None:
    build = gathered(tmp_path, several, union=union, on_disk_above=1)
    rows = list(Store.read_only(str(build.store)).query("SELECT ?s { ?s ?p ?o }"))
    assert {row["s"] for row in rows} == in_default_graph
    assert len(rows) == len(in_default_graph), "a triple of two graphs is there once"
    assert (build.triples, build.quads) == (2, 3), "what was copied does not count"


def test_no_default_graph_is_filled_when_each_triple_is_in_one_graph(tmp_path: Path) -> None:
    path = written(tmp_path, "one.nq", f"{A} {A} {A} {G} .\n{B} {B} {B} {H} .\n")
    build = gathered(tmp_path, path, on_disk_above=1)
    assert set(Store.read_only(str(build.store))) == {Quad(A, A, A, G), Quad(B, B, B, H)}


def test_the_same_files_give_the_same_build_in_any_order(several: Path, tmp_path: Path) -> None:
    other = written(tmp_path, "other.nt", f"{B} {A} {A} .")
    first = gathered(tmp_path, several, other)
    made = first.nquads.stat().st_ino
    second = gathered(tmp_path, other, several)
    assert second == first
    assert second.nquads.stat().st_ino == made


@pytest.mark.parametrize("choice", [{"union": False}, {"on_disk_above": 1}])
def test_another_choice_gives_another_version(
    choice: dict[str, int], several: Path, tmp_path: Path
) -> None:
    assert gathered(tmp_path, several).version != gathered(tmp_path, several, **choice).version


def test_other_bytes_give_another_version_in_place_of_the_first(
    several: Path, tmp_path: Path
) -> None:
    first = gathered(tmp_path, several)
    several.write_text(f"{A} {B} {A} .\n")
    second = gathered(tmp_path, several)
    assert second.version != first.version
    assert not first.path.exists()
    assert current(tmp_path / "gathered") == second


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("bad.nq", f"{A} {A} {A} .\n{A} {A} x .\n".encode(), r"bad\.nq:2:\d+: .*correct it there"),
        ("bad.ttl", b"a:b a:c a:d .", r"bad\.ttl:1:1: .*prefix a: .*correct it there"),
        ("bad.jsonld", b'{"@id":\n"x",}', r"bad\.jsonld:2:\d+: "),
        ("bad.rdf", b"<rdf/>", r"bad\.rdf: .*correct it there"),
        ("latin.nt", f'{A} {A} "\xe9" .'.encode("latin-1"), r"latin\.nt:1:\d+: .*UTF-8"),
        ("text.nt.gz", b"no gzip", r"text\.nt\.gz: cannot be read: .*gzip"),
        (
            "cut.nt.gz",
            gzip.compress(b"x" * 999, mtime=0)[:-9],
            r"cut\.nt\.gz: is not whole: .*fetch",
        ),
        ("data.csv", b"a,b", r"data\.csv: has no name of RDF; rename it: \.ttl"),
        ("none.ttl", b"", r"none\.ttl: no triple to serve"),
    ],
)
def test_a_file_that_cannot_be_read_is_named_with_line_and_remedy(
    name: str, content: bytes, message: str, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DataError, match=message):
        gathered(tmp_path, tmp_path / name)
    left = {path.name for path in (tmp_path / "gathered").iterdir()}
    assert left == {".lock"}, "nothing half made"


def test_a_place_without_data_is_named(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(FileError, match=r"folder: is no Oxigraph store; name the files in it"):
        gathered(tmp_path, tmp_path / "folder")
    with pytest.raises(FileError, match=r"nothing\.ttl: is not there"):
        gathered(tmp_path, tmp_path / "nothing.ttl")


def test_a_failure_leaves_the_last_build(several: Path, tmp_path: Path) -> None:
    last = gathered(tmp_path, several)
    several.write_text("no RDF")
    with pytest.raises(FileError):
        gathered(tmp_path, several)
    assert current(tmp_path / "gathered") == last
    assert len(quads(last)) == 3


def test_a_broken_store_is_refused(several: Path, tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    store.load(path=several, format=RdfFormat.N_QUADS)
    store.flush()
    del store
    for manifest in (tmp_path / "store").glob("MANIFEST-*"):
        manifest.unlink()
    with pytest.raises(FileError, match="store: cannot be read"):
        gathered(tmp_path, tmp_path / "store")
