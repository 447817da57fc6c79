"""Where a listener's events wait."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterable

from agent.conversation import Event

CAPACITY = 1000


class Mailbox:
    """An endless iterator of events. 1,000 behind, it loses the oldest; once closed, it ends after what is left."""

    def __init__(self) -> None:
        self._events: deque[Event] = deque(maxlen=CAPACITY)
        self._changed = asyncio.Event()
        self._closed = False

    def put(self, events: Iterable[Event]) -> None:
        """Never waits."""
        self._events.extend(events)
        self._changed.set()

    def close(self) -> None:
        """No more will come."""
        self._closed = True
        self._changed.set()

    def __aiter__(self) -> Mailbox:
        return self

    async def __anext__(self) -> Event:
        while not self._events:
            if self._closed:
                raise StopAsyncIteration
            self._changed.clear()
            await self._changed.wait()
        return self._events.popleft()
