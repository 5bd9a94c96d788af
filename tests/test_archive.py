"""The archive keeps every version of every question, whatever becomes of the builds."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kg import archive, releases
from kg.build import Build
from kg.gathering import gather
from kg.questions import digest
from publishing import QUESTION, small

CHANGED = QUESTION.replace("The name of", "What is said to be the name of")
# What another release may have been able to ask.
PAST = QUESTION.replace("beginner", "easy")
VERSIONS = ("aaaaaaaaaaaa", "bbbbbbbbbbbb", "cccccccccccc")
START = datetime(2026, 1, 1, tzinfo=UTC).timestamp()


@pytest.fixture
def build(tmp_path: Path) -> Build:
    """The last of three builds: a question, the same one changed, the change as it was."""
    for day, (version, text) in enumerate(zip(VERSIONS, (QUESTION, CHANGED, CHANGED), strict=True)):
        made = small(tmp_path, version, {"name": text}, keep=1)
        for path in made.archive.glob("*/*.rq"):
            if path.stat().st_mtime > START + 1e6:
                os.utime(path, (START + day, START + day))
    return made


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_library_of_a_build_is_what_it_was_built_with(build: Build) -> None:
    library = archive.served(build)
    assert [question.text for question in library.questions] == [CHANGED]
    assert archive.served(build) is library


def test_every_version_stays_when_its_build_is_pruned(build: Build) -> None:
    assert [one.version for one in releases.kept(build.path.parent)] == [build.version]
    newest, oldest = archive.versions(build, "name")
    assert newest.since > oldest.since == datetime(2026, 1, 1, tzinfo=UTC)
    texts = [archive.find(build, "name", one.version) for one in (newest, oldest)]
    assert [one and one.text for one in texts] == [CHANGED, QUESTION]


def test_a_version_is_named_after_its_content(build: Build) -> None:
    files = content(build.archive)
    assert len(files) == 2
    for name, text in files.items():
        found = archive.find(build, "name", name.removesuffix(".rq"))
        assert found
        assert (f"{found.version}.rq", found.text.encode()) == (name, text)


def test_what_is_in_the_archive_is_never_written_again(build: Build) -> None:
    before = {path: path.stat() for path in build.archive.rglob("*.rq")}
    small(build.path.parent, "dddddddddddd", {"name": QUESTION, "other": CHANGED}, keep=1)
    after = {path: path.stat() for path in build.archive.rglob("*.rq")}
    assert len(after) == len(before) + 1
    assert all(after[path].st_ino == status.st_ino for path, status in before.items())


def test_a_file_that_was_cut_short_is_no_version_until_it_is_published_again(build: Build) -> None:
    version = archive.versions(build, "name")[-1].version
    path = build.archive / "name" / f"{version}.rq"
    path.write_text(QUESTION[:-10])
    assert archive.find(build, "name", version) is None
    small(build.path.parent, "dddddddddddd", {"name": QUESTION})
    assert archive.find(build, "name", version)


def test_a_build_that_was_there_already_puts_its_questions_into_the_archive(build: Build) -> None:
    before = content(build.archive)
    for path in build.archive.rglob("*.rq"):
        path.unlink()
    small(build.path.parent, build.version, {"name": CHANGED})
    assert content(build.archive).items() < before.items()


def test_what_this_release_cannot_read_is_left_out(build: Build) -> None:
    (build.questions / "start" / "later.rq").write_text("#+ something: else\nSELECT * {}")
    (build.archive / "name" / "0123456789ab.rq").write_text("ASK {}")
    (build.archive / "name" / "0123456789ac.rq").write_bytes(b"\xff")
    assert [question.slug for question in archive.served(build).questions] == ["name"]
    assert archive.find(build, "name", "0123456789ab") is None
    assert archive.find(build, "name", "0123456789ac") is None


def put(build: Build, slug: str, text: str, days: int) -> str:
    """Put the file of a question into the archive, as another release may have done."""
    path = build.archive / slug / f"{digest(text)}.rq"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    os.utime(path, (START + days * 86400, START + days * 86400))
    return path.stem


def test_a_version_that_can_be_asked_no_more_keeps_its_file(build: Build) -> None:
    past = put(build, "name", PAST, days=2000)
    assert archive.versions(build, "name")[0].version == past
    assert archive.text(build, "name", past) == PAST
    assert archive.find(build, "name", past) is None


def test_the_newest_version_is_the_one_served_else_the_last_that_can_be_asked(build: Build) -> None:
    put(build, "name", PAST, days=2000)
    newest = archive.newest(build, "name")
    assert newest
    assert newest.text == CHANGED
    for days, text in enumerate((CHANGED, QUESTION, PAST)):
        put(build, "withdrawn", text, days)
    newest = archive.newest(build, "withdrawn")
    assert newest
    assert (newest.slug, newest.text) == ("withdrawn", QUESTION)
    put(build, "lost", PAST, days=1)
    assert archive.newest(build, "lost") is None
    assert archive.newest(build, "unknown") is None


def test_only_files_that_are_what_their_names_tell_are_versions(build: Build) -> None:
    before = archive.versions(build, "name")
    folder = build.archive / "name"
    (folder / "0123456789ab.rq").write_text(QUESTION)
    (folder / "0123456789ac.rq").write_bytes(b"\xff")
    (folder / "notes.rq").write_text(QUESTION)
    (folder / "0123456789AD.rq").mkdir()
    (folder / "0123456789ae.rq").mkdir()
    assert archive.versions(build, "name") == before
    assert archive.text(build, "name", "0123456789ab") is None
    assert archive.text(build, "name", "notes") is None


@pytest.mark.parametrize(
    ("slug", "version"),
    [
        ("unknown", "0123456789ab"),
        ("name", "0123456789ab"),
        ("name", "../../build"),
        ("../name", "0123456789ab"),
        ("..", ".."),
        ("", ""),
        ("name\0", "0123456789ab"),
        ("Name", "0123456789ab"),
    ],
)
def test_a_question_that_never_was_is_not_found(slug: str, version: str, build: Build) -> None:
    assert archive.find(build, slug, version) is None
    assert archive.text(build, slug, version) is None
    if slug != "name":
        assert archive.versions(build, slug) == []


def test_the_question_that_is_served_is_found_without_the_archive(build: Build) -> None:
    for path in build.archive.rglob("*.rq"):
        path.unlink()
    (only,) = archive.versions(build, "name")
    assert only.since == build.created
    assert archive.find(build, "name", only.version)


def test_the_archive_is_no_build(build: Build) -> None:
    folder = build.path.parent
    assert releases.find(folder, build.archive.name) is None
    assert releases.kept(folder) == [build]


def test_a_build_of_other_files_has_no_questions(tmp_path: Path) -> None:
    (tmp_path / "some.nt").write_text(
        "<https://example.org/a> <https://example.org/b> <https://example.org/c> .\n"
    )
    build = gather([tmp_path / "some.nt"], tmp_path / "builds", union=True, on_disk_above=10)
    assert archive.served(build).questions == ()
    assert archive.versions(build, "name") == []
    assert archive.find(build, "name", "0123456789ab") is None
    assert not build.questions.exists()
    assert not build.archive.exists()
