"""Every statement about a case leads to the characters that say it."""

import hashlib
from pathlib import Path

import pytest

from kg.attestations import describe, name
from kg.dataset import Dataset, read
from kg.evidence import check
from kg.findings import Report

TEXT = "De gemeente Voorbeeld en Café Om de Hoek werken samen. Vier keer per jaar. Bel 0-123."

PREFIXES = """
@base <https://w3id.org/samenhang/source/> .
@prefix sam: <https://w3id.org/samenhang/ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix org: <http://www.w3.org/ns/org#> .
@prefix c: <https://w3id.org/samenhang/id/collaboration/> .
@prefix o: <https://w3id.org/samenhang/id/organisation/> .
"""

SOURCES = f"""
<voorbeeld> a sam:SourceDocument ;
    rdfs:label "voorbeeld"@nl , "example"@en ;
    sam:characterCount {len(TEXT)} ;
    sam:sha256 "{hashlib.sha256(TEXT.encode()).hexdigest()}" ;
    sam:hasExcludedPassage <voorbeeld#char=75,{len(TEXT)}> .
"""

CASE = """
c:x a sam:Collaboration ; rdfs:label "x"@nl ; sam:hasParty o:a , o:b ; sam:memberListClosed true ;
   sam:meetingsPerYear 4 .
[] a sam:Attestation ; sam:about c:x ; sam:attests sam:hasParty ; sam:attestsValue o:a ;
   sam:inPassage <voorbeeld#char=3,21> .
[] a sam:Attestation ; sam:about c:x ; sam:attests sam:hasParty ; sam:attestsValue o:b ;
   sam:inPassage <voorbeeld#char=25,40> .
[] a sam:Attestation ; sam:about c:x ; sam:attests sam:memberListClosed ;
   sam:inPassage <voorbeeld#char=0,54> .
[] a sam:Attestation ; sam:about c:x ; sam:attests sam:meetingsPerYear ;
   sam:inPassage <voorbeeld#char=55,74> .
"""


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    folder = tmp_path / "texts"
    folder.mkdir()
    (folder / "voorbeeld.txt").write_text(TEXT)
    return folder


def dataset(tmp_path: Path, case: str = CASE, sources: str = SOURCES) -> Dataset:
    (tmp_path / "data/cases").mkdir(parents=True, exist_ok=True)
    (tmp_path / "data/cases/x.ttl").write_text(PREFIXES + case)
    (tmp_path / "data/sources.ttl").write_text(PREFIXES + sources)
    return name(read(tmp_path))


def messages(report: Report) -> list[str]:
    return [str(finding) for finding in report.findings]


def test_a_case_with_all_its_evidence_has_no_finding_and_counts_what_was_checked(
    tmp_path: Path, texts: Path
) -> None:
    report = check(dataset(tmp_path), texts)
    assert messages(report) == []
    assert report.skipped == ()
    assert report.checked == {
        "statements to attest": 6,
        "of them statements of cases": 6,
        "attestations": 4,
        "citations of passages": 4,
        "source documents": 1,
        "source texts": 1,
        "names, numbers and dates looked for": 1,
    }


