"""The shapes accept the project's data and the valid examples, and reject each invalid one.

An example is read with what it refers to of the lists of values, the registers and the sources,
and never with the cases: it has to stand by itself.
"""

import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
from pyshacl import validate
from pyshacl.shape import Shape
from pyshacl.shapes_graph import ShapesGraph
from rdflib import OWL, RDF, RDFS, SH, Graph, Namespace, URIRef
from rdflib.term import Node

ROOT = Path(__file__).parents[1]
SAM = Namespace("https://w3id.org/samenhang/ontology#")
SHAPES = Namespace("https://w3id.org/samenhang/shapes#")
VALID = sorted((ROOT / "ontology/examples/valid").glob("*.ttl"))
INVALID = sorted((ROOT / "ontology/examples/invalid").glob("*.ttl"))
TARGETS = (SH.targetClass, SH.targetNode, SH.targetObjectsOf, SH.targetSubjectsOf)
# What a shape says besides its constraints.
BESIDES = {
    *(RDF.type, RDFS.label, SH.path, SH.property, SH.message, SH.severity),
    *(SH.ignoredProperties, SH.qualifiedValueShape, *TARGETS),
}


class Rejection(NamedTuple):
    """A shape, by its local name, and which of its constraints is violated."""

    shape: str
    constraint: Node


@pytest.fixture(scope="module")
def shapes(read: Callable[..., Graph]) -> Graph:
    return read("ontology/shapes/*.ttl")


@pytest.fixture(scope="module")
def project(read: Callable[..., Graph]) -> Graph:
    """All that the shapes are for: the ontology, the concepts and the data."""
    return read(
        "ontology/*.ttl",
        "ontology/alignments/*.ttl",
        "ontology/concepts/*.ttl",
        "data/*.ttl",
        "data/*/*.ttl",
    )


@pytest.fixture(scope="module")
def reference(read: Callable[..., Graph]) -> Graph:
    """What an example may refer to."""
    return read(
        "ontology/alignments/*.ttl",
        "ontology/concepts/*.ttl",
        "data/*.ttl",
        "data/reference/*.ttl",
    )


@pytest.fixture(scope="module")
def classes(read: Callable[..., Graph]) -> Graph:
    """The hierarchy of classes."""
    classes = Graph()
    for triple in read("ontology/*.ttl", "ontology/alignments/*.ttl").triples(
        (None, RDFS.subClassOf, None)
    ):
        classes.add(triple)
    return classes


def rejections(data: Graph, shapes: Graph) -> set[Rejection]:
    """Return by which constraints of which shapes the data is rejected."""
    conforms, report, _ = validate(data, shacl_graph=shapes, inplace=True)
    found = {
        Rejection(
            local(report.value(result, SH.sourceShape)),
            report.value(result, SH.sourceConstraintComponent),
        )
        for result in report.objects(None, SH.result)
    }
    assert conforms is not bool(found)
    return found


def example(file: Path, reference: Graph, classes: Graph) -> Graph:
    """Return an example, the hierarchy of classes, and all that it leads to of the reference."""
    data = Graph().parse(file)
    known: set[Node] = set()
    ahead = set(data.objects())
    while ahead - known:
        known |= ahead
        found = {triple for node in ahead for triple in reference.triples((node, None, None))}
        for triple in found:
            data.add(triple)
        ahead = {value for _, _, value in found} - known
    for triple in classes:
        data.add(triple)
    return data


@pytest.fixture(scope="module")
def judged(reference: Graph, classes: Graph, shapes: Graph) -> Callable[[Path], set[Rejection]]:
    """Return by what an example is rejected; each is judged once."""

    @cache
    def rejected(file: Path) -> set[Rejection]:
        return rejections(example(file, reference, classes), shapes)

    return rejected


def named(file: Path) -> set[str]:
    """Return the shapes that an invalid example says it is rejected by."""
    pattern = r"^# rejected by: ((?:.*\n)(?:#   .*\n)*)"
    comment = re.search(pattern, file.read_text("utf-8"), re.MULTILINE)
    assert comment, f"{file.name} lacks the line '# rejected by: <shape>'"
    return set(re.findall(r"[\w-]+", comment[1]))


def local(shape: Node) -> str:
    return str(shape).removeprefix(SHAPES)


def component(parameter: Node) -> URIRef:
    """Return the constraint component that a parameter belongs to, such as ``sh:minCount``.

    https://www.w3.org/TR/shacl/#constraints
    """
    name = str(parameter).removeprefix(str(SH))
    return URIRef(f"{SH}{name[0].upper()}{name[1:]}ConstraintComponent")


def constraining(shapes: Graph) -> set[URIRef]:
    """Return the shapes that reject in their own name: those with a message.

    A node shape without a target does not: it rejects in the name of the shape that uses it.
    """
    return {
        shape
        for shape in shapes.subjects(SH.message)
        if isinstance(shape, URIRef)
        and (
            (shape, RDF.type, SH.PropertyShape) in shapes
            or any((shape, target, None) in shapes for target in TARGETS)
        )
    }


def test_the_ontology_and_the_data_conform(project: Graph, shapes: Graph) -> None:
    assert rejections(project, shapes) == set()


