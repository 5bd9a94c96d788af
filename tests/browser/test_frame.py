import json
import re

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from serving import ROOT
from visiting import PHONE, assert_accessible

pytestmark = pytest.mark.browser

PLACES = ["Home", "Data", "Ontology", "Concepts", "Sources", "Things", "Questions", "Editor"]
PATHS = [
    *("/", "/doc", "/doc/pilot/ede-west", "/nl/doc/pilot/ede-west", "/graph", "/data"),
    *("/ontology", "/shapes", "/concept", "/concept/role", "/source", "/source/ede-west"),
    *("/search?q=ede", "/nowhere", "/query", "/nl/query", "/queries", "/queries/members"),
]
IRIS = """SELECT ?iri WHERE {
  VALUES ?iri {
    <https://w3id.org/samenhang/id/pilot/ede-west> <https://w3id.org/samenhang/ontology#Pilot>
    <http://www.w3.org/ns/org#Organization> <javascript:alert(1)>
  }
}"""
TEXT = """
const text = document.createElement("div");
text.className = "source-text";
text.innerHTML = '<span data-start="0">Eén 🙂 begin. </span><span data-start="13">En dan.</span>';
document.querySelector("main").prepend(text);
"""
HIGHLIGHTED = """
[...(CSS.highlights.get("passage") ?? [])].map((found) => {
  const range = document.createRange();
  range.setStart(found.startContainer, found.startOffset);
  range.setEnd(found.endContainer, found.endOffset);
  return range.toString();
})
"""


def test_the_pages_of_the_site_are_in_sight(page: Page) -> None:
    links = page.get_by_role("navigation", name="Main navigation").get_by_role("link")
    expect(links).to_have_text(PLACES)
    expect(page.locator("summary", has_text="Menu")).to_be_hidden()
    expect(links.nth(0)).to_have_attribute("aria-current", "page")


def test_a_page_below_another_is_marked_as_such(context: BrowserContext) -> None:
    page = context.new_page()
    page.goto("/doc/pilot/ede-west")
    current = page.get_by_role("navigation", name="Main navigation").locator("[aria-current]")
    expect(current).to_have_text("Things")
    expect(current).to_have_attribute("aria-current", "true")


def test_on_a_phone_the_pages_are_behind_a_button(phone: Page) -> None:
    phone.goto("/doc/pilot/ede-west")
    links = phone.get_by_role("navigation", name="Main navigation").get_by_role("link")
    expect(links).to_have_count(0)
    header = phone.get_by_role("banner").bounding_box()
    assert header is not None
    assert header["height"] < 0.1 * PHONE["height"]
    phone.locator("summary", has_text="Menu").click()
    expect(links).to_have_text(PLACES)
    phone.get_by_role("searchbox").fill("Youké")
    phone.get_by_role("button", name="Search").click()
    expect(phone).to_have_url(re.compile(r"/search\?q=Youk%C3%A9$"))
    expect(phone.get_by_role("link", name="Youké", exact=True)).to_be_visible()


@pytest.mark.parametrize(
    ("path", "dutch"),
    [
        ("/", "/nl/"),
        ("/doc/pilot/ede-west", "/nl/doc/pilot/ede-west"),
        ("/search?q=ede&page=2", "/nl/search?q=ede&page=2"),
    ],
)
def test_the_language_can_be_changed_on_every_page(
    context: BrowserContext, url: str, path: str, dutch: str
) -> None:
    page = context.new_page()
    page.goto(path)
    languages = page.get_by_role("navigation", name="Language")
    languages.get_by_role("link", name="Nederlands").click()
    expect(page).to_have_url(f"{url}{dutch}")
    expect(page.locator("html")).to_have_attribute("lang", "nl")
    page.get_by_role("link", name="English").click()
    expect(page).to_have_url(f"{url}{path}")


@pytest.mark.parametrize("path", ["/doc/pilot/ede-west", "/nl/doc/pilot/ede-west"])
def test_a_page_names_its_address_and_those_in_other_languages(url: str, path: str) -> None:
    html = httpx.get(f"{url}{path}.html").text
    assert f'<link rel="canonical" href="{url}{path}">' in html
    found = re.findall(r'<link rel="alternate" hreflang="([^"]+)" href="([^"]+)">', html)
    assert found == [
        ("en", f"{url}/doc/pilot/ede-west"),
        ("nl", f"{url}/nl/doc/pilot/ede-west"),
        ("x-default", f"{url}/doc/pilot/ede-west"),
    ]


