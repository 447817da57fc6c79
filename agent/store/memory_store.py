"""The conversation store in this process: nothing survives it. For evaluations, and to try things out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from agent.casework.ports import Claim, Lease, LeaseLost, Outcome
from agent.casework.spending import Spent
from agent.conversation import (
    Action,
    ActionId,
    CaseFile,
    Conversation,
    ConversationId,
    Event,
    Handoff,
    HandoffId,
    HandoffStatus,
    Json,
    Message,
    ToolCall,
    Turn,
    TurnId,
    TurnStatus,
)
from agent.errors import NotFound
from agent.store.accepted import as_accepted
from agent.store.bounds import HISTORY_MESSAGES, HISTORY_TURNS
from agent.store.memory_desk_book import MemoryDeskBook
from agent.store.outbox_memory import MemoryOutbox


@dataclass(slots=True)
class _Case:
    """One conversation. ``said`` pairs a message with the number of the turn it belongs to."""

    head: Conversation
    token_hash: str
    turns: list[Turn] = field(default_factory=list)
    said: list[tuple[int, Message]] = field(default_factory=list)
    calls: list[tuple[int, ToolCall]] = field(default_factory=list)
    actions: dict[ActionId, Action] = field(default_factory=dict)
    handoffs: dict[HandoffId, Handoff] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    feedback: list[tuple[datetime, Json]] = field(default_factory=list)
    fence: int = 0
    lease: Lease | None = None

    @property
    def waiting(self) -> Turn | None:
        return next((turn for turn in self.turns if turn.status is TurnStatus.ACCEPTED), None)

    def is_free(self, now: datetime) -> bool:
        return self.lease is None or self.lease.until <= now

    def claim(self, turn: Turn, owner: str, now: datetime, lease_s: float) -> Claim:
        self.fence += 1
        self.lease = Lease(self.head.id, owner, self.fence, now + timedelta(seconds=lease_s))
        return Claim(self.lease, turn, self.file_for(turn))

    def file_for(self, turn: Turn) -> CaseFile:
        said = sorted((pair for pair in self.said if pair[0] <= turn.seq), key=lambda pair: (pair[0], pair[1].seq))
        since = turn.seq - HISTORY_TURNS
        return CaseFile(
            self.head,
            tuple(message for _, message in said[-HISTORY_MESSAGES:]),
            tuple(call for turn_seq, call in self.calls if turn_seq >= since),
            tuple(self.actions.values()),
            tuple(replace(handoff, packet={}) for handoff in self.handoffs.values()),
        )

    def say(self, turn: Turn, message: Message) -> None:
        self.said.append((turn.seq, replace(message, seq=len(self.said) + 1)))


class MemoryStore(MemoryDeskBook):
    """``casework.ports.Store``. No method gives way to another task half-way, which makes each a transaction."""

    def __init__(self, outbox: MemoryOutbox | None = None) -> None:
        super().__init__()
        self.outbox = outbox or MemoryOutbox()
        self._cases: dict[str, _Case] = {}
        self._spent: list[tuple[str, str, Spent]] = []

    def _kept(self) -> Iterable[_Case]:
        return self._cases.values()

    async def open(self, conversation: Conversation, token_hash: str) -> None:
        """See the port."""
        self._cases[conversation.id] = _Case(replace(conversation, seq=0), token_hash)

    async def find(self, shop_id: str, conversation_id: str) -> tuple[Conversation, str] | None:
        """See the port."""
        case = self._of_shop(shop_id, conversation_id)
        return None if case is None else (case.head, case.token_hash)

    async def accept(
        self, turn: Turn, message: Message | None, *, owner: str, now: datetime, lease_s: float
    ) -> Turn | Claim:
        """See the port."""
        case = self._cases.get(turn.conversation_id)
        if case is None:
            raise NotFound()
        sent = turn.client_message_id
        known = next((other for other in case.turns if sent is not None and other.client_message_id == sent), None)
        if known is not None:
            return known
        may_start = case.waiting is None and case.is_free(now)
        stored = as_accepted(turn, len(case.turns) + 1, message)
        case.turns.append(stored)
        case.head = replace(case.head, seq=stored.seq)
        if message is not None:
            case.say(stored, message)
        return case.claim(stored, owner, now, lease_s) if may_start else stored

    async def claim(
        self, shop_id: str, conversation_id: str, *, owner: str, now: datetime, lease_s: float
    ) -> Claim | None:
        """See the port."""
        case = self._of_shop(shop_id, conversation_id)
        turn = case.waiting if case else None
        return case.claim(turn, owner, now, lease_s) if case and turn and case.is_free(now) else None

    async def renew(self, lease: Lease, *, now: datetime, lease_s: float) -> Lease:
        """See the port."""
        case = self._held(lease)
        case.lease = replace(lease, until=now + timedelta(seconds=lease_s))
        return case.lease

    async def finish(self, claim: Claim, outcome: Outcome, *, now: datetime) -> None:  # noqa: ARG002 - the port names it
        """See the port. The messages' ``seq`` is given here."""
        case = self._held(claim.lease)
        if outcome.seat:
            self._require_seat(case.head.shop_id, outcome.seat, outcome.handoffs)
        case.lease = None
        case.head = replace(outcome.conversation, seq=case.head.seq)
        name = None if outcome.refused else claim.turn.client_message_id
        done = replace(claim.turn, status=TurnStatus.DONE, result=outcome.result, client_message_id=name)
        case.turns[claim.turn.seq - 1] = done
        if outcome.reading is not None:
            case.said = [
                (seq, replace(said, reading=outcome.reading) if said.id == claim.turn.message_id else said)
                for seq, said in case.said
            ]
        for message in outcome.messages:
            case.say(claim.turn, message)
        case.calls.extend((claim.turn.seq, call) for call in outcome.tool_calls)
        case.actions.update({action.id: action for action in outcome.actions})
        for handoff in outcome.handoffs:
            stored = case.handoffs.get(handoff.id, handoff)
            case.handoffs[handoff.id] = replace(handoff, packet=handoff.packet or stored.packet)
        case.events.extend(outcome.events)
        self.outbox.write(outcome.letters)
        self._spent.extend((case.head.shop_id, case.head.id, one) for one in outcome.spent)

    async def turn(self, shop_id: str, turn_id: TurnId) -> Turn | None:
        """See the port."""
        cases = (case for case in self._cases.values() if case.head.shop_id == shop_id)
        return next((turn for case in cases for turn in case.turns if turn.id == turn_id), None)

    async def case_file(self, shop_id: str, conversation_id: str) -> CaseFile | None:
        """See the port."""
        case = self._of_shop(shop_id, conversation_id)
        if case is None:
            return None
        return CaseFile(
            case.head,
            tuple(message for _, message in case.said),
            tuple(call for _, call in case.calls),
            tuple(case.actions.values()),
            tuple(case.handoffs.values()),
        )

    async def messages_after(self, shop_id: str, conversation_id: str, after: int, limit: int) -> Sequence[Message]:
        """See the port."""
        case = self._of_shop(shop_id, conversation_id)
        return [message for _, message in case.said if message.seq > after][:limit] if case else []

    async def events_after(
        self, shop_id: str, conversation_id: str, after: tuple[int, int], limit: int = 1000
    ) -> Sequence[Event]:
        """See the port."""
        case = self._of_shop(shop_id, conversation_id)
        later = [event for event in case.events if (event.turn_seq, event.n) > after] if case else []
        return sorted(later, key=lambda event: (event.turn_seq, event.n))[:limit]

    async def abandoned(self, now: datetime, limit: int = 20) -> Sequence[tuple[str, ConversationId]]:
        """See the port."""
        idle = ((case.waiting, case.head) for case in self._cases.values() if case.is_free(now))
        waiting = [(turn.accepted_at, head) for turn, head in idle if turn]
        return [(head.shop_id, head.id) for _, head in sorted(waiting, key=lambda pair: pair[0])[:limit]]

    async def handoff(self, shop_id: str, handoff_id: str) -> Handoff | None:
        """See the port."""
        return next((handoff for handoff in self._handoffs(shop_id) if handoff.id == handoff_id), None)

    async def handoffs(self, shop_id: str, status: str | None, limit: int = 100) -> Sequence[Handoff]:
        """See the port. Priority 1 is the highest; packets are left out."""
        chosen = [handoff for handoff in self._handoffs(shop_id) if status in (None, handoff.status)]
        return [replace(handoff, packet={}) for handoff in sorted(chosen, key=_turn_to_be_served)[:limit]]

    async def queue_position(self, shop_id: str, handoff_id: HandoffId) -> int:
        """See the port."""
        queued = [handoff for handoff in self._handoffs(shop_id) if handoff.status is HandoffStatus.QUEUED]
        own = next((handoff for handoff in queued if handoff.id == handoff_id), None)
        if own is None:
            return 0
        line = sorted((handoff for handoff in queued if handoff.queue == own.queue), key=_turn_to_be_served)
        return 1 + line.index(own)

    async def keep_feedback(self, shop_id: str, conversation_id: str, feedback: Json, now: datetime) -> None:
        """See the port. Raises ``NotFound``."""
        case = self._of_shop(shop_id, conversation_id)
        if case is None:
            raise NotFound()
        case.feedback.append((now, feedback))

    async def erase(self, shop_id: str, conversation_id: str) -> bool:
        """See the port."""
        if self._of_shop(shop_id, conversation_id) is None:
            return False
        self.outbox.erase(conversation_id)
        del self._cases[conversation_id]
        return True

    async def spent(self, shop_id: str, conversation_id: str, day: date) -> tuple[Decimal, Decimal]:
        """See ``casework.spending.SpendingBook``."""
        ours = [(conversation, one) for shop, conversation, one in self._spent if shop == shop_id]
        in_conversation = sum((one.cost for conversation, one in ours if conversation == conversation_id), Decimal(0))
        return in_conversation, sum((one.cost for _, one in ours if one.day == day), Decimal(0))

    async def ping(self) -> None:
        """It is always there."""

    def _of_shop(self, shop_id: str, conversation_id: str) -> _Case | None:
        case = self._cases.get(conversation_id)
        return case if case is not None and case.head.shop_id == shop_id else None

    def _held(self, lease: Lease) -> _Case:
        case = self._cases.get(lease.conversation_id)
        if case is None or case.lease is None or (case.lease.owner, case.lease.fence) != (lease.owner, lease.fence):
            raise LeaseLost(lease.conversation_id)
        return case

    def _handoffs(self, shop_id: str) -> list[Handoff]:
        cases = (case for case in self._cases.values() if case.head.shop_id == shop_id)
        return [handoff for case in cases for handoff in case.handoffs.values()]


def _turn_to_be_served(handoff: Handoff) -> tuple[int, datetime, str]:
    return handoff.priority, handoff.created_at, handoff.id
