"""Standard Webhooks: who sent this, and when. See https://www.standardwebhooks.com."""

from __future__ import annotations

import base64
import binascii
import hmac
from dataclasses import dataclass
from datetime import datetime

from agent.errors import Unauthorized

PREFIX = "whsec_"
TOLERANCE_S = 300


@dataclass(frozen=True, slots=True)
class Signed:
    """A message as it came: ``signatures`` is the header, one or more of ``v1,<base64>`` with spaces between."""

    id: str
    timestamp: str
    signatures: str
    body: bytes


def verify(message: Signed, secret: str, now: datetime) -> None:
    """Raises ``Unauthorized`` for a wrong signature, and for one that is more than five minutes off."""
    if not (message.timestamp.isascii() and message.timestamp.isdigit() and len(message.timestamp) < 12):
        raise Unauthorized("webhook-timestamp: whole seconds since 1970 are wanted.")
    if abs(now.timestamp() - int(message.timestamp)) > TOLERANCE_S:
        raise Unauthorized("webhook-timestamp: too far from now.")
    expected = sign(message.id, message.timestamp, message.body, secret).encode()
    given = [one.encode("utf-8", "surrogatepass") for one in message.signatures.split(" ")]
    if not any([hmac.compare_digest(expected, one) for one in given]):
        raise Unauthorized("webhook-signature: it does not fit.")


def sign(event_id: str, timestamp: str, body: bytes, secret: str) -> str:
    """The signature as it is sent: ``v1,`` and HMAC-SHA256 of ``id.timestamp.body`` in base64."""
    content = f"{event_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(_key(secret), content, "sha256")).decode()


def _key(secret: str) -> bytes:
    """``whsec_`` and base64, as the standard has it; anything else is taken as it stands."""
    if not secret.startswith(PREFIX):
        return secret.encode()
    try:
        return base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except binascii.Error:
        return secret.encode()
