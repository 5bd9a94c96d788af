import re
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route, ViewportSize, expect

from serving import KG, serving
from visiting import assert_accessible

pytestmark = pytest.mark.browser

SAM = "PREFIX sam: <https://w3id.org/samenhang/ontology#>\n"
WRONG = "SELECT * WHERE {\n  ?s ?p ?o .\n  ?s ?p FILTR\n}"
ENDLESS = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
WATCH = """
window.violations = [];
addEventListener("securitypolicyviolation", (event) => {
  violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
});
"""
CARET = """
(field) => {
  const selection = field.getRootNode().getSelection();
  const line = selection.anchorNode.parentElement.closest(".cm-line");
  return [...field.querySelectorAll(".cm-line")].indexOf(line) + 1;
}
"""


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """The page of the editor, with the field for code; fails if it broke the page's policy."""
    context.add_init_script(WATCH)
    page = context.new_page()
    yield visit(page, "/query")
    assert page.evaluate("violations") == []


def visit(page: Page, path: str) -> Page:
    page.goto(path)
    expect(code(page)).to_be_visible()
    return page


def code(page: Page) -> Locator:
    return page.locator("query-editor .cm-content")


def text(page: Page) -> str:
    """The query; the textarea that sends it without the script has the same text."""
    value = page.locator("textarea").input_value()
    assert "\n".join(code(page).locator(".cm-line").all_text_contents()) == value
    return value


def write(page: Page, start: str, typed: str = "", end: str = "") -> None:
    """Replace the query: put its start and end there at once, and type in between."""
    code(page).focus()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(start + end)
    for _ in end:
        page.keyboard.press("ArrowLeft")
    page.keyboard.type(typed)


def options(page: Page) -> Locator:
    return page.get_by_role("listbox", name=re.compile("Suggestions|Voorstellen")).get_by_role(
        "option"
    )


def accept(page: Page, key: str = "Enter") -> None:
    """Take the suggestion that is marked; a list takes no keys when just opened or out of date."""
    page.wait_for_timeout(150)
    expect(page.locator(".cm-tooltip-autocomplete-disabled")).to_have_count(0)
    page.keyboard.press(key)


def run(page: Page, query: str) -> None:
    write(page, query)
    page.keyboard.press("Control+Enter")


def test_a_name_is_suggested_by_what_it_is_called_and_takes_its_prefix_along(page: Page) -> None:
    write(page, "SELECT ?place WHERE {\n  ?place a ", "municipality", "\n}")
    expect(options(page).first).to_have_text("sam:MunicipalityMunicipality · 19 ×")
    accept(page)
    assert text(page) == f"{SAM}\nSELECT ?place WHERE {{\n  ?place a sam:Municipality\n}}"
    page.keyboard.type(" .")
    assert "  ?place a sam:Municipality .\n" in text(page), "the caret stands behind the name"
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("status")).to_contain_text("19 rows in")
    expect(page.locator("tbody .label", has_text="municipality of Ede")).to_be_visible()


def test_in_dutch_names_are_suggested_in_dutch(page: Page) -> None:
    visit(page, "/nl/query")
    write(page, f"{SAM}SELECT ?x {{ ?x a ", "gemeente")
    expect(options(page).first).to_have_text("sam:Municipalitygemeente · 19 ×")
    accept(page, "Tab")
    assert text(page) == f"{SAM}SELECT ?x {{ ?x a sam:Municipality"
    expect(code(page)).to_be_focused()


@pytest.mark.parametrize(
    ("start", "typed", "first"),
    [
        ("", "sel", "SELECT"),
        ("PREFIX ", "sa", "sam: <https://w3id.org/samenhang/ontology#>"),
        ("SELECT (", "coun", "COUNT"),
        ("SELECT * { ?x a ", "sam:gem", "sam:Municipality"),
        ("SELECT * { ?x a sam:Pilot ; ", "label", "rdfs:label"),
        ("SELECT * { ?x a sam:Pilot ; ", "inm", "sam:inMunicipality"),
        ("SELECT * { ?x sam:inMunicipality/", "lab", "rdfs:label"),
        ("PREFIX s: <https://w3id.org/samenhang/ontology#> SELECT * { ?x a ", "pil", "s:Pilot"),
        ("SELECT ?member { ?member ?p ?o . ", "?mem", "?member"),
        ("SELECT ?member { ", "memb", "?member"),
        ("SELECT * { ?x ?p ?o . ", "opt", "OPTIONAL"),
        ("SELECT * { ?x ?p ?o FILTER(", "conta", "CONTAINS"),
        ("SELECT * { ?x <http://www.w3.org/2004/02/skos/core#inScheme> ", "role", "concept:role"),
    ],
)
def test_what_can_come_next_is_suggested(page: Page, start: str, typed: str, first: str) -> None:
    write(page, start, typed)
    expect(options(page).first.locator(".cm-completionLabel")).to_have_text(first)


