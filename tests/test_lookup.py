"""Questions are found by their words, in both languages, and by names like theirs."""

from pathlib import Path

import pytest

from kg.library import Library
from kg.lookup import find, near
from kg.questions import parse
from libraries import MEMBERS, TEAMS

LIBRARY = Library(
    (parse(Path("members-of-team.rq"), MEMBERS), parse(Path("teams.rq"), TEAMS)),
)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("", ["members-of-team", "teams"]),
        ("belongs", ["members-of-team"]),
        ("HORT", []),
        ("één", ["members-of-team"]),
        ("EEN", ["members-of-team"]),
        ("squad", ["members-of-team"]),
        ("Cafe", ["members-of-team"]),
        ("welke team", ["teams"]),
        ("team which", ["teams"]),
        ("team which belongs", []),
        ("members-of", ["members-of-team"]),
    ],
)
def test_a_question_is_found_by_all_words_that_are_sought(words: str, found: list[str]) -> None:
    assert [one.slug for one in find(LIBRARY, words)] == found


def test_questions_of_one_difficulty_are_found() -> None:
    assert [one.slug for one in find(LIBRARY, "team", "advanced")] == ["teams"]
    assert find(LIBRARY, "team", "intermediate") == []


@pytest.mark.parametrize(
    ("slug", "found"),
    [
        ("temas", ["teams", "members-of-team"]),
        ("TEAMS", ["teams", "members-of-team"]),
        ("members-of-teams", ["members-of-team", "teams"]),
        ("xyzzy", []),
        ("", []),
    ],
)
def test_names_like_one_that_is_none_come_by_likeness(slug: str, found: list[str]) -> None:
    assert [one.slug for one in near(LIBRARY, slug)] == found
