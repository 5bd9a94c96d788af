"""The modules of ``kg`` stand on floors, and import only downwards."""

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src"

FLOORS = {
    "kg": 0,
    "kg.errors": 0,
    "kg.findings": 0,
    "kg.folding": 0,
    "kg.formats": 0,
    "kg.keywords": 0,
    "kg.namespaces": 0,
    "kg.negotiation": 0,
    "kg.processes": 0,
    "kg.reading": 0,
    "kg.settings": 0,
    "kg.syntax": 0,
    "kg.syntax.excerpt": 0,
    "kg.syntax.expressions": 0,
    "kg.syntax.grammar": 0,
    "kg.syntax.patterns": 0,
    "kg.syntax.place": 0,
    "kg.syntax.prefixes": 0,
    "kg.syntax.repairs": 0,
    "kg.syntax.restrictions": 0,
    "kg.syntax.selection": 0,
    "kg.syntax.terms": 0,
    "kg.syntax.texts": 0,
    "kg.syntax.token": 0,
    "kg.syntax.wording": 0,
    "kg.syntax.words": 0,
    "kg.texts": 0,
    "kg.turtle": 0,
    "kg.urls": 0,
    "kg.access_log": 1,
    "kg.dataset": 1,
    "kg.explanation": 1,
    "kg.explanation.causes": 1,
    "kg.explanation.filters": 1,
    "kg.explanation.joins": 1,
    "kg.explanation.known": 1,
    "kg.explanation.likeness": 1,
    "kg.explanation.mentions": 1,
    "kg.explanation.parsing": 1,
    "kg.explanation.parts": 1,
    "kg.explanation.probe": 1,
    "kg.explanation.statements": 1,
    "kg.explanation.values": 1,
    "kg.explanation.writing": 1,
    "kg.federation": 1,
    "kg.formatting": 1,
    "kg.front_matter": 1,
    "kg.labels": 1,
    "kg.library": 1,
    "kg.lookup": 1,
    "kg.metrics": 1,
    "kg.passages": 1,
    "kg.products": 1,
    "kg.protocol": 1,
    "kg.queries": 1,
    "kg.questions": 1,
    "kg.relay": 1,
    "kg.reports": 1,
    "kg.snippets": 1,
    "kg.answers": 2,
    "kg.attestations": 2,
    "kg.citation": 2,
    "kg.dumps": 2,
    "kg.engine": 2,
    "kg.engine.base": 2,
    "kg.engine.cache": 2,
    "kg.engine.embedded": 2,
    "kg.engine.encoding": 2,
    "kg.engine.fake": 2,
    "kg.engine.fields": 2,
    "kg.engine.forkserver": 2,
    "kg.engine.remote": 2,
    "kg.engine.rows": 2,
    "kg.engine.scheduling": 2,
    "kg.engine.worker": 2,
    "kg.engine.workers": 2,
    "kg.entailment": 2,
    "kg.evidence": 2,
    "kg.executables": 2,
    "kg.index": 2,
    "kg.inspection": 2,
    "kg.lookalikes": 2,
    "kg.names": 2,
    "kg.parameters": 2,
    "kg.provenance": 2,
    "kg.rules": 2,
    "kg.seals": 2,
    "kg.sources": 2,
    "kg.statistics": 2,
    "kg.terms": 2,
    "kg.validation": 2,
    "kg.archive": 3,
    "kg.build": 3,
    "kg.catalog": 3,
    "kg.checking": 3,
    "kg.constraints": 3,
    "kg.crate": 3,
    "kg.deployment": 3,
    "kg.description": 3,
    "kg.diagram": 3,
    "kg.documentation": 3,
    "kg.forms": 3,
    "kg.gathering": 3,
    "kg.hierarchy": 3,
    "kg.jsonld": 3,
    "kg.metadata": 3,
    "kg.past": 3,
    "kg.pipeline": 3,
    "kg.publication": 3,
    "kg.quotations": 3,
    "kg.releases": 3,
    "kg.scaffold": 3,
    "kg.schemes": 3,
    "kg.search": 3,
    "kg.service_description": 3,
    "kg.shortcuts": 3,
    "kg.tables": 3,
    "kg.testimony": 3,
    "kg.vocabulary": 3,
    "kg.app": 4,
    "kg.front": 4,
    "kg.protection": 4,
    "kg.routes": 4,
    "kg.routes.answered": 4,
    "kg.routes.answering": 4,
    "kg.routes.api": 4,
    "kg.routes.asking": 4,
    "kg.routes.catalogue": 4,
    "kg.routes.changes": 4,
    "kg.routes.conditional": 4,
    "kg.routes.context": 4,
    "kg.routes.described": 4,
    "kg.routes.documents": 4,
    "kg.routes.editor": 4,
    "kg.routes.exchange": 4,
    "kg.routes.executables": 4,
    "kg.routes.files": 4,
    "kg.routes.graphs": 4,
    "kg.routes.interface": 4,
    "kg.routes.memento": 4,
    "kg.routes.named_graphs": 4,
    "kg.routes.openapi": 4,
    "kg.routes.packing": 4,
    "kg.routes.pages": 4,
    "kg.routes.paging": 4,
    "kg.routes.problems": 4,
    "kg.routes.questions": 4,
    "kg.routes.releases": 4,
    "kg.routes.resources": 4,
    "kg.routes.searches": 4,
    "kg.routes.sitemap": 4,
    "kg.routes.sources": 4,
    "kg.routes.sparql": 4,
    "kg.routes.views": 4,
    "kg.routes.vocabulary": 4,
    "kg.cli": 5,
}


