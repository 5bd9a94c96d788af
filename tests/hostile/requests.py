"""Requests that are meant to fell whoever reads them, and what each may be answered."""

import gzip
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote

from hostile.attacker import CLOSED, get, post

__all__ = ["MALFORMED", "Malformed"]

ASK = quote("ASK {}")
OK = (200,)
BAD = (400, CLOSED)
LONG = (400, 413, 414, 431, CLOSED)
FINE = (200, 400)
LATE = (408, CLOSED)  # what never comes to its end


@dataclass(frozen=True)
class Malformed:
    """Bytes that pass for a request, and the statuses that they may be answered with."""

    name: str
    payload: bytes = field(repr=False)
    statuses: Sequence[int]


def _head(*fields: str, line: str = f"GET /sparql?query={ASK} HTTP/1.1") -> bytes:
    return "\r\n".join((line, *fields, "", "")).encode("latin-1")


def _line(line: str) -> bytes:
    return _head("Host: x", line=line)


def _field(field: str) -> bytes:
    return _head("Host: x", field)


def _posted(*fields: str, body: bytes = b"") -> bytes:
    head = _head(
        "Host: x", "Content-Type: application/sparql-query", *fields, line="POST /sparql HTTP/1.1"
    )
    return head + body


def _chunked(body: bytes) -> bytes:
    return _posted("Transfer-Encoding: chunked", body=body)


def _lengths() -> Iterable[Malformed]:
    yield Malformed("URL of 100 KB", _line(f"GET /sparql?query={'a' * 100_000} HTTP/1.1"), LONG)
    yield Malformed("URL of 10 MB", _line(f"GET /sparql?query={'a' * 10_000_000} HTTP/1.1"), LONG)
    yield Malformed("path of 10 MB", _line(f"GET /{'a/' * 5_000_000} HTTP/1.1"), (404, *LONG))
    yield Malformed("method of 1 MB", _line(f"{'A' * 1_000_000} / HTTP/1.1"), (405, *LONG))
    yield Malformed("field of 10 MB", _field(f"X: {'a' * 10_000_000}"), LONG)
    yield Malformed("name of 10 MB", _field(f"{'a' * 10_000_000}: x"), LONG)
    yield Malformed("500,000 fields", _head("Host: x", *("X: y",) * 500_000), LONG)
    yield Malformed("500 fields", _head("Host: x", *("X: y",) * 500), (200, 431))
    yield Malformed("10,000 parameters", _line(f"GET /sparql?{'a=b&' * 10_000} HTTP/1.1"), LONG)
    yield Malformed(
        "100,000 parameters posted",
        post(b"a=b&" * 100_000, media_type="application/x-www-form-urlencoded"),
        BAD,
    )
    yield Malformed("body of 10 MB", post(b" " * 10_000_000), (413,))
    yield Malformed("nothing but line ends", b"\r\n" * 500_000, (*LATE, *LONG))
    yield Malformed("nothing but spaces", b" " * 1_000_000, LONG)
    yield Malformed("nothing but zeros", b"\0" * 1_000_000, BAD)
    yield Malformed("megabyte of noise", bytes(range(256)) * 4096, BAD)


