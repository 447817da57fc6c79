"""The answer to one turn while it is being made: everything gathered here is stored at once, or not at all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from agent.casework.desk.events import SHOPPER_MESSAGE
from agent.casework.desk.ports import Seat
from agent.casework.ports import Bus, Claim, Outcome
from agent.casework.spending import Spent, in_digits, total
from agent.conversation import Action, Event, Handoff, Json, Message, Speaker, ToolCall
from agent.loop.brief import Said

LIVE = frozenset({"turn.started", "tool.started", "tool.finished", SHOPPER_MESSAGE})
DELTA = "message.delta"


class Draft:
    """Gathers what a turn says and does.

    ``conversation`` is the head as it will be stored. Events of ``LIVE`` kinds go to listeners as they happen, and so do
    words that were found sound while the rest is being written (``speak``); all others after the outcome is stored:
    nobody hears of what might still be lost.
    """

    def __init__(self, claim: Claim, bus: Bus, now: datetime) -> None:
        self.claim = claim
        self.now = now
        self.conversation = claim.file.conversation
        self.actions: dict[str, Action] = {action.id: action for action in claim.file.actions}
        self.changed: dict[str, Action] = {}
        self.handoffs: dict[str, Handoff] = {}
        self.tool_calls: list[ToolCall] = []
        self.paragraphs: list[str] = []
        self._reports: set[str] = set()
        self.citations: list[Json] = []
        self.asks: tuple[str, ...] = ()
        self.reading: Json | None = None
        self.said: Said | None = None
        self.silent = False
        self.messages: list[Message] = []
        self.seat: Seat | None = None
        self.refused = False
        self.wait: tuple[int, int] | None = None
        self.events: list[Event] = []
        self.spoken = ""
        self.reply_id: str | None = None
        self.spent: tuple[Spent, ...] = ()
        self._told: set[int] = set()
        self._bus = bus

    @property
    def handoff(self) -> Handoff | None:
        """The open handoff, made in this turn or before."""
        if self.handoffs:
            return next(reversed(self.handoffs.values()))
        return self.claim.file.open_handoff

    @property
    def open_handoff(self) -> Handoff | None:
        """The handoff that a person has, or will have; none once it was closed in this turn."""
        found = self.handoff
        return found if found is not None and found.closed_at is None else None

    @property
    def pending(self) -> tuple[Action, ...]:
        """Proposals that wait for a decision as of now."""
        return tuple(action for action in self.actions.values() if action.status == "proposed")

    def say(self, text: str) -> None:
        """Add a paragraph to the reply."""
        if text:
            self.paragraphs.append(text)

    def report(self, text: str) -> None:
        """Add a paragraph on what has happened: it is said even when the rest of the turn fails."""
        self.say(text)
        self._reports.add(text)

    def drop_talk(self) -> None:
        """Keep only the reports of the reply."""
        self.paragraphs = [text for text in self.paragraphs if text in self._reports]

    def keep(self, action: Action) -> None:
        """Add or change an action."""
        self.actions[action.id] = action
        self.changed[action.id] = action

    def hand_off(self, handoff: Handoff) -> None:
        """Add or change a handoff."""
        self.handoffs[handoff.id] = handoff

    def change(self, **fields: Any) -> None:
        """Change the head of the conversation."""
        self.conversation = replace(self.conversation, **fields)

    async def emit(self, kind: str, data: Json, *, at_once: bool = False) -> None:
        """Add an event; live ones are told at once."""
        event = Event(self.claim.turn.seq, len(self.events) + 1, kind, data)
        self.events.append(event)
        if at_once or kind in LIVE:
            self._told.add(event.n)
            await self._bus.publish(self.conversation.id, (event,))

    async def speak(self, message_id: str, text: str) -> None:
        """Words of the reply, now. They stand: the reply that is stored begins with them."""
        self.reply_id = message_id
        self.spoken += text
        await self.emit(DELTA, {"id": message_id, "text": text}, at_once=True)

    def outcome(self, result: Json, messages: Iterable[Message], latency_ms: int) -> Outcome:
        """All of it, to be stored."""
        stored = tuple(event for event in self.events if event.type != DELTA)
        return Outcome(
            conversation=replace(self.conversation, updated_at=self.now),
            result=result,
            messages=tuple(messages),
            tool_calls=tuple(replace(call, turn_id=self.claim.turn.id) for call in self.tool_calls),
            actions=tuple(self.changed.values()),
            handoffs=tuple(self.handoffs.values()),
            events=stored,
            reading=self.reading,
            usage=self.usage if self.said is not None or self.spent else None,
            spent=self.spent,
            latency_ms=latency_ms,
            seat=self.seat,
            refused=self.refused,
        )

    @property
    def usage(self) -> dict[str, Any]:
        """Who spoke, and what all models of the turn took."""
        said = self.said
        return {
            "model": said.model if said else "none",
            "input_tokens": sum(one.input_tokens for one in self.spent),
            "cached_tokens": sum(one.cached_tokens for one in self.spent),
            "output_tokens": sum(one.output_tokens for one in self.spent),
            "cost": in_digits(total(self.spent)),
        }

    async def publish_rest(self) -> None:
        """Tell listeners what was not told yet, in order."""
        rest = [event for event in self.events if event.n not in self._told]
        await self._bus.publish(self.conversation.id, rest)


def reply_message(draft: Draft, message_id: str, text: str) -> Message:
    """The agent's message of this turn."""
    return Message(
        id=message_id,  # type: ignore[arg-type]
        seq=0,
        who=Speaker.AGENT,
        text=text,
        at=draft.now,
        language=draft.conversation.language,
        turn_id=draft.claim.turn.id,
        citations=tuple(draft.citations),
    )


def person_message(draft: Draft, message_id: str, text: str, author: str) -> Message:
    """What somebody of the desk says to the shopper in this turn."""
    return Message(
        id=message_id,  # type: ignore[arg-type]
        seq=0,
        who=Speaker.PERSON,
        text=text,
        at=draft.now,
        language=draft.conversation.language,
        turn_id=draft.claim.turn.id,
        author=author,
    )
