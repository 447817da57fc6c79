"""LangChain's OpenAI clients, made to give up, and to read their answers straight from the wire.

Importing this module imports langchain-openai (seconds): only a service with a model set does.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from langchain_core.callbacks import AsyncCallbackManagerForLLMRun
from langchain_core.language_models import LanguageModelInput
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_openai import AzureChatOpenAI, ChatOpenAI
from langchain_openai.chat_models.base import BaseChatOpenAI

from agent.loop.reasoning import fit_parameters, thinks
from agent.loop.sentences import listener
from agent.loop.stream_reading import read_stream


class _Bounded(BaseChatOpenAI):
    """Gives up on a stream that does not end, that refuses, or whose tool arguments were cut short.

    ``own_api`` says that the endpoint is OpenAI's own, or Azure's, and not one that merely speaks the protocol;
    ``silence_s`` how long an answer may pause. Requests, errors and connections are the SDK's.
    """

    own_api: bool = True
    silence_s: float = 20.0

    async def aclose(self) -> None:
        """Close the connection pool."""
        await self.root_async_client.close()

    async def complete(self, messages: Sequence[BaseMessage], tools: Sequence[dict[str, Any]] = ()) -> AIMessage:
        """The completion, asked for in place: without LangChain's binding, callbacks and tasks."""
        known: dict[str, Any] = {"tools": list(tools)} if tools else {}
        return await self._read(self._get_request_payload(list(messages), stop=None, **known))

    def _get_request_payload(
        self, input_: LanguageModelInput, *, stop: list[str] | None = None, **kwargs: Any
    ) -> dict[str, Any]:
        payload: dict[str, Any] = super()._get_request_payload(input_, stop=stop, **kwargs)
        thinking = thinks(self.model_name) or bool(self.reasoning_effort)
        return fit_parameters(payload, thinking=thinking, own_api=self.own_api)

    async def _agenerate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,  # noqa: ARG002  the base names it
        **kwargs: Any,
    ) -> ChatResult:
        message = await self._read(self._get_request_payload(messages, stop=stop, **kwargs))
        return ChatResult(generations=[ChatGeneration(message=message)])

    async def _read(self, payload: dict[str, Any]) -> AIMessage:
        """What is sent goes past the SDK's walk over every key of every request: it is JSON already (measured: 2 ms a call)."""
        payload = {**payload, "stream": True, "stream_options": {"include_usage": True}}
        payload.update(payload.pop("extra_body", None) or {})
        asking = self.async_client.with_streaming_response.create(
            model=self.model_name, messages=[], stream=True, extra_body=payload
        )
        async with asking as answer:
            return await read_stream(answer, listener(), self.silence_s)


class BoundedChat(_Bounded, ChatOpenAI):
    """Of OpenAI, and of every endpoint that speaks its protocol."""


class BoundedAzure(_Bounded, AzureChatOpenAI):
    """Of Azure's interface by deployment and API version."""
