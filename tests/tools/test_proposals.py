from dataclasses import replace
from datetime import timedelta

import pytest

from tools.calling import call
from tools.errors import AskAgain
from tools.policy.verdict import Verdict
from tools.proposals import digest_of, proposal_from_json, proposal_to_json
from tools.proposing import propose
from tools.references import find_line
from tools.scope import Identity
from tools.shop.changes import ChangeAddress, ReturnItems, SetInstructions
from tools.shop.models import CustomerId, LineId, OrderNumber, PaymentMethodId, ReturnLine, ReturnReason

LUCIA = Identity(2, CustomerId("lucia-hernandez"))
MARTIN = Identity(2, CustomerId("martin-suarez"))
BACK = {"number": "10001", "items": [{"line": "brisa", "reason": "too_small"}]}
EIGHT = {"number": "#10001", "items": [{"line": "tenis brisa", "options": {"size": "8"}}]}


async def test_a_proposal_is_left_on_the_scope_and_the_shop_untouched(make_scope, shop, data) -> None:
    scope = make_scope(LUCIA)
    view = await call("return_items", BACK, scope)
    (proposal,) = scope.proposals
    assert (view["status"], view["id"], view["kind"]) == ("awaiting_confirmation", proposal.id, "return_items")
    assert view["cost"] == {"amount": "-1410.00", "currency": "MXN"}
    assert view["after"]["returned"] == [
        {"line_id": "10001-1", "title": "Tenis Brisa", "quantity": 1, "reason": "too_small"}
    ]
    assert view["after"]["refund_method"]["last4"] == "4417"
    assert proposal.expires_at == scope.now + timedelta(minutes=15)
    assert await shop.export_all() == data


async def test_the_new_size_is_found_by_what_differs(make_scope) -> None:
    scope = make_scope(LUCIA)
    view = await call("exchange_items", EIGHT, scope)
    (before,), (after,) = view["before"]["lines"], view["after"]["lines"]
    assert (before["options"]["size"], after["options"]["size"]) == ("7", "8")
    assert before["options"]["color"] == after["options"]["color"]
    assert view["cost"] is None


async def test_a_proposal_survives_storage(make_scope) -> None:
    scope = make_scope(LUCIA)
    await call("return_items", BACK, scope)
    await call("exchange_items", EIGHT, scope)
    await call("set_instructions", {"number": "10002", "text": "Portería"}, scope)
    assert len(scope.proposals) == 3
    for proposal in scope.proposals:
        assert proposal_from_json(proposal_to_json(proposal)) == proposal


async def test_the_digest_differs_with_everything_that_a_yes_is_a_yes_to(make_scope) -> None:
    scope = make_scope(LUCIA)
    await call("return_items", BACK, scope)
    (proposal,) = scope.proposals
    change, terms, version = proposal.change, proposal.terms, proposal.expected_version
    digests = {
        digest_of(change, terms, version),
        digest_of(replace(change, refund_method_id="gift_card_2001"), terms, version),
        digest_of(change, replace(terms, refund=terms.fee), version),
        digest_of(change, replace(terms, policy="2027-01-01"), version),
        digest_of(change, terms, version + 1),
    }
    assert len(digests) == 5
    assert proposal.digest in digests


async def test_a_no_is_an_answer_with_the_way_to_a_yes(make_scope) -> None:
    scope = make_scope(MARTIN)
    view = await call("return_items", {"number": "10005", "items": [{"line": "", "reason": "changed_mind"}]}, scope)
    assert (view["status"], view["code"]) == ("denied", "return_window_over")
    assert view["until"] == "2026-11-19"
    assert view["needs"][0]["fact"] == "days_since_delivery"
    assert view["clause"]["topic"]
    assert not scope.proposals
    assert not scope.exceptions


async def test_what_only_a_person_may_allow_is_left_for_one(make_scope, data) -> None:
    found = []
    for order in data.orders[::4]:
        scope = make_scope(Identity(2, order.customer_id))
        for line in order.lines:
            for problem in ("damaged", "not_received"):
                claim = {"number": order.number, "problem": problem, "description": "x", "items": [{"line": line.id}]}
                view = await call("report_problem", claim, scope)
                found += [(view, scope.exceptions[-1])] if view["status"] == "needs_person" else []
    assert found
    for view, asked in found:
        assert asked.verdict.code == view["code"]
        assert asked.change.number == view["order"]


