"""Keeps a turn alive when the LLM fails: bounded retries under one deadline, then the embedded model finishes it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import openai
import structlog
from langchain.agents.middleware import AgentMiddleware, ModelRequest, ModelResponse
from langchain_core.messages import AIMessage
from tenacity import AsyncRetrying, retry_if_exception, stop_after_attempt, stop_after_delay, wait_exponential_jitter

from agent.loop.brief import TurnScope
from agent.loop.embedded.model import EmbeddedChat

log = structlog.get_logger("postventa.model")

FINAL_CODES = frozenset({"insufficient_quota", "billing_hard_limit_reached"})


class BadCompletion(Exception):
    """The model answered, but not with something that can be used: ``cause`` says why."""

    def __init__(self, cause: str) -> None:
        super().__init__(cause)
        self.cause = cause


class Failover(AgentMiddleware[Any, TurnScope, Any]):
    """The one retry layer of the LLM path; the client itself retries nothing.

    Each call has ``timeout_s``, all tries together ``deadline_s``. What cannot be mended by trying again (a rejected
    key, an empty quota, a bad request) goes to the embedded model at once. No exception text reaches the shopper.
    """

    def __init__(
        self, embedded: EmbeddedChat, *, attempts: int = 2, timeout_s: float = 20.0, deadline_s: float = 30.0
    ) -> None:
        super().__init__()
        self._embedded = embedded
        self._attempts = attempts
        self._timeout_s = timeout_s
        self._deadline_s = deadline_s

    async def awrap_model_call(
        self, request: ModelRequest[TurnScope], handler: Callable[[ModelRequest[TurnScope]], Awaitable[ModelResponse]]
    ) -> ModelResponse:
        """Ask the LLM; on failure the embedded model, which sees the same brief and the same tool results."""
        if isinstance(request.model, EmbeddedChat):
            return await handler(request)
        scope = request.runtime.context
        if scope.fallbacks:
            return await handler(request.override(model=self._embedded))
        try:
            return await self._ask(request, handler)
        except (BadCompletion, openai.OpenAIError, TimeoutError, OSError, ValueError) as failure:
            cause = name_cause(failure)
            scope.fallbacks.append(cause)
            log.warning("model_failed", cause=cause)
            return await handler(request.override(model=self._embedded))

    async def _ask(
        self, request: ModelRequest[TurnScope], handler: Callable[[ModelRequest[TurnScope]], Awaitable[ModelResponse]]
    ) -> ModelResponse:
        retrying = AsyncRetrying(
            stop=stop_after_attempt(self._attempts) | stop_after_delay(self._deadline_s),
            wait=wait_exponential_jitter(initial=0.2, max=1.0),
            retry=retry_if_exception(_can_pass),
            reraise=True,
        )
        async for attempt in retrying:
            with attempt:
                async with asyncio.timeout(self._timeout_s):
                    return _checked(await handler(request))
        raise BadCompletion("no_attempt")


def _checked(response: ModelResponse) -> ModelResponse:
    """Refuse completions that LangChain lets through as if all were well."""
    message = next(item for item in reversed(response.result) if isinstance(item, AIMessage))
    finish = message.response_metadata.get("finish_reason")
    if message.invalid_tool_calls:
        raise BadCompletion("invalid_tool_arguments")
    if message.additional_kwargs.get("refusal"):
        raise BadCompletion("refusal")
    if finish is None:
        raise BadCompletion("truncated_stream")
    if finish in ("content_filter", "length"):
        raise BadCompletion(finish)
    if not message.text.strip() and not message.tool_calls:
        raise BadCompletion("empty")
    return response


def _can_pass(failure: BaseException) -> bool:
    if isinstance(failure, openai.RateLimitError):
        return failure.code not in FINAL_CODES and _retry_after(failure) <= 2
    return isinstance(failure, openai.APIConnectionError | openai.InternalServerError | BadCompletion)


def _retry_after(failure: openai.RateLimitError) -> float:
    value = failure.response.headers.get("retry-after", "0")
    return float(value) if value.replace(".", "", 1).isdigit() else 0.0


def name_cause(failure: BaseException) -> str:
    """A stable name for logs and metrics."""
    if isinstance(failure, BadCompletion):
        return failure.cause
    if isinstance(failure, openai.RateLimitError):
        return "quota" if failure.code in FINAL_CODES else "rate_limited"
    if isinstance(failure, openai.APITimeoutError | TimeoutError):
        return "timeout"
    if isinstance(failure, openai.AuthenticationError):
        return "unauthorized"
    if isinstance(failure, openai.APIConnectionError | OSError):
        return "unreachable"
    return "server_error" if isinstance(failure, openai.InternalServerError) else "rejected"
