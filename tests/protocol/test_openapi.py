"""What ``/openapi.json`` promises, held against the service by Schemathesis.

https://schemathesis.readthedocs.io/
"""

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.specs.openapi.checks import (
    negative_data_rejection,
    positive_data_acceptance,
)

from kg.library import read
from kg.protocol import SPARQL_QUERY
from kg.routes.openapi import complete
from serving import ROOT

DOCUMENT = complete({"openapi": "3.1.0", "info": {"title": "Samenhang", "version": "0"}})
QUESTIONS = sorted(read(ROOT / "queries").by_slug)
PATHS = {
    *("/sparql", "/sparql/explain", "/graphs", "/health", "/metrics"),
    *("/api/queries", "/api/queries/{slug}/{version}"),
}


@schemathesis.serializer(SPARQL_QUERY)
def as_it_is(_: schemathesis.SerializationContext, query: object) -> bytes:
    return str(query).encode()


schema = schemathesis.openapi.from_dict(DOCUMENT)


@pytest.fixture(scope="module")
def served(url: str) -> schemathesis.BaseSchema:
    """What the service promises itself, of each question of the library too."""
    return schemathesis.openapi.from_url(f"{url}/openapi.json")


def test_the_document_that_is_served_has_every_path_and_part(url: str) -> None:
    served = httpx.get(f"{url}/openapi.json").json()
    assert served["openapi"].startswith("3.1")
    assert set(DOCUMENT["paths"]) == PATHS
    for path in PATHS:
        assert served["paths"][path] == DOCUMENT["paths"][path]
    for kind, parts in DOCUMENT["components"].items():
        assert parts.items() <= served["components"][kind].items()


@schema.parametrize()
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_service_does_what_the_document_says(case: schemathesis.Case, url: str) -> None:
    # No schema can tell which text is SPARQL, nor that a graph is named or the default one.
    case.call_and_validate(base_url=url, excluded_checks=[positive_data_acceptance])


@pytest.mark.parametrize("slug", QUESTIONS)
@pytest.mark.parametrize("mode", schemathesis.GenerationMode)
def test_every_question_is_answered_as_the_document_says(
    slug: str, mode: schemathesis.GenerationMode, served: schemathesis.BaseSchema, url: str
) -> None:
    operation = served[f"/api/queries/{slug}"]["GET"]

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck))
    def asked(case: schemathesis.Case) -> None:
        # No schema can tell which versions are kept, nor how many pages an answer has; and no value
        # at all, which is allowed, is seen as one that breaks the schema.
        is_open = "" in (case.query or {}).values()
        excluded = [positive_data_acceptance, *([negative_data_rejection] if is_open else [])]
        case.call_and_validate(base_url=url, excluded_checks=excluded)

    asked()
