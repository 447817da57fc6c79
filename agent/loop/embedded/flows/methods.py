"""Which payment method: one that is not on file, is there twice, or cannot pay is asked for again, with what there is."""

from __future__ import annotations

from agent.conversation import Request
from agent.loop.embedded.case import Case, Result, Step, with_slots
from agent.understanding.reading import EntityKind

SENTENCES = {
    "unknown_method": "money.unknown_method",
    "ambiguous_method": "money.ambiguous_method",
    "insufficient_balance": "money.too_little",
}


def method_instead(case: Case, request: Request, answer: Result) -> Step | None:
    """The question for another method; none when the answer is about something else, or no other method could pay."""
    code = str(answer.get("error") or answer.get("code"))
    named = case.told(EntityKind.PAYMENT_METHOD) or request.slots.get("method")
    key = SENTENCES.get(code) if named or code != "unknown_method" else "money.which_method"
    methods = [name_method(case, one) for one in answer.get("methods") or ()]
    if key is None or not methods:
        return None
    said = {
        kind: value for kind, value in request.slots.get("said", {}).items() if kind != EntityKind.PAYMENT_METHOD.value
    }
    return Step((case.say(key, methods=methods),), ("payment_method",), with_slots(request, "open", said=said))


def name_method(case: Case, method: Result | None) -> str:
    """ "Your Visa ending in 4417"."""
    return case.say("method.other") if method is None else case.say_of(f"method.{method['kind']}", method)
