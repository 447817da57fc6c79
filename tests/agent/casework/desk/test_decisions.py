"""What policy leaves to a person: the shopper says yes first, somebody with authority second, and it is done once."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from agent.casework.desk.move import Person
from agent.casework.desk.people import Desk
from agent.casework.receiving import Reception
from agent.conversation import ActionStatus, Status, TurnKind
from agent.errors import Busy, Conflict, NotFound, OverLimit
from evals.world import Talk, World
from tools.shop.faults import Fault, FaultyShop

LUCIA, ORDER = "lucia-hernandez", "10007"
ALMA, LEO = Person("demo", "Alma"), Person("demo", "Leo", "lead")
BROKEN = {
    "es": "la cobija del pedido 10007 me llegó rota, quiero que me devuelvan el dinero",
    "en": "the blanket of order 10007 arrived broken, I want my money back",
    "pt": "a manta do pedido 10007 chegou quebrada, quero meu dinheiro de volta",
}
YES = {"es": "sí", "en": "yes", "pt": "sim"}


async def asked(world: World, locale: str = "es") -> tuple[Talk, str]:
    """Lucía is asked whether a person should decide on her late claim."""
    talk = await world.open(LUCIA, locale=locale)
    answer = await talk.say(BROKEN[locale])
    (action,) = answer["actions"]
    assert (action["kind"], action["status"], answer["asks"]) == ("open_claim", "proposed", ["confirmation"])
    assert (answer["status"], answer["handoff"]) == ("bot", None), "nobody is called before she says yes"
    return talk, action["id"]


async def waiting(world: World, locale: str = "es") -> tuple[Talk, str]:
    talk, action = await asked(world, locale)
    await talk.say(YES[locale])
    return talk, action


async def claims_of(world: World) -> int:
    return len((await world.order(LUCIA, ORDER)).claims)


@pytest.mark.parametrize("locale", ["es", "en", "pt"])
async def test_the_shoppers_yes_brings_it_to_the_desk_and_nothing_is_done_yet(world: World, locale: str) -> None:
    talk, action = await asked(world, locale)
    answer = await talk.say(YES[locale])
    assert [(one["id"], one["status"]) for one in answer["actions"]] == [(action, "needs_person")]
    assert (answer["status"], answer["handoff"]["reasons"][0]["code"]) == ("queued", "out_of_policy_exception")
    assert await claims_of(world) == 0
    (row,) = await world.parts.desk_view.actions(ALMA)
    assert (row["id"], row["code"], row["order"], row["handoff_id"]) == (
        action, "claim_window_over", ORDER, answer["handoff"]["id"],
    )  # fmt: skip
    assert row["may_decide"]


async def test_a_no_ends_it_and_no_person_is_asked(world: World) -> None:
    talk, action = await asked(world)
    answer = await talk.say("no")
    assert [(one["id"], one["status"]) for one in answer["actions"]] == [(action, "rejected")]
    assert answer["handoff"] is None
    assert await world.parts.desk_view.actions(LEO) == []


@pytest.mark.parametrize("locale", ["es", "en", "pt"])
async def test_approved_it_is_done_once_and_the_receipt_names_who_allowed_it(world: World, locale: str) -> None:
    talk, action = await waiting(world, locale)
    world.clock.pass_time(hours=3)
    decided = await world.parts.desk.approve(ALMA, action, "cliente de años")
    assert decided["action"]["status"] == "executed"
    assert decided["action"]["receipt"]["authority"] == "Alma"
    assert await claims_of(world) == 1
    file = await talk.file()
    assert file.actions[-1].status is ActionStatus.EXECUTED
    reply = file.messages[-1].text
    assert "Alma" in reply
    assert decided["action"]["receipt"]["references"]["claim"] in reply
    assert "cliente de años" not in reply
    assert (file.conversation.status, file.handoffs[-1].outcome) == (Status.BOT, "solved")
    with pytest.raises(Conflict):
        await world.parts.desk.approve(LEO, action)
    assert await claims_of(world) == 1


async def test_declined_nothing_is_done_and_the_shopper_is_told(world: World) -> None:
    talk, action = await waiting(world)
    decided = await world.parts.desk.decline(ALMA, action, "fuera de plazo por mucho")
    assert (decided["action"]["status"], decided["action"]["failure"]) == ("rejected", "declined")
    assert await claims_of(world) == 0
    file = await talk.file()
    assert "no puede aprobarlo" in file.messages[-1].text
    assert "fuera de plazo por mucho" not in file.messages[-1].text
    assert file.handoffs[-1].outcome == "not_solved"
    assert ("declined", "Alma", "fuera de plazo por mucho") in {
        (one.kind, one.by, one.text) for one in file.handoffs[-1].log
    }


async def test_a_case_that_somebody_has_stays_theirs_after_the_decision(world: World) -> None:
    talk, action = await waiting(world)
    case = (await talk.file()).handoffs[-1].id
    await world.parts.desk.claim(ALMA, case)
    await world.parts.desk.approve(ALMA, action)
    row = await world.parts.desk_view.case(ALMA, case)
    assert (row["status"], row["conversation_status"]) == ("claimed", "human")


async def test_beyond_ones_limit_one_may_neither_approve_nor_decline(world: World) -> None:
    _, action = await waiting(world)
    for person in (Person("demo", "Nuevo", "trainee"),):
        with pytest.raises(OverLimit):
            await world.parts.desk.approve(person, action)
        with pytest.raises(OverLimit):
            await world.parts.desk.decline(person, action)
    assert await claims_of(world) == 0
    assert len(await world.parts.desk_view.actions(LEO)) == 1


async def test_somebody_of_another_shop_finds_nothing_to_decide(world: World) -> None:
    _, action = await waiting(world)
    stranger = Person("other", "Leo", "lead")
    with pytest.raises(NotFound):
        await world.parts.desk.approve(stranger, action)
    assert not await world.services.store.actions_in("other", "needs_person", 10)


async def test_two_people_who_approve_at_once_do_it_once(make_world: Any, tmp_path: Path) -> None:
    world = await make_world(store="sqlite")
    _, action = await waiting(world)
    people = [Person("demo", f"P{n}", "lead") for n in range(4)]
    results = await asyncio.gather(*(world.parts.desk.approve(one, action) for one in people), return_exceptions=True)
    assert sum(isinstance(one, Conflict) for one in results) == 3
    assert await claims_of(world) == 1


async def test_an_order_that_changed_meanwhile_is_left_alone(world: World) -> None:
    talk, action = await waiting(world)
    other = await world.open(LUCIA)
    await other.say(BROKEN["es"].replace("10007", "10001").replace("la cobija", "el cinturón"))
    order = await world.order(LUCIA, ORDER)

    data = await world.shop.export_all()
    changed = [replace(one, version=one.version + 1) if one.number == ORDER else one for one in data.orders]
    await world.shop.load(replace(data, orders=tuple(changed)))
    decided = await world.parts.desk.approve(LEO, action)
    assert decided["action"]["status"] == "failed"
    assert len((await world.order(LUCIA, ORDER)).claims) == len(order.claims)
    assert "no se pudo hacer" in (await talk.file()).messages[-1].text


async def test_while_the_order_system_is_away_it_still_waits(world: World) -> None:
    talk, action = await waiting(world)
    before = len((await talk.file()).messages)
    away = FaultyShop(world.shop, [Fault(method, call=None) for method in ("order_of", "customer")])
    services = replace(world.services, storefronts={"demo": replace(world.front, shop=away)})
    with pytest.raises(Busy):
        await Desk(services, Reception(services)).approve(LEO, action)
    file = await talk.file()
    assert (file.actions[-1].status, len(file.messages)) == (ActionStatus.NEEDS_PERSON, before)
    assert (await world.parts.desk.approve(LEO, action))["action"]["status"] == "executed"


async def test_the_button_confirms_it_like_the_words(world: World) -> None:
    talk, action = await asked(world)
    answer = await talk.press(TurnKind.CONFIRM, action)
    assert answer["actions"][0]["status"] == "needs_person"
    assert answer["status"] == "queued"


async def test_whoever_no_longer_waits_has_taken_it_back(world: World) -> None:
    talk, action = await waiting(world)
    await talk.say("no, mejor no")
    assert (await talk.last_action()).status is ActionStatus.EXPIRED
    with pytest.raises(Conflict):
        await world.parts.desk.approve(LEO, action)
