"""Releases: which versions a folder keeps, which it kept once, and what was newest when."""

import os
import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kg import releases
from kg.build import CURRENT, MANIFEST, WITHDRAWN, Build
from kg.errors import ResourceGone, ResourceNotFound

VERSIONS = ("aaaaaaaaaaaa", "bbbbbbbbbbbb", "cccccccccccc")
START = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of three builds, made a day after each other, the second of which is served."""
    for number, version in enumerate(VERSIONS):
        made(tmp_path, version, START + number * DAY)
    (tmp_path / CURRENT).symlink_to(VERSIONS[1])
    return tmp_path


def made(folder: Path, version: str, created: datetime) -> Build:
    (folder / version).mkdir()
    (folder / version / MANIFEST).write_text(
        f'{{"version": "{version}", "triples": 1, "skipped": [], '
        f'"created": "{created.isoformat()}"}}'
    )
    return Build.open(folder / version)


def test_the_kept_builds_come_newest_first_and_once(folder: Path) -> None:
    assert [build.version for build in releases.kept(folder)] == list(reversed(VERSIONS))


def test_their_order_is_that_of_their_making_and_not_of_the_disk(folder: Path) -> None:
    os.utime(folder / VERSIONS[0], (2**32, 2**32))
    assert [build.version for build in releases.kept(folder)] == list(reversed(VERSIONS))


def test_what_is_broken_or_half_written_is_not_kept(folder: Path) -> None:
    (folder / VERSIONS[0] / MANIFEST).write_text("{")
    shutil.copytree(folder / VERSIONS[2], folder / f".new-{VERSIONS[2]}")
    assert [build.version for build in releases.kept(folder)] == [VERSIONS[2], VERSIONS[1]]


def test_a_folder_without_builds_keeps_none(tmp_path: Path) -> None:
    assert releases.kept(tmp_path) == []
    assert releases.kept(tmp_path / "nowhere") == []


def test_a_version_is_withdrawn_if_it_was_kept_once_and_no_longer_is(folder: Path) -> None:
    lines = (f"{version} {START.isoformat()}\n" for version in ("dddddddddddd", VERSIONS[0]))
    (folder / WITHDRAWN).write_text("\n".join(lines))
    assert releases.withdrawn(folder, "dddddddddddd") == START
    assert releases.withdrawn(folder, VERSIONS[0]) is None, "it was built again"
    assert releases.withdrawn(folder, "eeeeeeeeeeee") is None
    assert releases.withdrawn(folder, "") is None, "as for an empty line"


def test_nothing_is_withdrawn_where_nothing_was_pruned(folder: Path) -> None:
    assert releases.withdrawn(folder, "dddddddddddd") is None


def test_a_version_that_is_required_is_there_or_the_error_tells_why(folder: Path) -> None:
    served = Build.open(folder / CURRENT)
    (folder / WITHDRAWN).write_text(f"dddddddddddd {START.isoformat()}\n")
    assert releases.require(served, VERSIONS[0]).created == START
    assert releases.require(served, served.version) is served
    with pytest.raises(ResourceGone, match="dddddddddddd is no longer kept"):
        releases.require(served, "dddddddddddd")
    for unknown in ("eeeeeeeeeeee", CURRENT, "..", "", "../bbbbbbbbbbbb", "bbbbbbbbbbbb/"):
        with pytest.raises(ResourceNotFound):
            releases.require(served, unknown)


@pytest.mark.parametrize(
    ("moment", "version"),
    [
        (START - DAY, VERSIONS[0]),
        (START, VERSIONS[0]),
        (START + DAY - timedelta(seconds=1), VERSIONS[0]),
        (START + DAY, VERSIONS[1]),
        (START + 9 * DAY, VERSIONS[2]),
    ],
    ids=["before the first", "at the first", "before the second", "at the second", "at last"],
)
def test_the_build_of_a_moment_is_the_newest_of_then(
    moment: datetime, version: str, folder: Path
) -> None:
    assert releases.as_of(releases.kept(folder), moment).version == version


def test_the_files_of_a_build_are_looked_up_once(built: Build) -> None:
    assert releases.files(built) is releases.files(Build.open(built.path))
    assert len(releases.files(built)) > 40


def test_what_a_build_was_made_of_is_only_told_of_our_dataset(built: Build, tmp_path: Path) -> None:
    made = releases.made_of(built)
    assert made
    assert made.build.endswith(built.version)
    assert releases.made_of(replace(built, path=tmp_path)) is None
