"""Requests that break the rules of HTTP are answered or shut out, and nothing else happens."""

from collections.abc import Iterator

import pytest

from hostile.attacker import CLOSED
from hostile.observer import Defend, Service, siege
from hostile.requests import MALFORMED, Malformed

pytestmark = pytest.mark.hostile

REQUEST_TIMEOUT = 1.0  # seconds that a request may take to arrive


@pytest.fixture(scope="module")
def fortress(defend: Defend) -> Iterator[Service]:
    """A service that waits for nothing long."""
    with defend(query_workers=2, query_timeout=2, request_timeout=REQUEST_TIMEOUT) as service:
        yield service


@pytest.mark.parametrize("case", MALFORMED, ids=lambda case: case.name)
def test_a_malformed_request_is_answered_or_shut_out(fortress: Service, case: Malformed) -> None:
    with siege(fortress):
        reply = fortress.target.send(case.payload)
    assert reply.status in case.statuses, reply.body[:500]
    assert reply.seconds < REQUEST_TIMEOUT + 4
    assert b"Traceback" not in reply.body
    assert b"root:" not in reply.body
    if reply.status != CLOSED:
        assert reply.fields.get("x-content-type-options") == "nosniff" or reply.status == 400