@pytest.mark.parametrize(
    ("start", "typed"),
    [
        ("# all ", "sel"),
        ("SELECT * { ?x ?p 'a ", "sel"),
        ("SELECT * { ?x ?p 'a'@", "en"),
        ("", "select"),
        ("SELECT ?x { ", "?x"),
    ],
)
def test_nothing_is_suggested_in_texts_or_where_a_word_is_whole(
    page: Page, start: str, typed: str
) -> None:
    write(page, start, typed)
    page.wait_for_timeout(500)
    expect(options(page)).to_have_count(0)
    page.keyboard.press("Enter")
    assert text(page).startswith(f"{start}{typed}\n")


def test_the_most_used_names_of_a_prefix_come_first(page: Page) -> None:
    write(page, f"{SAM}SELECT * {{ ?x a ", "sam:")
    deadline = time.monotonic() + 10  # while the suggestions follow what is typed
    while len(numbers := first_counts(page)) != 6 or numbers != sorted(numbers, reverse=True):
        assert time.monotonic() < deadline, numbers
        page.wait_for_timeout(50)


def first_counts(page: Page) -> list[int]:
    """How often the graph uses each of the six names that are suggested first now."""
    details = options(page).locator(".cm-completionDetail").all_inner_texts()[:6]
    counts = [re.search(r"([\d,]+) ×$", one) for one in details]
    return [int(count[1].replace(",", "")) for count in counts if count]


def test_a_known_prefix_is_declared_on_acceptance(page: Page) -> None:
    write(page, "# Why?\nSELECT * { ", "skos:")
    page.keyboard.press("Control+Space")
    expect(options(page)).to_have_text(["skos:http://www.w3.org/2004/02/skos/core#"])
    accept(page)
    assert text(page) == (
        "# Why?\nPREFIX skos: <http://www.w3.org/2004/02/skos/core#>\n\nSELECT * { skos:"
    )


def test_the_graph_is_asked_for_its_names_once_and_only_on_use(context: BrowserContext) -> None:
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.post_data or request.url))
    page = visit(context.new_page(), "/query")
    page.wait_for_load_state("networkidle")
    assert not [body for body in asked if "void:classPartition" in body]
    write(page, "SELECT * { ?x a ", "munic")
    expect(options(page).first).to_be_visible()
    code(page).blur()
    expect(options(page)).to_have_count(0)
    write(page, "SELECT * { ?x a ", "pil")
    expect(options(page).first).to_be_visible()
    assert len([body for body in asked if "void:classPartition" in body]) == 1


def test_a_fault_is_marked_where_it_is_until_the_query_changes(page: Page) -> None:
    run(page, WRONG)
    expect(page.get_by_role("alert")).to_contain_text("line 3, column")
    mark = page.locator(".cm-lintRange-error")
    expect(mark).to_be_visible()
    expect(page.locator(".cm-lint-marker-error")).to_be_visible()
    expect(code(page)).to_be_focused()
    expect(code(page)).to_have_attribute("aria-invalid", "true")
    assert code(page).evaluate(CARET) == 3
    described = code(page).evaluate(
        "field => field.getAttribute('aria-describedby').split(' ')"
        ".map(id => field.getRootNode().getElementById(id).textContent)"
    )
    assert described[0]
    assert described[0] in page.get_by_role("alert").inner_text()
    assert described[1] == page.locator("#query-hint").inner_text()
    page.keyboard.type("x")
    expect(mark).to_have_count(0)
    expect(code(page)).not_to_have_attribute("aria-invalid", "true")


def test_an_unknown_prefix_is_marked(page: Page) -> None:
    run(page, "SELECT * {\n  ?x a nope:Thing\n}")
    expect(page.locator(".cm-lintRange-error")).to_have_text("nope:Thing")
    page.locator(".cm-lintRange-error").hover()
    expect(page.get_by_text("prefix nope: is not declared")).to_have_count(3)