def _framing() -> Iterable[Malformed]:
    both = ("Content-Length: 6", "Transfer-Encoding: chunked")
    smuggled = b"0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n"
    yield Malformed("length and chunks", _posted(*both, body=smuggled), BAD)
    yield Malformed("chunks and length", _posted(*reversed(both), body=smuggled), BAD)
    yield Malformed(
        "two lengths", _posted("Content-Length: 6", "Content-Length: 7", body=b"ASK {}x"), BAD
    )
    yield Malformed("two lengths in one", _posted("Content-Length: 6, 6", body=b"ASK {}"), BAD)
    for length in ("-1", "+6", "0x6", "6 6", "1e1", "six", str(10**30), str(2**64), str(2**63)):
        yield Malformed(
            f"length {length}", _posted(f"Content-Length: {length}", body=b"ASK {}"), (413, *BAD)
        )
    for coding in (
        "gzip, chunked",
        "chunked, chunked",
        "chunked, identity",
        "xchunked",
        "identity",
        "chunked;x=y",
        "\x0bchunked",
        "chunked\0",
    ):
        yield Malformed(
            f"coding {coding!r}",
            _posted(f"Transfer-Encoding: {coding}", body=b"6\r\nASK {}\r\n0\r\n\r\n"),
            (200, 408, 415, 501, *BAD),
        )
    yield Malformed("chunk of no number", _chunked(b"zz\r\nASK {}\r\n0\r\n\r\n"), BAD)
    yield Malformed("chunk of negative size", _chunked(b"-6\r\nASK {}\r\n0\r\n\r\n"), BAD)
    yield Malformed(
        "chunk beyond 64 bits", _chunked(b"fffffffffffffffff\r\nASK {}\r\n0\r\n\r\n"), (413, *BAD)
    )
    yield Malformed(
        "chunk of all memory", _chunked(b"7fffffffffffffff\r\n" + b" " * 3_000_000), (413, *BAD)
    )
    yield Malformed("chunk longer than told", _chunked(b"2\r\nASK {}\r\n0\r\n\r\n"), BAD)
    yield Malformed(
        "chunk extension of 1 MB",
        _chunked(b"6;" + b"a" * 1_000_000 + b"\r\nASK {}\r\n0\r\n\r\n"),
        (200, 413, *BAD),
    )
    yield Malformed("million chunks", _chunked(b"1\r\n \r\n" * 1_100_000), (413,))
    yield Malformed(
        "trailers without end",
        _chunked(b"6\r\nASK {}\r\n0\r\n" + b"X: y\r\n" * 200_000),
        (200, *LONG, 408),
    )
    yield Malformed("folded field", _head("Host: x", "X: a", " b"), (200, *BAD))
    yield Malformed("space before colon", _head("Host : x"), BAD)
    yield Malformed("field without colon", _head("Host: x", "oops"), BAD)
    yield Malformed("field without name", _head("Host: x", ": oops"), BAD)
    yield Malformed("NUL in a field", _field("X: a\0b"), BAD)
    yield Malformed("bare line feeds", _head("Host: x").replace(b"\r", b""), (200, *BAD))
    yield Malformed("bare carriage returns", _head("Host: x").replace(b"\n", b""), (408, *BAD))


