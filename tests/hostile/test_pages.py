"""Pages that are asked for by many, in ways that no cache foresees, do not keep queries waiting."""

from collections.abc import Iterator
from functools import partial

import pytest

from hostile.attacker import CLOSED, Reply, at_once
from hostile.observer import Defend, Service, siege

pytestmark = pytest.mark.hostile

# Where ``{}`` stands, each request has another number.
FLOODS = {
    "a parameter that means nothing": "/ontology?x={}",
    "marks in a text": "/source/village-deals?char={},9000",
    "hosts": "/data.jsonld",
    "hosts of a sitemap": "/sitemap.xml",
    "things that are not there": "/doc/pilot/ede-{}",
    "paths without end": "/doc/" + "a/" * 1000 + "{}",
    "words": "/search?q=samen+{}",
    "pages that are not there": "/doc/coding?page={}",
    "words among questions": "/queries?q=samen+{}",
    "answers to a question": "/queries/search?word=e{}",
    "answers to a program": "/api/queries/search?word=e{}&page=1",
    "versions that are not there": "/queries/members/{}?data=0123456789ab",
}
ANSWERS = (200, 400, 404, 503)


@pytest.fixture(scope="module")
def library(defend: Defend) -> Iterator[Service]:
    """A service whose pages are asked for."""
    with defend(query_workers=2) as service:
        yield service


@pytest.mark.parametrize("name", FLOODS)
def test_a_flood_of_pages_keeps_no_query_waiting(library: Service, name: str) -> None:
    def attack(number: int) -> Reply:
        target = FLOODS[name].format(number)
        host = f"h{number}.example" if name.startswith("hosts") else "x"
        request = f"GET {target} HTTP/1.1\r\nHost: {host}\r\nAccept-Encoding: br\r\n\r\n"
        return library.target.send(request.encode())

    with siege(library):
        answers = at_once((partial(attack, number) for number in range(60)), width=20)
    assert not [reply for reply in answers if reply.status not in ANSWERS]
    assert any(reply.status != 503 for reply in answers if reply.status != CLOSED)
