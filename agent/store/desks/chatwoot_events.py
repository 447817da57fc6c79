"""What Chatwoot's webhooks say: who sent them, and which of them are for us."""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from agent.errors import Invalid, Unauthorized
from agent.store.desks.chatwoot import HANDOFF, OURS

TOLERANCE_S = 300
SIGNATURE, TIMESTAMP = "x-chatwoot-signature", "x-chatwoot-timestamp"


class Happened(StrEnum):
    """What people did over there."""

    WROTE = "wrote"
    NOTED = "noted"
    RESOLVED = "resolved"
    RETURNED = "pending"
    REOPENED = "open"


@dataclass(frozen=True, slots=True)
class Heard:
    """Something that happened to case ``case_id``. ``stamp`` names it: the same however often it is sent."""

    happened: Happened
    case_id: str
    handoff_id: str
    person: str
    stamp: str
    text: str = ""


def verify(headers: Mapping[str, str], token: str | None, body: bytes, secrets: Sequence[str], now: datetime) -> None:
    """Raises ``Unauthorized``.

    Chatwoot signs since 2026: ``sha256=`` and HMAC-SHA256 of ``timestamp.body`` in hex, under the webhook's own secret. For
    those that do not, one of the secrets may be the ``token`` in the webhook's address; a signature that is there counts.
    """
    signature, timestamp = headers.get(SIGNATURE), headers.get(TIMESTAMP, "")
    if signature is None:
        if token is None or not any([_same(secret, token) for secret in secrets]):
            raise Unauthorized("x-chatwoot-signature: none, and no token.")
        return
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) < 12):
        raise Unauthorized("x-chatwoot-timestamp: whole seconds since 1970 are wanted.")
    if abs(now.timestamp() - int(timestamp)) > TOLERANCE_S:
        raise Unauthorized("x-chatwoot-timestamp: too far from now.")
    content = f"{timestamp}.".encode() + body
    if not any(
        [_same("sha256=" + hmac.digest(secret.encode(), content, "sha256").hex(), signature) for secret in secrets]
    ):
        raise Unauthorized("x-chatwoot-signature: it does not fit.")


def _same(expected: str, given: str) -> bool:
    return hmac.compare_digest(expected.encode(), given.encode("utf-8", "surrogatepass"))


def read_event(body: bytes) -> Heard | None:
    """None for what is not for us: what we wrote ourselves, the shopper's own words, bots, templates, other events.

    Raises ``Invalid`` for what Chatwoot does not send.
    """
    try:
        payload = json.loads(body)
        if not isinstance(payload, dict):
            raise Invalid("The body is not a JSON object.")
        if payload.get("event") == "message_created":
            return _message(payload)
        if payload.get("event") == "conversation_status_changed":
            return _status(payload)
    except (AttributeError, KeyError, TypeError, ValueError, RecursionError):
        raise Invalid("The body is not an event of Chatwoot.") from None
    return None


def _message(payload: Mapping[str, Any]) -> Heard | None:
    sender, conversation = payload.get("sender") or {}, payload["conversation"]
    ours = str(payload.get("source_id") or "").startswith(OURS)
    if payload["message_type"] != "outgoing" or ours or sender.get("type") != "user":
        return None
    links = [str(one["data_url"]) for one in payload.get("attachments") or () if one.get("data_url")]
    text = "\n".join([str(payload.get("content") or ""), *links]).strip()
    if not text:
        return None
    return Heard(
        Happened.NOTED if payload.get("private") else Happened.WROTE,
        str(int(conversation["id"])),
        _handoff_of(conversation),
        str(sender.get("name") or ""),
        str(int(payload["id"])),
        text,
    )


def _status(payload: Mapping[str, Any]) -> Heard | None:
    status = str(payload["status"])
    if status not in (Happened.RESOLVED, Happened.RETURNED, Happened.REOPENED):
        return None
    assignee = (payload.get("meta") or {}).get("assignee") or {}
    return Heard(
        Happened(status),
        str(int(payload["id"])),
        _handoff_of(payload),
        str(assignee.get("name") or ""),
        f"{int(payload['id'])}:{status}:{payload.get('updated_at') or payload.get('timestamp') or ''}",
    )


def _handoff_of(conversation: Mapping[str, Any]) -> str:
    return str((conversation.get("custom_attributes") or {}).get(HANDOFF) or "")
