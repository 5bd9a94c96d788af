"""Rows: how many solutions a body of SPARQL results holds, counted as it is written.

The counting rests on how pyoxigraph writes: JSON and XML without white space, and the line feeds
of literals escaped in TSV. What would be a mark inside a literal is escaped there. In JSON, rows
that have no value at all are not counted, but for the first.
"""

from typing import Final

__all__ = ["RowCounter"]

# What the first row has, and what each other row has once.
_MARKS: Final = {
    "json": (b'"bindings":[{', b'}},{"'),
    "xml": (b"<result>", b"<result>"),
    "tsv": (b"\n", b"\n"),
}


class RowCounter:
    """Counts the rows of a SELECT that is written as json, xml or tsv."""

    def __init__(self, name: str) -> None:
        self._mark, self._next_mark = _MARKS[name]
        self._tail = b""
        self._counted = -1 if name == "tsv" else 0  # which has a header

    @property
    def rows(self) -> int:
        """How many rows there were in what was fed."""
        return max(self._counted, 0)

    def feed(self, part: bytes) -> None:
        """Take the next part of the body."""
        window = self._tail + part
        if self._mark != self._next_mark and (first := window.find(self._mark)) >= 0:
            self._counted += 1
            self._mark = self._next_mark
            window = window[first + 1 :]
        if self._mark == self._next_mark:
            self._counted += window.count(self._mark)
        # What may be the beginning of a mark, and no whole one.
        overlap = len(self._mark) - 1
        self._tail = window[-overlap:] if overlap else b""
