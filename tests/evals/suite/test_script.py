"""A shopper with a script, asked for the same thing more than once."""

from __future__ import annotations

import asyncio
from typing import Any

from evals.suite.casefile.shopper import Script
from evals.suite.shoppers.script import ScriptPlayer
from evals.suite.trajectory import Said, Standing, TurnRecord


def asking(*facts: str) -> TurnRecord:
    turn: dict[str, Any] = {"status": "bot", "asks": list(facts), "reply": {"text": "?"}}
    return TurnRecord(
        n=1,
        at="",
        before="bot",
        said=Said(kind="message"),
        turn=turn,
        tools=(),
        writes=None,
        changed=None,
        standing=Standing(level=0),
        foreign=None,
    )


def test_an_answer_is_given_twice_at_most() -> None:
    async def moves() -> list[str]:
        player = ScriptPlayer(Script(lines=["hola", "adiós"], answers={"size": "8"}))
        said = [await player.next(None)]
        said += [await player.next(asking("size")) for _ in range(3)]
        return [move.text for move in said if move]

    assert asyncio.run(moves()) == ["hola", "8", "8", "adiós"]
