"""Organisations that look alike are told, unless an analyst has judged them."""

from pathlib import Path

import pytest

from kg import dataset
from kg.lookalikes import are_alike, check

ALIKE = [
    ("Mee Veluwe", "MEE"),
    ("Stichting Proteion", "Proteion"),
    ("Stichting MEE Noord- en Midden-Limburg", "MEE Midden- en Noord-Limburg"),
    ("Youké", "Youke"),
    ("Lindenhout", "Lindehout"),
    ("Welzijn Punt", "Stichting Punt Welzijn"),
]
UNLIKE = [
    ("Icare", "Opella"),
    ("Malkander", "Lindenhout"),
    ("Zorggroep Noord-Limburg", "Gehandicaptenzorg Limburg"),
    ("Weert", "Nederweert"),
    ("VNG", "CZ"),
]


@pytest.mark.parametrize(("name", "other"), ALIKE)
def test_names_are_alike(name: str, other: str) -> None:
    assert are_alike(name, other)
    assert are_alike(other, name)


@pytest.mark.parametrize(("name", "other"), UNLIKE)
def test_names_are_not_alike(name: str, other: str) -> None:
    assert not are_alike(name, other)
    assert not are_alike(other, name)


PROLOGUE = """@prefix organisation: <https://w3id.org/samenhang/id/organisation/> .
@prefix org: <http://www.w3.org/ns/org#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sam: <https://w3id.org/samenhang/ontology#> .
"""
TWO = """organisation:punt a org:Organization ; rdfs:label "Punt Welzijn"@nl .
organisation:punt-welzijn a org:Organization ; rdfs:label "Stichting Punt Welzijn"@nl .
"""


def project(folder: Path, case: str, coding: str = "") -> dataset.Dataset:
    for name, text in (("cases", case), ("coding", coding)):
        (folder / "data" / name).mkdir(parents=True)
        (folder / "data" / name / "x.ttl").write_text(PROLOGUE + text, "utf-8")
    return dataset.read(folder)


def test_two_that_look_alike_are_one_finding_that_names_both(tmp_path: Path) -> None:
    report = check(project(tmp_path, TWO))
    (finding,) = report.findings
    assert report.checked == {"pairs of organisations": 1}
    assert finding.place == "data/cases/x.ttl"
    assert "organisation:punt-welzijn" in finding.message.replace(
        "https://w3id.org/samenhang/id/organisation/", "organisation:"
    )


@pytest.mark.parametrize(
    "judgement",
    [
        "[] a sam:IdentityJudgement ; sam:judges organisation:punt , organisation:punt-welzijn .",
        "organisation:punt owl:differentFrom organisation:punt-welzijn .",
    ],
)
def test_two_that_were_judged_are_none(tmp_path: Path, judgement: str) -> None:
    assert check(project(tmp_path, TWO, judgement)).findings == ()


def test_the_projects_own_organisations_are_compared_and_judged() -> None:
    report = check(dataset.read(Path(__file__).parents[1]))
    assert report.checked["pairs of organisations"] > 300
    assert report.findings == ()
