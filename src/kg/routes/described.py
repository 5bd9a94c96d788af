"""What the page of a description needs: the description, the names in it, the words of passages."""

from collections.abc import Iterable
from typing import Any

from fastapi import Request

from kg.deployment import Deployment
from kg.description import Description
from kg.errors import ResourceNotFound
from kg.names import names
from kg.quotations import Quotations
from kg.routes.documents import client
from kg.routes.views import language_of
from kg.search import near
from kg.texts import Language

__all__ = ["missing", "shown"]


async def shown(
    deployment: Deployment,
    quotations: Quotations,
    description: Description,
    language: Language,
    client: str = "",
    more: Iterable[str] = (),
) -> dict[str, Any]:
    """Return what a template shows of a description, with the names of some ``more`` things.

    These are ``description``, ``names`` and ``quotes``. ``client`` is who asks. Raises a
    ``RequestError`` when there is no answer.
    """
    mentioned = description.mentioned | set(more)
    passages = [iri for iri in mentioned if "#char=" in iri]
    return {
        "description": description,
        "names": await names(deployment, mentioned, language, client),
        "quotes": await quotations.quote(deployment, passages, client),
    }


async def missing(deployment: Deployment, request: Request, iri: str) -> ResourceNotFound:
    """Return that nothing is said of a thing, with the names and paths of those called alike."""
    language, asks = language_of(request), client(request)
    found = await near(deployment, iri, asks)
    named = await names(deployment, found, language, asks)
    return ResourceNotFound(iri, {one.label: one.path for one in named.values()})
