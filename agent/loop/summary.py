"""What is left of the messages an LLM is no longer shown: made once, kept with the conversation, and never needed for a fact."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, HumanMessage

from agent.conversation import Action, ActionStatus, CaseFile, Message, Speaker
from agent.loop.bad_completion import BadCompletion
from agent.loop.brief import TurnScope
from agent.loop.briefing import usage_of
from agent.loop.secrecy import Secrecy
from agent.loop.system_prompt import SystemPrompt
from agent.loop.tokens import estimate_tokens

log = structlog.get_logger("postventa.model")

KEY = "summary"
"""Its name in the conversation's metadata."""

TIMEOUT_S = 8.0
LONGEST = 2400
QUOTED = 120
WHO = {Speaker.SHOPPER: "Shopper", Speaker.AGENT: "Agent", Speaker.PERSON: "Colleague"}


@dataclass(frozen=True, slots=True)
class Summary:
    """Of all messages up to number ``upto``. ``by`` is the model that wrote it, or ``state``."""

    upto: int = -1
    text: str = ""
    by: str = ""

    @classmethod
    def kept(cls, metadata: Mapping[str, Any]) -> Summary:
        """As it was kept; an empty one when there is none, or what is there is none."""
        found = metadata.get(KEY)
        if not isinstance(found, Mapping) or not isinstance(found.get("upto"), int):
            return cls()
        return cls(found["upto"], str(found.get("text", ""))[:LONGEST], str(found.get("by", "")))

    def as_json(self) -> dict[str, Any]:
        """To be kept."""
        return {"upto": self.upto, "text": self.text, "by": self.by}


def cut_off(messages: Sequence[Message], *, most: int, keep: int, tokens: int) -> Sequence[Message]:
    """The messages that are no longer to be shown, from the oldest: none while all of them fit.

    Once they do not, all but the last ``keep`` go, and of those as many as take more than half of ``tokens``: so the next cut
    is many turns away, and until then every request begins with the same bytes.
    """
    if len(messages) <= most and _tokens(messages) <= tokens:
        return ()
    kept = len(messages[-keep:])
    while kept > 1 and _tokens(messages[-kept:]) > tokens // 2:
        kept -= 1
    while kept > 1 and messages[-kept].who is not Speaker.SHOPPER:
        kept -= 1
    return messages[: len(messages) - kept]


class Summarist:
    """Writes summaries: by a small model, or from what is stored when there is none, or it fails."""

    def __init__(self, model: BaseChatModel | None, model_name: str, prompt: SystemPrompt) -> None:
        self._model = model
        self._name = model_name
        self._prompt = prompt
        self._secrecy = Secrecy(prompt.fixed)

    async def summarise(self, scope: TurnScope, file: CaseFile, before: Summary, gone: Sequence[Message]) -> Summary:
        """Of ``before`` and the messages after it that are ``gone`` now."""
        if self._model is not None:
            try:
                text = await self._ask(self._model, scope, before, gone)
            except Exception as failure:  # noqa: BLE001  whatever a provider raises: what is stored says enough
                cause = failure.cause if isinstance(failure, BadCompletion) else "failed"
                log.warning("summary_failed", cause=cause, kind=type(failure).__name__)
            else:
                return Summary(gone[-1].seq, text, self._name)
        return Summary(gone[-1].seq, summary_from_state(file, before, gone), "state")

    async def _ask(self, model: BaseChatModel, scope: TurnScope, before: Summary, gone: Sequence[Message]) -> str:
        said = [{"who": WHO[one.who], "text": one.text} for one in gone]
        asked = [HumanMessage(self._prompt.summary_request(before.text, said))]
        async with asyncio.timeout(TIMEOUT_S):
            answer = await model.ainvoke(asked)
        if not isinstance(answer, AIMessage):
            raise BadCompletion("unreadable")
        if (usage := usage_of(answer, self._name)) is not None:
            scope.spent.append(usage)
        text = answer.text.strip()
        if not text or len(text) > LONGEST or "\x00" in text:
            raise BadCompletion("too_long" if text else "empty")
        if self._secrecy.is_broken_by(text):
            raise BadCompletion("secret")
        return text

    async def aclose(self) -> None:
        """Let the model's connections go."""
        close = getattr(self._model, "aclose", None)
        if close is not None:
            await close()


def summary_from_state(file: CaseFile, before: Summary, gone: Sequence[Message]) -> str:
    """Without a model: what was looked at and decided, and the beginnings of what the shopper wrote."""
    turns = {one.turn_id for one in gone}
    looked = dict.fromkeys(
        str(call.arguments["number"])
        for call in file.tool_calls
        if call.turn_id in turns and call.arguments.get("number")
    )
    lines = before.text.splitlines()
    if looked:
        lines.append(f"Looked at: {', '.join(looked)}")
    lines += [f"Shopper: {_short(one.text)}" for one in gone if one.who is Speaker.SHOPPER and one.text.strip()]
    lines += [line for line in map(_outcome, file.actions) if line and line not in lines]
    while lines and len("\n".join(lines)) > LONGEST:
        del lines[0]
    return "\n".join(lines)


def _outcome(action: Action) -> str:
    """Of what is neither done nor waiting: those two are told in every prompt anyway."""
    if action.status in (ActionStatus.PROPOSED, ActionStatus.EXECUTED):
        return ""
    return f"{action.kind} {action.order_number or ''}: {action.status.value}"


def _short(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= QUOTED else f"{plain[:QUOTED].rstrip()}…"


def _tokens(messages: Sequence[Message]) -> int:
    return sum(estimate_tokens(one.text) + 4 for one in messages)
