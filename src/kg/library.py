"""The library: the questions of a project's folder ``queries/``, by topic."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from kg.dataset import read_bytes
from kg.errors import DataError, FileError
from kg.front_matter import DIFFICULTIES, TOPICS, line_of
from kg.questions import Question, parse

__all__ = ["FOLDER", "Library", "paths", "read", "read_all"]

FOLDER = "queries"
COUNTING = "void"  # the folder of the queries that count for the catalogue


@dataclass(frozen=True)
class Library:
    """The questions of a folder, in the order of the topics, the easy ones first."""

    questions: tuple[Question, ...] = ()

    @cached_property
    def by_slug(self) -> dict[str, Question]:
        """The questions by slug."""
        return {question.slug: question for question in self.questions}

    @cached_property
    def by_topic(self) -> dict[str, list[Question]]:
        """The questions of each topic that has any."""
        found: dict[str, list[Question]] = {}
        for question in self.questions:
            found.setdefault(question.topic, []).append(question)
        return found


def read(folder: Path) -> Library:
    """Return the library in a folder; raises ``DataError`` if a file is no question."""
    library, faults = read_all(folder)
    if faults:
        raise DataError("\n".join(map(str, faults)))
    return library


def read_all(folder: Path) -> tuple[Library, list[FileError]]:
    """Return the library of the files that can be read, and what is wrong with the others."""
    questions: dict[str, Question] = {}
    faults: list[FileError] = []
    for path in paths(folder):
        try:
            question = _read(path)
            if question.slug in questions:
                raise FileError(path, "another topic has a question of that name.")
            questions[question.slug] = question
        except FileError as fault:
            faults.append(fault)
    return Library(tuple(sorted(questions.values(), key=_order))), faults


def paths(folder: Path) -> list[Path]:
    """Return the files of the questions in a folder."""
    return sorted(path for path in folder.glob("*/*.rq") if path.parent.name != COUNTING)


def _order(question: Question) -> tuple[int, int, str]:
    return (
        TOPICS.index(question.topic),
        DIFFICULTIES.index(question.difficulty),
        question.slug,
    )


def _read(path: Path) -> Question:
    try:
        text = read_bytes(path).decode()
    except UnicodeDecodeError as error:
        raise FileError(path, f"is not UTF-8 at byte {error.start}.") from None
    question = parse(path, text)
    if question.topic != path.parent.name:
        reason = f"topic is {question.topic}, but the file lies in {path.parent.name}/."
        raise FileError(path, reason, line_of(text, ("topic",)))
    return question
