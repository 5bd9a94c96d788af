"""What is measured with is plausible data, the same each time, and the runner runs."""

import subprocess
import sys
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, Store

from kg import dataset, validation
from kg.dataset import Statement
from serving import ROOT

BENCHMARKS = ROOT / "benchmarks"
QUERIES = sorted((BENCHMARKS / "queries").glob("*.rq"))
sys.path.append(str(BENCHMARKS))  # scripts, that no package holds

import generator  # noqa: E402


@pytest.fixture(scope="module")
def thousand(tmp_path_factory: pytest.TempPathFactory) -> Store:
    path = tmp_path_factory.mktemp("generated") / "thousand.nq"
    generator.generate(path, 1000, ROOT)
    store = Store()
    store.bulk_load(path=path, format=RdfFormat.N_QUADS)
    return store


def count(size: int) -> int:
    return sum(1 for _ in generator.quads(size, ROOT))


def test_the_same_seed_gives_the_same_bytes_and_another_one_others(tmp_path: Path) -> None:
    paths = [tmp_path / name for name in ("one.nq", "two.nq", "other.nq")]
    for path, seed in zip(paths, (1, 1, 2), strict=True):
        generator.generate(path, 50, ROOT, seed)
    one, two, other = (path.read_bytes() for path in paths)
    assert one == two
    assert one != other
    assert one.count(b"\n") > 50 * 50


def test_what_is_generated_has_the_shapes_of_the_ontology() -> None:
    made = [Statement(*quad) for quad in generator.quads(20, ROOT)]
    project = dataset.read(ROOT)
    report = validation.validate(project.adding(made))
    assert report.findings == ()
    aimed_at = "nodes that the shapes aim at"
    assert report.checked[aimed_at] > validation.validate(project).checked[aimed_at] + 150


def test_the_number_of_quads_grows_with_that_of_collaborations() -> None:
    base, more, most = (count(size) for size in (500, 1000, 2000))
    assert (most - more) / (more - base) == pytest.approx(2, rel=0.05)
    assert (most - more) / 1000 == pytest.approx(61, rel=0.03)


def test_organisations_are_shared_by_collaborations_and_by_municipalities(thousand: Store) -> None:
    prefixes = {"org": "http://www.w3.org/ns/org#", "sam": "https://w3id.org/samenhang/ontology#"}
    rows = thousand.query(
        """SELECT (COUNT(DISTINCT ?case) AS ?cases) (COUNT(DISTINCT ?place) AS ?places) {
          ?membership org:member ?organisation ; org:organization ?case .
          ?case sam:inMunicipality ?place
        } GROUP BY ?organisation""",
        prefixes=prefixes,
        use_default_graph_as_union=True,
    )
    degrees = [(int(row["cases"].value), int(row["places"].value)) for row in rows]
    assert len(degrees) > 300
    assert max(cases for cases, _ in degrees) > 50
    assert sum(places > 1 for _, places in degrees) > len(degrees) / 2


def test_there_are_twelve_queries() -> None:
    assert len(QUERIES) == 12


@pytest.mark.parametrize("query", QUERIES, ids=lambda path: path.stem)
def test_a_query_of_the_mix_finds_something(query: Path, thousand: Store) -> None:
    found = thousand.query(query.read_text(), use_default_graph_as_union=True)
    assert any(True for _ in found) if query.stem != "ask" else bool(found)


def test_the_runner_measures_and_compares_answers() -> None:
    options = ["--size", "20", "--rounds", "1", "--no-peers"]
    run = subprocess.run(
        [sys.executable, BENCHMARKS / "run.py", *options],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert (run.returncode, run.stderr) == (0, "")
    table, _, summary = run.stdout.rpartition("| quality | to reach | measured |")
    for query in QUERIES:
        assert table.count(f"\n| {query.stem} | ") >= 4
    assert "of 12" in summary
    assert "| kg serve on a built graph, first answer | < 1.5 s |" in summary
    assert "| 1,000,000 rows, growth of the front process | < 32 MiB |" in summary
