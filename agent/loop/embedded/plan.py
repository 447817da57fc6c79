"""Works through the agenda: one flow after the other until one has to wait for the shopper."""

from __future__ import annotations

from dataclasses import dataclass

from agent.conversation import Request
from agent.loop.embedded.case import Case
from agent.loop.embedded.flows import FLOWS
from agent.loop.embedded.flows.social import close_small_talk, corrected, greet, only_thanks, remind


@dataclass(frozen=True, slots=True)
class Reply:
    """What to say, what it asks for, and what stays on the agenda."""

    say: tuple[str, ...]
    asks: tuple[str, ...]
    agenda: tuple[Request, ...]


def plan(case: Case) -> Reply:
    """The reply to this turn. Raises ``Need`` for the next tool call."""
    if only_thanks(case):
        return Reply((case.say("social.bye"),), case.brief.asked, case.brief.agenda)
    said: list[str] = []
    agenda = list(case.brief.agenda) or list(corrected(case))
    if agenda:
        case.begun = True
    while agenda:
        request = agenda.pop(0)
        step = FLOWS[request.intent](case, request)
        said.extend(step.say)
        case.last = request.intent
        if step.keep is not None:
            return _open(case, Reply(tuple(said), step.asks, (step.keep, *agenda)))
    if case.begun:
        reminder, asks = remind(case)
        return _open(case, Reply((*said, *reminder), asks, ()))
    talk, asks = close_small_talk(case)
    return Reply(talk, asks, ())


def _open(case: Case, reply: Reply) -> Reply:
    """The reply with its greeting or apology at the head of the first paragraph."""
    opening = " ".join(greet(case))
    first, *rest = reply.say or ("",)
    return Reply((f"{opening} {first}".strip(), *rest), reply.asks, reply.agenda)
