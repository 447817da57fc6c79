"""What people at the desk do. The API's routes and the console call the same methods; each is one turn of the conversation.

Every method is bound to the person's shop: a case of another shop is ``NotFound``. Refusals are raised as the types in
``agent.errors`` (``AlreadyClaimed``, ``NotClaimed``, ``AtCapacity``, ``CaseClosed``, ``Forbidden``, ``OverLimit``, ``Conflict``), so
that the edge needs no ``if``. ``request_id`` names a request that may come twice: once it was done, the second time does nothing
and answers the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol

from agent.casework.desk.events import HUMAN_TYPING, SHOPPER_TYPING, signal
from agent.casework.desk.move import DeskMove, Person, raise_problem
from agent.casework.desk.moves import OUTCOMES, TAKEOVER
from agent.casework.desk.ports import Colleague, Presence
from agent.casework.front import Services
from agent.casework.receiving import Move, storable
from agent.conversation import Conversation, ConversationId, Handoff, Json, TurnKind
from agent.errors import Invalid, NotFound

SEEN_EVERY_S = 60
MOST_CASES = 20


class Receives(Protocol):
    """Whoever makes the turns (``agent.casework.receiving.Reception``)."""

    async def receive(self, conversation: Conversation, move: Move) -> Json:
        """The stored answer."""
        ...


class Desk:
    """The moves. Those on a case answer ``{"handoff_id", "conversation_id", ...}``; read the case anew for the rest."""

    def __init__(self, services: Services, reception: Receives) -> None:
        self._services = services
        self._store = services.store
        self._reception = reception

    async def claim(self, person: Person, handoff_id: str, *, request_id: str | None = None) -> Json:
        """Take a case; once it is theirs, again changes nothing. Raises ``AlreadyClaimed``, ``AtCapacity``, ``CaseClosed``.

        The model is silent from now on, and the shopper sees who has the case.
        """
        capacity = (await self._colleague(person)).capacity
        return await self._do(person, "claim", handoff_id, request_id, capacity=capacity)

    async def say(
        self,
        person: Person,
        handoff_id: str,
        text: str,
        *,
        client_message_id: str | None = None,
        draft_id: str | None = None,
    ) -> Json:
        """Write to the shopper; ``message`` in the answer is as in the history. The case has to be one's own.

        ``draft_id`` is the suggestion it was made from, if it was.
        """
        return await self._do(person, "say", handoff_id, client_message_id, text=storable(text), draft_id=draft_id)

    async def typing(self, person: Person, handoff_id: str) -> None:
        """Let the shopper see that somebody writes. Nothing is stored."""
        handoff = await self._handoff(person, handoff_id)
        await self._services.bus.publish(
            handoff.conversation_id, (signal(HUMAN_TYPING, {"id": handoff.id, "person": person.name}),)
        )

    async def note(self, person: Person, handoff_id: str, text: str, *, request_id: str | None = None) -> Json:
        """Write something down for colleagues; the shopper never sees it. ``entry`` is the new line of the log."""
        return await self._do(person, "note", handoff_id, request_id, text=storable(text))

    async def whisper(self, person: Person, handoff_id: str, text: str, *, request_id: str | None = None) -> Json:
        """A lead's word to whoever has the case. ``entry`` is the new line of the log."""
        return await self._do(person, "whisper", handoff_id, request_id, text=storable(text))

    async def transfer(
        self,
        person: Person,
        handoff_id: str,
        *,
        queue: str | None = None,
        to: str | None = None,
        notes: str = "",
        request_id: str | None = None,
    ) -> Json:
        """To another queue, where it waits again, or to another person. A lead may move anybody's case."""
        if not queue and not to:
            raise Invalid("queue, to: one of them is wanted.")
        given: dict[str, Any] = {"queue": queue, "to": to, "notes": storable(notes)}
        if to:
            given["capacity"] = (await self._named(person.shop_id, to)).capacity
        return await self._do(person, "transfer", handoff_id, request_id, **given)

    async def give_back(
        self,
        person: Person,
        handoff_id: str,
        notes: str = "",
        facts: Sequence[Mapping[str, str]] = (),
        *,
        request_id: str | None = None,
    ) -> Json:
        """Back to the agent, which says so and goes on with what the notes tell.

        ``facts`` are ``{"kind", "value"}``; they and what is read in the notes are facts with source ``desk``.
        """
        given = [{"kind": one["kind"], "value": storable(one["value"])} for one in facts]
        return await self._do(person, "return", handoff_id, request_id, notes=storable(notes), facts=given)

    async def resolve(
        self, person: Person, handoff_id: str, outcome: str, notes: str = "", *, request_id: str | None = None
    ) -> Json:
        """Close the case. ``outcome``: solved, not_solved, duplicate, no_answer. When the shopper writes again, the agent answers."""
        if outcome not in OUTCOMES:
            raise Invalid(f"outcome: one of {', '.join(OUTCOMES)}.")
        return await self._do(person, "resolve", handoff_id, request_id, outcome=outcome, notes=storable(notes))

    async def reopen(self, person: Person, handoff_id: str, notes: str = "", *, request_id: str | None = None) -> Json:
        """Take a closed case up again. Raises ``Conflict`` when it is open, or when another one is."""
        capacity = (await self._colleague(person)).capacity
        return await self._do(person, "reopen", handoff_id, request_id, notes=storable(notes), capacity=capacity)

    async def take_over(self, person: Person, conversation_id: str, *, request_id: str | None = None) -> Json:
        """A lead takes a conversation, whoever has it: the agent, a queue or a colleague. ``handoff_id`` is the case."""
        move = DeskMove(TAKEOVER, person.name, person.role)
        return await self._make(person, ConversationId(conversation_id), move, request_id)

    async def approve(self, person: Person, action_id: str, note: str = "", *, request_id: str | None = None) -> Json:
        """Allow what policy left to a person, and do it, once. Raises ``OverLimit`` beyond what the role may decide.

        ``action`` in the answer says what came of it; the shopper reads the same in the conversation.
        """
        return await self._decide(person, "approve", action_id, note, request_id)

    async def decline(self, person: Person, action_id: str, note: str = "", *, request_id: str | None = None) -> Json:
        """Refuse it. The shopper is told; ``note`` is for colleagues."""
        return await self._decide(person, "decline", action_id, note, request_id)

    async def set_presence(
        self,
        person: Person,
        status: Presence,
        capacity: int | None = None,
        queues: Sequence[str] | None = None,
        languages: Sequence[str] | None = None,
    ) -> Colleague:
        """Say whether one takes cases, and how many (1 to 20). What is None stays. Say it every minute while it holds."""
        known = await self._find(person.shop_id, person.name) or Colleague(person.name)
        if capacity is not None and not 1 <= capacity <= MOST_CASES:
            raise Invalid(f"capacity: 1 to {MOST_CASES}.")
        now_known = replace(
            known,
            role=person.role,
            status=status,
            capacity=known.capacity if capacity is None else capacity,
            queues=known.queues if queues is None else tuple(queues),
            languages=known.languages if languages is None else tuple(languages),
            seen_at=self._services.clock(),
        )
        await self._store.put_person(person.shop_id, now_known)
        return now_known

    async def shopper_typing(self, conversation: Conversation) -> None:
        """Let the desk see that the shopper writes. Nothing is stored."""
        await self._services.bus.publish(conversation.id, (signal(SHOPPER_TYPING, {}),))

    async def _decide(self, person: Person, do: str, action_id: str, note: str, request_id: str | None) -> Json:
        found = await self._store.action(person.shop_id, action_id)
        if found is None:
            raise NotFound()
        move = DeskMove(do, person.name, person.role, given={"action_id": action_id, "note": storable(note)})
        return await self._make(person, found[0], move, request_id)

    async def _do(self, person: Person, do: str, handoff_id: str, request_id: str | None, **given: Any) -> Json:
        handoff = await self._handoff(person, handoff_id)
        move = DeskMove(do, person.name, person.role, handoff.id, given)
        return await self._make(person, handoff.conversation_id, move, request_id)

    async def _make(
        self, person: Person, conversation_id: ConversationId, move: DeskMove, request_id: str | None
    ) -> Json:
        found = await self._store.find(person.shop_id, conversation_id)
        if found is None:
            raise NotFound()
        named = f"desk:{person.name}:{move.do}:{move.handoff_id}:{request_id}" if request_id else None
        answer = await self._reception.receive(
            found[0], Move(TurnKind.DESK, client_message_id=named, desk=move.to_json())
        )
        raise_problem(answer["problem"])
        return answer

    async def _handoff(self, person: Person, handoff_id: str) -> Handoff:
        found = await self._store.handoff(person.shop_id, handoff_id)
        if found is None:
            raise NotFound()
        return found

    async def _colleague(self, person: Person) -> Colleague:
        """What is known of the person, who is seen to be there."""
        known = await self._find(person.shop_id, person.name)
        now = self._services.clock()
        if known is None or known.seen_at is None or (now - known.seen_at).total_seconds() > SEEN_EVERY_S:
            status = known.status if known else Presence.ONLINE
            known = replace(known or Colleague(person.name), role=person.role, status=status, seen_at=now)
            await self._store.put_person(person.shop_id, known)
        return known

    async def _named(self, shop_id: str, name: str) -> Colleague:
        found = await self._find(shop_id, name)
        if found is None:
            raise Invalid("to: there is nobody of that name at the desk.")
        return found

    async def _find(self, shop_id: str, name: str) -> Colleague | None:
        return next((one for one in await self._store.people(shop_id) if one.name == name), None)
