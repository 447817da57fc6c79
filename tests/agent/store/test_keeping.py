from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType
from typing import Any

import pytest

from agent.casework.ports import Claim, Store
from agent.conversation import (
    ActionStatus,
    CaseFile,
    Conversation,
    Event,
    Fact,
    HandoffId,
    HandoffStatus,
    Message,
    MessageId,
    Request,
    Speaker,
    Status,
    TurnId,
)
from agent.errors import NotFound

LEASE_S = 30.0


async def start(store: Store, make: Any, conversation: Conversation | None = None) -> Claim:
    """A claim on a turn, of a new conversation when none is given."""
    if conversation is None:
        conversation = make.conversation()
        await store.open(conversation, "hash")
    turn = make.turn(conversation.id)
    got = await store.accept(turn, make.message(turn), owner="one", now=make.now, lease_s=LEASE_S)
    assert isinstance(got, Claim)
    return got


async def file_of(store: Store, conversation_id: str) -> CaseFile:
    file = await store.case_file("shop", conversation_id)
    assert file is not None
    return file


async def test_a_conversation_is_found_with_its_token(store: Store, make: Any) -> None:
    conversation = make.conversation(
        customer_id="c-1", identity_level=2, metadata=MappingProxyType({"página": "/cesta", "n": [1, 2]})
    )
    await store.open(conversation, "a" * 64)
    found = await store.find("shop", conversation.id)
    assert found == (replace(conversation, metadata={"página": "/cesta", "n": [1, 2]}), "a" * 64)


async def test_a_turn_changes_every_field_of_the_head_but_its_number(store: Store, make: Any) -> None:
    claim = await start(store, make)
    changed = replace(
        claim.file.conversation,
        status=Status.QUEUED,
        language="pt",
        updated_at=make.now + timedelta(minutes=1),
        seq=99,
        customer_id="c-1",
        identity_level=1,
        verified_orders=("10023", "10024"),
        code_for="c-1",
        facts=(Fact("name", "Lucía", "msg_1", make.now), Fact("size", "8", "msg_2", make.now)),
        agenda=(Request("exchange", "una talla más", {"order": "10023"}, "asked"),),
        asked=("size", "reason"),
        metadata={"ab": 1},
    )
    await store.finish(claim, make.outcome(claim, conversation=changed), now=make.now)
    expected = replace(changed, seq=1)
    assert await store.find("shop", changed.id) == (expected, "hash")
    following = await start(store, make, changed)
    assert following.file.conversation == replace(expected, seq=2)
    cleared = replace(changed, facts=(), agenda=(), asked=(), verified_orders=(), code_for=None, customer_id=None)
    await store.finish(following, make.outcome(following, conversation=cleared), now=make.now)
    assert (await file_of(store, changed.id)).conversation == replace(cleared, seq=2)


async def test_an_outcome_is_read_back_as_it_was(store: Store, make: Any) -> None:
    claim = await start(store, make)
    calls = tuple(make.tool_call(claim.turn, n) for n in range(3))
    action = make.action(claim.turn)
    handoff = make.handoff(claim.turn.conversation_id, promised_by=make.now + timedelta(minutes=3))
    reply = Message(
        MessageId("reply"),
        0,
        Speaker.AGENT,
        "Olá, ação!",
        make.now,
        "pt",
        claim.turn.id,
        author="Ana",
        citations=({"article": "returns", "quote": "30 días"},),
    )
    reading = {"language": "es", "intents": [{"name": "order_status", "score": 0.93}]}
    outcome = make.outcome(
        claim,
        messages=(reply,),
        tool_calls=calls,
        actions=(action,),
        handoffs=(handoff,),
        reading=reading,
        usage={"model": "embedded", "cost": "0"},
        latency_ms=41,
    )
    await store.finish(claim, outcome, now=make.now)
    file = await file_of(store, claim.turn.conversation_id)
    own = replace(claim.file.messages[0], reading=reading)
    assert file.messages == (own, replace(reply, seq=2))
    assert (file.tool_calls, file.actions, file.handoffs) == (calls, (action,), (handoff,))
    turn = await store.turn("shop", claim.turn.id)
    assert turn is not None
    assert (turn.status.value, turn.result) == ("done", {"id": claim.turn.id})
    following = await start(store, make, file.conversation)
    assert following.file.messages[:2] == file.messages
    assert (following.file.tool_calls, following.file.actions) == (calls, (action,))
    assert following.file.handoffs == (replace(handoff, packet={}),)


async def test_a_turn_may_leave_nothing_but_its_result(store: Store, make: Any) -> None:
    claim = await start(store, make)
    await store.finish(claim, make.outcome(claim, messages=(), events=()), now=make.now)
    assert len((await file_of(store, claim.turn.conversation_id)).messages) == 1


async def test_actions_change_in_place_and_keep_their_order(store: Store, make: Any) -> None:
    claim = await start(store, make)
    first, second = make.action(claim.turn), make.action(claim.turn)
    await store.finish(claim, make.outcome(claim, actions=(first, second)), now=make.now)
    claim = await start(store, make, claim.file.conversation)
    done = replace(first, status=ActionStatus.EXECUTED, decided_at=make.now, receipt={"n": "R-1"}, undo_until=make.now)
    third = make.action(claim.turn, cost=None, order_number=None)
    await store.finish(claim, make.outcome(claim, actions=(third, done)), now=make.now)
    file = await file_of(store, claim.turn.conversation_id)
    assert file.actions == (done, second, third)
    assert [action.id for action in file.pending] == [second.id, third.id]


