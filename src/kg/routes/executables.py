"""``/.well-known/sparql-examples``: the questions of the library in RDF, where editors look.

https://github.com/sib-swiss/sparql-examples
"""

import asyncio
from dataclasses import dataclass

from fastapi import APIRouter, Request, Response

from kg import archive, executables
from kg.dataset import Statement
from kg.deployment import Deployment
from kg.errors import NotAcceptable, ResourceNotFound
from kg.formats import RDF, offers
from kg.routes.asking import PATH
from kg.routes.documents import Document, Documents, Page, routes
from kg.routes.problems import accepted

__all__ = ["router"]

WELL_KNOWN = "/.well-known/sparql-examples"


def router(deployment: Deployment, documents: Documents) -> APIRouter:
    """Return the route of the questions in RDF."""
    return routes({WELL_KNOWN: _Examples(deployment, documents).all}, languages=False)


@dataclass(frozen=True)
class _Examples:
    deployment: Deployment
    documents: Documents

    async def all(self, request: Request) -> Response:
        """Describe all questions; raises ``ResourceNotFound`` if there are none."""
        library = await asyncio.to_thread(archive.served, self.deployment.build)
        if not library.questions:
            raise ResourceNotFound(WELL_KNOWN)

        async def page() -> Page:  # at its own address only
            raise NotAcceptable(accepted(request), offers(RDF))

        async def statements() -> list[Statement]:
            return await asyncio.to_thread(executables.describe, library)

        document = Document(
            PATH,
            executables.LIBRARY,
            page,
            statements,
            type="https://schema.org/CollectionPage",
        )
        return await self.documents.respond_as_data(request, document)
