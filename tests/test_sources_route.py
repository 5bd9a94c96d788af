"""Sources have pages and data, which show what passages attest, and never personal data."""

import hashlib
import os
import re
from html.parser import HTMLParser
from pathlib import Path

import httpx
import pytest
from fastapi import APIRouter
from pyoxigraph import NamedNode, RdfFormat, Store, parse

from kg.dataset import canonical
from kg.deployment import Deployment
from kg.quotations import Quotations
from kg.routes import sources
from kg.routes.documents import SUFFIXES, Documents
from kg.texts import read
from storing import Ask, asking, trig

SOURCE = "https://w3id.org/samenhang/source/"
GRAPH = "https://w3id.org/samenhang/graph/"
PERSONAL = "mevrouw P. Voorbeeld, 000-0000000"
TITLE = "Buurtpact <Zonneveld>"
NAME = "«De Schakel»"
TEXT = (
    f"🌻 {TITLE}\n\nGemeente en  stichting {NAME} tekenen op 3 mei 2031.\n"
    f"Vragen? Bel {PERSONAL}.\nEinde.\n"
)
REAL = os.environ.get("KG_SOURCES", "")
PLACES = ["/source", "/nl/source", "/source/zonneveld", "/nl/source/zonneveld"]


def place(words: str) -> str:
    start = TEXT.index(words)
    return f"{start},{start + len(words)}"


def passage(words: str) -> str:
    start, end = place(words).split(",")
    return f"""
        <zonneveld#char={start},{end}> a oa:SpecificResource ; oa:hasSource <zonneveld> ;
            rdfs:label "passage {start}–{end}"@en ;
            oa:hasSelector [ a oa:TextPositionSelector ; oa:start {start} ; oa:end {end} ] .
    """


DATA = f"""
    BASE <{SOURCE}>
    PREFIX dcat: <http://www.w3.org/ns/dcat#>
    PREFIX dcterms: <http://purl.org/dc/terms/>
    PREFIX graph: <{GRAPH}>
    PREFIX id: <https://w3id.org/samenhang/id/>
    PREFIX oa: <http://www.w3.org/ns/oa#>
    PREFIX org: <http://www.w3.org/ns/org#>
    PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
    PREFIX sam: <https://w3id.org/samenhang/ontology#>
    PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
    GRAPH graph:sources {{
        <zonneveld> a sam:SourceDocument ; dcterms:title "{TITLE}"@nl ;
            rdfs:label "report on Zonneveld"@en , "bericht over Zonneveld"@nl ;
            dcterms:language <http://publications.europa.eu/resource/authority/language/NLD> ;
            dcterms:issued "2031-05-04"^^xsd:date ; sam:characterCount {len(TEXT)} ;
            sam:sha256 "{hashlib.sha256(TEXT.encode()).hexdigest()}" ;
            sam:hasExcludedPassage <zonneveld#char={place(PERSONAL)}> .
        <lijst> a dcat:Dataset ; rdfs:label "Register of bodies"@en , "Lijst"@nl ;
            dcterms:description "Een lijst."@nl , "A list."@en ;
            dcat:landingPage <https://example.org/lijst> .
        id:attestation\\/0 a sam:Attestation ; sam:about <zonneveld> ;
            sam:attests dcterms:title ; sam:inPassage <zonneveld#char={place(TITLE)}> .
    }}
    GRAPH graph:case\\/zonneveld {{
        id:collaboration\\/pact a sam:Collaboration ; rdfs:label "Zonneveld pact"@en ;
            sam:documentedIn <zonneveld> ; sam:boundBy id:agreement\\/a , id:agreement\\/b .
        id:collaboration\\/part a sam:Collaboration ; rdfs:label "part of it"@en ;
            sam:documentedIn <zonneveld> ; org:subOrganizationOf id:collaboration\\/pact .
        id:agreement\\/a rdfs:label "agreement A"@en .
        id:agreement\\/b rdfs:label "agreement B"@en .
        id:attestation\\/1 a sam:Attestation ; sam:about id:collaboration\\/pact ;
            sam:attests sam:boundBy ; sam:attestsValue id:agreement\\/a ;
            sam:inPassage <zonneveld#char={place(NAME)}> .
    }}
    GRAPH graph:coding\\/zonneveld {{
        id:coding\\/v01 a sam:Coding ; rdfs:label "V01 of Zonneveld"@en ;
            sam:codesCase id:collaboration\\/pact ; sam:codesVariable <../concept/codebook/v01> ;
            sam:hasCodedValue <../concept/size/small> ; sam:codedNumber 2031 ;
            sam:inPassage <zonneveld#char={place(NAME)}> .
    }}
    GRAPH graph:ontology {{
        <../concept/codebook/v01> rdfs:label "size"@en .
        <../concept/size/small> rdfs:label "small"@en .
    }}
    GRAPH graph:reference\\/bodies {{
        {"".join(f"id:body{chr(92)}/{at} dcterms:source <lijst> ." for at in range(101))}
    }}
    GRAPH graph:evidence {{ {passage(TITLE)} {passage(NAME)} {passage(PERSONAL)} }}
"""


