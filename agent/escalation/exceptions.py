"""Wishes that the shop's rules refuse and only a person may grant."""

from __future__ import annotations

from collections.abc import Iterator

from agent.escalation.dialogue import Dialogue, Turn
from agent.escalation.finding import Finding, found
from agent.escalation.meaning import Meaning
from agent.escalation.rules import ExceptionRules, SenseRules
from agent.escalation.signals import Signal
from agent.escalation.verdict import Circumstances, ReasonCode, Stance


def exception_reasons(
    dialogue: Dialogue, circumstances: Circumstances, rules: ExceptionRules, sense: SenseRules
) -> Iterator[Finding]:
    """Asking for an exception, or pleading, after a refusal calls for a person; asking before it for an offer."""
    refused = bool(circumstances.denials or circumstances.exceptions)
    for turn in dialogue.turns:
        if turn.index <= dialogue.declined_at:
            continue
        if not turn.by_shopper:
            refused = refused or turn.heard.first(Signal.AGENT_DENIES) is not None
        elif finding := _asked(turn, sense, refused=refused):
            yield finding
    last = dialogue.last
    if last and (circumstances.exceptions or circumstances.denials >= rules.denials_to_offer):
        yield found(Stance.OFFER, ReasonCode.OUT_OF_POLICY_EXCEPTION, last.line.text, last.index)


def _asked(turn: Turn, sense: SenseRules, *, refused: bool) -> Finding | None:
    asked = turn.heard.first(Signal.EXCEPTION)
    pleaded = turn.heard.first(Signal.PLEA) if refused and not turn.heard.calm else None
    hit = asked or pleaded
    if hit is None and not sense.hears(Meaning.EXCEPTION, turn.heard, likely=refused):
        return None
    stance = Stance.ESCALATE if refused else Stance.OFFER
    return found(stance, ReasonCode.OUT_OF_POLICY_EXCEPTION, hit.words if hit else turn.line.text, turn.index)
