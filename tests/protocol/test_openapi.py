"""What ``/openapi.json`` promises, held against the service by Schemathesis.

https://schemathesis.readthedocs.io/
"""

import httpx
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from kg.protocol import SPARQL_QUERY
from kg.routes.openapi import complete

DOCUMENT = complete({"openapi": "3.1.0", "info": {"title": "Samenhang", "version": "0"}})
PATHS = {"/sparql", "/sparql/explain", "/graphs", "/health", "/metrics"}


@schemathesis.serializer(SPARQL_QUERY)
def as_it_is(_: schemathesis.SerializationContext, query: object) -> bytes:
    return str(query).encode()


schema = schemathesis.openapi.from_dict(DOCUMENT)


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
