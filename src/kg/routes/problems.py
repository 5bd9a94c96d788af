"""Problems: errors as answers, a problem document (RFC 9457), a text or a page by Accept."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from fastapi import Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse
from starlette.exceptions import HTTPException

from kg.errors import RequestError
from kg.negotiation import choose
from kg.routes.views import Views

__all__ = ["PROBLEM", "Problems", "accepted"]

PROBLEM = "application/problem+json"
OFFERED = (PROBLEM, "application/json", "text/html", "text/plain")


def accepted(request: Request) -> str:
    """Return the Accept field of a request, its lines joined."""
    return ", ".join(request.headers.getlist("accept"))


@dataclass(frozen=True)
class Problems:
    """Answers an error."""

    views: Views

    async def __call__(self, request: Request, error: Exception) -> Response:
        """Return the answer to an error; of an unforeseen one, it tells nothing but that."""
        problem = _problem(error)
        headers = {**(getattr(error, "headers", None) or {}), "Vary": "Accept"}
        match choose(accepted(request), OFFERED):
            case "text/html":
                return self.views.render("problem.html", request, headers=headers, **problem)
            case "text/plain":
                return PlainTextResponse(_text(problem), problem["status"], headers)
            case _:
                return JSONResponse(problem, problem["status"], headers, PROBLEM)


def _problem(error: Exception) -> dict[str, Any]:
    if isinstance(error, RequestError):
        problem = {"title": error.title, "status": error.status, "detail": str(error)}
        return problem | error.members
    status = error.status_code if isinstance(error, HTTPException) else 500
    return {"title": HTTPStatus(status).phrase, "status": status}


def _text(problem: dict[str, Any]) -> str:
    """Return the parts of a problem that are for readers, a line each."""
    place = f"line {problem['line']}, column {problem['column']}: " if "line" in problem else ""
    detail = place + problem["detail"] if "detail" in problem else ""
    parts = (problem["title"], detail, problem.get("excerpt"), problem.get("hint"))
    return "\n".join(part for part in parts if part) + "\n"
