"""Reasons that one line gives by itself, and that stay until a person has seen to them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from agent.escalation.dialogue import SHORT, Dialogue, Turn, offers_person, rather_not
from agent.escalation.finding import Finding, found
from agent.escalation.hearing import Heard
from agent.escalation.meaning import Meaning
from agent.escalation.rules import UNDECLINABLE, SenseRules
from agent.escalation.signals import Hit, Signal
from agent.escalation.verdict import ReasonCode, Stance
from agent.understanding.reading import Intent

_DIRECT: Final = {
    Signal.HUMAN_REQUEST: ReasonCode.HUMAN_REQUEST,
    Signal.SAFETY: ReasonCode.SAFETY,
    Signal.HAZARD: ReasonCode.SAFETY,
    Signal.LEGAL: ReasonCode.LEGAL,
    Signal.FRAUD: ReasonCode.FRAUD,
    Signal.SELF_HARM: ReasonCode.VULNERABLE,
    Signal.VULNERABLE: ReasonCode.VULNERABLE,
    Signal.DATA_PRIVACY: ReasonCode.DATA_PRIVACY,
}
_LEARNT: Final = {
    Meaning.HUMAN_REQUEST: ReasonCode.HUMAN_REQUEST,
    Meaning.SAFETY: ReasonCode.SAFETY,
    Meaning.LEGAL: ReasonCode.LEGAL,
    Meaning.FRAUD: ReasonCode.FRAUD,
    Meaning.VULNERABLE: ReasonCode.VULNERABLE,
    Meaning.DATA_PRIVACY: ReasonCode.DATA_PRIVACY,
}
_TROUBLE: Final = (
    Signal.GRIEVANCE,
    Signal.RESIGNATION,
    Signal.ANGER,
    Signal.PLEA,
    Signal.EXCEPTION,
    Signal.AGENT_DENIES,
    Signal.AGENT_STALLS,
)
_INFANT_TROUBLE: Final = (Signal.NEED, Signal.GRIEVANCE, Signal.ANGER)
_TAKEN_BACK: Final = frozenset({ReasonCode.HUMAN_REQUEST, ReasonCode.FRAUD})
_SURE: Final = 0.9
_FAR: Final = 3
"""Lines between a hardship and the trouble that makes it count."""


def spoken_reasons(dialogue: Dialogue, sense: SenseRules) -> Iterator[Finding]:
    """Requests for a person, hazards, threats, fraud, vulnerability, privacy; a typed card only calls for an offer.

    A request that only the reader heard counts when the reader is sure.
    """
    for turn in dialogue.shopper():
        for signal, code in _DIRECT.items():
            joking = signal is Signal.HAZARD and turn.heard.first(Signal.FRIENDLY)
            hit = turn.heard.first(signal)
            if (
                hit
                and not joking
                and not _vain(turn.heard, code, hit)
                and not sense.doubts(Meaning(code.value), turn.heard, pieced=signal is Signal.HAZARD)
            ):
                firm = code in UNDECLINABLE or signal is Signal.SELF_HARM
                yield found(Stance.ESCALATE, code, hit.words, turn.index, firm=firm)
        for meaning, code in _LEARNT.items():
            vain = _vain(turn.heard, code) or _turned_down(turn.heard, code, sense)
            if sense.hears(meaning, turn.heard) and not vain:
                yield found(Stance.ESCALATE, code, turn.line.text, turn.index, firm=code in UNDECLINABLE)
        if hit := _taken_offer(dialogue, turn) or _call_for_someone(dialogue, turn):
            yield found(Stance.ESCALATE, ReasonCode.HUMAN_REQUEST, hit.words, turn.index)
        elif stance := _read_request(turn):
            yield found(stance, ReasonCode.HUMAN_REQUEST, turn.line.text, turn.index)
        if hit := turn.heard.first(Signal.PAYMENT_DATA):
            yield found(Stance.OFFER, ReasonCode.DATA_PRIVACY, hit.words, turn.index)
    yield from _hardship_in_trouble(dialogue)


def _vain(heard: Heard, code: ReasonCode, hit: Hit | None = None) -> bool:
    """Whether a wish or a suspicion is taken back in the same breath; said behind that, it holds."""
    back = heard.first(Signal.RETRACTED) if code in _TAKEN_BACK else None
    return back is not None and (hit is None or hit.start <= back.end)


def _turned_down(heard: Heard, code: ReasonCode, sense: SenseRules) -> bool:
    declined = heard.first(Signal.DECLINES_PERSON) is not None or rather_not(heard, sense)
    return code is ReasonCode.HUMAN_REQUEST and declined


def _taken_offer(dialogue: Dialogue, turn: Turn) -> Hit | None:
    """A yes to the offer; one with a question behind it ("all right. and my refund?") has turned to something else."""
    if turn.heard.question or not offers_person(dialogue.before(turn)):
        return None
    if turn.heard.first(Signal.NO) or len(turn.heard.words) > SHORT:
        return None
    return turn.heard.first(Signal.YES)


def _read_request(turn: Turn) -> Stance | None:
    """What a request calls for that only the reader heard: a person, unless the words here were heard otherwise."""
    if turn.line.reading is None or turn.heard.first(Signal.HUMAN_REQUEST, Signal.DECLINES_PERSON, Signal.RETRACTED):
        return None
    score = max((one.score for one in turn.line.reading.intents if one.name is Intent.HUMAN_AGENT), default=0.0)
    unsure = (
        score < _SURE
        or turn.heard.turned_down & {Signal.HUMAN_REQUEST, Signal.ANYONE_THERE}
        or turn.heard.margins.get(Meaning.HUMAN_REQUEST, 0.0) < 0
    )
    return (Stance.OFFER if unsure else Stance.ESCALATE) if score else None


def _call_for_someone(dialogue: Dialogue, turn: Turn) -> Hit | None:
    """A first "can someone help me?" only opens the chat with the agent; said later, it asks for somebody else."""
    later = any(earlier.by_shopper and earlier.index < turn.index for earlier in dialogue.turns)
    return turn.heard.first(Signal.ANYONE_THERE) if later else None


def _hardship_in_trouble(dialogue: Dialogue) -> Iterator[Finding]:
    seen: dict[Signal, tuple[int, Hit]] = {}
    for turn in dialogue.turns:
        for signal in (Signal.HARDSHIP, Signal.INFANT, Signal.NEED, *_TROUBLE):
            if hit := turn.heard.first(signal):
                seen[signal] = (turn.index, hit)
        if not turn.by_shopper:
            continue
        for circumstance, troubles in ((Signal.HARDSHIP, (Signal.NEED, *_TROUBLE)), (Signal.INFANT, _INFANT_TROUBLE)):
            place, hit = seen.get(circumstance, (-_FAR, None))
            if hit and any(abs(place - seen[trouble][0]) < _FAR for trouble in troubles if trouble in seen):
                yield found(Stance.ESCALATE, ReasonCode.VULNERABLE, hit.words, turn.index)
                return
