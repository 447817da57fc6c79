import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from agent.casework.ports import Claim, LeaseLost, Store
from agent.conversation import Conversation, Turn, TurnKind, TurnStatus
from agent.errors import NotFound
from agent.store.bounds import HISTORY_MESSAGES, HISTORY_TURNS

LEASE_S = 30.0


async def open_one(store: Store, make: Any, shop_id: str = "shop") -> Conversation:
    conversation = make.conversation(shop_id)
    await store.open(conversation, "hash")
    return conversation


async def accept(
    store: Store, make: Any, conversation: Conversation, sent: str | None = None, **options: Any
) -> Turn | Claim:
    turn = make.turn(conversation.id, sent)
    given = {"owner": "one", "now": make.now, "lease_s": LEASE_S, **options}
    return await store.accept(turn, make.message(turn), **given)


async def claimed(store: Store, make: Any, conversation: Conversation) -> Claim:
    got = await accept(store, make, conversation)
    assert isinstance(got, Claim)
    return got


async def test_a_first_message_is_stored_and_claimed(store: Store, make: Any) -> None:
    conversation = await open_one(store, make)
    turn = make.turn(conversation.id, "m1")
    message = make.message(turn)
    got = await store.accept(turn, message, owner="one", now=make.now, lease_s=LEASE_S)
    assert isinstance(got, Claim)
    assert (got.turn.seq, got.turn.status, got.turn.message_id) == (1, TurnStatus.ACCEPTED, message.id)
    assert (got.lease.owner, got.lease.fence) == ("one", 1)
    assert got.lease.until == make.now + timedelta(seconds=LEASE_S)
    assert [(said.id, said.seq, said.text) for said in got.file.messages] == [(message.id, 1, message.text)]
    assert got.file.conversation.seq == 1
    assert await store.turn("shop", turn.id) == got.turn


async def test_a_button_leaves_no_message(store: Store, make: Any) -> None:
    conversation = await open_one(store, make)
    turn = make.turn(conversation.id, kind=TurnKind.CONFIRM)
    got = await store.accept(turn, None, owner="one", now=make.now, lease_s=LEASE_S)
    assert isinstance(got, Claim)
    assert (got.turn.kind, got.turn.message_id, got.file.messages) == (TurnKind.CONFIRM, None, ())


async def test_an_unknown_conversation_is_not_found(store: Store, make: Any) -> None:
    with pytest.raises(NotFound):
        await accept(store, make, make.conversation())


async def test_the_second_of_two_turns_waits_for_the_first(store: Store, make: Any) -> None:
    conversation = await open_one(store, make)
    first = await claimed(store, make, conversation)
    second = await accept(store, make, conversation)
    assert isinstance(second, Turn)
    assert second.seq == 2
    assert await store.claim("shop", conversation.id, owner="two", now=make.now, lease_s=LEASE_S) is None
    await store.finish(first, make.outcome(first), now=make.now)
    next_claim = await store.claim("shop", conversation.id, owner="two", now=make.now, lease_s=LEASE_S)
    assert next_claim is not None
    assert (next_claim.turn.id, next_claim.lease.fence) == (second.id, 2)


async def test_a_waiting_turn_sees_the_answer_before_it_and_nothing_after_it(store: Store, make: Any) -> None:
    conversation = await open_one(store, make)
    first = await claimed(store, make, conversation)
    await accept(store, make, conversation)
    await accept(store, make, conversation)
    await store.finish(first, make.outcome(first), now=make.now)
    second = await store.claim("shop", conversation.id, owner="one", now=make.now, lease_s=LEASE_S)
    assert second is not None
    assert [said.who.value for said in second.file.messages] == ["shopper", "agent", "shopper"]
    assert second.file.messages[-1].id == second.turn.message_id


async def test_a_message_sent_twice_is_one_turn(store: Store, make: Any) -> None:
    conversation = await open_one(store, make)
    first = await accept(store, make, conversation, "m1")
    assert isinstance(first, Claim)
    assert await accept(store, make, conversation, "m1") == first.turn
    await store.finish(first, make.outcome(first, result={"id": "t", "nested": {"b": 1, "a": [2]}}), now=make.now)
    again = await accept(store, make, conversation, "m1")
    assert isinstance(again, Turn)
    assert again.status is TurnStatus.DONE
    assert again.result is not None
    assert list(again.result) == ["id", "nested"]
    assert list(again.result["nested"]) == ["b", "a"]


async def test_the_same_client_id_in_two_conversations_is_two_turns(store: Store, make: Any) -> None:
    for conversation in (await open_one(store, make), await open_one(store, make)):
        assert isinstance(await accept(store, make, conversation, "m1"), Claim)


async def test_twenty_copies_of_a_message_at_once_are_one_turn(store: Store, make: Any) -> None:
    conversation = await open_one(store, make)
    got = await asyncio.gather(*[accept(store, make, conversation, "m1") for _ in range(20)])
    assert len([one for one in got if isinstance(one, Claim)]) == 1
    assert len({one.turn.id if isinstance(one, Claim) else one.id for one in got}) == 1
    file = await store.case_file("shop", conversation.id)
    assert file is not None
    assert [said.seq for said in file.messages] == [1]


async def test_twenty_messages_at_once_are_all_stored_and_answered_in_order(store: Store, make: Any) -> None:
    conversation = await open_one(store, make)
    got = await asyncio.gather(*[accept(store, make, conversation, f"m{n}") for n in range(20)])
    assert sorted(one.turn.seq if isinstance(one, Claim) else one.seq for one in got) == list(range(1, 21))
    (claim,) = [one for one in got if isinstance(one, Claim)]
    answered = []
    following: Claim | None = claim
    while following is not None:
        answered.append(following.turn.seq)
        await store.finish(following, make.outcome(following), now=make.now)
        following = await store.claim("shop", conversation.id, owner="two", now=make.now, lease_s=LEASE_S)
    assert answered == list(range(1, 21))
    file = await store.case_file("shop", conversation.id)
    assert file is not None
    assert [said.seq for said in file.messages] == list(range(1, 41))
    assert file.conversation.seq == 20


