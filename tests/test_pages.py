import asyncio
import json
import re
from collections.abc import Mapping
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import httpx
import pytest
from pyoxigraph import Literal, NamedNode, QuerySolutions, Store

from kg import texts
from kg.app import Application
from kg.build import Build
from kg.deployment import Deployment
from kg.engine.fake import FakeEngine
from kg.errors import Overloaded, RequestError
from kg.metrics import Metrics
from kg.routes.pages import MOST_CASES, Case, Part, cases
from kg.settings import Settings
from serving import PARTNERS

ROOT = Path(__file__).parents[1]
CASES = ROOT / "src" / "kg" / "queries" / "cases.rq"
PARTIES = ROOT / "queries" / "agreements" / "parties.rq"
EDE = "https://w3id.org/samenhang/id/collaboration/ede-west"
LANGUAGES = pytest.mark.parametrize(("path", "language"), [("/", "en"), ("/nl/", "nl")])


class Elements(HTMLParser):
    """The elements of a page, with their attributes, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        self.text += f"{data} "

    def having(self, attribute: str) -> list[dict[str, str]]:
        return [attributes for _, attributes in self.elements if attribute in attributes]


def part(name: str, **values: str | int) -> dict[str, Literal | NamedNode]:
    """A row of cases.rq."""
    terms = {key: Literal(str(value)) for key, value in ({"count": 1} | values).items()}
    return {"case": NamedNode("https://example.org/case"), "part": Literal(name), **terms}


def results(rows: list[dict[str, Literal | NamedNode]]) -> bytes:
    """Rows as SPARQL results in JSON."""
    kinds = {Literal: "literal", NamedNode: "uri"}
    bindings = [
        {name: {"type": kinds[type(term)], "value": term.value} for name, term in row.items()}
        for row in rows
    ]
    names = sorted({name for row in rows for name in row})
    return json.dumps({"head": {"vars": names}, "results": {"bindings": bindings}}).encode()


def get(path: str, reply: bytes | RequestError, method: str = "GET") -> httpx.Response:
    """Ask an application whose engine gives that reply."""
    build = Build(Path("unused"), "0123456789ab", 12345)
    engine = FakeEngine({"sam:Collaboration": reply})
    app = Application(Settings(project=ROOT), Deployment(build, lambda _: engine), Metrics())

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="https://kg.example") as client:
            return await client.request(method, path)

    return asyncio.run(ask())


@LANGUAGES
def test_a_page_is_in_the_language_of_its_path(path: str, language: str) -> None:
    page = get(path, results([part("case", labels_en="A case", labels_nl="Een casus")]))
    assert page.status_code == 200
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers["content-language"] == language
    assert f'<html lang="{language}">' in page.text
    assert texts.read(language)["home"]["title"] in page.text
    assert {"en": "A case", "nl": "Een casus"}[language] in page.text


@LANGUAGES
def test_a_page_names_the_other_language_with_its_address(path: str, language: str) -> None:
    links = Elements(get(path, results([])).text).having("hreflang")
    heads = {link["hreflang"]: link["href"] for link in links if link.get("rel") == "alternate"}
    switch = {link["hreflang"]: link["href"] for link in links if "lang" in link}
    assert heads == {
        "en": "https://kg.example/",
        "nl": "https://kg.example/nl/",
        "x-default": "https://kg.example/",
    }
    assert switch == {"en": "/", "nl": "/nl/"}
    assert [link["hreflang"] for link in links if "aria-current" in link] == [language]


def test_a_page_shows_what_the_graph_counts() -> None:
    rows = [
        part("case", labels_en="Care in Here"),
        part("municipalities", count=2, labels_en="There\nHere"),
        part("members", count=4, labels_en="a\nb\nc\nd", complete="true"),
        part("agreements", count=11),
        part("pilots", labels_en="Trial", start="2017-09-14", end="2019-10"),
    ]
    text = " ".join(Elements(get("/", results(rows)).text).text.split())
    assert "Care in Here" in text
    assert "Municipality Here, There" in text
    assert "Members 4 " in text
    assert "Agreement 11 agreements" in text
    assert "Pilot period 14 September 2017 – October 2019" in text
    assert "Version 0123456789ab 12,345 statements" in text


@LANGUAGES
def test_members_of_an_open_list_are_a_lower_bound(path: str, language: str) -> None:
    rows = [part("case", labels_en="A case"), part("members", count=4, complete="false")]
    expected = {"en": "at least 4", "nl": "ten minste 4"}
    assert expected[language] in get(path, results(rows)).text


@LANGUAGES
def test_what_a_case_lacks_is_not_stated(path: str, language: str) -> None:
    rows = [part("case", labels_en="A case", labels_nl="Een casus")]
    words = texts.read(language)["home"]["not_stated"]
    assert Elements(get(path, results(rows)).text).text.count(words) == 4


@pytest.mark.parametrize("count", [MOST_CASES, MOST_CASES + 1])
def test_more_cases_than_a_page_shows_are_announced_and_not_dropped_silently(count: int) -> None:
    rows = [part("case", case=f"urn:case:{n:04}", labels_en=f"Case {n}") for n in range(count)]
    page = get("/", results(rows)).text
    assert page.count("<h3>") == MOST_CASES
    assert ("more cases than the 100 shown" in page) is (count > MOST_CASES)


def test_the_query_for_the_cases_asks_for_one_more_than_a_page_shows() -> None:
    query = CASES.read_text()
    assert f"LIMIT {MOST_CASES + 1}\n" in query


def test_a_graph_without_cases_says_so() -> None:
    assert texts.read("en")["home"]["no_cases"] in get("/", results([])).text


def test_labels_are_text_and_never_markup() -> None:
    page = get("/", results([part("case", labels_en="<script>alert('x')</script>")])).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;" in page


def test_an_engine_that_fails_is_answered_as_the_failure_it_is() -> None:
    page = get("/", Overloaded(7))
    assert page.status_code == 503
    assert page.headers["retry-after"] == "7"
    assert page.json()["title"] == "Too busy"


def test_head_answers_as_get_does_without_the_page() -> None:
    page = get("/nl/", results([]), method="HEAD")
    assert (page.status_code, page.headers["content-language"]) == (200, "nl")


@pytest.mark.parametrize("path", ["/", "/nl/"])
def test_a_page_runs_nothing_inline_and_loads_nothing_from_elsewhere(path: str) -> None:
    page = Elements(get(path, results([])).text)
    assert "style" not in dict(page.elements)
    assert not [tag for tag, attributes in page.elements if "style" in attributes]
    assert not [name for _, attributes in page.elements for name in attributes if name[:2] == "on"]
    assert [attributes["src"] for tag, attributes in page.elements if tag == "script"]
    loaded = [attributes["src"] for attributes in page.having("src")]
    loaded += [
        attributes["href"]
        for tag, attributes in page.elements
        if tag == "link" and attributes["rel"] in ("stylesheet", "icon")
    ]
    assert len(loaded) == 3
    assert all(re.fullmatch(r"/static/[a-z]+\.[a-z]+\?v=[0-9a-f]{12}", url) for url in loaded)


def test_the_address_of_the_endpoint_is_that_of_the_deployment() -> None:
    page = Elements(get("/", results([])).text)
    assert "curl https://kg.example/sparql" in page.text


def test_cases_come_in_the_order_of_their_labels() -> None:
    one, other = part("case", labels_en="b"), part("case", labels_en="A")
    other["case"] = NamedNode("https://example.org/other")
    assert cases([one, other], "en") == [
        Case("https://example.org/other", "A"),
        Case("https://example.org/case", "b"),
    ]


def test_a_case_without_label_goes_by_its_iri() -> None:
    assert cases([part("case")], "nl") == [
        Case("https://example.org/case", "https://example.org/case")
    ]


def test_the_graph_tells_the_parts_of_ede_west(store: Store) -> None:
    solutions = store.query(CASES.read_text(), use_default_graph_as_union=True)
    assert isinstance(solutions, QuerySolutions)
    names = [variable.value for variable in solutions.variables]
    rows = [{name: row[name] for name in names if row[name] is not None} for row in solutions]
    ede = next(case for case in cases(rows, "nl") if case.iri == EDE)
    assert ede.municipalities == Part(1, ("gemeente Ede",))
    assert (ede.members.count, len(ede.members.labels), ede.members.complete) == (9, 9, True)
    assert ede.agreements.count == 1
    assert (ede.pilots.count, ede.pilots.start, ede.pilots.end) == (1, "2017-09-14", "2019-10-01")


def test_the_graph_tells_the_parts_of_parts_with_the_whole(store: Store) -> None:
    solutions = store.query(CASES.read_text(), use_default_graph_as_union=True)
    assert isinstance(solutions, QuerySolutions)
    rows = {(row["case"].value.rpartition("/")[2], row["part"].value): row for row in solutions}
    assert {case for case, _ in rows} == {
        "de-kleine-schans",
        "ede-west",
        "midden-limburg-west",
        "samen-ermelo",
        "village-deals",
    }
    for case, part, count in (
        ("village-deals", "agreements", 11),
        ("village-deals", "pilots", 11),
        ("village-deals", "members", 24),
        ("midden-limburg-west", "pilots", 3),
        ("midden-limburg-west", "members", 18),
    ):
        assert int(rows[case, part]["count"].value) == count, (case, part)
    assert rows["midden-limburg-west", "pilots"]["duration"].value == "P6M"
    assert rows["village-deals", "members"]["complete"].value == "false"


def test_the_query_to_try_names_the_nine_parties_of_the_declaration(store: Store) -> None:
    solutions = store.query(PARTIES.read_text(), use_default_graph_as_union=True)
    assert isinstance(solutions, QuerySolutions)
    assert {row["partyLabel"].value for row in solutions} == {
        *PARTNERS,
        "municipality of Ede",
    }


def test_both_languages_have_the_same_texts_with_the_same_places_to_fill() -> None:
    def places(table: Mapping[str, Any]) -> dict[str, Any]:
        return {
            key: places(value) if isinstance(value, dict) else sorted(_places(value))
            for key, value in table.items()
        }

    english, dutch = texts.read("en"), texts.read("nl")
    assert places(english) == places(dutch)
    assert len(english["months"]) == len(dutch["months"]) == 12
    assert sum(len(table) for table in english.values()) > 60


def _places(text: str | list[str]) -> list[str]:
    return re.findall(r"\{\w+\}", text) if isinstance(text, str) else []
