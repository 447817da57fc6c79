"""Events of the desk: which of them a shopper never sees, which are heard and not kept, and who hears of a queue."""

from __future__ import annotations

from collections.abc import Sequence

from agent.casework.ports import Bus
from agent.conversation import ConversationId, Event, Json

SHOPPER_MESSAGE, SHOPPER_TYPING = "shopper.message", "shopper.typing"
HUMAN_MESSAGE, HUMAN_TYPING = "human.message", "human.typing"
NOTE_ADDED, WHISPER_ADDED = "note.added", "whisper.added"
DESK_DONE = "desk.done"
CASE_UPDATED = "handoff.updated"
"""Heard in the queue only: somebody wrote in a case."""

DESK_ONLY = frozenset({SHOPPER_MESSAGE, SHOPPER_TYPING, NOTE_ADDED, WHISPER_ADDED, DESK_DONE})
"""What is not for the shopper."""

UNKEPT = 0
"""The turn number of what is heard now or never: it has no id and no place in the order."""


def signal(kind: str, data: Json) -> Event:
    """Something to be heard by whoever listens now."""
    return Event(UNKEPT, 0, kind, data)


def is_signal(event: Event) -> bool:
    """Whether it is one."""
    return event.turn_seq == UNKEPT


def queue_of(shop_id: str) -> ConversationId:
    """The name under which a shop's queue is listened to, as if it were a conversation."""
    return ConversationId(f"desk:{shop_id}")


async def tell_queue(bus: Bus, shop_id: str, kind: str, rows: Sequence[Json]) -> None:
    """Let everybody at the shop's desk know."""
    await bus.publish(queue_of(shop_id), [signal(kind, row) for row in rows])
