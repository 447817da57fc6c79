"""A scoped tool answers alike whether or not somebody listens to the run, and validates what a model wrote."""

from __future__ import annotations

from typing import Any

import pytest
from langchain.tools import ToolRuntime
from langchain_core.callbacks import AsyncCallbackHandler
from langchain_core.messages import ToolMessage
from langchain_core.tools import tool
from pydantic import ValidationError

from tools.effects import Effect, effect, effect_of


@effect(Effect.READ)
@tool(parse_docstring=True)
async def double(count: int, runtime: ToolRuntime[None]) -> str:
    """Double a number.

    Args:
        count: The number.

    """
    return f"{runtime.tool_call_id}: {2 * count}"


class Listener(AsyncCallbackHandler):
    def __init__(self) -> None:
        self.heard: list[str] = []

    async def on_tool_start(self, serialized: Any, input_str: str, **_: Any) -> None:
        self.heard.append(serialized["name"])


HERE = ToolRuntime[None](
    state={}, context=None, config={}, stream_writer=lambda _: None, tool_call_id="call_1", store=None
)


def call(**arguments: object) -> dict[str, Any]:
    return {"type": "tool_call", "name": "double", "id": "call_1", "args": {"runtime": HERE, **arguments}}


async def test_whoever_listens_hears_of_the_run_and_the_answer_is_the_same() -> None:
    listener = Listener()
    watched = await double.ainvoke(call(count="4"), {"callbacks": [listener]})
    assert listener.heard == ["double"]
    alone = await double.ainvoke(call(count="4"))
    assert isinstance(alone, ToolMessage)
    assert (alone.content, alone.name, alone.tool_call_id, alone.status) == ("call_1: 8", "double", "call_1", "success")
    assert alone == watched


@pytest.mark.parametrize("config", [{}, {"callbacks": [Listener()]}], ids=["alone", "watched"])
@pytest.mark.parametrize("arguments", [{}, {"count": "many"}], ids=["missing", "wrong"])
async def test_arguments_that_do_not_fit_are_refused(config: dict[str, Any], arguments: dict[str, str]) -> None:
    with pytest.raises(ValidationError, match="count"):
        await double.ainvoke(call(**arguments), config)  # type: ignore[arg-type]


def test_the_effect_is_declared_on_the_tool() -> None:
    assert effect_of(double) is Effect.READ
