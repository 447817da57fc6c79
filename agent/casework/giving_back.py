"""Gives a case back to the agent: the person's notes become facts, and the agent goes on with what they tell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from agent.casework.conversing import Conversing
from agent.casework.desk.move import DeskMove
from agent.casework.draft import Draft
from agent.casework.front import Services, Storefront
from agent.casework.hearing import facts_in, merge_facts
from agent.casework.settling import settle
from agent.conversation import Entry, Fact, Handoff, HandoffStatus, Json, Request, Status
from agent.loop.meant import ABOUT_RULES
from agent.loop.wishes import SECOND, wishes_in
from agent.understanding.reading import Reading

DESK = "desk"


class GivingBack:
    """Ends a person's part of the conversation."""

    def __init__(self, services: Services, conversing: Conversing) -> None:
        self._services = services
        self._conversing = conversing

    async def give_back(self, draft: Draft, front: Storefront, handoff: Handoff, move: DeskMove) -> None:
        """Close the case and let the agent speak again: it says so, and carries on what the notes ask for.

        Requests from before the case are not taken up by themselves: the person may have dealt with them. What the
        notes ask for is; anything else waits for the shopper's next word.
        """
        notes = move.text("notes")
        closed = replace(
            handoff,
            status=HandoffStatus.RETURNED,
            closed_at=draft.now,
            outcome="returned",
            notes="\n".join(part for part in (handoff.notes, notes) if part),
            log=(*handoff.log, Entry("returned", move.by, notes, draft.now)),
        )
        draft.hand_off(closed)
        reading = self._read(draft, front, notes) if notes else None
        wanted = _requests(reading) if reading else ()
        draft.change(
            status=Status.BOT,
            facts=merge_facts(draft.conversation.facts, self._facts(draft, reading, move.given.get("facts") or ())),
            agenda=wanted or draft.conversation.agenda,
            metadata=settle(draft),
        )
        await draft.emit("handoff.returned", {"id": handoff.id, "person": move.by})
        sentences, language = self._services.sentences, draft.conversation.language
        draft.report(sentences.say("handoff.returned", language, person=move.by))
        if wanted:
            await self._conversing.resume(draft, front, None)
        else:
            draft.say(sentences.say("decision.anything_else", language, pick=draft.claim.turn.seq))

    def _read(self, draft: Draft, front: Storefront, notes: str) -> Reading:
        return self._services.reader.read(notes, language=front.language, now=draft.now, zone=front.zone)

    def _facts(self, draft: Draft, reading: Reading | None, given: Sequence[Json]) -> tuple[Fact, ...]:
        """What was filled in as a fact, and what can be read in the notes; the former counts where both tell."""
        told = tuple(_told(given, draft))
        kinds = {fact.kind for fact in told}
        read = facts_in(reading, "", draft.now) if reading else ()
        return (*(replace(fact, source=DESK) for fact in read if fact.kind not in kinds), *told)


def _told(given: Sequence[Json], draft: Draft) -> Iterator[Fact]:
    for one in given:
        yield Fact(str(one["kind"]), str(one["value"]), "", draft.now, DESK)


def _requests(reading: Reading) -> tuple[Request, ...]:
    """What the notes ask for beyond doubt: nobody is there to be asked whether it was meant so."""
    wishes = (wish for wish in wishes_in(reading) if wish.plain and wish.score >= SECOND)
    return tuple(wish.request() for wish in wishes if wish.intent not in ABOUT_RULES)
