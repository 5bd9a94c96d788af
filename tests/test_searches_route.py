"""The page of what is found tells how much that is."""

import pytest
from fastapi import APIRouter

from kg.deployment import Deployment
from kg.routes import searches
from kg.routes.documents import Documents
from kg.routes.views import Views
from kg.search import MOST
from storing import asking, nquads

LABEL = "<http://www.w3.org/2000/01/rdf-schema#label>"


def routes(deployment: Deployment, documents: Documents) -> APIRouter:  # noqa: ARG001
    return searches.router(deployment, Views(deployment))


@pytest.mark.parametrize(
    ("path", "count", "words"),
    [
        ("/search", 1, "1 thing found."),
        ("/search", 2, "2 things found."),
        ("/search", MOST, "1,000 things found."),
        ("/search", MOST + 1, "More than 1,000 things; the first are shown."),
        ("/nl/search", MOST + 1, "Meer dan 1.000 dingen; de eerste staan hier."),
    ],
)
def test_a_search_tells_how_much_is_found(path: str, count: int, words: str) -> None:
    things = (
        f'<https://w3id.org/samenhang/id/x/{at}> {LABEL} "same" <urn:g> .' for at in range(count)
    )
    page = asking(nquads("\n".join(things)), routes)(f"{path}?q=same")
    assert page.status_code == 200
    assert f'<p role="status">{words}</p>' in page.text
    assert page.text.count('href="/nl/doc/x/' if "nl" in path else 'href="/doc/x/') == min(
        count, 50
    )
