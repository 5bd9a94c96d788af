"""The scaffold of a case: complete, laid out, rejected until it is filled in, all or nothing."""

import hashlib
import shutil
import subprocess
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse

from kg import scaffold
from kg.checking import check
from kg.errors import DataError
from kg.findings import Finding
from kg.formatting import formatted
from kg.settings import Settings
from serving import KG, ROOT

SLUG = "zuid-samen"
TEXT = "Bron.\n\nSamen in ‘Zuid’ é\n\nDe gemeente Soest tekent met Ængel."
TITLE = "Samen in 'Zuid' é"
CODEBOOK = "https://w3id.org/samenhang/concept/codebook/"
REGISTERS = "\n# Registers\n"
FILES = (f"data/cases/{SLUG}.ttl", f"data/coding/{SLUG}.ttl", "data/sources.ttl")


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    """A folder with the text of a source."""
    folder = tmp_path / "sources"
    folder.mkdir()
    (folder / f"{SLUG}.txt").write_text(TEXT, "utf-8")
    return folder


def texts(project: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in project.rglob("*") if path.is_file()}


def test_a_new_case_has_a_file_for_what_is_stated_one_for_what_is_coded_and_a_source(
    project: Path,
) -> None:
    written = scaffold.new_case(Settings(project=project, sources=None), SLUG)
    assert [path.relative_to(project).as_posix() for path in written] == list(FILES)
    case = (project / FILES[0]).read_text("utf-8")
    for term in ("sam:Collaboration", "sam:Agreement", "org:Membership", "sam:Attestation"):
        assert f"    a {term} ;" in case, term
    for term in ("sam:Pilot", "sam:Event", "sam:Place", "sam:FinancingArrangement"):
        assert f"#     a {term} ;" in case, term


def test_the_files_are_laid_out_and_nothing_else_in_the_sources_is_touched(project: Path) -> None:
    path = project / FILES[2]
    path.write_text(formatted(path), "utf-8")
    before = path.read_text("utf-8")
    scaffold.new_case(Settings(project=project, sources=None), SLUG)
    for file in FILES:
        assert formatted(project / file) == (project / file).read_text("utf-8"), file
    after = path.read_text("utf-8")
    start = after.index(f"<{SLUG}>")
    end = after.index(REGISTERS) + 1
    assert after[:start] + after[end:] == before


def test_a_source_is_entered_at_the_end_where_no_registers_follow(project: Path) -> None:
    path = project / FILES[2]
    path.write_text(path.read_text("utf-8").partition(REGISTERS)[0], "utf-8")
    path.write_text(formatted(path), "utf-8")
    scaffold.new_case(Settings(project=project, sources=None), SLUG)
    assert formatted(path) == path.read_text("utf-8")
    assert path.read_text("utf-8").rpartition("\n<")[2].startswith(f"{SLUG}>")


def test_the_coding_starts_with_every_variable_of_the_codebook_as_not_stated(project: Path) -> None:
    scaffold.new_case(Settings(project=project, sources=None), SLUG)
    triples = parse((project / FILES[1]).read_bytes(), RdfFormat.TURTLE)
    coded = {
        one.object.value.removeprefix(CODEBOOK)
        for one in triples
        if one.predicate.value.endswith("#codesVariable")
    }
    assert coded == {f"v{number:02}" for number in range(1, 27)}
    assert "codebook:v07 ,  # scope: cooperation-scope" in (project / FILES[1]).read_text("utf-8")


def test_with_the_text_at_hand_length_digest_and_place_of_the_title_are_filled_in(
    project: Path, sources: Path
) -> None:
    scaffold.new_case(Settings(project=project, sources=sources), SLUG, TITLE)
    entry = (project / FILES[2]).read_text("utf-8").partition(f"\n<{SLUG}>\n")[2]
    assert f"sam:characterCount {len(TEXT)} ;" in entry
    assert hashlib.sha256(TEXT.encode()).hexdigest() in entry
    start = TEXT.index("Samen")
    assert f"<{SLUG}#char={start},{start + len(TITLE)}>" in entry
    found = check(Settings(project=project, sources=sources), [project / FILES[2]]).faults
    assert [one for one in found if SLUG in one.focus] == []


def test_without_the_text_the_check_asks_for_length_digest_and_title(project: Path) -> None:
    scaffold.new_case(Settings(project=project, sources=None), SLUG)
    found = check(Settings(project=project, sources=None), [project / FILES[2]]).faults
    messages = "\n".join(one.message for one in found if one.focus.endswith(f"/{SLUG}"))
    for lacking in ("has a title", "character count", "SHA-256"):
        assert lacking in messages, lacking


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> list[Finding]:
    """What the check finds in the files of a new case that nobody has filled in."""
    folder = tmp_path_factory.mktemp("new")
    project = folder / "project"
    for part in ("ontology", "data", "queries"):
        shutil.copytree(ROOT / part, project / part)
    (folder / f"{SLUG}.txt").write_text(TEXT, "utf-8")
    settings = Settings(project=project, sources=folder)
    scaffold.new_case(settings, SLUG, TITLE)
    return check(settings, [project / file for file in FILES[:2]]).faults


