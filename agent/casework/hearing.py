"""What a message adds to the case: its reading, the facts in it, and what the shopper now wants."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from itertools import pairwise

from agent.casework.draft import Draft
from agent.casework.settling import settled_in
from agent.conversation import Action, ActionStatus, Fact, Message, Speaker, ToolCall
from agent.escalation.verdict import Circumstances, Line
from agent.understanding.reading import EntityKind, Reading
from agent.understanding.record import reading_from_json
from tools.policy.port import Policy

NOT_FACTS = frozenset({EntityKind.CODE, EntityKind.PAYMENT_REFERENCE})


def facts_in(reading: Reading, message_id: str, now: datetime) -> tuple[Fact, ...]:
    """What the shopper told, as facts with their source; one-time codes are none."""
    return tuple(
        Fact(entity.kind.value, entity.value, message_id, now)
        for entity in reading.entities
        if entity.kind not in NOT_FACTS
    )


def merge_facts(known: Sequence[Fact], heard: Sequence[Fact]) -> tuple[Fact, ...]:
    """Known and new facts, the latest last; the same thing said again moves to the end with its new source."""
    fresh = {(fact.kind, fact.value) for fact in heard}
    return (*(fact for fact in known if (fact.kind, fact.value) not in fresh), *heard)[-60:]


def lines_of(messages: Sequence[Message], last: Reading | None) -> tuple[Line, ...]:
    """The dialogue as the escalation policy reads it; ``last`` is the reading of the newest message."""
    lines = []
    for index, message in enumerate(messages):
        newest = index == len(messages) - 1
        if message.who is not Speaker.SHOPPER:
            lines.append(Line(message.who.value, message.text))
        elif newest and last is not None:
            lines.append(Line("shopper", message.text, last))
        else:
            reading = reading_from_json(message.text, message.reading) if message.reading else None
            lines.append(Line("shopper", message.text, reading))
    return tuple(lines)


def circumstances_of(draft: Draft, policy: Policy) -> Circumstances:
    """What the words do not show, from the stored rows."""
    file = draft.claim.file
    actions: Sequence[Action] = tuple(draft.actions.values())
    replies = [message.text for message in file.messages if message.who is Speaker.AGENT]
    repeats = sum(before == after for before, after in pairwise(replies))
    outages = [call for call in file.tool_calls if "order_system_unavailable" in call.result]
    return Circumstances(
        failed_actions=sum(action.status is ActionStatus.FAILED for action in actions),
        denials=sum('"status":"denied"' in call.result for call in file.tool_calls),
        exceptions=sum('"status":"needs_person"' in call.result for call in file.tool_calls),
        asked_again=repeats,
        outage=len(outages) >= 2,
        unresolved_write=any(action.failure == "unresolved" for action in actions),
        declined=bool(draft.conversation.metadata.get("person_declined")),
        offered=bool(draft.conversation.metadata.get("person_offered")),
        value=max((_worth(call, policy, draft.now) for call in file.tool_calls), default=0.0),
        settled=settled_in(draft.conversation, file.messages),
    )


def _worth(call: ToolCall, policy: Policy, now: datetime) -> float:
    """The total of the order that was looked at, in units of what may be refunded without a person."""
    if call.name != "get_order" or not call.ok:
        return 0.0
    order = json.loads(call.result)
    try:
        limit = policy.figure("refund_ceiling", at=now, country=order["address"]["country"])
    except KeyError:
        return 0.0
    return float(Decimal(order["total"]["amount"]) / Decimal(str(limit)))
