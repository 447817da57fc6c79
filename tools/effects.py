"""What a tool may do to the world, declared on the tool itself; code acts on it, the model does not see it."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from functools import cached_property
from typing import Any, TypeGuard

from langchain_core.callbacks import BaseCallbackManager
from langchain_core.messages import ToolCall, ToolMessage
from langchain_core.runnables import RunnableConfig
from langchain_core.tools import BaseTool, StructuredTool
from pydantic import BaseModel


class Effect(StrEnum):
    """``READ`` changes nothing but the scope; ``PROPOSE`` leaves something for the shopper or a person to decide."""

    READ = "read"
    PROPOSE = "propose"


class ScopedTool(StructuredTool):
    """A tool whose ``runtime`` is handed through as it is; only what the model wrote is validated.

    ``StructuredTool`` validates the runtime together with the arguments and then dumps both, the whole state and all
    tools with them: 8 ms a call where this takes 0.1 ms (measured with langchain-core 1.7).
    """

    @cached_property
    def _written(self) -> type[BaseModel]:
        """The schema of what a model may write."""
        schema = self.tool_call_schema
        if isinstance(schema, dict) or not issubclass(schema, BaseModel):
            raise TypeError(f"{self.name}: a Pydantic schema is wanted")
        return schema

    async def ainvoke(
        self, input: str | dict[str, Any] | ToolCall, config: RunnableConfig | None = None, **kwargs: Any
    ) -> Any:
        """Run the coroutine in place when nobody listens to the run: telling nobody takes longer than most tools."""
        if self.coroutine is None or not _is_call(input) or _is_watched(config):
            return await super().ainvoke(input, config, **kwargs)
        result = await self.coroutine(**self._validated(input["args"]))
        return ToolMessage(result, name=self.name, tool_call_id=input["id"])

    def _parse_input(self, tool_input: str | dict[str, Any], tool_call_id: str | None) -> str | dict[str, Any]:
        if isinstance(tool_input, str):
            return super()._parse_input(tool_input, tool_call_id)
        return self._validated(tool_input)

    def _validated(self, arguments: dict[str, Any]) -> dict[str, Any]:
        runtime = arguments.get("runtime")
        written = self._written.model_validate({name: value for name, value in arguments.items() if name != "runtime"})
        return {**{name: getattr(written, name) for name in type(written).model_fields}, "runtime": runtime}


def _is_call(given: str | dict[str, Any] | ToolCall) -> TypeGuard[ToolCall]:
    return isinstance(given, dict) and given.get("type") == "tool_call"


def _is_watched(config: RunnableConfig | None) -> bool:
    callbacks = (config or {}).get("callbacks")
    return bool(callbacks.handlers if isinstance(callbacks, BaseCallbackManager) else callbacks)


def effect(kind: Effect) -> Callable[[BaseTool], BaseTool]:
    """Declare a tool's effect; goes above ``@tool``. Raises ``TypeError`` for a tool that is not a coroutine's."""

    def declare(subject: BaseTool) -> BaseTool:
        if not isinstance(subject, StructuredTool) or subject.coroutine is None:
            raise TypeError(f"{subject.name}: not made from a coroutine")
        return ScopedTool(
            name=subject.name,
            description=subject.description,
            args_schema=subject.args_schema,
            coroutine=subject.coroutine,
            metadata={**(subject.metadata or {}), "effect": kind.value},
        )

    return declare


def effect_of(subject: BaseTool) -> Effect:
    """The declared effect. KeyError for a tool without one: such a tool must not be given to a model."""
    return Effect((subject.metadata or {})["effect"])
