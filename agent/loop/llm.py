"""The LLM behind an OpenAI-compatible endpoint, and the middleware that survives its failures.

Importing this module imports langchain-openai (seconds): only a service with a model set does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from langchain.agents.middleware import AgentMiddleware
from langchain_core.language_models import BaseChatModel
from langchain_openai import ChatOpenAI
from pydantic import SecretStr

from agent.loop.brief import TurnScope
from agent.loop.embedded.model import EmbeddedChat
from agent.loop.failover import Failover


@dataclass(frozen=True, slots=True)
class LlmSettings:
    """``name`` as the endpoint knows it; ``base_url`` empty for OpenAI's own."""

    name: str
    api_key: str
    base_url: str = ""
    timeout_s: float = 20.0
    deadline_s: float = 45.0


def open_llm(settings: LlmSettings) -> BaseChatModel:
    """A streaming client that retries nothing: retrying is the failover's business."""
    return ChatOpenAI(
        model=settings.name,
        api_key=SecretStr(settings.api_key),
        base_url=settings.base_url or None,
        timeout=settings.timeout_s,
        max_retries=0,
        streaming=True,
        stream_usage=True,
        stream_chunk_timeout=settings.timeout_s,
    )


def failover_for(settings: LlmSettings, embedded: EmbeddedChat) -> AgentMiddleware[Any, TurnScope, Any]:
    """The retry layer with these bounds."""
    return Failover(embedded, timeout_s=settings.timeout_s, deadline_s=settings.deadline_s)
