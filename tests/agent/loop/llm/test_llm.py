"""The sound path: conversations through langchain-openai over real sockets."""

from __future__ import annotations

import json

import pytest

from agent.conversation import Request
from evals.openai_answers import Asked, Completion, look_then_tell
from tools.scope import Identity
from tools.shop.models import CustomerId

CASA = {"line1": "Av. Reforma 222", "city": "Ciudad de México", "postal_code": "06600"}
ON_ITS_WAY = "Tu pedido 10002 ya salió y va en camino a tu casa."
TRACK = Asked.of("track_order", number="10002")
MOVE = Asked.of("change_address", number="10021", address=CASA)
DIEGO = Identity(2, CustomerId("diego-ramirez"))


def calls_for(text: str = ON_ITS_WAY, call: Asked = TRACK) -> tuple[Completion, Completion]:
    return Completion(calls=(call,), usage=(900, 20)), Completion(text, usage=(1200, 30))


async def test_a_question_is_answered_after_a_look_at_the_order(bench) -> None:
    here = await bench(*calls_for())
    said, scope = await here.turn("¿Dónde está mi pedido 10002?", "order_status")
    assert said.text == ON_ITS_WAY
    assert (said.model, scope.fallbacks) == ("openai:local", [])
    assert [(call.name, call.ok) for call in scope.trace] == [("track_order", True)]
    answered = here.server.requests[1]["messages"][-1]
    assert json.loads(answered["content"].split("\n")[1])["number"] == "10002"
    assert len(here.server.requests) == 2


async def test_the_tokens_of_every_call_are_counted(bench) -> None:
    said, _ = await (await bench(*calls_for())).turn("¿Dónde está?", "order_status")
    assert (said.input_tokens, said.output_tokens) == (2100, 50)


@pytest.mark.parametrize("piece", [1, 7, 4000])
async def test_deltas_of_any_size_are_put_together(bench, piece: int) -> None:
    first, second = calls_for()
    here = await bench(Completion(calls=first.calls, piece=piece), Completion(second.text, piece=piece))
    said, scope = await here.turn("¿Dónde está?", "order_status")
    assert said.text == ON_ITS_WAY
    assert dict(scope.trace[0].arguments) == {"number": "10002"}
    assert all(body["stream"] and body["stream_options"] == {"include_usage": True} for body in here.server.requests)


async def test_several_calls_at_once_are_all_answered_in_one_request(bench) -> None:
    both = Completion(calls=(TRACK, Asked.of("refund_status", number="10001")))
    here = await bench(both, Completion(ON_ITS_WAY))
    await here.turn("¿Dónde está, y mi reembolso?", "order_status", "refund_status")
    results = [one["tool_call_id"] for one in here.server.requests[1]["messages"] if one["role"] == "tool"]
    assert results == ["call_1_0", "call_1_1"]


async def test_the_model_is_told_the_case_and_every_tool_but_no_customer(bench) -> None:
    here = await bench(*calls_for())
    await here.turn("¿Dónde está?", "order_status", customer_name="Lucía")
    body = here.server.requests[0]
    assert body["messages"][0]["role"] == "system"
    assert "Tienda Andén" in body["messages"][0]["content"]
    assert {"verify_order", "track_order", "ask_for_person"} <= {tool["function"]["name"] for tool in body["tools"]}
    assert "lucia-hernandez" not in json.dumps(body)


async def test_beside_a_proposal_the_model_asks_nothing_of_its_own(bench) -> None:
    lead = "Claro, lo cambio con gusto. ¿Quieres que siga? ¿Todo bien?"
    here = await bench(*calls_for(lead, MOVE))
    said, scope = await here.turn("Cambia la dirección del 10021 a Reforma 222", "change_address", identity=DIEGO)
    assert len(scope.proposals) == 1
    assert said.text == "Claro, lo cambio con gusto."
    assert said.asks == ("confirmation",)
    assert [(one.intent, one.stage) for one in said.agenda] == [("change_address", "confirm")]


async def test_a_reply_that_asks_keeps_the_wish_and_says_what_it_asks(bench) -> None:
    here = await bench(Completion("Con gusto. ¿Me das el número de pedido y el correo con el que compraste?"))
    said, _ = await here.turn("¿Dónde está mi pedido?", "order_status", identity=Identity())
    assert said.asks == ("order_number", "email")
    assert [one.intent for one in said.agenda] == ["order_status"]


async def test_a_wish_that_was_met_leaves_the_agenda(bench) -> None:
    said, _ = await (await bench(*calls_for())).turn("¿Dónde está?", "order_status")
    assert said.agenda == ()


async def test_a_repair_is_asked_once_with_what_had_no_ground_and_what_the_tools_said(bench) -> None:
    here = await bench(*calls_for("Llega el 3 de diciembre."), Completion("Va en camino a tu casa.", usage=(1300, 9)))
    said, scope = await here.turn("¿Dónde está?", "order_status")
    repaired = await here.loop.repair(scope, here.file("¿Dónde está?"), said, ("day 12-03",))
    assert repaired.text == "Va en camino a tu casa."
    assert (repaired.input_tokens, repaired.output_tokens) == (3400, 59)
    assert len(here.server.requests) == 3
    roles = [one["role"] for one in here.server.requests[2]["messages"]]
    assert roles == ["system", "user", "assistant", "tool", "assistant", "user"]
    assert "day 12-03" in here.server.requests[2]["messages"][-1]["content"]
    assert len(scope.trace) == 1


async def test_a_repair_that_fails_is_finished_from_the_answers_already_there(bench) -> None:
    here = await bench(*calls_for("Llega el 3 de diciembre."))
    said, scope = await here.turn("¿Dónde está mi pedido 10002?", about("order_status", "10002"))
    repaired = await here.loop.repair(scope, here.file("¿Dónde está mi pedido 10002?"), said, ("day 12-03",))
    assert repaired.model == "embedded"
    assert "10002" in repaired.text
    assert [call.name for call in scope.trace].count("track_order") == 1


async def test_the_embedded_model_retells_a_reply_without_asking_the_llm_again(bench) -> None:
    here = await bench(*calls_for("Llega el 3 de diciembre."))
    said, scope = await here.turn("¿Dónde está mi pedido 10002?", about("order_status", "10002"))
    retold = await here.loop.retell(scope, here.file("¿Dónde está mi pedido 10002?"), said, ("day 12-03",))
    assert (retold.model, scope.fallbacks) == ("embedded", ["guard"])
    assert "10002" in retold.text
    assert len(here.server.requests) == 2
    assert (retold.input_tokens, retold.output_tokens) == (2100, 50)


async def test_a_retold_proposal_is_not_made_a_second_time(bench) -> None:
    here = await bench(*calls_for("Ya cambié la dirección.", MOVE))
    said, scope = await here.turn("Cambia la dirección del 10021", "change_address", identity=DIEGO)
    retold = await here.loop.retell(scope, here.file("Cambia la dirección"), said, ("claims executed",))
    assert len(scope.proposals) == 1
    assert "Ya cambié" not in retold.text
    assert "Av. Reforma 222" in retold.text
    assert retold.asks == ("confirmation",)


async def test_connections_are_shared_between_turns(bench) -> None:
    here = await bench(policy=look_then_tell(TRACK, ON_ITS_WAY))
    for _ in range(3):
        await here.turn("¿Dónde está?", "order_status")
    assert len(here.server.requests) == 6
    assert here.server.connections == 1


def about(intent: str, number: str) -> Request:
    return Request(intent, "¿Dónde está mi pedido?", {"order": number})
