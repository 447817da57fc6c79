"""Every error as a problem document (RFC 9457), made in one place."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from agent.errors import Busy, Forbidden, Invalid, NotFound, PostventaError, TooLarge, Unauthorized

TYPES = "https://postventa.dev/problems/"
MEDIA_TYPE = "application/problem+json"
BUSY_RETRY_S = 2
MOST_COMPLAINTS = 20

_BY_STATUS: dict[int, type[PostventaError]] = {
    401: Unauthorized,
    403: Forbidden,
    404: NotFound,
    413: TooLarge,
    422: Invalid,
}


class ProblemResponse(JSONResponse):
    """A problem document."""

    media_type = MEDIA_TYPE


def problem_of(error: PostventaError) -> dict[str, Any]:
    """The document that tells of an error."""
    return {
        "type": TYPES + error.type,
        "title": error.title,
        "status": error.status,
        "detail": error.detail or error.title,
    }


def answer_with(error: PostventaError) -> ProblemResponse:
    """The response that tells of an error."""
    return ProblemResponse(problem_of(error), error.status, _headers_of(error))


def internal() -> ProblemResponse:
    """The response to what nobody foresaw; it tells nothing of the cause."""
    return answer_with(PostventaError())


def install_handlers(app: FastAPI) -> None:
    """Have every foreseen error answered as a problem document."""
    app.add_exception_handler(PostventaError, _handle_ours)
    app.add_exception_handler(RequestValidationError, _handle_invalid)
    app.add_exception_handler(HTTPException, _handle_http)


async def _handle_ours(_: Request, error: Exception) -> ProblemResponse:
    assert isinstance(error, PostventaError)
    return answer_with(error)


async def _handle_invalid(request: Request, error: Exception) -> ProblemResponse:
    """Says where and why; never repeats the input, which may be what must not be logged."""
    assert isinstance(error, RequestValidationError)
    complaints = [
        {"at": _place(complaint["loc"]), "message": str(complaint["msg"])}
        for complaint in error.errors()[:MOST_COMPLAINTS]
    ]
    first = complaints[0]
    if first["at"] == "body" and request.headers.get("content-type", "").partition(";")[0] != "application/json":
        first["message"] = "An object is wanted, sent with `Content-Type: application/json`"
    body = problem_of(Invalid(f"{first['at']}: {first['message']}"))
    return ProblemResponse({**body, "errors": complaints}, Invalid.status)


async def _handle_http(_: Request, error: Exception) -> ProblemResponse:
    """What the framework itself refuses: an unknown path, another method, a body that is not JSON."""
    assert isinstance(error, HTTPException)
    headers = dict(error.headers or {})
    known = _BY_STATUS.get(error.status_code)
    if known is not None:
        return ProblemResponse(problem_of(known()), error.status_code, headers)
    phrase = HTTPStatus(error.status_code).phrase
    body = {
        "type": TYPES + phrase.lower().replace(" ", "-"),
        "title": phrase,
        "status": error.status_code,
        "detail": str(error.detail),
    }
    return ProblemResponse(body, error.status_code, headers)


def _headers_of(error: PostventaError) -> dict[str, str]:
    retry_after = BUSY_RETRY_S if isinstance(error, Busy) else getattr(error, "retry_after", None)
    if retry_after is not None:
        return {"Retry-After": str(retry_after)}
    if isinstance(error, Unauthorized):
        return {"WWW-Authenticate": "Bearer"}
    return {}


def _place(location: Sequence[str | int]) -> str:
    """``("body", "text")`` as ``body.text``; names a caller invented are cut short and made printable."""
    return ".".join(_printable(part) for part in location)


def _printable(part: str | int) -> str:
    return str(part)[:60].encode("ascii", "backslashreplace").decode()
