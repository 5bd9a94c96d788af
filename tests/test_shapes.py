"""The shapes accept the project's data and the valid examples, and reject each invalid one."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from pyshacl import validate
from rdflib import RDF, SH, Graph, Namespace

ROOT = Path(__file__).parents[1]
SHAPES = Namespace("https://w3id.org/samenhang/shapes#")
VALID = sorted((ROOT / "ontology/examples/valid").glob("*.ttl"))
INVALID = sorted((ROOT / "ontology/examples/invalid").glob("*.ttl"))


@pytest.fixture(scope="module")
def shapes(read: Callable[..., Graph]) -> Graph:
    return read("ontology/shapes/*.ttl")


@pytest.fixture(scope="module")
def project(read: Callable[..., Graph]) -> Graph:
    """Return what an example may refer to: the ontology, the concepts and the data."""
    return read(
        "ontology/*.ttl",
        "ontology/alignments/*.ttl",
        "ontology/concepts/*.ttl",
        "data/*.ttl",
        "data/*/*.ttl",
    )


def rejecting(data: Graph, shapes: Graph) -> set[str]:
    """Return the local names of the shapes that reject the data."""
    conforms, report, _ = validate(data, shacl_graph=shapes)
    found = {
        str(report.value(result, SH.sourceShape)).removeprefix(SHAPES)
        for result in report.objects(None, SH.result)
    }
    assert conforms is not bool(found)
    return found


def named(file: Path) -> set[str]:
    """Return the shapes that an invalid example says it is rejected by."""
    pattern = r"^# rejected by: ((?:.*\n)(?:#   .*\n)*)"
    comment = re.search(pattern, file.read_text("utf-8"), re.MULTILINE)
    assert comment, f"{file.name} lacks the line '# rejected by: <shape>'"
    return set(re.findall(r"[\w-]+", comment[1]))


def test_the_ontology_and_the_data_conform(project: Graph, shapes: Graph) -> None:
    assert rejecting(project, shapes) == set()


def test_there_are_examples_of_both_kinds() -> None:
    assert VALID
    assert INVALID


@pytest.mark.parametrize("file", VALID, ids=lambda file: file.stem)
def test_a_valid_example_conforms(file: Path, project: Graph, shapes: Graph) -> None:
    assert rejecting(project + Graph().parse(file), shapes) == set()


@pytest.mark.parametrize("file", INVALID, ids=lambda file: file.stem)
def test_an_invalid_example_is_rejected_by_the_shapes_it_names_and_no_other(
    file: Path, project: Graph, shapes: Graph
) -> None:
    assert rejecting(project + Graph().parse(file), shapes) == named(file)


def test_every_node_shape_with_a_target_has_an_example_that_it_rejects(shapes: Graph) -> None:
    targets = (SH.targetClass, SH.targetObjectsOf, SH.targetSubjectsOf)
    aimed = {
        str(shape).removeprefix(SHAPES) for target in targets for shape in shapes.subjects(target)
    }
    assert len(aimed) > 20
    assert {name.partition("-")[0] for file in INVALID for name in named(file)} == aimed


def test_every_shape_is_a_named_node_of_our_namespace(shapes: Graph) -> None:
    for kind in (SH.NodeShape, SH.PropertyShape):
        found = list(shapes.subjects(RDF.type, kind))
        assert found
        assert [shape for shape in found if shape not in SHAPES] == []


def test_every_property_shape_belongs_to_the_node_shape_it_is_named_after(shapes: Graph) -> None:
    for shape in shapes.subjects(RDF.type, SH.PropertyShape):
        owner = str(shape).partition("-")[0]
        assert [str(node) for node in shapes.subjects(SH.property, shape)] == [owner]


def test_every_property_shape_has_a_severity_and_a_message_in_dutch_and_english(
    shapes: Graph,
) -> None:
    for shape in shapes.subjects(RDF.type, SH.PropertyShape):
        assert shapes.value(shape, SH.severity) == SH.Violation
        assert sorted(m.language for m in shapes.objects(shape, SH.message)) == ["en", "nl"], shape
