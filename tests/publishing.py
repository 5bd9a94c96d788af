"""Small builds for tests: some triples and some questions, published as a version."""

from collections.abc import Mapping
from pathlib import Path

from pyoxigraph import Literal, NamedNode

from kg.build import Build, publish
from kg.dataset import Dataset, Statement
from kg.findings import Report
from kg.namespaces import graph
from kg.questions import parse

EXAMPLE = "https://example.org/"

QUESTION = """\
#+ title: {nl: "Hoe heet het ding?", en: "What is the thing called?"}
#+ description: {nl: De naam van het ding., en: The name of the thing.}
#+ topic: start
#+ difficulty: beginner
#+ keywords: {nl: [naam], en: [name]}
#+ view: table
#+ columns:
#+   name: {nl: naam, en: name}

SELECT ?name
WHERE { <https://example.org/thing> <https://example.org/name> ?name }
ORDER BY ?name
"""


def small(
    folder: Path, version: str, questions: Mapping[str, str] | None = None, keep: int = 9
) -> Build:
    """Publish a thing that is called by the version, and questions by their slugs."""
    name = Literal(version)
    thing, named = NamedNode(f"{EXAMPLE}thing"), NamedNode(f"{EXAMPLE}name")
    data = Dataset((), (Statement(thing, named, name, graph("case/example")),))
    asked = [parse(Path(f"{slug}.rq"), text) for slug, text in (questions or {}).items()]
    return publish(data, version, Report((), {}), folder, keep, asked)
