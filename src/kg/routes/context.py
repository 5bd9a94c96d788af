"""``/context.jsonld``: the context that JSON-LD from here refers to."""

import json

from fastapi import APIRouter, Request, Response

from kg import jsonld
from kg.deployment import Deployment
from kg.routes.conditional import is_known, weak
from kg.routes.documents import client, routes

__all__ = ["router"]


def router(deployment: Deployment) -> APIRouter:
    """Return the route of the context."""

    async def context(request: Request) -> Response:
        terms = await jsonld.context(deployment, client(request))
        content = json.dumps({"@context": terms}, ensure_ascii=False, indent=1).encode()
        tag = weak(content)
        headers = {"ETag": tag, "Cache-Control": "public, max-age=3600"}
        if is_known(request.headers, tag):
            return Response(status_code=304, headers=headers)
        return Response(content, headers=headers, media_type="application/ld+json")

    return routes({jsonld.PATH: context}, languages=False)
