"""The errors of Samenhang; each carries what is needed to explain it.

::

    KgError
    ├── DataError                 what was read cannot be built or served
    │   ├── FileError             a file cannot be taken in: its path
    │   │   └── TurtleSyntaxError it is not Turtle: line, column
    │   └── FindingsError         checks found faults: the report
    └── RequestError              an HTTP answer other than success
        ├── BadRequest            400
        │   ├── QuerySyntaxError  line and column
        │   └── QueryTooComplex   the evaluator's stack ran out
        ├── ServiceRefused        403
        ├── GraphNotFound         404
        ├── ResourceNotFound      404
        ├── MethodNotAllowed      405
        ├── NotAcceptable         406
        ├── RequestTimeout        408
        ├── ResourceGone          410
        ├── ContentTooLarge       413
        ├── UnsupportedMediaType  415
        ├── UnsupportedCoding     415
        ├── EngineFailed          500
        ├── Overloaded            503
        ├── Stopping              503
        ├── QueryTimeout          504
        ├── VersionNotSupported   505
        └── QueryMemoryExceeded   507
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

__all__ = [
    "BadRequest",
    "ContentTooLarge",
    "DataError",
    "EngineFailed",
    "FileError",
    "FindingsError",
    "GraphNotFound",
    "KgError",
    "MethodNotAllowed",
    "NotAcceptable",
    "Overloaded",
    "QueryMemoryExceeded",
    "QuerySyntaxError",
    "QueryTimeout",
    "QueryTooComplex",
    "RequestError",
    "RequestTimeout",
    "ResourceGone",
    "ResourceNotFound",
    "ServiceRefused",
    "Stopping",
    "TurtleSyntaxError",
    "UnsupportedCoding",
    "UnsupportedMediaType",
    "VersionNotSupported",
    "place",
]


def place(file: object, line: int, column: int) -> str:
    """Return how a place in a file is written, as far as it is known.

    >>> place("data/sources.ttl", 12, 0)
    'data/sources.ttl:12'
    """
    return ":".join(str(part) for part in (file, line, column) if part)


class KgError(Exception):
    """The root of every error that Samenhang raises on purpose."""


class DataError(KgError):
    """Data that cannot be built or served; the message names the place and the remedy."""


class FileError(DataError):
    """A file that cannot be taken in; ``line`` and ``column`` count from 1, 0 when unknown."""

    def __init__(self, path: Path, reason: str, line: int = 0, column: int = 0) -> None:
        super().__init__(f"{place(path, line, column)}: {reason}")
        self.path, self.reason, self.line, self.column = path, reason, line, column


class TurtleSyntaxError(FileError):
    """A file that is not Turtle 1.1."""

    def __init__(self, path: Path, reason: str, line: int, column: int) -> None:
        super().__init__(path, f"not valid Turtle: {reason}", line, column)


class FindingsError(DataError):
    """Checks that found faults; ``findings`` are one line each, ready to print."""

    def __init__(self, findings: Sequence[str]) -> None:
        super().__init__("\n".join(findings))
        self.findings = tuple(findings)


class RequestError(KgError):
    """An error with an HTTP status, a short title, and further problem members (RFC 9457)."""

    status = 500
    title = "Internal Server Error"

    @property
    def members(self) -> dict[str, Any]:
        """Extension members of the problem document (RFC 9457, section 3.2)."""
        return {}

    @property
    def headers(self) -> dict[str, str]:
        """HTTP fields that go with the status."""
        return {}


class BadRequest(RequestError):
    """The request breaks the SPARQL Protocol or HTTP."""

    status = 400
    title = "Bad Request"


class QuerySyntaxError(BadRequest):
    """The query is not SPARQL 1.1; ``line`` and ``column`` count from 1, 0 when unknown.

    ``excerpt`` shows the place, in two lines of which the second has a caret, and ``hint`` tells
    what to do; both may be empty.
    """

    title = "Syntax error in the query"

    def __init__(
        self, reason: str, line: int = 0, column: int = 0, excerpt: str = "", hint: str = ""
    ) -> None:
        super().__init__(reason)
        self.line, self.column, self.excerpt, self.hint = line, column, excerpt, hint

    @property
    def members(self) -> dict[str, Any]:
        """Where the parser stopped and what to do, as far as it is known."""
        said = ("line", "column", "excerpt", "hint")
        return {name: value for name in said if (value := getattr(self, name))}


class QueryTooComplex(BadRequest):
    """The query is nested too deeply to be parsed or evaluated safely."""

    title = "Query too complex"

    def __init__(self) -> None:
        super().__init__(
            "The query is nested more deeply than can be evaluated; split it or flatten its groups."
        )


class ServiceRefused(RequestError):
    """The query asks this server to query another one."""

    status = 403
    title = "Federated query refused"

    def __init__(
        self,
        reason: str = "SERVICE is not available here: this endpoint queries no other. "
        "Run the federated query on your own engine and name this endpoint in its SERVICE.",
    ) -> None:
        super().__init__(reason)


class GraphNotFound(RequestError):
    """The dataset has no graph of that name, or nothing in it."""

    status = 404
    title = "Graph not found"

    def __init__(self, iri: str) -> None:
        super().__init__(f"There is no graph {iri}; the description of the service names them all.")
        self.iri = iri


class ResourceNotFound(RequestError):
    """Nothing is known of what an address names; ``near`` are names and paths like it."""

    status = 404
    title = "Not found"

    def __init__(self, iri: str, near: Mapping[str, str] | None = None) -> None:
        super().__init__(f"Nothing is said of {iri} here; search for it, or see what there is.")
        self.iri, self.near = iri, dict(near or {})

    @property
    def members(self) -> dict[str, Any]:
        """What is called alike, and where it is, if there is anything."""
        return {"near": self.near} if self.near else {}


class ResourceGone(RequestError):
    """What an address names was here once, but no longer is; ``near`` names what to see instead."""

    status = 410
    title = "Gone"

    def __init__(
        self,
        iri: str,
        remedy: str,
        reason: str = "is no longer kept here",
        near: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(f"{iri} {reason}; {remedy}")
        self.iri, self.near = iri, dict(near or {})

    @property
    def members(self) -> dict[str, Any]:
        """What to see instead, and where it is, if there is anything."""
        return {"near": self.near} if self.near else {}


class MethodNotAllowed(RequestError):
    """The method is none of those that the path takes."""

    status = 405
    title = "Method Not Allowed"

    def __init__(self, method: str, allow: Sequence[str]) -> None:
        super().__init__(f"{method} is not possible here; use {', '.join(allow)}.")
        self.allow = tuple(allow)

    @property
    def headers(self) -> dict[str, str]:
        """The Allow field, which RFC 9110 demands with this status."""
        return {"Allow": ", ".join(self.allow)}


class NotAcceptable(RequestError):
    """None of the offered media types is acceptable to the client."""

    status = 406
    title = "Not Acceptable"

    def __init__(self, accept: str, offered: Sequence[str]) -> None:
        super().__init__(f"Nothing here is acceptable; offered are {', '.join(offered)}.")
        self.accept, self.offered = accept, tuple(offered)


class RequestTimeout(RequestError):
    """The request did not arrive in the time that it has."""

    status = 408
    title = "Request Timeout"

    def __init__(self, seconds: float) -> None:
        super().__init__(f"The request did not arrive within {seconds:g} seconds.")
        self.seconds = seconds

    @property
    def headers(self) -> dict[str, str]:
        """The connection ends: what comes late would be taken for another request."""
        return {"Connection": "close"}


class ContentTooLarge(RequestError):
    """The request's body is larger than is read."""

    status = 413
    title = "Content Too Large"

    def __init__(self, limit: int) -> None:
        super().__init__(f"The request's body may hold {limit} bytes at most.")
        self.limit = limit

    @property
    def headers(self) -> dict[str, str]:
        """The connection ends, so that the rest need not be read."""
        return {"Connection": "close"}


