"""The OpenAPI description of what is asked by protocol, for the document at ``/openapi.json``.

https://spec.openapis.org/oas/v3.1.0
"""

from collections.abc import Iterable
from typing import Any

from kg.formats import RDF, RDF_BY_NAME, RESULTS, RESULTS_BY_NAME, offers
from kg.front_matter import DIFFICULTIES, TYPES
from kg.protocol import FORM, SPARQL_QUERY
from kg.releases import VERSION
from kg.routes.api import MOST_PAGES, MOST_ROWS

__all__ = ["complete", "of_question"]

TEXT: dict[str, Any] = {"schema": {"type": "string"}}
IRIS: dict[str, Any] = {"type": "array", "items": {"type": "string", "format": "iri"}}
EXAMPLE = "SELECT ?graph (COUNT(*) AS ?triples) WHERE { GRAPH ?graph { ?s ?p ?o } } GROUP BY ?graph"
GRAPH = "https://w3id.org/samenhang/graph/sources"


def complete(document: dict[str, Any]) -> dict[str, Any]:
    """Return an OpenAPI document to which the endpoint's paths and parts have been added."""
    components = document.get("components", {})
    return document | {
        "paths": document.get("paths", {}) | PATHS,
        "components": components
        | {name: components.get(name, {}) | parts for name, parts in COMPONENTS.items()},
    }


def of_question(
    name: str, summary: str, parameters: Iterable[dict[str, Any]], **more: object
) -> dict[str, Any]:
    """Return what can be asked at the address of a question, by an operation of that name.

    ``parameters`` are those of its own; ``more`` is what else is told of it.
    """
    shared = _parameters("data", "page", "size", "resultsFormat")
    return {
        "get": _operation(name, summary, ROWS, *KEPT, parameters=[*parameters, *shared], **more),
        "options": _options(f"{name}Options"),
    }


