"""The documentation that the ontology gives: tables of terms, the codebook, the diagram.

``python -m kg.documentation`` writes it into docs/, and the drawings of the pages beside the
templates; ``make docs`` calls that.
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from kg import diagram
from kg.errors import DataError
from kg.settings import Settings
from kg.terms import Term, literature, read, terms, variables
from kg.texts import Language

__all__ = ["THEMES", "generated", "main"]

PAGES = Path(__file__).parent / "templates"
TEMPLATES = PAGES / "docs"
LANGUAGES: tuple[Language, ...] = ("en", "nl")
MODEL = "data-model.md"
GENERATED = re.compile(
    r"(?<=<!-- from the ontology, by make docs -->\n).*(?=<!-- end -->)", re.DOTALL
)
DOI = "https://doi.org/"

# Which classes of ours belong together; a property stands with the first class that it is of.
THEMES: Mapping[str, tuple[str, ...]] = {
    "Who cooperates": (
        *("sam:Collaboration", "sam:Programme", "sam:Municipality", "sam:MunicipalExecutive"),
        *("sam:MunicipalCouncil", "sam:SteeringBody", "sam:Team", "sam:AccessPoint"),
    ),
    "What was agreed": ("sam:Agreement", "sam:DeclarationOfIntent", "sam:Deal"),
    "What is done, where, and who pays": (
        *("sam:Pilot", "sam:Activity", "sam:Event", "sam:Place", "sam:FinancingArrangement"),
    ),
    "What is planned, proposed or claimed": (
        *("sam:Intention", "sam:PlannedActivity", "sam:PlannedChange", "sam:Proposal"),
        "sam:Claim",
    ),
    "Where it is said": ("sam:SourceDocument", "sam:Attestation"),
    "How it was coded": ("sam:Coding", "sam:Variable", "sam:IdentityJudgement"),
}
ELSEWHERE = "Of things of any class, or of classes of other vocabularies"


def main() -> None:
    """Write the documentation of the project in the checkout, and print what was written."""
    project = Settings().project
    for path, text in generated(project).items():
        path.write_text(text, "utf-8")
        print(path)  # noqa: T201


def generated(project: Path) -> dict[Path, str]:
    """Return what each file should hold that is generated for docs/ or for the pages.

    Raises ``DataError`` if a class belongs to no theme, or docs/data-model.md has no place for it.
    """
    graph = read(project)
    docs, environment = project / "docs", _environment()
    found = terms(graph)
    tables = environment.get_template("terms.md").render(
        themes=_by_theme(found), others=_of_others(found)
    )
    codebook = environment.get_template("codebook.md").render(
        variables=variables(graph), literature=literature(graph)
    )
    return {
        docs / MODEL: _inserted(docs / MODEL, tables),
        docs / "codebook.md": codebook,
        docs / "data-model.svg": diagram.svg(graph, project / "web", environment),
    } | {
        PAGES / f"diagram-{language}.svg": diagram.svg(
            graph, project / "web", environment, language, "figure.svg"
        )
        for language in LANGUAGES
    }


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(["svg"]),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=StrictUndefined,
    )
    environment.filters |= {"names": _names, "reference": _reference}
    return environment


def _by_theme(found: Sequence[Term]) -> dict[str, tuple[list[Term], list[Term]]]:
    """Return the classes and the properties of ours by theme."""
    own = [one for one in found if one.is_own]
    known = {one.name: one for one in own}
    theme_of = {name: theme for theme, names in THEMES.items() for name in names}
    classes = {one.name: one for one in own if one.kind == "class"}
    if stray := sorted(classes.keys() ^ theme_of.keys()):
        raise DataError(
            f"{stray[0]}: correct THEMES in kg/documentation.py, by which it is sorted."
        )
    properties: dict[str, list[Term]] = {theme: [] for theme in (*THEMES, ELSEWHERE)}
    for one in own:
        if one.kind != "class":
            domain = _domain(known, one)
            theme = next((theme_of[name] for name in theme_of if name in domain), ELSEWHERE)
            properties[theme].append(one)
    return {
        theme: ([classes[name] for name in THEMES.get(theme, ())], properties[theme])
        for theme in properties
    }


def _domain(known: Mapping[str, Term], one: Term) -> tuple[str, ...]:
    """Return the classes that a property is of, or those of what it is a kind of."""
    inherited = (name for above in one.above if above in known for name in known[above].domain)
    return one.domain or tuple(inherited)


def _of_others(found: Sequence[Term]) -> dict[str, list[Term]]:
    """Return the terms of other vocabularies by prefix."""
    others: dict[str, list[Term]] = {}
    for one in found:
        if not one.is_own:
            others.setdefault(one.name.partition(":")[0], []).append(one)
    return others


def _names(names: Sequence[str]) -> str:
    """Return names of terms as they stand in a cell of a table.

    >>> _names(["sam:Pilot", "sam:Event"])
    '`sam:Pilot`, `sam:Event`'
    """
    return ", ".join(f"`{name}`" for name in names)


def _reference(iri: str) -> str:
    """Return a link to literature.

    >>> _reference("https://doi.org/10.1093/jopart/mum015")
    '[doi:10.1093/jopart/mum015](https://doi.org/10.1093/jopart/mum015)'
    """
    return f"[{iri.replace(DOI, 'doi:')}]({iri})"


def _inserted(path: Path, tables: str) -> str:
    text = path.read_text("utf-8")
    if not GENERATED.search(text):
        raise DataError(f"{path} has no place for the tables: <!-- from the ontology, … -->")
    return GENERATED.sub(lambda _: f"\n{tables}\n", text)


if __name__ == "__main__":
    main()
