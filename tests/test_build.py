"""A build is complete and switched to at once, or leaves everything as it was."""

import json
import os
import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pyoxigraph import Store

from kg import build as builds
from kg.build import Build, current
from kg.dumps import CHECKSUMS, CRATE
from kg.errors import DataError, FindingsError, TurtleSyntaxError
from kg.pipeline import build
from kg.settings import Settings
from serving import KG

SOURCES = Settings().sources


def settings(project: Path, **others: object) -> Settings:
    return Settings(project=project, build=project.parent / "build", **others)


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def change(project: Path, text: str = "# nothing new\n") -> None:
    with (project / "data/cases/ede-west.ttl").open("a") as file:
        file.write(text)


def test_a_build_holds_a_store_dumps_and_what_was_checked(built: Build) -> None:
    assert len(Store.read_only(str(built.store))) > 3000
    assert (built.dumps / "samenhang.nq").stat().st_size > 0
    assert (built.dumps / "samenhang.trig").stat().st_size > 0
    assert (built.dumps / "graph/case/ede-west.ttl").stat().st_size > 0
    assert (built.dumps / "graph/case/ede-west.ttl.gz").stat().st_size > 0
    assert (built.dumps / CHECKSUMS).stat().st_size > 0
    assert (built.dumps / CRATE).stat().st_size > 0
    assert len(list(built.questions.glob("*/*.rq"))) > 3
    assert all(built.checked.values())
    assert set(built.checked) >= {"shapes", "attestations", "disjointness axioms"}


def test_the_number_of_triples_is_what_a_plain_query_counts(built: Build, store: Store) -> None:
    count = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    (row,) = store.query(count, use_default_graph_as_union=True)
    assert int(row["n"].value) == built.triples
    assert built.quads == len(built.nquads.read_text("utf-8").splitlines())


def test_the_same_input_gives_the_same_version_and_the_same_bytes(
    project: Path, tmp_path: Path
) -> None:
    first = build(settings(project))
    moved = shutil.move(project, tmp_path / "elsewhere")
    second = build(Settings(project=moved, build=tmp_path / "other"))
    assert first.version == second.version
    assert first.path != second.path
    made, again = contents(first.dumps), contents(second.dumps)
    crates = [
        made.pop(CRATE).replace(first.created.isoformat().encode(), b""),
        again.pop(CRATE).replace(second.created.isoformat().encode(), b""),
    ]
    assert made == again
    assert crates[0] == crates[1], "only the time may differ"
    assert len(made) > 8


def test_a_build_tells_when_it_was_made(project: Path) -> None:
    before = datetime.now(UTC).replace(microsecond=0)
    made = build(settings(project))
    assert before <= made.created <= datetime.now(UTC)
    assert Build.open(made.path).created == made.created
    assert made.created.isoformat() in (made.path / builds.MANIFEST).read_text()


def test_a_build_from_before_they_told_is_as_old_as_its_manifest(tmp_path: Path) -> None:
    manifest = tmp_path / builds.MANIFEST
    manifest.write_text('{"version": "x", "triples": 1, "checked": {}, "skipped": []}')
    os.utime(manifest, (10**9, 10**9 + 0.5))
    assert Build.open(tmp_path).created == datetime(2001, 9, 9, 1, 46, 40, tzinfo=UTC)


def test_other_input_gives_another_version(project: Path) -> None:
    first = build(settings(project))
    change(project)
    assert build(settings(project)).version != first.version


def test_another_question_gives_another_version(project: Path) -> None:
    first = build(settings(project))
    changed = next(path for path in sorted((project / "queries").glob("[!v]*/*.rq")))
    changed.write_text(changed.read_text() + "# nothing new\n")
    second = build(settings(project))
    assert second.version != first.version
    kept = {path.stem for path in (first.archive / changed.stem).iterdir()}
    assert len(kept) == 2


def test_a_question_that_is_none_fails_the_build_before_anything_is_written(project: Path) -> None:
    for topic in ("start", "cases"):
        (project / "queries" / topic).mkdir(exist_ok=True)
        (project / "queries" / topic / "spoilt.rq").write_text("SELECT * {}")
    with pytest.raises(DataError) as caught:
        build(settings(project))
    assert str(caught.value).count("spoilt.rq") == 2
    assert not (project.parent / "build").exists()


