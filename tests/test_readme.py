"""What the README tells its readers to do works."""

import re
import shlex
import subprocess
from importlib.metadata import version
from pathlib import Path

import pytest
import rdflib
from pyoxigraph import Store

import kg
from kg.build import Build
from serving import CURL, KG, ROOT

README = (ROOT / "README.md").read_text()
DOCS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
COMMANDS = [
    line.partition("  # ")[0].strip()
    for block in re.findall(r"```console\n(.*?)```", README, re.DOTALL)
    for line in block.splitlines()
]


def test_the_readme_opens_with_what_it_is_and_the_two_commands() -> None:
    assert README.startswith("# Samenhang\n\nA knowledge graph")
    assert COMMANDS[:2] == ["make serve", "make test"]


@pytest.mark.parametrize("target", ["serve", "test"])
def test_make_knows_what_to_do(target: str) -> None:
    done = subprocess.run(["make", "--dry-run", target], cwd=ROOT, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr


@CURL
@pytest.mark.parametrize("command", COMMANDS[2:4])
def test_a_query_from_the_shell_gives_nine_parties(command: str, url: str, built: Build) -> None:
    answer = shell(command, url, built)
    assert len(answer.splitlines()) == 10
    assert "Youké" in answer


@CURL
def test_a_thing_is_followed_from_the_shell(url: str, built: Build) -> None:
    (command,) = COMMANDS[4:]
    graph = rdflib.Graph().parse(data=shell(command, url, built), format="turtle")
    pilot = rdflib.URIRef("https://w3id.org/samenhang/id/pilot/ede-west")
    assert rdflib.Literal("Ede-West pilot", lang="en") in graph.objects(pilot, rdflib.RDFS.label)


def shell(command: str, url: str, built: Build) -> str:
    """Return what a command of the README prints when it asks the service under test."""
    program, *arguments = shlex.split(command.replace("http://127.0.0.1:8000", url))
    program = str(KG) if program == "kg" else program
    done = subprocess.run(
        [program, *arguments],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "KG_BUILD": str(built.path.parent)},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


@pytest.mark.parametrize("page", DOCS, ids=lambda page: page.name)
def test_every_link_to_a_file_leads_to_one(page: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", page.read_text())
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_queries_in_the_documentation_have_answers(store: Store) -> None:
    queries = [
        query
        for page in DOCS
        for query in re.findall(r"```sparql\n(.*?)```", page.read_text(), re.DOTALL)
    ]
    assert queries
    for query in queries:
        assert list(store.query(query, use_default_graph_as_union=True)), query


def test_the_tree_of_the_readme_is_that_of_the_checkout() -> None:
    tree = README.partition("## What is where")[2].partition("```")[2].partition("```")[0]
    for line in tree.strip().splitlines():
        folder, *entries = line.split()
        assert (ROOT / folder).is_dir(), line
        for entry in entries if folder in {"ontology/", "data/"} else ():
            assert (ROOT / folder / entry).exists(), f"{folder}{entry}"


def test_the_version_is_the_same_everywhere() -> None:
    assert f"\nversion: {kg.__version__}\n" in (ROOT / "CITATION.cff").read_text()
    assert version("samenhang") == kg.__version__
