"""Getting to know the shopper: number and contact for reading, a one-time code for changing."""

from __future__ import annotations

from agent.conversation import Request
from agent.loop.embedded.case import Case, Result, Step
from agent.loop.signs import says
from agent.understanding.reading import EntityKind

NO_NUMBER = "no_number"
"""In the memory once the shopper said that they do not know the order's number."""

ASKED_EMAIL = "asked_email"

CONTACTS = (EntityKind.EMAIL, EntityKind.POSTAL_CODE, EntityKind.PHONE)
PROOFS = (EntityKind.ORDER_NUMBER, *CONTACTS, EntityKind.NAME)


def require_level(case: Case, request: Request, level: int) -> Step | None:
    """What has to be asked before the request can go on; none when the shopper is known well enough."""
    if case.identity.level >= level:
        return None
    if case.identity.customer_id is not None:
        return _prove_by_code(case, request)
    if _lacks_number(case, request):
        return _prove_by_email(case, request)
    return _verify(case, request)


def code_instead(case: Case, request: Request, answer: Result) -> Step | None:
    """The step for a tool that wants to know the shopper better."""
    wants = answer.get("error") == "verify_first" or answer.get("code") == "identity_needed"
    return require_level(case, request, int(answer.get("level", 2))) if wants else None


def _lacks_number(case: Case, request: Request) -> bool:
    """Whether the order cannot be told by its number: said now, or before and none was told since."""
    if case.told(EntityKind.ORDER_NUMBER):
        return False
    words = case.text or request.words
    if says("lacks", words) and (case.asked("order_number") or says("number", words)):
        case.remember(NO_NUMBER)
    return case.remembers(NO_NUMBER)


def _prove_by_email(case: Case, request: Request) -> Step | None:
    email = case.known(EntityKind.EMAIL)
    if not email:
        key = "identity.no_way_in" if case.asked("email") and case.remembers(ASKED_EMAIL) else "identity.ask_email"
        case.remember(ASKED_EMAIL)
        return Step((case.say(key),), ("email",), request)
    return _prove_by_code(case, request, email=email)


def _verify(case: Case, request: Request) -> Step | None:
    given = _proof(case)
    fresh = any(case.heard(kind) for kind in PROOFS)
    asked = case.asked("order_number") or case.asked("email")
    if not given or (asked and not fresh):
        return _ask(case, request, given, again=asked)
    answer = case.call("verify_order", **given)
    if answer.get("status") == "verified":
        return None
    if answer.get("error") == "proof_incomplete":
        return _ask(case, request, given, again=False)
    if answer.get("error") == "too_many_attempts":
        return Step((case.say("identity.too_many"),))
    if answer.get("error") == "order_system_unavailable":
        return Step((case.say("fallback.shop_down"),), keep=request)
    key = "identity.not_found_again" if case.remembers("not_found") else "identity.not_found"
    case.remember("not_found")
    return Step((case.say(key, number=given.get("number", "")),), ("order_number", "email"), request)


def _proof(case: Case) -> dict[str, str]:
    """What the shopper said of themselves, as ``verify_order`` takes it."""
    given = {
        "number": case.known(EntityKind.ORDER_NUMBER),
        "email": case.known(EntityKind.EMAIL),
        "postal_code": case.known(EntityKind.POSTAL_CODE),
        "phone": case.known(EntityKind.PHONE),
    }
    first, _, last = (case.known(EntityKind.NAME) or "").partition(" ")
    if first and last:
        given |= {"first_name": first, "last_name": last}
    return {name: value for name, value in given.items() if value}


def _ask(case: Case, request: Request, given: dict[str, str], *, again: bool) -> Step:
    if "number" in given:
        if case.asked("email") and case.brief.asked[0] != "order_number":
            return Step((case.say("identity.ask_contact_again"),), ("email", "postal_code"), request)
        return Step((case.say("identity.ask_contact", number=given["number"]),), ("email", "postal_code"), request)
    if given.keys() & {"email", "phone", "postal_code"}:
        return Step((case.say("identity.ask_number"),), ("order_number",), request)
    key = "identity.ask_both_again" if again else "identity.ask_both"
    return Step((case.say(key),), ("order_number", "email"), request)


def _prove_by_code(case: Case, request: Request, **to: str) -> Step | None:
    code = case.heard(EntityKind.CODE)
    if code:
        answer = case.call("check_code", code=code)
        if answer.get("status") == "verified":
            return None
        if answer.get("error") == "wrong_code":
            key = "identity.wrong_code_again" if case.remembers("wrong_code") else "identity.wrong_code"
            case.remember("wrong_code")
            return Step((case.say(key),), ("code",), request)
    elif case.asked("code") and not says("wants_another_code", case.text):
        return Step((case.say("identity.ask_code_again"),), ("code",), request)
    sent = case.call("send_code", **to)
    if sent.get("status") == "code_sent":
        first = "identity.code_sent_if_known" if to else "identity.code_sent"
        key = "identity.code_sent_again" if case.remembers("code") else first
        case.remember("code")
        return Step((case.say(key, sent_to=sent["sent_to"]),), ("code",), request)
    if sent.get("status") == "verified":
        return None
    if sent.get("error") == "code_not_sent":
        return Step((case.say("identity.code_not_sent"),), keep=request)
    return Step((case.say("identity.too_many"),))
