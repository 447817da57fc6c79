"""How errors and streams are declared, so that ``/openapi.json`` tells of every status there is."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from agent.api.problems import MEDIA_TYPE
from agent.api.wire.problem import Problem

_MEANINGS = {
    400: "The body is not JSON",
    401: "A valid key, or a valid shopper token, is needed",
    403: "This key may not do that",
    404: "There is no such thing, or it is not yours",
    409: "Not possible in the present state, or the same request is still at work",
    413: "The body is over 256 KiB, a photo over 8 MiB",
    422: "The request is not valid, or its Idempotency-Key was used with another body",
    429: "Too many requests; see Retry-After",
    500: "Something went wrong on our side",
    503: "Not ready in time; see Retry-After",
}
READS = (401, 403, 404, 422, 500)
WRITES = (400, 401, 403, 404, 409, 413, 422, 429, 500, 503)

EVENTS: dict[str, Any] = {
    "text/event-stream": {
        "schema": {"type": "string", "description": "Events with `event`, `data` (JSON) and `id`."},
        "example": 'event: message.delta\ndata: {"id": "msg_3fK", "text": "Va en camino."}\nid: 5-2\n\n',
    }
}
DESCRIPTION = """Post-purchase support for online shops, in Spanish, English and Portuguese.

Errors are `application/problem+json` (RFC 9457) with a stable `type`. `Idempotency-Key` is honoured on every POST that
writes: the same key with the same body gets the same response, marked `Idempotency-Replayed: true`."""

Responses = dict[int | str, dict[str, Any]]


def problems(*statuses: int) -> Responses:
    """The problem documents that a route may answer with."""
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {status: {"description": _MEANINGS[status], "content": content} for status in statuses}


def or_events(*statuses: int) -> Responses:
    """The same for a route that can stream as well."""
    return {200: {"description": "The answer, or its events", "content": EVENTS}, **problems(*statuses)}


def document(app: FastAPI, version: str) -> None:
    """Have the application describe itself."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            described = get_openapi(title="Postventa", version=version, description=DESCRIPTION, routes=app.routes)
            model = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
            described.setdefault("components", {}).setdefault("schemas", {}).update(
                {**model.pop("$defs"), "Problem": model}
            )
            app.openapi_schema = described
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]
