"""Questions: SPARQL queries that tell what they answer, and terms bound to their parameters.

The lines of a query that begin with ``#+`` are YAML, as in grlc (https://github.com/CLARIAH/grlc).
Its parameters are rows ``VALUES ?name { <default> }``: values enter as RDF terms in their place
(https://www.w3.org/TR/sparql11-query/#inline-data). docs/queries.md tells how to write one.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pyoxigraph import NamedNode, QuerySolutions, Store

from kg import front_matter
from kg.dataset import SLUG, Term
from kg.errors import FileError
from kg.front_matter import LANGUAGE, MARK, Keywords, Parameter, Texts, line_of
from kg.namespaces import term
from kg.queries import written
from kg.syntax.token import tokens

__all__ = [
    "DATE",
    "DIGITS",
    "LABEL",
    "NUMBERS",
    "ROW",
    "Question",
    "bind",
    "digest",
    "parse",
    "prologue",
    "unprefixed",
]

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
LABEL = "Label"  # the end of the column of labels that follows a column of IRIs

ROW = re.compile(r"^( *VALUES \?(\w+) \{ )(.+?)( \})$", re.MULTILINE)
PREFIX = re.compile(r"^PREFIX ([\w-]*): <([^>]*)>$", re.MULTILINE)


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
        return "".join(line for line in lines if not line.startswith(MARK)).strip() + "\n"

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
    if "\r" in text:
        raise FileError(path, "its lines end in CR; save it with LF alone.", 1)
    metadata = front_matter.read(path, text)
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
