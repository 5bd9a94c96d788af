"""Protocol: from the parts of an HTTP request to a query (SPARQL 1.1 Protocol, section 2.1).

https://www.w3.org/TR/sparql11-protocol/#query-operation
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from email.message import Message
from functools import lru_cache
from urllib.parse import parse_qsl, unquote_to_bytes

from pyoxigraph import NamedNode

from kg.errors import BadRequest, NotAcceptable, UnsupportedCoding, UnsupportedMediaType
from kg.formats import RDF, RESULTS, Format, named, offers
from kg.negotiation import choose

__all__ = [
    "FORM",
    "SPARQL_QUERY",
    "Query",
    "absolute",
    "formats",
    "is_operation",
    "parameters",
    "parse",
    "values",
]

FORM = "application/x-www-form-urlencoded"
SPARQL_QUERY = "application/sparql-query"
UPDATE = ("update", "using-graph-uri", "using-named-graph-uri")
DATASET = ("default-graph-uri", "named-graph-uri")
MAX_PARAMETERS = 1000

_OPERANDS = frozenset(name.encode() for name in ("query", *UPDATE, *DATASET))
_NOT_AN_ESCAPE = re.compile("%(?![0-9A-Fa-f]{2})")


@dataclass(frozen=True)
class Query:
    """A query as the engine takes it.

    ``results`` is the format for SELECT and ASK, ``rdf`` that for CONSTRUCT and DESCRIBE; ``None``
    where the client accepts none of that kind. The graphs override FROM and FROM NAMED. ``base``
    resolves relative IRIs, ``encoding`` is the content coding that the client prefers to none. With
    ``explain``, the answer tells in JSON why the query has none.
    """

    text: str
    results: Format | None = RESULTS[0]
    rdf: Format | None = RDF[0]
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    base: str | None = None
    encoding: str | None = None
    explain: bool = False


def parse(
    method: str,
    query_string: bytes,
    content_type: str | None,
    body: bytes,
    accept: str | None,
    base: str,
    content_encoding: str | None = None,
) -> Query:
    """Return the query that a request asks for; only a POST has a body that counts.

    Raises ``BadRequest`` when there is not exactly one query, a graph is no absolute IRI, or the
    text is not UTF-8; ``UnsupportedMediaType`` and ``UnsupportedCoding`` on a body of another
    kind, ``NotAcceptable`` when no format suits.
    """
    given = parameters(query_string)
    if method == "POST":
        given = _posted(given, content_type, body, content_encoding)
    for name in UPDATE:
        if values(given, name):
            raise BadRequest(
                f"{name} belongs to an update, but this endpoint takes queries only: "
                "the data changes by build."
            )
    results, rdf = formats((RESULTS, RDF), accept, given)
    default_graphs, named_graphs = (
        tuple(absolute(name, iri) for iri in values(given, name)) for name in DATASET
    )
    return Query(
        text=_single_query(values(given, "query")),
        results=results,
        rdf=rdf,
        default_graphs=default_graphs,
        named_graphs=named_graphs,
        base=base,
    )


def is_operation(method: str, query_string: bytes) -> bool:
    """Tell whether a request is meant as a query, or as an update; if not, to see what is here.

    >>> is_operation("GET", b"query="), is_operation("GET", b"format=turtle")
    (True, False)
    """
    names = (part.partition(b"=")[0] for part in query_string.split(b"&"))
    return method == "POST" or any(unquote_to_bytes(name) in _OPERANDS for name in names)


def parameters(text: bytes) -> list[tuple[str, str]]:
    """Return name and value of the parameters in a query string or a form, decoded.

    Raises ``BadRequest`` where it is not percent-encoded UTF-8, holds NUL or too many parameters.
    """
    encoded = _utf8(text)
    if fault := _NOT_AN_ESCAPE.search(encoded):
        raise BadRequest(
            f"At character {fault.start() + 1} of the parameters, a percent sign begins no "
            "percent-encoding; one that stands for itself is written %25."
        )
    try:
        pairs = parse_qsl(
            encoded, keep_blank_values=True, errors="strict", max_num_fields=MAX_PARAMETERS
        )
    except UnicodeDecodeError:
        raise BadRequest("A parameter is not percent-encoded UTF-8.") from None
    except ValueError:
        raise BadRequest(f"There are more than {MAX_PARAMETERS} parameters.") from None
    for _, value in pairs:
        _refuse_nul(value)
    return pairs


def values(given: Iterable[tuple[str, str]], name: str) -> tuple[str, ...]:
    """Return the values of the parameters of one name, in their order."""
    return tuple(value for key, value in given if key == name)


def formats(
    kinds: Sequence[tuple[Format, ...]], accept: str | None, given: Iterable[tuple[str, str]]
) -> tuple[Format | None, ...]:
    """Return the format of each kind that a client wants, by the parameter ``format`` or Accept.

    Of several names, the first that is known counts: SPARQLWrapper gives a short name and a list.
    Raises ``BadRequest`` when none is known, ``NotAcceptable`` when no format of any kind suits.
    """
    names = values(given, "format")
    for name in names:
        chosen = tuple(named(name, kind) for kind in kinds)
        if any(chosen):
            return chosen
    if names:
        known = dict.fromkeys(offer.name for kind in kinds for offer in kind)
        raise BadRequest(f"format is one of {', '.join(known)}.")
    chosen = tuple(_acceptable(accept, kind) for kind in kinds)
    if not any(chosen):
        raise NotAcceptable(accept or "", offers(*kinds))
    return chosen


def absolute(name: str, iri: str) -> str:
    """Return the value of the parameter ``name``; raises ``BadRequest`` if it is no absolute IRI.

    >>> absolute("graph", "urn:example:a")
    'urn:example:a'
    """
    try:
        return NamedNode(iri).value
    except ValueError:
        raise BadRequest(f"{name} is an absolute IRI, such as https://example.org/graph.") from None


def _posted(
    given: list[tuple[str, str]],
    content_type: str | None,
    body: bytes,
    content_encoding: str | None,
) -> list[tuple[str, str]]:
    if content_encoding and content_encoding.strip().lower() != "identity":
        raise UnsupportedCoding(content_encoding)
    if _media_type(content_type) == FORM:
        return given + parameters(body)
    if values(given, "query"):
        raise BadRequest("A posted query may not have a second one in the URL.")
    text = _utf8(body).removeprefix("\N{BYTE ORDER MARK}")
    _refuse_nul(text)
    return [*given, ("query", text)]


def _utf8(text: bytes) -> str:
    try:
        return text.decode()
    except UnicodeDecodeError as error:
        raise BadRequest(f"The request is not UTF-8 at byte {error.start}.") from None


def _refuse_nul(text: str) -> None:
    if "\0" in text:
        raise BadRequest("The request holds the character U+0000, which no RDF or XML can hold.")


@lru_cache(maxsize=64)
def _media_type(content_type: str | None) -> str:
    message = Message()
    message["Content-Type"] = content_type or ""
    media_type = message.get_content_type() if content_type else ""
    charset = message.get_content_charset("utf-8")
    if media_type not in (FORM, SPARQL_QUERY) or charset != "utf-8":
        raise UnsupportedMediaType(content_type or "")
    return media_type


def _single_query(queries: tuple[str, ...]) -> str:
    if len(queries) != 1:
        raise BadRequest(f"Exactly one parameter named query is needed, not {len(queries)}.")
    if not queries[0]:
        raise BadRequest("The query is empty.")
    return queries[0]


def _acceptable(accept: str | None, kind: tuple[Format, ...]) -> Format | None:
    media_types = [offer.media_type for offer in kind]
    chosen = choose(accept, media_types)
    return kind[media_types.index(chosen)] if chosen else None
