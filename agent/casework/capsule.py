"""A case to take along: its transcript, and a link that leads back into the same conversation for some days."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from agent.conversation import Message, Speaker
from prompts.loader import Sentences

LASTS = timedelta(days=7)
MOST_MESSAGES = 40
LONGEST = 600
FRAGMENT = "postventa"
"""What the widget looks for behind the ``#``: no server on the way sees or logs it."""

_SHAPE = re.compile(r"cap\.(\d{1,11})\.([\w-]{43})")


def seal(secret: str, shop_id: str, conversation_id: str, now: datetime) -> str:
    """A token for that conversation that opens it until ``LASTS`` from now; nothing of it is kept."""
    until = int((now + LASTS).timestamp())
    return f"cap.{until}.{_mac(secret, shop_id, conversation_id, until)}"


def opens(secret: str, shop_id: str, conversation_id: str, token: str, now: datetime) -> bool:
    """Whether the token was sealed for that conversation and is still good, in constant time."""
    found = _SHAPE.fullmatch(token)
    if found is None or not secret or int(found[1]) <= now.timestamp():
        return False
    return hmac.compare_digest(found[2], _mac(secret, shop_id, conversation_id, int(found[1])))


def link(page: str, conversation_id: str, token: str) -> str:
    """The address that brings the widget on that page back into the conversation."""
    return f"{page}#{FRAGMENT}={conversation_id}/{token}" if page else ""


def write_transcript(messages: Iterable[Message], language: str, zone: ZoneInfo, sentences: Sentences) -> list[str]:
    """The last messages, one a line, as somebody reads them in a mail."""
    lines = []
    for message in [*messages][-MOST_MESSAGES:]:
        if message.who is Speaker.PERSON:
            who = message.author
        else:
            who = sentences.say(f"mail.who_{message.who.value}", language)
        text = " ".join(message.text.split())
        short = text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
        lines.append(f"[{message.at.astimezone(zone):%H:%M}] {who}: {short}")
    return lines


def _mac(secret: str, shop_id: str, conversation_id: str, until: int) -> str:
    material = b"\x00".join((b"capsule", shop_id.encode(), conversation_id.encode(), str(until).encode()))
    digest = hmac.new(secret.encode(), material, hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")
