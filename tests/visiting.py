"""What tests of pages share: the size of a phone, and the rules that every page keeps."""

from playwright.sync_api import Page, ViewportSize

from serving import ROOT

__all__ = ["PHONE", "assert_accessible"]

PHONE = ViewportSize(width=360, height=780)
# https://github.com/dequelabs/axe-core
AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"


def assert_accessible(page: Page, rules: int) -> None:
    """Fail if a page breaks a rule of axe-core, or if no more than so many could be looked at."""
    page.evaluate(AXE.read_text())
    outcome = page.evaluate("axe.run()")
    assert len(outcome["passes"]) > rules
    faults = [(fault["id"], fault["nodes"]) for fault in outcome["violations"]]
    assert faults == [], faults
