"""The desk's side of the conversation store in this process."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from agent.casework.desk.ports import CaseQuery, CaseRow, Colleague, LiveRow, NoSeat, Seat, Taken
from agent.conversation import (
    Action,
    ActionId,
    Conversation,
    ConversationId,
    Handoff,
    HandoffId,
    HandoffStatus,
    Message,
    Speaker,
)

OPEN = (HandoffStatus.CLAIMED, HandoffStatus.HUMAN)
CLOSED = (HandoffStatus.RETURNED, HandoffStatus.RESOLVED)


class KeptCase(Protocol):
    """What the desk reads of a conversation kept in memory."""

    head: Conversation
    said: list[tuple[int, Message]]
    actions: dict[ActionId, Action]
    handoffs: dict[HandoffId, Handoff]


class MemoryDeskBook(ABC):
    """``casework.desk.ports.DeskBook``, on the conversations that whoever derives from it keeps."""

    def __init__(self) -> None:
        self._people: dict[tuple[str, str], Colleague] = {}

    @abstractmethod
    def _kept(self) -> Iterable[KeptCase]:
        """Every conversation."""

    async def cases(self, shop_id: str, query: CaseQuery) -> Sequence[CaseRow]:
        """See the port."""
        chosen = [
            (kept, handoff)
            for kept, handoff in self._handed_off(shop_id)
            if (not query.statuses or handoff.status in query.statuses)
            and query.queue in (None, handoff.queue)
            and query.person in (None, handoff.claimed_by)
            and query.handoff_id in (None, handoff.id)
        ]
        chosen.sort(key=lambda pair: (pair[1].priority, pair[1].created_at, pair[1].id))
        return [
            CaseRow(replace(handoff, packet={}), kept.head, _last(kept), _heard(kept))
            for kept, handoff in chosen[: query.limit]
        ]

    async def live(self, shop_id: str, since: datetime, limit: int) -> Sequence[LiveRow]:
        """See the port."""
        recent = [kept for kept in self._kept() if kept.head.shop_id == shop_id and kept.head.updated_at >= since]
        recent.sort(key=lambda kept: kept.head.id)
        recent.sort(key=lambda kept: kept.head.updated_at, reverse=True)
        return [LiveRow(kept.head, _open_case(kept), _last(kept), _heard(kept)) for kept in recent[:limit]]

    async def taken(self, shop_id: str, queue: str, since: datetime, limit: int) -> Sequence[Taken]:
        """See the port."""
        found = [
            Taken(handoff.waits_since, handoff.claimed_at, handoff.claimed_by or "")
            for _, handoff in self._handed_off(shop_id)
            if handoff.queue == queue and handoff.claimed_at is not None and handoff.claimed_at >= since
        ]
        return sorted(found, key=lambda one: one.claimed_at)[-limit:]

    async def held(self, shop_id: str) -> Mapping[str, int]:
        """See the port."""
        return Counter(
            handoff.claimed_by
            for _, handoff in self._handed_off(shop_id)
            if handoff.status in OPEN and handoff.claimed_by
        )

    async def actions_in(self, shop_id: str, status: str, limit: int) -> Sequence[tuple[ConversationId, Action]]:
        """See the port."""
        found = [pair for pair in self._acted(shop_id) if pair[1].status == status]
        return sorted(found, key=lambda pair: (pair[1].created_at, pair[1].id))[:limit]

    async def action(self, shop_id: str, action_id: str) -> tuple[ConversationId, Action] | None:
        """See the port."""
        return next((pair for pair in self._acted(shop_id) if pair[1].id == action_id), None)

    async def overdue(self, now: datetime, limit: int = 20) -> Sequence[tuple[str, ConversationId, HandoffId]]:
        """See the port."""
        late = [
            (handoff.promised_by, kept.head.shop_id, kept.head.id, handoff.id)
            for kept, handoff in self._handed_off(None)
            if handoff.status is HandoffStatus.QUEUED
            and handoff.overdue_at is None
            and handoff.promised_by is not None
            and handoff.promised_by <= now
        ]
        return [(shop, talk, case) for _, shop, talk, case in sorted(late)[:limit]]

    async def waiting(self) -> Mapping[tuple[str, str], int]:
        """See the port."""
        return Counter(
            (kept.head.shop_id, handoff.queue)
            for kept, handoff in self._handed_off(None)
            if handoff.status is HandoffStatus.QUEUED
        )

    async def people(self, shop_id: str) -> Sequence[Colleague]:
        """See the port."""
        return [person for (shop, _), person in sorted(self._people.items()) if shop == shop_id]

    async def put_person(self, shop_id: str, person: Colleague) -> None:
        """See the port."""
        self._people[shop_id, person.name] = person

    def _require_seat(self, shop_id: str, seat: Seat, taking: Iterable[Handoff]) -> None:
        """Raises ``NoSeat`` when the person would have too many with those."""
        theirs = {handoff.id for _, handoff in self._handed_off(shop_id) if _is_held(handoff, seat.person)}
        theirs |= {handoff.id for handoff in taking if _is_held(handoff, seat.person)}
        if len(theirs) > seat.capacity:
            raise NoSeat(seat.person)

    def _handed_off(self, shop_id: str | None) -> Iterator[tuple[KeptCase, Handoff]]:
        for kept in self._kept():
            if shop_id in (None, kept.head.shop_id):
                yield from ((kept, handoff) for handoff in kept.handoffs.values())

    def _acted(self, shop_id: str) -> Iterator[tuple[ConversationId, Action]]:
        for kept in self._kept():
            if kept.head.shop_id == shop_id:
                yield from ((kept.head.id, action) for action in kept.actions.values())


def _is_held(handoff: Handoff, person: str) -> bool:
    return handoff.status in OPEN and handoff.claimed_by == person


def _open_case(kept: KeptCase) -> Handoff | None:
    found = [handoff for handoff in kept.handoffs.values() if handoff.status not in CLOSED]
    return replace(found[-1], packet={}) if found else None


def _last(kept: KeptCase) -> Message | None:
    return kept.said[-1][1] if kept.said else None


def _heard(kept: KeptCase) -> Message | None:
    return next((message for _, message in reversed(kept.said) if message.who is Speaker.SHOPPER), None)
