"""Packing: bodies compressed away from the event loop, as a client likes them.

https://www.rfc-editor.org/rfc/rfc9110#section-8.4
"""

import asyncio

from fastapi import Request

from kg.engine.encoding import ENCODINGS, encoder
from kg.negotiation import encoding

__all__ = ["coding_of", "packed"]


def coding_of(request: Request) -> str:
    """Return the content coding that a client likes best, empty if it likes none."""
    return encoding(request.headers.get("accept-encoding"), ENCODINGS) or ""


async def packed(content: bytes, coding: str) -> tuple[bytes, dict[str, str]]:
    """Return a body in a coding, with the field that says so; as it is if that gains nothing."""
    if encoder(coding, len(content)) is None:
        return content, {}
    return await asyncio.to_thread(_pack, content, coding), {"Content-Encoding": coding}


def _pack(content: bytes, coding: str) -> bytes:
    own = encoder(coding, len(content))
    return own.feed(content) + own.end() if own else content
