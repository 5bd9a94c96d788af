"""Citations are read by the programs that they are for, whatever a title holds."""

import json
import re
import tomllib
import unicodedata
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from kg import citation
from kg.build import Build
from kg.citation import Citation

ROOT = Path(__file__).parents[1]
URL = "https://kg.example/data/0123456789ab"
DATASET = Citation(citation.TITLE, URL, "0123456789ab", date(2026, 3, 1))
COMMANDS = {r"\textbackslash{}": "\\", r"\textasciitilde{}": "~", r"\textasciicircum{}": "^"}
ACCENTS = {
    "'": "\u0301",
    "`": "\u0300",
    "^": "\u0302",
    '"': "\u0308",
    "~": "\u0303",
    "c ": "\u0327",
}


def fields(bibtex: str) -> dict[str, str]:
    """The fields of an entry, as BibTeX delimits them: a value runs to its closing brace."""
    head = re.match(r"@(\w+)\{([^\s,{}]+),", bibtex)
    assert head
    found = {"type": head[1], "key": head[2]}
    position = head.end()
    while name := re.compile(r"\s*(\w+) = ").match(bibtex, position):
        start = position = name.end()
        depth = 0
        while depth or bibtex[position] not in ",\n":
            if bibtex[position] == "\\":
                position += 1
            elif bibtex[position] in "{}":
                depth += 1 if bibtex[position] == "{" else -1
            position += 1
        found[name[1]] = bibtex[start:position]
        position += bibtex[position] == ","
    assert bibtex[position:].strip() == "}"
    return found


def plain(value: str) -> str:
    """A value of BibTeX as it is printed."""
    value = value.removeprefix("{{").removesuffix("}}")
    for command, character in COMMANDS.items():
        value = value.replace(command, f"\0{ord(character)};")
    for command, mark in ACCENTS.items():
        value = re.sub(rf"\{{\\{re.escape(command)}(\w)\}}", rf"\1{mark}", value)
    value = re.sub(r"\\([{}$&%#_])", r"\1", value)
    value = re.sub(r"\0(\d+);", lambda code: chr(int(code[1])), value)
    return unicodedata.normalize("NFC", value)


def test_the_title_and_the_author_are_those_of_the_citation_file() -> None:
    stated = (ROOT / "CITATION.cff").read_text("utf-8")
    assert f'title: "{citation.TITLE}"' in stated
    assert f'name: "{citation.AUTHOR}"' in stated
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["authors"] == [{"name": citation.AUTHOR}]


def test_bibtex_has_what_identifies_a_version() -> None:
    found = fields(DATASET.bibtex())
    assert found == {
        "type": "misc",
        "key": "samenhang-0123456789ab",
        "author": "{{The Samenhang contributors}}",
        "title": f"{{{{{citation.TITLE}}}}}",
        "year": "{2026}",
        "month": "mar",
        "version": "{0123456789ab}",
        "url": f"{{{URL}}}",
        "note": "{Data set, version 0123456789ab, CC BY 4.0}",
    }


TITLES = {
    "accents": "Youké, crème, coöperatie, fête, señor, façade, ÉÉN",
    "braces": "a {b} c} {d",
    "percent": "100% & $5 #1 under_score",
    "backslash": r"back\slash ~tilde ^caret \{",
    "line break": "one\ntwo",
    "other scripts": "‘quoted’ – dash, Łódź ß 中 🏘",
    "quotes": 'the "Village Deals"',
    "empty": "",
}


@pytest.mark.parametrize("title", TITLES.values(), ids=TITLES)
def test_any_title_comes_through_bibtex(title: str) -> None:
    cited = Citation(title, "https://kg.example/x", "1", date(2026, 12, 31))
    found = fields(cited.bibtex())
    assert list(found)[2:] == ["author", "title", "year", "month", "version", "url", "note"]
    assert plain(found["title"]) == " ".join(title.split())


def test_no_title_ends_the_line_of_a_citation() -> None:
    cited = Citation("one\ntwo", "https://kg.example/x", "1", date(2026, 12, 31))
    assert "one two" in cited.text()
    assert "\n" not in cited.text()


def test_accents_of_dutch_are_ascii_in_bibtex() -> None:
    cited = Citation("Coöperatie één à la façade", "https://kg.example/x", "1", date(2026, 1, 1))
    assert cited.bibtex().isascii()
    assert r"Co{\"o}peratie {\'e}{\'e}n {\`a} la fa{\c c}ade" in cited.bibtex()


def test_a_url_stays_as_it_is_and_its_braces_do_not_count() -> None:
    cited = Citation("x", "https://kg.example/a_b%20~c?d={e}&f#g", "1", date(2026, 1, 1))
    assert fields(cited.bibtex())["url"] == "{https://kg.example/a_b%20~c?d=%7Be%7D&f#g}"


def test_csl_has_what_its_schema_requires_and_what_identifies_a_version() -> None:
    item = json.loads(json.dumps(DATASET.csl()))
    assert item == {
        "id": "samenhang-0123456789ab",
        "type": "dataset",
        "title": citation.TITLE,
        "author": [{"literal": "The Samenhang contributors"}],
        "issued": {"date-parts": [[2026, 3, 1]]},
        "version": "0123456789ab",
        "URL": URL,
        "license": "https://creativecommons.org/licenses/by/4.0/",
    }


def test_a_reader_is_told_in_one_line() -> None:
    assert DATASET.text() == (
        f"The Samenhang contributors. (2026). {citation.TITLE} (Version 0123456789ab) "
        f"[Data set]. {URL}"
    )


def test_a_page_is_cited_as_a_part_of_the_dataset() -> None:
    build = Build(Path("unused"), "0123456789ab", 1, created=datetime(2026, 3, 1, tzinfo=UTC))
    cited = citation.of("Youké", "https://kg.example/doc/organisation/youke", build)
    assert cited.text() == (
        f"The Samenhang contributors. (2026). Youké. In {citation.TITLE} "
        "(Version 0123456789ab) [Data set]. https://kg.example/doc/organisation/youke"
    )
    assert cited.csl()["container-title"] == citation.TITLE
    assert cited.csl()["type"] == "webpage"
    assert cited.key == "samenhang-doc-organisation-youke"
    assert plain(fields(cited.bibtex())["title"]) == "Youké"
    assert "In: Samenhang" in fields(cited.bibtex())["note"]