def test_without_the_texts_their_comparison_is_skipped_visibly(tmp_path: Path) -> None:
    report = check(dataset(tmp_path), None)
    assert messages(report) == []
    assert "source texts" not in report.checked
    assert "KG_SOURCES" in report.skipped[0]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "sam:memberListClosed true ;",
            "sam:memberListClosed true ; sam:date 5 ;",
            "no passage attests",
        ),
        ("o:a , o:b ;", "o:a , o:b , o:c ;", "no passage attests"),
        ("o:a , o:b ;", "o:a ;", "organisation/b is attested, and not stated"),
        ("attests sam:memberListClosed", "attests sam:memberListClosed , sam:date", "not stated"),
        ("sam:about c:x ; sam:attests sam:m", "sam:about c:y ; sam:attests sam:m", "not stated"),
        ("char=0,54", f"char=0,{len(TEXT) + 1}", "lies outside the document"),
        ("char=0,54", "char=54,54", "lies outside the document"),
        ("char=0,54", "char=0,76", "excluded for the personal data"),
        ("char=0,54", "xywh=0,54", "a passage is written"),
        ("char=0,54", "char=00,054", "a passage is written"),
        ("char=0,54", "char=0,٥٤", "a passage is written"),
        ("c:x a ", "o:b rdfs:seeAlso sam:Coding ; sam:date 5 . c:x a ", "no passage attests"),
        ("c:x a ", "o:b a sam:Coding ; sam:date 5 . c:x a ", "no passage attests"),
        ("c:x a ", "o:b a sam:Attestation ; sam:date 5 . c:x a ", "no passage attests"),
        (
            "sam:attests sam:memberListClosed ;",
            "sam:attests sam:memberListClosed ; rdfs:comment 'x' ;",
            "no passage attests",
        ),
        ("<voorbeeld#char=0,54>", "<anders#char=0,54>", "describes no such document"),
    ],
)
def test_each_gap_in_the_evidence_is_found(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    assert old in CASE
    report = check(dataset(tmp_path, CASE.replace(old, new)), None)
    assert any(message in finding for finding in messages(report)), messages(report)
    assert all(finding.startswith("data/cases/x.ttl: ") for finding in messages(report))


@pytest.mark.parametrize("passage", ["0,99999", "74,80"])
def test_a_passage_of_a_coding_is_checked_too(tmp_path: Path, passage: str) -> None:
    (tmp_path / "data/coding").mkdir(parents=True)
    coding = f"c:coding a sam:Coding ; sam:inPassage <voorbeeld#char={passage}> ."
    (tmp_path / "data/coding/x.ttl").write_text(PREFIXES + coding)
    (finding,) = messages(check(dataset(tmp_path), None))
    assert finding.startswith(
        "data/coding/x.ttl: https://w3id.org/samenhang/id/collaboration/coding"
    )


@pytest.mark.parametrize(
    "excluded", ["voorbeeld#char=85,75", "voorbeelt#char=75,85", "voorbeeld#char=75,86", "x"]
)
def test_an_exclusion_that_excludes_nothing_is_found(tmp_path: Path, excluded: str) -> None:
    sources = SOURCES.replace(f"voorbeeld#char=75,{len(TEXT)}", excluded)
    assert sources != SOURCES
    (finding,) = messages(check(dataset(tmp_path, sources=sources), None))
    assert finding.startswith("data/sources.ttl: ")
    assert "excludes nothing" in finding


@pytest.mark.parametrize("count", ["2284.5", '"many"', "<urn:x>", '"٦٥"'])
def test_a_length_that_is_no_number_is_no_reason_to_fall_over(tmp_path: Path, count: str) -> None:
    sources = SOURCES.replace(f"characterCount {len(TEXT)}", f"characterCount {count}")
    assert any(
        "lies outside" in one for one in messages(check(dataset(tmp_path, sources=sources), None))
    )


def test_an_individual_with_a_label_alone_needs_an_attestation_too(tmp_path: Path) -> None:
    report = check(dataset(tmp_path, CASE + 'o:a rdfs:label "Voorbeeld"@nl .'), None)
    (finding,) = messages(report)
    assert "organisation/a" in finding
    assert "no passage attests" in finding


def test_an_attestation_in_one_graph_does_not_prove_a_statement_in_another(tmp_path: Path) -> None:
    (tmp_path / "data/coding").mkdir(parents=True)
    (tmp_path / "data/coding/x.ttl").write_text(PREFIXES + "c:x sam:memberListClosed true .")
    (finding,) = messages(check(dataset(tmp_path), None))
    assert finding.startswith("data/coding/x.ttl: ")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (f"{TEXT} ".encode(), "has 86 characters, not 85"),
        (TEXT.replace("Bel", "Mai").encode(), "another sha256"),
        (TEXT.encode("latin-1"), "cannot be read as UTF-8"),
    ],
)
def test_a_text_that_is_not_the_one_described_is_found(
    tmp_path: Path, texts: Path, text: bytes, message: str
) -> None:
    (texts / "voorbeeld.txt").write_bytes(text)
    (finding,) = messages(check(dataset(tmp_path), texts))
    assert finding.startswith("data/sources.ttl: ")
    assert message in finding


def test_a_text_that_is_absent_is_skipped_visibly(tmp_path: Path, texts: Path) -> None:
    more = '<ander> a sam:SourceDocument ; sam:characterCount 5 ; sam:sha256 "0" .'
    report = check(dataset(tmp_path, sources=SOURCES + more), texts)
    assert messages(report) == []
    assert report.checked["source texts"] == 1
    (skipped,) = report.skipped
    assert skipped.endswith("has no ander.txt")


def test_a_folder_without_any_of_the_texts_is_a_fault(tmp_path: Path) -> None:
    (fault, *_) = check(dataset(tmp_path), tmp_path / "nowhere").faults
    assert "nothing was checked" in str(fault)


def test_attestations_get_names_that_depend_on_what_they_say(tmp_path: Path) -> None:
    def names(case: str) -> set[str]:
        return {
            one.subject.value
            for one in dataset(tmp_path, case).statements
            if one.subject.value.startswith("https://w3id.org/samenhang/id/attestation/")
        }

    first = names(CASE)
    assert len(first) == 4
    assert names("\n".join(reversed(CASE.split("\n\n")))) == first
    assert len(names(CASE.replace("char=0,54", "char=0,53")) - first) == 1


