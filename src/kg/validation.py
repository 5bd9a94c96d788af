"""Validation: whether the data has the shapes that the ontology asks for (SHACL Core).

https://www.w3.org/TR/shacl/
"""

import logging
import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Any

import pyshacl.shape
import rdflib
from pyoxigraph import BlankNode, NamedNode
from pyshacl import validate as pyshacl_validate
from pyshacl.constraints import ALL_CONSTRAINT_PARAMETERS, CONSTRAINT_PARAMETERS_MAP
from pyshacl.errors import ConstraintLoadError, ReportableRuntimeError, ShapeLoadError
from pyshacl.shapes_graph import ShapesGraph
from rdflib.namespace import RDF, SH

from kg.dataset import ASSERTED, Dataset, Statement, Term
from kg.errors import DataError
from kg.findings import Finding, Report
from kg.namespaces import compact, term

__all__ = ["validate"]

XSD_STRING = term("xsd:string")

# pySHACL looks for parameters in a list, once for each property of each shape and focus node.
pyshacl.shape.CONSTRAINT_PARAMS = (  # type: ignore[attr-defined]
    frozenset(ALL_CONSTRAINT_PARAMETERS),
    CONSTRAINT_PARAMETERS_MAP,
)


def validate(dataset: Dataset) -> Report:
    """Return what violates the shapes, over all that is asserted.

    Counts the shapes and the nodes they aim at. A violation is certain, a warning only likely.
    """
    data = _graph(dataset.in_graphs(*ASSERTED))
    shapes = _graph(dataset.in_graphs("shapes"))
    try:
        _, results, _ = pyshacl_validate(data, shacl_graph=shapes, inference="none", inplace=True)
    except (ShapeLoadError, ConstraintLoadError, ReportableRuntimeError, re.error) as error:
        raise DataError(f"ontology/shapes: a shape is not valid SHACL: {error}") from None
    return Report(
        findings=tuple(
            _finding(dataset, results, result) for result in results.objects(None, SH.result)
        ),
        checked={
            "shapes": len(set(shapes.subjects(RDF.type, SH.NodeShape))),
            "nodes that the shapes aim at": len(_targets(data, shapes)),
        },
    )


class _Graph(rdflib.Graph):
    """A graph that is filled, then only read, and remembers what it was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: dict[Any, list[Any]] = {}

    def objects(self, *pattern: Any, **others: Any) -> Any:
        return self._ask(super().objects, *pattern, **others)

    def predicate_objects(self, *pattern: Any, **others: Any) -> Any:
        return self._ask(super().predicate_objects, *pattern, **others)

    def _ask(self, method: Callable[..., Iterator[Any]], *pattern: Any, **others: Any) -> Any:
        key = (method.__name__, pattern, *others.items())
        if key not in self.asked:
            self.asked[key] = list(method(*pattern, **others))
        return iter(self.asked[key])


def _graph(statements: Iterable[Statement]) -> _Graph:
    # The shapes report what is wrong with a literal; rdflib would log a trace as well.
    logging.getLogger("rdflib.term").setLevel(logging.CRITICAL)
    graph = _Graph()
    for subject, predicate, value, _ in statements:
        graph.add((_term(subject), _term(predicate), _term(value)))
    return graph


@lru_cache(maxsize=2**16)
def _term(node: Term) -> rdflib.term.Identifier:
    if isinstance(node, NamedNode):
        return rdflib.URIRef(node.value)
    if isinstance(node, BlankNode):
        return rdflib.BNode(node.value)
    datatype = None if node.language or node.datatype == XSD_STRING else node.datatype.value
    return rdflib.Literal(node.value, lang=node.language, datatype=datatype)


def _targets(data: rdflib.Graph, shapes: rdflib.Graph) -> set[rdflib.term.Node]:
    return {node for shape in ShapesGraph(shapes).shapes for node in shape.focus_nodes(data)}


def _finding(dataset: Dataset, results: rdflib.Graph, result: rdflib.term.Node) -> Finding:
    focus = results.value(result, SH.focusNode)
    path = results.value(result, SH.resultPath)
    value = results.value(result, SH.value)
    messages = sorted(
        results.objects(result, SH.resultMessage),
        key=lambda message: getattr(message, "language", None) != "en",
    )
    return Finding(
        place=dataset.place(str(focus), str(path)),
        focus=str(focus),
        only_likely=results.value(result, SH.resultSeverity) != SH.Violation,
        remedy="correct it; ontology/examples/ has what the shapes accept and reject",
        message=" ".join(
            [str(messages[0]) if messages else "violates a shape"]
            + [f"(property {_readable(path)})" for _ in [path] if path is not None]
            + [f"(value {_readable(value)})" for _ in [value] if value not in (None, focus)]
        ),
    )


def _readable(node: rdflib.term.Node) -> str:
    return compact(NamedNode(node)) if isinstance(node, rdflib.URIRef) else str(node)
