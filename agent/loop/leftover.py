"""What an LLM's reply leaves open: the proposal it made, what it asks for, and which wishes are still to be met."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import yaml

from agent.conversation import Request
from agent.loop.brief import Said, TurnScope
from agent.loop.embedded.model import EmbeddedChat
from tools.proposals import Proposal

ASKS = Path(__file__).with_name("asks.yaml")
SENTENCE_END = re.compile(r"(?<=[.!?…])\s+")
CODE_LEVEL = 2

INTENTS: Mapping[str, frozenset[str]] = {
    "list_orders": frozenset({"order_status"}),
    "get_order": frozenset({"order_status"}),
    "track_order": frozenset({"order_status", "delivery_problem"}),
    "change_address": frozenset({"change_address"}),
    "change_profile_address": frozenset({"change_address"}),
    "change_slot": frozenset({"change_delivery_slot"}),
    "hold_delivery": frozenset({"change_delivery_slot"}),
    "change_pickup": frozenset({"change_pickup"}),
    "set_instructions": frozenset({"delivery_instructions"}),
    "delivery_instructions": frozenset({"delivery_instructions"}),
    "return_items": frozenset({"return_item"}),
    "cancel_return": frozenset({"return_item", "exchange_item"}),
    "cancel_exchange": frozenset({"return_item", "exchange_item"}),
    "exchange_items": frozenset({"exchange_item"}),
    "change_items": frozenset({"change_items", "exchange_item"}),
    "cancel_order": frozenset({"cancel_order"}),
    "change_payment": frozenset({"payment_problem"}),
    "report_problem": frozenset({"item_problem", "delivery_problem"}),
    "open_claim": frozenset({"item_problem", "delivery_problem"}),
    "refund_status": frozenset({"refund_status"}),
    "get_invoice": frozenset({"invoice"}),
    "search_knowledge": frozenset({"policy_question", "product_help", "account_help"}),
}
"""The wishes a tool, or a kind of change, serves."""

SAID_AND_DONE = frozenset({"complaint", "out_of_scope", "policy_question", "product_help", "account_help"})


class Asks:
    """Reads in a reply what it asks the shopper for, in any of the three languages."""

    def __init__(self, path: Path = ASKS) -> None:
        patterns = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        read = {kind: re.compile(pattern, re.IGNORECASE) for kind, pattern in patterns.items()}
        self._asking, self._polite = read.pop("asking"), read.pop("polite")
        self._kinds = read

    def is_question(self, text: str) -> bool:
        """Whether something is asked for, in whatever words; a polite ending asks for nothing."""
        return any(self._asking.search(one) and not self._polite.search(one) for one in sentences_of(text))

    def read(self, text: str) -> tuple[str, ...]:
        """The kinds asked for, as the ``asks`` of a turn name them; never ``confirmation``."""
        asking = [one for one in sentences_of(text) if self._asking.search(one)]
        return tuple(kind for kind, pattern in self._kinds.items() if any(pattern.search(one) for one in asking))


def finish_reply(said: Said, scope: TurnScope, asks: Asks) -> Said:
    """An LLM's reply with what it asks for and what stays on the agenda.

    Beside a proposal any question of the model's own goes: casework puts the terms and the question below it, and a yes
    has to be a yes to those.
    """
    if scope.proposals:
        agenda = with_confirmation(_unserved(scope), scope.proposals[-1])
        return replace(said, text=without_questions(said.text), asks=("confirmation",), agenda=agenda)
    asked = asks.read(said.text)
    if scope.code_sent_for is None or scope.identity.level >= CODE_LEVEL:
        asked = tuple(kind for kind in asked if kind != "code")
    return replace(said, asks=asked, agenda=_still_open(scope, asked))


def proposal_text(scope: TurnScope, embedded: EmbeddedChat) -> str:
    """The latest proposal and the question for a yes."""
    proposal = scope.proposals[-1]
    summary = embedded.wording.proposal(proposal, scope.language)
    return f"{summary} {embedded.wording.question(proposal, scope.language, scope.told.seed)}"


def with_confirmation(agenda: tuple[Request, ...], proposal: Proposal) -> tuple[Request, ...]:
    """The agenda with the wish that this proposal serves at its head, waiting for the shopper's yes."""
    kind = proposal.change.kind.value
    served = INTENTS.get(kind, frozenset())
    head = next((one for one in agenda if one.intent in served), None)
    if head is None:
        return agenda
    slots = {**head.slots, "order": proposal.order_number} if proposal.order_number else head.slots
    return (replace(head, stage="confirm", slots=slots), *(one for one in agenda if one is not head))


def without_questions(text: str) -> str:
    """The text without the sentences that ask something, its lines kept."""
    lines = (" ".join(one for one in SENTENCE_END.split(line) if not one.endswith("?")) for line in text.splitlines())
    return "\n".join(line for line in lines).strip()


def sentences_of(text: str) -> list[str]:
    """The sentences, line by line."""
    return [one for line in text.splitlines() for one in SENTENCE_END.split(line) if one.strip()]


def _still_open(scope: TurnScope, asked: tuple[str, ...]) -> tuple[Request, ...]:
    """A wish stays while the reply asks for what it needs, or a tool that serves it could not answer."""
    failed = {intent for call in scope.trace if not call.ok for intent in INTENTS.get(call.name, ())}
    left = [one for one in _unserved(scope) if one.intent not in SAID_AND_DONE]
    return tuple(one for one in left if asked or one.intent in failed)


def _unserved(scope: TurnScope) -> tuple[Request, ...]:
    proposed = {intent for one in scope.proposals for intent in INTENTS.get(one.change.kind.value, ())}
    served = {intent for call in scope.trace if call.ok for intent in INTENTS.get(call.name, ())} - proposed
    return tuple(one for one in scope.told.agenda if one.intent not in served)
