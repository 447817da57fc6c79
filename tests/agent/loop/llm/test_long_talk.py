"""Fifty turns of one shopper with an LLM: every one is looked up and answered, and no request grows without end."""

from __future__ import annotations

import json
from typing import Any

import pytest

from agent.loop.history import TOKENS
from agent.loop.tokens import estimate_tokens
from evals.talk import look_and_tell, read_talk


@pytest.mark.parametrize(("customer", "order"), [("lucia-hernandez", "10002"), ("camila-benitez", "10064")])
async def test_every_line_of_the_talk_is_looked_up_and_answered_by_the_llm(
    open_service: Any, customer: str, order: str
) -> None:
    service = await open_service(look_and_tell)
    talk = await service.world.open(customer)
    turns = [await talk.say(line.about(order)) for line in read_talk()]
    assert len(turns) == 50
    assert {turn["status"] for turn in turns} == {"bot"}
    assert {turn["usage"]["model"] for turn in turns} == {"openai:local"}
    assert [[one["name"] for one in turn["tools"]] for turn in turns] == [[line.tool] for line in read_talk()]
    sizes = [estimate_tokens(json.dumps(body["messages"], ensure_ascii=False)) for body in service.server.requests]
    system = estimate_tokens(str(service.server.requests[0]["messages"][0]["content"]))
    assert max(sizes) < system + 2 * TOKENS
    assert max(sizes[-10:]) <= 1.5 * max(sizes[20:40]), "the history is bounded"


async def test_what_is_not_in_the_talk_is_searched_for(open_service: Any) -> None:
    service = await open_service(look_and_tell)
    turn = await (await service.world.open("lucia-hernandez")).say("¿Puedo pagar con tarjeta de crédito?")
    assert [one["name"] for one in turn["tools"]] == ["search_knowledge"]
    assert "12 cuotas" in turn["reply"]["text"], "what the article says, and the question does not"
