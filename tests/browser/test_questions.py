"""The questions of the library in a browser: chosen, answered, copied, with and without script."""

import re

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from visiting import assert_accessible

pytestmark = pytest.mark.browser

VERSION = "{version}"
PATHS = [
    *("/queries", "/nl/queries?q=ede&difficulty=beginner", "/queries?q=nothingofthekind"),
    *("/queries/parties", "/nl/queries/parties?agreement=village-deal-stein", "/queries/case"),
    *("/queries/on-a-date?day=1900-01-01", "/queries/parties?agreement=nowhere&x=1"),
    *(f"/queries/parties/{VERSION}", f"/nl/queries/search/{VERSION}?word=Weert"),
]


def located(url: str, path: str) -> str:
    """The path with the version of the question that is served."""
    versions = {one["slug"]: one["version"] for one in httpx.get(f"{url}/api/queries").json()}
    slug = path.removeprefix("/nl").split("/")[2] if VERSION in path else ""
    return path.replace(VERSION, versions.get(slug, ""))


def test_a_question_is_found_chosen_and_answered(phone: Page) -> None:
    phone.goto("/queries")
    phone.get_by_label("Words in a question").fill("signatory")
    phone.get_by_role("main").get_by_role("button", name="Search").click()
    phone.get_by_role("link", name="Who are the parties to an agreement?").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text(
        "Who are the parties to an agreement?"
    )
    answer = phone.locator("table.answer")
    expect(answer.locator("tbody tr")).to_have_count(9)
    phone.get_by_label("agreement", exact=True).select_option(label="Village Deal of Stein")
    phone.get_by_role("button", name="Show the answer").click()
    expect(phone).to_have_url(re.compile(r"/queries/parties\?agreement=village-deal-stein$"))
    expect(
        answer.get_by_role("link", name="municipal council of Stein", exact=True)
    ).to_be_visible()
    expect(answer.get_by_role("link", name="Malkander")).to_have_count(0)
    languages = phone.get_by_role("navigation", name="Language")
    languages.get_by_role("link", name="Nederlands").click()
    expect(phone).to_have_url(re.compile(r"/nl/queries/parties\?agreement=village-deal-stein$"))
    expect(answer.get_by_role("link", name="gemeenteraad van Stein", exact=True)).to_be_visible()


@pytest.mark.parametrize("path", PATHS)
def test_axe_finds_no_fault_and_nothing_is_wider_than_the_window(
    browser: Browser, url: str, path: str
) -> None:
    page = browser.new_page(base_url=url)
    page.goto(located(url, path))
    for details in page.locator("main details").all():
        details.evaluate("(details) => { details.open = true; }")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert_accessible(page, rules=15)
    for width in (320, 360, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") == width
    page.close()


def test_what_is_shown_can_be_copied(context: BrowserContext, url: str) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto("/queries/parties")
    link = page.locator("#permanent-link").text_content()
    page.get_by_role("button", name="Copy the link").click()
    expect(page.get_by_text("Copied.")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == link
    page.locator("summary", has_text="curl").click()
    page.get_by_role("button", name="Copy for curl").click()
    expect(page.get_by_text("Copied.")).to_have_count(2)
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == f"curl --fail --header 'Accept: text/csv' {url}/api/queries/parties\n"


def test_where_the_clipboard_is_closed_the_text_is_copied_by_selection(
    context: BrowserContext,
) -> None:
    page = context.new_page()
    page.goto("/queries/parties")
    page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    page.get_by_role("button", name="Copy the link").click()
    expect(page.get_by_text("Copied.")).to_be_visible()
    shown = page.locator("#permanent-link").text_content()
    assert page.evaluate("getSelection().toString()") == shown


def test_without_a_script_there_are_no_buttons_that_do_nothing(browser: Browser, url: str) -> None:
    context = browser.new_context(base_url=url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/queries/parties")
    expect(page.get_by_role("button", name="Copy")).to_have_count(0)
    expect(page.locator("copy-button").first).to_be_hidden()
    context.close()


def test_a_refused_value_is_marked_and_can_be_put_right(phone: Page) -> None:
    phone.goto("/queries/parties?agreement=nowhere")
    field = phone.get_by_label("agreement", exact=True)
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_value("nowhere")
    expect(field).to_have_accessible_description(re.compile("“agreement” cannot be 'nowhere'"))
    field.select_option(index=1)
    phone.get_by_role("button", name="Show the answer").click()
    expect(phone.locator("table.answer")).to_be_visible()
