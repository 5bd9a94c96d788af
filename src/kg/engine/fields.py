"""Fields: the rows of a SELECT as CSV, each field quoted where it has to be, written as they come.

They are made from TSV, which pyoxigraph writes right: in its CSV an IRI with a comma is not
quoted. https://www.w3.org/TR/sparql11-results-csv-tsv/#csv-terms; RFC 4180.
"""

import re
from typing import Final

__all__ = ["CommaSeparated"]

KEPT: Final = 4096  # fields: names, classes and labels come again and again
SHORT: Final = 256  # bytes of a field that is kept

_ESCAPED: Final = re.compile(rb"\\(.)", re.DOTALL)
_UNESCAPED: Final = {b"t": b"\t", b"n": b"\n", b"r": b"\r"}
_TO_BE_QUOTED: Final = re.compile(rb'[",\r\n]')


class CommaSeparated:
    """Turns the TSV that pyoxigraph writes, fed in parts that may end anywhere, into CSV.

    No more is held back than a row that is not whole. A triple term, of which the specification
    says nothing, stands as it does in TSV.
    """

    def __init__(self) -> None:
        self._fields: _Fields | None = None
        self._rest = bytearray()

    def feed(self, part: bytes) -> bytes:
        """Return as CSV the rows that are whole by this part."""
        self._rest += part
        if b"\n" not in part:
            return b""
        *lines, rest = bytes(self._rest).split(b"\n")
        self._rest = bytearray(rest)
        if self._fields is None:
            self._fields = _Fields(lines[0])
        field = self._fields.__getitem__
        rows = [b",".join(map(field, line.split(b"\t"))) for line in lines]
        if len(self._fields) > KEPT:
            self._fields.clear()
        return b"\r\n".join((*rows, b""))


class _Fields(dict[bytes, bytes]):
    """From a field in TSV to the same in CSV."""

    def __init__(self, header: bytes) -> None:
        super().__init__()
        # A row of one empty field would be a blank line, which readers of CSV pass over.
        self._empty = b'""' if header and b"\t" not in header else b""

    def __missing__(self, term: bytes) -> bytes:
        field = _field(term) or self._empty
        if len(term) < SHORT:
            self[term] = field
        return field


def _field(term: bytes) -> bytes:
    """Return a term, a variable or nothing as it stands in CSV."""
    if term.startswith(b'"'):  # a literal: after its last quote, a language or a datatype
        value = term[1 : term.rindex(b'"')]
        if b"\\" in value:
            value = _ESCAPED.sub(lambda found: _UNESCAPED.get(found[1], found[1]), value)
    elif term.startswith(b"<") and not term.startswith(b"<<"):
        value = term[1:-1]
    elif term.startswith(b"?"):
        value = term[1:]
    else:  # a number, a boolean, a blank node, a triple term
        value = term
    if _TO_BE_QUOTED.search(value):
        return b'"%b"' % value.replace(b'"', b'""')
    return value
