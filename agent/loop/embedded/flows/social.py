"""Greetings, thanks, complaints, and what is said when nothing was asked."""

from __future__ import annotations

import re

from agent.conversation import Request
from agent.loop.cues import shows
from agent.loop.embedded.case import NO_TOPIC, Case, Step
from agent.loop.embedded.flows.orders import names_own_goods
from agent.loop.embedded.mentions import same_number, turns_away
from agent.loop.embedded.vocabulary import meaning_of
from agent.loop.signs import says
from agent.understanding.reading import EntityKind, Intent

STATUS = ("order_status", "delivery_problem")
SIGNED_IN = 2
REFUSED = "refused"
"""In the memory for the turn after a no that left nothing but a person."""

LISTED = 5
CURT = 6


def was_refused(case: Case) -> bool:
    """Whether the reply before said no and only held out a person."""
    return REFUSED in case.brief.last.split()


def corrected(case: Case) -> tuple[Request, ...]:
    """What was done last, for another order: "no, the other one", "I meant 10002"."""
    text, reading = case.brief.reading.text, case.brief.reading
    if case.topic == NO_TOPIC or case.brief.pending or case.brief.resumed:
        return ()
    number = reading.first(EntityKind.ORDER_NUMBER)
    other = case.brief.focus and (turns_away(text) or (case.topic in STATUS and _names_goods(case, text)))
    if number is None and not other:
        return ()
    said = {number.kind.value: number.value} if number else {}
    if number is None and says("also", text):
        return (Request(case.topic, text, {"order": case.brief.focus}),)
    return (Request(case.topic, text, {"said": said}),)


def _names_goods(case: Case, text: str) -> bool:
    """Whether a few words only name goods: "the one with the trainers"."""
    return len(text.split()) <= CURT and names_own_goods(case, text)


def gives_up(case: Case) -> bool:
    """Whether the shopper lets go of what was being asked for: "never mind"."""
    kept = case.brief.agenda
    asking = bool(kept) and kept[0].stage not in ("confirm", "offer") and kept[0].words not in case.brief.reading.text
    return asking and not case.brief.resumed and bool(meaning_of("drop", case.brief.reading.text))


def lets_it_be(case: Case) -> bool:
    """Whether a matter that is closed already is waved off ("leave it then"), which only sounds like a wish."""
    reading = case.brief.reading
    if case.brief.pending or case.brief.resumed or reading.entities or not meaning_of("drop", reading.text):
        return False
    return all(one.words in reading.text and not shows(one.intent, one.words) for one in case.brief.agenda)


def greet(case: Case) -> tuple[str, ...]:
    """An opening for the first reply, when the shopper has a name we know; an apology for anger, once."""
    if not case.brief.agenda or case.brief.resumed:
        return ()
    if says("asks_whether_bot", case.brief.reading.text):
        return ()
    upset = case.brief.reading.emotion.frustration >= 0.5
    says_sorry = case.brief.agenda[0].intent in (*STATUS, "complaint") or case.remembers("sorry")
    if upset:
        case.remember("sorry")
        return () if says_sorry else (case.say("social.sorry"),)
    named = case.brief.opening and case.brief.customer_name
    return (case.say("social.hello_name", name=case.brief.customer_name),) if named else ()


def takes_leave(case: Case) -> bool:
    """Whether the shopper only thanks or takes their leave."""
    reading = case.brief.reading
    leaves = bool(reading.intents) and all(one.name is Intent.THANKS_BYE for one in reading.intents)
    fun = meaning_of("laughter", reading.text) and not meaning_of("thanks", reading.text)
    return leaves and not fun and not reading.entities and not case.brief.resumed


