"""Encoding: answers compressed while they are written (RFC 9110, section 8.4.1)."""

from collections.abc import Callable
from typing import Any

import brotli
import zstandard
from isal import isal_zlib

__all__ = ["ENCODINGS", "WORTHWHILE", "Encoder", "encoder"]

WORTHWHILE = 1000  # bytes; what is shorter travels as it is


class Encoder:
    """Compresses what it is fed, piece by piece."""

    def __init__(self, feed: Callable[[Any], bytes], end: Callable[[], bytes]) -> None:
        self.feed, self.end = feed, end


def _zstd() -> Encoder:
    compressor = zstandard.ZstdCompressor(level=1).compressobj()
    return Encoder(compressor.compress, compressor.flush)


def _brotli() -> Encoder:
    compressor = brotli.Compressor(quality=1)
    return Encoder(compressor.process, compressor.finish)


def _gzip() -> Encoder:
    compressor = isal_zlib.compressobj(level=1, wbits=31)  # 31: with the fields of gzip
    return Encoder(compressor.compress, compressor.flush)


# In the order of preference: those that cost a query the least come first.
_ENCODERS = {"zstd": _zstd, "br": _brotli, "gzip": _gzip}
ENCODINGS = tuple(_ENCODERS)


def encoder(encoding: str | None, size: int) -> Encoder | None:
    """Return an encoder for a body whose first part has ``size`` bytes; ``None`` for none."""
    return _ENCODERS[encoding]() if encoding and size >= WORTHWHILE else None
