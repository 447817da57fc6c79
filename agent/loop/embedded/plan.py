"""Works through the agenda: one flow after the other until one has to wait for the shopper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from agent.conversation import Request
from agent.loop.agenda import ASIDE, OFFER
from agent.loop.cues import about_an_order, shows
from agent.loop.embedded.case import NO_TOPIC, Case
from agent.loop.embedded.flows import FLOWS
from agent.loop.embedded.flows.knowledge import ASKED
from agent.loop.embedded.flows.orders import names_own_goods
from agent.loop.embedded.flows.social import (
    REFUSED,
    close_small_talk,
    corrected,
    gives_up,
    greet,
    leave,
    lets_it_be,
    remind,
    takes_leave,
    was_refused,
)
from agent.loop.embedded.vocabulary import meaning_of
from agent.loop.meant import GOODS, OF_GOODS, WHERE_IS_IT
from agent.loop.signs import says
from agent.understanding.reading import EntityKind, Intent

TAKES_TIME = frozenset({"exchange_item", "return_item", "item_problem", "claim_status"})
"""What somebody asks the duration of who has just agreed to it, or is about to."""

GOES_BACK = frozenset({"return_item", "exchange_item", "return_label", "refund_status"})
OPENED = ("return_items", "exchange_items")
FEW_WORDS = 6


@dataclass(frozen=True, slots=True)
class Reply:
    """What to say, what it asks for, and what stays on the agenda."""

    say: tuple[str, ...]
    asks: tuple[str, ...]
    agenda: tuple[Request, ...]


def plan(case: Case) -> Reply:
    """The reply to this turn. Raises ``Need`` for the next tool call."""
    case.memory = [word for word in case.brief.last.split() if word != REFUSED] or [NO_TOPIC]
    if takes_leave(case):
        return leave_open(case)
    if gives_up(case):
        return Reply((case.say("social.dropped"),), (), case.brief.agenda[1:])
    agenda = [] if lets_it_be(case) else list(_likewise(case, case.brief.agenda))
    if not agenda or agenda[0].stage == OFFER:
        agenda = list(corrected(case)) or agenda
    if was_refused(case) and not case.brief.reading.entities:
        agenda = [one for one in agenda if one.words not in case.brief.reading.text or shows(one.intent, one.words)]
    if not agenda and not was_refused(case) and _asks_something(case):
        agenda = [Request("out_of_scope", case.brief.reading.text)]
    if not agenda:
        talk, asks = close_small_talk(case)
        return Reply(talk, asks, ())
    return _work(case, agenda)


def _asks_something(case: Case) -> bool:
    """Whether a question of some length was asked that nothing was read in: an article may still answer it."""
    text = case.brief.reading.text
    reading = case.brief.reading
    agrees = reading.answer is not None and reading.has(Intent.AFFIRM)
    heard = agrees or reading.has(Intent.GREETING, Intent.THANKS_BYE, Intent.DENY, Intent.FEEDBACK)
    goes_on = says("likewise", text) and any(word.startswith(ASKED) for word in case.memory)
    long_enough = len(text.split()) >= FEW_WORDS or goes_on
    return "?" in text and long_enough and not heard and not case.brief.pending


def leave_open(case: Case) -> Reply:
    """A word of farewell; what is open waits unless the shopper said that this was all."""
    words, asks, kept = leave(case)
    return Reply(words, asks, kept)


def _work(case: Case, agenda: list[Request]) -> Reply:
    said: list[str] = []
    offer: Request | None = None
    while agenda:
        request = agenda.pop(0)
        case.request = request
        if request.stage == OFFER and said:
            return _open(case, Reply(tuple(said), (), (request, *agenda)))
        request = case.request = _as_own_wish(case, request)
        request = case.request = _as_its_duration(request, agenda[0].intent if agenda else case.topic)
        request = case.request = _as_of_the_refund(case, request)
        request = case.request = _as_of_what_goes_back(case, request)
        step = FLOWS[request.intent](case, request)
        said.extend(one for one in step.say if one and one not in said)
        if request.intent not in ASIDE and any(case.say("denial.person_only") in one for one in step.say):
            case.remember(REFUSED)
        if request.intent not in ASIDE:
            case.memory[:1] = [request.intent]
        if step.keep is not None:
            return _open(case, Reply(tuple(said), step.asks, (step.keep, *agenda)))
        offer, offered = step.offer, step.asks
        if offer is not None and not agenda:
            return _open(case, Reply(tuple(said), offered, (offer,)))
    reminder, asks = remind(case)
    return _open(case, Reply((*said, *reminder), asks, ()))


def _as_own_wish(case: Case, request: Request) -> Request:
    """No question about the rules: "can I return the boots?" of somebody who has bought boots."""
    verb = about_an_order(request.words) if request.intent in ASIDE else ""
    return replace(request, intent=verb) if verb and names_own_goods(case, request.words) else request


def _as_its_duration(request: Request, about: str) -> Request:
    """Not where a parcel is: "and how long will that take?" of somebody who is exchanging or returning something."""
    asked = request.intent in WHERE_IS_IT or request.intent == "policy_question"
    if (
        not asked
        or about not in TAKES_TIME
        or not says("how_long", request.words)
        or says("what_takes_time", request.words)
    ):
        return request
    if EntityKind.ORDER_NUMBER.value in request.slots.get("said", {}):
        return request
    about = "item_problem" if about == "claim_status" else about
    return replace(request, intent="policy_question", slots={**request.slots, "about": about})


def _as_of_the_refund(case: Case, request: Request) -> Request:
    """Not where a parcel is: "and when will I see it?" of somebody who was told of their refund."""
    told = (
        case.topic == "refund_status"
        and request.intent in WHERE_IS_IT
        and not request.slots.get("said", {}).keys() & OF_GOODS
    )
    if not told or says("parcels", request.words) or not says("when", request.words):
        return request
    return replace(request, intent="refund_status", slots={**request.slots, "order": case.brief.focus})


def _as_of_what_goes_back(case: Case, request: Request) -> Request:
    """After a return or exchange was spoken of: how to send it asks for the label, and keeping the goods calls it off."""
    if case.topic not in GOES_BACK or request.stage:
        return request
    if says("how_to_send", request.words) and any(one.kind in OPENED for one in case.brief.done):
        return replace(request, intent="return_label")
    keeps = request.intent in GOODS and meaning_of("withdraw", request.words)
    return replace(request, intent="return_item") if keeps else request


def _likewise(case: Case, agenda: Sequence[Request]) -> tuple[Request, ...]:
    """The question asked before, for another order: "and the one of 10002?"."""
    text = case.brief.reading.text
    first = next(iter(agenda), None)
    elliptic = says("meant", text) or (
        says("likewise", text)
        and len(text.split()) <= FEW_WORDS
        and (
            case.brief.reading.first(EntityKind.ORDER_NUMBER)
            or (not about_an_order(text) and names_own_goods(case, text))
        )
    )
    own = first is not None and first.intent not in ASIDE and shows(first.intent, text)
    if (
        first is None
        or not elliptic
        or own
        or case.topic == NO_TOPIC
        or first.words != text
        or first.slots.get("order")
    ):
        return tuple(agenda)
    return (replace(first, intent=case.topic), *agenda[1:])


def _open(case: Case, reply: Reply) -> Reply:
    """The reply with its greeting or apology at the head of the first paragraph."""
    opening = " ".join(greet(case))
    first, *rest = reply.say or ("",)
    return Reply((f"{opening} {first}".strip(), *rest), reply.asks, reply.agenda)
