"""Cases too entangled for the agent: many orders and wishes at once, sources that contradict each other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from agent.escalation.dialogue import Dialogue, Turn
from agent.escalation.finding import Finding, found
from agent.escalation.meaning import Meaning
from agent.escalation.rules import ComplexityRules, SenseRules
from agent.escalation.signals import Hit, Signal
from agent.escalation.verdict import ReasonCode, Stance
from agent.understanding.reading import EntityKind

_NUMBER: Final = re.compile(r"(?<![\w.,$-])(?<!\d )#?(?:[A-Za-z]{1,4}-?)?\d{4,10}(?![\w.,%-]\d| \d)")
_LISTED: Final = re.compile(r"(?:^|\s)(?:1|a)[).:-]\s.*(?:\s)(?:2|b)[).:-]\s", re.DOTALL)
_NO_ORDERS: Final = (EntityKind.ADDRESS, EntityKind.POSTAL_CODE, EntityKind.PHONE, EntityKind.CODE)
_MANY_TOPICS: Final = 3
_MANY_REVERSALS: Final = 3
_LONG: Final = 28


def tangle_reasons(dialogue: Dialogue, rules: ComplexityRules, sense: SenseRules) -> Iterator[Finding]:
    """Complexity, by points: contradictions count double; orders, parties, topics, changes of mind, a lost agent."""
    points, evidence = 0, ("", -1)
    likely = False
    numbers: set[str] = set()
    parties: set[str] = set()
    reversals = lost = 0
    for turn in dialogue.turns:
        if turn.index <= dialogue.declined_at:
            continue
        if not turn.by_shopper:
            lost += turn.heard.first(Signal.AGENT_LOST) is not None
            continue
        parties.update(hit.words.lower() for hit in turn.heard.apart(Signal.PARTY))
        numbers.update(_NUMBER.findall(_without_places(turn)))
        reversals += turn.heard.first(Signal.REVERSAL) is not None
        added, hit = _points_of(turn)
        likely = likely or not sense.doubts(Meaning.COMPLEXITY, turn.heard)
        if sense.hears(Meaning.COMPLEXITY, turn.heard):
            added = max(added, rules.escalate)
        if added:
            points += added
            evidence = (hit.words if hit else turn.line.text, turn.index)
    points += max(min(len(parties) - 1, 2), 0)
    points += (len(numbers) > 1) + (len(numbers) > 2) + (reversals >= _MANY_REVERSALS) + (2 if lost > 1 else 0)
    if points < rules.offer or not likely:
        return
    last = dialogue.last
    if evidence[1] < 0 and last:
        evidence = (last.line.text, last.index)
    yield found(Stance.ESCALATE if points >= rules.escalate else Stance.OFFER, ReasonCode.COMPLEXITY, *evidence)


def _without_places(turn: Turn) -> str:
    """The words without addresses, postal codes and phones: a house number is no order."""
    text = turn.line.text
    for kind in _NO_ORDERS:
        for entity in turn.line.reading.all(kind) if turn.line.reading else ():
            text = text.replace(entity.text, " ")
    return text


def _points_of(turn: Turn) -> tuple[int, Hit | None]:
    contradiction = turn.heard.first(Signal.CONTRADICTION)
    tangles = turn.heard.apart(Signal.TANGLE)
    topics = turn.heard.apart(Signal.REQUEST_TOPIC)
    points = 2 * (contradiction is not None) + min((len(tangles) + 1) // 2, 2)
    points += len(topics) >= _MANY_TOPICS or bool(_LISTED.search(turn.line.text))
    points += len(turn.heard.words) >= _LONG and bool(points or topics or turn.heard.first(Signal.PARTY))
    hit = contradiction or (tangles[0] if tangles else None)
    return points, hit
