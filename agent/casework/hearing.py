"""What a message adds to the case: its reading, the facts in it, and what the shopper now wants."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from itertools import pairwise

from agent.casework.draft import Draft
from agent.casework.settling import settled_in
from agent.conversation import Action, ActionStatus, CaseFile, Fact, Message, Speaker, ToolCall
from agent.escalation.verdict import Circumstances, Line
from agent.loop.embedded.flows.proposing import TRY_AGAIN
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


def tells_anew(reading: Reading, file: CaseFile) -> bool:
    """Whether the newest message gives what was asked for and was not given before: an answer that has yet to be tried."""
    asked = file.conversation.asked
    before = [message.text for message in file.messages[:-1] if message.who is Speaker.SHOPPER]
    return any(
        entity.kind.value in asked and not any(entity.text in text for text in before) for entity in reading.entities
    )


def lines_of(file: CaseFile, last: Reading | None) -> tuple[Line, ...]:
    """The dialogue as the escalation policy reads it; ``last`` is the reading of the newest message.

    A proposal that waits is shown again after every question in between: its words are left out.
    """
    lines = []
    moved = _turns_that_moved(file)
    for index, message in enumerate(file.messages):
        newest = index == len(file.messages) - 1
        if message.who is not Speaker.SHOPPER:
            text = _without_proposals(_without_own_no(file, message), file.actions)
            lines.append(Line(message.who.value, text, moved=message.turn_id in moved or _decided(file, message)))
        elif newest and last is not None:
            lines.append(Line("shopper", message.text, last))
        else:
            reading = reading_from_json(message.text, message.reading) if message.reading else None
            lines.append(Line("shopper", message.text, reading))
    return tuple(lines)


def _turns_that_moved(file: CaseFile) -> set[str]:
    """Turns in which a tool was asked what it had not been asked before."""
    asked: set[tuple[str, str]] = set()
    moved: set[str] = set()
    for call in file.tool_calls:
        question = (call.name, json.dumps(call.arguments, sort_keys=True))
        if call.ok and question not in asked:
            moved.add(call.turn_id)
        asked.add(question)
    return moved


def _decided(file: CaseFile, message: Message) -> bool:
    """Whether that reply tells of a decision: both are stored with the time of their turn."""
    return any(action.decided_at == message.at for action in file.actions)


def _without_own_no(file: CaseFile, message: Message) -> str:
    """The reply without the paragraph that tells of the shopper's own no: nothing was refused them."""
    said_no = any(one.status is ActionStatus.REJECTED and one.decided_at == message.at for one in file.actions)
    return message.text.partition("\n\n")[2] if said_no else message.text


def _without_proposals(text: str, actions: Sequence[Action]) -> str:
    for action in actions:
        text = text.replace(action.summary, "")
    return text.strip() or "."


def circumstances_of(draft: Draft, policy: Policy) -> Circumstances:
    """What the words do not show, from the stored rows."""
    file = draft.claim.file
    actions: Sequence[Action] = tuple(draft.actions.values())
    replies = [message.text for message in file.messages if message.who is Speaker.AGENT]
    repeats = sum(before == after for before, after in pairwise(replies))
    outages = [call for call in file.tool_calls if "order_system_unavailable" in call.result]
    return Circumstances(
        failed_actions=sum(action.status is ActionStatus.FAILED for action in actions),
        denials=sum(_is_denied(call) for call in file.tool_calls),
        exceptions=sum('"status":"needs_person"' in call.result for call in file.tool_calls),
        asked_again=repeats,
        outage=len(outages) >= 2,
        unresolved_write=any(action.failure == "unresolved" for action in actions),
        declined=bool(draft.conversation.metadata.get("person_declined")),
        offered=bool(draft.conversation.metadata.get("person_offered")),
        value=max((_worth(call, policy, draft.now) for call in file.tool_calls), default=0.0),
        settled=settled_in(draft.conversation, file.messages),
    )


def _is_denied(call: ToolCall) -> bool:
    """Whether the rules said no to the wish itself, and not to a value of it that another can stand for."""
    return '"status":"denied"' in call.result and not any(f'"code":"{code}"' in call.result for code in TRY_AGAIN)


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
