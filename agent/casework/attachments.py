"""Photos that a shopper sends, and the port behind which they are kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

MOST_BYTES = 8 * 1024 * 1024
MOST_PHOTOS = 10
"""In one conversation."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A photo of a conversation. ``name`` is minted here and cannot be guessed; ``size`` is in bytes."""

    name: str
    kind: str
    size: int
    at: datetime


class AttachmentStore(Protocol):
    """Where photos are kept, by shop and conversation."""

    async def keep(
        self, shop_id: str, conversation_id: str, name: str, content: bytes, kind: str, at: datetime
    ) -> Attachment:
        """Keep a photo that was cleaned; ``name`` without a suffix, ``kind`` an image's media type."""
        ...

    async def of(self, shop_id: str, conversation_id: str) -> tuple[Attachment, ...]:
        """Oldest first."""
        ...

    async def read(self, shop_id: str, conversation_id: str, name: str) -> bytes | None:
        """The photo of that name; None when the conversation has none."""
        ...

    async def erase(self, shop_id: str, conversation_id: str) -> None:
        """All of the conversation's, for good."""
        ...


def render_attachment(conversation_id: str, one: Attachment) -> dict[str, Any]:
    """A photo as the API tells of it."""
    return {
        "name": one.name,
        "type": one.kind,
        "bytes": one.size,
        "at": one.at.isoformat(),
        "url": f"/v1/conversations/{conversation_id}/attachments/{one.name}",
    }
