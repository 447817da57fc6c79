"""Greetings, thanks, complaints, and what is said when nothing was asked."""

from __future__ import annotations

from agent.conversation import Request
from agent.loop.embedded.case import Case, Step
from agent.understanding.reading import EntityKind, Intent


def greet(case: Case) -> tuple[str, ...]:
    """An opening for the first reply, when the shopper greeted or has a name we know; an apology for anger, once."""
    said: list[str] = []
    upset = case.brief.reading.emotion.frustration >= 0.5
    if case.brief.opening and not case.brief.resumed and case.brief.agenda and not upset:
        said.append(case.say("social.hello_name", name=case.brief.customer_name) if case.brief.customer_name else "")
    if upset and case.brief.agenda and not case.brief.resumed:
        said.append(case.say("social.sorry"))
    return tuple(one for one in said if one)


def only_thanks(case: Case) -> bool:
    """Whether the shopper takes their leave in the middle of something; it waits for them, unasked."""
    reading = case.brief.reading
    leaves = bool(reading.intents) and all(one.name is Intent.THANKS_BYE for one in reading.intents)
    return leaves and not reading.entities and not case.brief.resumed


def hear_complaint(case: Case, request: Request) -> Step:
    """Somebody is unhappy and wants nothing named yet: say sorry once and ask what would help."""
    return Step((case.say("social.complaint"),))


def close_small_talk(case: Case) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The reply to a message that wants nothing of us."""
    reading = case.brief.reading
    if case.brief.pending:
        words = case.say("proposal.still_pending", summary=case.brief.pending[-1].summary)
        return (f"{words} {case.say('proposal.ask')}",), ("confirmation",)
    for intent, key in (
        (Intent.THANKS_BYE, "social.bye"),
        (Intent.FEEDBACK, "social.thanks_feedback"),
        (Intent.DENY, "social.nothing_else"),
        (Intent.AFFIRM, "social.tell_me"),
        (Intent.GREETING, "social.hello"),
    ):
        if reading.has(intent):
            return (case.say(key),), ()
    if reading.first(EntityKind.ORDER_NUMBER) or reading.has(Intent.INFORM):
        return (case.say("social.got_it"),), ()
    return (case.say("social.not_understood"),), ()


def remind(case: Case) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """A proposal that still waits, after a question in between was answered."""
    if not case.brief.pending or case.brief.resumed:
        return (), ()
    words = case.say("proposal.still_pending", summary=case.brief.pending[-1].summary)
    return (f"{words} {case.say('proposal.ask')}",), ("confirmation",)
