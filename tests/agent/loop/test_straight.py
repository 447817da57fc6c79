"""Without a graph the embedded model holds the same conversations as within one."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from langchain.agents.middleware import AgentMiddleware
from langchain_core.messages import AIMessage, HumanMessage, ToolMessage

from agent.loop.agent import Loop
from agent.loop.embedded.model import EmbeddedChat
from agent.loop.straight import StraightRun
from agent.loop.system_prompt import SystemPrompt
from agent.loop.wording import Wording
from evals.conversation_files import read_scenarios
from evals.conversations import Template, hold, make_template
from evals.world import Library
from tools.catalogue import all_tools

SCENARIOS = read_scenarios()[::20]


@pytest.fixture(scope="module")
def template(library: Library, tmp_path_factory: pytest.TempPathFactory) -> Template:
    return asyncio.run(make_template(library, tmp_path_factory.mktemp("shop")))


@pytest.fixture(scope="module")
def traced(library: Library) -> Library:
    sentences = library.thinking.sentences
    embedded = EmbeddedChat(sentences=sentences, wording=Wording(sentences))
    loop = Loop(embedded=embedded, tools=all_tools(), prompt=SystemPrompt(), traced=True)
    return replace(library, thinking=replace(library.thinking, loop=loop))


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda one: one.id)
async def test_the_same_words_tools_and_orders_either_way(
    scenario: Any, library: Library, traced: Library, template: Template, tmp_path: Path
) -> None:
    straight = await hold(scenario, library, template, tmp_path / "straight")
    graph = await hold(scenario, traced, template, tmp_path / "graph")
    assert straight.transcript() == graph.transcript()
    assert straight.transcript().count("\n") >= len(scenario.turns)


class Calls(AgentMiddleware[Any, Any, Any]):
    """Answers in the model's place: with tool calls without end, or once with two at a time."""

    def __init__(self, *rounds: int, endless: bool = False) -> None:
        super().__init__()
        self._rounds = list(rounds)
        self._endless = endless

    async def awrap_model_call(self, request: Any, handler: Any) -> Any:
        count = 1 if self._endless else (self._rounds.pop(0) if self._rounds else 0)
        calls = [{"name": "search_knowledge", "args": {}, "id": f"call_{number}"} for number in range(count)]
        response = AIMessage("so it is" if not calls else "", tool_calls=calls)
        return type("Response", (), {"result": [response]})()

    async def awrap_tool_call(self, request: Any, handler: Any) -> ToolMessage:
        return ToolMessage("{}", tool_call_id=request.tool_call["id"], name=request.tool_call["name"])


async def run(library: Library, calls: Calls) -> list[Any]:
    sentences = library.thinking.sentences
    embedded = EmbeddedChat(sentences=sentences, wording=Wording(sentences))
    ran = await StraightRun(embedded, all_tools(), [calls]).ainvoke({"messages": [HumanMessage("hola")]}, context=None)  # type: ignore[arg-type]
    return list(ran["messages"])


async def test_calls_of_one_step_are_answered_in_their_order(library: Library) -> None:
    messages = await run(library, Calls(2, 1))
    assert [one.type for one in messages] == ["human", "ai", "tool", "tool", "ai", "tool", "ai"]
    assert [one.tool_call_id for one in messages if isinstance(one, ToolMessage)] == ["call_0", "call_1", "call_0"]


async def test_a_model_that_never_replies_is_ended(library: Library) -> None:
    with pytest.raises(RecursionError, match="without a reply"):
        await run(library, Calls(endless=True))
