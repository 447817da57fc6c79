"""The LLM behind a provider's name, with the failover that survives it.

Importing this module imports langchain-openai (seconds): only a service with a model set does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx2
from langchain.chat_models import init_chat_model
from langchain_core.language_models import BaseChatModel
from openai import DefaultAsyncHttpxClient
from pydantic import SecretStr

from agent.errors import Misconfigured
from agent.loop.bounded import BoundedAzure, BoundedChat
from agent.loop.embedded.model import EmbeddedChat
from agent.loop.failover import Failover

OPENAI = "https://api.openai.com/v1"
ENDPOINTS = {
    "openai": OPENAI,
    "openrouter": "https://openrouter.ai/api/v1",
    "ollama": "http://127.0.0.1:11434/v1",
    "vllm": "http://127.0.0.1:8001/v1",
}
"""Where a provider that speaks OpenAI's protocol is when no address is set."""

KEYLESS = frozenset({"ollama", "vllm"})
POOL = httpx2.Limits(max_connections=200, max_keepalive_connections=50, keepalive_expiry=30.0)


@dataclass(frozen=True, slots=True)
class LlmSettings:
    """``name`` as the endpoint knows it; ``base_url`` empty for the provider's own.

    ``timeout_s`` bounds connecting and each silence within an answer, ``deadline_s`` all model calls of a turn.
    ``api_version`` is for Azure's interface by deployment; without one ``base_url`` has to be that of ``/openai/v1``.
    """

    name: str
    api_key: str
    base_url: str = ""
    timeout_s: float = 20.0
    deadline_s: float = 45.0
    provider: str = "openai"
    api_version: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    reasoning_effort: str = ""
    max_output_tokens: int = 0
    temperature: float | None = None


def open_llm(settings: LlmSettings, http: httpx2.AsyncClient | None = None) -> BaseChatModel:
    """A streaming client that retries nothing: retrying is the failover's business.

    ``http`` is the connection pool, by default one of its own; ``aclose`` closes it. Raises ``Misconfigured``.
    """
    if settings.provider == "azure":
        return _open_azure(settings, http or open_pool(settings))
    if settings.provider in ENDPOINTS:
        url = settings.base_url or ENDPOINTS[settings.provider]
        return _open_compatible(settings, url, http or open_pool(settings), own_api=url == OPENAI)
    return _open_other(settings)


def open_pool(settings: LlmSettings) -> httpx2.AsyncClient:
    """One pool of connections for all turns."""
    return DefaultAsyncHttpxClient(timeout=settings.timeout_s, limits=POOL)


def failover_for(settings: LlmSettings, embedded: EmbeddedChat) -> Failover:
    """The retry layer with these bounds."""
    return Failover(embedded, deadline_s=settings.deadline_s)


def _open_compatible(settings: LlmSettings, url: str, http: httpx2.AsyncClient, *, own_api: bool) -> BaseChatModel:
    return BoundedChat(
        model=settings.name,
        api_key=SecretStr(settings.api_key or "none"),
        base_url=url,
        own_api=own_api,
        http_async_client=http,
        **_streaming(settings),
    )


def _open_azure(settings: LlmSettings, http: httpx2.AsyncClient) -> BaseChatModel:
    if not settings.api_version:
        url = f"{settings.base_url.rstrip('/').removesuffix('/openai/v1')}/openai/v1"
        return _open_compatible(settings, url, http, own_api=True)
    return BoundedAzure(
        azure_deployment=settings.name,
        model=settings.name,
        azure_endpoint=settings.base_url,
        api_version=settings.api_version,
        api_key=SecretStr(settings.api_key),
        http_async_client=http,
        **_streaming(settings),
    )


def _streaming(settings: LlmSettings) -> dict[str, Any]:
    return {
        "timeout": settings.timeout_s,
        "max_retries": 0,
        "silence_s": settings.timeout_s,
        "use_responses_api": False,
        "default_headers": dict(settings.headers) or None,
        "reasoning_effort": settings.reasoning_effort or None,
        **_bounds(settings),
    }


def _bounds(settings: LlmSettings) -> dict[str, Any]:
    bounds: dict[str, Any] = {}
    if settings.max_output_tokens:
        bounds["max_tokens"] = settings.max_output_tokens
    if settings.temperature is not None:
        bounds["temperature"] = settings.temperature
    return bounds


def _open_other(settings: LlmSettings) -> BaseChatModel:
    """A provider that LangChain knows; its package reads its own environment variables, its key among them."""
    given = f"{settings.provider}:{settings.name}"
    try:
        found: BaseChatModel = init_chat_model(
            settings.name,
            model_provider=settings.provider,
            timeout=settings.timeout_s,
            max_retries=0,
            **_bounds(settings),
        )
    except ImportError as missing:
        module = getattr(missing.__cause__, "name", None) or missing.name or f"langchain_{settings.provider}"
        package = str(module).partition(".")[0].replace("_", "-")
        raise Misconfigured(f"model {given!r}: it needs the package {package} (pip install {package})") from missing
    except Exception as refused:  # a provider's constructor may raise anything; its words may hold a key
        raise Misconfigured(f"model {given!r}: {type(refused).__name__}: LangChain could not open it") from refused
    return found
