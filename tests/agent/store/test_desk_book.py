"""The desk's side of the store: the same from every adapter."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from agent.casework.desk.ports import CaseQuery, Colleague, NoSeat, Presence, Seat, Taken
from agent.casework.ports import Claim, Store
from agent.conversation import ActionStatus, Conversation, Entry, Fact, Handoff, HandoffStatus, Speaker, Status

LEASE_S = 30.0


async def turn_of(store: Store, make: Any, conversation: Conversation | None = None, name: str | None = None) -> Claim:
    if conversation is None:
        conversation = make.conversation()
        await store.open(conversation, "hash")
    turn = make.turn(conversation.id, name)
    got = await store.accept(turn, make.message(turn), owner="one", now=make.now, lease_s=LEASE_S)
    assert isinstance(got, Claim)
    return got


async def hand_off(store: Store, make: Any, shop: str = "shop", **fields: Any) -> Handoff:
    conversation = make.conversation(shop)
    await store.open(conversation, "hash")
    claim = await turn_of(store, make, conversation)
    handoff = make.handoff(conversation.id, **fields)
    head = replace(claim.file.conversation, updated_at=make.now)
    await store.finish(claim, make.outcome(claim, conversation=head, handoffs=(handoff,)), now=make.now)
    return handoff


async def ids(store: Store, shop: str = "shop", **query: Any) -> list[str]:
    return [row.handoff.id for row in await store.cases(shop, CaseQuery(**query))]


async def test_a_case_is_shown_with_its_conversation_and_the_last_words(store: Store, make: Any) -> None:
    handoff = await hand_off(store, make, log=(Entry("note", "Alma", "hola", make.now),), overdue_at=make.now)
    (row,) = await store.cases("shop", CaseQuery())
    assert row.handoff == replace(handoff, packet={})
    assert row.conversation.id == handoff.conversation_id
    assert row.last is not None
    assert row.heard is not None
    assert (row.last.who, row.heard.who) == (Speaker.AGENT, Speaker.SHOPPER)


async def test_cases_are_chosen_and_in_the_order_they_are_served(store: Store, make: Any) -> None:
    late = await hand_off(store, make, priority=2, created_at=make.now + timedelta(minutes=1))
    early = await hand_off(store, make, priority=2)
    urgent = await hand_off(store, make, priority=1, created_at=make.now + timedelta(minutes=2), queue="legal")
    taken = await hand_off(store, make, status=HandoffStatus.CLAIMED, claimed_by="Alma", claimed_at=make.now)
    await hand_off(store, make, shop="other")
    assert await ids(store) == [urgent.id, early.id, late.id, taken.id]
    assert await ids(store, statuses=("queued",)) == [urgent.id, early.id, late.id]
    assert await ids(store, statuses=("queued", "claimed"), limit=2) == [urgent.id, early.id]
    assert await ids(store, queue="legal") == [urgent.id]
    assert await ids(store, person="Alma") == [taken.id]
    assert await ids(store, handoff_id=late.id) == [late.id]
    assert await ids(store, shop="other", handoff_id=late.id) == []


async def test_live_conversations_are_the_latest_first_with_their_open_case(store: Store, make: Any) -> None:
    handoff = await hand_off(store, make)
    closed = await hand_off(store, make, status=HandoffStatus.RESOLVED)
    await store.open(replace(make.conversation(), updated_at=make.now - timedelta(hours=3)), "hash")
    talking = replace(make.conversation(), updated_at=make.now + timedelta(minutes=1))
    await store.open(talking, "hash")
    rows = await store.live("shop", make.now - timedelta(hours=1), 10)
    assert rows[0].conversation.id == talking.id
    assert {row.conversation.id: row.handoff and row.handoff.id for row in rows} == {
        talking.id: None,
        handoff.conversation_id: handoff.id,
        closed.conversation_id: None,
    }
    assert rows[0].last is None
    assert not await store.live("other", make.now - timedelta(hours=1), 10)
    assert len(await store.live("shop", make.now - timedelta(hours=1), 1)) == 1


async def test_claims_are_told_with_when_the_case_came_and_who_took_it(store: Store, make: Any) -> None:
    at = [make.now + timedelta(minutes=n) for n in range(4)]
    for n in range(3):
        await hand_off(store, make, status=HandoffStatus.CLAIMED, claimed_by=f"P{n}", claimed_at=at[n], queued_at=at[0])
    await hand_off(store, make, status=HandoffStatus.RESOLVED, claimed_by="P3", claimed_at=at[3])
    await hand_off(store, make, queue="legal", claimed_by="P0", claimed_at=at[3], status=HandoffStatus.HUMAN)
    await hand_off(store, make)
    found = await store.taken("shop", "general", at[1], 10)
    assert list(found) == [Taken(at[0], at[1], "P1"), Taken(at[0], at[2], "P2"), Taken(make.now, at[3], "P3")]
    assert [one.person for one in await store.taken("shop", "general", at[0], 2)] == ["P2", "P3"]


async def test_open_cases_are_counted_by_who_has_them(store: Store, make: Any) -> None:
    for status in HandoffStatus:
        await hand_off(store, make, status=status, claimed_by="Alma")
    await hand_off(store, make)
    await hand_off(store, make, shop="other", status=HandoffStatus.HUMAN, claimed_by="Bea")
    assert dict(await store.held("shop")) == {"Alma": 2}
    assert dict(await store.waiting()) == {("shop", "general"): 2}


async def test_actions_are_found_by_status_and_id_in_their_shop(store: Store, make: Any) -> None:
    claim = await turn_of(store, make)
    waits = make.action(claim.turn, status=ActionStatus.NEEDS_PERSON)
    other = make.action(claim.turn)
    await store.finish(claim, make.outcome(claim, actions=(waits, other)), now=make.now)
    conversation_id = claim.file.conversation.id
    assert list(await store.actions_in("shop", "needs_person", 10)) == [(conversation_id, waits)]
    assert list(await store.actions_in("elsewhere", "needs_person", 10)) == []
    assert await store.action("shop", other.id) == (conversation_id, other)
    assert await store.action("elsewhere", other.id) is None


async def test_late_cases_are_found_until_the_shopper_was_told(store: Store, make: Any) -> None:
    promised = make.now + timedelta(minutes=3)
    late = await hand_off(store, make, promised_by=promised)
    await hand_off(store, make, promised_by=promised + timedelta(hours=1))
    await hand_off(store, make, promised_by=promised, overdue_at=promised)
    await hand_off(store, make, promised_by=promised, status=HandoffStatus.HUMAN)
    found = await store.overdue(promised)
    assert list(found) == [("shop", late.conversation_id, late.id)]
    assert list(await store.overdue(make.now)) == []


async def test_a_person_is_kept_and_changed(store: Store, make: Any) -> None:
    alma = Colleague("Alma", "agent", Presence.ONLINE, 3, ("general",), ("es", "pt"), make.now)
    await store.put_person("shop", replace(alma, capacity=9))
    await store.put_person("shop", alma)
    await store.put_person("shop", Colleague("Leo", "lead"))
    await store.put_person("other", Colleague("Eva"))
    assert list(await store.people("shop")) == [alma, Colleague("Leo", "lead")]


async def test_without_a_free_seat_nothing_is_stored(store: Store, make: Any) -> None:
    await store.put_person("shop", Colleague("Alma", capacity=1))
    await hand_off(store, make, status=HandoffStatus.HUMAN, claimed_by="Alma")
    claim = await turn_of(store, make)
    taken = make.handoff(claim.turn.conversation_id, status=HandoffStatus.CLAIMED, claimed_by="Alma")
    outcome = make.outcome(claim, handoffs=(taken,), seat=Seat("Alma", 1))
    with pytest.raises(NoSeat):
        await store.finish(claim, outcome, now=make.now)
    assert await store.handoff("shop", taken.id) is None
    await store.finish(claim, replace(outcome, seat=Seat("Alma", 2)), now=make.now)
    assert dict(await store.held("shop")) == {"Alma": 2}


async def test_of_many_who_want_the_last_seat_at_once_one_gets_it(store: Store, make: Any) -> None:
    await store.put_person("shop", Colleague("Alma", capacity=1))
    claims = [await turn_of(store, make) for _ in range(6)]

    async def take(claim: Claim) -> bool:
        taken = make.handoff(claim.turn.conversation_id, status=HandoffStatus.CLAIMED, claimed_by="Alma")
        try:
            await store.finish(claim, make.outcome(claim, handoffs=(taken,), seat=Seat("Alma", 1)), now=make.now)
        except NoSeat:
            return False
        return True

    assert sum(await asyncio.gather(*(take(claim) for claim in claims))) == 1
    assert dict(await store.held("shop")) == {"Alma": 1}


async def test_a_refused_turn_gives_its_name_back(store: Store, make: Any) -> None:
    claim = await turn_of(store, make, name="m-1")
    await store.finish(claim, make.outcome(claim, refused=True), now=make.now)
    again = make.turn(claim.turn.conversation_id, "m-1")
    assert isinstance(await store.accept(again, None, owner="one", now=make.now, lease_s=LEASE_S), Claim)


async def test_where_a_fact_came_from_is_kept(store: Store, make: Any) -> None:
    claim = await turn_of(store, make)
    facts = (Fact("size", "8", "", make.now, "desk"), Fact("size", "7", "msg_1", make.now))
    head = replace(claim.file.conversation, facts=facts, status=Status.HUMAN)
    await store.finish(claim, make.outcome(claim, conversation=head), now=make.now)
    found = await store.find("shop", head.id)
    assert found is not None
    assert found[0].facts == facts
