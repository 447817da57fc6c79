"""How the shopper's mood builds up and cools down over the lines, and when it is too much."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

from agent.escalation.dialogue import Dialogue, Turn
from agent.escalation.finding import Finding, found
from agent.escalation.hearing import Heard
from agent.escalation.meaning import Meaning
from agent.escalation.rules import LoopRules, MoodRules, SenseRules
from agent.escalation.signals import Hit, Signal
from agent.escalation.verdict import ReasonCode, Stance
from agent.understanding.reading import Intent

_STRONG: Final = (Signal.INSULT, Signal.ANGER)
_SLOW: Final = (Signal.GRIEVANCE, Signal.RESIGNATION)
_REFUSALS: Final = (Signal.AGENT_DENIES, Signal.AGENT_STALLS, Signal.AGENT_LOST)
_WORN: Final = (Signal.RESIGNATION, Signal.LOOP)
_BESIDE: Final = 40
"""Letters between a strong word and what it is about."""
_FEW: Final = 3
_SURE: Final = 0.5
_MARKS: Final = re.compile(r"[!?]{2,}")


def mood_reasons(dialogue: Dialogue, rules: MoodRules, loop: LoopRules, sense: SenseRules) -> Iterator[Finding]:
    """Frustration, by the pressure after the last line, or by that line alone when it answers a refusal.

    Nothing when the last line itself is calm.
    """
    habit = _shouts_by_habit(dialogue)
    pressure, heated, heat = 0.0, 0, 0.0
    unsolved, refusals = False, 0
    evidence: tuple[str, int] = ("", -1)
    for turn in dialogue.shopper(dialogue.declined_at):
        heat = heat_of(turn, rules, sense, habit=habit)
        relieved = turn.heard.calm or (not heat and sense.hears(Meaning.RELIEF, turn.heard))
        refused = _refused(dialogue, turn, loop)
        refusals += refused
        worn = bool(heated) or refusals > 1 or turn.heard.first(*_WORN) is not None
        unsolved = (refused and sense.hears(Meaning.FRUSTRATION, turn.heard, likely=worn)) or _fed_up(
            dialogue, turn, rules
        )
        if refused and not turn.heard.first(Signal.RELIEF):
            heat += rules.after_denial
        pressure = pressure * (rules.kept_after_relief if relieved else rules.kept) + heat
        if heat:
            heated += 1
            evidence = (_evidence(turn), turn.index)
    if not heat or (pressure < rules.offer and not unsolved):
        return
    enough = unsolved or (pressure >= rules.escalate and (heated > 1 or heat >= rules.escalate_at_once))
    yield found(Stance.ESCALATE if enough else Stance.OFFER, ReasonCode.FRUSTRATION, *evidence)


def heat_of(turn: Turn, rules: MoodRules, sense: SenseRules, *, habit: bool) -> float:
    """How upset one line is, 0 for calm; ``habit`` when this shopper writes everything in capitals."""
    heard = turn.heard
    weights = {
        Signal.INSULT: rules.insult,
        Signal.ANGER: rules.anger,
        Signal.GRIEVANCE: rules.grievance,
        Signal.RESIGNATION: rules.resignation,
    }
    harmless = sense.doubts(Meaning.FRUSTRATION, heard)
    hits = Counter(
        hit.signal
        for hit in heard.apart(*_STRONG, *_SLOW)
        if not _means_no_harm(hit, heard) and not (harmless and hit.signal in _STRONG)
    )
    heat = sum(weights[signal] * (1 + rules.more_of_the_same * min(times - 1, 2)) for signal, times in hits.items())
    if heard.first(Signal.RELIEF) and not hits[Signal.RESIGNATION]:
        heat *= 0.5 if any(hits[signal] for signal in _STRONG) else rules.polite
    elif turn.line.reading and not heard.first(Signal.FRIENDLY, Signal.ELSEWHERE):
        heat = max(heat, _read_heat(turn, rules))
    if sense.hears(Meaning.FRUSTRATION, heard) and not heard.first(Signal.FRIENDLY):
        heat = max(heat, sense.heat + sense.hotter * heard.margins[Meaning.FRUSTRATION])
    if heat and heard.shouted and not habit:
        heat *= rules.shouted
    if heat and _MARKS.search(turn.line.text):
        heat *= rules.marked
    return min(heat, rules.hottest_line)


def _read_heat(turn: Turn, rules: MoodRules) -> float:
    """What the reader makes of a line, where it is sure; 0 for a line that was not read."""
    if turn.line.reading is None:
        return 0.0
    frustration = turn.line.reading.emotion.frustration
    complaint = max((one.score for one in turn.line.reading.intents if one.name is Intent.COMPLAINT), default=0.0)
    return max(
        rules.reader * frustration if frustration >= _SURE else 0.0,
        rules.complaint * complaint if complaint >= _SURE else 0.0,
    )


def _means_no_harm(hit: Hit, heard: Heard) -> bool:
    """Strong words meant well, or said of something that stands beside them and is not the shop."""
    if hit.signal not in _STRONG:
        return False
    if heard.first(Signal.FRIENDLY):
        return True
    return any(
        hit.start - other.end < _BESIDE and other.start - hit.end < _BESIDE for other in heard.all(Signal.ELSEWHERE)
    )


def _refused(dialogue: Dialogue, turn: Turn, loop: LoopRules) -> bool:
    """Whether the answer before was a no, a wait, or what had been said before."""
    before = dialogue.before(turn)
    if before is None or before.by_shopper:
        return False
    if before.heard.first(*_REFUSALS) is not None:
        return True
    earlier = [answer.heard for answer in dialogue.agent() if answer.index < before.index]
    return not before.line.moved and len(before.heard.words) > _FEW and loop.repeats(before.heard, earlier)


def _fed_up(dialogue: Dialogue, turn: Turn, rules: MoodRules) -> bool:
    """Whether the line as a whole is beyond doubt the anger of somebody who has had an answer."""
    meant_well = turn.heard.first(Signal.FRIENDLY, Signal.ELSEWHERE, Signal.RELIEF)
    return (
        dialogue.before(turn) is not None and meant_well is None and turn.heard.means(Meaning.FRUSTRATION, rules.fed_up)
    )


def _shouts_by_habit(dialogue: Dialogue) -> bool:
    """Capitals from the first line on, while nothing was wrong yet."""
    first = next(dialogue.shopper(), None)
    return first is not None and first.heard.shouted and first.heard.first(*_STRONG) is None


def _evidence(turn: Turn) -> str:
    hit = turn.heard.first(*_STRONG) or turn.heard.first(*_SLOW)
    return hit.words if hit else turn.line.text