class UnsupportedMediaType(RequestError):
    """The body is of a media type that the SPARQL Protocol does not define for a query."""

    status = 415
    title = "Unsupported Media Type"

    def __init__(self, media_type: str) -> None:
        super().__init__(
            "A query is posted as application/sparql-query or application/x-www-form-urlencoded, "
            f"not as {media_type or 'a body without Content-Type'}."
        )
        self.media_type = media_type

    @property
    def headers(self) -> dict[str, str]:
        """The Accept field, which tells what to send instead (RFC 9110, section 15.5.16)."""
        return {"Accept": "application/sparql-query, application/x-www-form-urlencoded"}


class UnsupportedCoding(RequestError):
    """The body is compressed, or coded in another way."""

    status = 415
    title = "Unsupported Content Coding"

    def __init__(self, coding: str) -> None:
        super().__init__(f"The request's body is read as it is, not as {coding}; send it uncoded.")
        self.coding = coding

    @property
    def headers(self) -> dict[str, str]:
        """The Accept-Encoding field, which tells the cause (RFC 9110, section 15.5.16)."""
        return {"Accept-Encoding": "identity"}


class EngineFailed(RequestError):
    """The engine failed in a way that the query does not explain."""

    title = "The query engine failed"


class Overloaded(RequestError):
    """All workers are busy and the queue is full, or the wait in it was too long."""

    status = 503
    title = "Too busy"

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"All workers are busy; try again in {retry_after} seconds.")
        self.retry_after = retry_after

    @property
    def headers(self) -> dict[str, str]:
        """When to come back, in seconds."""
        return {"Retry-After": str(self.retry_after)}


class Stopping(RequestError):
    """The service is about to end."""

    status = 503
    title = "Stopping"

    def __init__(self) -> None:
        super().__init__("The service is being stopped or started anew; try again in a while.")

    @property
    def headers(self) -> dict[str, str]:
        """When to come back, in seconds."""
        return {"Retry-After": "5"}


class QueryTimeout(RequestError):
    """The evaluation took longer than a query may."""

    status = 504
    title = "Query timed out"

    def __init__(self, seconds: float) -> None:
        super().__init__(
            f"The query was stopped after {seconds:g} seconds; "
            "narrow it down or work on a downloaded copy."
        )
        self.seconds = seconds


class QueryMemoryExceeded(RequestError):
    """The evaluation needed more memory than a query may."""

    status = 507
    title = "Query needs too much memory"

    def __init__(self, limit: int) -> None:
        super().__init__(
            f"The query needed more than its {limit / 2**20:.0f} MiB of memory; narrow it down."
        )
        self.limit = limit


class VersionNotSupported(RequestError):
    """The answer must be streamed, and the client's HTTP cannot tell a whole one from a part."""

    status = 505
    title = "HTTP Version Not Supported"

    def __init__(self) -> None:
        super().__init__(
            "This answer is too long for HTTP/1.0, which cannot tell a whole one from a part; "
            "use HTTP/1.1."
        )
