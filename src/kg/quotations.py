"""Quotations: the words of passages, where the very text that the data describes is at hand.

Personal data is left out as a text is read, so that nothing beyond this module ever holds it.
A passage is a range of code points (RFC 5147, https://www.rfc-editor.org/rfc/rfc5147).
"""

import asyncio
import hashlib
import stat
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Literal

from pyoxigraph import NamedNode

from kg import queries
from kg.dataset import SLUG, Term
from kg.engine.base import Engine, select
from kg.namespaces import SOURCE, slug
from kg.passages import Passage, digest

__all__ = ["Quotations", "Quote", "Segment", "State", "Text"]

State = Literal["at-hand", "absent", "another"]

KEPT = 256  # texts that are kept to be quoted from again
LEFT_OUT = "\N{OBJECT REPLACEMENT CHARACTER}"  # stands for each character that nobody may read
WIDEST = 4  # bytes that a character takes at most in UTF-8
LANGUAGES = {"DEU": "de", "ENG": "en", "FRY": "fy", "NLD": "nl"}  # ISO 639-3 to BCP 47


@dataclass(frozen=True)
class Segment:
    """A part of a text, from ``start`` to ``end``; one that is ``omitted`` has no characters."""

    text: str
    omitted: bool
    start: int
    end: int


@dataclass(frozen=True)
class Quote:
    """The characters of a passage, in segments; ``language`` is the tag of its text."""

    passage: str
    document: str
    start: int
    end: int
    language: str
    segments: tuple[Segment, ...]


@dataclass(frozen=True)
class Text:
    """The text of a source document: whether it is at hand, and what nobody may read of it.

    Of one that is not, and of ``another`` than the data describes, there are no ``characters``.
    Where passages are ``excluded``, these have one sign for each character that is left out.
    ``language`` is a tag (BCP 47), empty if it is not known or not one.
    """

    document: str
    length: int
    excluded: tuple[Passage, ...]
    state: State = "absent"
    characters: str = ""
    language: str = ""

    @property
    def is_at_hand(self) -> bool:
        """Whether it can be quoted."""
        return self.state == "at-hand"

    def holds(self, passage: Passage) -> bool:
        """Tell whether a passage is one of this text."""
        return passage.document == self.document and passage.start < passage.end <= self.length

    def segments(self, start: int, end: int, cuts: Iterable[int] = ()) -> tuple[Segment, ...]:
        """Return the characters of a range, cut at some places and around what is left out."""
        edges = {edge for one in self.excluded for edge in (one.start, one.end)}.union(cuts)
        places = sorted({start, end, *(edge for edge in edges if start < edge < end)})
        segments: list[Segment] = []
        for one, other in pairwise(places):
            omitted = any(found.start <= one < found.end for found in self.excluded)
            if omitted and segments and segments[-1].omitted:
                segments[-1] = replace(segments[-1], end=other)
            else:
                text = "" if omitted else self.characters[one:other]
                segments.append(Segment(text, omitted, one, other))
        return tuple(segments)

    def quote(self, passage: Passage) -> Quote:
        """Return the characters of a passage of this text, which is at hand."""
        segments = self.segments(passage.start, passage.end)
        place = passage.iri, passage.document, passage.start, passage.end
        return Quote(*place, self.language, segments)


class Quotations:
    """Quotes from the texts in a folder, ``<slug>.txt``; from none without a folder."""

    def __init__(self, folder: Path | None, glance: float = 1.0) -> None:
        """Quote from a folder; ``mark`` looks into it again after ``glance`` seconds."""
        self._folder, self._glance = folder, glance
        self._mark, self._looked = "", -glance

    @property
    def mark(self) -> str:
        """What changes when a file of the folder does, and tells nothing of what it says."""
        if self._folder and time.monotonic() - self._looked >= self._glance:
            self._mark, self._looked = _mark(self._folder), time.monotonic()
        return self._mark

    async def quote(
        self, engine: Engine, passages: Iterable[str], client: str = ""
    ) -> dict[str, Quote]:
        """Return the quotations of passages by their IRIs, as far as their texts are at hand.

        ``client`` is who asks. Raises a ``RequestError`` when the engine has no answer.
        """
        wanted = (
            [found for iri in passages if (found := Passage.parse(iri))] if self._folder else []
        )
        texts = await self.texts(engine, {one.document for one in wanted}, client)
        return {
            one.iri: text.quote(one)
            for one in wanted
            if (text := texts.get(one.document)) and text.is_at_hand and text.holds(one)
        }

    async def text(self, engine: Engine, document: str, client: str = "") -> Text | None:
        """Return the text of a source document, ``None`` if the data describes no text of it."""
        return (await self.texts(engine, [document], client)).get(document)

    async def texts(
        self, engine: Engine, documents: Iterable[str], client: str = ""
    ) -> dict[str, Text]:
        """Return the texts of source documents by their IRIs, those that the data describes."""
        iris = [NamedNode(iri) for iri in sorted(set(documents))]
        query = queries.bound(queries.read("quotations"), "document", iris)
        known = _known(await select(engine, query, client) if iris else ())
        return await asyncio.to_thread(self._read, known)

    def _read(self, known: Iterable["_Known"]) -> dict[str, Text]:
        return {one.document: _at_hand(one, self._folder) for one in known}


