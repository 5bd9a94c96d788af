"""Words are found in a source text by the characters where they stand."""

import subprocess
from pathlib import Path

import pytest

from kg.errors import DataError
from kg.sources import find, read
from serving import KG, ROOT

TEXT = "🏘️ De ‘Kleine’\n Hoek opent.\r\nDe hoek sluit om vijf uur."


@pytest.mark.parametrize(
    ("words", "passages"),
    [
        ("de hoek", ["De hoek"]),
        ("'kleine' hoek", ["‘Kleine’\n Hoek"]),
        ("hoek", ["Hoek", "hoek"]),
        ("hoe", []),
        ("kleine … opent.", ["Kleine’\n Hoek opent."]),
        ("de ... uur", [TEXT[TEXT.index("De") : -1]]),
        ("a.b", []),
        ("…", []),
    ],
)
def test_passages_are_found_whatever_their_case_quotes_and_spacing(
    words: str, passages: list[str]
) -> None:
    found = list(find(TEXT, "hoek", words))
    assert [TEXT[one.start : one.end] for one in found] == passages
    for one in found:
        assert one.iri == f"https://w3id.org/samenhang/source/hoek#char={one.start},{one.end}"


def test_characters_are_code_points(tmp_path: Path) -> None:
    (tmp_path / "hoek.txt").write_bytes(TEXT.encode())
    text = read(tmp_path, "hoek")
    assert text == TEXT
    assert next(find(text, "hoek", "de")).start == 3


def test_a_missing_text_is_an_error_that_names_the_setting(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"hoek\.txt is missing; KG_SOURCES"):
        read(tmp_path, "hoek")


def test_the_command_prints_what_a_file_cites(tmp_path: Path) -> None:
    (tmp_path / "hoek.txt").write_bytes(TEXT.encode())
    command = [KG, "find", "hoek"]
    environment = {"KG_SOURCES": str(tmp_path)}
    done = subprocess.run(
        [*command, "kleine … opent"], cwd=ROOT, env=environment, capture_output=True, check=True
    )
    assert done.stdout.decode() == "<hoek#char=7,26>  Kleine’ Hoek opent\n"
    for words, code, settings in (("zuid", 1, environment), ("de", 2, {})):
        run = subprocess.run(
            [*command, words], cwd=ROOT, env=settings, capture_output=True, check=False
        )
        assert run.returncode == code
        assert run.stderr
        assert not run.stdout