async def test_a_handoff_changed_without_its_packet_keeps_it(store: Store, make: Any) -> None:
    claim = await start(store, make)
    handoff = make.handoff(claim.turn.conversation_id)
    await store.finish(claim, make.outcome(claim, handoffs=(handoff,)), now=make.now)
    claim = await start(store, make, claim.file.conversation)
    (seen,) = claim.file.handoffs
    assert seen.packet == {}
    taken = replace(seen, status=HandoffStatus.CLAIMED, claimed_by="Ana", claimed_at=make.now)
    await store.finish(claim, make.outcome(claim, handoffs=(taken,)), now=make.now)
    assert await store.handoff("shop", handoff.id) == replace(taken, packet=handoff.packet)
    claim = await start(store, make, claim.file.conversation)
    told = replace(taken, packet={"summary": "otra cosa"})
    await store.finish(claim, make.outcome(claim, handoffs=(told,)), now=make.now)
    assert await store.handoff("shop", handoff.id) == told


async def test_messages_are_read_in_pages(store: Store, make: Any) -> None:
    claim = await start(store, make)
    await store.finish(claim, make.outcome(claim), now=make.now)
    await start(store, make, claim.file.conversation)
    file = await file_of(store, claim.turn.conversation_id)
    of = ("shop", claim.turn.conversation_id)
    assert tuple(await store.messages_after(*of, 0, 2)) == file.messages[:2]
    assert tuple(await store.messages_after(*of, 2, 2)) == file.messages[2:]
    assert not await store.messages_after(*of, 3, 2)


async def test_events_are_read_past_the_last_one_seen(store: Store, make: Any) -> None:
    claim = await start(store, make)
    of = ("shop", claim.turn.conversation_id)
    one = (Event(1, 2, "done", {"é": True}), Event(1, 1, "turn.started", {}))
    await store.finish(claim, make.outcome(claim, events=one), now=make.now)
    claim = await start(store, make, claim.file.conversation)
    await store.finish(claim, make.outcome(claim), now=make.now)
    assert [event.id for event in await store.events_after(*of, (0, 0))] == ["1-1", "1-2", "2-1", "2-2"]
    assert list(await store.events_after(*of, (1, 1), limit=1)) == [one[0]]
    assert [event.id for event in await store.events_after(*of, (1, 2))] == ["2-1", "2-2"]


async def test_the_gravest_case_is_first_and_then_the_oldest(store: Store, make: Any) -> None:
    minute = timedelta(minutes=1)
    rows = (
        ("late", 3, 2 * minute, "general", HandoffStatus.QUEUED),
        ("grave", 1, 3 * minute, "general", HandoffStatus.QUEUED),
        ("early", 3, minute, "general", HandoffStatus.QUEUED),
        ("elsewhere", 1, minute, "legal", HandoffStatus.QUEUED),
        ("taken", 1, minute, "general", HandoffStatus.CLAIMED),
    )
    for name, priority, after, queue, status in rows:
        claim = await start(store, make)
        handoff = make.handoff(
            claim.turn.conversation_id,
            id=HandoffId(name),
            priority=priority,
            created_at=make.now + after,
            queue=queue,
            status=status,
        )
        await store.finish(claim, make.outcome(claim, handoffs=(handoff,)), now=make.now)
    queued = await store.handoffs("shop", "queued")
    assert [handoff.id for handoff in queued] == ["elsewhere", "grave", "early", "late"]
    assert {len(handoff.packet) for handoff in queued} == {0}
    assert len(await store.handoffs("shop", None)) == 5
    assert len(await store.handoffs("shop", None, limit=2)) == 2
    places = {name: await store.queue_position("shop", HandoffId(name)) for name, *_ in rows}
    assert places == {"late": 3, "grave": 1, "early": 2, "elsewhere": 1, "taken": 0}
    assert await store.queue_position("shop", HandoffId("nobody")) == 0


async def test_another_shop_finds_nothing(store: Store, make: Any) -> None:
    claim = await start(store, make)
    handoff = make.handoff(claim.turn.conversation_id)
    await store.finish(claim, make.outcome(claim, handoffs=(handoff,)), now=make.now)
    waiting = await start(store, make, claim.file.conversation)
    id_ = claim.turn.conversation_id
    later = make.now + timedelta(hours=1)
    assert await store.find("other", id_) is None
    assert await store.claim("other", id_, owner="two", now=later, lease_s=LEASE_S) is None
    assert await store.turn("other", waiting.turn.id) is None
    assert await store.case_file("other", id_) is None
    assert not await store.messages_after("other", id_, 0, 10)
    assert not await store.events_after("other", id_, (0, 0))
    assert await store.handoff("other", handoff.id) is None
    assert not await store.handoffs("other", None)
    assert await store.queue_position("other", handoff.id) == 0
    assert await store.erase("other", id_) is False
    with pytest.raises(NotFound):
        await store.keep_feedback("other", id_, {"rating": 1}, make.now)
    assert (await file_of(store, id_)).handoffs == (handoff,)


async def test_an_erased_conversation_is_gone(store: Store, make: Any) -> None:
    claim = await start(store, make)
    await store.keep_feedback("shop", claim.turn.conversation_id, {"rating": 5}, make.now)
    assert await store.erase("shop", claim.turn.conversation_id) is True
    assert await store.erase("shop", claim.turn.conversation_id) is False
    assert await store.find("shop", claim.turn.conversation_id) is None
    assert await store.turn("shop", claim.turn.id) is None
    assert not await store.abandoned(make.now + timedelta(hours=1))
    with pytest.raises(NotFound):
        await store.keep_feedback("shop", claim.turn.conversation_id, {"rating": 5}, make.now)


async def test_the_store_answers_a_ping_and_knows_no_strangers(store: Store) -> None:
    await store.ping()
    assert await store.turn("shop", TurnId("nobody")) is None
    assert await store.find("shop", "cnv_\0") is None
