"""Passages are quoted from the very text that is described, and personal data never is."""

import asyncio
import hashlib
import os
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.passages import Passage
from kg.quotations import Quotations, Quote, Text
from storing import StoreEngine, trig

SOURCE = "https://w3id.org/samenhang/source/"
DOCUMENT = f"{SOURCE}zonneveld"
AUTHORITY = "http://publications.europa.eu/resource/authority/language/"
PERSONAL = "mevrouw P. Voorbeeld, 000-0000000"
TEXT = (
    "🌻 Buurtpact Zonneveld\n\nGemeente en stichting «De Schakel» tekenen op 3 mei 2031.\n"
    f"Vragen? Bel {PERSONAL}.\nEinde.\n"
)
START, END = TEXT.index(PERSONAL), TEXT.index(PERSONAL) + len(PERSONAL)
DIGEST = hashlib.sha256(TEXT.encode()).hexdigest()


def passage(start: int, end: int, document: str = DOCUMENT) -> str:
    return f"{document}#char={start},{end}"


def described(
    *,
    document: str = DOCUMENT,
    count: str = str(len(TEXT)),
    digest: str = f'"{DIGEST}"',
    excluded: Iterable[str] = (passage(START, END),),
    languages: Iterable[str] = (),
) -> str:
    """What the data says of a text, in TriG."""
    left_out = "".join(f"<{document}> sam:hasExcludedPassage <{one}> ." for one in excluded)
    spoken = "".join(f"<{document}> dcterms:language <{AUTHORITY}{one}> ." for one in languages)
    return f"""
        PREFIX dcterms: <http://purl.org/dc/terms/>
        PREFIX sam: <https://w3id.org/samenhang/ontology#>
        <{document}> a sam:SourceDocument ; sam:characterCount {count} ; sam:sha256 {digest} .
        {left_out}
        {spoken}
    """


def quotes(folder: Path | None, data: str, *passages: str) -> dict[str, Quote]:
    return asyncio.run(Quotations(folder).quote(StoreEngine(trig(data)), passages))


def state(folder: Path | None, data: str) -> str:
    text = asyncio.run(Quotations(folder).text(StoreEngine(trig(data)), DOCUMENT))
    assert text
    return text.state