async def test_one_of_many_takes_a_lease_that_ran_out(store: Store, make: Any) -> None:
    conversation = await open_one(store, make)
    await claimed(store, make, conversation)
    later = make.now + timedelta(seconds=LEASE_S)
    claims = await asyncio.gather(
        *[store.claim("shop", conversation.id, owner=f"o{n}", now=later, lease_s=LEASE_S) for n in range(8)]
    )
    assert [claim.lease.fence for claim in claims if claim is not None] == [2]


async def test_who_lost_the_lease_stores_nothing(store: Store, make: Any) -> None:
    conversation = await open_one(store, make)
    old = await claimed(store, make, conversation)
    later = make.now + timedelta(seconds=LEASE_S)
    new = await store.claim("shop", conversation.id, owner="two", now=later, lease_s=LEASE_S)
    assert new is not None
    outcome = make.outcome(old, actions=(make.action(old.turn),), tool_calls=(make.tool_call(old.turn),))
    with pytest.raises(LeaseLost):
        await store.finish(old, outcome, now=later)
    with pytest.raises(LeaseLost):
        await store.renew(old.lease, now=later, lease_s=LEASE_S)
    file = await store.case_file("shop", conversation.id)
    assert file is not None
    assert (len(file.messages), file.actions, file.tool_calls) == (1, (), ())
    assert not await store.events_after("shop", conversation.id, (0, 0))
    await store.finish(new, make.outcome(new), now=later)
    with pytest.raises(LeaseLost):
        await store.finish(new, make.outcome(new), now=later)


async def test_the_same_owner_with_an_older_fence_has_lost_the_lease_too(store: Store, make: Any) -> None:
    conversation = await open_one(store, make)
    old = await claimed(store, make, conversation)
    later = make.now + timedelta(seconds=LEASE_S)
    assert await store.claim("shop", conversation.id, owner="one", now=later, lease_s=LEASE_S)
    with pytest.raises(LeaseLost):
        await store.finish(old, make.outcome(old), now=later)


async def test_a_renewed_lease_is_not_taken(store: Store, make: Any) -> None:
    conversation = await open_one(store, make)
    claim = await claimed(store, make, conversation)
    half = make.now + timedelta(seconds=LEASE_S / 2)
    renewed = await store.renew(claim.lease, now=half, lease_s=LEASE_S)
    assert renewed.until == half + timedelta(seconds=LEASE_S)
    ran_out = make.now + timedelta(seconds=LEASE_S)
    assert await store.claim("shop", conversation.id, owner="two", now=ran_out, lease_s=LEASE_S) is None
    await store.finish(claim, make.outcome(claim), now=ran_out)


async def test_there_is_nothing_to_claim_when_all_is_answered(store: Store, make: Any) -> None:
    conversation = await open_one(store, make)
    claim = await claimed(store, make, conversation)
    await store.finish(claim, make.outcome(claim), now=make.now)
    assert await store.claim("shop", conversation.id, owner="two", now=make.now, lease_s=LEASE_S) is None


async def test_abandoned_turns_are_those_without_a_valid_lease_longest_waiting_first(store: Store, make: Any) -> None:
    held, late, early = [await open_one(store, make) for _ in range(3)]
    minute = timedelta(minutes=1)
    for conversation, at in ((early, make.now - 2 * minute), (late, make.now - minute), (held, make.now)):
        turn = make.turn(conversation.id)
        turn = Turn(turn.id, turn.conversation_id, 0, turn.kind, turn.status, turn.input, at)
        await store.accept(turn, make.message(turn), owner="one", now=at, lease_s=LEASE_S)
    await accept(store, make, early)
    assert list(await store.abandoned(make.now)) == [("shop", early.id), ("shop", late.id)]
    assert list(await store.abandoned(make.now, limit=1)) == [("shop", early.id)]


async def test_a_claim_holds_a_bounded_history_and_the_case_file_all_of_it(store: Store, make: Any) -> None:
    conversation = await open_one(store, make)
    for _ in range(HISTORY_MESSAGES // 2 + 1):
        claim = await claimed(store, make, conversation)
        await store.finish(claim, make.outcome(claim, tool_calls=(make.tool_call(claim.turn),)), now=make.now)
    last = await claimed(store, make, conversation)
    assert len(last.file.messages) == HISTORY_MESSAGES
    assert last.file.messages[-1].id == last.turn.message_id
    assert len(last.file.tool_calls) == HISTORY_TURNS
    whole = await store.case_file("shop", conversation.id)
    assert whole is not None
    assert len(whole.messages) == HISTORY_MESSAGES + 3
    assert len(whole.tool_calls) == HISTORY_MESSAGES // 2 + 1


async def test_another_time_zone_is_the_same_instant(store: Store, make: Any) -> None:
    conversation = await open_one(store, make)
    madrid = datetime.fromisoformat("2026-03-01T11:00:00.123456+01:00")
    await accept(store, make, conversation, now=madrid)
    at_the_end = madrid.astimezone(UTC) + timedelta(seconds=LEASE_S)
    early = at_the_end - timedelta(microseconds=1)
    assert await store.claim("shop", conversation.id, owner="two", now=early, lease_s=1) is None
    assert await store.claim("shop", conversation.id, owner="two", now=at_the_end, lease_s=1) is not None