@pytest.mark.parametrize("by", ["button", "Escape"])
def test_a_running_query_can_be_cancelled(page: Page, by: str) -> None:
    run(page, ENDLESS)
    cancel = page.get_by_role("button", name="Cancel")
    expect(page.locator(".clock")).to_contain_text("s")
    cancel.click() if by == "button" else page.keyboard.press("Escape")
    expect(page.get_by_role("status")).to_have_text("Cancelled.")
    expect(cancel).to_be_hidden()


def test_escape_closes_the_suggestions_before_it_cancels(page: Page) -> None:
    run(page, ENDLESS)
    expect(page.locator(".clock")).to_contain_text("s")
    page.keyboard.press("Control+Home")
    page.keyboard.type("sel")
    expect(options(page).first).to_be_visible()
    page.keyboard.press("Escape")
    expect(options(page)).to_have_count(0)
    expect(page.get_by_role("status")).to_have_text("Running …")
    page.keyboard.press("Escape")
    expect(page.get_by_role("status")).to_have_text("Cancelled.")


def test_the_keyboard_enters_and_leaves_the_field(page: Page) -> None:
    page.locator("label").get_by_text("SPARQL query").click()
    expect(code(page)).to_be_focused()
    before = text(page)
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Run")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(code(page)).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(code(page)).not_to_be_focused()
    assert text(page) == before
    expect(page.locator("#query-hint")).to_contain_text("Tab leaves the field")


def test_an_edit_can_be_undone(page: Page) -> None:
    before = text(page)
    code(page).focus()
    page.keyboard.type("gone")
    assert text(page) == f"gone{before}"
    page.keyboard.press("Control+Z")
    assert text(page) == before


def test_the_field_has_a_name_line_numbers_and_colours(page: Page) -> None:
    expect(page.get_by_role("textbox", name="SPARQL query")).to_have_count(1)
    expect(page.locator(".cm-lineNumbers")).to_contain_text("12")
    write(page, 'SELECT ?x { ?x rdfs:label "a"@nl } # all')
    colours = code(page).evaluate(
        "field => [...field.querySelectorAll('.cm-line span')]"
        ".map(one => [one.textContent, getComputedStyle(one).color])"
    )
    found = dict(colours)
    assert {"SELECT", "?x", "rdfs:label", '"a"', "# all"} <= set(found)
    assert len({found[part] for part in ("SELECT", "?x", "rdfs:label", '"a"', "# all")}) == 5


def test_the_result_can_be_downloaded_and_its_link_copied(
    page: Page, context: BrowserContext, tmp_path: Path
) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    query = "SELECT (1 + 1 AS ?sum) WHERE {} # é&+%"
    run(page, query)
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    download.value.save_as(tmp_path / "result.csv")
    assert (tmp_path / "result.csv").read_text().split() == ["sum", "2"]
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_role("status")).to_have_text("The link is copied.")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.url
    other = visit(context.new_page(), copied)
    expect(other.locator("tbody td")).to_have_text("2")
    assert text(other) == query


def test_the_query_in_the_fragment_goes_before_that_for_the_server(page: Page, url: str) -> None:
    visit(page, f"/query?{urlencode({'query': 'ASK { ?s ?p 1 }'})}")
    assert text(page) == "ASK { ?s ?p 1 }"
    expect(page.locator(".output")).to_be_empty()
    own, other = urlencode({"query": "ASK {}"}), urlencode({"query": "SELECT * {}"})
    visit(page, f"/query?{other}#{own}")
    expect(page.get_by_role("status")).to_contain_text("Yes in")
    assert text(page) == "ASK {}"
    assert page.url == f"{url}/query#{own}"


def test_a_long_query_has_a_permalink_too(page: Page) -> None:
    query = f"ASK {{}} # {'x' * 50_000}"
    run(page, query)
    expect(page.get_by_role("status")).to_contain_text("Yes in")
    page.reload()
    expect(page.get_by_role("status")).to_contain_text("Yes in")
    expect(page.locator("textarea")).to_have_value(query)


def test_where_the_field_for_code_does_not_load_the_plain_one_serves(
    browser: Browser, url: str
) -> None:
    page = browser.new_page(base_url=url)
    page.route("**/static/code-*.js", lambda route: route.abort())
    page.goto(f"/query#{urlencode({'query': 'ASK {}'})}")
    expect(page.get_by_role("status")).to_contain_text("Yes in")
    expect(page.locator("textarea")).to_be_visible()
    expect(page.locator("textarea")).to_have_value("ASK {}")
    expect(page.locator("#query-hint")).to_have_text(
        "Ctrl + Enter runs the query; Tab leaves the field."
    )
    page.close()


