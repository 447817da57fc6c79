"""The demo shop's rules, one small case a row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import pytest

from tools.shop.changes import (
    CancelExchange,
    CancelOrder,
    CancelReturn,
    Change,
    ChangeAddress,
    ChangeItems,
    ChangePayment,
    ChangePickup,
    ChangeProfileAddress,
    ChangeSlot,
    ExchangeItems,
    HoldDelivery,
    OpenClaim,
    ReturnItems,
    SetInstructions,
)
from tools.shop.models import (
    Address,
    Claim,
    ClaimKind,
    ClaimStatus,
    DeliveryChoice,
    Exchange,
    LineId,
    Order,
    OrderNumber,
    OrderStatus,
    PaymentMethodId,
    Return,
    ReturnLine,
    ReturnReason,
    ReturnStatus,
    ShipmentStatus,
    Slot,
    Swap,
    TrackingEvent,
    VariantId,
)
from tools.shop.money import Money

N = OrderNumber("10001")
CARD = PaymentMethodId("card")
MIND, DAMAGED, WRONG = ReturnReason.CHANGED_MIND, ReturnReason.DAMAGED, ReturnReason.WRONG_ITEM
ELSEWHERE = Address("Calle Sol 9", "Zapopan", "Jalisco", "45010", "MX")
TODAY = date(2026, 5, 20)

Make = Callable[[Any], Order]


def back(line: str, reason: ReturnReason = MIND, units: int = 1, to: str = "card") -> ReturnItems:
    return ReturnItems(N, (ReturnLine(LineId(line), units, reason),), PaymentMethodId(to))


def swaps(line: str, variant: str, units: int = 1) -> tuple[Swap, ...]:
    return (Swap(LineId(line), units, VariantId(variant)),)


def claim(problem: ClaimKind, *lines: str) -> OpenClaim:
    return OpenClaim(N, problem, {LineId(line): 1 for line in lines}, "")


def status(value: OrderStatus, **more: Any) -> Make:
    return lambda world: replace(world.order, status=value, **more)


def parcel(value: ShipmentStatus, **more: Any) -> Make:
    return lambda world: world.shipped(value, **more)


def arrived(days: int, **more: Any) -> Make:
    return lambda world: world.delivered_days_ago(days, **more)


def due(days: int) -> Make:
    """On its way, promised for so many days from now, last scanned yesterday."""
    return lambda world: world.shipped(
        ShipmentStatus.IN_TRANSIT,
        eta=world.now + timedelta(days=days),
        events=(TrackingEvent(world.now - timedelta(days=1), ShipmentStatus.IN_TRANSIT),),
    )


def silent(days: int) -> Make:
    """On its way without a promised day, last scanned so many days ago."""
    return lambda world: world.shipped(
        ShipmentStatus.IN_TRANSIT,
        events=(TrackingEvent(world.now - timedelta(days=days), ShipmentStatus.IN_TRANSIT),),
    )


def slot_in(hours: float) -> Make:
    def make(world: Any) -> Order:
        starts = world.now + timedelta(hours=hours)
        slot = Slot("s1", starts, starts + timedelta(hours=3), Money.of("49.00", "MXN"))
        return replace(world.order, delivery=DeliveryChoice(slot=slot))

    return make


def returned(line: str, units: int = 1, state: ReturnStatus = ReturnStatus.REQUESTED) -> dict[str, Any]:
    lines = (ReturnLine(LineId(line), units, MIND),)
    amount = Money.of("100.00", "MXN")
    return {"returns": (Return("R-1", lines, state, CARD, amount, amount),)}


def exchanged(state: ReturnStatus) -> dict[str, Any]:
    return {"exchanges": (Exchange("X-1", swaps("1", "shoes-b"), state, CARD, Money.of("100.00", "MXN")),)}


def claimed(kind: ClaimKind, state: ClaimStatus) -> dict[str, Any]:
    return {"claims": (Claim("C-1", kind, {LineId("1"): 1}, "", state),)}


UNPAID, PROCESSING, PACKED = status(OrderStatus.UNPAID), status(OrderStatus.PROCESSING), status(OrderStatus.PACKED)
CANCELLED = status(OrderStatus.CANCELLED)
MOVING = parcel(ShipmentStatus.IN_TRANSIT)
ON_THE_VAN = parcel(ShipmentStatus.OUT_FOR_DELIVERY)
AT_PICKUP = parcel(ShipmentStatus.AVAILABLE_FOR_PICKUP)
NEXT_DOOR = ChangeAddress(N, ELSEWHERE)
STILL_OPEN = ("change_pickup", "hold_delivery", "delivery_instructions", "talk_to_person")


@dataclass(frozen=True, slots=True)
class Row:
    """A change to an order in some state, the answer's decision and code, and the ways left."""

    change: Change
    order: Make
    decision: str
    code: str = "allowed"
    alternatives: tuple[str, ...] = ()
    later: tuple[str, ...] = ()


