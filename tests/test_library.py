"""The library: which files of a folder are questions, and in which order they come."""

import shutil
from pathlib import Path

import pytest

from kg import library
from kg.errors import DataError
from kg.front_matter import TOPICS
from serving import ROOT

QUERIES = ROOT / "queries"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A library of a few topics, to be spoilt."""
    for topic in ("start", "agreements", "void"):
        shutil.copytree(QUERIES / topic, tmp_path / topic)
    return tmp_path


def test_the_easy_questions_come_first_within_the_order_of_topics() -> None:
    questions = library.read(QUERIES).questions
    assert len(questions) == len(library.paths(QUERIES))
    topics = [TOPICS.index(question.topic) for question in questions]
    assert topics == sorted(topics)
    first = next(iter(library.read(QUERIES).by_topic.values()))
    assert first[0].difficulty == "beginner"


def test_a_question_is_found_by_its_slug() -> None:
    assert library.read(QUERIES).by_slug["parties"].topic == "agreements"


def test_queries_that_count_are_no_questions(folder: Path) -> None:
    assert (folder / "void" / "classes.rq").exists()
    assert "classes" not in library.read(folder).by_slug


def test_a_folder_without_questions_is_an_empty_library(tmp_path: Path) -> None:
    assert library.read(tmp_path).questions == ()


def test_all_faults_are_told_at_once(folder: Path) -> None:
    (folder / "start" / "one.rq").write_text("ASK {}")
    (folder / "start" / "two.rq").write_bytes(b"\xff")
    with pytest.raises(DataError, match=r"(?s)one\.rq: no metadata.*two\.rq: is not UTF-8"):
        library.read(folder)


def test_a_name_is_taken_once(folder: Path) -> None:
    (folder / "start" / "parties.rq").write_text((folder / "agreements/parties.rq").read_text())
    _, faults = library.read_all(folder)
    assert [fault.path.name for fault in faults] == ["parties.rq"]


def test_a_question_lies_in_the_folder_of_its_topic(folder: Path) -> None:
    (folder / "agreements" / "parties.rq").rename(folder / "start" / "moved.rq")
    _, (fault,) = library.read_all(folder)
    assert "topic is agreements, but the file lies in start/" in fault.reason
    assert fault.line > 0


def test_two_of_a_name_in_different_topics_are_refused(folder: Path) -> None:
    text = (folder / "agreements" / "parties.rq").read_text()
    (folder / "start" / "parties.rq").write_text(text.replace("topic: agreements", "topic: start"))
    with pytest.raises(DataError, match="another topic has a question of that name"):
        library.read(folder)
