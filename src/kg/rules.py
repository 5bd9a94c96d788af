"""Rules: what must hold of terms and data beyond shapes and evidence, as SPARQL queries.

A rule is a file of ``kg/checks/``: comments that say what is wrong with what it finds and what to
do, and a SELECT that gives a row for each thing checked: ``?focus``, ``?sound`` and perhaps a
``?value`` that ends the message. What is not found sound, as an expression of it failed, is a
finding. https://www.w3.org/TR/sparql11-query/
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, QuerySolution, QuerySolutions, Store

from kg.dataset import ASSERTED, Dataset, Term
from kg.errors import DataError
from kg.findings import Finding, Report
from kg.namespaces import compact

__all__ = ["Rule", "check", "read"]

CHECKS = resources.files("kg") / "checks"
COMMENT = re.compile(r"^#\+ (\w+): (\S.*)$", re.MULTILINE)
SOUND = {Literal(True): True, Literal(False): False, None: False}


@dataclass(frozen=True)
class Rule:
    """A rule: the name of its file, what is wrong with what it finds, what to do, its query."""

    name: str
    message: str
    remedy: str
    query: str


@dataclass(frozen=True)
class _Row:
    focus: NamedNode | BlankNode
    value: Term | None
    is_sound: bool


def check(dataset: Dataset, folder: Traversable = CHECKS) -> Report:
    """Return what breaks a rule of a folder; the rules see what is asserted, and the shapes.

    Counts the rows of each rule. Raises ``DataError`` if a file is not a rule.
    """
    store = Store()
    store.bulk_extend(Quad(*one) for one in dataset.in_graphs(*ASSERTED, "shapes"))
    rows = {rule: list(_rows(store, rule)) for rule in read(folder)}
    return Report(
        findings=tuple(
            _finding(dataset, rule, row)
            for rule, found in rows.items()
            for row in found
            if not row.is_sound
        ),
        checked={f"rule {rule.name}": len(found) for rule, found in rows.items()},
    )


def read(folder: Traversable = CHECKS) -> list[Rule]:
    """Return the rules of a folder by name.

    Raises ``DataError`` if a file lacks a comment.
    """
    files = sorted(folder.iterdir(), key=lambda file: file.name)
    return [_rule(file) for file in files if file.name.endswith(".rq")]


def _rule(file: Traversable) -> Rule:
    query = file.read_text(encoding="utf-8")
    said = dict(COMMENT.findall(query))
    if missing := {"message", "remedy"} - set(said):
        raise DataError(f"{file}: no comment '#+ {min(missing)}: …'; see the other rules")
    return Rule(file.name.removesuffix(".rq"), said["message"], said["remedy"], query)


def _rows(store: Store, rule: Rule) -> Iterator[_Row]:
    try:
        answer = store.query(rule.query, use_default_graph_as_union=True)
    except SyntaxError as error:
        raise _malformed(rule, f"not SPARQL: {error}") from None
    if not isinstance(answer, QuerySolutions):
        raise _malformed(rule, "not a SELECT")
    names = {variable.value for variable in answer.variables}
    if not {"focus", "sound"} <= names <= {"focus", "value", "sound"}:
        raise _malformed(rule, "selects other variables than ?focus, ?sound and perhaps ?value")
    for solution in answer:
        yield _row(rule, solution, has_value="value" in names)


def _row(rule: Rule, solution: QuerySolution, *, has_value: bool) -> _Row:
    focus, sound = solution["focus"], solution["sound"]
    if not isinstance(focus, NamedNode | BlankNode) or sound not in SOUND:
        raise _malformed(rule, f"a row has the focus {focus} and is sound {sound}")
    return _Row(focus, solution["value"] if has_value else None, SOUND[sound])


def _malformed(rule: Rule, reason: str) -> DataError:
    return DataError(f"checks/{rule.name}.rq: not a rule: {reason}")


def _finding(dataset: Dataset, rule: Rule, row: _Row) -> Finding:
    return Finding(
        place=dataset.place(row.focus.value, row.value.value if row.value else ""),
        focus=row.focus.value,
        message=" ".join([rule.message, *(compact(one) for one in [row.value] if one)]),
        remedy=rule.remedy,
        check=f"rule/{rule.name}",
    )
