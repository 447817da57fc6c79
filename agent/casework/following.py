"""Events in order, without loss and without repetition, out of what is heard live and what the store holds.

Live events of a turn at work are told as they happen, the rest once its outcome is stored; so a listener may hear
``5-3`` before ``5-2``, and one that comes late has not heard ``5-1`` at all.
"""

from __future__ import annotations

import heapq
from collections.abc import Awaitable, Callable, Sequence

from agent.casework.desk.events import DESK_DONE, is_signal
from agent.casework.draft import DELTA, LIVE
from agent.conversation import Event

Position = tuple[int, int]
Read = Callable[[Position], Awaitable[Sequence[Event]]]

END = 2**31 - 1
"""Past the last event of a turn."""

PAGE = 1000

LAST_OF_TURN = frozenset({"done", DESK_DONE})


def position_of(event: Event) -> Position:
    """Where an event stands in its conversation."""
    return event.turn_seq, event.n


class Following:
    """What one listener has been told, and what it is to be told next.

    ``read`` answers stored events past a position, at most 1,000 of them. ``last`` is the last event told.
    """

    def __init__(self, read: Read, last: Position) -> None:
        self._read = read
        self.last = last
        self._turn_over = last[1] == END
        self._held: list[tuple[Position, Event]] = []

    async def take(self, event: Event) -> list[Event]:
        """What can be told now that this event was heard."""
        if is_signal(event):
            return [event]
        at = position_of(event)
        if at <= self.last:
            return []
        if self._is_next(at):
            return self._tell(event) + self._release()
        heapq.heappush(self._held, (at, event))
        if event.type in (*LIVE, DELTA) and at[1] > 1:
            return []
        return await self._fill_up_to(at)

    async def catch_up(self) -> list[Event]:
        """Everything stored that was not told yet."""
        return await self._fill_up_to((END, END))

    async def _fill_up_to(self, at: Position) -> list[Event]:
        """Stored and held events up to ``at``; what is held was heard, what is not stored is not needed later."""
        told: list[Event] = []
        while True:
            page = await self._read(self.last)
            for event in page:
                if position_of(event) <= at:
                    told += self._tell_held_before(position_of(event))
                    told += self._tell(event)
            if len(page) < PAGE or position_of(page[-1]) > at:
                break
        if at != (END, END):
            told += self._tell_held_before((at[0], at[1] + 1))
        return told + self._release()

    def _is_next(self, at: Position) -> bool:
        turn, n = self.last
        return at == (turn, n + 1) or (self._turn_over and at == (turn + 1, 1))

    def _tell(self, event: Event) -> list[Event]:
        at = position_of(event)
        if at <= self.last:
            return []
        self.last = at
        self._turn_over = event.type in LAST_OF_TURN
        return [event]

    def _tell_held_before(self, at: Position) -> list[Event]:
        told: list[Event] = []
        while self._held and self._held[0][0] < at:
            told += self._tell(heapq.heappop(self._held)[1])
        return told

    def _release(self) -> list[Event]:
        """Held events whose turn it is now."""
        told: list[Event] = []
        while self._held and (self._held[0][0] <= self.last or self._is_next(self._held[0][0])):
            told += self._tell(heapq.heappop(self._held)[1])
        return told
