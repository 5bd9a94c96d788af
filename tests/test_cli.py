"""The command line, run as its users run it."""

import json
import os
import pty
import re
import subprocess
from pathlib import Path

import pytest

from kg.build import Build
from serving import KG, ROOT

PARTIES = ROOT / "queries/agreements/parties.rq"


def kg(
    *arguments: object, stdin: str = "", cwd: Path = ROOT, **settings: object
) -> subprocess.CompletedProcess[str]:
    variables = {f"KG_{name.upper()}": str(value) for name, value in settings.items()}
    return subprocess.run(
        [KG, *map(str, arguments)],
        input=stdin,
        cwd=cwd,
        env={**os.environ, "COLUMNS": "100", **variables},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def folder(built: Build) -> Path:
    return built.path.parent


def test_help_names_the_commands_and_what_they_do() -> None:
    shown = kg("--help").stdout
    for command in ("build", "serve", "query"):
        assert command in shown
    assert "KG_*" in shown


@pytest.mark.parametrize("command", ["build", "serve", "query"])
def test_every_command_explains_itself(command: str) -> None:
    shown = kg(command, "--help")
    assert shown.returncode == 0
    assert "Usage: kg" in shown.stdout


def test_build_says_what_it_made_and_what_it_checked(project: Path, tmp_path: Path) -> None:
    done = kg("build", "--project", project, "--out", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    version = (tmp_path / "out" / "current").resolve().name
    assert f"version {version}" in done.stdout
    assert re.search(r"checked [1-9]\d* attestations", done.stderr)


def test_build_shows_what_it_had_to_skip(project: Path, tmp_path: Path) -> None:
    done = kg("build", "--project", project, "--out", tmp_path / "out", sources="")
    assert "KG_SOURCES" in done.stderr


def test_a_failed_build_ends_with_1_and_names_the_place_without_a_trace(
    project: Path, tmp_path: Path
) -> None:
    (project / "data/cases/broken.ttl").write_text("<urn:a> <urn:b>\n; .")
    done = kg("build", "--project", project, "--out", tmp_path / "out")
    assert done.returncode == 1
    assert f"{project}/data/cases/broken.ttl:2:" in done.stderr
    assert "Traceback" not in done.stderr


def test_findings_are_printed_to_the_letter(project: Path, tmp_path: Path) -> None:
    (project / "data/cases/x.ttl").write_text("<urn:a:b> <urn:c> '[red]' .")
    done = kg("build", "--project", project, "--out", tmp_path / "out")
    assert done.returncode == 1
    assert done.stderr.startswith('data/cases/x.ttl: urn:a:b: no passage attests urn:c "[red]"')


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"port": "http"}, "KG_PORT: Input should be a valid integer"),
        ({"query_timeout": "-1"}, "KG_QUERY_TIMEOUT: Input should be greater than 0"),
        ({"default_graph": "none"}, "KG_DEFAULT_GRAPH: Input should be 'union' or 'strict'"),
    ],
)
def test_a_setting_that_does_not_fit_ends_with_2_and_is_named(
    settings: dict[str, str], message: str
) -> None:
    done = kg("query", PARTIES, **settings)
    assert done.returncode == 2
    assert message in " ".join(done.stderr.replace("│", "").split())


def test_a_query_gives_csv_where_there_is_no_terminal(folder: Path) -> None:
    done = kg("query", PARTIES, build=folder)
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) == 10
    assert "Youké" in done.stdout


def test_a_query_gives_triples_as_turtle(folder: Path) -> None:
    text = "DESCRIBE <https://w3id.org/samenhang/id/pilot/ede-west>"
    done = kg("query", "-", stdin=text, build=folder)
    assert '"2017-09-14"' in done.stdout


def test_a_query_gives_the_format_that_is_named(folder: Path) -> None:
    done = kg("query", "-", "--format", "json", stdin="ASK {}", build=folder)
    assert json.loads(done.stdout) == {"head": {}, "boolean": True}
    done = kg("query", "-", "--format", "turtle", stdin="ASK {}", build=folder)
    assert done.returncode == 1
    assert "acceptable" in done.stderr
    done = kg("query", "-", "--format", "pdf", stdin="ASK {}", build=folder)
    assert done.returncode == 2
    assert "format is one of" in done.stderr


def test_a_query_gives_a_table_with_short_names_in_a_terminal(folder: Path) -> None:
    shown, screen = pty.openpty()
    text = "SELECT ?pilot ?start { ?pilot <https://w3id.org/samenhang/ontology#startDate> ?start }"
    subprocess.run(
        [KG, "query", "-"],
        input=text.encode(),
        stdout=screen,
        env={**os.environ, "KG_BUILD": str(folder), "COLUMNS": "100", "TERM": "dumb"},
        check=True,
    )
    table = os.read(shown, 10_000).decode()
    assert "id:pilot/ede-west" in table
    assert "2017-09-14" in table
    assert "https://" not in table


