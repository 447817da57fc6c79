"""Which letters a turn leaves behind, for whom. What it says is what the turn's outcome says, in the same transaction."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from agent.casework.desk.events import DESK_DONE, SHOPPER_MESSAGE, WHISPER_ADDED
from agent.casework.outbox.letters import Letter
from agent.casework.ports import Claim, Outcome
from agent.conversation import Handoff, Json, Status, TurnKind

CLOSED = "conversation.closed"
UNTOLD = frozenset(
    {"turn.started", "tool.started", "tool.finished", "citation", WHISPER_ADDED, DESK_DONE, "done", "error"}
)
"""Events that mean something to whoever watches the conversation, and nothing a minute later."""


@dataclass(frozen=True, slots=True)
class Route:
    """Where a shop's news go. ``types`` are the event types wanted, all when empty.

    A ``desk`` works the case: it gets what happens from the handoff on, in order.
    """

    target: str
    types: frozenset[str] = frozenset()
    desk: bool = False


def with_letters(claim: Claim, outcome: Outcome, routes: Sequence[Route], now: datetime) -> Outcome:
    """The outcome, with a letter for each of its news and each route that wants it."""
    if not routes:
        return outcome
    head = outcome.conversation
    handoff = _case_of(claim, outcome)
    letters = [
        Letter(
            event_id=event_id,
            shop_id=head.shop_id,
            conversation_id=head.id,
            target=route.target,
            type=kind,
            data={"conversation_id": head.id, **({"handoff_id": handoff.id} if handoff else {}), **data},
            at=now,
            lane=f"{route.target}:{head.id}" if route.desk else "",
        )
        for event_id, kind, data in _news(claim, outcome)
        for route in routes
        if (not route.types or kind in route.types) and not (route.desk and not _concerns(route, kind, claim, handoff))
    ]
    return replace(outcome, letters=tuple(letters))


def _news(claim: Claim, outcome: Outcome) -> Iterator[tuple[str, str, Json]]:
    turn = claim.turn
    said = claim.file.messages[-1] if turn.kind is TurnKind.MESSAGE and claim.file.messages else None
    told = {event.type for event in outcome.events}
    if said is not None and said.id == turn.message_id and SHOPPER_MESSAGE not in told:
        yield f"{turn.id}-0", SHOPPER_MESSAGE, {"id": said.id, "text": said.text, "who": said.who.value}
    for event in outcome.events:
        if event.type not in UNTOLD:
            yield f"{turn.id}-{event.n}", event.type, event.data
    if outcome.conversation.status is Status.CLOSED and claim.file.conversation.status is not Status.CLOSED:
        yield f"{turn.id}-closed", CLOSED, {}


def _concerns(route: Route, kind: str, claim: Claim, handoff: Handoff | None) -> bool:
    """Whether a desk has to hear it: not before there is a case, nothing that is in the packet, nothing it did itself."""
    named = claim.turn.client_message_id or ""
    if handoff is None or named.startswith(f"{route.target}:"):
        return False
    return kind != SHOPPER_MESSAGE or claim.file.open_handoff is not None


def _case_of(claim: Claim, outcome: Outcome) -> Handoff | None:
    """The case these news belong to: the one this turn made or changed, or else the one that was open before it."""
    if outcome.handoffs:
        return outcome.handoffs[-1]
    return claim.file.open_handoff
