"""Questions: SPARQL queries that tell what they answer, and terms bound to their parameters.

The lines of a query that begin with ``#+`` are YAML, as in grlc (https://github.com/CLARIAH/grlc).
Its parameters are rows ``VALUES ?name { <default> }``: values enter as RDF terms in their place
(https://www.w3.org/TR/sparql11-query/#inline-data). docs/queries.md tells how to write one.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal, Self, get_args

import yaml
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    field_validator,
    model_validator,
)
from pyoxigraph import NamedNode, QuerySolutions, Store
from typing_extensions import TypedDict

from kg.dataset import SLUG, Term
from kg.errors import FileError
from kg.namespaces import term
from kg.queries import written
from kg.syntax.token import tokens

__all__ = [
    "DATE",
    "DIFFICULTIES",
    "DIGITS",
    "LABEL",
    "LANGUAGE",
    "NUMBERS",
    "RESERVED",
    "ROW",
    "TOPICS",
    "TYPES",
    "VIEWS",
    "Parameter",
    "Question",
    "Texts",
    "bind",
    "digest",
    "line_of",
    "parse",
    "prologue",
    "unprefixed",
]

Topic = Literal[
    "start",
    "cases",
    "organisations",
    "agreements",
    "pilots",
    "governance",
    "financing",
    "themes",
    "coding",
    "evidence",
    "knowledge",
    "gaps",
    "networks",
    "quality",
]
Difficulty = Literal["beginner", "intermediate", "advanced"]
View = Literal["table", "network", "map", "timeline", "chart"]
Type = Literal["thing", "concept", "date", "integer", "language", "text"]
TOPICS: tuple[str, ...] = get_args(Topic)
DIFFICULTIES: tuple[str, ...] = get_args(Difficulty)
TYPES: tuple[str, ...] = get_args(Type)
# The columns that a view draws.
VIEWS: Mapping[str, tuple[str, ...]] = {
    "table": (),
    "network": ("source", "target"),
    "map": ("lat", "long"),
    "timeline": ("start",),
    "chart": (),
}
DATE = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
DIGITS = 18  # that an integer may have
# How a default is written that is no thing.
LITERALS = {
    "date": (term("xsd:date"), DATE),
    "integer": (term("xsd:integer"), f"-?[0-9]{{1,{DIGITS}}}"),
    "language": (term("xsd:string"), "en|nl"),
    "text": (term("xsd:string"), r".*"),
}
# The datatypes of what a chart draws.
NUMBERS = frozenset(map(term, ("xsd:decimal", "xsd:double", "xsd:float", "xsd:integer")))
# What a request may say besides the parameters of a question.
RESERVED = ("data", "format", "page", "size")
LANGUAGE = "language"  # the parameter of the language, which needs no metadata
LABEL = "Label"  # the end of the column of labels that follows a column of IRIs

METADATA = "#+"
ROW = re.compile(r"^( *VALUES \?(\w+) \{ )(.+?)( \})$", re.MULTILINE)
PREFIX = re.compile(r"^PREFIX ([\w-]*): <([^>]*)>$", re.MULTILINE)

# libyaml reads a library fifteen times as fast, where it came along.
Loader: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class Texts(TypedDict):
    """A text in both languages."""

    nl: Words
    en: Words


class Keywords(TypedDict):
    """Words to find a question by, in both languages."""

    nl: Annotated[list[Words], Field(min_length=1)]
    en: Annotated[list[Words], Field(min_length=1)]


class _Told(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Parameter(_Told):
    """What a parameter takes: a thing of a class, a concept of a scheme, a date, a number, a text.

    ``class_`` and ``scheme`` are prefixed names of the query; ``where`` is a graph pattern about
    ``?value`` that narrows the choices.
    """

    type: Type
    label: Texts
    class_: Annotated[str, Field(alias="class")] = ""
    scheme: str = ""
    where: str = ""
    minimum: int | None = None
    maximum: int | None = None

    @model_validator(mode="after")
    def _has_bounds(self) -> Self:
        bounds = [one for one in (self.minimum, self.maximum) if one is not None]
        if bounds and self.type != "integer":
            raise ValueError(f"type {self.type} has no minimum or maximum")
        if bounds != sorted(bounds):
            raise ValueError("minimum is more than maximum")
        return self

    @model_validator(mode="after")
    def _has_range(self) -> Self:
        needed = {"thing": "class_", "concept": "scheme"}.get(self.type)
        if needed and not getattr(self, needed):
            raise ValueError(f"type {self.type} needs {needed.strip('_')}")
        return self

    def has_within(self, number: int) -> bool:
        """Tell whether a number is within the bounds, if there are any."""
        least, most = self.minimum, self.maximum
        return (least is None or number >= least) and (most is None or number <= most)

    @property
    def has_choices(self) -> bool:
        """Whether the graph tells what it may be."""
        return self.type in ("thing", "concept")


class _Metadata(_Told):
    title: Texts
    description: Texts
    topic: Topic
    difficulty: Difficulty
    keywords: Keywords
    view: View
    parameters: dict[str, Parameter] = {}
    columns: Annotated[dict[str, Texts], Field(min_length=1)]

    @field_validator("title")
    @classmethod
    def _is_question(cls, title: Texts) -> Texts:
        if not all(text.endswith("?") for text in (title["nl"], title["en"])):
            raise ValueError("is a question, and ends in a question mark")
        return title

    @field_validator("parameters")
    @classmethod
    def _has_own_names(cls, parameters: dict[str, Parameter]) -> dict[str, Parameter]:
        if taken := {*RESERVED, LANGUAGE} & parameters.keys():
            raise ValueError(f"{min(taken)} means something else in a request")
        return parameters


@dataclass(frozen=True)
class Question:
    """A question of the library: its slug, the whole text of its file, and what that tells.

    ``columns`` has the heading of each column of the answer but those of labels. ``defaults`` are
    the terms of the parameters in the query as it stands, ``None`` where it takes any.
    """

    slug: str
    text: str
    title: Texts = field(compare=False)
    description: Texts = field(compare=False)
    topic: str
    difficulty: str
    keywords: Keywords = field(compare=False)
    view: str
    parameters: Mapping[str, Parameter] = field(compare=False)
    columns: Mapping[str, Texts] = field(compare=False)
    defaults: Mapping[str, Term | None] = field(compare=False)

    @property
    def file(self) -> str:
        """Where it lies in a library: ``<topic>/<slug>.rq``."""
        return f"{self.topic}/{self.slug}.rq"

    @property
    def version(self) -> str:
        """Twelve hexadecimal digits that the text of the file decides."""
        return digest(self.text)

    @property
    def query(self) -> str:
        """The query without its metadata."""
        lines = self.text.splitlines(keepends=True)
        return "".join(line for line in lines if not line.startswith(METADATA)).strip() + "\n"

    @property
    def prologue(self) -> str:
        """The prefixes that the query declares, as it does."""
        return prologue(self.text)

    @property
    def prefixes(self) -> dict[str, str]:
        """The IRIs of the prefixes that the query declares."""
        return dict(PREFIX.findall(self.text))

    @property
    def is_multilingual(self) -> bool:
        """Whether it has labels, in a language that is asked for."""
        return LANGUAGE in self.defaults


def parse(path: Path, text: str) -> Question:
    """Return the question in a file of that text; raises ``FileError`` if it is none."""
    if not SLUG.fullmatch(path.stem):
        raise FileError(path, "a question is named in lower case ASCII, joined by hyphens.")
    metadata = _metadata(path, text)
    _require_prologue(path, text)
    _require_prefixes(path, text, metadata.parameters)
    parameters = dict(metadata.parameters)
    if LANGUAGE in {match[2] for match in ROW.finditer(text)}:
        parameters[LANGUAGE] = Parameter(type="language", label={"nl": "taal", "en": "language"})
    return Question(
        slug=path.stem,
        text=text,
        title=metadata.title,
        description=metadata.description,
        topic=metadata.topic,
        difficulty=metadata.difficulty,
        keywords=metadata.keywords,
        view=metadata.view,
        parameters=parameters,
        columns=metadata.columns,
        defaults={name: _default(path, text, name, own) for name, own in parameters.items()},
    )


def bind(question: Question, values: Mapping[str, Term | None]) -> str:
    """Return the query of a question with values for some of its parameters.

    ``None`` stands for any. A value is a term in a row of data, so that the query asks the same,
    whatever the value. Raises ``KeyError`` if there is no such parameter.
    """
    if unknown := values.keys() - question.parameters.keys():
        raise KeyError(min(unknown))
    rows = {name: _written(value) for name, value in values.items()}

    def filled(match: re.Match[str]) -> str:
        return match[1] + rows.get(match[2], match[3]) + match[4]

    return ROW.sub(filled, question.query)


def digest(text: str) -> str:
    """Return what a version is called: twelve hexadecimal digits that the text of a file decides.

    >>> digest("")
    'e3b0c44298fc'
    """
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def prologue(query: str) -> str:
    """Return the lines of a query that declare its prefixes."""
    return "".join(f"{match[0]}\n" for match in PREFIX.finditer(query))


def unprefixed(query: str) -> str:
    """Return a query without those lines."""
    return PREFIX.sub("", query)


def _written(value: Term | None) -> str:
    """Return a value as a row of data has it."""
    return "UNDEF" if value is None else written(value)


def _metadata(path: Path, text: str) -> _Metadata:
    lines = (
        line.removeprefix(METADATA) if line.startswith(METADATA) else ""
        for line in text.splitlines()
    )
    try:
        told = yaml.load("\n".join(lines), Loader)  # noqa: S506 - it is safe in both forms
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = (mark.line + 1, mark.column + 1 + len(METADATA)) if mark else (0, 0)
        reason = f"the lines {METADATA} are not YAML: {error.problem}"
        raise FileError(path, reason, *place) from None
    if not isinstance(told, dict):
        raise FileError(path, f"no metadata; write {METADATA} title: … as the other questions do.")
    try:
        return _Metadata.model_validate(told)
    except ValidationError as invalid:
        fault = invalid.errors()[0]
        where = tuple(map(str, fault["loc"]))
        reason = f"{'.'.join(where)}: {_reason(fault)}"
        raise FileError(path, reason, line_of(text, where)) from None


def _reason(fault: Mapping[str, Any]) -> str:
    """Return what is wrong with a value of the metadata, in words of the file."""
    if fault["type"] == "missing":
        return "is missing."
    if fault["type"] == "extra_forbidden":
        return "is not known here; see docs/queries.md."
    return f"{fault['msg']}."


def line_of(text: str, keys: Iterable[str]) -> int:
    """Return the line of the last of some keys, each within the one before it; from 1."""
    found, lines = 0, text.splitlines()
    for key in keys:
        pattern = re.compile(rf"#\+[\s{{,]*{re.escape(key)}:")
        inline = found and re.search(rf"\b{re.escape(key)}:", lines[found - 1].partition(":")[2])
        if not inline:
            rest = (n for n in range(found, len(lines)) if pattern.match(lines[n]))
            found = next(rest, found - 1) + 1
    return found


def _require_prefixes(path: Path, text: str, parameters: Mapping[str, Parameter]) -> None:
    """Raise ``FileError`` if a class or scheme has a prefix that the query does not declare."""
    declared = {prefix for prefix, _ in PREFIX.findall(text)}
    for name, parameter in parameters.items():
        for key, of in (("class", parameter.class_), ("scheme", parameter.scheme)):
            prefix, sign, _ = of.partition(":")
            if of and not (sign and prefix in declared):
                reason = f"parameter {name}: {of} has no prefix that the query declares."
                raise FileError(path, reason, line_of(text, ("parameters", name, key)))


def _require_prologue(path: Path, text: str) -> None:
    """Raise ``FileError`` unless each prefix is declared as queries are taken apart by."""
    declared = {match.start() for match in PREFIX.finditer(text)}
    for token in tokens(text):
        if token.kind in ("BASE", "PREFIX") and token.start not in declared:
            line = text.count("\n", 0, token.start) + 1
            raise FileError(path, "write PREFIX name: <IRI> on a line of its own, no BASE.", line)


def _default(path: Path, text: str, name: str, parameter: Parameter) -> Term | None:
    """Return the term in the row of a parameter, ``None`` if it takes any."""
    rows = [match for match in ROW.finditer(text) if match[2] == name]
    if len(rows) != 1:
        reason = f"parameter {name}: needs one row VALUES ?{name} {{ … }}, and has {len(rows)}."
        raise FileError(path, reason, line_of(text, ("parameters", name)))
    line = text.count("\n", 0, rows[0].start()) + 1
    terms = list(_terms(f"{prologue(text)}SELECT ?{name} {{ {rows[0][0]} }}", name))
    if len(terms) != 1:
        raise FileError(path, f"parameter {name}: its row holds one term, or UNDEF.", line)
    if not _is_taken(parameter, terms[0]):
        kind = "out of its bounds or no" if parameter.type == "integer" else "no"
        raise FileError(path, f"parameter {name}: {terms[0]} is {kind} {parameter.type}.", line)
    return terms[0]


def _is_taken(parameter: Parameter, value: Term | None) -> bool:
    """Tell whether a parameter takes a value as its default."""
    if value is None:
        return parameter.type != "language"
    if parameter.has_choices:
        return isinstance(value, NamedNode)
    datatype, form = LITERALS[parameter.type]
    if getattr(value, "datatype", None) != datatype or not re.fullmatch(form, value.value):
        return False
    return parameter.type != "integer" or parameter.has_within(int(value.value))


def _terms(query: str, name: str) -> Iterator[Term | None]:
    try:
        answer = Store().query(query)
    except SyntaxError:
        return
    if isinstance(answer, QuerySolutions):
        for row in answer:
            yield row[name]
