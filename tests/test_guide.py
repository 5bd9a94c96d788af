"""The guide docs/adding-a-case.md, followed to the letter in a copy of the project."""

import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from kg.formatting import formatted
from serving import KG, ROOT, serving

GUIDE = (ROOT / "docs" / "adding-a-case.md").read_text("utf-8")
EXAMPLE = ROOT / "docs" / "example"
SLUG = "wilgenhoek-aan-tafel"
LABEL = "Wilgenhoek aan Tafel collaboration"
BLOCKS = re.findall(r"^```(console|text|turtle)\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL)
FRAGMENTS = [text for kind, text in BLOCKS if kind == "turtle"]


@dataclass(frozen=True)
class Step:
    """The commands of a block, what they printed, and what the guide says that they print."""

    commands: tuple[str, ...]
    output: str
    announced: tuple[str, ...]


@dataclass(frozen=True)
class Followed:
    """The guide as it was followed: where, with which last settings, its steps."""

    project: Path
    environment: dict[str, str]
    steps: tuple[Step, ...]


@pytest.fixture(scope="module")
def followed(tmp_path_factory: pytest.TempPathFactory) -> Followed:
    """Every command of the guide, run in turn; the service is left to the test that needs it."""
    project = tmp_path_factory.mktemp("guide") / "project"
    for folder in ("ontology", "data", "queries", "docs/example"):
        shutil.copytree(ROOT / folder, project / folder)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("KG_")}
    environment["PATH"] = f"{KG.parent}{os.pathsep}{environment['PATH']}"
    steps = tuple(_steps(project, environment))
    return Followed(project, environment, steps)


def _steps(project: Path, environment: dict[str, str]) -> Iterator[Step]:
    for number, (kind, text) in enumerate(BLOCKS):
        if kind == "console":
            follows, lines = BLOCKS[number + 1] if number + 1 < len(BLOCKS) else ("", "")
            announced = tuple(lines.splitlines()) if follows == "text" else ()
            commands = tuple(text.splitlines())
            succeeds = not announced or announced[-1] == "0 findings" or "<" in announced[0]
            printed = [_run(command, project, environment, succeeds) for command in commands]
            yield Step(commands, "".join(printed), announced)


def _run(command: str, project: Path, environment: dict[str, str], succeeds: bool) -> str:
    """Run a command in the environment, which it may change; the last one of a block may fail."""
    program, *arguments = shlex.split(command)
    if program == "export":
        environment.update(argument.split("=", 1) for argument in arguments)
        return ""
    if command == "kg serve":
        return ""
    done = subprocess.run(
        [program, *arguments],
        cwd=project,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    expected = 0 if succeeds or arguments[0] != "check" else 1
    assert done.returncode == expected, f"{command}\n{done.stdout}{done.stderr}"
    return done.stdout


def test_the_guide_has_commands_output_and_turtle() -> None:
    assert {kind for kind, _ in BLOCKS} == {"console", "text", "turtle"}
    commands = [line for kind, text in BLOCKS if kind == "console" for line in text.splitlines()]
    for command in ("new case", "find", "check", "format", "seal", "build", "serve"):
        assert any(line.startswith(f"kg {command}") for line in commands), command


def test_every_line_that_the_guide_announces_is_printed(followed: Followed) -> None:
    announcing = [step for step in followed.steps if step.announced]
    assert len(announcing) >= 5
    for step in announcing:
        for line in step.announced:
            pattern = ".*".join(re.escape(part.strip()) for part in line.split("…"))
            assert re.search(pattern, step.output), f"{line}\nnot printed by\n{step.output}"


@pytest.mark.parametrize("fragment", FRAGMENTS, ids=lambda text: text.splitlines()[0].strip())
def test_a_fragment_of_the_guide_is_in_the_finished_files(fragment: str) -> None:
    assert any(fragment in path.read_text("utf-8") for path in EXAMPLE.glob("*.ttl"))


@pytest.mark.parametrize("name", ["case", "coding"])
def test_the_finished_files_are_laid_out(name: str) -> None:
    path = EXAMPLE / f"{SLUG}-{name}.ttl"
    assert formatted(path) == path.read_text("utf-8")


def test_the_case_ends_up_sealed(followed: Followed) -> None:
    seal = (followed.project / "data" / "seals" / f"{SLUG}.sha256").read_text("utf-8")
    assert f"id/collaboration/{SLUG}" in seal
    assert f"source/{SLUG}#char=384,414" in seal


@pytest.mark.parametrize(
    ("path", "label"), [("/", LABEL), ("/nl/", "samenwerking Wilgenhoek aan Tafel")]
)
def test_the_case_is_on_the_first_page(followed: Followed, path: str, label: str) -> None:
    settings = {name: followed.environment[name] for name in ("PATH",)}
    with serving(KG, followed.project, settings) as url:
        page = httpx.get(f"{url}{path}").text
    assert label in page


def test_the_example_says_that_it_is_invented_and_stays_out_of_the_project() -> None:
    text = (EXAMPLE / f"{SLUG}.txt").read_text("utf-8")
    assert "verzonnen" in text.splitlines()[0]
    assert "invented" in GUIDE.partition("## 1.")[0]
    for folder in ("ontology", "data", "queries"):
        for file in (ROOT / folder).rglob("*.*"):
            assert "wilgenhoek" not in file.read_text("utf-8").lower(), file