async def test_asking_for_a_person_is_always_accepted(make_scope) -> None:
    scope = make_scope()
    assert await call("ask_for_person", {"reason": "quiere  hablar\ncon alguien"}, scope) == {"status": "person_asked"}
    assert scope.person_wanted is not None
    assert scope.person_wanted.detail == "quiere hablar con alguien"


async def test_what_the_model_says_wrong_is_asked_again_with_the_choices(make_scope) -> None:
    lucia = make_scope(LUCIA)
    cases = {
        "unknown_line": ("cancel_order", {"number": "10002", "reason": "x", "items": [{"line": "sombrero"}]}),
        "unknown_reason": ("return_items", {"number": "10001", "items": [{"line": "1", "reason": "???"}]}),
        "unknown_variant": ("exchange_items", {"number": "10001", "items": [{"line": "", "options": {"size": "99"}}]}),
        "unknown_method": ("return_items", {**BACK, "refund_to": "visa 9999"}),
        "unknown_slot": ("change_slot", {"number": "10002", "slot_id": "2020-01-01T09"}),
        "unknown_pickup_point": ("change_pickup", {"number": "10002", "pickup_point_id": "pp-nowhere"}),
        "bad_date": ("hold_delivery", {"number": "10002", "until": "el viernes"}),
        "too_long": ("set_instructions", {"number": "10002", "text": "a" * 251}),
        "unknown_rma": ("cancel_return", {"number": "10001", "rma": "R-1"}),
        "no_items": ("return_items", {"number": "10001", "items": []}),
        "unknown_problem": ("report_problem", {"number": "10001", "problem": "sad", "description": ""}),
    }
    cases["unknown_reason"][1]["items"][0]["line"] = "brisa"
    for code, (name, arguments) in cases.items():
        with pytest.raises(AskAgain) as refused:
            await call(name, arguments, lucia)
        assert (refused.value.code, bool(refused.value.details)) == (code, True)
    assert not lucia.proposals


def test_a_title_that_fits_two_lines_is_not_guessed(order_named) -> None:
    order = order_named("10001")
    line = order.lines[0]
    other = replace(line, id=LineId("10001-2"), options={"size": "8", "color": "negro"})
    both = replace(order, lines=(line, other))
    with pytest.raises(AskAgain, match="ambiguous_line") as refused:
        find_line(both, "tenis")
    assert [choice["line_id"] for choice in refused.value.details["lines"]] == ["10001-1", "10001-2"]
    assert find_line(both, "tenis NEGRO 8") == other
    assert find_line(both, "10001-1") == line


async def test_country_recipient_and_phone_stay_when_the_shopper_does_not_name_them(make_scope) -> None:
    scope = make_scope(MARTIN)
    address = {"line1": "Av. Corrientes 1234", "city": "Buenos Aires", "postal_code": "C1043"}
    view = await call("change_address", {"number": "10010", "address": address}, scope)
    assert view["status"] == "awaiting_confirmation"
    change = scope.proposals[-1].change
    assert isinstance(change, ChangeAddress)
    old = (await scope.shop.order_of(CustomerId("martin-suarez"), "10010")).address
    assert (change.address.country, change.address.recipient, change.address.phone) == (
        old.country,
        old.recipient,
        old.phone,
    )
    assert view["after"]["address"]["line1"] == "Av. Corrientes 1234"
    assert "phone" not in view["after"]["address"]


async def test_proposing_for_another_customers_order_finds_no_order(make_scope) -> None:
    with pytest.raises(AskAgain, match="unknown_order"):
        await propose(SetInstructions(OrderNumber("10003"), "x"), make_scope(LUCIA))


async def test_a_refund_cannot_be_sent_to_a_method_the_customer_does_not_have(make_scope) -> None:
    lines = (ReturnLine(LineId("10001-1"), 1, ReturnReason.CHANGED_MIND),)
    verdict = await propose(ReturnItems(OrderNumber("10001"), lines, PaymentMethodId("card_3052")), make_scope(LUCIA))
    assert isinstance(verdict, Verdict)
    assert not verdict.allowed
