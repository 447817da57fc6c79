"""Going in circles: the shopper has to say it again, or the agent says the same again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from agent.escalation.dialogue import Dialogue, Turn
from agent.escalation.finding import Finding, found
from agent.escalation.hearing import Heard
from agent.escalation.meaning import Meaning
from agent.escalation.rules import LoopRules, SenseRules
from agent.escalation.signals import Signal
from agent.escalation.verdict import Cause, Circumstances, ReasonCode, Stance

_FEW: Final = 3
_SLOTS: Final = (
    Signal.AGENT_ASKS_ORDER,
    Signal.AGENT_ASKS_CONTACT,
    Signal.AGENT_ASKS_PHOTO,
    Signal.AGENT_ASKS_ADDRESS,
)


def loop_reasons(
    dialogue: Dialogue, circumstances: Circumstances, rules: LoopRules, sense: SenseRules
) -> Iterator[Finding]:
    """One turn of the circle calls for an offer, two for a person; asking again for an excused reason is no circle.

    An answer repeated word for word counts as two.
    """
    turned = list(_turns_of_the_circle(dialogue, rules, sense))
    last = dialogue.last
    if not last or last.heard.calm or sense.hears(Meaning.RELIEF, last.heard):
        return
    count = max(len(turned), circumstances.asked_again)
    if count < rules.offer:
        return
    stance = Stance.ESCALATE if count >= rules.escalate else Stance.OFFER
    cause = turned[-1] if turned else Cause(ReasonCode.LOOP, last.line.text, last.index)
    yield found(stance, ReasonCode.LOOP, cause.evidence, cause.line)


def _turns_of_the_circle(dialogue: Dialogue, rules: LoopRules, sense: SenseRules) -> Iterator[Cause]:
    asked: list[Heard] = []
    answered: list[Heard] = []
    excused = repeated = False
    for turn in dialogue.turns:
        if turn.index <= dialogue.declined_at:
            continue
        if turn.by_shopper:
            excused = turn.heard.first(Signal.EXCUSE) is not None
            repeated = not excused and turn.heard.question and rules.repeats(turn.heard, asked)
            complaint = turn.heard.first(Signal.LOOP)
            if complaint or repeated or sense.hears(Meaning.LOOP, turn.heard):
                yield Cause(ReasonCode.LOOP, complaint.words if complaint else turn.line.text, turn.index)
            asked.append(turn.heard)
        else:
            again = _says_again(turn, answered, rules) or _asks_again(turn.heard, answered)
            if again and not excused and not repeated and not turn.line.moved:
                yield Cause(ReasonCode.LOOP, turn.line.text, turn.index)
                if any(turn.heard.words == earlier.words for earlier in answered):
                    yield Cause(ReasonCode.LOOP, turn.line.text, turn.index)
            answered.append(turn.heard)


def _says_again(turn: Turn, answered: Sequence[Heard], rules: LoopRules) -> bool:
    closes = turn.heard.first(Signal.AGENT_CLOSES) and len(turn.heard.content) < 2 * _FEW
    return not closes and len(turn.heard.words) > _FEW and rules.repeats(turn.heard, answered)


def _asks_again(heard: Heard, answered: Sequence[Heard]) -> bool:
    """Whether something is asked for that was asked for before, in whatever words."""
    return any(heard.first(slot) and any(earlier.first(slot) for earlier in answered) for slot in _SLOTS)
