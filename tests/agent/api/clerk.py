"""A clerk in place of the agent, and a shop that knows one customer."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from agent.casework.draft import Draft, reply_message
from agent.casework.front import Services
from agent.casework.ports import Claim
from agent.casework.receiving import Move
from agent.casework.rendering import render_action, render_turn
from agent.conversation import (
    Action,
    ActionId,
    ActionStatus,
    Conversation,
    Handoff,
    HandoffId,
    HandoffStatus,
    Json,
    Message,
    MessageId,
    Reason,
    Speaker,
    Status,
    Turn,
    TurnId,
    TurnKind,
    TurnStatus,
)
from agent.understanding.reading import Emotion, Reading

NOW = datetime(2026, 3, 1, 10, 0, tzinfo=UTC)


@dataclass
class Clock:
    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def seconds(self) -> float:
        return self.now.timestamp()

    def pass_time(self, **span: float) -> None:
        self.now += timedelta(**span)


@dataclass
class People:
    """A shop that knows one customer."""

    async def customer(self, customer_id: str) -> Any:
        return _Customer() if customer_id == "C-1" else None

    async def customer_with_email(self, email: str) -> Any:
        return _Customer() if email == "lucia@example.com" else None

    async def order_of(self, customer_id: str, number: str) -> Any:
        return None


class Articles:
    """A help centre with nothing in it."""

    async def search(self, text: str, language: str, limit: int = 3) -> list[Any]:
        return []

    async def topic(self, topic: str, language: str) -> Any:
        return None


class NoModel:
    """Writes no summary of a case; nothing else is asked of it here."""

    writes_cases = False


class PlainReader:
    """Reads nothing in anything."""

    def read(self, text: str, *, language: str, now: datetime, zone: Any) -> Reading:
        return Reading(text, language, False, (), (), Emotion())


@dataclass(frozen=True)
class _Customer:
    id: str = "C-1"
    first_name: str = "Lucía"
    email: str = "lucia@example.com"


@dataclass
class Clerk:
    """Answers every move through the real store and bus: says back what was said, in two lines.

    It proposes a change for "cambia", fails for what is in ``failures``, and waits for ``gate`` before it answers.
    """

    services: Services
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    one_at_a_time: asyncio.Lock = field(default_factory=asyncio.Lock)
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    failures: dict[str, Exception] = field(default_factory=dict)
    moves: list[Move] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.gate.set()

    async def receive(self, conversation: Conversation, move: Move) -> Json:
        self.moves.append(move)
        self.arrived.set()
        if move.text in self.failures:
            raise self.failures[move.text]
        services = self.services
        turn_id = TurnId(services.new_id("trn"))
        given = {"text": move.text} if move.kind is TurnKind.MESSAGE else {"action_id": move.action_id}
        turn = Turn(
            turn_id, conversation.id, 0, move.kind, TurnStatus.ACCEPTED, given, services.clock(),
            client_message_id=move.client_message_id,
        )  # fmt: skip
        message = Message(
            MessageId(services.new_id("msg")), 0, Speaker.SHOPPER, move.text, services.clock(), "es", turn_id,
            move.client_message_id,
        )  # fmt: skip
        got = await services.store.accept(
            turn, message if move.kind is TurnKind.MESSAGE else None, owner="clerk", now=services.clock(), lease_s=20
        )
        async with self.one_at_a_time:
            if isinstance(got, Claim):
                return await self._answer(got)
            if got.result is not None:
                return got.result
            claim = await services.store.claim("demo", conversation.id, owner="clerk", now=services.clock(), lease_s=20)
            assert claim is not None
            return await self._answer(claim)

    async def _answer(self, claim: Claim) -> Json:
        services = self.services
        draft = Draft(claim, services.bus, services.clock())
        await draft.emit("turn.started", {"turn_id": claim.turn.id})
        await self.gate.wait()
        self._do(draft)
        reply = reply_message(draft, services.new_id("msg"), "\n".join(draft.paragraphs))
        for action in draft.changed.values():
            await draft.emit("action.proposed", render_action(action))
        await draft.emit("tool.started", {"name": "get_order"})
        for line in reply.text.splitlines(keepends=True):
            await draft.emit("message.delta", {"id": reply.id, "text": line})
        await draft.emit("message.completed", {"id": reply.id, "text": reply.text, "who": "agent"})
        result = render_turn(draft, reply, 1 if draft.handoff else 0, 7)
        await draft.emit("done", {"turn": result})
        await services.store.finish(claim, draft.outcome(result, (reply,), 7), now=draft.now)
        await draft.publish_rest()
        return result

    def _do(self, draft: Draft) -> None:
        kind, given = draft.claim.turn.kind, draft.claim.turn.input
        if kind is TurnKind.MESSAGE:
            draft.say("Me dices:")
            draft.say(given["text"])
            draft.citations.append({"article": "tracking", "title": "Envíos", "url": "/help/es/tracking", "quote": "…"})
            if given["text"] == "cambia":
                draft.keep(an_action(draft, self.services.new_id("act")))
        elif kind is TurnKind.HANDOFF:
            draft.say("Te paso con una persona.")
            draft.hand_off(a_handoff(draft, self.services.new_id("hnd")))
            draft.change(status=Status.QUEUED)
        else:
            action = draft.actions[given["action_id"]]
            status = ActionStatus.EXECUTED if kind is TurnKind.CONFIRM else ActionStatus.REJECTED
            draft.keep(replace(action, status=status, decided_at=draft.now))
            draft.say("Hecho.")


def an_action(draft: Draft, action_id: str) -> Action:
    return Action(
        id=ActionId(action_id),
        turn_id=draft.claim.turn.id,
        kind="change_address",
        order_number="10023",
        status=ActionStatus.PROPOSED,
        summary="Cambiar la dirección",
        before={"street": "Calle Mayor 1"},
        after={"street": "Calle Menor 2"},
        cost={"amount": "4.90", "currency": "EUR"},
        proposal={},
        digest="d",
        created_at=draft.now,
        expires_at=draft.now + timedelta(minutes=30),
    )


def a_handoff(draft: Draft, handoff_id: str) -> Handoff:
    return Handoff(
        id=HandoffId(handoff_id),
        conversation_id=draft.conversation.id,
        status=HandoffStatus.QUEUED,
        queue="general",
        priority=2,
        language="es",
        reasons=(Reason("human_request", "button"),),
        packet={"summary": "Quiere una persona"},
        created_at=draft.now,
        promised_by=draft.now + timedelta(minutes=3),
    )
