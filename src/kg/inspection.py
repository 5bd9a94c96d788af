"""Inspection: what must hold of the questions of the library, and of their answers.

SPARQL 1.1 Query: https://www.w3.org/TR/sparql11-query/
"""

import re
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, QuerySolutions, Store

from kg import syntax
from kg.dataset import Dataset, Term
from kg.errors import FileError
from kg.explanation.parsing import parse
from kg.explanation.parts import NotAnalysed, Query
from kg.findings import Finding, Report
from kg.front_matter import VIEWS
from kg.library import FOLDER, read_all
from kg.namespaces import GRAPH
from kg.parameters import choosing
from kg.products import products
from kg.questions import LABEL, NUMBERS, ROW, Question
from kg.syntax.token import tokens

__all__ = ["SLOWEST", "check"]

SLOWEST = 0.1  # seconds of a processor that a question may take
ATTEMPTS = 5  # of which the fastest counts, as other work on the machine slows the others
VOLATILE = {"BNODE", "NOW", "RAND", "SERVICE", "STRUUID", "UUID"}

Fault = tuple[str, str]  # what is wrong, and what to do
Row = dict[str, Term | None]


@dataclass(frozen=True)
class _Asked:
    """A question with the answer to it as it stands, and the seconds that it took."""

    question: Question
    query: Query
    variables: Sequence[str]
    rows: Sequence[Row]
    seconds: float


def check(dataset: Dataset, project: Path) -> Report:
    """Return what is wrong with the questions of a project, asked of a dataset.

    Counts the questions and their parameters.
    """
    store = Store()
    store.bulk_extend(Quad(*one) for one in dataset.statements)
    library, unread = read_all(project / FOLDER)
    found = [one for question in library.questions for one in _faults(store, question, project)]
    return Report(
        (*(_unread(project, fault) for fault in unread), *found),
        {
            "questions": len(library.questions),
            "parameters of questions": sum(len(one.parameters) for one in library.questions),
        },
    )


def _unread(project: Path, fault: FileError) -> Finding:
    place = fault.path.relative_to(project).as_posix()
    remedy = "correct the file where it says; see docs/queries.md"
    return Finding(place, place, fault.reason, remedy, "question", fault.line, fault.column)


def _faults(store: Store, question: Question, project: Path) -> Iterator[Finding]:
    place = f"{FOLDER}/{question.file}"
    try:
        asked = _ask(store, question)
    except SyntaxError as error:
        told = syntax.fault(question.text, error.msg)
        reason, remedy = f"is not SPARQL: {told.reason}", told.hint
        yield Finding(place, question.slug, reason, remedy, line=told.line, column=told.column)
        return
    except NotAnalysed as error:
        remedy = "write a SELECT in SPARQL 1.1"
        yield Finding(place, question.slug, f"cannot be analysed: {error}", remedy)
        return
    for rule in RULES:
        for message, remedy in rule(asked):
            yield Finding(place, question.slug, message, remedy)
    for name, parameter in question.parameters.items():
        if parameter.has_choices:
            for message, remedy in _of_choices(store, question, name):
                yield Finding(place, question.slug, f"parameter {name}: {message}", remedy)
    if not (project / place).with_suffix(".csv").is_file():
        message = "its expected answer is missing"
        yield Finding(place, question.slug, message, f"write it into {question.slug}.csv beside it")


def _ask(store: Store, question: Question) -> _Asked:
    """Return a question with its answer; raises ``SyntaxError`` or ``NotAnalysed``."""
    fastest = float("inf")
    for _ in range(ATTEMPTS):
        started = time.thread_time()
        answer = store.query(question.text, use_default_graph_as_union=True)
        if not isinstance(answer, QuerySolutions):
            raise NotAnalysed("it is not a SELECT")
        names = [variable.value for variable in answer.variables]
        rows = [dict(zip(names, row, strict=True)) for row in answer]
        fastest = min(fastest, time.thread_time() - started)
        if fastest < SLOWEST:
            break
    return _Asked(question, parse(question.text), names, rows, fastest)


def _of_form(asked: _Asked) -> Iterator[Fault]:
    query = asked.query
    kinds = {token.kind for token in tokens(asked.question.query)}
    for word in sorted(kinds & VOLATILE):
        yield f"uses {word}", "an answer is the same whenever and wherever it is asked for"
    if query.limit is not None or query.offset or query.dataset:
        yield "has LIMIT, OFFSET or FROM", "leave it out: whoever asks says which part of it"
    if "ORDER" not in kinds:
        yield "has no ORDER BY", "order the rows, by their IRIs in the end, so that pages follow"


