"""Protocol: from the parts of an HTTP request to a query (SPARQL 1.1 Protocol, section 2.1).

https://www.w3.org/TR/sparql11-protocol/#query-operation
"""

from collections.abc import Sequence
from dataclasses import dataclass
from email.message import Message
from urllib.parse import parse_qsl

from kg.errors import BadRequest, NotAcceptable, UnsupportedMediaType
from kg.formats import RDF, RESULTS, Format
from kg.negotiation import choose

__all__ = ["FORM", "SPARQL_QUERY", "Query", "parse"]

FORM = "application/x-www-form-urlencoded"
SPARQL_QUERY = "application/sparql-query"
MAX_PARAMETERS = 1000


@dataclass(frozen=True)
class Query:
    """A query as the engine takes it.

    ``results`` is the format for SELECT and ASK, ``rdf`` that for CONSTRUCT and DESCRIBE; ``None``
    where the client accepts none of that kind. The graphs override FROM and FROM NAMED. ``base``
    resolves relative IRIs.
    """

    text: str
    results: Format | None = RESULTS[0]
    rdf: Format | None = RDF[0]
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    base: str | None = None


def parse(
    method: str,
    query_string: bytes,
    content_type: str | None,
    body: bytes,
    accept: str | None,
    base: str,
) -> Query:
    """Return the query that a request asks for.

    Raises ``BadRequest`` when there is not exactly one query or the text is not UTF-8,
    ``UnsupportedMediaType`` on a body of another kind, ``NotAcceptable`` when no format suits.
    """
    parameters = _decode(query_string)
    if method == "POST":
        media_type = _media_type(content_type)
        if media_type == FORM:
            parameters += _decode(body)
        else:
            if any(name == "query" for name, _ in parameters):
                raise BadRequest("A posted query may not have a second one in the URL.")
            parameters.append(("query", _utf8(body)))
    if any(name == "update" for name, _ in parameters):
        raise BadRequest("This endpoint takes queries only; the data changes by build.")
    results, rdf = _formats(accept, _values(parameters, "format"))
    return Query(
        text=_single_query(_values(parameters, "query")),
        results=results,
        rdf=rdf,
        default_graphs=_values(parameters, "default-graph-uri"),
        named_graphs=_values(parameters, "named-graph-uri"),
        base=base,
    )


def _decode(text: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(
            _utf8(text), keep_blank_values=True, errors="strict", max_num_fields=MAX_PARAMETERS
        )
    except UnicodeDecodeError:
        raise BadRequest("A parameter is not percent-encoded UTF-8.") from None
    except ValueError:
        raise BadRequest(f"There are more than {MAX_PARAMETERS} parameters.") from None


def _utf8(text: bytes) -> str:
    try:
        return text.decode()
    except UnicodeDecodeError as error:
        raise BadRequest(f"The request is not UTF-8 at byte {error.start}.") from None


def _media_type(content_type: str | None) -> str:
    message = Message()
    message["Content-Type"] = content_type or ""
    media_type = message.get_content_type() if content_type else ""
    charset = message.get_content_charset("utf-8")
    if media_type not in (FORM, SPARQL_QUERY) or charset != "utf-8":
        raise UnsupportedMediaType(content_type or "")
    return media_type


def _values(parameters: Sequence[tuple[str, str]], name: str) -> tuple[str, ...]:
    return tuple(value for key, value in parameters if key == name and value)


def _single_query(queries: tuple[str, ...]) -> str:
    if len(queries) != 1:
        raise BadRequest(f"Exactly one parameter named query is needed, not {len(queries)}.")
    return queries[0]


def _formats(accept: str | None, names: tuple[str, ...]) -> tuple[Format | None, Format | None]:
    if names:
        results, rdf = _named(names[-1], RESULTS), _named(names[-1], RDF)
        if not results and not rdf:
            offered = dict.fromkeys(offer.name for offer in (*RESULTS, *RDF))
            raise BadRequest(f"format is one of {', '.join(offered)}.")
    else:
        results, rdf = _acceptable(accept, RESULTS), _acceptable(accept, RDF)
        if not results and not rdf:
            raise NotAcceptable(accept or "", [offer.media_type for offer in (*RESULTS, *RDF)])
    return results, rdf


def _named(name: str, formats: Sequence[Format]) -> Format | None:
    return next((offer for offer in formats if offer.name == name), None)


def _acceptable(accept: str | None, formats: Sequence[Format]) -> Format | None:
    by_media_type = {offer.media_type: offer for offer in formats}
    return by_media_type.get(choose(accept, list(by_media_type)) or "")