def test_what_was_written_before_the_field_for_code_came_is_kept(
    browser: Browser, url: str
) -> None:
    page = browser.new_page(base_url=url)
    waiting: list[Route] = []
    page.route("**/static/code-*.js", lambda route: waiting.append(route))
    page.goto("/query")
    page.locator("textarea").fill("ASK {}")
    page.locator("textarea").press("ArrowLeft")
    waiting[0].continue_()
    expect(code(page)).to_be_focused()
    page.keyboard.type("?s ?p ?o")
    assert text(page) == "ASK {?s ?p ?o}"
    page.close()


def test_without_javascript_the_query_is_read_and_runs(browser: Browser, url: str) -> None:
    page = browser.new_page(base_url=url, java_script_enabled=False)
    query = "SELECT (40 + 2 AS ?answer) {}"
    page.goto(f"/query?{urlencode({'query': query})}")
    expect(page.locator("textarea")).to_have_value(query)
    with page.expect_response("**/sparql?query=*") as response:
        page.get_by_role("button", name="Run").click()
    assert "42" in response.value.text()
    page.close()


def test_data_of_others_without_metadata_can_be_queried_too(
    browser: Browser, tmp_path: Path
) -> None:
    (tmp_path / "other.ttl").write_text("<urn:s> <urn:p> <urn:o> .")
    with serving(KG, tmp_path, {}, tmp_path / "other.ttl") as url:
        page = visit(browser.new_page(base_url=url), "/query")
        write(page, "SELECT * { ?thing ?p ?o . ", "?thi")
        expect(options(page)).to_have_text(["?thing"])
        run(page, "SELECT * { ?s ?p ?o }")
        expect(page.get_by_role("status")).to_contain_text("1 row in")
        page.close()


def test_the_field_for_code_is_loaded_by_its_page_alone(context: BrowserContext, url: str) -> None:
    loaded: list[str] = []
    context.on("request", lambda request: loaded.append(request.url))
    page = context.new_page()
    page.goto("/")
    page.wait_for_load_state("networkidle")
    assert not [address for address in loaded if "/code-" in address]
    scripts = [address for address in loaded if ".js" in address]
    assert scripts
    assert sum(len(httpx.get(one).content) for one in (f"{url}/", *scripts)) < 200_000
    visit(page, "/query")
    assert len([address for address in loaded if "/code-" in address]) == 1


def test_the_styles_of_the_field_are_adopted_and_break_no_policy(page: Page) -> None:
    write(page, f"{SAM}SELECT * {{ ?x a ", "pil")
    expect(options(page).first).to_be_visible()
    assert page.evaluate("document.querySelectorAll('style').length") == 0
    assert code(page).evaluate("field => field.getRootNode().adoptedStyleSheets.length") == 1
    assert code(page).evaluate("field => field.getRootNode().querySelectorAll('style').length") == 0
    run(page, WRONG)
    expect(page.locator(".cm-lint-marker-error")).to_be_visible()
    page.locator(".cm-lint-marker-error").hover()
    expect(page.locator(".cm-tooltip-lint")).to_be_visible()


@pytest.mark.parametrize("path", ["/query", "/nl/query"])
@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_fault_and_nothing_is_too_wide(
    browser: Browser, url: str, scheme: str, width: int, path: str
) -> None:
    size = ViewportSize(width=width, height=900)
    page = visit(browser.new_page(base_url=url, color_scheme=scheme, viewport=size), path)
    assert_fit(page, width)
    # Few suggestions, as axe-core takes a list that scrolls for one that no key reaches.
    write(page, "SELECT * { ?x a gemeent", "e")
    expect(options(page).first).to_be_visible()
    assert_fit(page, width)
    for query, shown in (
        (WRONG, page.get_by_role("alert")),
        ("SELECT * { ?s ?p ?o } LIMIT 3", page.locator("tbody tr").nth(2)),
    ):
        run(page, query)
        expect(shown).to_be_visible()
        page.wait_for_load_state("networkidle")
        assert_fit(page, width)
    page.close()


def assert_fit(page: Page, width: int) -> None:
    assert_accessible(page, rules=20)
    assert page.evaluate("document.documentElement.scrollWidth") == width
