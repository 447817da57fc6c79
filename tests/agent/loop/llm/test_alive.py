"""A whole service whose LLM fails: one right answer in time, nothing done twice, and a metric that says why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from prometheus_client import REGISTRY

from agent.conversation import ActionStatus, Speaker
from evals.openai_answers import Answer, Asked, Completion, Failure, Trouble, always

PATIENT = {"timeout_s": 20.0, "deadline_s": 40.0}
SHORT = {"timeout_s": 1.0, "deadline_s": 3.0}
"""For what only time can end."""
SPANISH = "Tu pedido ya salió del almacén y va en camino a tu casa, te aviso si algo cambia."
ENGLISH = "Your order has left the warehouse and it is on the way to your home, I will tell you if anything changes."
RAW = ("sk-", "boom", "Traceback", "Error", "Exception", "http://", "127.0.0.1", "rate limit", "{", "I can't help")
TRACK = Asked.of("track_order", number="10002")
NOTE = Asked.of("set_instructions", number="10002", instructions="toca el timbre azul")
ASKS = {
    "es": "¿Dónde está mi pedido 10002?",
    "en": "Where is my order 10002?",
    "pt": "Onde está o meu pedido 10002?",
}


@dataclass(frozen=True)
class Fault:
    """A failure and the cause it is counted under."""

    name: str
    answer: Answer
    cause: str

    @property
    def bounds(self) -> dict[str, float]:
        return SHORT if self.cause == "timeout" else PATIENT


FAULTS = (
    Fault("429", Failure(429, "rate_limit_exceeded"), "rate_limited"),
    Fault("429 for a second", Failure(429, headers={"retry-after": "1"}), "rate_limited"),
    Fault("429 for a minute and a half", Failure(429, headers={"retry-after": "90"}), "rate_limited"),
    Fault("no quota", Failure(429, "insufficient_quota", "insufficient_quota"), "quota"),
    Fault("401", Failure(401, "invalid_api_key"), "unauthorized"),
    Fault("500", Failure(500, kind="server_error"), "server_error"),
    Fault("reset", Trouble.RESET, "unreachable"),
    Fault("stall", Trouble.STALL, "timeout"),
    Fault("stall in the middle", Completion(SPANISH, after=Trouble.STALL_MIDWAY), "timeout"),
    Fault("comments only", Completion(SPANISH, after=Trouble.COMMENTS), "timeout"),
    Fault("drip", Completion(SPANISH, after=Trouble.DRIP), "timeout"),
    Fault("truncated", Completion(SPANISH, after=Trouble.TRUNCATED), "truncated_stream"),
    Fault("bad tool JSON", Completion(calls=(Asked("track_order", '{"number": 10'),)), "invalid_tool_arguments"),
    Fault("unknown tool for ever", Completion(calls=(Asked.of("drop_tables"),)), "call_limit"),
    Fault("endless loop of calls", Completion(calls=(TRACK,)), "call_limit"),
    Fault("content filter", Completion("Tu", finish="content_filter"), "content_filter"),
    Fault("refusal", Completion(refusal="I can't help with that."), "refusal"),
    Fault("empty", Completion(), "empty"),
    Fault("wrong language", Completion("您的订单已经发货,预计星期五下午送达。"), "wrong_language"),
    Fault("ten megabytes", Completion("va en camino " * 770_000, piece=10_000_000), "too_long"),
    Fault("not a completion", Trouble.GARBAGE, "unreadable"),
)


def fallbacks(cause: str) -> float:
    return REGISTRY.get_sample_value("postventa_model_fallbacks_total", {"cause": cause}) or 0.0


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
async def test_one_right_answer_in_time_whatever_fails(open_service, fault: Fault) -> None:
    service = await open_service(always(fault.answer), fault.bounds)
    talk, before = await service.world.open("lucia-hernandez"), fallbacks(fault.cause)
    answer = await service.say(talk, ASKS["es"])
    _is_right(answer)
    assert service.took[0] < service.world.services.turn_deadline_s
    assert fallbacks(fault.cause) == before + 1
    spoken = [one for one in (await talk.file()).messages if one.who is Speaker.AGENT]
    assert [one.text for one in spoken] == [answer["reply"]["text"]]


@pytest.mark.parametrize("language", ASKS)
async def test_the_answer_is_in_the_shopper_s_language(open_service, language: str) -> None:
    service = await open_service(always(Failure(401)))
    talk = await service.world.open("lucia-hernandez", locale=language)
    answer = await talk.say(ASKS[language])
    _is_right(answer)
    assert answer["language"] == language


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
async def test_a_change_is_proposed_once_and_made_once_whatever_fails_after_the_call(
    open_service, fault: Fault
) -> None:
    fails = always(fault.answer)

    def propose_then_fail(body: Any) -> Answer:
        return Completion(calls=(NOTE,)) if body["messages"][-1]["role"] == "user" else fails(body)

    service = await open_service(propose_then_fail, fault.bounds)
    talk = await service.world.open("lucia-hernandez")
    answer = await service.say(talk, "deja una nota para el repartidor del pedido 10002: toca el timbre azul")
    assert [one["status"] for one in answer["actions"]] == ["proposed"]
    assert "timbre azul" in answer["reply"]["text"]
    assert not [raw for raw in RAW if raw in answer["reply"]["text"]]
    order = await service.world.order("lucia-hernandez", "10002")
    await service.say(talk, "sí")
    await service.say(talk, "sí")
    after = await service.world.order("lucia-hernandez", "10002")
    assert (after.delivery.instructions, after.version) == ("toca el timbre azul", order.version + 1)
    executed = [one for one in (await talk.file()).actions if one.status is ActionStatus.EXECUTED]
    assert len(executed) == 1
    assert max(service.took) < service.world.services.turn_deadline_s


async def test_after_a_few_failures_the_next_turns_do_not_wait_for_the_llm(open_service) -> None:
    service = await open_service(always(Trouble.STALL), SHORT)
    before = fallbacks("circuit_open")
    for _ in range(6):
        talk = await service.world.open("lucia-hernandez")
        _is_right(await service.say(talk, ASKS["es"]))
    assert len(service.server.requests) == 3
    assert fallbacks("circuit_open") == before + 3
    assert max(service.took[3:]) < min(service.took[:3]), "who comes later waits less than a stall takes"


async def test_the_next_conversation_is_the_llm_s_again_once_it_answers(open_service) -> None:
    service = await open_service(always(Failure(500)))
    talk = await service.world.open("lucia-hernandez")
    assert (await talk.say(ASKS["es"]))["usage"]["model"] == "embedded"
    service.server.policy = always(Completion("Tu pedido 10002 va en camino, con gusto reviso lo que necesites."))
    answer = await talk.say("¿y el 10002 de verdad viene en camino?")
    assert answer["usage"]["model"] == "openai:local"
    assert answer["reply"]["text"].startswith("Tu pedido 10002 va en camino")


def _is_right(answer: Any) -> None:
    text = answer["reply"]["text"]
    assert "10002" in text
    assert answer["usage"]["model"] == "embedded"
    assert not [raw for raw in RAW if raw in text]
    assert answer["handoff"] is None


OFFERS = "Tu pedido 10078 viene de regreso a nuestro almacén. ¿Prefieres que te lo mandemos otra vez o que te devolvamos el dinero?"


async def test_the_embedded_model_takes_up_what_the_llm_offered_before_it_failed(open_service) -> None:
    def look_offer_and_fail(body: Any) -> Answer:
        last = body["messages"][-1]
        if last["role"] == "tool":
            return Completion(OFFERS)
        return (
            Completion(calls=(Asked.of("track_order", number="10078"),)) if "10078" in last["content"] else Failure(500)
        )

    service = await open_service(look_offer_and_fail)
    talk = await service.world.open("arturo-cervantes")
    first = await talk.say("¿mi pedido 10078 regresó al almacén?")
    assert (first["usage"]["model"], first["asks"]) == ("openai:local", ["choice"])
    second = await talk.say("quiero mi dinero")
    assert [(one["kind"], one["status"]) for one in second["actions"]] == [("open_claim", "proposed")]
    assert second["usage"]["model"] == "embedded"