class Parts(HTMLParser):
    """The text of a page, the ids in it, and what stands in the source text and its marks."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text, self.source, self.marked = "", "", ""
        self.ids: list[str] = []
        self.edges: list[tuple[int, int]] = []
        self._open: list[tuple[str, str]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        own = {name: value or "" for name, value in attrs}
        self._open.append((tag, own.get("class", "")))
        self.ids += [own["id"]] if "id" in own else []
        if "data-start" in own:
            self.edges.append((int(own["data-start"]), int(own["data-end"])))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        self.text += data
        if any("source-text" in classes for _, classes in self._open):
            self.source += data
            self.marked += data if any(tag == "mark" for tag, _ in self._open) else ""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "zonneveld.txt").write_bytes(TEXT.encode())
    return tmp_path


def asked(folder: Path | None, store: Store | None = None) -> Ask:
    def router(deployment: Deployment, documents: Documents) -> APIRouter:
        return sources.router(deployment, documents, Quotations(folder, glance=0))

    return asking(store or trig(DATA), router)


def page(ask: Ask, path: str) -> Parts:
    answer = ask(path)
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    return Parts(answer.text)


def squeezed(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/source", ["Sources", "report on Zonneveld", "4\xa0May\xa02031", "Register of bodies"]),
        ("/source", ["2 passages", "2 statements attested", "1 judgement of an analyst"]),
        ("/source", ["A list.", "101 things described", "available", "Zonneveld pact"]),
        ("/nl/source", ["Bronnen", "bericht over Zonneveld", "4\xa0mei\xa02031", "Lijst"]),
        ("/nl/source", ["2 passages", "2 onderbouwde uitspraken", "Een lijst.", "beschikbaar"]),
    ],
)
def test_the_list_tells_of_documents_and_of_registers(
    folder: Path, path: str, expected: list[str]
) -> None:
    shown = page(asked(folder), path)
    assert [words for words in expected if words not in shown.text] == []
    assert "part of it" not in shown.text


def test_a_page_of_the_list_tells_of_what_is_on_it_alone() -> None:
    data = "".join(
        f"<{SOURCE}{at:03}> a <https://w3id.org/samenhang/ontology#SourceDocument> ."
        for at in range(sources.ON_A_PAGE + 1)
    )
    ask, words = asked(None, trig(f"<{GRAPH}sources> {{ {data} }}")), read("en")["source"]
    for path in ("/source", "/source?page=2"):
        shown = page(ask, path)
        assert words["documents_lead"] in shown.text
        assert words["no_registers"] not in shown.text
        assert "of 2" in shown.text, "the pager is there"
    assert words["no_registers"] in page(asked(None, trig("<urn:s> <urn:p> 1 .")), "/source").text


def test_a_page_has_the_whole_text_as_it_stands(folder: Path) -> None:
    shown = page(asked(folder), "/source/zonneveld")
    left_out = read("en")["thing"]["left_out"]
    assert shown.source == TEXT.replace(PERSONAL, left_out)
    covered = [at for start, end in shown.edges for at in range(start, end)]
    assert covered == list(range(len(TEXT)))
    assert {int(words) for words in place(NAME).split(",")} <= {edge for edge, _ in shown.edges}
    assert 'class="source-text" lang="nl"' in asked(folder)("/source/zonneveld").text


@pytest.mark.parametrize("at_hand", [True, False])
def test_every_passage_has_an_anchor_of_its_own(folder: Path, at_hand: bool) -> None:
    shown = page(asked(folder if at_hand else None), "/source/zonneveld")
    wanted = [f"char={place(words)}" for words in (TITLE, NAME, PERSONAL)]
    assert [one for one in shown.ids if one.startswith("char=")] == wanted
    assert len(shown.ids) == len(set(shown.ids))


def test_every_passage_of_the_dataset_has_its_place_on_a_page(store: Store) -> None:
    ask = asked(None, store)
    has_source = NamedNode("http://www.w3.org/ns/oa#hasSource")
    found: dict[str, set[str]] = {}
    for quad in store.quads_for_pattern(None, has_source, None):
        document, _, fragment = quad.subject.value.partition("#")
        found.setdefault(document.removeprefix(SOURCE), set()).add(fragment)
    assert sum(map(len, found.values())) > 200
    for slug, fragments in found.items():
        assert fragments == {
            one for one in page(ask, f"/source/{slug}").ids if one.startswith("char=")
        }


def test_a_document_of_which_no_text_is_described_has_a_page_too() -> None:
    data = re.sub("sam:(characterCount|sha256|hasExcludedPassage)", "sam:other", DATA)
    shown = page(asked(None, trig(data)), "/source/zonneveld?char=1,2")
    assert read("en")["source"]["notice_absent"] in shown.text
    assert f"char={place(NAME)}" in shown.ids


def test_a_passage_is_shown_with_what_it_attests_and_what_was_judged_by_it(folder: Path) -> None:
    html = asked(folder)("/source/zonneveld").text
    own = html.partition(f'id="char={place(NAME)}"')[2].partition("</article>")[0]
    text = squeezed(Parts(own).text)
    assert NAME in text
    assert "Attests 1 statement Zonneveld pact" in text
    assert "agreement A stated" in text
    assert "agreement B" not in text, "the attestation names the value"
    assert "1 judgement rests on it size: 2,031, small coded" in text or (
        "1 judgement rests on it size: small, 2,031 coded" in text
    )
    assert "V01 of Zonneveld: Zonneveld pact" in text
    assert '<blockquote class="passage" lang="nl">' in own


@pytest.mark.parametrize(
    ("words", "listed"), [(NAME, True), ("stichting «De", False), ("🌻 ", False), (TEXT, False)]
)
def test_a_passage_that_is_asked_for_is_marked(folder: Path, words: str, listed: bool) -> None:
    shown = page(asked(folder), f"/source/zonneveld?char={place(words)}")
    assert shown.marked == words.replace(PERSONAL, read("en")["thing"]["left_out"])
    assert shown.ids.count(f"char={place(words)}") == 1, "the fragment leads to one place"
    assert ("marked" in shown.ids) == listed
    assert "What they attest" in shown.text or not listed


@pytest.mark.parametrize(
    "asks",
    [
        "",
        "x",
        "3",
        "3,",
        "5,3",
        "3,3",
        "0,99999",
        "-1,4",
        "01,4",
        "1,4,5",
        "1,4%0A",
        "<b>",
        "9" * 99,
    ],
)
@pytest.mark.parametrize("at_hand", [True, False])
def test_a_passage_that_is_none_is_not_marked_and_politely_so(
    folder: Path, asks: str, at_hand: bool
) -> None:
    ask = asked(folder if at_hand else None)
    shown = page(ask, f"/source/zonneveld?char={asks}")
    assert shown.marked == ""
    assert read("en")["source"]["misled"] in shown.text
    assert "<b>" not in ask(f"/source/zonneveld?char={asks}").text


def test_personal_data_is_nowhere(folder: Path) -> None:
    ask = asked(folder)
    start, end = (int(edge) for edge in place(PERSONAL).split(","))
    ranges = [(start, end), (start - 3, end + 3), (start + 1, start + 2), (0, len(TEXT))]
    paths = [
        *PLACES,
        *(f"{path}?char={one},{other}" for path in PLACES for one, other in ranges),
        *(f"{path}.{suffix}" for path in PLACES for suffix in SUFFIXES),
        "/source/zonneveldx",
    ]
    for path in paths:
        answer = ask(path)
        assert answer.status_code in (200, 404), path
        everything = answer.text + repr(answer.headers.raw)
        assert not [word for word in PERSONAL.split()[1:] if word.strip(",") in everything], path


@pytest.mark.parametrize(
    ("content", "notice"), [(None, "notice_absent"), (TEXT.replace("mei", "jul"), "notice_another")]
)
@pytest.mark.parametrize("language", ["en", "nl"])
def test_without_the_text_passages_are_given_by_their_characters(
    tmp_path: Path, content: str | None, notice: str, language: str
) -> None:
    if content:
        (tmp_path / "zonneveld.txt").write_bytes(content.encode())
    prefix = "/nl" if language == "nl" else ""
    shown = page(asked(tmp_path), f"{prefix}/source/zonneveld")
    words = read(language)["source"]  # type: ignore[arg-type]
    start, end = place(NAME).split(",")
    assert words[notice] in shown.text
    assert words["characters"].format(start=start, end=end) in shown.text
    assert shown.source == ""
    assert "Schakel" not in shown.text


def test_a_register_tells_what_is_taken_from_it_a_page_at_a_time() -> None:
    ask = asked(None)
    first, second = ask("/source/lijst"), ask("/source/lijst?page=2")
    assert "101" in first.text
    assert [one.text.count('href="/doc/body/') for one in (first, second)] == [100, 1]
    assert '<https://kg.example/source/lijst?page=2>; rel="next"' in first.headers["Link"]
    assert '<https://kg.example/source/lijst?page=1>; rel="prev"' in second.headers["Link"]
    assert "source-text" not in first.text


@pytest.mark.parametrize("suffix", ["trig", "nq"])
def test_the_data_of_a_document_is_complete_and_tells_the_graphs(suffix: str) -> None:
    store = trig(DATA)
    answer = asked(None, store)(f"/source/zonneveld.{suffix}")
    found = parse(answer.content, RdfFormat.from_extension(suffix))
    document = NamedNode(f"{SOURCE}zonneveld")
    evidence, sources_graph = NamedNode(f"{GRAPH}evidence"), NamedNode(f"{GRAPH}sources")
    expected = [
        *store.quads_for_pattern(None, None, None, evidence),
        *store.quads_for_pattern(document, None, None, sources_graph),
        *(
            quad
            for quad in store
            if "/attestation/" in quad.subject.value
            or quad.predicate.value.endswith(("inPassage", "documentedIn"))
        ),
    ]
    assert set(canonical(found)) == set(canonical(expected))
    assert len(expected) > 30


def test_the_data_of_the_list_is_the_graph_of_sources() -> None:
    store = trig(DATA)
    answer = asked(None, store)("/source.nq")
    wanted = set(store.quads_for_pattern(None, None, None, NamedNode(f"{GRAPH}sources")))
    assert set(parse(answer.content, RdfFormat.N_QUADS)) == wanted


@pytest.mark.parametrize("media_type", SUFFIXES.values(), ids=SUFFIXES)
@pytest.mark.parametrize("path", ["/source", "/source/zonneveld", "/source/lijst"])
def test_a_client_gets_the_format_that_it_asks_for(path: str, media_type: str) -> None:
    answer = asked(None)(path, Accept=media_type)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].partition(";")[0] == media_type
    assert answer.headers["Vary"] == "Accept, Accept-Encoding"
    assert b"Zonneveld" in answer.content or path.endswith("lijst")


def test_a_document_leads_up_to_the_list() -> None:
    links = asked(None)("/nl/source/zonneveld").headers["Link"]
    assert '<https://kg.example/nl/source>; rel="up"' in links
    assert f'<{SOURCE}zonneveld>; rel="cite-as"' in links


@pytest.mark.parametrize(
    "path",
    [
        "/source/zonneveldt",
        "/nl/source/zonneveldt",
        "/source/nergens",
        "/source/a%3Eb",
        "/source.x",
    ],
)
def test_an_unknown_source_answers_404_and_names_the_likeliest_first(path: str) -> None:
    answer = asked(None)(path, Accept="application/json")
    assert answer.status_code == 404
    near = list(answer.json().get("near", {}).values())
    if path.endswith("zonneveldt"):
        assert near[0] == path.removesuffix("t")
    elif path != "/source.x":
        assert sorted(near) == ["/source/lijst", "/source/zonneveld"], "of a few, all are named"


def test_a_page_is_sent_anew_only_when_a_text_has_changed(folder: Path) -> None:
    ask = asked(folder)

    def status(tag: str) -> httpx.Response:
        return ask("/source/zonneveld", **{"If-None-Match": tag})

    first = ask("/source/zonneveld")
    assert status(first.headers["ETag"]).status_code == 304
    (folder / "zonneveld.txt").write_text("Een andere tekst.")
    second = status(first.headers["ETag"])
    assert second.status_code == 200
    assert "Schakel" in first.text
    assert "Schakel" not in second.text


@pytest.mark.skipif(not REAL, reason="KG_SOURCES does not name the folder of the source texts")
def test_the_personal_data_of_the_sources_is_nowhere(store: Store) -> None:
    ask = asked(Path(REAL), store)
    excluded = NamedNode("https://w3id.org/samenhang/ontology#hasExcludedPassage")
    checked = 0
    for quad in store.quads_for_pattern(None, excluded, None):
        slug = quad.subject.value.removeprefix(SOURCE)
        text = (Path(REAL) / f"{slug}.txt").read_bytes().decode()
        start, end = map(int, quad.object.value.partition("#char=")[2].split(","))
        words = re.findall(r"\w{4,}", text[start:end])
        telling = [one for one in words if one not in text[:start] + text[end:]]
        for path in (f"/source/{slug}", f"/nl/source/{slug}?char=0,{len(text)}"):
            shown = page(ask, path)
            assert shown.source
            assert read("nl" if path.startswith("/nl") else "en")["thing"]["left_out"] in shown.text
            assert text[start:end] not in shown.text
            assert sum(word in shown.source for word in telling) == 0, "a word that is left out"
            checked += 1
    assert checked >= 10
