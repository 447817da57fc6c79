"""A spent budget gives the turn to the embedded model: the shopper notices nothing, the log and a metric do."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from prometheus_client import REGISTRY

from agent.casework.spending import Budget, Spending
from agent.loop.confidence import Confidence
from agent.loop.prices import Price, PriceList
from evals.openai_answers import Asked, Completion, Failure, look_then_tell

PRICES = PriceList("USD", {"local": Price(input=Decimal(1), output=Decimal(10))})
LOOK = look_then_tell(Asked.of("track_order", number="10002"), "Tu pedido 10002 ya salió y va en camino a tu casa.")
A_TURN = Decimal("0.0026")
"""Two calls of 900 and 40 tokens: 1,800 at 1 and 80 at 10, a million each."""
QUESTIONS = ("¿Dónde está mi pedido 10002?", "¿y ya viene en camino el 10002?", "¿por dónde va el 10002 ahora?")


def spend_at_most(service: Any, **budget: str) -> None:
    """From now on, with the rows that the service's own store keeps."""
    services = service.world.services
    book = service.world.parts.storing.spending
    given = Budget(**{name: Decimal(value) for name, value in budget.items()})
    object.__setattr__(services, "spending", Spending(book, PRICES, given))


def fallbacks(cause: str) -> float:
    return REGISTRY.get_sample_value("postventa_model_fallbacks_total", {"cause": cause}) or 0.0


async def test_what_a_turn_took_is_told_and_kept(open_service) -> None:
    service = await open_service(LOOK)
    spend_at_most(service)
    talk = await service.world.open("lucia-hernandez")
    answer = await talk.say(QUESTIONS[0])
    assert answer["usage"] == {
        "model": "openai:local", "input_tokens": 1800, "cached_tokens": 0, "output_tokens": 80, "cost": str(A_TURN),
    }  # fmt: skip
    day = service.world.clock.now.date()
    spent = await service.world.parts.storing.spending.spent("demo", talk.opened.conversation.id, day)
    assert spent == (A_TURN, A_TURN)


@pytest.fixture(params=("memory", "sqlite", "postgresql"))
def store(request) -> str:
    """Where the service keeps its rows."""
    return str(request.getfixturevalue("postgres_url") if request.param == "postgresql" else request.param)


async def test_a_day_s_budget_holds_for_every_replica_and_ends_with_the_day(open_service, store: str) -> None:
    url = store
    service = await open_service(LOOK, store=url, name="a", plain=True)
    other = service if store == "memory" else await open_service(LOOK, store=url, name="b", plain=True)
    for one in (service, other):
        spend_at_most(one, day="0.005")
    before = fallbacks("budget_day")
    models = []
    for here in (service, other, service, other):
        talk = await here.world.open("lucia-hernandez")
        answer = await talk.say(QUESTIONS[0])
        assert "10002" in answer["reply"]["text"]
        assert answer["handoff"] is None
        models.append(answer["usage"]["model"])
    assert models == ["openai:local", "openai:local", "embedded", "embedded"]
    assert fallbacks("budget_day") == before + 2
    for one in {id(service): service, id(other): other}.values():
        one.world.clock.pass_time(hours=24)
    talk = await service.world.open("lucia-hernandez")
    assert (await talk.say(QUESTIONS[1]))["usage"]["model"] == "openai:local"


async def test_a_conversation_s_budget_is_its_own(open_service) -> None:
    service = await open_service(LOOK, plain=True)
    spend_at_most(service, conversation="0.002")
    talk = await service.world.open("lucia-hernandez")
    models = [(await talk.say(text))["usage"]["model"] for text in QUESTIONS[:2]]
    assert models == ["openai:local", "embedded"]
    another = await service.world.open("lucia-hernandez")
    assert (await another.say(QUESTIONS[0]))["usage"]["model"] == "openai:local"


async def test_what_a_failed_turn_spent_counts(open_service) -> None:
    calls = iter((Completion(calls=(Asked.of("track_order", number="10002"),)), Failure(401)))
    service = await open_service(lambda _: next(calls))
    spend_at_most(service)
    answer = await (await service.world.open("lucia-hernandez")).say(QUESTIONS[0])
    assert answer["usage"]["model"] == "embedded"
    assert (answer["usage"]["input_tokens"], answer["usage"]["cost"]) == (900, "0.0013")


async def test_in_hybrid_mode_a_turn_the_embedded_model_is_sure_of_asks_nobody(open_service) -> None:
    service = await open_service(LOOK, confidence=Confidence(0.9, ((0.0, 0.0), (0.5, 1.0))))
    talk = await service.world.open("lucia-hernandez")
    answer = await talk.say(QUESTIONS[0])
    assert (answer["usage"]["model"], service.server.requests) == ("embedded", [])
    assert "10002" in answer["reply"]["text"]
    unsure = await open_service(LOOK, confidence=Confidence(1.1, ((0.0, 1.0),)))
    talk = await unsure.world.open("lucia-hernandez")
    assert (await talk.say(QUESTIONS[0]))["usage"]["model"] == "openai:local"
