"""What holds in every conversation, whatever it is about, by its stored rows and events alone.

``find_broken`` is asked by the scripted conversations, the hostile model's harms, the proof of the exit and the packets' grader.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Any

from agent.casework.desk.events import DESK_DONE, SHOPPER_MESSAGE
from agent.conversation import CaseFile, Event, Message, Speaker
from agent.loop.guard.check import ReplyGuard
from agent.loop.guard.evidence import Evidence
from agent.loop.leftover import Asks

NO_MODEL = "none"
CLAIM = "claims handoff"
CHOICE = "choice"
ENDS = frozenset({"handoff.returned", "handoff.resolved"})
TAKES = frozenset({"handoff.claimed", "handoff.reopened"})
KNOWABLE = frozenset({"order_number", "email", "postal_code", "address", "size", "reason", "phone", "name"})
"""Kinds of facts that a reply may ask for, and that a shopper may have told before."""

_ASKS = Asks()
_GUARD = ReplyGuard()
_NOBODY = Evidence.of((), handoff=False, executed=frozenset(), today=date(2026, 1, 1))


@dataclass(frozen=True, slots=True)
class Told:
    """One turn as it went: what happened, what the agent said, and who had the case before and after.

    ``result`` is the stored answer of a shopper's turn; ``heard`` the message it answers.
    """

    seq: int
    events: tuple[Event, ...]
    waiting: bool
    with_person: bool
    open_after: bool
    heard: Message | None
    result: Mapping[str, Any] = field(default_factory=dict)

    @property
    def said(self) -> str:
        """The agent's words."""
        texts = (str(one.data["text"]) for one in self.events if one.type == "message.completed")
        return "\n".join(texts)

    @property
    def kinds(self) -> list[str]:
        """The events' types, in order."""
        return [one.type for one in self.events]

    @property
    def by_desk(self) -> bool:
        """Whether people made it, not the shopper."""
        return DESK_DONE in self.kinds


def find_broken(file: CaseFile, events: Sequence[Event]) -> list[str]:
    """Every rule that this conversation broke, each a readable line with its turn; ``events`` are all that are stored."""
    turns = read_turns(file, events)
    return [*find_untrue_transfers(turns, file), *find_model_beside_person(turns), *find_asked_again(turns, file)]


def read_turns(file: CaseFile, events: Sequence[Event]) -> list[Told]:
    """The conversation turn by turn."""
    heard = {message.id: message for message in file.messages if message.who is Speaker.SHOPPER}
    turns: list[Told] = []
    waiting = with_person = False
    for seq, group in groupby(events, key=lambda event: event.turn_seq):
        told = tuple(group)
        before = waiting, with_person
        for event in told:
            waiting, with_person = _after(event, waiting, with_person)
        said = next((str(event.data["id"]) for event in told if event.type == SHOPPER_MESSAGE), "")
        result: Mapping[str, Any] = next((event.data["turn"] for event in told if event.type == "done"), {})
        turns.append(Told(seq, told, *before, waiting or with_person, heard.get(said), result))  # type: ignore[call-overload]
    return turns


def _after(event: Event, waiting: bool, with_person: bool) -> tuple[bool, bool]:
    """Who has the case after that event: a queue, a person, or (both false) the agent."""
    if event.type == "handoff.queued":
        return True, False
    if event.type in TAKES:
        return False, True
    if event.type == "handoff.transferred":
        return event.data["person"] is None, event.data["person"] is not None
    if event.type in ENDS:
        return False, False
    return waiting, with_person


def claims_transfer(text: str) -> bool:
    """Whether the words say that a person has, or is getting, the case."""
    return any(one.startswith(CLAIM) for one in _GUARD.unsupported(text, _NOBODY))


def find_untrue_transfers(turns: Sequence[Told], file: CaseFile) -> Iterator[str]:
    """The text says that a person has it if, and only if, there is a case."""
    made = 0
    for turn in turns:
        queued = turn.kinds.count("handoff.queued")
        made += queued + turn.kinds.count("handoff.claimed") * (not turn.waiting and not turn.with_person)
        known = turn.waiting or turn.with_person or turn.open_after
        if claims_transfer(turn.said) and not known:
            yield f"{turn.seq}. says that a person has the case, and there is none: {turn.said!r}"
        if queued and not claims_transfer(turn.said):
            yield f"{turn.seq}. a person has the case, and the reply does not say so: {turn.said!r}"
        if turn.result and (turn.result["handoff"] is not None) != (known or bool(ENDS & set(turn.kinds))):
            yield f"{turn.seq}. shows a case that there is not, or hides one"
    if made < len(file.handoffs):
        yield f"{len(file.handoffs)} cases, and only {made} of them told of"


def find_model_beside_person(turns: Sequence[Told]) -> Iterator[str]:
    """While a person has the case the agent is silent, and no model or tool is asked; nor while it waits for one."""
    for turn in turns:
        if not (turn.waiting or turn.with_person):
            continue
        ended = next((n for n, kind in enumerate(turn.kinds) if kind in ENDS), len(turn.kinds))
        if any(kind.startswith("tool.") for kind in turn.kinds[:ended]):
            yield f"{turn.seq}. a tool is asked although a person has, or will have, the case"
        if turn.by_desk:
            continue
        if turn.result and turn.result["usage"]["model"] != NO_MODEL:
            yield f"{turn.seq}. a model answers although a person has, or will have, the case"
        if turn.with_person and turn.heard and turn.said:
            yield f"{turn.seq}. the agent speaks although a person has the case: {turn.said!r}"


def find_asked_again(turns: Sequence[Told], file: CaseFile) -> Iterator[str]:
    """What the shopper has told is not asked for again, unless something has shown that it is of no use.

    Of use is all that no tool refused in that very turn, unless choices are named because it cannot be had, or of an
    address a part is missing.
    """
    told: dict[str, str] = {}
    for turn in turns:
        if turn.heard is not None:
            told |= {one["kind"]: str(one["value"]) for one in turn.heard.reading.get("entities", ())}
        if ENDS & set(turn.kinds):
            told |= {fact.kind: fact.value for fact in file.conversation.facts if fact.source == "desk"}
        asks = set(turn.result["asks"] if turn.result else _ASKS.read(turn.said))
        for kind in sorted(asks & KNOWABLE & told.keys()):
            refused = [call for call in file.tool_calls if call.turn_id == turn.result.get("id") and not call.ok]
            if CHOICE not in asks and not refused and not (kind == "address" and _in_part(told[kind])):
                yield f"{turn.seq}. asks for {kind} although {told[kind]} was told: {turn.said!r}"


def _in_part(address: str) -> bool:
    parts = json.loads(address)
    return not all(parts.get(name) for name in ("line1", "city", "postal_code"))
