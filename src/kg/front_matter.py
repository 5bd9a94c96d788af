"""Front matter: what the file of a question tells of it, in the lines that begin with ``#+``.

They are YAML, as in grlc (https://github.com/CLARIAH/grlc); docs/queries.md tells what they hold.
"""

import re
from collections.abc import Iterable, Mapping
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
from typing_extensions import TypedDict

from kg.errors import FileError

__all__ = [
    "DIFFICULTIES",
    "LANGUAGE",
    "MARK",
    "RESERVED",
    "TOPICS",
    "TYPES",
    "VIEWS",
    "FrontMatter",
    "Keywords",
    "Parameter",
    "Texts",
    "line_of",
    "read",
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
# What a request may say besides the parameters of a question.
RESERVED = ("data", "format", "page", "size")
LANGUAGE = "language"  # the parameter of the language, which needs no metadata
MARK = "#+"  # what its lines begin with

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


class FrontMatter(_Told):
    """What a question tells of itself; ``columns`` has a heading for each."""

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


def read(path: Path, text: str) -> FrontMatter:
    """Return what a file of that text tells; raises ``FileError`` with the line of a fault."""
    lines = (line.removeprefix(MARK) if line.startswith(MARK) else "" for line in text.splitlines())
    try:
        told = yaml.load("\n".join(lines), Loader)  # noqa: S506 - it is safe in both forms
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = (mark.line + 1, mark.column + 1 + len(MARK)) if mark else (0, 0)
        reason = f"the lines {MARK} are not YAML: {error.problem}"
        raise FileError(path, reason, *place) from None
    if not isinstance(told, dict):
        raise FileError(path, f"no metadata; write {MARK} title: … as the other questions do.")
    try:
        return FrontMatter.model_validate(told)
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
