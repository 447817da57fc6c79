"""What people at the desk see: the queue, a case with its packet, live conversations, colleagues, and events as they happen.

The API's routes and the console call the same methods. Answers are JSON-ready; shapes are in ``agent/api/wire/desk.py``.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from typing import Any

from agent.casework.desk.events import queue_of
from agent.casework.desk.move import Person
from agent.casework.desk.ports import CaseQuery, CaseRow, Colleague
from agent.casework.desk.rows import (
    render_colleague,
    render_entries,
    render_exception,
    render_live,
    render_passage,
    render_row,
)
from agent.casework.desk.suggesting import draft_replies, find_articles
from agent.casework.following import END, Following, position_of
from agent.casework.front import Services
from agent.casework.opening import language_of
from agent.casework.packet import refreshed
from agent.casework.packet_words import word_packet
from agent.casework.waiting import Outlook, Wait, Waiting, is_present
from agent.conversation import CaseFile, Conversation, Event, Handoff, HandoffStatus, Json
from agent.errors import Forbidden, NotFound
from tools.proposals import proposal_from_json

LIVE_FOR = timedelta(hours=2)
KEEP_ALIVE_S = 15.0
MOST_WAITING = 1000


class DeskView:
    """The reads. Everything is bound to the person's shop."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._store = services.store
        self._waiting = Waiting(services)

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
        known = next((one for one in await self._store.people(person.shop_id) if one.name == person.name), None)
        waits = await self._waits(person.shop_id, found)
        return [
            {**render_row(case, now, waits.get(case.handoff.id)), "fits": _fits(known, case.handoff)} for case in found
        ]

    async def expected_wait(self, shop_id: str, handoff: Handoff, position: int) -> Wait:
        """Seconds until a person comes, ``(low, high)``; None when too little is known."""
        return await self._waiting.expected(shop_id, handoff, position)

    async def _waits(self, shop_id: str, cases: Sequence[CaseRow]) -> dict[str, Wait]:
        """What those that wait may expect, by their ids."""
        shown = {one.handoff.id for one in cases if one.handoff.status is HandoffStatus.QUEUED}
        if not shown:
            return {}
        waits: dict[str, Wait] = {}
        places: Counter[str] = Counter()
        outlooks: dict[str, Outlook] = {}
        for handoff in await self._store.handoffs(shop_id, HandoffStatus.QUEUED.value, MOST_WAITING):
            places[handoff.queue] += 1
            if handoff.id in shown:
                if handoff.queue not in outlooks:
                    outlooks[handoff.queue] = await self._waiting.outlook(shop_id, handoff.queue)
                waits[handoff.id] = outlooks[handoff.queue].expected(handoff, places[handoff.queue])
        return waits

    async def case(self, person: Person, handoff_id: str, locale: str | None = None) -> dict[str, Any]:
        """A row with ``position``, ``packet``, ``log``, ``notes_list`` and ``whispers``.

        The packet holds all that was said and done up to now, in the words of ``locale`` (the shop's language without one).
        """
        case = await self._case(person, handoff_id)
        packet, _ = await self._packet(person, case.handoff.id, locale)
        position = await self._store.queue_position(person.shop_id, case.handoff.id)
        wait = await self.expected_wait(person.shop_id, case.handoff, position)
        log = case.handoff.log
        return {
            **render_row(case, self._services.clock(), wait),
            "fits": True,
            "position": position,
            "packet": packet,
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
        return [
            render_colleague(one, held.get(one.name, 0), present=is_present(one, self._services.clock()))
            for one in found
        ]

    async def presence(self, person: Person) -> dict[str, Any]:
        """What the desk knows of the person."""
        found = next((one for one in await self._store.people(person.shop_id) if one.name == person.name), None)
        known = found or Colleague(person.name, person.role)
        held = await self._store.held(person.shop_id)
        return render_colleague(known, held.get(person.name, 0), present=is_present(known, self._services.clock()))

    async def actions(self, person: Person, status: str = "needs_person", limit: int = 100) -> list[dict[str, Any]]:
        """Changes in that status, the oldest first; ``may_decide`` is whether the person's role may."""
        policy = self._services.storefronts[person.shop_id].policy
        rows = []
        for conversation_id, action in await self._store.actions_in(person.shop_id, status, limit):
            file = await self._store.case_file(person.shop_id, conversation_id)
            proposal = proposal_from_json(action.proposal)
            may = policy.may_grant(person.role, proposal.change.kind, proposal.moves)
            rows.append(
                {
                    **render_exception(conversation_id, action, file.open_handoff if file else None),
                    "may_decide": may,
                }
            )
        return rows

    async def search(self, person: Person, text: str, locale: str | None = None, limit: int = 5) -> list[Json]:
        """Passages of the help articles, best first, to quote."""
        front = self._services.storefronts[person.shop_id]
        passages = await front.knowledge.search(text, language_of(locale, front.language), limit)
        return [render_passage(one) for one in passages]

    async def suggestions(self, person: Person, handoff_id: str, locale: str | None = None) -> dict[str, Any]:
        """``drafts`` of replies and ``articles`` in the shopper's language; ``timeline`` and ``next_step`` in the reader's."""
        front = self._services.storefronts[person.shop_id]
        packet, file = await self._packet(person, handoff_id, locale)
        passages = await find_articles(file, front, file.conversation.language)
        told = word_packet(packet, file.conversation.language, self._services.sentences)
        return {
            "drafts": draft_replies(file, told, passages, person.name, self._services.sentences),
            "articles": [render_passage(one) for one in passages],
            "timeline": packet["timeline"],
            "next_step": packet["next_step"],
        }

    async def _packet(self, person: Person, handoff_id: str, locale: str | None) -> tuple[dict[str, Any], CaseFile]:
        handoff = await self._store.handoff(person.shop_id, handoff_id)
        file = await self._store.case_file(person.shop_id, handoff.conversation_id) if handoff else None
        if handoff is None or file is None:
            raise NotFound()
        language = language_of(locale, self._services.storefronts[person.shop_id].language)
        return word_packet(refreshed(handoff, file), language, self._services.sentences), file

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


def _fits(person: Colleague | None, handoff: Handoff) -> bool:
    """Whether a case is one for that person; for somebody unknown every case is."""
    return person is None or person.fits(handoff.queue, handoff.language)


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
