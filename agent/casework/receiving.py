"""Receives a move of the shopper and sees to it that it is answered once, in order, by somebody."""

from __future__ import annotations

import asyncio
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import structlog

from agent.casework.answering import Answering
from agent.casework.front import Services, ShopperClaims
from agent.casework.ports import Bus, Claim, LeaseLost, Store
from agent.conversation import (
    Conversation,
    ConversationId,
    Json,
    Message,
    MessageId,
    Speaker,
    Turn,
    TurnId,
    TurnKind,
    TurnStatus,
)
from agent.errors import Busy, Conflict
from agent.understanding.redaction import redact

log = structlog.get_logger("postventa.turn")


@dataclass(frozen=True, slots=True)
class Move:
    """What the shopper did: ``text`` for a message, ``action_id`` for a decision; ``claims`` when they signed in since.

    ``desk`` is a move of the people's side, as ``agent.casework.desk.move.DeskMove`` writes it; ``tool`` a program's, as
    ``agent.casework.tool_turns.tool_input`` does.
    """

    kind: TurnKind
    text: str = ""
    action_id: str = ""
    client_message_id: str | None = None
    claims: ShopperClaims | None = None
    desk: Json | None = None
    tool: Json | None = None


class Reception:
    """Stores first, answers after. Any replica may answer; the lease decides which, the waiter only waits."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._store: Store = services.store
        self._bus: Bus = services.bus
        self._answering = Answering(services)
        self._running: set[asyncio.Task[Json | None]] = set()

    async def receive(self, conversation: Conversation, move: Move) -> Json:
        """The stored answer to the move (the ``Turn`` of the HTTP contract).

        A move seen before (same ``client_message_id``) gets its first answer again. Raises ``Busy`` when nobody could
        answer in time: the move is stored and its answer will appear in the conversation.
        """
        if conversation.status == "closed" and move.kind not in (TurnKind.MESSAGE, TurnKind.DESK):
            raise Conflict("The conversation is closed.")
        now = self._services.clock()
        turn = self._turn(conversation, move, now)
        message = self._message(conversation, move, turn, now)
        got = await self._store.accept(
            turn, message, owner=self._services.owner, now=now, lease_s=self._services.lease_s
        )
        if isinstance(got, Turn) and got.result is not None:
            return got.result
        try:
            async with asyncio.timeout(self._services.turn_deadline_s):
                if isinstance(got, Claim) and (result := await self._run(got)) is not None:
                    return result
                return await self._wait(conversation, got.turn.id if isinstance(got, Claim) else got.id)
        except TimeoutError:
            raise Busy("The answer will appear in the conversation.") from None

    async def finish_abandoned(self) -> int:
        """Answer turns whose process died; how many were. One that cannot be answered does not hold up the others."""
        answered = 0
        for shop_id, conversation_id in await self._store.abandoned(self._services.clock()):
            try:
                answered += await self._take_next(shop_id, conversation_id)
            except Exception:  # logged, and tried again when the lease has run out
                log.exception("abandoned_turn_failed", conversation=conversation_id)
        return answered

    async def drain(self) -> None:
        """Wait for the turns at work, before the process ends."""
        await asyncio.gather(*self._running, return_exceptions=True)

    async def _wait(self, conversation: Conversation, turn_id: TurnId) -> Json:
        async with self._bus.listen(conversation.id) as events:
            while True:
                turn = await self._store.turn(conversation.shop_id, turn_id)
                if turn is not None and turn.result is not None:
                    return turn.result
                if not await self._take_next(conversation.shop_id, conversation.id):
                    await _next_event(events, seconds=0.4)

    async def _take_next(self, shop_id: str, conversation_id: ConversationId) -> bool:
        services = self._services
        claim = await self._store.claim(
            shop_id, conversation_id, owner=services.owner, now=services.clock(), lease_s=services.lease_s
        )
        if claim is None:
            return False
        await self._run(claim)
        return True

    async def _run(self, claim: Claim) -> Json | None:
        """The answer as it was stored; none when somebody else took over. In a task of its own: a shopper who closes the page
        does not stop it.
        """
        task = asyncio.create_task(self._answer(claim))
        self._running.add(task)
        task.add_done_callback(self._end)
        return await asyncio.shield(task)

    def _end(self, task: asyncio.Task[Json | None]) -> None:
        """Whoever waits hears of a failure too; when nobody does any more, this is all that is left of it."""
        self._running.discard(task)
        if not task.cancelled() and (failure := task.exception()) is not None:
            log.error("turn_not_stored", exc_info=failure)

    async def _answer(self, claim: Claim) -> Json | None:
        renewing = asyncio.create_task(self._renew(claim))
        try:
            return await self._answering.answer(claim)
        except LeaseLost:
            log.warning("lease_lost", conversation=claim.turn.conversation_id, turn=claim.turn.id)
            return None
        finally:
            renewing.cancel()

    async def _renew(self, claim: Claim) -> None:
        lease = claim.lease
        while True:
            await asyncio.sleep(self._services.lease_s / 3)
            try:
                lease = await self._store.renew(lease, now=self._services.clock(), lease_s=self._services.lease_s)
            except LeaseLost:
                return

    def _turn(self, conversation: Conversation, move: Move, now: datetime) -> Turn:
        given: dict[str, Any] = dict(move.desk or move.tool or {"action_id": move.action_id})
        if move.kind is TurnKind.MESSAGE:
            given = {"text": redact(storable(move.text))}
        if move.claims is not None:
            given["shopper"] = asdict(move.claims)
        return Turn(
            id=TurnId(self._services.new_id("trn")),
            conversation_id=conversation.id,
            seq=0,
            kind=move.kind,
            status=TurnStatus.ACCEPTED,
            input=given,
            accepted_at=now,
            client_message_id=move.client_message_id,
        )

    def _message(self, conversation: Conversation, move: Move, turn: Turn, now: datetime) -> Message | None:
        if move.kind is not TurnKind.MESSAGE:
            return None
        return Message(
            id=MessageId(self._services.new_id("msg")),
            seq=0,
            who=Speaker.SHOPPER,
            text=redact(storable(move.text)),
            at=now,
            language=conversation.language,
            turn_id=turn.id,
            client_message_id=move.client_message_id,
        )


def storable(text: str) -> str:
    """The text without what no database keeps: null characters and lone surrogates."""
    return text.replace("\x00", "").encode(errors="ignore").decode()


async def _next_event(events: object, seconds: float) -> None:
    """Until something happens in the conversation, or that long."""
    try:
        await asyncio.wait_for(anext(events), seconds)  # type: ignore[call-overload]
    except (TimeoutError, StopAsyncIteration):
        return
