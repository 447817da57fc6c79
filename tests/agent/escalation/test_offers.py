"""Wherever a sentence of ours offers a person, a yes to it is a request for one: in each language, in every wording."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from agent.escalation.verdict import Decision, ReasonCode, Stance
from prompts.loader import Sentences

SENTENCES = Sentences.load()
YES = {
    "es": ("sí", "sí, por favor", "dale, pásame"),
    "en": ("yes", "yes please", "ok do that"),
    "pt": ("sim", "sim, por favor", "pode ser"),
}
VALUES: dict[str, Any] = {
    "number": "10002",
    "claim_id": "C-1",
    "resolution": "",
    "amount": {"amount": "10.00", "currency": "USD"},
    "by": "2026-11-20",
    "method": "Visa",
}
OFFERING = (
    "claims.rejected", "denial.person_only", "fallback.cannot", "fallback.shop_down", "fallback.unsure", "handoff.offer",
    "identity.code_not_sent", "identity.not_found_again", "identity.too_many", "knowledge.unknown",
    "knowledge.unknown_again", "money.refund_overdue", "refusal.undo_other", "refusal.undo_too_late",
    "social.thanks_feedback",
)  # fmt: skip


def offers() -> Iterator[Any]:
    for key in OFFERING:
        for language, said in YES.items():
            for pick in range(SENTENCES.variants(key, language)):
                values = {name: VALUES[name] for name in SENTENCES.keys[key]}
                text = SENTENCES.say(key, language, pick=pick, **values)
                for yes in said:
                    yield pytest.param(text, yes, id=f"{key}-{language}-{pick}-{yes}")


@pytest.mark.parametrize(("offer", "yes"), list(offers()))
def test_a_yes_to_the_offer_of_a_person_is_a_request_for_one(
    decide: Callable[..., Decision], offer: str, yes: str
) -> None:
    decision = decide("hola 10002", offer, yes)
    assert decision.stance is Stance.ESCALATE
    assert decision.causes[0].code is ReasonCode.HUMAN_REQUEST
