"""The scaffold: the files with which a new case begins, laid out and ready to be filled in.

``kg check`` reports what is not filled in yet; docs/adding-a-case.md leads through it.
"""

import re
import unicodedata
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from pyoxigraph import Literal, NamedNode

from kg import dataset, sources
from kg.dataset import SLUG, Dataset, by_subject
from kg.errors import DataError
from kg.namespaces import SOURCE, slug, term
from kg.passages import digest
from kg.settings import Settings
from kg.turtle import layout

__all__ = ["FILL_IN", "Variable", "new_case", "variables"]

PACKAGE = Path(__file__).parent
SOURCES = Path("data/sources.ttl")
FILES = {Path("data/cases"): "case.ttl", Path("data/coding"): "coding.ttl"}
REGISTERS = re.compile(r"^# Registers$", re.MULTILINE)  # what follows the documents
FILL_IN = "fill-in"  # what stands in a name for what its author must fill in


@dataclass(frozen=True)
class Variable:
    """A variable of the codebook: ``v01``, its English label, the slugs of its value schemes."""

    slug: str
    label: str
    schemes: tuple[str, ...]


@dataclass(frozen=True)
class _Document:
    """A source document, as far as is known: 0 characters and no digest if no text is at hand.

    ``title`` has the characters from ``start`` to ``end``.
    """

    title: str
    length: int = 0
    digest: str = FILL_IN
    start: int = 0
    end: int = 0


def new_case(settings: Settings, slug: str, title: str = "") -> list[Path]:
    """Write the files of a new case and enter its source; return the files written and changed.

    ``title`` is that of the source document. With the text at hand, its length and digest are
    filled in, and where it has the title. Raises ``DataError`` if the slug is malformed or taken,
    or if the text cannot be used; then nothing is written.
    """
    project = settings.project
    _refuse_malformed(project, slug)
    data, _ = dataset.read_all(project)
    _refuse_taken(project, slug, data)
    known: dict[str, Any] = {
        "slug": slug,
        "name": " ".join(part.capitalize() for part in slug.split("-")),
        "document": _document(settings.sources, slug, title),
        "variables": variables(data),
        "fill_in": FILL_IN,
    }
    environment = _environment()
    new = {
        project / folder / f"{slug}.ttl": layout(environment.get_template(template).render(known))
        for folder, template in FILES.items()
    }
    entry = layout(environment.get_template("source.ttl").render(known))
    _write(new, project / SOURCES, _entered(project / SOURCES, entry))
    return [*new, project / SOURCES]


def variables(data: Dataset) -> list[Variable]:
    """Return the variables of the codebook in their order.

    Raises ``DataError`` if there is none.
    """
    said_of = by_subject(data.in_graphs("ontology"))
    found = [
        Variable(slug(node.value), _english(said[term("skos:prefLabel")]), _schemes(said))
        for (_, node), said in said_of.items()
        if term("sam:Variable") in said[term("rdf:type")] and isinstance(node, NamedNode)
    ]
    if not found:
        raise DataError("ontology/concepts/ describes no variable: the codebook is missing.")
    return sorted(found, key=lambda variable: variable.slug)


def _english(labels: list[dataset.Term]) -> str:
    found = (one.value for one in labels if isinstance(one, Literal) and one.language == "en")
    return next(found, "")


def _schemes(said: Mapping[NamedNode, list[dataset.Term]]) -> tuple[str, ...]:
    return tuple(sorted(slug(node.value) for node in said[term("sam:hasValueScheme")]))


def _refuse_malformed(project: Path, slug: str) -> None:
    if project.is_relative_to(PACKAGE):
        raise DataError(f"{project} is the package's own copy; name your project in KG_PROJECT.")
    if not SLUG.fullmatch(slug):
        raise DataError(f"{slug!r}: a slug is lower case ASCII words joined by hyphens, as in x-1.")


def _refuse_taken(project: Path, slug: str, data: Dataset) -> None:
    for folder in FILES:
        path = project / folder / f"{slug}.ttl"
        if path.exists():
            raise DataError(f"{path} exists already; choose another slug.")
    source = NamedNode(SOURCE + slug)
    if any(one.subject == source for one in data.in_graphs("sources")):
        raise DataError(f"{project / SOURCES} describes {source} already; choose another slug.")


def _document(folder: Path | None, slug: str, title: str) -> _Document:
    title = unicodedata.normalize("NFC", " ".join(title.split()))
    if not title.isprintable():
        raise DataError("the title has characters that cannot be read; leave them out.")
    if folder is None:
        return _Document(title)
    text = sources.read(folder, slug)
    start, end = 0, 0
    if title:
        passage = next(sources.find(text, slug, title), None)
        if passage is None:
            raise DataError(f"{folder / slug}.txt does not have the title {title!r}; correct it.")
        start, end = passage.start, passage.end
    return _Document(title, len(text), digest([text]), start, end)


def _environment() -> Environment:
    """Return the environment of the templates, with a filter that writes a text as Turtle."""
    environment = Environment(
        loader=FileSystemLoader(PACKAGE / "templates" / "case"),
        autoescape=select_autoescape(),
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    environment.filters |= {"literal": _literal}
    return environment


def _literal(text: str, language: str) -> str:
    r"""Return a text as Turtle writes it.

    >>> _literal('"Samen" in Zuid', "nl")
    '"\\"Samen\\" in Zuid"@nl'
    """
    return str(Literal(text, language=language))


def _entered(path: Path, entry: str) -> str:
    """Return the sources with a new entry behind the other documents, and all else as it is.

    Raises ``TurtleSyntaxError`` if they would be no Turtle then.
    """
    statements = entry.partition("\n\n")[2].strip()  # without the prefixes, which the file has
    text = path.read_text("utf-8")
    registers = REGISTERS.search(text)
    at = registers.start() if registers else len(text)
    before, after = text[:at].rstrip("\n"), text[at:]
    entered = f"{before}\n\n{statements}\n" + (f"\n{after}" if after else "")
    dataset.parse_turtle(path, entered.encode())
    return entered


def _write(new: Mapping[Path, str], changed: Path, text: str) -> None:
    """Write new files and replace one, all or none."""
    draft = changed.with_name(f".{changed.name}.draft")
    with ExitStack() as undo:
        for path, content in new.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("x", encoding="utf-8") as file:
                undo.callback(path.unlink)
                file.write(content)
        undo.callback(draft.unlink, missing_ok=True)
        draft.write_text(text, "utf-8")
        draft.replace(changed)
        undo.pop_all()
