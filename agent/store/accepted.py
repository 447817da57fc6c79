"""What a turn looks like once it is stored."""

from __future__ import annotations

from dataclasses import replace

from agent.conversation import Message, Turn, TurnStatus


def as_accepted(turn: Turn, seq: int, message: Message | None) -> Turn:
    """The turn with its number and its message's id, not answered yet."""
    message_id = turn.message_id if message is None else message.id
    return replace(turn, seq=seq, message_id=message_id, status=TurnStatus.ACCEPTED, result=None)
