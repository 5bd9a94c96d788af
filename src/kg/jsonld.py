"""JSON-LD: the published context, and descriptions in terms of it.

https://www.w3.org/TR/json-ld11/, https://www.w3.org/TR/json-ld11-api/#compaction
"""

import json
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any

from pyoxigraph import Literal, NamedNode

from kg import queries
from kg.dataset import Statement, Term
from kg.engine.base import Engine, select
from kg.namespaces import PREFIXES, term
from kg.namespaces import compact as shortened

__all__ = ["PATH", "compact", "context"]

PATH = "/context.jsonld"
LINK = "ObjectProperty"
TYPE = term("rdf:type").value
STRING = term("xsd:string").value

Context = Mapping[str, Any]


async def context(engine: Engine, client: str = "") -> Context:
    """Return the context: the prefixes, our terms by their names, and what their values are.

    Terms of others are prefixed names. ``client`` is who asks. Raises a ``RequestError`` when there
    is no answer.
    """
    terms: dict[str, Any] = {}
    for row in await select(engine, queries.read("context"), client):
        iri, kind = row["term"].value, row["kind"].value
        name = shortened(row["term"]).removeprefix("sam:")
        if name != iri:
            terms[name] = {"@id": iri, "@type": "@id"} if kind.endswith(LINK) else {"@id": iri}
    return {**PREFIXES, **dict(sorted(terms.items()))}


def compact(statements: Iterable[Statement], context: Context, url: str) -> bytes:
    """Return triples as JSON-LD, compact and flattened, that refers to a context at a URL."""
    names = {term["@id"]: name for name, term in context.items() if isinstance(term, dict)}
    links = {iri for iri, name in names.items() if "@type" in context[name]}
    short = cache(_id)
    nodes: dict[str, dict[str, Any]] = {}
    for subject, predicate, value in dict.fromkeys(one[:3] for one in statements):
        node = nodes.setdefault(short(subject), {"@id": short(subject)})
        if predicate.value == TYPE and not isinstance(value, Literal):
            node.setdefault("@type", []).append(names.get(value.value, short(value)))
        else:
            name = names.get(predicate.value, short(predicate))
            node.setdefault(name, []).append(_value(value, short, is_link=predicate.value in links))
    described = [{key: _single(value) for key, value in node.items()} for node in nodes.values()]
    document = described[0] if len(described) == 1 else {"@graph": described}
    return json.dumps({"@context": url, **document}, ensure_ascii=False, indent=1).encode()


def _id(node: Term) -> str:
    """Return an IRI as a prefixed name, if that is one in JSON-LD too, or a blank node's label."""
    if not isinstance(node, NamedNode):
        return f"_:{node.value}"
    short = shortened(node)
    return node.value if short.partition(":")[2][:2] in ("", "//") else short


def _value(value: Term, short: Callable[[Term], str], *, is_link: bool) -> str | dict[str, str]:
    if not isinstance(value, Literal):
        return short(value) if is_link else {"@id": short(value)}
    if value.language:
        return {"@value": value.value, "@language": value.language}
    if value.datatype.value == STRING:
        return {"@value": value.value} if is_link else value.value
    return {"@value": value.value, "@type": value.datatype.value}


def _single(values: Any) -> Any:
    return values[0] if isinstance(values, list) and len(values) == 1 else values
