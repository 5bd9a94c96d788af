"""Links: those in the header of an answer.

https://www.rfc-editor.org/rfc/rfc8288
"""

import re
from typing import Any

import httpx

PATIENCE = 60.0  # seconds for an answer

LINK = re.compile(r'<([^>]*)>((?:\s*;\s*[\w*]+="[^"]*")*)\s*(?:,|$)')
ATTRIBUTE = re.compile(r'([\w*]+)="([^"]*)"')


def fetch(url: str, method: str = "GET", **options: Any) -> httpx.Response:
    """Return an answer, whatever its status."""
    return httpx.request(method, url, timeout=PATIENCE, **options)


def links(response: httpx.Response) -> list[dict[str, str]]:
    """Return each link as its ``url`` and its attributes; all of the field must be links."""
    field = response.headers["link"]
    assert not LINK.sub("", field).strip(), field
    found = [{"url": url, **dict(ATTRIBUTE.findall(rest))} for url, rest in LINK.findall(field)]
    assert all("rel" in link for link in found)
    return found


def linked(response: httpx.Response, relation: str) -> list[str]:
    """Return where the links of a relation lead to."""
    return [link["url"] for link in links(response) if relation in link["rel"].split()]
