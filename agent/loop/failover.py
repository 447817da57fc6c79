"""Keeps a turn alive when the LLM fails: bounded tries under one deadline, then the embedded model finishes it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from langchain.agents.middleware import AgentMiddleware, ModelRequest, ModelResponse
from langchain_core.messages import AIMessage
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, stop_after_attempt

from agent.loop.breaker import Breaker
from agent.loop.brief import TurnScope
from agent.loop.completion import check_completion
from agent.loop.embedded.model import EmbeddedChat
from agent.loop.failures import is_outage, may_pass, name_cause, wanted_rest
from agent.loop.takeover import Handler, take_over

log = structlog.get_logger("postventa.model")

FIRST_WAIT_S = 0.25


class Failover(AgentMiddleware[Any, TurnScope, Any]):
    """The one retry layer of the LLM path; the client itself retries nothing.

    All model calls of a turn together have ``deadline_s`` seconds of ``clock``, repairs included. What another try
    cannot mend (a rejected key, an empty quota, a long ``Retry-After``, a timeout), or what fails after words have gone to the
    shopper, goes to the embedded model at once,
    and the ``breaker`` spares the next shoppers the wait. The cause is kept in ``scope.fallbacks``; no exception text
    goes anywhere but to the log's cause.
    """

    def __init__(
        self,
        embedded: EmbeddedChat,
        *,
        breaker: Breaker | None = None,
        attempts: int = 2,
        deadline_s: float = 45.0,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        super().__init__()
        self._embedded = embedded
        self._breaker = breaker or Breaker(clock=clock)
        self._attempts = attempts
        self._deadline_s = deadline_s
        self._clock = clock
        self._sleep = sleep

    @property
    def speaks_for_llm(self) -> bool:
        """Whether the embedded model answers for now, because the LLM does not."""
        return self._breaker.is_open

    async def awrap_model_call(self, request: ModelRequest[TurnScope], handler: Handler) -> ModelResponse:
        """Ask the LLM; on failure the embedded model, which sees the same brief and the same tool results."""
        if isinstance(request.model, EmbeddedChat):
            return await handler(request)
        if not self._breaker.allows():
            return await take_over(request, handler, self._embedded, "circuit_open")
        try:
            response = await self._ask(request, handler)
        except Exception as failure:  # noqa: BLE001  each provider has its own; none may reach a shopper
            cause = self._note(failure)
            log.warning("model_failed", cause=cause, kind=type(failure).__name__)
            return await take_over(request, handler, self._embedded, cause)
        self._breaker.succeeded()
        return response

    def _note(self, failure: BaseException) -> str:
        """Tell the breaker; a reply that was merely unfit says that the endpoint works."""
        if is_outage(failure):
            self._breaker.failed(wanted_rest(failure))
        else:
            self._breaker.succeeded()
        return name_cause(failure)

    async def _ask(self, request: ModelRequest[TurnScope], handler: Handler) -> ModelResponse:
        scope = request.runtime.context
        if scope.llm_until is None:
            scope.llm_until = self._clock() + self._deadline_s
        until = scope.llm_until
        retrying = AsyncRetrying(
            stop=stop_after_attempt(self._attempts),
            wait=_pause,
            retry=retry_if_exception(lambda one: may_pass(one) and not scope.sent and self._clock() < until),
            sleep=self._sleep,
            reraise=True,
        )
        languages = scope.languages

        async def ask_once() -> ModelResponse:
            async with asyncio.timeout(max(until - self._clock(), 0.0)):
                response = await handler(request)
            check_completion(_reply(response), languages)
            return response

        return await retrying(ask_once)


def _reply(response: ModelResponse) -> AIMessage:
    return next(item for item in reversed(response.result) if isinstance(item, AIMessage))


def _pause(state: RetryCallState) -> float:
    """What the endpoint asks for, else a quarter of a second that doubles."""
    failure = state.outcome.exception() if state.outcome else None
    asked = wanted_rest(failure) if failure else None
    return asked if asked is not None else FIRST_WAIT_S * 2.0 ** (state.attempt_number - 1)
