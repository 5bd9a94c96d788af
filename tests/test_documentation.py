"""The pages and the drawing that are generated are those of the current ontology."""

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from rdflib import OWL, RDF, Graph, URIRef

from kg import diagram, documentation
from kg.errors import DataError
from kg.namespaces import PREFIXES
from kg.terms import read, terms, variables
from serving import ROOT

DOCS = ROOT / "docs"
SVG = "{http://www.w3.org/2000/svg}"
LARGEST = 100_000  # bytes of the drawing


@pytest.fixture(scope="module")
def graph() -> Graph:
    return read(ROOT)


@pytest.fixture(scope="module")
def drawing() -> ET.Element:
    return ET.fromstring((DOCS / "data-model.svg").read_text("utf-8"))


@pytest.mark.parametrize("name", ["data-model.md", "codebook.md", "data-model.svg"])
def test_a_generated_file_is_what_the_ontology_gives(name: str) -> None:
    text = documentation.generated(ROOT)[DOCS / name]
    committed = (DOCS / name).read_text("utf-8")
    assert committed == text, "the ontology has changed since: run make docs"


def test_make_docs_generates_them() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    assert re.search(r"^docs: .*\n\t\S+python -m kg\.documentation$", makefile, re.MULTILINE)


@pytest.mark.parametrize(
    "kind",
    [OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty],
    ids=lambda kind: kind.fragment,
)
def test_every_class_and_property_is_in_a_table(graph: Graph, kind: URIRef) -> None:
    page = (DOCS / "data-model.md").read_text("utf-8")
    nodes = [str(node) for node in graph.subjects(RDF.type, kind) if isinstance(node, URIRef)]
    own = [node.removeprefix(PREFIXES["sam"]) for node in nodes if node.startswith(PREFIXES["sam"])]
    assert own
    for name in own:
        assert re.search(rf"^\| `sam:{name}` \| \S.* \| \S.* \| \S.*", page, re.MULTILINE), name
    names = {one.name for one in terms(graph)}
    assert len(names) >= len(nodes)
    assert [name for name in names if f"`{name}`" not in page] == []


def test_every_variable_has_its_words_and_its_values_in_both_languages(graph: Graph) -> None:
    page = (DOCS / "codebook.md").read_text("utf-8")
    found = variables(graph)
    assert [one.notation for one in found] == [f"V{number:02}" for number in range(1, 27)]
    for one in found:
        section = page.partition(f'<a id="{one.slug}"></a>')[2].partition("\n## ")[0]
        for words in (one.label, one.definition, one.note):
            assert words.nl
            assert words.nl in section
            assert words.en in section
        values = [concept for scheme in one.schemes for concept in scheme.concepts]
        assert bool(values) is (one.slug not in ("v04", "v11")), one.slug
        for value in values:
            for text in (value.label, value.definition):
                assert text.nl in section
                assert text.en in section


def test_the_codebook_names_its_literature() -> None:
    page = (DOCS / "codebook.md").read_text("utf-8")
    assert "(https://doi.org/10.1093/jopart/mum015)" in page


@pytest.mark.parametrize("name", diagram.CORE)
def test_the_drawing_names_its_classes(graph: Graph, drawing: ET.Element, name: str) -> None:
    boxes = [
        text.text
        for box in drawing.iter(f"{SVG}g")
        if str(box.get("class")).startswith("box")
        for text in box.iter(f"{SVG}text")
    ]
    title = {one.name: one.title for one in terms(graph)}[name]
    assert diagram.TITLES.get(name, title) in boxes
    assert len(boxes) == len(diagram.CORE)


def test_the_drawing_has_links_title_and_description_and_fits(drawing: ET.Element) -> None:
    words = {text.text for text in drawing.iter(f"{SVG}tspan")}
    assert {"bound by", "carries out", "has party", "member", "in passage", "is a"} <= words
    assert drawing.get("role") == "img"
    assert drawing.get("viewBox")
    for part in ("title", "desc"):
        found = drawing.find(f"{SVG}{part}")
        assert found is not None
        assert found.text
        assert found.get("id") in str(drawing.get("aria-labelledby")).split()
    assert (DOCS / "data-model.svg").stat().st_size < LARGEST


def test_the_drawing_is_readable_on_light_and_on_dark(drawing: ET.Element) -> None:
    style = drawing.find(f"{SVG}style")
    assert style is not None
    assert style.text
    assert "prefers-color-scheme: dark" in style.text
    assert {path.get("fill") for path in drawing.iter(f"{SVG}path")} == {None}


def test_a_class_that_belongs_to_no_theme_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    themes = dict(documentation.THEMES)
    themes["Where it is said"] = ("sam:SourceDocument",)
    monkeypatch.setattr(documentation, "THEMES", themes)
    with pytest.raises(DataError, match="sam:Attestation: correct THEMES"):
        documentation.generated(ROOT)


def test_a_page_without_a_place_for_the_tables_is_refused(project: Path) -> None:
    (project / "docs").mkdir()
    (project / "docs" / "data-model.md").write_text("# The data model\n", "utf-8")
    with pytest.raises(DataError, match="has no place for the tables"):
        documentation.generated(project)
