"""A seal breaks when a statement, a passage or a text changes after it was compared."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode

from kg import attestations, dataset, seals
from kg.dataset import Dataset, Statement
from kg.errors import DataError
from kg.namespaces import term

ROOT = Path(__file__).parents[1]
CASES = ("de-kleine-schans", "ede-west", "midden-limburg-west", "samen-ermelo", "village-deals")
TEXT = "In de buurt Zonnehoek werken Zorggroep Ster en gemeente Veldstad samen, vier keer per jaar."


def named(project: Path) -> Dataset:
    return attestations.name(dataset.read(project))


@pytest.fixture
def tiny(tmp_path: Path) -> tuple[Path, Path]:
    """A project of one case, and the folder of its text."""
    (tmp_path / "project/data/cases").mkdir(parents=True)
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts/x.txt").write_text(TEXT, "utf-8")
    prologue = """@base <https://w3id.org/samenhang/source/> .
@prefix body: <https://w3id.org/samenhang/id/body/> .
@prefix sam: <https://w3id.org/samenhang/ontology#> .
"""
    (tmp_path / "project/data/cases/x.ttl").write_text(
        f"""{prologue}body:x a sam:SteeringBody ; sam:meetingsPerYear 4 .
[] a sam:Attestation ; sam:about body:x ; sam:attests sam:meetingsPerYear ;
   sam:inPassage <x#char=72,90> .
"""
    )
    digest = hashlib.sha256(TEXT.encode()).hexdigest()
    (tmp_path / "project/data/sources.ttl").write_text(
        f"""{prologue}<x> a sam:SourceDocument ; sam:characterCount {len(TEXT)} ;
  sam:sha256 "{digest}" ."""
    )
    return tmp_path / "project", tmp_path / "texts"


def findings(project: Path, texts: Path | None) -> list[str]:
    return [str(finding) for finding in seals.check(named(project), texts, project).findings]


def test_an_unsealed_case_says_how_to_seal_it(tiny: tuple[Path, Path]) -> None:
    (finding,) = findings(*tiny)
    assert "is not sealed" in finding
    assert "kg seal x" in finding


def test_a_sealed_case_has_no_finding_with_and_without_its_text(tiny: tuple[Path, Path]) -> None:
    project, texts = tiny
    (path,) = seals.write(named(project), texts, project, ["x"])
    assert path == project / "data/seals/x.sha256"
    digest = hashlib.sha256(b"vier keer per jaar").hexdigest()
    assert f"{digest}  source/x#char=72,90\n" in path.read_text()
    assert findings(project, texts) == []
    assert findings(project, None) == []
    assert seals.check(named(project), texts, project).checked == {"seals": 3}


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda text: text.replace("meetingsPerYear 4", "meetingsPerYear 5"), "has changed"),
        (lambda text: text.replace("72,90", "71,90"), "is not under the seal"),
        (lambda text: text.replace("body:x", "body:y"), "in the data no more"),
        (lambda text: text + "body:z a sam:SteeringBody .", "is not under the seal"),
    ],
)
def test_a_change_breaks_the_seal(
    tiny: tuple[Path, Path], change: Callable[[str], str], fault: str
) -> None:
    project, texts = tiny
    seals.write(named(project), texts, project, ["x"])
    file = project / "data/cases/x.ttl"
    file.write_text(change(file.read_text()))
    found = findings(project, None)
    assert any(fault in finding for finding in found), found


def test_a_change_of_the_text_breaks_the_seal(tiny: tuple[Path, Path]) -> None:
    project, texts = tiny
    seals.write(named(project), texts, project, ["x"])
    (texts / "x.txt").write_text(TEXT.replace("vier", "tien"), "utf-8")
    assert any("char=72,90: has changed" in finding for finding in findings(project, texts))


def test_a_seal_whose_case_is_gone_is_found(tiny: tuple[Path, Path]) -> None:
    project, texts = tiny
    seals.write(named(project), texts, project, ["x"])
    (project / "data/cases/x.ttl").unlink()
    (finding,) = findings(project, texts)
    assert finding.startswith("data/seals/x.sha256: x: has a seal, and is in the data no more")


def test_a_change_of_the_source_entry_breaks_the_seal(tiny: tuple[Path, Path]) -> None:
    project, texts = tiny
    seals.write(named(project), texts, project, ["x"])
    file = project / "data/sources.ttl"
    file.write_text(file.read_text() + "<x> sam:hasExcludedPassage <x#char=0,2> .")
    (finding,) = findings(project, None)
    assert finding.startswith("data/sources.ttl: https://w3id.org/samenhang/source/x: has changed")


def test_nothing_is_sealed_without_the_text(tiny: tuple[Path, Path], tmp_path: Path) -> None:
    project, _ = tiny
    with pytest.raises(DataError, match="char=72,90"):
        seals.write(named(project), tmp_path, project, ["x"])
    assert not (project / "data/seals").exists()


def test_the_sealed_digests_describe_the_passages_where_the_texts_are_absent() -> None:
    data = named(ROOT)
    sealed = seals.passages(ROOT)
    cited = {one.object.value for one in data.statements if one.predicate == term("sam:inPassage")}
    assert len(cited) > 100
    assert cited <= sealed.keys()
    described = attestations.describe(data, None, sealed)
    digests = {one.subject.value: one.object for one in described if one.predicate == SHA256}
    assert digests == {iri: Literal(sealed[iri]) for iri in cited}


SHA256 = term("sam:sha256")


@dataclass(frozen=True)
class Case:
    """A case's own files: enough of the project for its seal, which ``folder`` holds."""

    data: Dataset
    folder: Path

    def is_sealed(self, statements: Iterator[Statement] | list[Statement]) -> bool:
        """Tell whether the seal holds with these statements for those of the case."""
        (file,) = (file for file in self.data.files if file.path.startswith("data/cases/"))
        changed = replace(file, statements=tuple(statements))
        others = tuple(one for one in self.data.files if one != file)
        data = attestations.name(Dataset((*others, changed)))
        return not seals.check(data, None, self.folder).findings


