"""Whatever a tool raises, a model sees a code and never a text, and what happened is kept."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from langchain.tools.tool_node import ToolCallRequest
from langchain_core.messages import ToolMessage
from pydantic import BaseModel, ValidationError

from agent.loop.brief import TurnScope
from agent.loop.tool_watch import ToolWatch
from tools.errors import AskAgain, Final
from tools.shop.errors import NotPossible, ShopUnavailable, StaleVersion

Handler = Callable[[ToolCallRequest], Awaitable[Any]]
SECRET = "calle Orizaba 121, password hunter2"


@pytest.fixture
def told() -> list[tuple[str, dict[str, Any]]]:
    return []


@pytest.fixture
def scope(told: list[tuple[str, dict[str, Any]]]) -> TurnScope:
    async def watch(event: str, data: dict[str, Any]) -> None:
        told.append((event, data))

    scope = TurnScope.__new__(TurnScope)
    scope.trace, scope.watch, scope.outage = [], watch, False
    return scope


def request(scope: TurnScope) -> ToolCallRequest:
    call = {"name": "get_order", "args": {"number": "10002"}, "id": "call_1", "type": "tool_call"}
    return ToolCallRequest(tool_call=call, tool=None, state={}, runtime=SimpleNamespace(context=scope))  # type: ignore[arg-type, typeddict-item]


def raising(error: BaseException) -> Handler:
    async def handler(_: ToolCallRequest) -> Any:
        raise error

    return handler


async def answering(_: ToolCallRequest) -> ToolMessage:
    return ToolMessage('{"number":"10002"}', tool_call_id="call_1", name="get_order")


def a_validation_error() -> ValidationError:
    class Number(BaseModel):
        number: int

    try:
        Number.model_validate({"number": SECRET})
    except ValidationError as error:
        return error
    raise AssertionError


async def test_an_answer_passes_through_and_is_kept(scope: TurnScope, told: list[Any]) -> None:
    message = await ToolWatch().awrap_tool_call(request(scope), answering)
    (call,) = scope.trace
    assert message.content == '{"number":"10002"}'
    assert (call.name, call.arguments, call.result, call.ok, call.position) == (
        "get_order",
        {"number": "10002"},
        '{"number":"10002"}',
        True,
        0,
    )
    assert [event for event, _ in told] == ["tool.started", "tool.finished"]
    assert told[1][1]["ok"] is True


FAILURES = [
    (AskAgain("unknown_order", number="10009"), {"error": "unknown_order", "ask_again": True, "number": "10009"}),
    (AskAgain("bad_day", day=date(2026, 1, 2)), {"error": "bad_day", "ask_again": True, "day": "2026-01-02"}),
    (Final("too_many_attempts"), {"error": "too_many_attempts", "ask_again": False}),
    (ShopUnavailable("timeout", SECRET), {"error": "order_system_unavailable", "ask_again": False}),
    (StaleVersion("stale", SECRET), {"error": "stale", "ask_again": True}),
    (NotPossible("out_of_stock", SECRET), {"error": "out_of_stock", "ask_again": True}),
    (ValueError(SECRET), {"error": "invalid_arguments", "ask_again": True}),
    (TypeError(SECRET), {"error": "invalid_arguments", "ask_again": True}),
    (a_validation_error(), {"error": "invalid_arguments", "ask_again": True}),
]


@pytest.mark.parametrize(("error", "seen"), FAILURES, ids=lambda one: type(one).__name__)
async def test_a_failure_is_a_code_to_the_model(
    scope: TurnScope, told: list[Any], error: Exception, seen: dict[str, Any]
) -> None:
    message = await ToolWatch().awrap_tool_call(request(scope), raising(error))
    assert json.loads(str(message.content)) == seen
    assert (message.status, message.tool_call_id, message.name) == ("error", "call_1", "get_order")
    assert scope.trace[0].ok is False
    assert told[1] == ("tool.finished", {"name": "get_order", "ok": False, "ms": scope.trace[0].ms})
    assert SECRET not in str(message) + str(scope.trace)


async def test_only_a_shop_that_does_not_answer_is_an_outage(scope: TurnScope) -> None:
    await ToolWatch().awrap_tool_call(request(scope), raising(AskAgain("unknown_order")))
    assert scope.outage is False
    await ToolWatch().awrap_tool_call(request(scope), raising(ShopUnavailable("timeout")))
    assert scope.outage is True


async def test_a_tool_that_never_answers_is_given_up_as_an_outage(scope: TurnScope) -> None:
    async def silent(_: ToolCallRequest) -> Any:
        await asyncio.Event().wait()

    message = await ToolWatch(timeout_s=0.01).awrap_tool_call(request(scope), silent)
    assert json.loads(str(message.content))["error"] == "order_system_unavailable"
    assert scope.outage is True


@pytest.mark.parametrize("error", [RuntimeError(SECRET), KeyError(SECRET), asyncio.CancelledError()])
async def test_a_defect_is_not_dressed_up_as_an_answer(scope: TurnScope, error: BaseException) -> None:
    with pytest.raises(type(error)):
        await ToolWatch().awrap_tool_call(request(scope), raising(error))
    assert scope.trace == []