ROWS = {
    "an unpaid order may go elsewhere": Row(NEXT_DOOR, UNPAID, "allow"),
    "a processing order may go elsewhere": Row(NEXT_DOOR, PROCESSING, "allow"),
    "a packed order may not": Row(NEXT_DOOR, PACKED, "deny", "already_packed", STILL_OPEN, ("return_items",)),
    "nor a shipped one": Row(NEXT_DOOR, MOVING, "deny", "already_shipped", STILL_OPEN, ("return_items",)),
    "on the van only a note is left": Row(
        NEXT_DOOR, ON_THE_VAN, "deny", "already_shipped", ("delivery_instructions", "talk_to_person"), ("return_items",)
    ),
    "a delivered order stays": Row(NEXT_DOOR, arrived(1), "deny", "already_delivered", ("talk_to_person",)),
    "never to another country": Row(
        ChangeAddress(N, replace(ELSEWHERE, country="US")), PROCESSING, "deny", "other_country", ("cancel_order",)
    ),
    "an address needs a street": Row(
        ChangeAddress(N, replace(ELSEWHERE, line1=" ")), PROCESSING, "deny", "address_incomplete"
    ),
    "the same address is no change": Row(
        ChangeAddress(N, Address("Calle Luna 4", "Guadalajara", "Jalisco", "44100", "MX")),
        PROCESSING,
        "deny",
        "nothing_to_change",
    ),
    "a slot may be chosen": Row(ChangeSlot(N, "s2"), PROCESSING, "allow"),
    "exactly at the cutoff a slot may be changed": Row(ChangeSlot(N, "s2"), slot_in(12), "allow"),
    "a second later not": Row(
        ChangeSlot(N, "s2"),
        slot_in(12 - 1 / 3600),
        "deny",
        "slot_too_soon",
        ("delivery_instructions", "change_pickup", "hold_delivery", "talk_to_person"),
    ),
    "no slot once it is on the van": Row(
        ChangeSlot(N, "s2"), ON_THE_VAN, "deny", "out_for_delivery", ("delivery_instructions", "talk_to_person")
    ),
    "a lost parcel is claimed, not rescheduled": Row(
        ChangeSlot(N, "s2"),
        parcel(ShipmentStatus.LOST),
        "deny",
        "parcel_lost",
        ("open_claim", "talk_to_person"),
    ),
    "a moving parcel may go to a pickup point": Row(ChangePickup(N, "p1"), MOVING, "allow"),
    "not from the van": Row(
        ChangePickup(N, "p1"), ON_THE_VAN, "deny", "out_for_delivery", ("delivery_instructions", "talk_to_person")
    ),
    "nor from another pickup point": Row(
        ChangePickup(N, "p1"), AT_PICKUP, "deny", "waiting_at_pickup", ("talk_to_person",)
    ),
    "but from there home": Row(ChangePickup(N, None), AT_PICKUP, "allow"),
    "a hold of fourteen days": Row(HoldDelivery(N, TODAY + timedelta(14)), MOVING, "allow"),
    "not of fifteen": Row(
        HoldDelivery(N, TODAY + timedelta(15)), MOVING, "deny", "hold_too_long", ("hold_delivery", "change_pickup")
    ),
    "not until today": Row(HoldDelivery(N, TODAY), MOVING, "deny", "hold_in_the_past"),
    "a hold may be let go": Row(HoldDelivery(N, None), MOVING, "allow"),
    "no hold of a delivered order": Row(HoldDelivery(N, TODAY + timedelta(2)), arrived(0), "deny", "already_delivered"),
    "a note reaches the van": Row(SetInstructions(N, "Timbre 4B"), ON_THE_VAN, "allow"),
    "a note of 250 characters": Row(SetInstructions(N, "x" * 250), MOVING, "allow"),
    "not of 251": Row(SetInstructions(N, "x" * 251), MOVING, "deny", "instructions_too_long"),
    "a processing order may be cancelled": Row(CancelOrder(N, "changed_mind"), PROCESSING, "allow"),
    "a packed one comes back as a return": Row(
        CancelOrder(N, "changed_mind"), PACKED, "deny", "already_packed", ("talk_to_person",), ("return_items",)
    ),
    "some units may be cancelled": Row(CancelOrder(N, "x", {LineId("2"): 2}), PROCESSING, "allow"),
    "a packed shirt can come back later": Row(
        CancelOrder(N, "x", {LineId("2"): 1}), PACKED, "deny", "already_packed", ("talk_to_person",), ("return_items",)
    ),
    "a delivered shirt can come back now": Row(
        CancelOrder(N, "x", {LineId("2"): 1}),
        arrived(3),
        "deny",
        "already_delivered",
        ("return_items", "talk_to_person"),
    ),
    "no more units than there are": Row(CancelOrder(N, "x", {LineId("2"): 4}), PROCESSING, "deny", "bad_quantity"),
    "no units at all is nothing": Row(CancelOrder(N, "x", {}), PROCESSING, "deny", "bad_quantity"),
    "no twice": Row(CancelOrder(N, "x"), CANCELLED, "deny", "order_cancelled", ("talk_to_person",)),
    "another size before packing": Row(ChangeItems(N, swaps("1", "shoes-b"), CARD), PROCESSING, "allow"),
    "the same size is no change": Row(
        ChangeItems(N, swaps("1", "shoes-a"), CARD), PROCESSING, "deny", "nothing_to_change"
    ),
    "a sold out size": Row(
        ChangeItems(N, swaps("1", "shoes-c"), CARD),
        PROCESSING,
        "deny",
        "out_of_stock",
        ("change_items", "cancel_order"),
    ),
    "another product": Row(
        ChangeItems(N, swaps("1", "shirt-b"), CARD), PROCESSING, "deny", "other_product", ("cancel_order",)
    ),
    "a gift card too small for the difference": Row(
        ChangeItems(N, swaps("1", "shoes-b"), PaymentMethodId("gift")), PROCESSING, "deny", "insufficient_balance"
    ),
    "a packed size can be exchanged later": Row(
        ChangeItems(N, swaps("1", "shoes-b"), CARD),
        PACKED,
        "deny",
        "already_packed",
        ("talk_to_person",),
        ("exchange_items", "return_items"),
    ),
    "another card": Row(ChangePayment(N, PaymentMethodId("paypal")), PROCESSING, "allow"),
    "the same card is no change": Row(ChangePayment(N, CARD), PROCESSING, "deny", "nothing_to_change"),
    "a gift card too small for the order": Row(
        ChangePayment(N, PaymentMethodId("gift")), PROCESSING, "deny", "insufficient_balance"
    ),
    "an unknown card": Row(ChangePayment(N, PaymentMethodId("none")), PROCESSING, "deny", "unknown_method"),
    "no other card once packed": Row(
        ChangePayment(N, PaymentMethodId("paypal")), PACKED, "deny", "already_packed", ("talk_to_person",)
    ),
    "a return on the last day": Row(back("1"), arrived(30), "allow"),
    "a day later not": Row(back("1"), arrived(31), "deny", "return_window_over", ("talk_to_person",)),
    "electronics on their last day": Row(back("3"), arrived(15), "allow"),
    "electronics a day later": Row(back("3"), arrived(16), "deny", "return_window_over", ("talk_to_person",)),
    "a gift on its last day": Row(back("1"), arrived(45, gift_note="Para ti"), "allow"),
    "a gift a day later": Row(
        back("1"), arrived(46, gift_note="Para ti"), "deny", "return_window_over", ("talk_to_person",)
    ),
    "no earrings": Row(back("4"), arrived(1), "deny", "hygiene", ("talk_to_person",)),
    "unless they came damaged": Row(back("4", DAMAGED), arrived(14), "allow"),
    "damage is told in fourteen days": Row(back("4", DAMAGED), arrived(15), "needs_person", "claim_window_over"),
    "nothing from the final sale": Row(back("5"), arrived(1), "deny", "final_sale", ("talk_to_person",)),
    "unless it is the wrong one": Row(back("5", WRONG), arrived(1), "allow"),
    "no return before delivery": Row(
        back("1"), PROCESSING, "deny", "not_delivered", ("cancel_order", "change_items"), ("return_items",)
    ),
    "no return while it is on its way": Row(back("1"), due(2), "deny", "not_delivered", (), ("return_items",)),
    "too late on its way is a claim": Row(
        back("1"), due(-2), "deny", "not_delivered", ("open_claim",), ("return_items",)
    ),
    "a line that has arrived comes back before the rest": Row(
        back("1"),
        lambda world: replace(
            world.order,
            status=OrderStatus.SHIPPED,
            shipments=(
                world.parcel(ShipmentStatus.DELIVERED, "1", delivered_at=world.now),
                world.parcel(ShipmentStatus.IN_TRANSIT, "2", "3", "4", "5"),
            ),
        ),
        "allow",
    ),
    "one that has not does not": Row(
        back("2"),
        lambda world: replace(
            world.order,
            status=OrderStatus.SHIPPED,
            shipments=(
                world.parcel(ShipmentStatus.DELIVERED, "1", delivered_at=world.now),
                world.parcel(ShipmentStatus.IN_TRANSIT, "2", "3", "4", "5"),
            ),
        ),
        "deny",
        "not_delivered",
        (),
        ("return_items",),
    ),
    "delivered, but nobody knows when": Row(
        back("1"), status(OrderStatus.DELIVERED), "needs_person", "delivery_date_unknown"
    ),
    "not again": Row(back("1"), arrived(1, **returned("1")), "deny", "already_returned", ("cancel_return",)),
    "not again, and it is on its way": Row(
        back("1"), arrived(1, **returned("1", state=ReturnStatus.IN_TRANSIT)), "deny", "already_returned"
    ),
    "again once it was withdrawn": Row(back("1"), arrived(1, **returned("1", state=ReturnStatus.CANCELLED)), "allow"),
    "the rest of the shirts": Row(back("2", units=1), arrived(1, **returned("2", units=2)), "allow"),
    "not more than the rest": Row(back("2", units=2), arrived(1, **returned("2", units=2)), "deny", "bad_quantity"),
    "no line twice over": Row(
        ReturnItems(N, (ReturnLine(LineId("1"), 1, MIND), ReturnLine(LineId("1"), 1, DAMAGED)), CARD),
        arrived(1),
        "deny",
        "bad_quantity",
    ),
    "no line that is not there": Row(back("9"), arrived(1), "deny", "unknown_line"),
    "no return of nothing": Row(ReturnItems(N, (), CARD), arrived(1), "deny", "bad_quantity"),
    "to the gift card": Row(back("1", to="gift"), arrived(1), "allow"),
    "not to another account": Row(back("1", to="paypal"), arrived(1), "deny", "refund_elsewhere"),
    "a great refund is for a person": Row(
        ReturnItems(
            N,
            (ReturnLine(LineId("3"), 1, MIND), ReturnLine(LineId("1"), 1, MIND), ReturnLine(LineId("2"), 4, MIND)),
            CARD,
        ),
        lambda world: world.delivered_days_ago(1, lines=tuple(replace(item, quantity=9) for item in world.order.lines)),
        "needs_person",
        "refund_above_ceiling",
    ),
    "an exchange on the last day": Row(ExchangeItems(N, swaps("1", "shoes-b"), CARD), arrived(30), "allow"),
    "an exchange a day later": Row(
        ExchangeItems(N, swaps("1", "shoes-b"), CARD), arrived(31), "deny", "exchange_window_over", ("talk_to_person",)
    ),
    "an exchange for the same, if it is there": Row(ExchangeItems(N, swaps("1", "shoes-a"), CARD), arrived(2), "allow"),
    "an exchange for what is sold out": Row(
        ExchangeItems(N, swaps("1", "shoes-c"), CARD),
        arrived(2),
        "deny",
        "out_of_stock",
        ("exchange_items", "return_items"),
    ),
    "an exchange of more than there are left": Row(
        ExchangeItems(N, swaps("2", "shirt-b", 6), CARD),
        lambda world: world.delivered_days_ago(2, lines=tuple(replace(i, quantity=9) for i in world.order.lines)),
        "deny",
        "out_of_stock",
        ("return_items",),
    ),
    "no exchange of earrings": Row(
        ExchangeItems(N, swaps("4", "earrings-b"), CARD), arrived(2), "deny", "hygiene", ("talk_to_person",)
    ),
    "no exchange before delivery": Row(
        ExchangeItems(N, swaps("1", "shoes-b"), CARD),
        PROCESSING,
        "deny",
        "not_delivered",
        ("change_items", "cancel_order"),
        ("exchange_items",),
    ),
    "damaged, told in time": Row(claim(ClaimKind.DAMAGED, "1"), arrived(14), "allow"),
    "damaged, told too late": Row(claim(ClaimKind.DAMAGED, "1"), arrived(15), "needs_person", "claim_window_over"),
    "damaged before it came": Row(claim(ClaimKind.DAMAGED, "1"), due(1), "deny", "not_delivered", ("talk_to_person",)),
    "nothing has left yet": Row(
        claim(ClaimKind.NOT_RECEIVED), PROCESSING, "deny", "not_shipped", ("cancel_order", "change_items")
    ),
    "delivered, says the carrier": Row(claim(ClaimKind.NOT_RECEIVED), arrived(0), "allow"),
    "lost": Row(claim(ClaimKind.NOT_RECEIVED), parcel(ShipmentStatus.LOST), "allow"),
    "two days past the promised one": Row(claim(ClaimKind.NOT_RECEIVED), due(-2), "allow"),
    "one day past it": Row(
        claim(ClaimKind.NOT_RECEIVED),
        due(-1),
        "deny",
        "still_on_its_way",
        ("change_pickup", "hold_delivery", "delivery_instructions", "talk_to_person"),
    ),
    "long past it": Row(claim(ClaimKind.NOT_RECEIVED), due(-15), "needs_person", "claim_window_over"),
    "silent for a week": Row(claim(ClaimKind.NOT_RECEIVED), silent(7), "allow"),
    "silent for six days": Row(
        claim(ClaimKind.NOT_RECEIVED),
        silent(6),
        "deny",
        "still_on_its_way",
        ("change_pickup", "hold_delivery", "delivery_instructions", "talk_to_person"),
    ),
    "not the same claim again": Row(
        claim(ClaimKind.DAMAGED, "1"),
        arrived(1, **claimed(ClaimKind.DAMAGED, ClaimStatus.OPEN)),
        "deny",
        "already_claimed",
        ("talk_to_person",),
    ),
    "another claim of the same line": Row(
        claim(ClaimKind.MISSING_ITEM, "1"), arrived(1, **claimed(ClaimKind.DAMAGED, ClaimStatus.OPEN)), "allow"
    ),
    "a return not sent yet may be withdrawn": Row(CancelReturn(N, "R-1"), arrived(1, **returned("1")), "allow"),
    "one that was sent may not": Row(
        CancelReturn(N, "R-1"),
        arrived(1, **returned("1", state=ReturnStatus.IN_TRANSIT)),
        "deny",
        "return_sent",
        ("talk_to_person",),
    ),
    "one that is not there": Row(
        CancelReturn(N, "R-2"), arrived(1, **returned("1")), "deny", "unknown_rma", ("talk_to_person",)
    ),
    "an exchange may be withdrawn": Row(
        CancelExchange(N, "X-1"), arrived(1, **exchanged(ReturnStatus.REQUESTED)), "allow"
    ),
    "not once it came": Row(
        CancelExchange(N, "X-1"),
        arrived(1, **exchanged(ReturnStatus.RECEIVED)),
        "deny",
        "return_received",
        ("talk_to_person",),
    ),
    "an order from a country that is not served": Row(
        back("1"), arrived(1, country="FR"), "needs_person", "country_not_served"
    ),
    "an order in another country's money": Row(
        CancelOrder(N, "x"), status(OrderStatus.PROCESSING, country="ES"), "needs_person", "country_not_served"
    ),
}


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS.keys())
def test_the_answer_is_the_rule(world: Any, row: Row) -> None:
    verdict = world.judge(row.change, row.order(world))
    assert (verdict.decision.value, verdict.code) == (row.decision, row.code)
    assert (verdict.alternatives, verdict.later) == (row.alternatives, row.later)
    assert bool(verdict.needs) is not verdict.allowed


