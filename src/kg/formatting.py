"""Formatting: Turtle files in the layout of the house, with nothing that they say changed."""

from pathlib import Path

from kg.dataset import canonical, parse_turtle
from kg.errors import FileError
from kg.turtle import layout

__all__ = ["formatted"]


def formatted(path: Path) -> str:
    """Return the content of a Turtle file as it should be laid out.

    Raises ``TurtleSyntaxError`` if it is not Turtle, ``FileError`` if laying
    it out would change what it says.
    """
    content = path.read_bytes()
    quads = parse_turtle(path, content)
    text = layout(content.decode("utf-8-sig").replace("\r\n", "\n"))
    if canonical(parse_turtle(path, text.encode())) != canonical(quads):
        raise FileError(path, "cannot be laid out without changing it; simplify its notation.")
    return text
