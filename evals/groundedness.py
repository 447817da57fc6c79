"""Whether what the agent said in a conversation rests on what tools answered and what was done."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from agent.conversation import ActionStatus, CaseFile
from agent.loop.guard.check import ReplyGuard
from agent.loop.guard.evidence import Evidence


def find_unfounded(file: CaseFile, answers: Sequence[Mapping[str, Any]], now: datetime) -> list[str]:
    """What each reply says without ground, by what was known at that turn.

    ``answers`` are the conversation's turns as they were sent, from the first on; ``now`` is the shop's day.
    """
    guard, seen, faults = ReplyGuard(), set(), []
    for number, answer in enumerate(answers, 1):
        seen.add(answer["id"])
        handed_off = answer["handoff"] is not None
        told = answer["reply"] or {}
        reply = str(told.get("text", ""))
        evidence = Evidence.of(
            _texts(file, seen, now),
            handoff=handed_off,
            executed=_executed(file, answers[:number]),
            articles=(one["quote"] for one in told.get("citations", ())),
        )
        faults += [f"{number}. without ground: {one}" for one in guard.unsupported(reply, evidence)]
    return faults


def _executed(file: CaseFile, answers: Sequence[Mapping[str, Any]]) -> set[str]:
    told = {action["id"]: action["status"] for answer in answers for action in answer["actions"]}
    real = (ActionStatus.EXECUTED, ActionStatus.UNDONE)
    return {one.kind for one in file.actions if told.get(one.id) == "executed" and one.status in real}


def _texts(file: CaseFile, turns: set[str], now: datetime) -> Iterator[str]:
    """All that a figure may come from, of these turns."""
    yield from (message.text for message in file.messages if message.turn_id in turns and message.who == "shopper")
    yield from (call.result for call in file.tool_calls if call.turn_id in turns)
    for action in file.actions:
        if action.turn_id in turns:
            yield json.dumps(
                [action.before, action.after, action.cost, action.order_number, action.receipt], default=str
            )
            yield json.dumps(action.proposal, default=str)
    for handoff in file.handoffs:
        promised = handoff.promised_by or handoff.created_at
        wait = round((promised - handoff.created_at).total_seconds() / 60)
        yield json.dumps({"at": handoff.created_at.isoformat(), "by": promised.isoformat(), "wait_minutes": wait})
    yield now.date().isoformat()