def test_the_profile_address_needs_no_order(world: Any) -> None:
    assert world.judge(ChangeProfileAddress(ELSEWHERE), None).allowed
    assert world.judge(ChangeProfileAddress(world.customer.address), None).code == "nothing_to_change"


def test_an_order_of_somebody_else_is_no_order(world: Any) -> None:
    stranger = replace(world.order, customer_id="bea")
    assert world.judge(NEXT_DOOR, stranger) == world.judge(NEXT_DOOR, None)
    assert world.judge(NEXT_DOOR, stranger).code == "unknown_order"


def test_identity_is_asked_before_anything_of_the_order(world: Any) -> None:
    verdict = world.judge(back("4"), world.delivered_days_ago(1), identity=1)
    [need] = verdict.needs
    assert (verdict.code, need.fact, need.operator, need.value, need.actual) == (
        "identity_needed",
        "identity",
        "at_least",
        2,
        1,
    )


def test_the_shop_offers_and_suggests_only_what_it_can_do(world: Any) -> None:
    few = frozenset({NEXT_DOOR.kind, SetInstructions(N, "").kind})
    assert world.judge(ChangePickup(N, "p"), world.order, capabilities=few).code == "not_offered"
    verdict = world.judge(NEXT_DOOR, MOVING(world), capabilities=few)
    assert (verdict.alternatives, verdict.later) == (("delivery_instructions", "talk_to_person"), ())


