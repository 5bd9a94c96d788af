"""Settings come from flags before variables, and each is documented."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from kg.settings import Settings

ROOT = Path(__file__).parents[1]


def test_a_flag_goes_before_a_variable_and_a_variable_before_the_default(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert Settings().port == 8000
    monkeypatch.setenv("KG_PORT", "8001")
    assert Settings().port == 8001
    assert Settings(port=8002).port == 8002


def test_settings_do_not_change_once_made() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Settings().port = 1


def test_an_empty_variable_is_no_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KG_SOURCES", "")
    assert Settings().sources is None


def test_a_setting_that_is_misspelt_is_refused() -> None:
    with pytest.raises(ValidationError):
        Settings(prot=8001)


def test_the_project_is_the_working_directory_if_that_is_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("KG_PROJECT", raising=False)
    monkeypatch.chdir(tmp_path)
    assert Settings().project == ROOT
    (tmp_path / "ontology").mkdir()
    (tmp_path / "data").mkdir()
    assert Settings().project == ROOT
    (tmp_path / "queries").mkdir()
    assert Settings().project == tmp_path


def test_every_setting_is_documented_with_its_default() -> None:
    rows = {
        cells[1].strip("` "): cells[2].strip("` ")
        for line in (ROOT / "docs/settings.md").read_text().splitlines()
        if (cells := line.split("|")) and len(cells) == 5
    }
    fields = {f"KG_{name.upper()}": field for name, field in Settings.model_fields.items()}
    assert set(rows) - {"Variable", "---"} == set(fields)
    for name, field in fields.items():
        if field.default_factory is None:
            assert rows[name] == ("" if field.default is None else str(field.default)), name
