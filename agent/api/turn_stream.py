"""One turn as a stream of its events: it starts with the turn, ends with it, and never stops it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing
from dataclasses import replace

import structlog

from agent.api.background import in_background
from agent.api.parts import ApiParts
from agent.api.problems import problem_of
from agent.api.sse import KEEP_ALIVE_S, hear, reader
from agent.casework.desk.events import DESK_ONLY
from agent.casework.following import END, Following
from agent.casework.receiving import Move
from agent.conversation import Conversation, Event, Json, TurnId
from agent.errors import PostventaError

GRACE_S = 0.3
"""How long the last events may be behind the answer before they are read from the store."""

log = structlog.get_logger("postventa.http")


class TurnStream:
    """The events of the turn that ``move`` starts.

    ``move`` gets a ``client_message_id`` when it has none: it tells this turn from others in the same conversation.
    """

    def __init__(self, parts: ApiParts, conversation: Conversation, move: Move) -> None:
        self._parts = parts
        self._store = parts.services.store
        self._conversation = conversation
        self._move = replace(move, client_message_id=move.client_message_id or parts.services.new_id("cmi"))
        self._read = reader(self._store, conversation)
        self._seq: int | None = None
        self._told = 0

    async def events(self) -> AsyncIterator[Sequence[Event]]:
        """Events in order, those that are there together at once, the last one ``done`` or ``error``; none now and then, when
        nothing happens.
        """
        async with self._parts.services.bus.listen(self._conversation.id) as live:
            answer = in_background(self._parts.reception.receive(self._conversation, self._move))
            async with aclosing(self._heard(live, answer)) as heard:
                async for events in heard:
                    yield events
                    if events and events[-1].type == "done":
                        return
        if rest := await self._rest(answer):
            yield rest

    async def _heard(
        self, live: AsyncIterator[Event], answer: asyncio.Task[Json]
    ) -> AsyncGenerator[Sequence[Event], None]:
        """The turn's own events as they happen, for as long as more can be expected."""
        following = Following(self._read, (self._conversation.seq, END))
        heard = asyncio.ensure_future(hear(live))
        try:
            while True:
                answered = answer.done()
                waiting = {heard} if answered else {heard, answer}
                patience = GRACE_S if answered else KEEP_ALIVE_S
                await asyncio.wait(waiting, timeout=patience, return_when=asyncio.FIRST_COMPLETED)
                if heard.done():
                    told: list[Event] = []
                    while heard.done():
                        happened = heard.result()
                        if happened is None:
                            return
                        told += [event for event in await following.take(happened) if await self._is_ours(event)]
                        heard = asyncio.ensure_future(hear(live))
                        await asyncio.sleep(0)  # what has come already is heard by now
                    if shown := self._tell(told):
                        yield shown
                elif not answer.done():
                    yield ()
                elif answered or not await self._is_new(answer):
                    return
        finally:
            heard.cancel()

    async def _rest(self, answer: asyncio.Task[Json]) -> Sequence[Event]:
        """From the store, what was not heard; or what went wrong."""
        try:
            seq = await self._seq_of(await answer)
        except PostventaError as error:
            return (Event(self._seq or self._conversation.seq, self._told, "error", problem_of(error)),)
        except Exception:
            log.exception("stream_failed", conversation=self._conversation.id)
            return (Event(self._seq or self._conversation.seq, self._told, "error", problem_of(PostventaError())),)
        return self._tell([event for event in await self._read((seq, self._told)) if event.turn_seq == seq])

    def _tell(self, events: Sequence[Event]) -> Sequence[Event]:
        """What of these is not for the desk alone."""
        for event in events:
            self._told = event.n
        return [event for event in events if event.type not in DESK_ONLY]

    async def _is_ours(self, event: Event) -> bool:
        if self._seq is None and event.type == "turn.started":
            turn = await self._store.turn(self._conversation.shop_id, TurnId(event.data["turn_id"]))
            if turn is not None and turn.client_message_id == self._move.client_message_id:
                self._seq = event.turn_seq
        return event.turn_seq == self._seq

    async def _is_new(self, answer: asyncio.Task[Json]) -> bool:
        """Whether there is something to hear: not when it failed, nor when it was answered before this stream began."""
        return answer.exception() is None and await self._seq_of(answer.result()) > self._conversation.seq

    async def _seq_of(self, result: Json) -> int:
        turn = await self._store.turn(self._conversation.shop_id, TurnId(result["id"]))
        return 0 if turn is None else turn.seq
