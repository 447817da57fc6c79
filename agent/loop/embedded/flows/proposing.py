"""The end of every flow that changes something: the proposal and its question, or the no with its way out."""

from __future__ import annotations

from agent.conversation import Request
from agent.loop.embedded.case import Case, Result, Step, with_slots
from agent.loop.embedded.flows.identity import code_instead
from agent.loop.embedded.flows.methods import method_instead
from agent.loop.embedded.vocabulary import meaning_of
from agent.understanding.reading import Intent

SMALL_TALK = frozenset({Intent.AFFIRM, Intent.DENY, Intent.GREETING, Intent.THANKS_BYE, Intent.FEEDBACK})
TRY_AGAIN = {
    "hold_too_long": ("date",),
    "hold_in_the_past": ("date",),
    "instructions_too_long": ("instructions",),
    "other_country": ("address",),
    "address_incomplete": ("address",),
    "unknown_method": ("payment_method",),
    "refund_elsewhere": ("payment_method",),
}
"""What the shopper may say anew when that was the trouble."""


def put_to_shopper(case: Case, request: Request, answer: Result) -> Step:
    """Turn a proposing tool's answer into words."""
    language = case.brief.language
    if answer.get("status") == "awaiting_confirmation":
        words = case.wording.proposal_view(answer, language)
        return Step((f"{words} {case.say('proposal.ask')}",), ("confirmation",), with_slots(request, "confirm"))
    blocked = code_instead(case, request, answer)
    if blocked is not None:
        return blocked
    other_method = method_instead(case, request, answer)
    if other_method is not None:
        return other_method
    if answer.get("status") == "denied":
        asks = TRY_AGAIN.get(str(answer["code"]))
        keep = with_slots(request, "open") if asks else None
        words = case.wording.reason(answer, language) if asks else case.wording.denial(answer, language)
        return Step((words,), asks or (), keep)
    if answer.get("status") == "needs_person" and "would" in answer:
        why, what = case.wording.reason(answer, language), case.wording.proposal_view(answer["would"], language)
        asked = " ".join(part for part in (why, what, case.say("proposal.ask_person")) if part)
        return Step((asked,), ("confirmation",), with_slots(request, "confirm"))
    if answer.get("status") == "needs_person":
        return Step((case.wording.reason(answer, language),))
    return failed(case, request, answer)


def failed(case: Case, request: Request, answer: Result) -> Step:
    """A tool that could not do it; the order system being away keeps the request for later."""
    if answer.get("error") == "order_system_unavailable":
        return Step((case.say("fallback.shop_down"),), keep=request)
    if answer.get("error") == "unknown_order":
        return Step(
            (case.say("order.unknown", said=str(answer.get("number", "")), numbers=[]),), ("order_number",), request
        )
    return Step((case.say("fallback.cannot"),))


def still_pending(case: Case, request: Request, *new: object) -> Step | None:
    """Show the waiting proposal again when nothing new was said about it.

    Words that are neither small talk nor one of ``new`` may still change it ("only the belt"): then it is made anew.
    """
    if request.stage != "confirm" or any(new) or not case.brief.pending or case.brief.reading.answer == "change":
        return None
    if meaning_of("only", case.text):
        return None
    if case.text and not all(one.name in SMALL_TALK for one in case.brief.reading.intents):
        return None
    key = "proposal.noted_beside" if case.hears_another_wish(request) else "proposal.still_pending"
    words = case.say(key, summary=case.pending_words)
    return Step((f"{words} {case.say('proposal.ask')}",), ("confirmation",), request)