def modules() -> dict[str, Path]:
    return {_name(path): path for path in (SOURCE / "kg").rglob("*.py")}


def imports(path: Path, known: set[str]) -> set[str]:
    """Return the modules of ``kg`` that a module imports, wherever in its code it does."""
    names = {name for node in ast.walk(ast.parse(path.read_text())) for name in _imported(node)}
    return {module for name in names if (module := _module(name, known))}


def test_every_module_has_a_floor() -> None:
    assert set(modules()) == set(FLOORS)


@pytest.mark.parametrize("module", FLOORS)
def test_a_module_imports_from_its_own_floor_or_from_lower_ones(module: str) -> None:
    higher = {
        imported: FLOORS[imported]
        for imported in imports(modules()[module], set(FLOORS))
        if FLOORS[imported] > FLOORS[module]
    }
    assert higher == {}, f"{module} stands on floor {FLOORS[module]}"


def test_no_module_imports_itself_by_way_of_others() -> None:
    graph = {module: imports(path, set(FLOORS)) for module, path in modules().items()}
    order = list(TopologicalSorter(graph).static_order())  # raises CycleError, naming the cycle
    assert set(order) == set(FLOORS)
    assert sum(map(len, graph.values())) > len(FLOORS), "hardly any import was seen"


def test_imports_are_seen_in_every_form(tmp_path: Path) -> None:
    module = tmp_path / "module.py"
    module.write_text(
        "import kg.errors\n"
        "from kg import formats as f, settings\n"
        "from kg.engine.base import Engine\n"
        "def later():\n    from kg.routes import pages\n"
    )
    assert imports(module, set(FLOORS)) == {
        "kg.errors",
        "kg.formats",
        "kg.settings",
        "kg.engine.base",
        "kg.routes.pages",
    }


def _name(path: Path) -> str:
    parts = path.relative_to(SOURCE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _imported(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        assert node.level == 0, "imports are absolute here"
        yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _module(name: str, known: set[str]) -> str | None:
    """Return the module that a dotted name is or lies in, if it is one of ours."""
    while name not in known and "." in name:
        name = name.rpartition(".")[0]
    return name if name in known else None
