"""The outbox in this process: nothing survives it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from agent.casework.outbox.letters import Delivery, Kept, Letter, LetterStatus


@dataclass(slots=True)
class _Row:
    letter: Letter
    next_at: datetime
    status: LetterStatus = LetterStatus.WAITING
    attempts: int = 0
    fence: int = 0
    held_until: datetime | None = None
    failure: str = ""

    def shown(self) -> Kept:
        return Kept(self.letter, self.status, self.attempts, self.next_at, self.failure)


class MemoryOutbox:
    """``casework.outbox.Outbox``. No method gives way to another task half-way, which makes each a transaction."""

    def __init__(self) -> None:
        self._rows: dict[str, _Row] = {}

    def write(self, letters: Sequence[Letter]) -> None:
        """Keep letters, due at once."""
        self._rows.update({letter.id: _Row(letter, letter.at) for letter in letters})

    def erase(self, conversation_id: str) -> None:
        """Delete a conversation's letters."""
        self._rows = {key: row for key, row in self._rows.items() if row.letter.conversation_id != conversation_id}

    async def take(self, *, owner: str, now: datetime, lease_s: float, limit: int) -> Sequence[Delivery]:  # noqa: ARG002 - one process
        """See the port."""
        taken, lanes = [], set()
        for row in self._rows.values():
            if row.status is not LetterStatus.WAITING:
                continue
            first = not row.letter.lane or row.letter.lane not in lanes
            lanes.add(row.letter.lane)
            if first and row.next_at <= now and (row.held_until is None or row.held_until <= now):
                taken.append(row)
        until = now + timedelta(seconds=lease_s)
        chosen = sorted(taken, key=lambda row: row.next_at)[:limit]
        for row in chosen:
            row.held_until, row.fence, row.attempts = until, row.fence + 1, row.attempts + 1
        return [Delivery(row.letter, row.attempts, row.fence, until) for row in chosen]

    async def settle(self, delivery: Delivery, *, now: datetime) -> bool:
        """See the port."""
        return self._let_go(delivery, LetterStatus.DELIVERED, now, "")

    async def postpone(self, delivery: Delivery, *, until: datetime, failure: str) -> bool:
        """See the port."""
        return self._let_go(delivery, LetterStatus.WAITING, until, failure)

    async def bury(self, delivery: Delivery, *, now: datetime, failure: str) -> bool:
        """See the port."""
        return self._let_go(delivery, LetterStatus.DEAD, now, failure)

    async def letters(self, shop_id: str, status: LetterStatus | None, limit: int = 100) -> Sequence[Kept]:
        """See the port."""
        own = [row for row in self._rows.values() if row.letter.shop_id == shop_id and status in (None, row.status)]
        return [row.shown() for row in reversed(own)][:limit]

    async def replay(self, shop_id: str, letter_id: str, *, now: datetime) -> Kept | None:
        """See the port."""
        row = self._rows.get(letter_id)
        if row is None or row.letter.shop_id != shop_id:
            return None
        if row.status is not LetterStatus.WAITING:
            row.status, row.attempts, row.next_at, row.failure = LetterStatus.WAITING, 0, now, ""
        return row.shown()

    async def forget(self, before: datetime) -> int:
        """See the port."""
        old = [key for key, row in self._rows.items() if row.status is LetterStatus.DELIVERED and row.next_at < before]
        for key in old:
            del self._rows[key]
        return len(old)

    def _let_go(self, delivery: Delivery, status: LetterStatus, at: datetime, failure: str) -> bool:
        row = self._rows.get(delivery.letter.id)
        if row is None or row.fence != delivery.fence or row.status is not LetterStatus.WAITING:
            return False
        row.status, row.next_at, row.failure, row.held_until = status, at, failure, None
        return True