def _lines() -> Iterable[Malformed]:
    yield Malformed("HTTP/0.9", b"GET /\r\n\r\n", (505, *BAD))
    yield Malformed("HTTP/1.0", _head(line=f"GET /sparql?query={ASK} HTTP/1.0"), OK)
    for version in (
        "HTTP/1.2",
        "HTTP/2.0",
        "HTTP/9.9",
        "HTTP/1.1.1",
        "HTTP/-1.1",
        "http/1.1",
        "ICY/1.1",
    ):
        yield Malformed(version, _line(f"GET / {version}"), (200, 505, *BAD))
    yield Malformed("preface of HTTP/2", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\0" * 9, BAD)
    yield Malformed(
        "greeting of TLS",
        bytes.fromhex("160301020001000 1fc0303".replace(" ", "")) + b"\0" * 512,
        BAD,
    )
    yield Malformed("greeting of SSH", b"SSH-2.0-OpenSSH_9.2\r\n", BAD)
    for target in (
        f"http://evil.example/sparql?query={ASK}",
        f"//evil.example/sparql?query={ASK}",
        "*",
        "sparql",
        "/../../../etc/passwd",
        "/static/../../../../etc/passwd",
        "/static/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
        "/static/..%2f..%2f..%2fetc/passwd",
        "/static//etc/passwd",
        "/static/%00",
        "/static/app.js%00.css",
        "/static/" + "a" * 5000,
        "/static/%ff",
        "/%",
        "/%zz",
        "/%c0%ae",
        "/\\",
        "/\xff\xfe",
        "/;a=b",
        "/?",
        "/#x",
        "/sparql/",
        "/sparql//",
    ):
        yield Malformed(
            f"target {target[:40]}",
            _line(f"GET {target} HTTP/1.1"),
            (200, 307, 308, 404, 405, *BAD),
        )
    for query in (
        "%",
        "%zz",
        "%FF",
        "%C0%AE",
        "%ED%A0%80",
        "%00",
        "ASK+%7B%7D%00",
        "&&&&",
        "=",
        "%26%3D",
    ):
        yield Malformed(f"parameter {query}", _line(f"GET /sparql?query={query} HTTP/1.1"), BAD)
    for method in (
        "CONNECT",
        "TRACE",
        "OPTIONS",
        "get",
        "PROPFIND",
        "PURGE",
        "QUERY",
        "BREW",
        "G\0T",
        "É",
    ):
        yield Malformed(
            f"method {method!r}",
            _line(f"{method} /sparql?query={ASK} HTTP/1.1"),
            (200, 204, 405, *BAD),
        )
    yield Malformed("CONNECT elsewhere", _line("CONNECT 127.0.0.1:22 HTTP/1.1"), (404, 405, *BAD))


def _fields() -> Iterable[Malformed]:
    yield Malformed("no Host", _head(), FINE)
    yield Malformed("two Hosts", _head("Host: x", "Host: y"), FINE)
    for host in (
        "",
        "[",
        "[]",
        "[::1",
        "a b",
        "x:y",
        "x:99999999",
        "x:-1",
        "\xff",
        "../..",
        "x/y?z#u",
        "@",
        "x@y",
        "%00",
        "<script>",
        "x" * 10_000,
    ):
        yield Malformed(f"Host {host[:12]!r}", _head(f"Host: {host}"), (200, 400, 431, CLOSED))
    yield Malformed("expectation of another kind", _field("Expect: a miracle"), (200, 417))
    yield Malformed(
        "upgrade to websocket",
        _head(
            "Host: x",
            "Connection: Upgrade",
            "Upgrade: websocket",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
        ),
        (200, 400, 403, 426),
    )
    yield Malformed(
        "upgrade to HTTP/2",
        _head(
            "Host: x",
            "Connection: Upgrade, HTTP2-Settings",
            "Upgrade: h2c",
            "HTTP2-Settings: AAMAAABkAAQAAP__",
        ),
        OK,
    )
    yield Malformed("Range", _field("Range: bytes=0-0,1-1,2-2" + ",3-3" * 5000), (200, 431))
    yield Malformed(
        "If-None-Match", _field("If-None-Match: " + 'W/"x",' * 5000 + '"'), (200, 304, 431)
    )
    yield Malformed(
        "If-Modified-Since", _field("If-Modified-Since: Thu, 99 Foo 99999 99:99:99"), OK
    )
    ranges = {
        "ranges": "a/b;q=0.1," * 6000,
        "qualities": "*/*;q=" + "1" * 50_000,
        "parameters": "text/csv" + ";a=b" * 14_000,
        "commas": "," * 60_000,
        "spaces": "text/csv" + " \t" * 30_000 + ";",
        "open quote": 'text/csv;a="' + "\\a" * 28_000,
        "almost quotes": 'a/b;c="' * 8000,
        "slashes": "/" * 60_000,
        "stars": "*/" * 30_000,
    }
    for name, value in ranges.items():
        for what in ("Accept", "Accept-Encoding", "Accept-Language"):
            yield Malformed(f"{what} of {name}", _field(f"{what}: {value}"), (200, 400, 406, 431))
    kinds = {
        "parameters": "application/sparql-query" + ";a=b" * 14_000,
        "open quote": 'application/sparql-query;charset="' + "\\a" * 28_000,
        "continued parameters": "application/sparql-query"
        + "".join(f";charset*{n}*=utf-8''x" for n in range(2500)),
        "percents": "application/sparql-query;charset*=utf-8''" + "%41" * 20_000,
        "charset of no kind": "application/sparql-query;charset=rot13",
        "charset of NUL": "application/sparql-query;charset=\x7f",
        "comments": "application/sparql-query" + "(" * 60_000,
        "encoded words": "=?utf-8?q?" + "a?= =?utf-8?q?" * 4000,
        "commas": "application/sparql-query," * 2500,
        "multipart": "multipart/form-data; boundary=" + "x" * 50_000,
    }
    for name, value in kinds.items():
        yield Malformed(
            f"Content-Type of {name}",
            _head(
                "Host: x",
                f"Content-Type: {value}",
                "Content-Length: 6",
                line="POST /sparql HTTP/1.1",
            )
            + b"ASK {}",
            (200, 400, 415, 431),
        )
    for what, value in (("Accept", "a/b;q=0.1,"), ("Content-Type", ";a=b"), ("Cookie", "a=b; ")):
        yield Malformed(
            f"{what} of a megabyte", _field(f"{what}: {value * (1_000_000 // len(value))}"), LONG
        )
    yield Malformed("body in UTF-16", post("ASK {}".encode("utf-16")), BAD)
    yield Malformed("body of overlong UTF-8", post(b"ASK {}\xc0\xaf"), BAD)
    squeezed = gzip.compress(b" " * 500_000_000 + b"ASK {}", 6)
    yield Malformed(
        "body that unpacks to 500 MB",
        _posted("Content-Encoding: gzip", f"Content-Length: {len(squeezed)}", body=squeezed),
        (400, 413, 415),
    )
    yield Malformed("cookies", _field("Cookie: " + "a=b; " * 12_000), (200, 431))
    yield Malformed(
        "forwarded",
        _head(
            "Host: x",
            "X-Forwarded-For: " + "127.0.0.1," * 2000,
            "X-Forwarded-Proto: javascript",
            "X-Forwarded-Host: evil.example",
            "Forwarded: for=_x",
        ),
        (200, 431),
    )
    yield Malformed("method override", _field("X-HTTP-Method-Override: DELETE"), OK)
    yield Malformed("two requests in one", get("ASK {}") + b"GET /smuggled HTTP/1.1\r\n", OK)


MALFORMED: Mapping[str, Sequence[Malformed]] = {
    family.__name__.lstrip("_"): tuple(family()) for family in (_lengths, _framing, _lines, _fields)
}
