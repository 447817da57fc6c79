"""What people do with cases: one has each, the agent is silent meanwhile, and nothing is lost on the way back."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from agent.casework.desk.move import Person
from agent.casework.desk.ports import Presence
from agent.conversation import HandoffStatus, Speaker, Status, TurnKind
from agent.errors import AlreadyClaimed, AtCapacity, CaseClosed, Conflict, Forbidden, Invalid, NotClaimed, NotFound
from evals.world import Talk, World

LUCIA = "lucia-hernandez"
ALMA, BEA, LEO = Person("demo", "Alma"), Person("demo", "Bea"), Person("demo", "Leo", "lead")
STRANGER = Person("other", "Alma", "lead")


async def queued(world: World, customer: str = LUCIA, locale: str = "es") -> tuple[Talk, str]:
    talk = await world.open(customer, locale=locale)
    answer = await talk.press(TurnKind.HANDOFF)
    return talk, answer["handoff"]["id"]


async def claimed(world: World, locale: str = "es") -> tuple[Talk, str]:
    talk, case = await queued(world, locale=locale)
    await world.parts.desk.claim(ALMA, case)
    return talk, case


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def store(request: pytest.FixtureRequest) -> str:
    return str(request.getfixturevalue("postgres_url") if request.param == "postgresql" else request.param)


@pytest.fixture
async def stored_world(store: str, make_world: Any, tmp_path: Path) -> World:
    return await make_world(store=store, name=tmp_path.parent.name[-3:] + tmp_path.name[-8:])


async def test_of_many_who_claim_at_once_exactly_one_has_the_case(stored_world: World) -> None:
    _, case = await queued(stored_world)
    people = [Person("demo", f"P{n}") for n in range(8)]
    results = await asyncio.gather(
        *(stored_world.parts.desk.claim(one, case) for one in people), return_exceptions=True
    )
    won = [person for person, result in zip(people, results, strict=True) if not isinstance(result, BaseException)]
    assert len(won) == 1
    assert sum(isinstance(result, AlreadyClaimed) for result in results) == 7
    row = await stored_world.parts.desk_view.case(won[0], case)
    assert (row["status"], row["claimed_by"], row["conversation_status"]) == ("claimed", won[0].name, "human")


async def test_a_person_at_capacity_takes_no_more_however_fast_they_click(stored_world: World) -> None:
    desk = stored_world.parts.desk
    cases = [(await queued(stored_world))[1] for _ in range(5)]
    await desk.set_presence(ALMA, Presence.ONLINE, 2)
    results = await asyncio.gather(*(desk.claim(ALMA, case) for case in cases), return_exceptions=True)
    assert sum(isinstance(result, AtCapacity) for result in results) == 3
    mine = await stored_world.parts.desk_view.queue(ALMA, mine=True)
    assert len(mine) == 2
    await desk.set_presence(LEO, Presence.ONLINE, 1)
    for case in cases:
        if case not in {row["id"] for row in mine}:
            await desk.claim(LEO, case)
    assert len(await stored_world.parts.desk_view.queue(LEO, mine=True)) == 3, "a lead takes as many as there are"


async def test_claiming_ones_own_case_again_changes_nothing(world: World) -> None:
    _, case = await claimed(world)
    before = await world.parts.desk_view.case(ALMA, case)
    world.clock.pass_time(minutes=1)
    await world.parts.desk.claim(ALMA, case)
    after = await world.parts.desk_view.case(ALMA, case)
    assert (after["claimed_at"], len(after["log"])) == (before["claimed_at"], 1)


async def test_what_a_person_writes_reaches_the_shopper_and_moves_the_case(world: World) -> None:
    talk, case = await claimed(world)
    said = await world.parts.desk.say(ALMA, case, "Hola, soy Alma. ¿En qué te ayudo?")
    file = await talk.file()
    assert (file.messages[-1].who, file.messages[-1].author) == (Speaker.PERSON, "Alma")
    assert said["message"]["text"] == file.messages[-1].text
    assert file.handoffs[-1].status is HandoffStatus.HUMAN
    events = await world.services.store.events_after("demo", file.conversation.id, (0, 0))
    told = [one for one in events if one.type == "human.message"]
    assert [(one.data["text"], one.data["author"]) for one in told] == [("Hola, soy Alma. ¿En qué te ayudo?", "Alma")]


async def test_the_same_message_sent_twice_is_said_once(world: World) -> None:
    talk, case = await claimed(world)
    one = await world.parts.desk.say(ALMA, case, "Hola", client_message_id="m-1")
    again = await world.parts.desk.say(ALMA, case, "Hola", client_message_id="m-1")
    assert one == again
    assert sum(message.who is Speaker.PERSON for message in (await talk.file()).messages) == 1


async def test_what_was_refused_may_be_asked_for_again_under_its_name(stored_world: World) -> None:
    _, case = await queued(stored_world)
    with pytest.raises(NotClaimed):
        await stored_world.parts.desk.say(LEO, case, "Hola", client_message_id="m-1")
    await stored_world.parts.desk.claim(LEO, case)
    said = await stored_world.parts.desk.say(LEO, case, "Hola", client_message_id="m-1")
    assert said["message"]["text"] == "Hola"


async def test_only_whoever_has_the_case_writes_in_it(world: World) -> None:
    _, case = await queued(world)
    with pytest.raises(NotClaimed):
        await world.parts.desk.say(ALMA, case, "Hola")
    await world.parts.desk.claim(ALMA, case)
    for other in (BEA, LEO):
        with pytest.raises(AlreadyClaimed):
            await world.parts.desk.say(other, case, "Hola")
        with pytest.raises(AlreadyClaimed):
            await world.parts.desk.claim(other, case)


async def test_a_refused_move_leaves_the_case_as_it_was(world: World) -> None:
    talk, case = await claimed(world)
    before = (await talk.file()).handoffs
    with pytest.raises(AlreadyClaimed, match="Alma"):
        await world.parts.desk.resolve(BEA, case, "solved")
    assert (await talk.file()).handoffs == before


async def test_a_case_of_another_shop_is_no_case(world: World) -> None:
    talk, case = await claimed(world)
    desk, view = world.parts.desk, world.parts.desk_view
    for asked in (
        desk.claim(STRANGER, case),
        desk.say(STRANGER, case, "x"),
        desk.note(STRANGER, case, "x"),
        desk.take_over(STRANGER, talk.opened.conversation.id),
        view.case(STRANGER, case),
        anext(view.follow(STRANGER, talk.opened.conversation.id)),
    ):
        with pytest.raises(NotFound):
            await asked
    assert await view.queue(STRANGER) == []
    assert await view.live(STRANGER) == []


async def test_while_a_person_has_the_case_the_shopper_is_heard_and_nobody_answers(world: World) -> None:
    talk, _ = await claimed(world)
    answer = await talk.say("mi pedido es el 10002")
    assert (answer["reply"], answer["status"]) == (None, "human")
    assert (await talk.press(TurnKind.HANDOFF))["reply"] is None
    events = await world.services.store.events_after("demo", talk.opened.conversation.id, (0, 0))
    assert [one.data["text"] for one in events if one.type == "shopper.message"] == ["mi pedido es el 10002"]
    (row,) = await world.parts.desk_view.queue(ALMA, mine=True)
    assert row["last_message"]["text"] == "mi pedido es el 10002"


async def test_notes_and_whispers_are_for_the_desk_alone(world: World) -> None:
    talk, case = await claimed(world)
    desk = world.parts.desk
    await desk.note(BEA, case, "ya llamó ayer")
    with pytest.raises(Forbidden):
        await desk.whisper(BEA, case, "ojo")
    await desk.whisper(LEO, case, "ofrécele el envío gratis")
    row = await world.parts.desk_view.case(ALMA, case)
    assert [(one["by"], one["text"]) for one in row["notes_list"]] == [("Bea", "ya llamó ayer")]
    assert [(one["by"], one["to"]) for one in row["whispers"]] == [("Leo", "Alma")]
    file = await talk.file()
    assert not any("ayer" in message.text or "gratis" in message.text for message in file.messages)


async def test_transferred_to_a_queue_it_waits_there_and_the_shopper_is_told(world: World) -> None:
    talk, case = await claimed(world)
    world.clock.pass_time(minutes=2)
    await world.parts.desk.transfer(ALMA, case, queue="specialists", notes="es de garantía")
    row = await world.parts.desk_view.case(BEA, case)
    assert (row["status"], row["queue"], row["claimed_by"]) == ("queued", "specialists", None)
    assert (row["waiting_s"], row["conversation_status"]) == (0, "queued")
    assert "otro equipo" in (await talk.file()).messages[-1].text
    await world.parts.desk.claim(BEA, case)


async def test_transferred_to_a_colleague_it_is_theirs(world: World) -> None:
    _, case = await claimed(world)
    with pytest.raises(Invalid):
        await world.parts.desk.transfer(ALMA, case, to="Nadie")
    with pytest.raises(Invalid):
        await world.parts.desk.transfer(ALMA, case)
    await world.parts.desk.set_presence(BEA, Presence.ONLINE)
    await world.parts.desk.transfer(ALMA, case, to="Bea")
    with pytest.raises(AlreadyClaimed):
        await world.parts.desk.say(ALMA, case, "sigo aquí")
    await world.parts.desk.say(BEA, case, "Hola, soy Bea.")


async def test_a_colleague_who_is_full_is_given_nothing(world: World) -> None:
    _, case = await claimed(world)
    await world.parts.desk.set_presence(BEA, Presence.ONLINE, 1)
    _, other = await queued(world)
    await world.parts.desk.claim(BEA, other)
    with pytest.raises(AtCapacity):
        await world.parts.desk.transfer(ALMA, case, to="Bea")
    assert (await world.parts.desk_view.case(ALMA, case))["claimed_by"] == "Alma"


async def test_resolved_it_is_closed_and_the_agent_answers_whoever_writes_again(world: World) -> None:
    talk, case = await claimed(world)
    await world.parts.desk.resolve(ALMA, case, "solved", "cambio hecho por teléfono")
    assert (await talk.file()).conversation.status is Status.CLOSED
    with pytest.raises(CaseClosed):
        await world.parts.desk.say(ALMA, case, "¿sigues ahí?")
    answer = await talk.say("¿dónde está mi pedido 10002?")
    assert (answer["status"], answer["handoff"]) == ("bot", None)
    assert "10002" in answer["reply"]["text"]
    again = await talk.say("quiero hablar con una persona")
    assert again["handoff"]["id"] != case
    row = await world.parts.desk_view.case(BEA, again["handoff"]["id"])
    assert [(one["outcome"], one["person"], one["notes"]) for one in row["packet"]["earlier"]] == [
        ("solved", "Alma", "cambio hecho por teléfono")
    ]


async def test_an_outcome_has_to_be_one_of_the_known(world: World) -> None:
    _, case = await claimed(world)
    with pytest.raises(Invalid):
        await world.parts.desk.resolve(ALMA, case, "great")


async def test_a_closed_case_can_be_taken_up_again_but_an_open_one_not(world: World) -> None:
    talk, case = await claimed(world)
    with pytest.raises(Conflict):
        await world.parts.desk.reopen(BEA, case)
    await world.parts.desk.resolve(ALMA, case, "no_answer")
    await world.parts.desk.reopen(BEA, case, "contestó por correo")
    row = await world.parts.desk_view.case(BEA, case)
    assert (row["status"], row["claimed_by"], row["outcome"], row["closed_at"]) == ("claimed", "Bea", "", None)
    assert (await talk.say("hola?"))["reply"] is None


async def test_a_lead_takes_over_from_the_agent_and_from_a_colleague(world: World) -> None:
    talk = await world.open(LUCIA)
    await talk.say("¿dónde está mi pedido 10002?")
    with pytest.raises(Forbidden):
        await world.parts.desk.take_over(ALMA, talk.opened.conversation.id)
    taken = await world.parts.desk.take_over(LEO, talk.opened.conversation.id)
    row = await world.parts.desk_view.case(LEO, taken["handoff_id"])
    assert (row["status"], row["claimed_by"], row["reasons"][0]["code"]) == ("claimed", "Leo", "takeover")
    assert (await talk.say("¿y mi pedido?"))["reply"] is None
    _, case = await claimed(world)
    other = (await world.parts.desk_view.case(ALMA, case))["conversation_id"]
    assert (await world.parts.desk.take_over(LEO, other))["handoff_id"] == case
    with pytest.raises(AlreadyClaimed):
        await world.parts.desk.say(ALMA, case, "hola")


@pytest.mark.parametrize(
    ("locale", "notes", "said"),
    [
        ("es", "Quiere cambiar los tenis Brisa del pedido 10001 por talla 8", "asistente"),
        ("en", "Quiere cambiar los tenis Brisa del pedido 10001 por talla 8", "assistant"),
        ("pt", "Quiere cambiar los tenis Brisa del pedido 10001 por talla 8", "assistente"),
    ],
)
async def test_given_back_the_agent_goes_on_with_the_notes_in_the_shoppers_language(
    world: World, locale: str, notes: str, said: str
) -> None:
    talk, case = await claimed(world, locale)
    await world.parts.desk.give_back(ALMA, case, notes)
    file = await talk.file()
    assert (file.conversation.status, file.conversation.language) == (Status.BOT, locale)
    facts = {(fact.kind, fact.value, fact.source) for fact in file.conversation.facts}
    assert {("order_number", "10001", "desk"), ("size", "8", "desk")} <= facts
    reply = file.messages[-1].text
    assert said in reply
    assert "Alma" in reply
    assert [(action.kind, action.status.value) for action in file.actions] == [("exchange_items", "proposed")], reply
    done = await talk.say({"es": "sí", "en": "yes", "pt": "sim"}[locale])
    assert done["actions"][0]["status"] == "executed"


async def test_given_back_without_a_request_the_agent_waits_and_asks_for_nothing_it_knows(world: World) -> None:
    talk, case = await claimed(world)
    facts = [{"kind": "order_number", "value": "10001"}, {"kind": "size", "value": "8"}]
    await world.parts.desk.give_back(ALMA, case, "Cliente amable.", facts)
    assert (await talk.file()).conversation.asked == ()
    answer = await talk.say("quiero cambiar mis tenis por otra talla")
    assert not {"order_number", "size"} & set(answer["asks"]), answer["reply"]
    assert [action["kind"] for action in answer["actions"]] == ["exchange_items"]


async def test_what_called_for_a_person_before_does_not_call_one_again(world: World) -> None:
    talk = await world.open(LUCIA)
    case = (await talk.say("esto es de abogado"))["handoff"]["id"]
    await world.parts.desk.claim(ALMA, case)
    await world.parts.desk.give_back(ALMA, case, "aclarado")
    assert (await talk.say("¿dónde está mi pedido 10002?"))["handoff"] is None


async def test_whoever_listens_at_the_desk_hears_the_whole_case_and_the_queue(world: World) -> None:
    talk, case = await queued(world)
    heard: list[Any] = []
    rows: list[Any] = []

    async def listen(events: Any, into: list[Any]) -> None:
        async for event in events:
            if event is not None:
                into.append(event)

    view = world.parts.desk_view
    tasks = [
        asyncio.create_task(listen(view.follow(ALMA, talk.opened.conversation.id), heard)),
        asyncio.create_task(listen(view.follow_queue(ALMA), rows)),
    ]
    await asyncio.sleep(0.05)
    await world.parts.desk.claim(ALMA, case)
    await world.parts.desk.typing(ALMA, case)
    await world.parts.desk.shopper_typing(talk.opened.conversation)
    await world.parts.desk.note(ALMA, case, "nota")
    await talk.say("hola")
    await world.parts.desk.say(ALMA, case, "Hola")
    await asyncio.sleep(0.05)
    for task in tasks:
        task.cancel()
    kinds = [event.type for event in heard]
    assert [kind for kind in kinds if "done" not in kind and kind != "turn.started"] == [
        "handoff.claimed", "human.typing", "shopper.typing", "note.added", "shopper.message", "human.message",
    ]  # fmt: skip
    assert [event.type for event in rows] == ["handoff.claimed", *["handoff.updated"] * 3]
    assert rows[0].data["claimed_by"] == "Alma"
    assert rows[-2].data["last_message"]["text"] == "hola"
