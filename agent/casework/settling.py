"""What an ended handoff has dealt with: the words up to here call no person again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from agent.casework.draft import Draft
from agent.conversation import Conversation, Message

SETTLED = "settled_seq"


def settle(draft: Draft) -> dict[str, Any]:
    """The conversation's metadata, with everything said so far marked as dealt with."""
    last = max((message.seq for message in draft.claim.file.messages), default=0)
    return {**draft.conversation.metadata, SETTLED: last}


def settled_in(conversation: Conversation, messages: Sequence[Message]) -> int:
    """How many of the first of those messages were dealt with."""
    last = int(conversation.metadata.get(SETTLED, 0))
    return sum(message.seq <= last for message in messages)
