"""The LLM behind an OpenAI-compatible endpoint, with the failover that survives it.

Importing this module imports langchain-openai (seconds): only a service with a model set does.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

import httpx2
from langchain_core.callbacks import AsyncCallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel, LanguageModelInput
from langchain_core.messages import AIMessageChunk, BaseMessage, BaseMessageChunk
from langchain_core.outputs import ChatGenerationChunk
from langchain_openai import ChatOpenAI
from openai import DefaultAsyncHttpxClient
from pydantic import SecretStr

from agent.loop.bad_completion import BadCompletion
from agent.loop.embedded.model import EmbeddedChat
from agent.loop.failover import Failover

OPENAI = "https://api.openai.com/v1"
MOST_CHARS = 20_000
MOST_CHUNKS = 4_000
POOL = httpx2.Limits(max_connections=200, max_keepalive_connections=50, keepalive_expiry=30.0)


@dataclass(frozen=True, slots=True)
class LlmSettings:
    """``name`` as the endpoint knows it; ``base_url`` empty for OpenAI's own.

    ``timeout_s`` bounds connecting and each silence within an answer, ``deadline_s`` all model calls of a turn.
    """

    name: str
    api_key: str
    base_url: str = ""
    timeout_s: float = 20.0
    deadline_s: float = 45.0


class BoundedChat(ChatOpenAI):
    """Gives up on a stream that does not end, that refuses, or whose tool arguments were cut short."""

    async def aclose(self) -> None:
        """Close the connection pool."""
        await self.root_async_client.close()

    def _get_request_payload(
        self, input_: LanguageModelInput, *, stop: list[str] | None = None, **kwargs: Any
    ) -> dict[str, Any]:
        """Pass the tools by the SDK's walk over every key of every request: they are JSON already (measured: 2 ms a call)."""
        payload: dict[str, Any] = super()._get_request_payload(input_, stop=stop, **kwargs)
        tools = payload.pop("tools", None)
        return {**payload, "extra_body": {**payload.get("extra_body", {}), "tools": tools}} if tools else payload

    def _convert_chunk_to_generation_chunk(
        self,
        chunk: dict[str, Any],
        default_chunk_class: type[BaseMessageChunk],
        base_generation_info: dict[str, Any] | None,
    ) -> ChatGenerationChunk | None:
        """Hear a refusal, which LangChain drops from a stream. Raises ``BadCompletion("refusal")``."""
        if any((choice.get("delta") or {}).get("refusal") for choice in chunk.get("choices") or ()):
            raise BadCompletion("refusal")
        return super()._convert_chunk_to_generation_chunk(chunk, default_chunk_class, base_generation_info)

    async def _astream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> AsyncIterator[ChatGenerationChunk]:
        made = _Made()
        async with aclosing(super()._astream(messages, stop, run_manager, **kwargs)) as stream:  # type: ignore[type-var]
            async for chunk in stream:
                made.add(chunk.message)
                yield chunk
        made.check()


class _Made:
    """A stream's size so far, and the arguments of its calls as they were sent: LangChain closes open brackets."""

    def __init__(self) -> None:
        self._chars = 0
        self._chunks = 0
        self._arguments: dict[int, list[str]] = {}

    def add(self, message: BaseMessage) -> None:
        """Count a chunk. Raises ``BadCompletion("too_long")``."""
        self._chunks += 1
        self._chars += len(message.text)
        for call in message.tool_call_chunks if isinstance(message, AIMessageChunk) else ():
            piece = call["args"] or ""
            self._chars += len(piece)
            self._arguments.setdefault(call["index"] or 0, []).append(piece)
        if self._chars > MOST_CHARS or self._chunks > MOST_CHUNKS:
            raise BadCompletion("too_long")

    def check(self) -> None:
        """Raises ``BadCompletion("invalid_tool_arguments")`` for arguments that are no JSON as they came."""
        for pieces in self._arguments.values():
            try:
                json.loads("".join(pieces) or "{}")
            except json.JSONDecodeError:
                raise BadCompletion("invalid_tool_arguments") from None


def open_llm(settings: LlmSettings, http: httpx2.AsyncClient | None = None) -> BaseChatModel:
    """A streaming client that retries nothing: retrying is the failover's business.

    ``http`` is the connection pool, by default one of its own; ``aclose`` closes it.
    """
    return BoundedChat(
        model=settings.name,
        api_key=SecretStr(settings.api_key),
        base_url=settings.base_url or OPENAI,
        timeout=settings.timeout_s,
        max_retries=0,
        streaming=True,
        stream_usage=True,
        stream_chunk_timeout=settings.timeout_s,
        use_responses_api=False,
        http_async_client=http or open_pool(settings),
    )


def open_pool(settings: LlmSettings) -> httpx2.AsyncClient:
    """One pool of connections for all turns."""
    return DefaultAsyncHttpxClient(timeout=settings.timeout_s, limits=POOL)


def failover_for(settings: LlmSettings, embedded: EmbeddedChat) -> Failover:
    """The retry layer with these bounds."""
    return Failover(embedded, deadline_s=settings.deadline_s)