@pytest.mark.parametrize(
    ("text", "message"),
    [("SELECT * {", "expected"), ("SELECT * { SERVICE <urn:x> {} }", "SERVICE")],
)
def test_a_query_that_is_refused_ends_with_1_and_says_why(
    folder: Path, text: str, message: str
) -> None:
    done = kg("query", "-", stdin=text, build=folder)
    assert done.returncode == 1
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_a_syntax_error_names_its_line_and_column(folder: Path, url: str) -> None:
    text = "SELECT * {\n  ?s foo:bar ?o }"
    for arguments in ([], ["--endpoint", f"{url}/sparql"]):
        done = kg("query", "-", *arguments, stdin=text, build=folder)
        assert done.stderr.startswith("line 2, column 6: ")


def test_what_is_no_text_and_where_nothing_can_be_written_is_said_without_a_trace(
    project: Path, tmp_path: Path, folder: Path
) -> None:
    (tmp_path / "query.rq").write_bytes(b"ASK { \xff }")
    done = kg("query", tmp_path / "query.rq", build=folder)
    assert done.returncode == 2
    assert "not UTF-8" in done.stderr
    done = kg("build", "--project", project, "--out", "/proc/nowhere")
    assert done.returncode == 1
    assert "/proc/nowhere" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_query_can_go_to_an_endpoint(url: str) -> None:
    done = kg("query", PARTIES, "--endpoint", f"{url}/sparql")
    assert len(done.stdout.splitlines()) == 10
    done = kg("query", "-", "--endpoint", f"{url}/sparql", stdin="SELECT")
    assert done.returncode == 1
    assert "400" in done.stderr
    assert "expected" in done.stderr


def test_an_endpoint_that_is_not_there_is_named() -> None:
    done = kg("query", PARTIES, "--endpoint", "http://127.0.0.1:1/sparql")
    assert done.returncode == 1
    assert "http://127.0.0.1:1/sparql cannot be reached" in done.stderr


def test_a_question_of_the_library_is_asked_by_its_name(folder: Path) -> None:
    done = kg("query", "parties", build=folder)
    assert done.stdout == kg("query", PARTIES, build=folder).stdout
    assert len(done.stdout.splitlines()) == 10


@pytest.mark.parametrize(
    "collaboration",
    [
        "samen-ermelo",
        "collaboration:samen-ermelo",
        "https://w3id.org/samenhang/id/collaboration/samen-ermelo",
    ],
)
def test_a_parameter_is_named_by_the_end_of_its_iri_or_the_whole(
    folder: Path, collaboration: str
) -> None:
    arguments = ("--param", f"collaboration={collaboration}", "--param", "language=nl")
    done = kg("query", "members", *arguments, build=folder)
    assert "UWOON" in done.stdout
    assert "Youké" not in done.stdout
    assert "huisartsen" not in done.stdout


def test_a_file_with_metadata_takes_parameters_too(folder: Path) -> None:
    arguments = ("--param", "agreement=midden-limburg-west-declaration")
    done = kg("query", PARTIES, *arguments, build=folder)
    assert len(done.stdout.splitlines()) == 19


def test_a_question_from_standard_input_takes_parameters_too(folder: Path) -> None:
    arguments = ("--param", "agreement=midden-limburg-west-declaration")
    done = kg("query", "-", *arguments, stdin=Path(PARTIES).read_text(), build=folder)
    assert done.stdout == kg("query", PARTIES, *arguments, build=folder).stdout
    assert len(done.stdout.splitlines()) == 19


def test_a_question_with_parameters_can_go_to_an_endpoint(url: str) -> None:
    arguments = ("--param", "agreement=midden-limburg-west-declaration")
    done = kg("query", "parties", *arguments, "--endpoint", f"{url}/sparql")
    assert len(done.stdout.splitlines()) == 19


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["partie"], "perhaps parties"),
        (["parties", "--param", "agreement"], "takes name=value"),
        (["parties", "--param", "agreement=ede-west"], "Perhaps ede-west-declaration"),
        (["parties", "--param", "year=2017"], "no parameter"),
        (["-", "--param", "a=b"], "no metadata"),
    ],
)
def test_what_is_no_question_or_value_is_told_with_what_may_be_meant(
    folder: Path, arguments: list[str], message: str
) -> None:
    done = kg("query", *arguments, stdin="ASK {}", build=folder)
    assert done.returncode in (1, 2)
    words = re.sub(r"[\s│]+", " ", done.stderr)
    assert message in words
    assert "Traceback" not in done.stderr


def test_the_questions_are_listed_by_words() -> None:
    shown = kg("queries").stdout
    assert len(shown.splitlines()) > 30
    assert "parties" in shown
    found = kg("queries", "declaratie", "zzz")
    assert found.returncode == 1
    assert "No question has these words" in found.stdout
    assert "agreement" in kg("queries", "OVEREENKOMST", "partij").stdout