def test_a_build_that_is_there_already_is_kept(project: Path) -> None:
    first = build(settings(project))
    before = (first.path / builds.MANIFEST).stat().st_ino
    second = build(settings(project))
    assert second == first
    assert (second.path / builds.MANIFEST).stat().st_ino == before


@pytest.mark.parametrize(
    ("spoil", "error", "message"),
    [
        ("collaboration:ede-west a ; .", TurtleSyntaxError, r"ede-west\.ttl:\d+:\d+"),
        (
            'pilot:ede-west sam:startDate "2017-09-14T12:00:00"^^xsd:dateTime .',
            FindingsError,
            r"data/cases/ede-west\.ttl: https://w3id.org/samenhang/id/pilot/ede-west: .*startDate",
        ),
        ("body:ede-west-platform sam:takesPlaceIn place:ede-west .", FindingsError, "no passage"),
        (
            "membership:ede-west-youke org:member organisation:opella .",
            FindingsError,
            "data/cases/ede-west.ttl: .*membership/ede-west-youke",
        ),
    ],
)
def test_a_failed_build_says_where_and_leaves_the_last_one(
    project: Path, spoil: str, error: type[Exception], message: str
) -> None:
    last = build(settings(project))
    before = contents(last.path.parent)
    change(project, spoil)
    with pytest.raises(error, match=message):
        build(settings(project))
    assert current(last.path.parent) == last
    assert contents(last.path.parent) == before


