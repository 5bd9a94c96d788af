"""The drawings of the pages are those of the current ontology, in both languages, for any style."""

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from kg import diagram, documentation
from kg.terms import read, terms
from kg.texts import Language
from serving import ROOT

SVG = "{http://www.w3.org/2000/svg}"
LANGUAGES: tuple[Language, ...] = ("en", "nl")


@pytest.fixture(scope="module")
def generated() -> dict[Path, str]:
    return documentation.generated(ROOT)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_drawing_is_what_the_ontology_gives(
    generated: dict[Path, str], language: Language
) -> None:
    path = documentation.PAGES / f"diagram-{language}.svg"
    assert path.read_text("utf-8") == generated[path], "the ontology has changed: run make docs"


def drawing(language: Language) -> ET.Element:
    return ET.parse(documentation.PAGES / f"diagram-{language}.svg").getroot()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_box_leads_to_its_class_and_is_named_in_the_language(language: Language) -> None:
    known = {one.name: one for one in terms(read(ROOT))}
    boxes = {
        str(link.get("href")): link.findtext(f"{SVG}text")
        for link in drawing(language).iter(f"{SVG}a")
    }
    assert set(boxes) == {f"#{name.removeprefix('sam:')}" for name in diagram.CORE}
    for name in diagram.CORE.keys() - diagram.TITLES.keys():
        label = getattr(known[name].label, language)
        assert str(boxes[f"#{name.removeprefix('sam:')}"]).casefold() == label.casefold()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_drawing_has_a_title_and_words_and_no_style_of_its_own(language: Language) -> None:
    root = drawing(language)
    for part, attribute in (("title", "aria-labelledby"), ("desc", "aria-describedby")):
        found = root.find(f"{SVG}{part}")
        assert found is not None
        assert found.text
        assert found.get("id") == root.get(attribute)
    assert root.find(f"{SVG}style") is None
    assert [one for one in root.iter() if one.get("style")] == []
    assert root.get("fill") == "currentColor"