def _schema(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def _responses(*names: str) -> dict[str, Any]:
    return {name: {"$ref": f"#/components/responses/{name}"} for name in names}


def _parameters(*names: str) -> list[dict[str, str]]:
    return [{"$ref": f"#/components/parameters/{name}"} for name in names]


def _answer(description: str, content: dict[str, Any]) -> dict[str, Any]:
    return {"description": description, "content": content}


def _operation(
    name: str, summary: str, ok: dict[str, Any], *errors: str, **more: object
) -> dict[str, Any]:
    responses = {"200": ok, **_responses(*errors)}
    return {"operationId": name, "summary": summary, "responses": responses, **more}


def _options(name: str) -> dict[str, Any]:
    return {
        "operationId": name,
        "summary": "Tell what is possible here, to pages of other sites as well",
        "responses": _responses("204"),
    }


def _problem(description: str, *headers: str) -> dict[str, Any]:
    fields = {name: {"schema": {"type": "string"}} for name in headers}
    content = {
        "application/problem+json": {"schema": _schema("Problem")},
        "text/plain": TEXT,
        "text/html": TEXT,
    }
    return _answer(description, content) | ({"headers": fields} if fields else {})


GRAPHS = dict.fromkeys(offers(RDF), TEXT) | {"application/ld+json": {"schema": {}}}
ANSWERS = {
    **dict.fromkeys(offers(RESULTS), TEXT),
    "application/sparql-results+json": {"schema": _schema("Results")},
    **GRAPHS,
}
ROWS: dict[str, Any] = {
    "description": "The answer, complete, or the page of it that is asked for",
    "headers": {
        "Link": {
            "description": "Where the answer is described, how it is cited, and its other pages",
            "schema": {"type": "string"},
        }
    },
    "content": {
        **dict.fromkeys(offers(RESULTS), TEXT),
        "application/sparql-results+json": {"schema": _schema("Results")},
    },
}
EXPLANATION = {
    "application/json": {"schema": _schema("Explanation")},
    "text/plain": TEXT,
    "text/html": TEXT,
}
BODY = {
    "required": True,
    "content": {
        SPARQL_QUERY: {"schema": {"type": "string", "minLength": 1}, "example": EXAMPLE},
        FORM: {
            "schema": {
                "type": "object",
                "required": ["query"],
                "properties": {
                    "query": {"type": "string", "minLength": 1},
                    "default-graph-uri": IRIS,
                    "named-graph-uri": IRIS,
                },
            },
            "example": {"query": EXAMPLE},
        },
    },
}

# What may be wrong: with any request, with a query, with a body.
ANY = ("400", "406", "408", "414", "431", "500", "503", "504", "507")
QUERY = (*ANY, "403", "505")
POSTED = (*QUERY, "413", "415")
KEPT = (*ANY, "304", "404", "410", "505")

PATHS: dict[str, Any] = {
    "/sparql": {
        "description": "The SPARQL 1.1 Protocol, https://www.w3.org/TR/sparql11-protocol/. "
        "Without a query: the description of the service, or the editor to a browser.",
        "get": _operation(
            "query",
            "Put a query in the URL",
            _answer("The answer, complete; or the description of the service", ANSWERS),
            *("303", "304", *QUERY),
            parameters=_parameters("query", "default-graph-uri", "named-graph-uri", "format"),
        ),
        "post": _operation(
            "postQuery",
            "Put a query in the body",
            _answer("The answer, complete", ANSWERS),
            *POSTED,
            parameters=_parameters("default-graph-uri", "named-graph-uri", "format"),
            requestBody=BODY,
        ),
        "options": _options("queryOptions"),
    },
    "/sparql/explain": {
        "description": "Why a query gives nothing, and what would give something.",
        "get": _operation(
            "explain",
            "Explain the empty answer to a query in the URL",
            _answer("The reasons, the likeliest first", EXPLANATION),
            *QUERY,
            parameters=_parameters("queryToExplain", "default-graph-uri", "named-graph-uri"),
        ),
        "post": _operation(
            "postExplain",
            "Explain the empty answer to a query in the body",
            _answer("The reasons, the likeliest first", EXPLANATION),
            *POSTED,
            parameters=_parameters("default-graph-uri", "named-graph-uri"),
            requestBody=BODY,
        ),
        "options": _options("explainOptions"),
    },
    "/graphs": {
        "description": "The SPARQL 1.1 Graph Store HTTP Protocol, to read: a graph as a whole. "
        "https://www.w3.org/TR/sparql11-http-rdf-update/. Name it, or take the default graph.",
        "get": _operation(
            "graph",
            "Get one graph",
            _answer("The triples of the graph", GRAPHS),
            *("304", "404", "505", *ANY),
            parameters=_parameters("graph", "default", "graphFormat"),
        ),
        "options": _options("graphOptions"),
    },
    "/api/queries": {
        "description": "The library: questions that the graph answers.",
        "get": _operation(
            "questions",
            "List the questions",
            _answer(
                "The questions, by topic",
                {"application/json": {"schema": {"type": "array", "items": _schema("Question")}}},
            ),
            *("304", "400", "408", "414", "431", "500"),
        ),
        "options": _options("questionsOptions"),
    },
    "/api/queries/{slug}/{version}": {
        "description": "The answer to a question as it stood in one of its versions; it takes the "
        "parameters that the question has in that version.",
        "parameters": _parameters("slug", "version"),
        **of_question("answer", "Answer a version of a question", ()),
    },
    "/health": {
        "get": _operation(
            "health",
            "Tell that the service is alive, and which version of the dataset it serves",
            _answer("It is alive", {"application/json": {"schema": _schema("Health")}}),
        ),
    },
    "/metrics": {
        "get": _operation(
            "metrics",
            "Tell what was counted and measured, in the text format of Prometheus",
            _answer("The metrics", {"text/plain": TEXT}),
        ),
    },
}

COMPONENTS: dict[str, Any] = {
    "parameters": {
        "query": {
            "name": "query",
            "in": "query",
            "description": "A query in SPARQL 1.1",
            "schema": {"type": "string", "minLength": 1},
            "examples": {
                "select": {"value": EXAMPLE},
                "ask": {"value": "ASK { ?s ?p ?o }"},
                "construct": {"value": "CONSTRUCT { ?s a ?class } WHERE { ?s a ?class } LIMIT 10"},
            },
        },
        "queryToExplain": {
            "name": "query",
            "in": "query",
            "required": True,
            "description": "A SELECT or ASK in SPARQL 1.1",
            "schema": {"type": "string", "minLength": 1},
            "example": "SELECT ?s WHERE { ?s <https://w3id.org/samenhang/ontology#partner> ?o }",
        },
        "default-graph-uri": {
            "name": "default-graph-uri",
            "in": "query",
            "description": "Graphs that together are the default graph, instead of FROM",
            "schema": IRIS,
            "example": [GRAPH],
        },
        "named-graph-uri": {
            "name": "named-graph-uri",
            "in": "query",
            "description": "Graphs that GRAPH may name, instead of FROM NAMED",
            "schema": IRIS,
            "example": [GRAPH],
        },
        "format": {
            "name": "format",
            "in": "query",
            "description": "The format, instead of by Accept",
            "schema": _schema("Format"),
        },
        "slug": {
            "name": "slug",
            "in": "path",
            "required": True,
            "description": "The name of a question",
            "schema": {"type": "string", "minLength": 1},
            "example": "parties",
        },
        "version": {
            "name": "version",
            "in": "path",
            "required": True,
            "description": "A version of the question: twelve hexadecimal digits",
            "schema": {"type": "string", "minLength": 1},
        },
        "data": {
            "name": "data",
            "in": "query",
            "description": "A version of the data that is kept, instead of the newest",
            "schema": {"type": "string", "pattern": f"^{VERSION}$"},
        },
        "page": {
            "name": "page",
            "in": "query",
            "description": "The number of a page, from 1, instead of the whole answer",
            "schema": {"type": "integer", "minimum": 1, "maximum": MOST_PAGES},
        },
        "size": {
            "name": "size",
            "in": "query",
            "description": "How many rows a page has",
            "schema": {"type": "integer", "minimum": 1, "maximum": MOST_ROWS},
        },
        "resultsFormat": {
            "name": "format",
            "in": "query",
            "description": "The format, instead of by Accept",
            "schema": {"type": "string", "enum": list(RESULTS_BY_NAME)},
        },
        "graph": {
            "name": "graph",
            "in": "query",
            "description": "The IRI of the graph",
            "schema": {"type": "string", "format": "iri"},
            "example": GRAPH,
        },
        "default": {
            "name": "default",
            "in": "query",
            "allowEmptyValue": True,
            "description": "The default graph, which a query sees that names none",
            "schema": {"type": "string", "maxLength": 0},
        },
        "graphFormat": {
            "name": "format",
            "in": "query",
            "description": "The format, instead of by Accept",
            "schema": {"type": "string", "enum": list(RDF_BY_NAME)},
        },
    },
    "responses": {
        "204": {
            "description": "Nothing but fields",
            "headers": {"Allow": {"schema": {"type": "string"}}},
        },
        "303": {"description": "To a browser without a query: the editor is there"},
        "304": {"description": "The client has the answer already, by its ETag"},
        "400": _problem("A parameter is refused; or it is no query, not one query, or too complex"),
        "403": _problem("The query asks for another endpoint, with SERVICE"),
        "404": _problem("There is no such graph, question, version or page"),
        "406": _problem("It is not to be had in any format that is accepted"),
        "408": _problem("The request did not arrive in time"),
        "410": _problem("That version of the data, or that question, is no longer kept"),
        "413": _problem("The body is too long"),
        "414": _problem("The URL is too long; post the query"),
        "415": _problem("The body is of another media type, or coded", "Accept", "Accept-Encoding"),
        "431": _problem("The fields of the request are too long"),
        "500": _problem("The engine failed"),
        "503": _problem("The service is busy or stopping", "Retry-After"),
        "504": _problem("The query took too long, and was stopped"),
        "505": _problem("An answer of this length needs HTTP/1.1"),
        "507": _problem("The query needed too much memory, and was stopped"),
    },
    "schemas": {
        "Format": {"type": "string", "enum": [*RESULTS_BY_NAME, *RDF_BY_NAME]},
        "Problem": {
            "description": "What went wrong; https://www.rfc-editor.org/rfc/rfc9457",
            "type": "object",
            "required": ["title", "status"],
            "properties": {
                "title": {"type": "string"},
                "status": {"type": "integer", "minimum": 400, "maximum": 599},
                "detail": {"type": "string"},
                "line": {"type": "integer", "minimum": 1},
                "column": {"type": "integer", "minimum": 1},
                "excerpt": {"type": "string"},
                "hint": {"type": "string"},
                "parameters": {
                    "description": "The parameters that are refused, each with the reason",
                    "type": "object",
                    "additionalProperties": {"type": "string"},
                },
            },
        },
        "Question": {
            "type": "object",
            "required": [
                *("slug", "version", "title", "description", "topic", "difficulty", "keywords"),
                *("view", "parameters", "columns", "address", "page"),
            ],
            "properties": {
                **{name: {"type": "string"} for name in ("slug", "version", "topic", "view")},
                "difficulty": {"enum": list(DIFFICULTIES)},
                "title": _schema("Wording"),
                "description": _schema("Wording"),
                "keywords": {"type": "object"},
                "parameters": {"type": "array", "items": _schema("QuestionParameter")},
                "columns": {"type": "object", "additionalProperties": _schema("Wording")},
                "address": {"type": "string", "format": "uri"},
                "page": {"type": "string", "format": "uri"},
            },
        },
        "QuestionParameter": {
            "type": "object",
            "required": ["name", "type", "label", "default"],
            "properties": {
                "name": {"type": "string"},
                "type": {"enum": list(TYPES)},
                "label": _schema("Wording"),
                "default": {"type": ["string", "null"]},
                "minimum": {"type": "integer"},
                "maximum": {"type": "integer"},
            },
        },
        "Results": {
            "description": "https://www.w3.org/TR/sparql11-results-json/",
            "type": "object",
            "required": ["head"],
            "properties": {
                "head": {
                    "type": "object",
                    "properties": {"vars": {"type": "array", "items": {"type": "string"}}},
                },
                "boolean": {"type": "boolean"},
                "results": {
                    "type": "object",
                    "required": ["bindings"],
                    "properties": {
                        "bindings": {
                            "type": "array",
                            "items": {"type": "object", "additionalProperties": _schema("Term")},
                        }
                    },
                },
            },
        },
        "Term": {
            "type": "object",
            "required": ["type", "value"],
            "properties": {
                "type": {"enum": ["uri", "literal", "bnode", "triple"]},
                "value": {},
                "datatype": {"type": "string"},
                "xml:lang": {"type": "string"},
            },
        },
        "Explanation": {
            "type": "object",
            "required": ["empty", "reasons"],
            "properties": {
                "empty": {"type": "boolean"},
                "reasons": {"type": "array", "items": _schema("Reason")},
                "analysed": {"type": "integer", "minimum": 0},
            },
        },
        "Reason": {
            "type": "object",
            "required": ["kind", "message"],
            "properties": {
                "kind": {"type": "string"},
                "subject": {"type": "string"},
                "message": _schema("Wording"),
                "suggestions": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "required": ["term"],
                        "properties": {
                            "term": {"type": "string"},
                            "label": {
                                "type": "object",
                                "additionalProperties": {"type": "string"},
                            },
                            "count": {"type": "integer", "minimum": 0},
                        },
                    },
                },
                "query": {"type": "string"},
            },
        },
        "Wording": {
            "description": "The same in Dutch and in English",
            "type": "object",
            "required": ["nl", "en"],
            "properties": {"nl": {"type": "string"}, "en": {"type": "string"}},
        },
        "Health": {
            "type": "object",
            "required": ["status", "version", "triples"],
            "properties": {
                "status": {"const": "ok"},
                "version": {"type": "string"},
                "triples": {"type": "integer", "minimum": 0},
            },
        },
    },
}