def test_a_build_that_fails_while_writing_leaves_nothing_behind(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    last = build(settings(project))
    change(project)

    def full(*_: object, **__: object) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr("kg.build.write_store", full)
    with pytest.raises(OSError, match="No space"):
        build(settings(project))
    assert current(last.path.parent) == last
    assert {path.name for path in last.path.parent.iterdir()} == {
        ".lock",
        "current",
        "queries",
        last.version,
    }


def test_what_a_killed_build_left_is_removed_by_the_next(project: Path) -> None:
    left = project.parent / "build" / f"{builds.TEMPORARY}0123456789ab"
    (left / "store").mkdir(parents=True)
    built = build(settings(project))
    assert not left.exists()
    assert current(built.path.parent) == built


def test_two_builds_at_once_both_end_well(project: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    shutil.copytree(project, other)
    change(other)
    commands = [
        [KG, "build", "--project", folder, "--out", tmp_path / "build"]
        for folder in (project, other, project, other)
    ]
    running = [subprocess.Popen(command) for command in commands]
    assert [process.wait() for process in running] == [0, 0, 0, 0]
    made = [path.parent for path in (tmp_path / "build").glob(f"*/{builds.MANIFEST}")]
    versions = {Build.open(path) for path in made}
    assert len(versions) == 2
    assert all(len(Store.read_only(str(one.store))) > 3000 for one in versions)
    assert current(tmp_path / "build") in versions


def test_old_builds_are_pruned_and_the_current_one_never(project: Path) -> None:
    made = []
    for number in range(4):
        change(project, f"# {number}\n")
        made.append(build(settings(project, keep_builds=2)))
        os.utime(made[-1].path, (number, number))
    kept = {path.name for path in made[0].path.parent.iterdir() if not path.is_symlink()}
    assert kept == {".lock", "queries", "withdrawn", made[2].version, made[3].version}
    assert current(made[0].path.parent) == made[3]


def test_it_is_remembered_which_versions_were_pruned(project: Path) -> None:
    made = []
    for number in range(3):
        change(project, f"# {number}\n")
        made.append(build(settings(project, keep_builds=1)))
    lines = (made[0].path.parent / builds.WITHDRAWN).read_text().splitlines()
    assert lines == [f"{one.version} {one.created.isoformat()}" for one in made[:2]]


def test_a_build_that_cannot_be_read_is_pruned_and_was_never_published(project: Path) -> None:
    first = build(settings(project, keep_builds=1))
    (first.path / builds.MANIFEST).write_text("{")
    change(project)
    build(settings(project, keep_builds=1))
    assert not first.path.exists()
    assert not (first.path.parent / builds.WITHDRAWN).exists()


def test_a_pruning_that_is_cut_short_leaves_no_half_build(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = build(settings(project, keep_builds=1))
    with monkeypatch.context() as patch:
        patch.setattr("shutil.rmtree", lambda *_, **__: None)
        change(project)
        build(settings(project, keep_builds=1))
    assert not first.path.exists()
    change(project)
    third = build(settings(project, keep_builds=1))
    assert {path.name for path in third.path.parent.iterdir()} == {
        ".lock",
        "current",
        "queries",
        "withdrawn",
        third.version,
    }


def test_a_build_dated_in_the_future_does_not_push_out_the_current_one(project: Path) -> None:
    first = build(settings(project, keep_builds=1))
    os.utime(first.path, (2**32, 2**32))
    change(project)
    second = build(settings(project, keep_builds=1))
    assert current(second.path.parent) == second


def test_what_is_left_of_a_build_without_its_manifest_is_written_anew(project: Path) -> None:
    first = build(settings(project))
    (first.path / builds.MANIFEST).unlink()
    again = build(settings(project))
    assert replace(again, created=first.created) == first
    assert len(Store.read_only(str(first.store))) > 3000


def test_going_back_to_an_older_build_makes_it_the_newest(project: Path) -> None:
    original = (project / "data/cases/ede-west.ttl").read_text()
    first = build(settings(project, keep_builds=2))
    change(project, "# two\n")
    build(settings(project, keep_builds=2))
    (project / "data/cases/ede-west.ttl").write_text(original)
    assert build(settings(project, keep_builds=2)) == first
    change(project, "# three\n")
    build(settings(project, keep_builds=2))
    assert first.path.is_dir()


def test_no_build_is_no_error_and_a_broken_one_is(tmp_path: Path) -> None:
    assert current(tmp_path) is None
    (tmp_path / "x").mkdir()
    (tmp_path / "current").symlink_to("x")
    with pytest.raises(DataError, match="run kg build"):
        current(tmp_path)
    (tmp_path / "x" / builds.MANIFEST).write_text(json.dumps({"version": "x"}))
    with pytest.raises(DataError, match="run kg build"):
        current(tmp_path)


def test_a_folder_that_is_no_project_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="KG_PROJECT"):
        build(settings(tmp_path / "nothing"))


def test_a_folder_without_the_texts_fails_the_build(project: Path, tmp_path: Path) -> None:
    with pytest.raises(FindingsError, match="source texts: nothing was checked"):
        build(settings(project, sources=tmp_path))


def test_a_build_without_the_texts_has_the_digests_that_were_sealed(project: Path) -> None:
    sealed = build(settings(project, sources=None))
    digests = (sealed.dumps / "graph/evidence.ttl").read_text().count("sha256")
    assert digests > 100
    (project / "data/seals/ede-west.sha256").unlink()
    without = build(settings(project, sources=None))
    left = (without.dumps / "graph/evidence.ttl").read_text().count("sha256")
    assert 0 < left < digests
    assert without.version != sealed.version


@pytest.mark.skipif(SOURCES is None, reason="KG_SOURCES is not set")
def test_a_build_with_the_texts_equals_one_from_their_seals(project: Path) -> None:
    with_texts = build(settings(project, sources=SOURCES))
    assert with_texts.skipped == ()
    assert with_texts.version == build(settings(project, sources=None)).version


def test_a_build_in_use_is_not_pruned(project: Path) -> None:
    first = build(settings(project, keep_builds=1))
    with first.held():
        change(project, "# two\n")
        second = build(settings(project, keep_builds=1))
        assert first.store.is_dir()
    change(project, "# three\n")
    third = build(settings(project, keep_builds=1))
    assert [one.path.is_dir() for one in (first, second, third)] == [False, False, True]


def test_a_fault_in_one_of_two_files_about_a_thing_is_placed_in_that_file(project: Path) -> None:
    with (project / "data/coding/ede-west.ttl").open("a") as file:
        file.write('pilot:ede-west <https://w3id.org/samenhang/ontology#date> "now" .')
    with pytest.raises(FindingsError) as caught:
        build(settings(project))
    places = {finding.partition(":")[0] for finding in caught.value.findings}
    assert places == {"data/coding/ede-west.ttl"}
