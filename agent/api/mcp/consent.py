"""The shopper's own answer to a proposal, by elicitation: asked by their application's window, never by a model.

What we ask is sealed into the request's state, so that an answer can only come to a question that was put: for this
tool, these arguments and this caller. The state is all there is: any replica takes the answer.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass
from typing import Any

import mcp_types as types
from mcp.server.context import ServerRequestContext
from mcp.server.request_state import RequestStateBoundary, RequestStateSecurity

from agent.casework.receiving import Move
from agent.conversation import Json, TurnKind
from prompts.loader import Sentences

QUESTION = "confirmation"
ANSWER = "answer"
YES, NO = "yes", "no"
NAME = "postventa"
LIFE_S = 15 * 60.0


@dataclass(frozen=True, slots=True)
class Asked:
    """What the shopper was asked: to confirm that action of that conversation."""

    conversation_id: str
    action_id: str


def boundary(secret: str, principal: Any) -> RequestStateBoundary:
    """Seals what goes out and refuses what was not sealed here; every replica with the shop's secret agrees."""
    key = hmac.new(secret.encode(), b"mcp request state", hashlib.sha256).hexdigest()
    return RequestStateBoundary(
        RequestStateSecurity(keys=[key], ttl=LIFE_S, bind_principal=principal), default_audience=NAME
    )


def can_ask(ctx: ServerRequestContext[Any, Any]) -> bool:
    """Whether the client shows forms to its user and this protocol brings the answer back without a session."""
    able = ctx.session.client_capabilities
    elicits = able.elicitation if able else None
    form = elicits is not None and (elicits.form is not None or elicits.url is None)
    return form and not ctx.session.can_send_request and ctx.protocol_version >= "2026-07-28"


def ask(turn: Json, action: Json, sentences: Sentences) -> types.InputRequiredResult:
    """The question, in the shopper's language: the same words as in the chat."""
    language = str(turn["language"])
    schema = {
        "type": "object",
        "properties": {
            ANSWER: {
                "type": "string",
                "title": sentences.say("mcp.answer", language),
                "oneOf": [
                    {"const": YES, "title": sentences.say("mcp.confirm", language)},
                    {"const": NO, "title": sentences.say("mcp.reject", language)},
                ],
            }
        },
        "required": [ANSWER],
    }
    form = types.ElicitRequestFormParams(message=turn["reply"]["text"], requested_schema=schema)
    return types.InputRequiredResult(
        input_requests={QUESTION: types.ElicitRequest(params=form)},
        request_state=json.dumps([turn["conversation_id"], action["id"]]),
    )


def asked_in(state: str) -> Asked:
    """What an opened state says."""
    conversation_id, action_id = json.loads(state)
    return Asked(conversation_id, action_id)


def decision_on(asked: Asked, responses: types.InputResponses | None) -> Move | None:
    """The shopper's move; none when they closed the question without an answer."""
    given = (responses or {}).get(QUESTION)
    if not isinstance(given, types.ElicitResult) or given.action == "cancel":
        return None
    said = (given.content or {}).get(ANSWER) if given.action == "accept" else NO
    if said not in (YES, NO):
        return None
    kind = TurnKind.CONFIRM if said == YES else TurnKind.REJECT
    return Move(kind, action_id=asked.action_id, client_message_id=f"mcp:{asked.action_id}:{kind.value}")
