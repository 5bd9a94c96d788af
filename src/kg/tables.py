"""Tables: the rows of an answer as a reader wants them, things by their names, under headings."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from pyoxigraph import Literal, NamedNode

from kg.answers import Row
from kg.dataset import Term
from kg.engine.base import Engine
from kg.names import Name, names
from kg.namespaces import term
from kg.questions import LABEL, NUMBERS, Question
from kg.texts import Language

__all__ = ["Cell", "Column", "Table", "table"]

INTEGER = term("xsd:integer")
LONG = 60  # characters of a text that needs room


@dataclass(frozen=True)
class Cell:
    """What stands in a row under a heading: a thing with its ``name``, another term, or nothing."""

    term: Term | None = None
    name: Name | None = None

    @property
    def is_integer(self) -> bool:
        """Whether it is a whole number, which is shown as fields and files have it."""
        return isinstance(self.term, Literal) and self.term.datatype == INTEGER

    @property
    def is_passage(self) -> bool:
        """Whether it is a passage of a source."""
        return self.name is not None and "#char=" in self.name.iri


@dataclass(frozen=True)
class Column:
    """A column: its heading, and whether there are but numbers below it, or long texts."""

    heading: str
    is_number: bool
    is_text: bool


@dataclass(frozen=True)
class Table:
    """An answer, or a part of it, to be shown."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]


async def table(
    engine: Engine, question: Question, rows: Collection[Row], language: Language, client: str = ""
) -> Table:
    """Return rows of the answer to a question as a table, in a language.

    A column of things takes its names from the column of labels that follows it, else from the
    graph. Raises a ``RequestError`` when the engine gives no answer.
    """
    terms = (row.get(name) for row in rows for name in question.columns)
    iris = {one.value for one in terms if isinstance(one, NamedNode)}
    named = await names(engine, sorted(iris), language, client)
    columns = (
        _column(heading[language], [row[name] for row in rows if name in row])
        for name, heading in question.columns.items()
    )
    cells = (tuple(_cell(row, name, named) for name in question.columns) for row in rows)
    return Table(tuple(columns), tuple(cells))


def _column(heading: str, terms: Collection[Term]) -> Column:
    literals = [one for one in terms if isinstance(one, Literal)]
    datatypes = {one.datatype for one in literals}
    return Column(
        heading,
        is_number=0 < len(literals) == len(terms) and datatypes <= NUMBERS,
        is_text=any(len(one.value) > LONG for one in literals),
    )


def _cell(row: Row, name: str, named: dict[str, Name]) -> Cell:
    term, label = row.get(name), row.get(f"{name}{LABEL}")
    if not isinstance(term, NamedNode):
        return Cell(label or term)
    own = named[term.value]
    if isinstance(label, Literal):
        own = replace(own, label=label.value, language=label.language or "", is_labelled=True)
    return Cell(term, own)