def test_a_page_that_is_not_there_names_no_address(url: str) -> None:
    html = httpx.get(f"{url}/nowhere", headers={"Accept": "text/html"}).text
    assert "<title>" in html
    assert "canonical" not in html


def test_the_foot_of_a_page_tells_the_version_and_leads_to_it(page: Page, url: str) -> None:
    version = httpx.get(f"{url}/health").json()["version"]
    foot = page.get_by_role("contentinfo")
    expect(foot.get_by_role("link", name=version)).to_have_attribute("href", f"/data/{version}")
    expect(foot.get_by_role("link", name="Cite this")).to_have_attribute("href", "/data#cite")
    expect(foot.get_by_role("link", name="VoID")).to_have_attribute("href", "/.well-known/void")


def test_the_licences_of_what_comes_from_others_are_at_hand(page: Page, url: str) -> None:
    address = page.get_by_role("link", name="EUPL-1.2").get_attribute("href")
    notices = httpx.get(f"{url}{address}").text
    packages = json.loads((ROOT / "web" / "package.json").read_text())["dependencies"]
    named = re.findall(r"^(\S+) (\S+), (EUPL-1\.2|MIT), \S+$", notices, re.MULTILINE)
    asked = {(name, version) for name, version in packages.items() if name != "esbuild"}
    assert asked < {(name, version) for name, version, _ in named}, "and what these build on"
    assert {"style-mod", "w3c-keyname", "@lezer/lr"} < {name for name, _, _ in named}
    assert notices.count("EUROPEAN UNION PUBLIC LICENCE v. 1.2") == 1
    assert "Copyright (C) 2018-2021 by Marijn Haverbeke" in notices


@pytest.mark.parametrize(("path", "prefix"), [("/", ""), ("/nl/", "/nl")], ids=["en", "nl"])
def test_iris_in_a_result_lead_to_their_pages(page: Page, path: str, prefix: str) -> None:
    page.goto(path)
    page.locator("textarea").fill(IRIS)
    page.locator("query-editor button[type=submit]").click()
    expect(page.locator("tbody tr")).to_have_count(4)
    links = page.locator("tbody a")
    assert [link.get_attribute("href") for link in links.all()] == [
        f"{prefix}/doc/pilot/ede-west",
        f"{prefix}/ontology#Pilot",
        "http://www.w3.org/ns/org#Organization",
    ]
    expect(links.nth(2)).to_have_attribute("rel", "noreferrer")
    expect(page.locator("tbody td").nth(3)).to_have_text("javascript:alert(1)")


@pytest.mark.parametrize(
    ("fragment", "highlighted"),
    [
        ("#char=4,5", ["🙂"]),
        ("#char=6,15", ["begin. En"]),
        ("#char=13,900", ["En dan."]),
        ("#char=x", []),
        ("#content", []),
    ],
    ids=["beyond the basic plane", "two segments", "past the end", "malformed", "another"],
)
def test_the_passage_that_the_address_names_is_highlighted(
    page: Page, fragment: str, highlighted: list[str]
) -> None:
    page.evaluate(TEXT)
    page.evaluate("location.hash = '#char=0,3'")
    page.wait_for_function("CSS.highlights.size === 1")
    assert page.evaluate(HIGHLIGHTED) == ["Eén"]
    page.evaluate(
        "fragment => new Promise((done) => {"
        " addEventListener('hashchange', () => setTimeout(done)); location.hash = fragment; })",
        fragment,
    )
    assert page.evaluate(HIGHLIGHTED) == highlighted


def test_on_paper_the_evidence_is_open_and_the_menu_gone(context: BrowserContext) -> None:
    page = context.new_page()
    page.goto("/doc/pilot/ede-west")
    reference = page.locator("details.evidence a").first
    expect(reference).to_be_hidden()
    page.emulate_media(media="print")
    expect(reference).to_be_visible()
    expect(page.get_by_role("navigation", name="Main navigation")).to_be_hidden()
    expect(page.get_by_role("navigation", name="Language")).to_be_hidden()


@pytest.mark.parametrize("path", PATHS)
def test_no_page_is_wider_than_its_window(page: Page, path: str) -> None:
    page.goto(path)
    for width in (320, 360, 900, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") == width


@pytest.mark.parametrize("path", PATHS)
def test_axe_finds_no_fault_on_any_kind_of_page(browser: Browser, url: str, path: str) -> None:
    page = browser.new_page(base_url=url, viewport=PHONE)
    page.goto(path)
    page.locator("summary", has_text="Menu").click()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert_accessible(page, rules=15)
    page.close()
