"""Queries: the SPARQL files of the package, and terms bound into them.

A query has a placeholder, a row ``VALUES ?variable { UNDEF }``; values enter as RDF terms in its
place (https://www.w3.org/TR/sparql11-query/#inline-data), never as text.
"""

import re
from collections.abc import Iterable
from functools import cache
from importlib import resources

from kg.dataset import Term

__all__ = ["bound", "read", "written"]

LETTER = re.compile(r"(?<!\\)((?:\\\\)+)([uU])")  # after backslashes that stand for themselves


@cache
def read(name: str) -> str:
    """Return the text of ``kg/queries/<name>.rq``.

    >>> read("names").splitlines()[-1]
    '}'
    """
    return (resources.files("kg") / "queries" / f"{name}.rq").read_text("utf-8")


def bound(query: str, variable: str, terms: Iterable[Term]) -> str:
    r"""Return a query with terms in the place that it has for the values of a variable.

    Raises ``ValueError`` if it has no such place.

    >>> from pyoxigraph import Literal
    >>> bound("SELECT * { VALUES ?label { UNDEF } }", "label", [Literal('"}')])
    'SELECT * { VALUES ?label { "\\"}" } }'
    """
    row = f"VALUES ?{variable} {{ UNDEF }}"
    if row not in query:
        raise ValueError(f"the query has no place {row}")
    return query.replace(row, f"VALUES ?{variable} {{ {' '.join(map(written, terms))} }}")


def written(term: Term) -> str:
    r"""Return a term as SPARQL has it, whether or not a parser first replaces ``\uXXXX``.

    SPARQL lets it do so in the whole text (https://www.w3.org/TR/sparql11-query/#codepointEscape),
    so that two backslashes and ``u0022`` might end a literal.

    >>> from pyoxigraph import Literal
    >>> print(written(Literal(r"a\u0022")))
    "a\\\U000000750022"
    """
    return LETTER.sub(lambda match: f"{match[1]}\\U{ord(match[2]):08x}", str(term))
