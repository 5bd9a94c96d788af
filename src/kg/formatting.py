"""Formatting: Turtle files in the layout of the house, with nothing that they say changed."""

from pathlib import Path

from kg.dataset import canonical, parse_turtle, read_bytes
from kg.errors import FileError, TurtleSyntaxError
from kg.turtle import layout

__all__ = ["formatted"]


def formatted(path: Path) -> str:
    """Return the content of a Turtle file as it should be laid out.

    Raises ``TurtleSyntaxError`` if it is not Turtle, ``FileError`` if it cannot be read, or if
    laying it out would change what it says.
    """
    content = read_bytes(path)
    quads = parse_turtle(path, content)
    try:
        text = layout(content.decode())
        said = canonical(parse_turtle(path, text.encode())) if text.encode() != content else None
    except (IndexError, RecursionError, TurtleSyntaxError):
        raise _unfit(path) from None
    if said is not None and said != canonical(quads):
        raise _unfit(path)
    return text


def _unfit(path: Path) -> FileError:
    return FileError(path, "cannot be laid out without changing it; simplify its notation.")
