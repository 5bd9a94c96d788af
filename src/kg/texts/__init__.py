"""Texts: every word of the interface, a TOML file for each language."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, get_args

__all__ = ["LANGUAGES", "Language", "read"]

Language = Literal["en", "nl"]
LANGUAGES: tuple[Language, ...] = get_args(Language)


def read(language: Language) -> Mapping[str, Any]:
    """Return the texts of a language: tables of strings, by the part of the interface.

    >>> read("nl")["site"]["name"]
    'Samenhang'
    """
    return tomllib.loads((Path(__file__).parent / f"{language}.toml").read_text("utf-8"))
