"""A service on the demo shop for each test, and shoppers who talk to it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import structlog

from agent.app.logging import PROCESSORS
from agent.conversation import Action
from agent.escalation.verdict import Cause, Circumstances, Decision, Line, ReasonCode, Stance
from agent.understanding.reading import Intent
from evals.world import Library, Talk, World, open_world

MakeWorld = Callable[..., Awaitable[World]]

WORDS = {"abogado": ReasonCode.LEGAL, "humo": ReasonCode.SAFETY, "estafa": ReasonCode.FRAUD}


class PlainEscalation:
    """A person for whoever asks for one, and for three grave words. Real rules have their own tests."""

    def decide(self, lines: Sequence[Line], circumstances: Circumstances) -> Decision:
        last = lines[-1]
        for word, code in WORDS.items():
            if word in last.text.lower():
                return Decision(Stance.ESCALATE, (Cause(code, word, len(lines) - 1),), "grave", 1)
        if last.reading is not None and last.reading.has(Intent.HUMAN_AGENT):
            return Decision(
                Stance.ESCALATE, (Cause(ReasonCode.HUMAN_REQUEST, last.text, len(lines) - 1),), "general", 2
            )
        return Decision(Stance.STAY)

    def offers_person(self, reply: str) -> bool:
        return False


@pytest.fixture(autouse=True)
def logged() -> Iterator[list[str]]:
    """Every line that is logged, as the service would write it."""
    lines: list[str] = []

    def keep(_: Any, __: str, line: str) -> str:
        lines.append(line)
        raise structlog.DropEvent

    structlog.configure(processors=[*PROCESSORS, keep], cache_logger_on_first_use=False)
    yield lines
    structlog.reset_defaults()


@pytest.fixture
async def make_world(library: Library, tmp_path: Path) -> AsyncIterator[MakeWorld]:
    """Opens worlds on one folder: a second one is a replica of the first when their store is shared."""
    async with AsyncExitStack() as stack:

        async def make(**options: Any) -> World:
            thinking = options.pop("thinking", None) or replace(library.thinking, escalation=PlainEscalation())
            return await stack.enter_async_context(open_world(library, tmp_path, thinking=thinking, **options))

        yield make


@pytest.fixture
async def world(make_world: MakeWorld) -> World:
    return await make_world()


NOTE = "deja una nota para el repartidor del pedido 10002: toca el timbre azul"


@pytest.fixture
def propose_note() -> Callable[[Talk], Awaitable[Action]]:
    """Lucía is asked whether her note for order 10002 may be left; nothing is done yet."""

    async def propose(talk: Talk) -> Action:
        answer = await talk.say(NOTE)
        assert [one["status"] for one in answer["actions"]] == ["proposed"], answer["reply"]
        return await talk.last_action()

    return propose


@pytest.fixture
def note_of() -> Callable[[World], Awaitable[str]]:
    """What the shop's own row says now."""

    async def read(world: World) -> str:
        return (await world.order("lucia-hernandez", "10002")).delivery.instructions

    return read