@dataclass(frozen=True)
class _Known:
    """By what the text of a document is known: all that is stated of it."""

    document: str
    lengths: frozenset[str]
    digests: frozenset[str]
    excluded: frozenset[str]
    languages: frozenset[str]

    @property
    def text(self) -> Text:
        """What is known of the text without reading it."""
        lengths = [int(one) for one in self.lengths if one.isdecimal()]
        passages = [found for iri in self.excluded if (found := Passage.parse(iri))]
        passages.sort(key=lambda one: (one.start, one.end))
        length = max(lengths, default=0)
        return Text(self.document, length, tuple(passages), language=self.language)

    @property
    def language(self) -> str:
        """The tag of the language of the text, empty if none or more than one is known."""
        tags = {LANGUAGES.get(slug(one), "") for one in self.languages}
        return tags.pop() if len(tags) == 1 else ""

    def fits(self, characters: str) -> bool:
        """Tell whether a text is the one described.

        It is not where the data disagrees with itself, or leaves open which characters are
        excluded.
        """
        text = self.text
        return (
            self.digests == {digest([characters])}
            and self.lengths == {str(len(characters))}
            and len(text.excluded) == len(self.excluded)
            and all(text.holds(one) for one in text.excluded)
        )


def _known(rows: Iterable[Mapping[str, Term]]) -> list[_Known]:
    said: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for row in rows:
        for name, value in row.items():
            said[row["document"].value][name].add(value.value)
    return [
        _Known(
            document,
            frozenset(values["length"]),
            frozenset(values["digest"]),
            frozenset(values["excluded"]),
            frozenset(values["language"]),
        )
        for document, values in said.items()
    ]


def _at_hand(known: _Known, folder: Path | None) -> Text:
    slug = known.document.removeprefix(SOURCE)
    if not (folder and SLUG.fullmatch(slug)):
        return known.text
    path = folder / f"{slug}.txt"
    try:
        stamp = _stamp(path)
        return _text(path, stamp, known) if stamp else known.text
    except OSError:
        return known.text


@lru_cache(maxsize=KEPT)
def _text(path: Path, stamp: tuple[int, int], known: _Known) -> Text:
    """Return the text in a file; ``stamp`` tells that it is the same as before."""
    text = known.text
    _, size = stamp
    if size > WIDEST * text.length:
        return replace(text, state="another")
    try:
        characters = path.read_bytes().decode()
    except UnicodeDecodeError:
        return replace(text, state="another")
    if not known.fits(characters):
        return replace(text, state="another")
    return replace(text, state="at-hand", characters=_without(characters, text.excluded))


def _without(characters: str, excluded: Iterable[Passage]) -> str:
    for one in excluded:
        left_out = LEFT_OUT * (one.end - one.start)
        characters = characters[: one.start] + left_out + characters[one.end :]
    return characters


def _stamp(path: Path) -> tuple[int, int] | None:
    """Return what changes when a file is written, its time and size; ``None`` if it is no file."""
    try:
        found = path.stat()
    except OSError:
        return None
    return (found.st_mtime_ns, found.st_size) if stat.S_ISREG(found.st_mode) else None


def _mark(folder: Path) -> str:
    stamps = sorted(_stamps(folder))
    return hashlib.sha256(repr(stamps).encode()).hexdigest()[:16]


def _stamps(folder: Path) -> Iterator[tuple[str, tuple[int, int]]]:
    for path in folder.glob("*.txt"):
        if stamp := _stamp(path):
            yield path.name, stamp