def test_a_passage_has_position_document_labels_and_the_digest_of_its_code_points(
    tmp_path: Path, texts: Path
) -> None:
    described = {
        (one.predicate.value.rpartition("#")[2].rpartition("/")[2], one.object.value)
        for one in describe(dataset(tmp_path), texts)
        if "25" in one.subject.value
    }
    assert described == {
        ("type", "http://www.w3.org/ns/oa#SpecificResource"),
        ("type", "http://www.w3.org/ns/oa#TextPositionSelector"),
        ("hasSource", "https://w3id.org/samenhang/source/voorbeeld"),
        ("hasSelector", "selector-voorbeeld-25-40"),
        ("start", "25"),
        ("end", "40"),
        ("label", "voorbeeld, tekens 25–40"),
        ("label", "example, characters 25–40"),
        ("sha256", hashlib.sha256("Café Om de Hoek".encode()).hexdigest()),
    }


def test_without_the_texts_a_passage_has_no_digest(tmp_path: Path) -> None:
    described = describe(dataset(tmp_path), None)
    assert len(described) == 4 * 8 + 8 + 4 * 2  # cited, excluded, attestations
    assert not any("sha256" in one.predicate.value for one in described)


def test_an_excluded_passage_is_described_without_a_digest(tmp_path: Path, texts: Path) -> None:
    said = [one for one in describe(dataset(tmp_path), texts) if "char=75" in one.subject.value]
    assert len(said) == 5
    assert not any("sha256" in one.predicate.value for one in said)


def test_without_the_texts_a_passage_has_the_digest_it_was_sealed_with(tmp_path: Path) -> None:
    passage = "https://w3id.org/samenhang/source/voorbeeld#char=25,40"
    described = describe(dataset(tmp_path), None, {passage: "5ea1"})
    digests = [one for one in described if "sha256" in one.predicate.value]
    assert [(one.subject.value, one.object.value) for one in digests] == [(passage, "5ea1")]


NAMES = """
o:a a org:Organization ; rdfs:label "Café Om de Hoek"@nl , "Corner Café"@en .
[] a sam:Attestation ; sam:about o:a ; sam:attests rdfs:label ;
   sam:inPassage <voorbeeld#char=25,40> .
"""


@pytest.mark.parametrize(
    ("old", "new", "unread"),
    [
        ("sam:meetingsPerYear 4", "sam:meetingsPerYear 5", "5 or vijf"),
        ("char=55,74", "char=0,54", "4 or vier"),
        ("char=3,21", "char=25,40", None),
        ('"Café Om de Hoek"', '"Café Om de Hoeken"', "Café Om de Hoeken"),
        ('"Corner Café"', '"Anything at all"', None),
        ("o:a a org:Organization", "o:a a sam:Collaboration", None),
    ],
)
def test_a_name_or_number_must_be_readable_in_the_passage_cited_for_it(
    tmp_path: Path, texts: Path, old: str, new: str, unread: str | None
) -> None:
    case = (CASE + NAMES).replace("char=3,21", "char=0,40")
    assert messages(check(dataset(tmp_path, case), texts)) == []
    spoilt = (CASE + NAMES).replace("char=3,21", "char=0,40").replace(old, new)
    found = messages(check(dataset(tmp_path, spoilt), texts))
    assert bool(found) is bool(unread)
    assert all("cannot be read" in finding and str(unread) in finding for finding in found)


def test_a_value_with_a_name_must_be_named_in_its_passage(tmp_path: Path, texts: Path) -> None:
    (finding,) = messages(check(dataset(tmp_path, CASE + NAMES), texts))
    assert "sam:hasParty id:organisation/a: Café Om de Hoek cannot be read" in finding
    assert "source:voorbeeld#char=3,21" in finding


def test_an_attestation_is_labelled_by_its_passages(tmp_path: Path) -> None:
    labels = {
        one.object.value
        for one in describe(dataset(tmp_path), None)
        if "attestation" in one.subject.value
    }
    assert len(labels) == 8
    assert labels >= {
        "onderbouwing: voorbeeld, tekens 25–40",
        "attestation: example, characters 25–40",
    }


def test_a_list_that_holds_the_class_of_attestations_stays_whole(tmp_path: Path) -> None:
    """Its node says ``rdf:first sam:Attestation``, and is no attestation for that."""
    data = dataset(tmp_path, CASE + "o:c rdfs:seeAlso ( sam:Pilot sam:Attestation sam:Place ) .")
    nodes = {one.subject for one in data.statements}
    rest = [one.object for one in data.statements if one.predicate.value.endswith("#rest")]
    assert len(rest) == 3
    assert sum(node in nodes for node in rest) == 2
