"""Memento: the kept versions as the past of ``/data``, each at a time of its own.

https://www.rfc-editor.org/rfc/rfc7089, lists of links: https://www.rfc-editor.org/rfc/rfc6690
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from email.utils import parsedate_to_datetime

from kg.build import Build
from kg.errors import BadRequest
from kg.routes.conditional import http_date
from kg.routes.documents import Link

__all__ = ["LINK_FORMAT", "TIMEGATE", "TIMEMAP", "links", "moment", "timemap"]

ORIGINAL, TIMEGATE, TIMEMAP = "/data", "/data/timegate", "/data/timemap"
LINK_FORMAT = "application/link-format"


def moment(accept_datetime: str) -> datetime:
    """Return the time that the field Accept-Datetime names (2.1.1); raises ``BadRequest``."""
    try:
        time = parsedate_to_datetime(accept_datetime)
    except (ValueError, OverflowError):
        time = datetime.min
    if time.tzinfo is None:
        raise BadRequest(
            "The field Accept-Datetime is no date of HTTP, as in Sun, 06 Nov 1994 08:49:37 GMT."
        )
    return time


def links(base: str, builds: Sequence[Build]) -> list[Link]:
    """Return the links from ``/data``, from what leads to its past, and from each of its versions.

    ``base`` is the address of the deployment without slash; ``builds`` has the newest first.
    """
    found = [
        Link("original", base + ORIGINAL),
        Link("timegate", base + TIMEGATE),
        Link("timemap", base + TIMEMAP, {"type": LINK_FORMAT}),
    ]
    return [*found, *(_memento(base, builds, one) for one in dict.fromkeys(_ends(builds)))]


def timemap(base: str, builds: Sequence[Build]) -> str:
    """Return the list of all versions (5)."""
    span = {"from": http_date(builds[-1].created), "until": http_date(builds[0].created)}
    entries = [
        Link("original", base + ORIGINAL),
        Link("timegate", base + TIMEGATE),
        Link("self", base + TIMEMAP, {"type": LINK_FORMAT, **span}),
        *(_memento(base, builds, build) for build in reversed(builds)),
    ]
    return ",\n".join(map(str, entries)) + "\n"


def _ends(builds: Sequence[Build]) -> Iterator[Build]:
    yield from builds[-1:]
    yield from builds[:1]


def _memento(base: str, builds: Sequence[Build], build: Build) -> Link:
    first, last = ("first " * (build == builds[-1]), "last " * (build == builds[0]))
    url = f"{base}{ORIGINAL}/{build.version}"
    return Link(f"{first}{last}memento", url, {"datetime": http_date(build.created)})
