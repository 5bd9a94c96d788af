import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from kg.build import Build
from kg.questions import parse
from serving import KG, PARTNERS, ROOT, serving
from visiting import assert_accessible

pytestmark = pytest.mark.browser

PATH = ROOT / "queries" / "agreements" / "parties.rq"
PARTIES = parse(PATH, PATH.read_text()).query
WRONG = "SELECT * WHERE {\n  ?s ?p ?o .\n  ?s ?p FILTR\n}"
ENDLESS = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
SCHEMES = pytest.mark.parametrize("scheme", ["light", "dark"])


def run(page: Page, query: str) -> None:
    page.locator("textarea").fill(query)
    page.get_by_role("button", name="Run").click()


def test_the_parties_query_typed_in_the_browser_shows_nine_labelled_organisations(
    page: Page,
) -> None:
    page.locator("textarea").fill("")
    page.locator("textarea").press_sequentially(PARTIES, timeout=120_000)  # it is long
    page.get_by_role("button", name="Run").click()
    expect(page.get_by_role("status")).to_contain_text("9 rows in")
    organisations = page.locator("tbody tr td:first-child .label")
    expect(organisations).to_have_count(9)
    assert sorted(organisations.all_inner_texts()) == [
        *PARTNERS,
        "municipality of Ede",
    ]
    heads = ["party", "partyLabel", "agreement", "agreementLabel"]
    expect(page.get_by_role("columnheader")).to_have_text(heads)


def test_the_dutch_page_answers_in_dutch(context: BrowserContext) -> None:
    page = context.new_page()
    page.goto("/nl/")
    page.get_by_role("button", name="Uitvoeren").click()
    expect(page.get_by_role("status")).to_contain_text("9 rijen in")
    expect(page.locator("tbody .label", has_text="gemeente Ede")).to_have_attribute("lang", "nl")
    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("How Dutch municipalities")


def test_a_syntax_error_shows_its_line_and_takes_the_caret_there(page: Page) -> None:
    run(page, WRONG)
    expect(page.get_by_role("alert")).to_contain_text("line 3, column")
    field = page.locator("textarea")
    expect(field).to_be_focused()
    expect(field).to_have_attribute("aria-invalid", "true")
    caret = field.evaluate("field => field.selectionStart")
    assert WRONG[:caret].count("\n") == 2, "the caret stands in the third line"


def test_the_query_can_be_run_and_left_by_the_keyboard(page: Page) -> None:
    page.locator("textarea").focus()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("status")).to_contain_text("9 rows in")
    page.keyboard.press("Tab")
    button = page.get_by_role("button", name="Run")
    expect(button).to_be_focused()
    page.locator("textarea").fill("ASK {}")
    button.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Yes in")


def test_the_first_tab_offers_to_skip_to_the_content(page: Page) -> None:
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    skip.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_a_running_query_can_be_cancelled(page: Page) -> None:
    run(page, ENDLESS)
    cancel = page.get_by_role("button", name="Cancel")
    expect(page.locator(".clock")).to_contain_text("s")
    cancel.click()
    expect(page.get_by_role("status")).to_have_text("Cancelled.")
    expect(cancel).to_be_hidden()
    expect(page.get_by_role("button", name="Run")).to_be_focused()
    run(page, "ASK {}")
    expect(page.get_by_role("status")).to_contain_text("Yes in")


def test_ask_answers_yes_or_no(page: Page) -> None:
    run(page, "ASK { FILTER (false) }")
    expect(page.get_by_role("status")).to_contain_text("No in")


def test_a_graph_is_shown_as_turtle(page: Page) -> None:
    run(page, 'CONSTRUCT { <http://example.org/s> <http://example.org/p> "o" } WHERE {}')
    expect(page.locator("pre.graph")).to_contain_text(
        '<http://example.org/s> <http://example.org/p> "o" .'
    )


def test_literals_show_their_language_or_datatype(page: Page) -> None:
    run(
        page,
        'SELECT ("wijk"@nl AS ?a) ("2017"^^<http://www.w3.org/2001/XMLSchema#gYear> AS ?b) '
        "(4 AS ?c) ?unbound WHERE {}",
    )
    expect(page.locator("tbody td")).to_have_text(["wijk nl", "2017 gYear", "4", ""])
    expect(page.locator("td .text").first).to_have_attribute("lang", "nl")


def test_results_are_text_and_never_markup(page: Page) -> None:
    run(page, "SELECT ('<img src=x onerror=alert(1)>' AS ?x) WHERE {}")
    expect(page.locator("tbody td")).to_have_text("<img src=x onerror=alert(1)>")
    expect(page.locator("query-editor img")).to_have_count(0)


def test_many_rows_are_shown_in_parts(page: Page) -> None:
    run(page, "SELECT ?s ?p ?o WHERE { ?s ?p ?o } LIMIT 700")
    expect(page.locator("tbody tr")).to_have_count(500)
    expect(page.locator(".more")).to_contain_text("The first 500 of 700 rows are shown.")
    page.get_by_role("button", name="Show more rows").click()
    expect(page.locator("tbody tr")).to_have_count(700)
    expect(page.locator(".more")).to_be_hidden()


