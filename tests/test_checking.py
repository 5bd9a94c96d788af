"""The check tells the file, the line and the remedy of each fault, and is silent on the project."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from kg.checking import check, seal
from kg.errors import DataError, FindingsError
from kg.findings import Finding
from kg.settings import Settings
from serving import KG, ROOT

CASE = "data/cases/ede-west.ttl"
SOURCES = Settings().sources


def line_of(project: Path, file: str, text: str) -> int:
    """Return the first line of a file that begins with a text."""
    lines = (project / file).read_text("utf-8").splitlines()
    return next(number for number, line in enumerate(lines, start=1) if line.startswith(text))


def spoil(project: Path, file: str, change: Callable[[str], str]) -> None:
    path = project / file
    text = path.read_text("utf-8")
    path.write_text(change(text), "utf-8")
    assert path.read_text("utf-8") != text, "nothing was spoilt"


def test_the_project_has_no_finding_and_everything_was_checked() -> None:
    report = check(Settings(project=ROOT, sources=SOURCES))
    assert [str(finding) for finding in report.faults] == []
    assert min(report.checked.values()) > 0
    assert sum(what.startswith("rule ") for what in report.checked) > 20
    for what in ("files read", "files laid out", "shapes", "attestations", "seals"):
        assert report.checked[what] > 0, what
    assert bool(report.skipped) is (SOURCES is None)


SPOILT = {
    "a statement is not attested": (
        CASE,
        lambda text: text.replace(
            "    a sam:Pilot ;", "    a sam:Pilot ;\n    sam:duration 'P1Y' ;"
        ),
    ),
    "a label lacks": (
        "ontology/concepts/role.ttl",
        lambda text: text.replace('"voorzitter"@nl , ', ""),
    ),
    "a line is laid out otherwise": (
        "data/coding/ede-west.ttl",
        lambda text: text.replace("a sam:Coding ;", "a   sam:Coding ;", 1),
    ),
    "an organisation is like another": (
        CASE,
        lambda text: text.replace('rdfs:label "Malkander"@nl', 'rdfs:label "Lindehout"@nl'),
    ),
    "a term is unknown": (
        "data/reference/provinces.ttl",
        lambda text: text.replace("    a sam:Place ;", "    a sam:Place ;\n    sam:of 1 ;", 1),
    ),
    "a pilot is a place": (
        CASE,
        lambda text: text.replace("    a sam:Pilot ;", "    a sam:Pilot , sam:Place ;"),
    ),
}


@pytest.fixture(scope="module")
def findings(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Finding]]:
    """A project with all these faults at once, and what the check finds."""
    import shutil

    project = tmp_path_factory.mktemp("spoilt")
    for folder in ("ontology", "data", "queries"):
        shutil.copytree(ROOT / folder, project / folder)
    for file, change in SPOILT.values():
        spoil(project, file, change)
    return project, check(Settings(project=project)).faults


@pytest.mark.parametrize(
    ("name", "file", "subject", "message"),
    [
        ("seal", CASE, "pilot:ede-west", "has changed since it was sealed"),
        ("shape", "ontology/concepts/role.ttl", "role:chair", "label"),
        ("layout", "data/coding/ede-west.ttl", "    a   sam:Coding", "laid out"),
        ("look-alike", CASE, "organisation:lindenhout", "Lindehout"),
        ("declared-properties", "data/reference/provinces.ttl", "province:", "ontology#of"),
        ("contradiction", CASE, "pilot:ede-west", "exclude each other"),
        ("evidence", CASE, "pilot:ede-west", "no passage attests sam:duration"),
    ],
)
def test_a_fault_is_found_with_its_line(
    findings: tuple[Path, list[Finding]], name: str, file: str, subject: str, message: str
) -> None:
    project, found = findings
    line = line_of(project, file, subject)
    own = [finding for finding in found if name in finding.check and finding.place == file]
    assert [finding for finding in own if message in str(finding)], (name, found[:10])
    assert line in {finding.line for finding in own}


def test_a_file_that_is_not_turtle_is_found_with_line_and_column(project: Path) -> None:
    spoil(project, CASE, lambda text: text.replace("sam:boundBy", "sam:boundBy ;", 1))
    spoil(project, "ontology/shapes/dates.ttl", lambda text: f"{text}\n<a> <b>\n")
    report = check(Settings(project=project))
    line = line_of(project, CASE, "    sam:boundBy ;")
    places = [(one.place, one.line, one.check) for one in report.faults]
    assert (CASE, line, "syntax") in places
    assert [place for place, _, _ in places if place != CASE] == ["ontology/shapes/dates.ttl"]
    assert min(one.column for one in report.faults) > 0
    assert any("cannot be read" in skipped for skipped in report.skipped)


def test_findings_are_limited_to_the_paths_asked_for(project: Path) -> None:
    spoil(project, CASE, lambda text: f"{text}\n\n")
    spoil(project, "data/sources.ttl", lambda text: f"{text}\n\n")
    for paths, places in (
        ([project / "data/cases"], [CASE]),
        ([project / CASE, project / "data/sources.ttl"], [CASE, "data/sources.ttl"]),
        ([project / "ontology"], []),
    ):
        assert [one.place for one in check(Settings(project=project), paths).faults] == places


def test_a_path_without_a_file_of_the_project_is_an_error(project: Path, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no Turtle file or question of"):
        check(Settings(project=project), [tmp_path / "elsewhere"])


def test_a_question_is_checked_with_the_data(project: Path) -> None:
    path = "queries/agreements/parties.rq"
    spoil(project, path, lambda text: text.replace("sam:hasParty ?party", "sam:hasPart ?party"))
    report = check(Settings(project=project), [project / "queries"])
    assert {(one.place, one.check) for one in report.faults} == {(path, "question")}
    assert "has no answer" in {one.message for one in report.faults}
    assert report.checked["questions"] == 3


def run(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([KG, *arguments], cwd=cwd, capture_output=True, text=True, check=False)


def test_the_command_reports_in_each_format_and_exits_with_1(project: Path) -> None:
    spoil(project, CASE, lambda text: f"{text}\n\n")
    text = run("check", cwd=project)
    assert text.returncode == 1
    assert f"{CASE}:" in text.stdout
    assert "run kg format" in text.stdout
    (finding,) = json.loads(run("check", "--format", "json", cwd=project).stdout)["findings"]
    assert finding["place"] == CASE
    sarif = json.loads(run("check", "--format", "sarif", cwd=project).stdout)
    assert sarif["runs"][0]["results"][0]["ruleId"] == "layout"
    assert run("format", cwd=project).returncode == 0
    assert run("check", cwd=project).returncode == 0


def test_format_changes_what_it_names_and_with_check_nothing(project: Path) -> None:
    clean = (project / CASE).read_text("utf-8")
    spoil(project, CASE, lambda text: text.replace("    a sam:Pilot ;", "a sam:Pilot;"))
    spoilt = (project / CASE).read_text("utf-8")
    told = run("format", "--check", cwd=project)
    assert told.returncode == 1
    assert told.stdout == f"would change {project / CASE}\n"
    assert (project / CASE).read_text("utf-8") == spoilt
    assert run("format", "data/sources.ttl", cwd=project).stdout == ""
    assert run("format", CASE, cwd=project).stdout == f"changed {CASE}\n"
    assert (project / CASE).read_text("utf-8") == clean


def test_format_leaves_what_is_not_turtle_and_formats_the_rest(project: Path) -> None:
    spoil(project, CASE, lambda text: f"{text}\n<a> <b>\n")
    spoil(project, "data/sources.ttl", lambda text: f"{text}\n\n")
    before = (project / CASE).read_text("utf-8")
    told = run("format", CASE, "data/sources.ttl", cwd=project)
    assert told.returncode == 1
    assert "not valid Turtle" in told.stderr
    assert told.stdout == "changed data/sources.ttl\n"
    assert (project / CASE).read_text("utf-8") == before


@pytest.mark.parametrize(
    ("slug", "sources", "message"),
    [("ede-west", None, "KG_SOURCES is not set"), ("nowhere", ROOT, "no such case")],
)
def test_seal_says_what_it_lacks(slug: str, sources: Path | None, message: str) -> None:
    with pytest.raises(DataError, match=message):
        seal(Settings(project=ROOT, sources=sources), [slug])


def test_what_cannot_be_compared_with_its_source_is_not_sealed(
    project: Path, tmp_path: Path
) -> None:
    before = (project / "data/seals/ede-west.sha256").read_text()
    with pytest.raises(DataError, match="the text of this passage is not in"):
        seal(Settings(project=project, sources=tmp_path), ["ede-west"])
    (tmp_path / "ede-west.txt").write_text("x" * 2284)
    with pytest.raises(FindingsError, match="another sha256"):
        seal(Settings(project=project, sources=tmp_path), ["ede-west"])
    assert (project / "data/seals/ede-west.sha256").read_text() == before
