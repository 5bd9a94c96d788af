"""Requests that break the rules of HTTP are answered or shut out, and nothing else happens."""

from collections.abc import Iterator, Sequence
from functools import partial

import pytest

from hostile.attacker import Reply, at_once, spread
from hostile.observer import Defend, Service, siege
from hostile.requests import MALFORMED, Malformed

pytestmark = pytest.mark.hostile

REQUEST_TIMEOUT = 1.0  # seconds that a request may take to arrive
WIDTH = 6  # attacks at the same time


@pytest.fixture(scope="module")
def fortress(defend: Defend) -> Iterator[Service]:
    """A service that waits for nothing long."""
    with defend(query_workers=2, query_timeout=2, request_timeout=REQUEST_TIMEOUT) as service:
        yield service


@pytest.mark.parametrize("cases", MALFORMED.values(), ids=MALFORMED)
def test_malformed_requests_are_answered_or_shut_out(
    fortress: Service, cases: Sequence[Malformed]
) -> None:
    with siege(fortress):
        answers = at_once(
            (
                partial(fortress.target.send, case.payload, spread(n))
                for n, case in enumerate(cases)
            ),
            WIDTH,
        )
    assert not {
        case.name: reply
        for case, reply in zip(cases, answers, strict=True)
        if not is_proper(case, reply)
    }


def is_proper(case: Malformed, reply: Reply) -> bool:
    return (
        reply.status in case.statuses
        and reply.seconds < REQUEST_TIMEOUT + 4
        and not any(word in reply.body for word in (b"Traceback", b"root:"))
    )
