"""Signed webhooks: Standard Webhooks headers, a CloudEvents 1.0 body. See standardwebhooks.com and cloudevents.io."""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import httpx2

from agent.casework.outbox.letters import Delivery, Letter, NotDelivered
from agent.store.columns import write_json
from agent.store.desks.reach import not_reached, retry_after_s

PREFIX = "whsec_"
GONE = 410
SHORTEST_KEY, LONGEST_KEY = 24, 64


@dataclass(frozen=True, slots=True)
class Target:
    """``keys`` sign side by side: while a receiver changes from one secret to the next, it knows either."""

    url: str
    keys: tuple[bytes, ...]


class Webhooks:
    """``casework.outbox.Carrier`` for one target: any 2xx is its acknowledgement; 410 says never again."""

    def __init__(self, target: Target, client: httpx2.AsyncClient) -> None:
        self._target = target
        self._client = client

    async def carry(self, delivery: Delivery, now: datetime) -> None:
        """See the port. The answer's body is not read."""
        body = event_body(delivery.letter)
        headers = signed_headers(delivery.letter.event_id, body, self._target.keys, now)
        try:
            async with self._client.stream("POST", self._target.url, content=body, headers=headers) as response:
                status = response.status_code
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise not_reached(error) from error
        if not 200 <= status < 300:
            raise NotDelivered(f"http_{status}", final=status == GONE, retry_after_s=retry_after_s(response, now))


def event_body(letter: Letter) -> bytes:
    """The CloudEvent, the same bytes however often it is sent."""
    event = {
        "specversion": "1.0",
        "id": letter.event_id,
        "source": f"/shops/{letter.shop_id}",
        "type": f"com.postventa.{letter.type}",
        "subject": letter.conversation_id,
        "time": letter.at.isoformat(),
        "datacontenttype": "application/json",
        "data": letter.data,
    }
    return write_json(event).encode()


def signed_headers(event_id: str, body: bytes, keys: Sequence[bytes], now: datetime) -> dict[str, str]:
    """``webhook-id``, ``webhook-timestamp`` (of this attempt) and one ``v1`` signature for each key."""
    timestamp = str(int(now.timestamp()))
    content = f"{event_id}.{timestamp}.".encode() + body
    signatures = [base64.b64encode(hmac.digest(key, content, "sha256")).decode() for key in keys]
    return {
        "content-type": "application/cloudevents+json; charset=utf-8",
        "user-agent": "Postventa",
        "webhook-id": event_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": " ".join(f"v1,{one}" for one in signatures),
    }


def signing_key(secret: str) -> bytes:
    """The key in ``whsec_`` and base64, 24 to 64 bytes as the standard asks. Raises ``ValueError``."""
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except binascii.Error as error:
        raise ValueError("a secret is whsec_ and base64") from error
    if not secret.startswith(PREFIX) or not SHORTEST_KEY <= len(key) <= LONGEST_KEY:
        raise ValueError(f"a secret is whsec_ and {SHORTEST_KEY} to {LONGEST_KEY} bytes in base64")
    return key
