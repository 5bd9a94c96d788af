"""Negotiation: which of the offered media types a client gets (RFC 9110, section 12.5.1)."""

from collections.abc import Sequence

from webob.acceptparse import create_accept_header

__all__ = ["choose"]


def choose(accept: str | None, offered: Sequence[str]) -> str | None:
    """Return the offered media type that the Accept field likes best, or ``None``.

    Ties go to the earlier offer. Several Accept lines come joined by commas. A missing, empty or
    malformed field accepts everything.

    >>> choose("text/csv;q=0.5, text/*", ["text/csv", "text/tab-separated-values"])
    'text/tab-separated-values'
    """
    acceptable = create_accept_header(accept or None).acceptable_offers(offered)
    return acceptable[0][0] if acceptable else None