def test_a_permalink_leads_to_the_query_and_its_result(page: Page, context: BrowserContext) -> None:
    query = "SELECT (1 + 1 AS ?sum) WHERE {} # é&+%"
    run(page, query)
    expect(page.get_by_role("link", name="Link to this query")).to_be_visible()
    other = context.new_page()
    other.goto(page.url)
    expect(other.locator("textarea")).to_have_value(query)
    expect(other.locator("tbody td")).to_have_text("2")


def test_the_result_can_be_downloaded_as_csv(page: Page, tmp_path: Path) -> None:
    run(page, PARTIES)
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    assert download.value.suggested_filename == "result.csv"
    download.value.save_as(tmp_path / "result.csv")
    lines = (tmp_path / "result.csv").read_text().splitlines()
    assert lines[0] == "party,partyLabel,agreement,agreementLabel"
    assert len(lines) == 1 + 9


def test_an_answer_that_breaks_off_is_not_shown_as_a_result(
    browser: Browser, built: Build, tmp_path: Path
) -> None:
    settings = {
        "KG_BUILD": str(built.path.parent),
        "KG_PROJECT": str(ROOT),
        "KG_QUERY_TIMEOUT": "5",
        "KG_REPLY_BUFFER": "1000",
    }
    with serving(KG, tmp_path, settings) as url:
        page = browser.new_page()
        page.goto(url)
        run(page, "SELECT * { ?a ?b ?c . ?d ?e ?f }")
        expect(page.get_by_role("alert")).to_contain_text("No complete answer came")
        expect(page.locator("table")).to_have_count(0)
        page.close()


@pytest.mark.parametrize("path", ["/", "/nl/"])
def test_the_link_to_the_endpoint_stays_on_the_page_and_keeps_the_query(
    page: Page, path: str
) -> None:
    page.goto(path)
    page.get_by_role("link", name=re.compile("SPARQL.endpoint")).click()
    expect(page).to_have_url(re.compile(f"{path}#endpoint$"))
    page.goto("/sparql")
    expect(page.locator("textarea")).to_have_value(PARTIES.strip())
    expect(page.get_by_role("alert")).to_have_count(0)


@SCHEMES
@pytest.mark.parametrize("width", [320, 360, 1280])
def test_no_page_scrolls_sideways(browser: Browser, url: str, width: int, scheme: str) -> None:
    context = browser.new_context(
        base_url=url, viewport={"width": width, "height": 800}, color_scheme=scheme
    )
    page = context.new_page()
    for path, button in (("/", "Run"), ("/nl/", "Uitvoeren")):
        page.goto(path)
        page.get_by_role("button", name=button).click()
        expect(page.locator("tbody .label")).to_have_count(2 * 9)
        assert page.evaluate("document.documentElement.scrollWidth") == width
    context.close()


def test_the_page_follows_the_colours_of_the_reader(browser: Browser, url: str) -> None:
    def brightness(scheme: str) -> int:
        page = browser.new_page(base_url=url, color_scheme=scheme)
        page.goto("/")
        colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
        page.close()
        return sum(map(int, colour.removeprefix("rgb(").removesuffix(")").split(",")))

    assert brightness("light") > 3 * 230
    assert brightness("dark") < 3 * 40


@SCHEMES
@pytest.mark.parametrize("query", ["", PARTIES, WRONG, "DESCRIBE <http://example.org/>"])
def test_axe_finds_no_fault(browser: Browser, url: str, scheme: str, query: str) -> None:
    page = browser.new_page(base_url=url, color_scheme=scheme)
    page.goto("/")
    if query:
        run(page, query)
        expect(page.locator(".output > :last-child")).to_be_attached()
        page.wait_for_load_state("networkidle")
    assert_accessible(page, rules=20)
    page.close()


@pytest.fixture
def without_script(browser: Browser, url: str) -> Iterator[Page]:
    context = browser.new_context(base_url=url, java_script_enabled=False)
    yield context.new_page()
    context.close()


def test_without_javascript_the_page_reads_and_the_query_runs(without_script: Page) -> None:
    page = without_script
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("How Dutch municipalities")
    expect(page.get_by_role("heading", name="Ede-West collaboration")).to_be_visible()
    expect(page.locator("textarea")).to_have_value(PARTIES.strip())
    with page.expect_response("**/sparql?query=*") as response:
        page.get_by_role("button", name="Run").click()
    assert response.value.status == 200
    assert "Malkander" in response.value.text()


def test_the_first_page_is_small(url: str) -> None:
    page = httpx.get(f"{url}/")
    assets = [httpx.get(f"{url}/static/{name}") for name in ("app.js", "style.css", "favicon.svg")]
    assert all(asset.is_success for asset in assets)
    assert sum(answer.num_bytes_downloaded for answer in (page, *assets)) < 60_000
