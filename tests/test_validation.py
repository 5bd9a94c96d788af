"""Validation gives what pySHACL gives, and says where."""

from collections import Counter
from pathlib import Path

import pyshacl
import pytest
import rdflib
from pyoxigraph import RdfFormat, parse
from rdflib.namespace import SH

from kg import dataset, validation
from kg.dataset import ASSERTED, Dataset, Statement
from kg.errors import FindingsError
from kg.namespaces import graph

ROOT = Path(__file__).parents[1]
EXAMPLES = sorted((ROOT / "ontology/examples/invalid").glob("*.ttl"))


def with_examples(*examples: Path) -> Dataset:
    """Return the project's data with some examples in it."""
    quads = [one for file in examples for one in parse(file.read_bytes(), RdfFormat.TURTLE)]
    return dataset.read(ROOT).adding(Statement.in_graph(quad, graph("case/x")) for quad in quads)


@pytest.fixture(scope="module")
def spoilt() -> Dataset:
    return with_examples(*EXAMPLES)


def plain(data: Dataset, *kinds: str) -> rdflib.Graph:
    lines = "\n".join(f"{one.triple} ." for one in data.in_graphs(*kinds))
    return rdflib.Graph().parse(data=lines, format="nt")


def test_the_findings_are_those_of_pyshacl_left_to_itself(spoilt: Dataset) -> None:
    _, results, _ = pyshacl.validate(
        plain(spoilt, *ASSERTED), shacl_graph=plain(spoilt, "shapes"), inference="none"
    )
    found = results.objects(None, SH.result)
    foci = Counter(str(results.value(result, SH.focusNode)) for result in found)
    assert sum(foci.values()) > 150
    assert Counter(one.focus for one in validation.validate(spoilt).findings) == foci


def test_a_finding_has_a_message_and_a_remedy(spoilt: Dataset) -> None:
    findings = validation.validate(spoilt).findings
    assert all(one.message and one.remedy for one in findings)
    assert not any(one.message == "violates a shape" for one in findings)


def test_pyshacl_still_has_what_is_made_faster() -> None:
    """It takes the parameters from this attribute of its module, if it is set."""
    assert "CONSTRAINT_PARAMS" in Path(pyshacl.shape.__file__).read_text()


def test_a_warning_is_only_likely_and_lets_a_build_pass() -> None:
    example = ROOT / "ontology/examples/invalid/foundation-without-legal-form.ttl"
    report = validation.validate(with_examples(example))
    assert [one.only_likely for one in report.findings] == [True]
    report.raise_if_faulty()


def test_a_violation_is_certain(spoilt: Dataset) -> None:
    with pytest.raises(FindingsError):
        validation.validate(spoilt).raise_if_faulty()
