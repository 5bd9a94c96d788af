"""Snippets: programs that ask a question and are ready to be copied.

What a reader fills in enters them as the literal of a string, so that it stays one whatever it is.
"""

import json
import re
import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

__all__ = ["Snippet", "snippets"]

PLACE = re.compile(r"\{(address|table|endpoint|query)\}")
TRIPLE = '"""'


@dataclass(frozen=True)
class Snippet:
    """A program: the key of its template, what it is called, and its text."""

    key: str
    name: str
    text: str


def snippets(address: str, table: str, endpoint: str, query: str) -> tuple[Snippet, ...]:
    """Return programs that get the answer at an address, or to a query from an endpoint.

    ``table`` is the address of the same answer for programs that take what comes: as CSV.
    """
    values = {"address": address, "table": table, "endpoint": endpoint, "query": query}
    return tuple(
        Snippet(key, name, _filled(key, literal, values))
        for key, (name, literal) in PROGRAMS.items()
    )


def _filled(key: str, literal: Callable[[str], str], values: Mapping[str, str]) -> str:
    """Return a template with literals in its places."""
    return PLACE.sub(lambda match: literal(values[match[1]]), _template(key))


@cache
def _template(key: str) -> str:
    return (resources.files("kg") / "templates" / "snippets" / f"{key}.txt").read_text("utf-8")


def _python(text: str) -> str:
    r"""Return a text as Python has it, its lines below each other if it has some.

    >>> print(_python('a"b'))
    'a"b'
    """
    if text.endswith("\n") and text.replace("\n", "").isprintable():
        plain = text.replace("\\", r"\\").replace(TRIPLE, r"\"\"\"")
        return f"{TRIPLE}\\\n{plain}{TRIPLE}"
    return repr(text)


def _r(text: str) -> str:
    r"""Return a text as R has it.

    >>> print(_r('a"b\\'))
    "a\"b\\"
    """
    return json.dumps(text, ensure_ascii=False)


# What each program is called, and how its language has a text.
PROGRAMS: Mapping[str, tuple[str, Callable[[str], str]]] = {
    "curl": ("curl", shlex.quote),
    "pandas": ("Python (pandas)", _python),
    "sparqlwrapper": ("Python (SPARQLWrapper)", _python),
    "r": ("R", _r),
}
