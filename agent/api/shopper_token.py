"""The storefront's signed word on who the shopper is: a JWT, HS256, with the shop's secret."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import jwt

from agent.casework.front import ShopperClaims
from agent.errors import Unauthorized

ALGORITHM = "HS256"
LEEWAY = timedelta(seconds=30)
REQUIRED = ("sub", "email", "name", "exp")

# Times are checked here, against the service's clock, not the library's.
_OPTIONS: Any = {
    "require": list(REQUIRED),
    "verify_exp": False,
    "verify_nbf": False,
    "verify_iat": False,
    "verify_aud": False,
}


def read_shopper_token(token: str, secret: str | None, now: datetime) -> ShopperClaims:
    """The claims of a good token. Raises ``Unauthorized`` for any other, and when the shop has no secret."""
    if secret is None:
        raise Unauthorized("This shop signs no shopper tokens.")
    try:
        claims = jwt.decode(token, secret, algorithms=[ALGORITHM], options=_OPTIONS)
    except (jwt.InvalidTokenError, UnicodeError, RecursionError):
        raise Unauthorized("The shopper token is not valid.") from None
    sub, email, name = (claims[claim] for claim in ("sub", "email", "name"))
    if not (isinstance(sub, str) and isinstance(email, str) and isinstance(name, str) and sub):
        raise Unauthorized("The shopper token is not valid.")
    if not _is_in_force(claims, now):
        raise Unauthorized("The shopper token has expired.")
    return ShopperClaims(sub, email, name)


def mint_shopper_token(claims: ShopperClaims, secret: str, now: datetime, life: timedelta) -> str:
    """A token as a storefront would mint it."""
    payload = {"sub": claims.sub, "email": claims.email, "name": claims.name, "exp": int((now + life).timestamp())}
    return jwt.encode(payload, secret, ALGORITHM)


def _is_in_force(claims: Mapping[str, Any], now: datetime) -> bool:
    until, since = claims["exp"], claims.get("nbf", 0)
    if not (_is_number(until) and _is_number(since)):
        return False
    leeway = LEEWAY.total_seconds()
    return bool(since - leeway <= now.timestamp() < until + leeway)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
