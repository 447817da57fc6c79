"""Gives the rest of a turn to the embedded model, with all that the LLM's tools have brought about so far."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import asdict

from langchain.agents.middleware import ModelRequest, ModelResponse
from langchain_core.messages import AIMessage

from agent.conversation import Request
from agent.loop.brief import TurnScope
from agent.loop.embedded.model import EmbeddedChat
from agent.loop.leftover import proposal_text, with_confirmation

Handler = Callable[[ModelRequest[TurnScope]], Awaitable[ModelResponse]]


async def take_over(
    request: ModelRequest[TurnScope], handler: Handler, embedded: EmbeddedChat, cause: str
) -> ModelResponse:
    """Let the embedded model go on, and note why.

    Where a proposal was made already it is shown as code words it, and where a person was asked for nothing is left
    to say: nothing is proposed or sent a second time.
    """
    scope = request.runtime.context
    scope.fallbacks.append(cause)
    if scope.proposals:
        agenda = with_confirmation(scope.told.agenda, scope.proposals[-1])
        return _said(proposal_text(scope, embedded), ("confirmation",), agenda)
    if scope.person_wanted is not None:
        return _said("", (), scope.told.agenda)
    return await handler(request.override(model=embedded))


def _said(text: str, asks: tuple[str, ...], agenda: tuple[Request, ...]) -> ModelResponse:
    left = [asdict(one) for one in agenda]
    message = AIMessage(
        text, additional_kwargs={"asks": list(asks), "agenda": left}, response_metadata={"finish_reason": "stop"}
    )
    return ModelResponse(result=[message])