@pytest.fixture(scope="module", params=CASES)
def case(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Case:
    slug = request.param
    folder = tmp_path_factory.mktemp("sealed")
    (folder / "data/seals").mkdir(parents=True)
    seal = f"data/seals/{slug}.sha256"
    (folder / seal).write_bytes((ROOT / seal).read_bytes())
    names = (f"data/cases/{slug}.ttl", f"data/coding/{slug}.ttl", "data/sources.ttl")
    files = tuple(file for file in dataset.read(ROOT).files if file.path in names)
    return Case(Dataset(files), folder)


def own(case: Case) -> list[Statement]:
    (file,) = (file for file in case.data.files if file.path.startswith("data/cases/"))
    return list(file.statements)


TRIED = 40  # statements of each case, evenly spread


def test_a_case_is_sealed(case: Case) -> None:
    assert case.is_sealed(own(case))


def test_a_statement_taken_out_added_or_changed_breaks_the_seal(case: Case) -> None:
    statements = own(case)
    step = max(1, len(statements) // TRIED)
    other = NamedNode("https://w3id.org/samenhang/id/organisation/icare-two")
    for number in range(0, len(statements), step):
        one = statements[number]
        rest = statements[:number] + statements[number + 1 :]
        for changed in (
            rest,
            [*rest, one._replace(object=other)],
            [*rest, one._replace(predicate=term("sam:about-two"))],
            [*rest, one, one._replace(object=other)],
        ):
            assert not case.is_sealed(changed), one


def test_an_offset_that_is_off_by_one_breaks_the_seal(case: Case) -> None:
    statements = own(case)
    citing = [one for one in statements if one.predicate == term("sam:inPassage")]
    assert citing
    for one in citing[:: max(1, len(citing) // TRIED)]:
        start, _, end = one.object.value.partition("=")[2].partition(",")
        document = one.object.value.partition("#")[0]
        for offsets in (f"{int(start) + 1},{end}", f"{start},{int(end) - 1}"):
            moved = one._replace(object=NamedNode(f"{document}#char={offsets}"))
            rest = [other for other in statements if other != one]
            assert not case.is_sealed([*rest, moved]), one
