"""``/openapi.json``: what programs can ask here, the questions of the library one by one.

https://spec.openapis.org/oas/v3.1.0
"""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from fastapi import APIRouter, Request, Response

from kg import archive
from kg.build import Build
from kg.deployment import Deployment
from kg.forms import Field, fields
from kg.front_matter import LANGUAGE
from kg.parameters import LARGEST
from kg.questions import Question
from kg.routes.asking import API
from kg.routes.conditional import is_known, weak
from kg.routes.documents import client, routes
from kg.routes.openapi import of_question
from kg.routes.packing import coding_of, packed
from kg.texts import LANGUAGES

__all__ = ["router"]

MOST_LISTED = 100  # choices of a parameter


def router(deployment: Deployment, document: Mapping[str, Any]) -> APIRouter:
    """Return the route of the description, which adds the questions to a ``document``."""
    return routes({"/openapi.json": _Interface(deployment, document).describe}, languages=False)


@dataclass(frozen=True)
class _Interface:
    """Describes the interface, and remembers the description for the build that is served."""

    deployment: Deployment
    document: Mapping[str, Any]
    _made: dict[Build, bytes] = field(default_factory=dict, repr=False)
    _making: asyncio.Lock = field(default_factory=asyncio.Lock, repr=False)

    async def describe(self, request: Request) -> Response:
        """Return the description in JSON, or that the client has it."""
        content = await self._content(client(request))
        tag = weak(content)
        headers = {"ETag": tag, "Cache-Control": "public, no-cache", "Vary": "Accept-Encoding"}
        if is_known(request.headers, tag):
            return Response(status_code=304, headers=headers)
        body, encoded = await packed(content, coding_of(request))
        return Response(body, headers=headers | encoded, media_type="application/json")

    async def _content(self, asks: str) -> bytes:
        async with self._making:
            build = self.deployment.build
            if build not in self._made:
                paths = await self._paths(build, asks)
                told = {**self.document, "paths": self.document["paths"] | paths}
                self._made.clear()
                self._made[build] = json.dumps(told, ensure_ascii=False).encode()
            return self._made[build]

    async def _paths(self, build: Build, asks: str) -> dict[str, Any]:
        library = await asyncio.to_thread(archive.served, build)
        found = {}
        for question in library.questions:
            form = await fields(self.deployment, question, {}, {}, {}, "en", asks)
            found[f"{API}/{question.slug}"] = _path(question, form)
        return found


def _path(question: Question, form: list[Field]) -> dict[str, Any]:
    parameters = [_parameter(question, own) for own in form]
    if question.is_multilingual:
        parameters.append(_language())
    texts = [f"{question.title[one]} {question.description[one]}" for one in ("en", "nl")]
    name = "".join(word.capitalize() for word in question.slug.split("-"))
    return of_question(
        f"answer{name}",
        question.title["en"],
        parameters,
        description="\n\n".join(texts),
        tags=[question.topic],
    )


def _parameter(question: Question, own: Field) -> dict[str, Any]:
    """Return a parameter of a question as OpenAPI has it; what is left out has the default."""
    label = question.parameters[own.name].label
    schema = _schema(question, own)
    if own.value:
        schema["default"] = int(own.value) if schema["type"] == "integer" else own.value
    return {
        "name": own.name,
        "in": "query",
        "description": f"{label['en']} / {label['nl']}",
        "allowEmptyValue": True,  # for the default, as a form sends it
        "schema": schema,
    }


def _schema(question: Question, own: Field) -> dict[str, Any]:
    parameter = question.parameters[own.name]
    if parameter.type == "integer":
        least, most = own.limits.get("min", -LARGEST), own.limits.get("max", LARGEST)
        return {"type": "integer", "minimum": least, "maximum": most}
    if parameter.type == "date":
        return {"type": "string", "format": "date"}
    if parameter.type == "text":
        return {"type": "string", "maxLength": own.limits["maxlength"]}
    if 0 < len(own.options) <= MOST_LISTED:
        return {"type": "string", "enum": [option.value for option in own.options]}
    return {"type": "string"}


def _language() -> dict[str, Any]:
    """Return the parameter of the language, which has no field in a form."""
    return {
        "name": LANGUAGE,
        "in": "query",
        "description": "language of the labels / taal van de namen",
        "allowEmptyValue": True,
        "schema": {"type": "string", "enum": list(LANGUAGES), "default": "en"},
    }
