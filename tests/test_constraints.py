"""Shapes are read with all that they demand, so that a page can tell it in words."""

import pytest
from pyoxigraph import RdfFormat, Store, parse

from kg import constraints, texts
from kg.constraints import Shape
from kg.dataset import Statement
from kg.index import Index
from kg.namespaces import PREFIXES, graph, term
from storing import statements

SHAPES = PREFIXES["shapes"]
HEAD = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items())
STRUCTURE = {"property", "path", "message", "severity", "targetClass", "targetSubjectsOf"}
COUNTS = {"minCount", "maxCount", "qualifiedMinCount", "qualifiedMaxCount"}


def read(turtle: str) -> tuple[Shape, ...]:
    quads = parse((HEAD + turtle).encode(), RdfFormat.TURTLE)
    return constraints.read(Index(Statement.in_graph(one, graph("shapes")) for one in quads))


@pytest.fixture(scope="module")
def shapes(store: Store) -> tuple[Shape, ...]:
    return constraints.read(Index(statements(store, graph("shapes"))))


def test_every_shape_with_a_name_is_told(shapes: tuple[Shape, ...], store: Store) -> None:
    told = {one.iri for shape in shapes for one in (shape, *shape.properties)}
    for kind in ("sh:NodeShape", "sh:PropertyShape"):
        found = store.quads_for_pattern(None, term("rdf:type"), term(kind), graph("shapes"))
        named = {quad.subject.value for quad in found}
        assert len(named) > 50
        assert {iri for iri in named if iri.startswith(SHAPES)} <= told


def test_no_demand_of_ours_is_left_untold(store: Store) -> None:
    known = {
        *constraints.VALUES,
        *constraints.LISTS,
        *constraints.NESTED,
        *constraints.ALTERNATIVES,
    }
    used = {
        quad.predicate.value.removeprefix(PREFIXES["sh"])
        for quad in store.quads_for_pattern(None, None, None, graph("shapes"))
        if quad.predicate.value.startswith(PREFIXES["sh"])
    }
    paths = {name.removeprefix("sh:") for name in constraints.PATHS}
    assert used - known - STRUCTURE - COUNTS - paths <= {
        *("inversePath", "alternativePath", "prefixes", "declare", "prefix", "namespace"),
    }


@pytest.mark.parametrize("language", ["en", "nl"])
def test_every_demand_and_target_has_words(language: texts.Language) -> None:
    words = texts.read(language)["vocabulary"]
    names = {*constraints.VALUES, *constraints.LISTS, *constraints.NESTED}
    names |= {*constraints.ALTERNATIVES, "exactly", "between", "at_least", "at_most"}
    assert names <= words["constraints"].keys()
    assert set(constraints.TARGETS) <= words["targets"].keys()


@pytest.mark.parametrize(
    ("demand", "name", "values"),
    [
        ("sh:minCount 1", "at_least", ["1"]),
        ("sh:maxCount 2", "at_most", ["2"]),
        ("sh:minCount 1 ; sh:maxCount 1", "exactly", ["1"]),
        ("sh:minCount 1 ; sh:maxCount 3", "between", ["1", "3"]),
        ("sh:class sam:Pilot", "class", [term("sam:Pilot").value]),
        ('sh:languageIn ( "nl" "en" )', "languageIn", ["nl", "en"]),
    ],
    ids=["least", "most", "exact", "between", "class", "list"],
)
def test_a_demand_is_told_with_its_values(demand: str, name: str, values: list[str]) -> None:
    (shape,) = read(f"shapes:X a sh:PropertyShape ; sh:path sam:date ; {demand} .")
    (found,) = shape.constraints
    assert found.name == name
    assert [one.value for one in found.values] == values


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("sam:date", ["sam:date"]),
        ("[ sh:inversePath sam:date ]", ["^", "sam:date"]),
        ("( sam:hasParty org:unitOf )", ["sam:hasParty", "/", "org:unitOf"]),
        ("[ sh:alternativePath ( sam:date sam:startDate ) ]", ["sam:date", "|", "sam:startDate"]),
        ("[ sh:zeroOrMorePath org:unitOf ]", ["org:unitOf", "*"]),
    ],
    ids=["property", "inverse", "sequence", "alternative", "repeated"],
)
def test_a_path_is_written_as_in_sparql(path: str, expected: list[str]) -> None:
    (shape,) = read(f"shapes:X a sh:PropertyShape ; sh:path {path} .")
    assert list(shape.path) == [term(one).value if ":" in one else one for one in expected]


def test_a_shape_within_another_is_told_in_full() -> None:
    (shape,) = read(
        "shapes:X a sh:NodeShape ; sh:targetClass sam:Pilot ; sh:or ( [ sh:class sam:Event ]"
        " [ sh:not [ sh:property [ sh:path sam:date ; sh:minCount 1 ] ] ] ) ."
    )
    (either,) = shape.constraints
    first, second = either.shapes
    assert (either.name, first.constraints[0].name) == ("or", "class")
    (negated,) = second.constraints[0].shapes
    assert negated.properties[0].path == (term("sam:date").value,)
    assert {term("sam:date").value, term("sam:Event").value, term("sam:Pilot").value} <= (
        shape.mentioned
    )


def test_a_shape_that_is_named_is_referred_to() -> None:
    found = read("shapes:X a sh:NodeShape ; sh:node shapes:Y . shapes:Y a sh:NodeShape .")
    assert [one.value for one in found[0].constraints[0].values] == [f"{SHAPES}Y"]
    assert found[0].anchor == "X"
