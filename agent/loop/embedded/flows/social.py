"""Greetings, thanks, complaints, and what is said when nothing was asked."""

from __future__ import annotations

import re

from agent.conversation import Request
from agent.loop.embedded.case import Case, Step
from agent.understanding.reading import EntityKind, Intent


TURNS_TO_ANOTHER = re.compile(
    r"\b(?:el|la|los|las|o|a) (?:otr[oa]s?|outr[oa]s?)\b|\bthe other(?: one)?\b|\bese no\b|\besa no\b|\bnot that one\b|\besse n[aã]o\b",
    re.IGNORECASE,
)
ASKS_WHETHER_BOT = re.compile(
    r"\b(?:eres|sos|es usted|are you|is this|am i talking to|você é|vc é|voce e|vc e)\b.{0,25}\b(?:robot|robô|robo|bot|ia|ai|humano|humana|human|persona|person|máquina|maquina|machine|real)\b",
    re.IGNORECASE,
)


def corrected(case: Case) -> tuple[Request, ...]:
    """"No, the other one": what was done last, for another order."""
    text = case.brief.reading.text
    if not case.brief.last or not case.brief.focus or case.brief.pending or not TURNS_TO_ANOTHER.search(text):
        return ()
    return (Request(case.brief.last, text),)


def greet(case: Case) -> tuple[str, ...]:
    """An opening for the first reply, when the shopper greeted or has a name we know; an apology for anger, once."""
    said: list[str] = []
    upset = case.brief.reading.emotion.frustration >= 0.5
    if case.brief.opening and not case.brief.resumed and case.brief.agenda and not upset:
        said.append(case.say("social.hello_name", name=case.brief.customer_name) if case.brief.customer_name else "")
    says_sorry = bool(case.brief.agenda) and case.brief.agenda[0].intent in ("order_status", "delivery_problem", "complaint")
    if upset and case.brief.agenda and not case.brief.resumed and not says_sorry:
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
    if ASKS_WHETHER_BOT.search(reading.text):
        return (case.say("social.am_ai"),), ()
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
