"""Nobody is left waiting for nothing: a late case is told of once, by e-mail too, and what is promised is kept."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from agent.casework.desk.move import Person
from agent.casework.desk.watch import DeskWatch
from agent.casework.hours import OpeningHours
from agent.casework.receiving import Reception
from agent.casework.tickets import ticket_of
from agent.conversation import TurnKind
from evals.world import Clock, Talk, World

LUCIA = "lucia-hernandez"
ALMA = Person("demo", "Alma")
TOLD = {"es": "Nadie se ha desocupado", "en": "Nobody has become free", "pt": "Ninguém ficou disponível"}


async def late(world: World, customer: str = LUCIA, locale: str = "es") -> tuple[Talk, str]:
    talk = await world.open(customer, locale=locale)
    if customer:
        await talk.say("¿dónde está mi pedido 10002?")
    answer = await talk.press(TurnKind.HANDOFF)
    world.clock.pass_time(minutes=4)
    return talk, answer["handoff"]["id"]


@pytest.mark.parametrize("locale", ["es", "en", "pt"])
async def test_a_late_case_is_told_of_once_in_the_thread_and_by_mail(world: World, locale: str) -> None:
    talk = await world.open(LUCIA, locale=locale)
    case = (await talk.press(TurnKind.HANDOFF))["handoff"]["id"]
    world.clock.pass_time(minutes=4)
    assert await world.parts.desk_watch.look() == 1
    for _ in range(3):
        world.clock.pass_time(minutes=10)
        assert await world.parts.desk_watch.look() == 0
    file = await talk.file()
    said = [message.text for message in file.messages if TOLD[locale] in message.text]
    assert len(said) == 1
    (mail,) = await world.mail.read_outbox("demo")
    customer = await world.shop.customer(LUCIA)  # type: ignore[arg-type]
    assert customer is not None
    assert mail.to == customer.email
    assert customer.email not in said[0], "the thread shows it masked"
    assert ticket_of(case) in mail.subject
    assert ticket_of(case) in said[0]
    promised = file.handoffs[-1].promised_by
    assert promised is not None
    assert promised > world.clock.now
    row = await world.parts.desk_view.case(ALMA, case)
    assert (row["status"], row["overdue"]) == ("queued", True)


async def test_the_new_promise_is_a_time_at_which_somebody_is_there(make_world: Any) -> None:
    world = await make_world(clock=Clock(datetime(2026, 12, 24, 18, 0, tzinfo=UTC)))
    talk, _ = await late(world)
    await world.parts.desk_watch.look()
    promised = (await talk.file()).handoffs[-1].promised_by
    assert promised is not None
    hours = OpeningHours.of(world.front.policy, world.clock.now)
    assert promised.astimezone(hours.zone).date().isoformat() == "2026-12-26", "Christmas is a holiday, the 26th is not"


async def test_a_case_that_somebody_took_is_not_late(world: World) -> None:
    _, case = await late(world)
    await world.parts.desk.claim(ALMA, case)
    assert await world.parts.desk_watch.look() == 0
    assert await world.mail.read_outbox("demo") == []


async def test_without_an_address_one_is_asked_for_and_used(world: World) -> None:
    talk, _ = await late(world, customer="")
    await world.parts.desk_watch.look()
    file = await talk.file()
    assert file.conversation.asked == ("email",)
    assert await world.mail.read_outbox("demo") == []
    answer = await talk.say("es ana.lopez@example.com")
    assert "a***@example.com" in answer["reply"]["text"]
    (mail,) = await world.mail.read_outbox("demo")
    assert mail.to == "ana.lopez@example.com"
    again = await talk.say("¿ya me leyeron? ana.lopez@example.com")
    assert "a***@example.com" not in again["reply"]["text"]
    assert len(await world.mail.read_outbox("demo")) == 1


async def test_whoever_got_the_case_by_mail_gets_the_answer_there_too(world: World) -> None:
    _, case = await late(world)
    await world.parts.desk_watch.look()
    await world.parts.desk.claim(ALMA, case)
    await world.parts.desk.say(ALMA, case, "Hola Lucía, ya lo estoy viendo.")
    newest = (await world.mail.read_outbox("demo"))[0]
    assert "Hola Lucía, ya lo estoy viendo." in newest.text


async def test_a_mail_that_does_not_leave_is_not_said_to_have(world: World) -> None:
    class Down:
        async def send(self, *_: object, **__: object) -> None:
            raise OSError

    talk, _ = await late(world)
    services = replace(world.services, mail=Down())
    await DeskWatch(services, Reception(services)).look()
    text = (await talk.file()).messages[-1].text
    assert TOLD["es"] in text
    assert "@" not in text


async def test_replicas_that_look_at_once_tell_it_once(make_world: Any, postgres_url: str, tmp_path: Path) -> None:
    clock, name = Clock(), tmp_path.parent.name[-3:] + tmp_path.name[-8:]
    one = await make_world(clock=clock, store=postgres_url, name=f"{name}a")
    other = await make_world(clock=clock, store=postgres_url, name=f"{name}b")
    talk, _ = await late(one)
    await asyncio.gather(*(world.parts.desk_watch.look() for world in (one, other, one, other)))
    said = [message for message in (await talk.file()).messages if TOLD["es"] in message.text]
    assert len(said) == 1


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        (datetime(2026, 12, 25, 18, 0, tzinfo=UTC), "2026-12-26T10:00:00-06:00"),
        (datetime(2026, 12, 24, 18, 0, tzinfo=UTC), "2026-12-26T10:00:00-06:00"),
        (datetime(2026, 12, 31, 23, 0, tzinfo=UTC), "2027-01-02T10:00:00-06:00"),
    ],
)
async def test_on_a_holiday_nobody_is_there(world: World, moment: datetime, opens: str) -> None:
    hours = OpeningHours.of(world.front.policy, moment)
    assert hours.next_opening(moment).isoformat() == opens
    assert not hours.open_at(moment.replace(day=25, month=12, year=2026))
    assert hours.open_at(datetime(2026, 12, 28, 18, 0, tzinfo=UTC))
    assert hours.next_opening(moment) - moment > timedelta(0)
