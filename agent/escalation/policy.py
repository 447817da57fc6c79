"""The policy by rules: the same words and circumstances always give the same decision."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from agent.escalation.dialogue import Dialogue, open_dialogue
from agent.escalation.exceptions import exception_reasons
from agent.escalation.finding import Finding
from agent.escalation.hearing import Ear
from agent.escalation.loops import loop_reasons
from agent.escalation.mood import mood_reasons
from agent.escalation.outside import outage_reasons, value_reasons
from agent.escalation.rules import Rules, load_rules
from agent.escalation.sense import Sense
from agent.escalation.signals import Signal
from agent.escalation.spoken import spoken_reasons
from agent.escalation.tangles import tangle_reasons
from agent.escalation.verdict import Cause, Circumstances, Decision, EscalationPolicy, Line, ReasonCode, Stance

_CONCLUDED: Final = frozenset(
    {ReasonCode.FRUSTRATION, ReasonCode.LOOP, ReasonCode.COMPLEXITY, ReasonCode.TOOL_OUTAGE, ReasonCode.VALUE}
)
"""Reasons that nobody says: they are concluded from how the conversation goes."""


@dataclass(frozen=True, slots=True)
class RuleEscalation:
    """Decides by the words of ``lexicon`` and the figures of ``rules.yaml``; safe to share between threads."""

    ear: Ear
    rules: Rules

    @classmethod
    def load(cls, path: Path | None = None, sense: Sense | None = None) -> EscalationPolicy:
        """With the shipped words and figures; ``path`` is a shop's own file of figures, laid over ``rules.yaml``.

        ``sense`` is what was learnt about whole lines; without it the words decide alone.

        Raises:
            Misconfigured: Names the file and the key that cannot be used, or a reason that cannot be switched off.

        """
        return cls(Ear.load(sense=sense), load_rules(path))

    def decide(self, lines: Sequence[Line], circumstances: Circumstances) -> Decision:
        """The decision after the last line.

        A shopper's "no person" holds: from then on what is only concluded from how it goes is an offer at most, and
        what was said before no longer counts, but for what cannot wait.
        """
        dialogue = open_dialogue(self.ear, lines, circumstances, self.rules.sense)
        declined = dialogue.last is not None and dialogue.declined_at == dialogue.last.index
        findings = [
            finding
            for finding in self._findings(dialogue, circumstances)
            if finding.cause.code not in self.rules.without
            and (finding.firm or finding.cause.line > dialogue.declined_at)
        ]
        if dialogue.declined_at >= 0:
            findings = [_after_declining(finding) for finding in findings]
        grave = [finding for finding in findings if finding.stance is Stance.ESCALATE]
        if grave:
            return self._decision(Stance.ESCALATE, grave, declined=declined)
        offers = [finding for finding in findings if not circumstances.offered or _is_new(finding, dialogue)]
        if not offers:
            return Decision(Stance.STAY, declined=declined)
        return self._decision(Stance.OFFER, offers, declined=declined)

    def offers_person(self, reply: str) -> bool:
        """See the port."""
        return self.ear.hear_agent(reply).first(Signal.AGENT_OFFERS) is not None

    def _findings(self, dialogue: Dialogue, circumstances: Circumstances) -> Iterator[Finding]:
        yield from spoken_reasons(dialogue, self.rules.sense)
        yield from mood_reasons(dialogue, self.rules.mood, self.rules.loop, self.rules.sense)
        yield from loop_reasons(dialogue, circumstances, self.rules.loop, self.rules.sense)
        yield from exception_reasons(dialogue, circumstances, self.rules.exception, self.rules.sense)
        yield from tangle_reasons(dialogue, self.rules.complexity, self.rules.sense)
        yield from outage_reasons(dialogue, circumstances, self.rules.outage, self.rules.sense)
        yield from value_reasons(dialogue, circumstances, self.rules.value, self.rules.sense)

    def _decision(self, stance: Stance, findings: Sequence[Finding], *, declined: bool) -> Decision:
        causes: dict[ReasonCode, Cause] = {}
        for finding in findings:
            causes.setdefault(finding.cause.code, finding.cause)
        order = list(self.rules.reasons)
        ranked = tuple(sorted(causes.values(), key=lambda cause: order.index(cause.code)))
        desk = self.rules.reasons[ranked[0].code]
        return Decision(stance, ranked, desk.queue, desk.priority, declined)


def _after_declining(finding: Finding) -> Finding:
    return finding if finding.firm or finding.cause.code not in _CONCLUDED else replace(finding, stance=Stance.OFFER)


def _is_new(finding: Finding, dialogue: Dialogue) -> bool:
    return dialogue.last is not None and finding.cause.line == dialogue.last.index
