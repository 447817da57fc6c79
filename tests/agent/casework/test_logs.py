"""What is logged names turns, actions and codes: never what somebody wrote, who they are or where they live."""

from __future__ import annotations

import json
import logging
from dataclasses import replace
from typing import Any

import pytest

from agent.app.logging import DiscreetFormatter
from agent.casework.receiving import Reception
from agent.conversation import TurnKind
from evals.world import Talk, World
from tests.agent.stand_ins import WithoutLlm
from tools.shop.faults import Fault, FaultyShop

PRIVATE = (
    "lucia.hernandez@example.mx", "Lucía", "Hernández", "Orizaba", "06700", "5548120937", "55 4812 0937", "timbre azul",
    "repartidor", "mi secreto", "Colibrí", "4417",
)  # fmt: skip


@pytest.fixture
async def talk(world: World) -> Talk:
    return await world.open("lucia-hernandez")


def assert_discreet(lines: list[str]) -> None:
    for line in lines:
        found = [word for word in PRIVATE if word.lower() in line.lower() or json.dumps(word)[1:-1] in line]
        assert not found, line


async def test_a_whole_conversation_leaves_no_word_of_it_in_the_logs(world: World, logged: list[str]) -> None:
    talk = await world.open()
    await talk.say("quiero dejar una nota para el repartidor de mi pedido 10002: toca el timbre azul")
    await talk.say("lucia.hernandez@example.mx")
    code = await world.last_code()
    await talk.say("111111")
    await talk.say(code)
    await talk.say("sí")
    await talk.press(TurnKind.UNDO, (await talk.last_action()).id)
    await talk.say("mi secreto es que vivo en Calle Orizaba 121, 06700, y mi teléfono es 55 4812 0937")
    await talk.say("quiero hablar con una persona")
    assert_discreet(logged)
    assert code not in "".join(logged)
    answered = [json.loads(line) for line in logged if "turn_answered" in line]
    assert len(answered) == 8
    assert {one["conversation"] for one in answered} == {talk.opened.conversation.id}
    assert [one["actions"] for one in answered if one["actions"]] == [
        ["delivery_instructions:proposed"],
        ["delivery_instructions:executed"],
        ["delivery_instructions:undone"],
    ]
    assert "check_code!" in answered[2]["tools"]
    assert answered[-1]["handoff"] == ["human_request"]


async def test_refusals_and_outages_are_logged_by_code(world: World, logged: list[str]) -> None:
    talk = await world.open("lucia-hernandez")
    await talk.say("quiero dejar una nota para el repartidor de mi pedido 10002: toca el timbre azul")
    front = replace(world.front, shop=FaultyShop(world.shop, [Fault("applied")]))
    services = replace(world.services, storefronts={"demo": front})
    reception = replace(world, parts=replace(world.parts, reception=Reception(services)))
    await talk.say("sí", at=reception)
    assert any("action_unresolved" in line for line in logged)
    assert_discreet(logged)


async def test_a_defect_is_logged_with_its_place_and_without_its_words(
    world: World, talk: Talk, logged: list[str]
) -> None:
    class Leaks(WithoutLlm):
        """A loop whose exception quotes the shopper, as exceptions do."""

        async def run(self, scope: Any, *_: Any) -> None:
            cause = KeyError(scope.told.reading.text)
            raise ValueError(f"cannot read {scope.told.reading.text!r}") from cause

    services = replace(world.services, loop=Leaks())  # type: ignore[arg-type]
    await talk.say("mi secreto", at=replace(world, parts=replace(world.parts, reception=Reception(services))))
    (line,) = [line for line in logged if "turn_failed" in line]
    assert "ValueError" in line
    assert "KeyError" in line
    assert "conversing.py" in line
    assert_discreet(logged)


def test_the_exceptions_of_libraries_are_logged_without_their_words_as_well() -> None:
    try:
        raise RuntimeError("INSERT INTO messages VALUES ('mi secreto')")
    except RuntimeError as error:
        record = logging.LogRecord(
            "library", logging.ERROR, "x.py", 1, "failed", (), (type(error), error, error.__traceback__)
        )
    line = DiscreetFormatter("%(message)s").format(record)
    assert line.startswith("failed\nRuntimeError > ")
    assert "secreto" not in line