def test_there_are_examples_of_both_kinds() -> None:
    assert len(VALID) > 10
    assert len(INVALID) > 100


@pytest.mark.parametrize("file", VALID, ids=lambda file: file.stem)
def test_a_valid_example_conforms(file: Path, judged: Callable[[Path], set[Rejection]]) -> None:
    assert judged(file) == set()


@pytest.mark.parametrize("file", INVALID, ids=lambda file: file.stem)
def test_an_invalid_example_is_rejected_by_the_shapes_it_names_and_no_other(
    file: Path, judged: Callable[[Path], set[Rejection]]
) -> None:
    assert {rejection.shape for rejection in judged(file)} == named(file)


def test_every_shape_has_an_example_that_it_rejects(shapes: Graph) -> None:
    able = {local(shape) for shape in constraining(shapes)}
    assert len(able) > 150
    assert set().union(*map(named, INVALID)) == able


def test_every_constraint_of_a_shape_has_an_example_that_violates_it(
    shapes: Graph, judged: Callable[[Path], set[Rejection]]
) -> None:
    constraints = {
        Rejection(local(shape), component(parameter))
        for shape in constraining(shapes)
        for parameter in set(shapes.predicates(shape)) - BESIDES
    }
    assert len(constraints) > 250
    assert constraints - set().union(*map(judged, INVALID)) == set()


def exercised(shapes: Graph, examples: Graph, data: Graph) -> Iterator[URIRef]:
    """Yield the shapes that have something to judge in the examples.

    That is: a subject or value of the examples which the shape, or the node shape that it is a
    property of, aims at; and for a property shape also a value of its path there.
    """
    ours = set(examples.subjects()) | set(examples.objects())
    harvested = ShapesGraph(shapes)

    def aimed(shape: Shape) -> set[Node]:
        return shape.focus_nodes(data) & ours

    for shape in harvested.shapes:
        if not isinstance(shape.node, URIRef):
            continue
        if shape.is_property_shape:
            (owner,) = shapes.subjects(SH.property, shape.node)
            for focus in aimed(harvested.lookup_shape_from_node(owner)):
                if shape.value_nodes(data, focus)[focus]:
                    yield shape.node
        elif aimed(shape):
            yield shape.node


def test_every_shape_is_exercised_by_a_valid_example(
    read: Callable[..., Graph], classes: Graph, shapes: Graph
) -> None:
    examples = read("ontology/examples/valid/*.ttl")
    lists = read("ontology/concepts/*.ttl")
    found = set(exercised(shapes, examples, examples + classes + lists))
    assert len(found) > 150
    assert sorted(map(local, constraining(shapes) - found)) == []


def test_every_class_of_ours_has_a_shape_that_aims_at_it_or_at_a_superclass(
    project: Graph, shapes: Graph
) -> None:
    aimed = set(shapes.objects(None, SH.targetClass))
    ours = [term for term in project.subjects(RDF.type, OWL.Class) if term in SAM]
    assert len(ours) > 20
    assert [
        term for term in ours if aimed.isdisjoint(project.transitive_objects(term, RDFS.subClassOf))
    ] == []


def test_every_class_and_property_that_a_shape_mentions_is_declared(
    project: Graph, shapes: Graph
) -> None:
    mentioned = {value for value in shapes.objects() if isinstance(value, URIRef) and value in SAM}
    assert len(mentioned) > 80
    assert sorted(term for term in mentioned if (term, RDF.type, None) not in project) == []


def test_every_shape_is_a_named_node_of_our_namespace(shapes: Graph) -> None:
    for kind in (SH.NodeShape, SH.PropertyShape):
        found = list(shapes.subjects(RDF.type, kind))
        assert found
        assert [shape for shape in found if shape not in SHAPES] == []


def test_every_node_shape_has_a_target_or_is_used_by_another(shapes: Graph) -> None:
    found = set(shapes.subjects(RDF.type, SH.NodeShape))
    assert len(found) > 50
    aimed = {shape for target in TARGETS for shape in shapes.subjects(target)}
    assert found - aimed - set(shapes.objects(None, SH.node)) == set()


def test_every_property_shape_belongs_to_the_node_shape_it_is_named_after(shapes: Graph) -> None:
    found = list(shapes.subjects(RDF.type, SH.PropertyShape))
    assert len(found) > 100
    for shape in found:
        owner = str(shape).partition("-")[0]
        assert [str(node) for node in shapes.subjects(SH.property, shape)] == [owner]


def test_every_shape_that_constrains_has_a_severity_and_a_message_in_dutch_and_english(
    shapes: Graph,
) -> None:
    able = [
        shape
        for kind in (SH.NodeShape, SH.PropertyShape)
        for shape in shapes.subjects(RDF.type, kind)
        if set(shapes.predicates(shape)) - BESIDES
    ]
    assert len(able) > 150
    for shape in able:
        assert shapes.value(shape, SH.severity) in (SH.Violation, SH.Warning, SH.Info), shape
        messages = sorted(m.language for m in shapes.objects(shape, SH.message))
        assert messages == ["en", "nl"], shape
