import json

import pytest
from langchain.agents import create_agent
from langchain_core.language_models.fake_chat_models import GenericFakeChatModel
from langchain_core.messages import AIMessage, ToolMessage
from langchain_core.tools import BaseTool
from langchain_core.utils.function_calling import convert_to_openai_tool

from tools.catalogue import all_tools
from tools.effects import Effect, effect_of
from tools.scope import Identity, Scope
from tools.shop.changes import ChangeKind

READ = {
    "verify_order", "send_code", "check_code", "list_orders", "get_order", "track_order", "delivery_options",
    "return_options", "exchange_options", "product_stock", "refund_status", "get_invoice", "search_knowledge",
    "customer_profile",
}  # fmt: skip
PROPOSE = {
    "change_address", "change_slot", "change_pickup", "hold_delivery", "set_instructions", "cancel_order",
    "change_items", "change_payment", "return_items", "exchange_items", "report_problem", "change_profile_address",
    "cancel_return", "ask_for_person",
}  # fmt: skip
DECIDED_BY_CODE = {"customer_id", "customer", "user_id", "price", "amount", "refund", "refund_amount", "fee", "runtime"}


def names(kind: Effect) -> set[str]:
    return {tool.name for tool in all_tools() if effect_of(tool) is kind}


def test_every_tool_declares_its_effect() -> None:
    assert names(Effect.READ) == READ
    assert names(Effect.PROPOSE) == PROPOSE
    assert len(all_tools()) == len(READ | PROPOSE)


def test_a_tool_without_a_declared_effect_is_refused() -> None:
    class Undeclared(BaseTool):
        name: str = "undeclared"
        description: str = "nothing"

        def _run(self) -> str:
            return ""

    with pytest.raises(KeyError):
        effect_of(Undeclared())


@pytest.mark.parametrize("tool", all_tools(), ids=lambda tool: tool.name)
def test_a_model_sees_every_argument_explained_and_none_that_code_decides(tool: BaseTool) -> None:
    function = convert_to_openai_tool(tool)["function"]
    properties = function["parameters"]["properties"]
    assert not DECIDED_BY_CODE & set(properties)
    assert "runtime" not in function["description"]
    assert all(item.get("description") for item in properties.values())


def test_all_definitions_together_stay_small_enough_to_be_sent_with_every_call() -> None:
    assert len(json.dumps([convert_to_openai_tool(tool) for tool in all_tools()])) < 20_000


def test_every_kind_of_change_has_a_tool_that_proposes_it() -> None:
    by_another_name = {
        ChangeKind.INSTRUCTIONS: "set_instructions",
        ChangeKind.CLAIM: "report_problem",
        ChangeKind.CANCEL_EXCHANGE: "cancel_return",
    }
    assert {by_another_name.get(kind, kind.value) for kind in ChangeKind} | {"ask_for_person"} == PROPOSE


class Scripted(GenericFakeChatModel):
    def bind_tools(self, tools, **kwargs):
        return self


async def test_an_agent_hands_the_scope_to_a_tool_and_not_to_the_model(make_scope) -> None:
    call = {"name": "get_order", "args": {"number": "#10001"}, "id": "call_1"}
    model = Scripted(messages=iter([AIMessage("", tool_calls=[call]), AIMessage("ok")]))
    agent = create_agent(model, all_tools(), context_schema=Scope)
    scope = make_scope(Identity(2, "lucia-hernandez"))
    result = await agent.ainvoke({"messages": [("user", "¿mi pedido?")]}, context=scope)
    answer = next(message for message in result["messages"] if isinstance(message, ToolMessage))
    assert json.loads(answer.text)["number"] == "10001"
    assert answer.text == json.dumps(json.loads(answer.text), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
