"""Lookup: questions of the library by words in what they tell, and those like one that is not."""

from collections.abc import Iterator

from rapidfuzz import fuzz, process

from kg.folding import folded
from kg.library import Library
from kg.questions import Question
from kg.texts import LANGUAGES

__all__ = ["find", "near"]

ALTERNATIVES = 5
LIKE = 60.0  # how alike two names must be, of 100


def find(library: Library, words: str, difficulty: str = "") -> list[Question]:
    """Return the questions that tell of all of some words, in either language.

    They are in the order of the library. Capitals and accents do not count, a part of a word is
    enough. With a ``difficulty``, they are all of that one.
    """
    sought = folded(words).split()
    return [
        question
        for question in library.questions
        if difficulty in ("", question.difficulty) and _tells(question, sought)
    ]


def near(library: Library, slug: str) -> list[Question]:
    """Return the questions whose names are most like one that is none, the likeliest first."""
    found = process.extract(
        slug.lower(),
        {one.slug: one.slug for one in library.questions},
        scorer=fuzz.WRatio,
        limit=ALTERNATIVES,
        score_cutoff=LIKE,
    )
    return [library.by_slug[one] for _, _, one in found]


def _tells(question: Question, sought: list[str]) -> bool:
    text = folded("\n".join(_texts(question)))
    return all(word in text for word in sought)


def _texts(question: Question) -> Iterator[str]:
    yield question.slug
    for language in LANGUAGES:
        yield question.title[language]
        yield question.description[language]
        yield from question.keywords[language]
