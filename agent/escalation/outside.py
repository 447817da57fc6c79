"""Reasons that the words alone do not give: what failed, what is down, what is at stake."""

from __future__ import annotations

from collections.abc import Iterator

from agent.escalation.dialogue import Dialogue
from agent.escalation.finding import Finding, found
from agent.escalation.meaning import Meaning
from agent.escalation.rules import OutageRules, SenseRules, ValueRules
from agent.escalation.signals import Signal
from agent.escalation.verdict import Circumstances, ReasonCode, Stance


def outage_reasons(
    dialogue: Dialogue, circumstances: Circumstances, rules: OutageRules, sense: SenseRules
) -> Iterator[Finding]:
    """A write that nobody can vouch for, actions that keep failing, a system that keeps not answering."""
    last = dialogue.last
    if last is None or last.index <= dialogue.declined_at:
        return
    down = [hit for turn in dialogue.agent(dialogue.declined_at) if (hit := turn.heard.first(Signal.AGENT_OUTAGE))]
    seen = [hit for turn in dialogue.shopper(dialogue.declined_at) if (hit := turn.heard.first(Signal.OUTAGE))]
    failed = circumstances.failed_actions
    if (
        circumstances.unresolved_write
        or circumstances.outage
        or failed >= rules.failed_actions
        or len(down) >= rules.agent_lines
        or (down and seen)
        or sense.hears(Meaning.OUTAGE, last.heard, likely=bool(down or seen))
    ):
        stance = Stance.ESCALATE
    elif failed or down or len(seen) > 1:
        stance = Stance.OFFER
    else:
        return
    evidence = down[-1].words if down else last.line.text
    yield found(stance, ReasonCode.TOOL_OUTAGE, evidence, last.index, firm=circumstances.unresolved_write)


def value_reasons(
    dialogue: Dialogue, circumstances: Circumstances, rules: ValueRules, sense: SenseRules
) -> Iterator[Finding]:
    """Much money with something gone wrong; much money alone needs nobody."""
    turns = [turn for turn in dialogue.shopper(dialogue.declined_at)]
    lost = [(turn, hit) for turn in turns if (hit := turn.heard.first(Signal.LOSS))]
    worth = [(turn, hit) for turn in turns if (hit := turn.heard.first(Signal.VALUE))]
    meant = next((turn for turn in turns if sense.hears(Meaning.VALUE, turn.heard, likely=bool(lost and worth))), None)
    troubled = bool(lost) or circumstances.denials > 0 or circumstances.failed_actions > 0
    if turns and troubled and circumstances.value >= rules.limit:
        turn = lost[-1][0] if lost else turns[-1]
        evidence = lost[-1][1].words if lost else turn.line.text
        yield found(Stance.ESCALATE, ReasonCode.VALUE, evidence, turn.index)
    elif meant:
        yield found(Stance.ESCALATE, ReasonCode.VALUE, meant.line.text, meant.index)
    elif lost and worth:
        yield found(Stance.ESCALATE, ReasonCode.VALUE, worth[-1][1].words, max(lost[-1][0].index, worth[-1][0].index))
