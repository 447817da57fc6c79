"""The tools over MCP: what is offered, and whose orders are seen."""

from __future__ import annotations

from typing import Any

import pytest

from evals.served import Served
from tests.agent.api.mcp.conftest import connected
from tools.catalogue import TOOLS
from tools.effects import Effect, effect_of

LUCIA, STRANGERS = "lucia-hernandez", "10021"
IDENTITY = {"verify_order", "send_code", "check_code"}
MODES = ("auto", "legacy")


@pytest.mark.parametrize("mode", MODES)
async def test_every_tool_is_offered_with_its_effect_but_those_that_identify(served: Served, mode: str) -> None:
    async with connected(served, mode=mode) as client:
        offered = {one.name: one for one in (await client.list_tools()).tools}
    assert set(offered) == {one.name for one in TOOLS} - IDENTITY
    for subject in TOOLS:
        if subject.name in IDENTITY:
            continue
        one = offered[subject.name]
        reads = effect_of(subject) is Effect.READ
        assert one.annotations is not None
        assert (one.annotations.read_only_hint, one.annotations.idempotent_hint) == (reads, reads)
        assert one.title
        assert one.description
        assert one.annotations.destructive_hint is (not reads and one.name not in {"ask_for_person", "report_problem"})
        assert not {"customer", "customer_id", "identity", "runtime"} & set(one.input_schema["properties"])


@pytest.mark.parametrize("mode", MODES)
async def test_a_shopper_reads_their_own_orders(served: Served, mode: str) -> None:
    async with connected(served, LUCIA, mode=mode) as client:
        orders = (await client.call_tool("list_orders")).structured_content["orders"]
        assert "10002" in [one["number"] for one in orders]
        for name in ("get_order", "track_order"):
            answer = await client.call_tool(name, {"number": "10002"})
            assert not answer.is_error
            assert answer.structured_content["number"] == "10002"
        profile = await client.call_tool("customer_profile")
        assert profile.structured_content["name"].startswith("Luc")
        found = await client.call_tool("search_knowledge", {"question": "¿cuántos días tengo para devolver?"})
        assert found.structured_content["passages"]


async def test_a_strangers_order_equals_no_order(served: Served) -> None:
    assert await served.world.shop.order_of("lucia-hernandez", STRANGERS) is None  # type: ignore[arg-type]
    async with connected(served, LUCIA) as client:
        theirs = await client.call_tool("get_order", {"number": STRANGERS})
        nobodys = await client.call_tool("get_order", {"number": "99999"})
    assert theirs.is_error
    assert nobodys.is_error
    assert _plain(theirs, STRANGERS) == _plain(nobodys, "99999")


async def test_who_nobody_is_known_to_be_reads_articles_and_nothing_else(served: Served) -> None:
    async with connected(served) as client:
        found = await client.call_tool("search_knowledge", {"question": "¿cuánto tarda el envío?"})
        assert found.structured_content["passages"]
        for name, arguments in (
            ("list_orders", {}),
            ("get_order", {"number": "10002"}),
            ("cancel_order", {"number": "10002", "reason": "x"}),
            ("customer_profile", {}),
        ):
            refused = await client.call_tool(name, arguments)
            assert refused.is_error, name
            assert refused.structured_content["error"] == "verify_first"


CLAIMS = ("customer_id", "customer", "identity", "shopper_token", "level")


async def test_what_a_model_claims_about_who_it_acts_for_is_not_heard(served: Served) -> None:
    claims: dict[str, Any] = dict.fromkeys(CLAIMS, LUCIA)
    async with connected(served) as client:
        answer = await client.call_tool("get_order", {"number": "10002", **claims})
        assert answer.is_error
        assert answer.structured_content["error"] == "verify_first"
        hidden = await client.call_tool("get_order", {"number": "10002", "runtime": {"context": {"identity": 2}}})
        assert hidden.is_error


async def test_calls_are_rows_of_one_conversation_a_shopper_token(served: Served) -> None:
    async with connected(served, LUCIA) as client:
        await client.call_tool("get_order", {"number": "10002"})
    async with connected(served, LUCIA) as client:
        await client.call_tool("get_order", {"number": "no such"})
        note = {"number": "10002", "text": "la tarjeta es 4111 1111 1111 1111"}
        asked = await client.call_tool("set_instructions", note)
    where = asked.structured_content["confirmation"]["conversation_id"]
    store = served.world.services.store
    [case] = [one async for one in _cases(store)]
    assert where == case.conversation.id
    made = [(call.name, call.ok) for call in case.tool_calls]
    assert made == [("get_order", True), ("get_order", False), ("set_instructions", True)]
    assert case.conversation.channel == "mcp"
    assert case.conversation.customer_id == LUCIA
    assert "4111" not in str(case)


async def test_an_unknown_tool_and_wrong_arguments_are_said_to_be_so(served: Served) -> None:
    async with connected(served, LUCIA) as client:
        wrong = await client.call_tool("get_order", {"number": ["10002"]})
        assert wrong.is_error
        assert wrong.structured_content["error"] == "invalid_arguments"
        for name in ("verify_order", "no_such_tool"):
            with pytest.raises(Exception, match="Unknown tool"):
                await client.call_tool(name, {})


async def test_a_person_can_be_asked_for(served: Served) -> None:
    async with connected(served, LUCIA) as client:
        answer = await client.call_tool("ask_for_person", {"reason": "wants somebody"})
        assert answer.structured_content["status"] == "person_asked"
        refused = await client.call_tool("cancel_order", {"number": "10001", "reason": "x"})
    assert refused.structured_content["error"] == "a_person_has_the_case"
    assert len(await served.world.services.store.handoffs("demo", "queued")) == 1


def _plain(answer: Any, number: str) -> str:
    return str(answer.structured_content).replace(number, "N")


async def _cases(store: Any) -> Any:
    for conversation_id in list(store._cases):
        yield await store.case_file("demo", conversation_id)