@pytest.mark.parametrize(
    ("file", "message", "focus"),
    [
        (FILES[0], "municipality/fill-in", f"id/collaboration/{SLUG}"),
        (FILES[0], "role/fill-in", f"id/membership/{SLUG}-fill-in"),
        (FILES[0], "lies outside the document", "id/attestation/"),
        (FILES[0], "fill-in cannot be read", "id/organisation/fill-in"),
        (FILES[0], "is not sealed", SLUG),
        (FILES[1], "one Dutch and one English rationale", f"id/coding/{SLUG}-not-stated"),
    ],
)
def test_the_check_rejects_what_is_not_filled_in(
    found: list[Finding], file: str, message: str, focus: str
) -> None:
    own = [one for one in found if message in one.message and focus in one.focus]
    assert [one for one in own if one.place == file and one.line]


def test_a_case_that_is_filled_in_lacks_its_seal_only(project: Path, sources: Path) -> None:
    settings = Settings(project=project, sources=sources)
    scaffold.new_case(settings, SLUG, TITLE)
    filled = {
        "municipality:fill-in": "municipality:soest",
        "role:fill-in": "role:signatory",
        "organisation:fill-in": "organisation:aengel",
        f"membership:{SLUG}-fill-in": f"membership:{SLUG}-aengel",
        '"fill-in': '"Ængel',
        "#char=0,0>": f"#char={TEXT.index('De gemeente')},{len(TEXT)}>",
        '    # sam:rationale\n    #     "Ængel"@nl ,\n    #     "Ængel"@en ;\n': (
            '    sam:rationale "Gelezen."@nl , "Read."@en ;\n'
        ),
    }
    for file in FILES[:2]:
        text = (project / file).read_text("utf-8")
        for placeholder, value in filled.items():
            text = text.replace(placeholder, value)
        (project / file).write_text(text, "utf-8")
    left = check(settings, [project / file for file in FILES[:2]]).faults
    assert [(one.check, one.message) for one in left] == [("seal", "is not sealed")]


def test_a_title_keeps_its_quotation_marks_and_its_backslashes(project: Path) -> None:
    title = 'Samen "thuis" \\ in Zuid'
    scaffold.new_case(Settings(project=project, sources=None), SLUG, title)
    triples = parse((project / FILES[2]).read_bytes(), RdfFormat.TURTLE)
    assert title in {one.object.value for one in triples if "title" in one.predicate.value}


@pytest.mark.parametrize("slug", ["Zuid", "zuid_samen", "-zuid", "zuid--samen", "../zuid", "", "é"])
def test_a_malformed_slug_is_refused_and_nothing_is_written(project: Path, slug: str) -> None:
    before = texts(project)
    with pytest.raises(DataError, match="lower case ASCII"):
        scaffold.new_case(Settings(project=project, sources=None), slug)
    assert texts(project) == before


@pytest.mark.parametrize("slug", ["ede-west", "identities", "geonames"])
def test_a_slug_that_is_taken_is_refused_and_nothing_is_written(project: Path, slug: str) -> None:
    before = texts(project)
    with pytest.raises(DataError, match="already"):
        scaffold.new_case(Settings(project=project, sources=None), slug)
    assert texts(project) == before


@pytest.mark.parametrize(
    ("content", "title", "message"),
    [
        (None, "", "is missing"),
        (b"\xff\xfe", "", "not UTF-8 at byte 0"),
        (b" \n", "", "holds no text"),
        ("cafe\u0301".encode(), "", "normalization form C"),
        (TEXT.encode(), "Samen in Noord", "does not have the title"),
        (TEXT.encode(), "Samen\x07", "cannot be read"),
    ],
)
def test_a_text_that_cannot_be_used_is_refused_and_nothing_is_written(
    project: Path, sources: Path, content: bytes | None, title: str, message: str
) -> None:
    path = sources / f"{SLUG}.txt"
    path.unlink() if content is None else path.write_bytes(content)
    before = texts(project)
    with pytest.raises(DataError, match=message):
        scaffold.new_case(Settings(project=project, sources=sources), SLUG, title)
    assert texts(project) == before


def test_nothing_is_left_half_written(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = texts(project)

    def fail(*_: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OSError, match="disk is full"):
        scaffold.new_case(Settings(project=project, sources=None), SLUG)
    assert texts(project) == before


def test_the_copy_in_the_package_is_not_written_to() -> None:
    package = Path(scaffold.__file__).parent / "share"
    with pytest.raises(DataError, match="KG_PROJECT"):
        scaffold.new_case(Settings(project=package, sources=None), SLUG)


def test_the_command_names_the_files_and_what_is_to_be_filled_in(project: Path) -> None:
    command = [KG, "new", "case", SLUG, "--project", project]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env={}, check=True)
    assert done.stdout.split() == [str(project / file) for file in FILES]
    assert "KG_SOURCES is not set" in done.stderr
    again = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env={}, check=False)
    assert again.returncode == 1
    assert "exists already" in again.stderr
    assert "Traceback" not in again.stderr
