"""Citations: how the dataset, or a page of it, is named in a list of references.

BibTeX (https://www.ctan.org/pkg/bibtex), CSL-JSON
(https://github.com/citation-style-language/schema), and a line in the manner of APA.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any, Protocol
from urllib.parse import quote, urlsplit

from kg.namespaces import LICENSE

__all__ = ["AUTHOR", "TITLE", "Citation", "of"]

AUTHOR = "The Samenhang contributors"
TITLE = "Samenhang: a knowledge graph of how Dutch municipalities cooperate in the social domain"

SPECIAL = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        **{character: f"\\{character}" for character in "{}$&%#_"},
    }
)
ACCENTS = {
    "\N{COMBINING GRAVE ACCENT}": "`",
    "\N{COMBINING ACUTE ACCENT}": "'",
    "\N{COMBINING CIRCUMFLEX ACCENT}": "^",
    "\N{COMBINING TILDE}": "~",
    "\N{COMBINING DIAERESIS}": '"',
    "\N{COMBINING CARON}": "v ",
    "\N{COMBINING CEDILLA}": "c ",
}
IN_URLS = ":/?#[]@!$&'()*+,;=%"  # as they stand: BibTeX takes a URL verbatim, but counts braces
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


class Dated(Protocol):
    """What is cited as of: a build, or whatever else has a version and a time."""

    @property
    def version(self) -> str:
        """The version of its dataset."""

    @property
    def created(self) -> datetime:
        """When it was made."""


@dataclass(frozen=True)
class Citation:
    """What is cited: a title and an address, in a version of the dataset of some day.

    ``container`` is the title of the whole, where a part of it is cited.
    """

    title: str
    url: str
    version: str
    issued: date
    author: str = AUTHOR
    license: str = LICENSE
    container: str = ""

    @property
    def key(self) -> str:
        """A name for it in a list of references: letters, digits and hyphens."""
        where = urlsplit(self.url)
        path = re.sub("[^a-z0-9]+", "-", where.path.lower()).strip("-")
        asked = f"-{sha256(where.query.encode()).hexdigest()[:6]}" if where.query else ""
        return f"samenhang-{path + asked if self.container else self.version}"

    def bibtex(self) -> str:
        r"""Return it as an entry of BibTeX, in ASCII wherever BibTeX has an accent for it.

        >>> print(Citation("Youké & co", "https://kg.example/x", "1", date(2026, 3, 1)).bibtex())
        @misc{samenhang-1,
          author = {{The Samenhang contributors}},
          title = {{Youk{\'e} \& co}},
          year = {2026},
          month = mar,
          version = {1},
          url = {https://kg.example/x},
          note = {Data set, version 1, CC BY 4.0}
        }
        <BLANKLINE>
        """
        whole = f"In: {self.container}. " if self.container else ""
        fields = {
            "author": f"{{{{{_latex(self.author)}}}}}",
            "title": f"{{{{{_latex(self.title)}}}}}",
            "year": f"{{{self.issued.year}}}",
            "month": MONTHS[self.issued.month - 1],
            "version": f"{{{self.version}}}",
            "url": f"{{{quote(self.url, safe=IN_URLS)}}}",
            "note": f"{{{_latex(f'{whole}Data set, version {self.version}, CC BY 4.0')}}}",
        }
        lines = ",\n".join(f"  {name} = {value}" for name, value in fields.items())
        return f"@misc{{{self.key},\n{lines}\n}}\n"

    def csl(self) -> dict[str, Any]:
        """Return it as an item of CSL-JSON."""
        issued = [self.issued.year, self.issued.month, self.issued.day]
        whole = {"container-title": self.container} if self.container else {}
        return {
            "id": self.key,
            "type": "webpage" if self.container else "dataset",
            "title": self.title,
            "author": [{"literal": self.author}],
            "issued": {"date-parts": [issued]},
            "version": self.version,
            "URL": self.url,
            "license": self.license,
            **whole,
        }

    def text(self) -> str:
        """Return it as a line of a list of references."""
        whole = f". In {self.container}" if self.container else ""
        return (
            f"{self.author}. ({self.issued.year}). {_line(self.title)}{whole} "
            f"(Version {self.version}) [Data set]. {self.url}"
        )


def of(name: str, url: str, build: Dated) -> Citation:
    """Return the citation of a page about a thing of that name, as of a build."""
    return Citation(name, url, build.version, build.created.date(), container=TITLE)


def _latex(text: str) -> str:
    r"""Return text as LaTeX, with its accents as commands.

    >>> _latex("Café Één_10%"), _latex("Łódź")
    ("Caf{\\'e} {\\'E}{\\'e}n\\_10\\%", "Ł{\\'o}d{\\'z}")
    """
    return "".join(map(_letter, unicodedata.normalize("NFC", _line(text))))


def _line(text: str) -> str:
    return " ".join(text.split())


def _letter(character: str) -> str:
    parts = unicodedata.normalize("NFD", character)
    base, marks = parts[:1], parts[1:]
    if marks in ACCENTS:
        return f"{{\\{ACCENTS[marks]}{base}}}"
    return character.translate(SPECIAL)