def test_every_line_must_pass_and_those_that_do_not_are_named(world: Any) -> None:
    lines = tuple(ReturnLine(LineId(line), 1, MIND) for line in ("1", "3", "2"))
    verdict = world.judge(ReturnItems(N, lines, CARD), world.delivered_days_ago(20))
    [need] = verdict.needs
    assert (verdict.code, need.line_id, need.fact, need.value, need.actual) == (
        "return_window_over",
        "3",
        "days_since_delivery",
        15,
        20,
    )
    assert verdict.until == "2026-05-15"


def test_an_order_is_judged_by_the_version_in_force_when_it_was_placed(world: Any) -> None:
    midnight = world.demo.starts[1]
    before = world.delivered_days_ago(16, placed_at=midnight - timedelta(seconds=1))
    after = world.delivered_days_ago(16, placed_at=midnight)
    first, second = world.judge(back("1"), before), world.judge(back("1"), after)
    assert (first.code, first.clause.version, first.terms.policy) == ("return_window_over", "2025-09-01", "2025-09-01")
    assert (second.code, second.clause.version, second.terms.policy) == ("allowed", "2026-03-01", "2026-03-01")


def test_an_order_without_a_date_is_judged_by_the_version_in_force_now(world: Any) -> None:
    undated = world.delivered_days_ago(16, placed_at=None)
    assert world.judge(back("1"), undated).clause.version == "2026-03-01"


def test_an_order_older_than_all_versions_is_judged_by_the_oldest(world: Any) -> None:
    old = world.delivered_days_ago(3, placed_at=world.now - timedelta(days=3000))
    assert world.judge(back("1"), old).clause.version == "2025-09-01"
