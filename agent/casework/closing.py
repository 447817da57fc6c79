"""The end of a turn: stored whole, then told to whoever listens to the conversation and to the shop's queue."""

from __future__ import annotations

from agent.casework.desk.events import CASE_UPDATED, tell_queue
from agent.casework.desk.ports import CaseRow
from agent.casework.desk.rows import render_row
from agent.casework.draft import Draft
from agent.casework.front import Services
from agent.casework.outbox.writing import with_letters
from agent.casework.ports import Outcome
from agent.conversation import Handoff, Message, Speaker


async def close_turn(services: Services, draft: Draft, outcome: Outcome) -> None:
    """Store the outcome and tell of it. Raises ``LeaseLost`` and ``NoSeat``, and then nobody hears anything."""
    outcome = with_letters(draft.claim, outcome, services.routes.get(draft.conversation.shop_id, ()), draft.now)
    await services.store.finish(draft.claim, outcome, now=draft.now)
    await draft.publish_rest()
    await _tell_desk(services, draft, outcome)


async def _tell_desk(services: Services, draft: Draft, outcome: Outcome) -> None:
    handoff = draft.handoff
    if handoff is None:
        return
    named = [event.type for event in outcome.events if event.type.startswith("handoff.")]
    kind = named[-1] if named else CASE_UPDATED
    row = render_row(_row_of(draft, handoff, outcome), draft.now)
    await tell_queue(services.bus, draft.conversation.shop_id, kind, (row,))


def _row_of(draft: Draft, handoff: Handoff, outcome: Outcome) -> CaseRow:
    messages: list[Message] = [*draft.claim.file.messages, *outcome.messages]
    heard = [message for message in messages if message.who is Speaker.SHOPPER]
    return CaseRow(handoff, draft.conversation, messages[-1] if messages else None, heard[-1] if heard else None)