def words(quote: Quote) -> str:
    return "".join("[…]" if one.omitted else one.text for one in quote.segments)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the text that is described."""
    (tmp_path / "zonneveld.txt").write_bytes(TEXT.encode())
    return tmp_path


def test_a_passage_is_quoted_by_its_code_points(folder: Path) -> None:
    start = TEXT.index("«De")
    wanted = passage(start, start + len("«De Schakel»"))
    found = quotes(folder, described(), wanted)
    assert {iri: words(one) for iri, one in found.items()} == {wanted: "«De Schakel»"}
    assert (found[wanted].document, found[wanted].start) == (DOCUMENT, start)
    assert state(folder, described()) == "at-hand"


@pytest.mark.parametrize(
    ("languages", "tag"),
    [(["NLD"], "nl"), (["ENG"], "en"), ([], ""), (["ZZZ"], ""), (["ENG", "NLD"], "")],
    ids=["dutch", "english", "unstated", "unknown", "several"],
)
def test_a_quotation_is_in_the_language_of_its_text(
    folder: Path, languages: list[str], tag: str
) -> None:
    (found,) = quotes(folder, described(languages=languages), passage(0, 5)).values()
    assert (found.language, words(found)) == (tag, TEXT[:5])


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (START, END, "[…]"),
        (START + 3, END - 3, "[…]"),
        (START - 4, END + 1, "Bel […]."),
        (START - 4, START + 1, "Bel […]"),
        (END - 1, END + 7, "[…].\nEinde"),
        (START - 4, START, "Bel "),
        (END, END + 1, "."),
    ],
    ids=["whole", "inside", "around", "begin", "end", "before", "after"],
)
def test_personal_data_is_left_out_of_a_quotation(
    folder: Path, start: int, end: int, expected: str
) -> None:
    (found,) = quotes(folder, described(), passage(start, end)).values()
    assert words(found) == expected
    assert all(one.text == "" for one in found.segments if one.omitted)


def test_what_is_kept_of_a_text_holds_no_personal_data(folder: Path) -> None:
    quotations = Quotations(folder)
    text = asyncio.run(quotations.text(StoreEngine(trig(described())), DOCUMENT))
    assert text
    assert len(text.characters) == len(TEXT)
    assert not set(PERSONAL.split()) & set(text.characters.split())
    assert "Voorbeeld" not in repr(text)


def test_exclusions_count_in_whatever_graph_they_stand(folder: Path) -> None:
    hidden = passage(START, END)
    data = f"""{described(excluded=())}
        GRAPH <https://example.org/hidden> {{ <{DOCUMENT}> sam:hasExcludedPassage <{hidden}> }}
    """
    engine = StoreEngine(trig(data), union=False)
    found = asyncio.run(Quotations(folder).quote(engine, [hidden]))
    assert words(found[hidden]) == "[…]"


UNFIT = {
    "another-length": described(count="7"),
    "another-digest": described(digest=f'"{"0" * 64}"'),
    "two-digests": described(digest=f'"{DIGEST}", "{"0" * 64}"'),
    "two-lengths": described(count=f"{len(TEXT)}, 7"),
    "exclusion-that-is-no-passage": described(excluded=[f"{DOCUMENT}#char=0{START},{END}"]),
    "exclusion-beyond-the-end": described(excluded=[passage(START, len(TEXT) + 1)]),
    "exclusion-of-another-text": described(excluded=[passage(START, END, f"{SOURCE}elders")]),
    "exclusion-that-is-empty": described(excluded=[passage(END, END)]),
}


@pytest.mark.parametrize("data", UNFIT.values(), ids=UNFIT)
def test_nothing_is_quoted_where_data_and_text_do_not_fit(folder: Path, data: str) -> None:
    assert quotes(folder, data, passage(0, 3)) == {}
    assert state(folder, data) == "another"


OTHERS = {
    "shorter": TEXT[:-1].encode(),
    "of-the-same-length": TEXT.replace("mei", "jul").encode(),
    "not-utf-8": TEXT[1:].encode("latin-1"),
    "far-longer": TEXT.encode() * 5,
    "empty": b"",
}


@pytest.mark.parametrize("content", OTHERS.values(), ids=OTHERS)
def test_another_text_is_not_quoted(folder: Path, content: bytes) -> None:
    (folder / "zonneveld.txt").write_bytes(content)
    assert quotes(folder, described(), passage(0, 3)) == {}
    assert state(folder, described()) == "another"


def test_without_a_folder_or_a_file_nothing_is_quoted(tmp_path: Path) -> None:
    (tmp_path / "texts" / "zonneveld.txt").mkdir(parents=True)
    for folder in (None, tmp_path, tmp_path / "nowhere", tmp_path / "texts"):
        assert quotes(folder, described(), passage(0, 3)) == {}
        assert state(folder, described()) == "absent"


@pytest.mark.parametrize(
    "iri",
    [
        passage(3, 3),
        passage(5, 3),
        passage(0, len(TEXT) + 1),
        passage(0, 3, f"{SOURCE}elders"),
        f"{DOCUMENT}#char=0,3,4",
        f"{DOCUMENT}#line=0,3",
        DOCUMENT,
    ],
)
def test_what_is_no_passage_of_a_text_is_not_quoted(folder: Path, iri: str) -> None:
    assert quotes(folder, described(), iri) == {}


@pytest.mark.parametrize("name", ["../secret", "a/../../secret", "..%2Fsecret", "SECRET"])
def test_no_file_is_read_outside_the_folder(tmp_path: Path, name: str) -> None:
    for place in (tmp_path, tmp_path / "texts", tmp_path / "texts" / "a"):
        place.mkdir(exist_ok=True)
        (place / "secret.txt").write_bytes(TEXT.encode())
        (place / "SECRET.txt").write_bytes(TEXT.encode())
    document = SOURCE + name
    data = described(document=document, excluded=())
    assert quotes(tmp_path / "texts", data, passage(0, 3, document)) == {}


def test_a_text_that_changes_is_read_again(folder: Path) -> None:
    quotations, engine = Quotations(folder), StoreEngine(trig(described()))
    file = folder / "zonneveld.txt"

    def found() -> dict[str, Quote]:
        return asyncio.run(quotations.quote(engine, [passage(0, 3)]))

    assert found()
    file.write_text("Een andere tekst.")
    assert found() == {}
    file.write_bytes(TEXT.encode())
    assert found()
    file.unlink()
    assert found() == {}


def test_the_mark_changes_with_the_texts_and_not_otherwise(folder: Path) -> None:
    quotations = Quotations(folder, glance=0)
    marks = [quotations.mark, quotations.mark]
    os.utime(folder / "zonneveld.txt", ns=(1, 1))
    marks.append(quotations.mark)
    (folder / "elders.txt").write_text("Iets.")
    marks.append(quotations.mark)
    (folder / "gone.txt").symlink_to(folder / "nowhere")
    marks.append(quotations.mark)
    assert marks[0] == marks[1]
    assert len({*marks[1:4]}) == 3
    assert marks[3] == marks[4]
    assert Quotations(None).mark == ""


@given(
    excluded=st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40))),
    cuts=st.sets(st.integers(0, 40)),
    place=st.tuples(st.integers(0, 40), st.integers(0, 40)),
)
def test_segments_are_the_text_without_what_is_excluded(
    excluded: list[tuple[int, int]], cuts: set[int], place: tuple[int, int]
) -> None:
    characters = "".join(chr(0x4E00 + number) for number in range(40))
    passages = tuple(
        Passage(passage(*one), DOCUMENT, *one) for one in sorted(excluded) if one[0] < one[1]
    )
    start, end = sorted(place)
    segments = Text(DOCUMENT, 40, passages, "at-hand", characters).segments(start, end, cuts)
    hidden = {at for one in passages for at in range(one.start, one.end)}
    shown = "".join(one.text for one in segments)
    assert shown == "".join(characters[at] for at in range(start, end) if at not in hidden)
    assert [at for one in segments for at in range(one.start, one.end)] == [*range(start, end)]
    assert not any(one.omitted and other.omitted for one, other in pairwise(segments))
