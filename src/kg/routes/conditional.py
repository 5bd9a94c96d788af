"""Conditional requests: whether a client has already what it asks for.

https://www.rfc-editor.org/rfc/rfc9110#section-13
"""

from collections.abc import Mapping
from datetime import datetime
from email.utils import format_datetime, parsedate_to_datetime
from hashlib import sha256

__all__ = ["http_date", "is_known", "opaque", "weak"]


def http_date(time: datetime) -> str:
    """Return a time as HTTP writes it."""
    return format_datetime(time, usegmt=True)


def is_known(asked: Mapping[str, str], tag: str, modified: datetime | None = None) -> bool:
    """Tell whether a client has what an entity tag names (13.2.2), compared weakly.

    The date ``modified``, if given, counts where the client knows no tag; ``asked`` are the fields
    of the request, in lower case.
    """
    tags = asked.get("if-none-match")
    if tags is not None:
        return not {"*", opaque(tag)}.isdisjoint(map(opaque, tags.split(",")))
    since = asked.get("if-modified-since")
    if since is None or modified is None:
        return False
    try:
        return parsedate_to_datetime(since) >= modified.replace(microsecond=0)
    except (OverflowError, TypeError, ValueError):  # no date of HTTP, which is in GMT
        return False


def opaque(tag: str) -> str:
    """Return what counts when entity tags are compared weakly (section 8.8.3.2)."""
    return tag.strip().removeprefix("W/")


def weak(state: bytes) -> str:
    """Return the weak entity tag of what some content, or all that decides it, says."""
    return f'W/"{sha256(state).hexdigest()[:20]}"'
