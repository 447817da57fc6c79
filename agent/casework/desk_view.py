"""What people at the desk see: the queue, a case with its packet, live conversations, colleagues, and events as they happen.

The API's routes and the console call the same methods. Answers are JSON-ready; shapes are in ``agent/api/wire/desk.py``.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from typing import Any

from agent.casework.desk_events import queue_of
from agent.casework.desk_move import Person
from agent.casework.desk_ports import CaseQuery, CaseRow, Colleague, Presence
from agent.casework.desk_rows import render_colleague, render_entries, render_exception, render_live, render_row
from agent.casework.following import END, Following, position_of
from agent.casework.front import Services
from agent.conversation import Conversation, Event, Json
from agent.errors import Forbidden, NotFound

LIVE_FOR = timedelta(hours=2)
SEEN_FOR = timedelta(minutes=5)
"""How long somebody who was heard of counts as there."""

KEEP_ALIVE_S = 15.0


class DeskView:
    """The reads. Everything is bound to the person's shop."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._store = services.store

    async def queue(
        self,
        person: Person,
        *,
        statuses: Sequence[str] = (),
        queue: str | None = None,
        mine: bool = False,
        limit: int = 100,
    ) -> list[dict[str, Any]]:
        """Rows, the highest priority first, then the oldest. ``mine``: only the person's own."""
        name = person.name if mine else None
        found = await self._store.cases(person.shop_id, CaseQuery(tuple(statuses), queue, name, None, limit))
        now = self._services.clock()
        return [render_row(case, now) for case in found]

    async def case(self, person: Person, handoff_id: str, locale: str | None = None) -> dict[str, Any]:
        """A row with ``position``, ``packet`` (in words of ``locale``), ``log``, ``notes_list`` and ``whispers``."""
        case = await self._case(person, handoff_id)
        full = await self._store.handoff(person.shop_id, case.handoff.id)
        position = await self._store.queue_position(person.shop_id, case.handoff.id)
        log = case.handoff.log
        return {
            **render_row(case, self._services.clock()),
            "position": position,
            "packet": dict(full.packet if full else {}),
            "log": render_entries(log),
            "notes_list": render_entries(log, "note"),
            "whispers": render_entries(log, "whisper"),
        }

    async def live(self, person: Person, limit: int = 100) -> list[dict[str, Any]]:
        """A lead sees every conversation of the last two hours, the agent's too. Raises ``Forbidden``."""
        if not person.leads:
            raise Forbidden("Only a lead may see all conversations.")
        since = self._services.clock() - LIVE_FOR
        return [render_live(row) for row in await self._store.live(person.shop_id, since, limit)]

    async def people(self, person: Person) -> list[dict[str, Any]]:
        """Everybody who was ever at the desk, with what they hold."""
        held = await self._store.held(person.shop_id)
        found = await self._store.people(person.shop_id)
        return [render_colleague(one, held.get(one.name, 0), present=self._is_present(one)) for one in found]

    async def presence(self, person: Person) -> dict[str, Any]:
        """What the desk knows of the person."""
        found = next((one for one in await self._store.people(person.shop_id) if one.name == person.name), None)
        known = found or Colleague(person.name, person.role)
        held = await self._store.held(person.shop_id)
        return render_colleague(known, held.get(person.name, 0), present=self._is_present(known))

    async def actions(self, person: Person, status: str = "needs_person", limit: int = 100) -> list[dict[str, Any]]:
        """Changes in that status, the oldest first."""
        rows = []
        for conversation_id, action in await self._store.actions_in(person.shop_id, status, limit):
            file = await self._store.case_file(person.shop_id, conversation_id)
            rows.append(render_exception(conversation_id, action, file.open_handoff if file else None))
        return rows

    async def search(self, person: Person, text: str, locale: str | None = None, limit: int = 5) -> list[Json]:
        """Passages of the help articles, best first, to quote."""
        front = self._services.storefronts[person.shop_id]
        passages = await front.knowledge.search(text, locale or front.language, limit)
        return [
            {
                "article": one.article,
                "title": one.title,
                "url": one.url,
                "quote": one.text,
                "score": round(one.score, 4),
                "supports": one.supports,
            }
            for one in passages
        ]

    async def suggestions(self, person: Person, handoff_id: str, locale: str | None = None) -> dict[str, Any]:
        """``drafts`` of replies in the shopper's language, ``articles``, the ``timeline`` of the orders, the ``next_step``."""
        await self._case(person, handoff_id)
        return {"drafts": [], "articles": [], "timeline": [], "next_step": None}

    async def conversation_of(self, person: Person, handoff_id: str) -> Conversation:
        """The conversation of a case."""
        return (await self._case(person, handoff_id)).conversation

    async def follow(
        self, person: Person, conversation_id: str, after: tuple[int, int] | None = None
    ) -> AsyncIterator[Event | None]:
        """Every event of a conversation past ``after`` (from now on without one), then all that come; without end.

        Notes, whispers and typing are among them. None when nothing happened for 15 s. Raises ``NotFound``.
        """
        found = await self._store.find(person.shop_id, conversation_id)
        if found is None:
            raise NotFound()
        head = found[0]

        async def read(since: tuple[int, int]) -> Sequence[Event]:
            return await self._store.events_after(head.shop_id, head.id, since)

        async with self._services.bus.listen(head.id) as live:
            if after is None:
                stored = await read((head.seq - 1, END))
                after = position_of(stored[-1]) if stored else (head.seq - 1, END)
            following = Following(read, after)
            for event in await following.catch_up():
                yield event
            async for heard in _heard(live):
                if heard is None:
                    for event in await following.catch_up():
                        yield event
                    yield None
                else:
                    for event in await following.take(heard):
                        yield event

    async def follow_queue(self, person: Person) -> AsyncIterator[Event | None]:
        """``handoff.*`` of the whole shop with their rows as data, from now on; read the queue again after a gap."""
        async with self._services.bus.listen(queue_of(person.shop_id)) as live:
            async for heard in _heard(live):
                yield heard

    async def _case(self, person: Person, handoff_id: str) -> CaseRow:
        found = await self._store.cases(person.shop_id, CaseQuery(handoff_id=handoff_id, limit=1))
        if not found:
            raise NotFound()
        return found[0]

    def _is_present(self, person: Colleague) -> bool:
        if person.status is not Presence.ONLINE or person.seen_at is None:
            return False
        return self._services.clock() - person.seen_at <= SEEN_FOR


async def _heard(live: AsyncIterator[Event]) -> AsyncIterator[Event | None]:
    """What is heard, and None after each stretch of silence; ends when the bus is closed."""
    heard = asyncio.ensure_future(anext(live, None))
    try:
        while True:
            await asyncio.wait({heard}, timeout=KEEP_ALIVE_S)
            if not heard.done():
                yield None
                continue
            event = heard.result()
            if event is None:
                return
            heard = asyncio.ensure_future(anext(live, None))
            yield event
    finally:
        heard.cancel()
