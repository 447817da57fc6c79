"""What a turn takes from the case as it is stored: what was said, what is known, which order it is about."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from agent.casework.draft import Draft
from agent.conversation import CaseFile, Speaker
from agent.loop.brief import TurnScope
from tools.heard import Heard
from tools.proposals import proposal_to_json


def heard_in(draft: Draft) -> Heard:
    """What the shopper said, and people noted: a proof of identity has to be in it."""
    said = (message.text for message in draft.claim.file.messages if message.who is Speaker.SHOPPER)
    return Heard((*said, *(fact.value for fact in draft.conversation.facts)))


def focus_of(file: CaseFile) -> str:
    """The order a tool looked at last."""
    numbers = (call.arguments.get("number") for call in reversed(file.tool_calls) if call.ok)
    return str(next((number for number in numbers if number), ""))


def citation_of(passage: Any) -> dict[str, str]:
    """A passage as the reply cites it."""
    return {"article": passage.article, "title": passage.title, "url": passage.url, "quote": passage.text}


def known_texts(scope: TurnScope, draft: Draft) -> Iterator[str]:
    """Everything a figure in the reply may come from."""
    yield from (call.result for call in (*draft.claim.file.tool_calls, *scope.trace))
    yield from (message.text for message in draft.claim.file.messages if message.who is not Speaker.AGENT)
    yield from (f"{fact.value}" for fact in draft.conversation.facts)
    yield from (passage.text for passage in scope.citations)
    for action in draft.actions.values():
        yield json.dumps([action.before, action.after, action.cost, action.order_number], default=str)
        yield json.dumps(action.receipt, default=str)
    for proposal in scope.proposals:
        yield json.dumps(proposal_to_json(proposal), default=str)
    yield scope.now.astimezone(scope.policy.zone).date().isoformat()
