"""Who is calling: an API key, as a caller."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPBearer

from agent.api.page_origin import may_call
from agent.api.parts import ApiParts, Key, Parts
from agent.errors import Forbidden, Unauthorized

BACK_END, WIDGET, DESK = "sk", "pk", "dk"

bearer = HTTPBearer(
    scheme_name="key", description="`sk_...` back ends, `pk_...` the widget, `dk_...` the desk", auto_error=False
)


@dataclass(frozen=True, slots=True)
class Caller:
    """Whom the request speaks for."""

    shop_id: str
    kind: str
    name: str = ""
    role: str = ""


async def authenticate(parts: ApiParts, request: Request, key: str | None = None) -> Caller:
    """The caller behind the request's key, or behind ``key`` when the request has none.

    Raises ``Unauthorized`` for a key that is missing or unknown, ``Forbidden`` for a widget's key used from a page
    it was not given to.
    """
    presented = _presented(request) or key or (parts.demo.key if parts.demo else None)
    if presented is None:
        raise Unauthorized("Send a key as `Authorization: Bearer ...`.")
    found = await parts.keys.find(presented)
    if found is None or found.shop_id not in parts.services.storefronts:
        raise Unauthorized("The key is unknown.")
    if found.kind == WIDGET:
        _check_page(found, request)
    return Caller(found.shop_id, found.kind, found.name, found.role)


def _presented(request: Request) -> str | None:
    header = request.headers.get("authorization")
    if header is None:
        return None
    scheme, _, key = header.partition(" ")
    if scheme.lower() != "bearer" or not key.strip():
        raise Unauthorized("The `Authorization` header is not `Bearer` and a key.")
    return key.strip()


def _check_page(key: Key, request: Request) -> None:
    if not may_call(key.origins, request.headers):
        raise Forbidden("This key may not be used from this page.")


async def shopper_side(request: Request, parts: Parts) -> Caller:
    """A storefront's back end or its widget. Raises ``Forbidden`` for the desk's keys."""
    caller = await authenticate(parts, request)
    if caller.kind == DESK:
        raise Forbidden("This key is for the desk.")
    return caller


async def desk_side(request: Request, parts: Parts) -> Caller:
    """A person at the desk."""
    caller = await authenticate(parts, request)
    if caller.kind != DESK:
        raise Forbidden("A key of the desk (`dk_...`) is needed.")
    return caller


async def office_side(request: Request, parts: Parts) -> Caller:
    """The desk or a back end, not the widget, whose key everybody can read."""
    caller = await authenticate(parts, request)
    if caller.kind == WIDGET:
        raise Forbidden("The widget's key may not read this.")
    return caller


Shopper = Annotated[Caller, Depends(shopper_side)]
Desk = Annotated[Caller, Depends(desk_side)]
Office = Annotated[Caller, Depends(office_side)]