def leave(case: Case) -> tuple[tuple[str, ...], tuple[str, ...], tuple[Request, ...]]:
    """Words, asks and agenda of a farewell: a proposal is mentioned once more, a mere offer forgotten."""
    kept = tuple(one for one in case.brief.agenda if one.stage != "offer")
    if meaning_of("closing", case.brief.reading.text) or not kept:
        return (case.say("social.bye"),), (), ()
    if case.brief.pending:
        return (case.say("social.bye_pending", summary=case.pending_words),), ("confirmation",), kept
    return (case.say("social.bye_open"),), case.brief.asked, kept


def hear_complaint(case: Case, _: Request) -> Step:
    """Somebody is unhappy and wants nothing named yet: say sorry once and ask what would help."""
    if case.brief.pending or any(one.stage not in ("", "offer") for one in case.brief.agenda):
        return Step(() if case.remembers("sorry") else (case.say("social.sorry"),))
    key = "social.complaint_again" if case.remembers("sorry") else "social.complaint"
    case.remember("sorry")
    return Step((case.say(key),))


def close_small_talk(case: Case) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The reply to a message that wants nothing of us."""
    reading = case.brief.reading
    if says("asks_whether_bot", reading.text):
        return (case.say("social.am_ai"),), ()
    if case.brief.pending:
        words = case.say("proposal.still_pending", summary=case.pending_words)
        return (f"{words} {case.say('proposal.ask')}",), ("confirmation",)
    unknown = _unknown_number(case)
    if unknown:
        return (unknown,), ("order_number",)
    return (case.say(_small_talk(case)),), ()


def _unknown_number(case: Case) -> str:
    """A number said for no reason given that is none of the shopper's orders; empty when there is none."""
    said = case.brief.reading.first(EntityKind.ORDER_NUMBER)
    if said is None or case.identity.level < SIGNED_IN or case.brief.resumed:
        return ""
    listed = case.call("list_orders")
    if "error" in listed or any(same_number(said.value, one["number"]) for one in listed["orders"]):
        return ""
    return case.say("order.unknown", said=said.value, numbers=[one["number"] for one in listed["orders"][:LISTED]])


def _small_talk(case: Case) -> str:
    reading = case.brief.reading
    if meaning_of("laughter", reading.text):
        return "social.smile"
    if meaning_of("thanks", reading.text):
        return "social.bye"
    if meaning_of("drop", reading.text):
        return "social.dropped"
    settles = reading.has(Intent.AFFIRM) and not re.search(r"[?!]", reading.text)
    if was_refused(case) and not settles and not reading.has(Intent.THANKS_BYE, Intent.DENY, Intent.FEEDBACK):
        case.remember(REFUSED)
        return "social.after_no"
    for intent, key in (
        (Intent.THANKS_BYE, "social.bye"),
        (Intent.FEEDBACK, "social.thanks_feedback"),
        (Intent.DENY, "social.nothing_else"),
        (Intent.AFFIRM, _after_a_yes(case)),
        (Intent.GREETING, "social.hello" if case.brief.opening else "social.hello_again"),
    ):
        if reading.has(intent):
            return key
    told = reading.first(EntityKind.ORDER_NUMBER) or (reading.has(Intent.INFORM) and reading.entities)
    if case.topic == NO_TOPIC and told:
        return "social.got_it"
    return "social.not_understood_again" if case.remembers("lost") else _lost(case)


def _after_a_yes(case: Case) -> str:
    """A yes to nothing; a question or an outcry that only sounds like one is not understood."""
    if case.brief.reading.answer is None and re.search(r"[?!]", case.brief.reading.text):
        return _lost(case)
    return "social.tell_me" if case.topic == NO_TOPIC else "social.gladly"


def _lost(case: Case) -> str:
    case.remember("lost")
    return "social.not_understood"


def remind(case: Case) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """A proposal that still waits, after a question in between was answered."""
    if not case.brief.pending or case.brief.resumed:
        return (), ()
    words = case.say("proposal.still_pending", summary=case.pending_words)
    return (f"{words} {case.say('proposal.ask')}",), ("confirmation",)
