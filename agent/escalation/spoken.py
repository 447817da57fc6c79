"""Reasons that one line gives by itself, and that stay until a person has seen to them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from agent.escalation.dialogue import Dialogue, Turn, offers_person
from agent.escalation.finding import Finding, found
from agent.escalation.rules import UNDECLINABLE
from agent.escalation.signals import Hit, Signal
from agent.escalation.verdict import ReasonCode, Stance

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
_TROUBLE: Final = (
    Signal.NEED,
    Signal.GRIEVANCE,
    Signal.RESIGNATION,
    Signal.ANGER,
    Signal.PLEA,
    Signal.EXCEPTION,
    Signal.AGENT_DENIES,
    Signal.AGENT_STALLS,
)
_FAR: Final = 3
"""Lines between a hardship and the trouble that makes it count."""


def spoken_reasons(dialogue: Dialogue) -> Iterator[Finding]:
    """Requests for a person, hazards, threats, fraud, vulnerability, privacy; a typed card only calls for an offer."""
    for turn in dialogue.shopper():
        for signal, code in _DIRECT.items():
            if hit := turn.heard.first(signal):
                firm = code in UNDECLINABLE or signal is Signal.SELF_HARM
                yield found(Stance.ESCALATE, code, hit.words, turn.index, firm=firm)
        if hit := _taken_offer(dialogue, turn) or _call_for_someone(dialogue, turn):
            yield found(Stance.ESCALATE, ReasonCode.HUMAN_REQUEST, hit.words, turn.index)
        if hit := turn.heard.first(Signal.PAYMENT_DATA):
            yield found(Stance.OFFER, ReasonCode.DATA_PRIVACY, hit.words, turn.index)
    yield from _hardship_in_trouble(dialogue)


def _taken_offer(dialogue: Dialogue, turn: Turn) -> Hit | None:
    return turn.heard.first(Signal.YES) if offers_person(dialogue.before(turn)) else None


def _call_for_someone(dialogue: Dialogue, turn: Turn) -> Hit | None:
    """"Can someone help me?" opens many chats with the agent; said later, it asks for somebody else."""
    later = any(earlier.by_shopper and earlier.index < turn.index for earlier in dialogue.turns)
    return turn.heard.first(Signal.ANYONE_THERE) if later else None


def _hardship_in_trouble(dialogue: Dialogue) -> Iterator[Finding]:
    hardship: tuple[int, Hit] | None = None
    trouble = -_FAR
    for turn in dialogue.turns:
        if turn.by_shopper and (hit := turn.heard.first(Signal.HARDSHIP)):
            hardship = (turn.index, hit)
        if turn.heard.first(*_TROUBLE):
            trouble = turn.index
        if turn.by_shopper and hardship and abs(hardship[0] - trouble) < _FAR:
            yield found(Stance.ESCALATE, ReasonCode.VULNERABLE, hardship[1].words, turn.index)
            return
