"""The expected wait says what the desk's own pace says, or nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from agent.casework.desk.move import Person
from agent.casework.desk.ports import Colleague, Presence, Taken
from agent.casework.handing_off import expected_wait
from agent.casework.hours import OpeningHours
from agent.casework.waiting import estimate, gaps_of, pace
from agent.conversation import Handoff, HandoffId, HandoffStatus, TurnKind
from evals.queue_bench import DESKS, Told, simulate
from evals.world import World

NOON = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
LUCIA = "lucia-hernandez"


def taken(every_s: int, count: int = 12, waited_s: int = 300, people: int = 2) -> list[Taken]:
    """Claims at a steady pace, each of a case that waited."""
    return [
        Taken(NOON + timedelta(seconds=n * every_s - waited_s), NOON + timedelta(seconds=n * every_s), f"P{n % people}")
        for n in range(count)
    ]


def a_case(queue: str = "general", language: str = "es") -> Handoff:
    return Handoff(
        HandoffId("h"),
        "c",
        HandoffStatus.QUEUED,
        queue,
        2,
        language,
        (),
        {},
        NOON,  # type: ignore[arg-type]
    )


def test_further_back_in_the_queue_it_takes_longer() -> None:
    waits = [estimate(taken(120), position) for position in (1, 2, 5, 10)]
    assert all(waits)
    assert waits == sorted(waits)  # type: ignore[type-var]
    low, high = waits[2]  # type: ignore[misc]
    assert low < 5 * 120 < high


def test_with_too_little_to_go_by_nothing_is_said() -> None:
    assert estimate(taken(120, count=5), 1) is None
    assert estimate([], 1) is None


def test_cases_taken_at_once_tell_nothing_of_a_queue() -> None:
    assert gaps_of(taken(120, waited_s=10)) == []
    assert estimate(taken(120, waited_s=10), 1) is None


def test_a_gap_begins_when_somebody_waits_not_when_the_desk_went_quiet() -> None:
    before, after = taken(120, count=2)
    late = Taken(before.claimed_at + timedelta(hours=1), before.claimed_at + timedelta(hours=1, seconds=90), "P1")
    assert gaps_of([before, after]) == [120.0]
    assert gaps_of([before, late]) == [90.0]


def test_fewer_people_make_it_slower_and_nobody_makes_it_unknown() -> None:
    def person(name: str, **fields: object) -> Colleague:
        return Colleague(name, status=Presence.ONLINE, seen_at=NOON, **fields)  # type: ignore[arg-type]

    claims = taken(120, people=4)
    assert pace(claims, [], a_case(), NOON) == 1.0, "nobody ever said whether they are there"
    assert pace(claims, [person("A"), person("B")], a_case(), NOON) == 0.5
    assert pace(claims, [person("A"), person("B", languages=("en",))], a_case(), NOON) == 0.25
    gone = [person("A"), person("B")]
    assert pace(claims, gone, a_case(), NOON + timedelta(minutes=6)) == 0.0
    assert estimate(claims, 1, 0.0) is None


def test_four_of_five_waits_are_inside_on_every_kind_of_desk() -> None:
    everyone = Told()
    for desk in DESKS:
        told = Told()
        for day in (1, 2):
            told.add(simulate(desk, day))
        assert told.inside > 0.6, desk.name
        everyone.add(told)
    assert 0.75 <= everyone.inside <= 0.92


async def test_the_shopper_is_told_the_interval_and_the_promise_is_no_earlier(world: World) -> None:
    """Twelve cases, one every four minutes: the thirteenth is told what that pace means."""
    alma = Person("demo", "Alma", "lead")
    talks = [await world.open(LUCIA) for _ in range(16)]
    cases = [(await talk.press(TurnKind.HANDOFF))["handoff"]["id"] for talk in talks[:15]]
    for case in cases[:12]:
        world.clock.pass_time(minutes=4)
        await world.parts.desk.claim(alma, case)
        await world.parts.desk.resolve(alma, case, "solved")
    answer = await talks[15].press(TurnKind.HANDOFF)
    handoff = answer["handoff"]
    assert handoff["position"] == 4
    low, high = handoff["expected_wait_s"]
    assert low < 16 * 60 < high
    promised = datetime.fromisoformat(handoff["promised_by"])
    assert promised == world.clock.now + timedelta(seconds=high)
    assert f"{-(-low // 60)} a {-(-high // 60)} minutos" in answer["reply"]["text"]
    rows = await world.parts.desk_view.queue(alma, statuses=["queued"])
    assert [row["expected_wait_s"] for row in rows][-1] == [low, high]


def test_the_promise_without_data_is_the_policys(world: World) -> None:
    hours = OpeningHours.of(world.front.policy, NOON)
    assert expected_wait(hours, NOON) == timedelta(minutes=hours.person_minutes)


@pytest.mark.parametrize("position", [1, 3])
def test_the_interval_is_in_half_minutes(position: int) -> None:
    wait = estimate(taken(97), position)
    assert wait is not None
    assert wait[0] % 30 == 0 == wait[1] % 30
