"""Who is asked for what: the queue shows everybody every case, and says which are for their languages and queues."""

from __future__ import annotations

import pytest

from agent.casework.desk.move import Person
from agent.casework.desk.ports import Presence
from agent.conversation import TurnKind
from evals.world import World

ALMA = Person("demo", "Alma")


async def queued(world: World, locale: str) -> str:
    talk = await world.open("lucia-hernandez", locale=locale)
    return str((await talk.press(TurnKind.HANDOFF))["handoff"]["id"])


@pytest.mark.parametrize(
    ("languages", "queues", "fitting"),
    [((), (), {"es", "pt"}), (("pt", "en"), (), {"pt"}), ((), ("legal",), set()), (("es",), ("general",), {"es"})],
)
async def test_the_queue_says_which_cases_fit_ones_languages_and_queues(
    world: World, languages: tuple[str, ...], queues: tuple[str, ...], fitting: set[str]
) -> None:
    cases = {await queued(world, locale): locale for locale in ("es", "pt")}
    await world.parts.desk.set_presence(ALMA, Presence.ONLINE, queues=queues, languages=languages)
    rows = await world.parts.desk_view.queue(ALMA)
    assert {row["id"] for row in rows} == set(cases)
    assert {cases[row["id"]] for row in rows if row["fits"]} == fitting