def _of_prefixes(asked: _Asked) -> Iterator[Fault]:
    body = asked.question.query.removeprefix(asked.question.prologue)
    patterns = " ".join(
        f"{one.class_} {one.scheme} {one.where}" for one in asked.question.parameters.values()
    )
    used = {
        text[token.start : token.end].partition(":")[0]
        for text in (body, patterns)
        for token in tokens(text)
        if token.kind in ("Name", "Prefix")
    }
    for prefix in sorted(asked.question.prefixes.keys() - used):
        yield f"declares {prefix}: but does not use it", "leave the prefix out"


def _of_columns(asked: _Asked) -> Iterator[Fault]:
    own = [name for name in asked.variables if not _is_label(name, asked.variables)]
    told = list(asked.question.columns)
    if own != told:
        yield f"selects {', '.join(own)}, but tells of {', '.join(told)}", "let columns tell of all"
    for name in own:
        has_iris = any(isinstance(row[name], NamedNode) for row in asked.rows)
        if has_iris and name + LABEL not in asked.variables:
            yield f"column {name} has IRIs without labels", f"select ?{name}{LABEL} after it"
        if any(isinstance(row[name], BlankNode) for row in asked.rows):
            yield f"column {name} has blank nodes", "select what has a name"
        for row in asked.rows:
            value = row[name]
            if _is_to_be_named(value) and not row.get(name + LABEL, value):
                yield f"column {name} has {value} without its label", "fall back to the Dutch label"
                break


def _is_label(name: str, names: Iterable[str]) -> bool:
    return name.endswith(LABEL) and name.removesuffix(LABEL) in names


def _is_to_be_named(value: Term | None) -> bool:
    """Tell whether a value needs a label; graphs get theirs by the build."""
    return isinstance(value, NamedNode) and not value.value.startswith(GRAPH)


def _of_view(asked: _Asked) -> Iterator[Fault]:
    view = asked.question.view
    if missing := [name for name in VIEWS[view] if name not in asked.variables]:
        yield (
            f"has no column {', '.join(missing)} for a {view}",
            "name it so, or choose another view",
        )
    values = {value for row in asked.rows for value in row.values()}
    datatypes = {value.datatype for value in values if isinstance(value, Literal)}
    if view == "chart" and not datatypes & NUMBERS:
        yield "has no numbers for a chart", "choose another view"


def _of_rows(asked: _Asked) -> Iterator[Fault]:
    if not asked.rows:
        yield "has no answer", "choose defaults that give one"
    if len({tuple(row.values()) for row in asked.rows}) < len(asked.rows):
        yield "gives a row twice", "select DISTINCT, or what tells the rows apart"
    if asked.seconds > SLOWEST:
        message = f"takes {asked.seconds * 1000:.0f} ms, more than {SLOWEST * 1000:.0f}"
        yield message, "bind first what is known; see docs/queries.md"


def _of_joins(asked: _Asked) -> Iterator[Fault]:
    for parts in products(asked.query):
        names = " and ".join(f"?{', ?'.join(sorted(part))}" for part in parts)
        yield f"joins {names}, which share no variable", "connect them, or ask one thing at a time"


def _of_parameters(asked: _Asked) -> Iterator[Fault]:
    query = asked.question.query
    for match in ROW.finditer(query):
        name = match[2]
        if match[3] == "UNDEF" and name not in asked.question.parameters:
            yield f"?{name} may be anything, but is no parameter", "tell of it in parameters"
        if len(re.findall(rf"[?$]{name}\b", query)) < 2:
            yield f"?{name} decides nothing", "use it in the query, or leave it out"


def _of_choices(store: Store, question: Question, name: str) -> Iterator[Fault]:
    try:
        answer = store.query(choosing(question, name), use_default_graph_as_union=True)
    except SyntaxError as error:
        yield f"what it may be is not SPARQL: {error.msg}", "correct class, scheme or where"
        return
    known = {row["value"] for row in answer} if isinstance(answer, QuerySolutions) else set()
    default = question.defaults[name]
    if not known:
        yield "there is nothing to choose", "correct class, scheme or where"
    elif default is not None and default not in known:
        yield f"{default} is none of the choices", "choose another default, or correct where"


RULES: tuple[Callable[[_Asked], Iterator[Fault]], ...] = (
    _of_form,
    _of_prefixes,
    _of_parameters,
    _of_columns,
    _of_view,
    _of_rows,
    _of_joins,
)
