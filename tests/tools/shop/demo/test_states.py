"""Every order is truly in the state that ``orders.yaml`` says it shows, whenever the shop is built."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tools.shop.data import ShopData
from tools.shop.demo import demo_shop, demo_states, orders_in_state
from tools.shop.models import (
    ClaimStatus,
    Order,
    OrderStatus,
    RefundStatus,
    ReturnStatus,
    Shipment,
    ShipmentStatus,
)

SHOP_ZONE = ZoneInfo("America/Mexico_City")
LEFT_OUTSIDE = {
    "Entregado, se dejó en la entrada",
    "Delivered, left at the front door",
    "Entregue, deixado na portaria",
}
MOMENTS = (
    datetime(2026, 11, 24, 18, 30, tzinfo=UTC),
    datetime(2026, 11, 25, 5, 59, tzinfo=UTC),  # one minute to midnight in the shop
    datetime(2026, 11, 25, 6, 0, tzinfo=UTC),  # midnight there
    datetime(2026, 10, 25, 0, 30, tzinfo=UTC),  # the night in which Spain leaves summer time
    datetime(2027, 3, 14, 9, 0, tzinfo=UTC),  # the morning on which the United States enter it
)


@dataclass(frozen=True, slots=True)
class Seen:
    """An order as seen at a moment."""

    order: Order
    now: datetime

    @property
    def statuses(self) -> set[ShipmentStatus]:
        return {parcel.status for parcel in self.order.shipments}

    @property
    def parcel(self) -> Shipment:
        assert len(self.order.shipments) == 1
        return self.order.shipments[0]

    @property
    def overdue(self) -> bool:
        return self.parcel.promised_by is not None and self.parcel.promised_by < self.now

    @property
    def refunds(self) -> set[RefundStatus]:
        return {refund.status for refund in self.order.refunds}

    def days_since(self, at: datetime | None) -> int:
        assert at is not None
        return (self.now.astimezone(SHOP_ZONE).date() - at.astimezone(SHOP_ZONE).date()).days

    def delivered(self, days: int) -> bool:
        untouched = not (self.order.returns or self.order.exchanges or self.order.claims)
        return (
            self.order.status is OrderStatus.DELIVERED
            and untouched
            and {self.days_since(parcel.delivered_at) for parcel in self.order.shipments} == {days}
        )

    def in_transit(self) -> bool:
        return self.statuses == {ShipmentStatus.IN_TRANSIT} and not self.overdue

    def exception(self, detail: str) -> bool:
        return self.parcel.status is ShipmentStatus.EXCEPTION and self.parcel.events[-1].detail == detail


def _split(seen: Seen) -> bool:
    return len(seen.order.shipments) == 2 and seen.statuses == {ShipmentStatus.DELIVERED, ShipmentStatus.IN_TRANSIT}


def _waiting(seen: Seen) -> bool:
    parcel = seen.parcel
    return (
        parcel.status is ShipmentStatus.AVAILABLE_FOR_PICKUP
        and parcel.pickup_point is not None
        and parcel.pickup_point == seen.order.delivery.pickup_point
        and parcel.pickup_point.address.country == seen.order.country
        and parcel.pickup_until is not None
        and parcel.pickup_until > seen.now
    )


def _stuck(seen: Seen) -> bool:
    silent = seen.days_since(seen.parcel.events[-1].at)
    return seen.parcel.status is ShipmentStatus.IN_TRANSIT and silent == 9


def _late(seen: Seen) -> bool:
    expected = seen.parcel.eta is not None and seen.parcel.eta > seen.now
    return seen.order.status is OrderStatus.SHIPPED and seen.overdue and expected


def _not_there(seen: Seen) -> bool:
    return seen.delivered(3) and seen.parcel.events[-1].message in LEFT_OUTSIDE


def _cancelled(seen: Seen) -> bool:
    return (
        seen.order.status is OrderStatus.CANCELLED
        and seen.refunds <= {RefundStatus.PENDING, RefundStatus.ISSUED}
        and sum(refund.amount.amount for refund in seen.order.refunds) == seen.order.total.amount
        and not seen.order.shipments
    )


def _partly_cancelled(seen: Seen) -> bool:
    taken = sum(line.cancelled for line in seen.order.lines)
    return seen.order.status is OrderStatus.PROCESSING and 0 < taken < sum(line.quantity for line in seen.order.lines)


def _returning(seen: Seen, status: ReturnStatus, refunds: set[RefundStatus]) -> bool:
    return {case.status for case in seen.order.returns} == {status} and seen.refunds == refunds


def _return_open(seen: Seen) -> bool:
    case = seen.order.returns[0]
    labelled = case.label is not None and case.ship_by is not None and case.ship_by > seen.now
    return labelled and _returning(seen, ReturnStatus.REQUESTED, set())


def _exchange_open(seen: Seen) -> bool:
    (case,) = seen.order.exchanges
    return case.status in {ReturnStatus.REQUESTED, ReturnStatus.IN_TRANSIT} and case.label is not None


def _slot_chosen(seen: Seen) -> bool:
    slot = seen.order.delivery.slot
    return slot is not None and slot.starts_at > seen.now and seen.in_transit()


def _on_hold(seen: Seen) -> bool:
    until = seen.order.delivery.hold_until
    return until is not None and until > seen.now.astimezone(SHOP_ZONE).date() and seen.in_transit()


TRUTHS: dict[str, Callable[[Seen], bool]] = {
    "unpaid": lambda seen: seen.order.status is OrderStatus.UNPAID and not seen.order.payments,
    "processing": lambda seen: seen.order.status is OrderStatus.PROCESSING and not seen.order.shipments,
    "packed": lambda seen: seen.order.status is OrderStatus.PACKED and seen.statuses == {ShipmentStatus.PRE_TRANSIT},
    "in_transit": Seen.in_transit,
    "split": _split,
    "out_for_delivery": lambda seen: seen.statuses == {ShipmentStatus.OUT_FOR_DELIVERY} and not seen.overdue,
    "waiting_at_pickup": _waiting,
    "delivered_yesterday": lambda seen: seen.delivered(1),
    "delivered_5_days_ago": lambda seen: seen.delivered(5),
    "delivered_14_days_ago": lambda seen: seen.delivered(14),
    "delivered_16_days_ago": lambda seen: seen.delivered(16),
    "delivered_29_days_ago": lambda seen: seen.delivered(29),
    "delivered_31_days_ago": lambda seen: seen.delivered(31),
    "delivered_40_days_ago": lambda seen: seen.delivered(40),
    "delivered_90_days_ago": lambda seen: seen.delivered(90),
    "attempt_failed": lambda seen: seen.exception("attempt_failed") and seen.parcel.attempts == 1,
    "address_problem": lambda seen: seen.exception("address_problem"),
    "stuck": _stuck,
    "late": _late,
    "delivered_not_there": _not_there,
    "lost": lambda seen: seen.parcel.status is ShipmentStatus.LOST and seen.overdue,
    "returned_to_sender": lambda seen: seen.statuses == {ShipmentStatus.RETURN_TO_SENDER},
    "on_hold": _on_hold,
    "slot_chosen": _slot_chosen,
    "items_changed": lambda seen: seen.order.items_changed and seen.order.version == 2,
    "cancelled": _cancelled,
    "partly_cancelled": _partly_cancelled,
    "return_open": _return_open,
    "return_in_transit": lambda seen: _returning(seen, ReturnStatus.IN_TRANSIT, set()),
    "return_received": lambda seen: _returning(seen, ReturnStatus.RECEIVED, {RefundStatus.PENDING}),
    "refunded": lambda seen: _returning(seen, ReturnStatus.REFUNDED, {RefundStatus.SETTLED}),
    "exchange_open": _exchange_open,
    "claim_open": lambda seen: {claim.status for claim in seen.order.claims} == {ClaimStatus.OPEN},
    # traits
    "multi_line": lambda seen: len(seen.order.lines) > 1,
    "several_units": lambda seen: any(line.quantity > 1 for line in seen.order.lines),
    "gift": lambda seen: bool(seen.order.gift_note),
    "final_sale": lambda seen: any(line.final_sale for line in seen.order.lines),
    "hygiene": lambda seen: any(line.hygiene for line in seen.order.lines),
    "electronics": lambda seen: any(line.category == "electronics" for line in seen.order.lines),
    "express": lambda seen: seen.order.delivery.service == "express",
    "instructions": lambda seen: bool(seen.order.delivery.instructions),
    "discount": lambda seen: seen.order.discount.amount > 0,
    "two_payments": lambda seen: sum(payment.kind == "payment" for payment in seen.order.payments) == 2,
}
COMMONEST = (
    "processing",
    "in_transit",
    "out_for_delivery",
    "waiting_at_pickup",
    "delivered_5_days_ago",
    "late",
    "stuck",
)


def _find(shop: ShopData, number: str) -> Order:
    return next(order for order in shop.orders if order.number == number)


def test_the_table_below_knows_every_state_of_the_demo_and_no_other() -> None:
    assert set(TRUTHS) == set(demo_states())


@pytest.mark.parametrize("moment", MOMENTS, ids=datetime.isoformat)
def test_every_order_is_in_every_state_it_is_listed_under(moment: datetime) -> None:
    shop = demo_shop(moment)
    wrong = [
        (name, number)
        for name, numbers in demo_states().items()
        for number in numbers
        if not TRUTHS[name](Seen(_find(shop, number), moment))
    ]
    assert wrong == []


@pytest.mark.parametrize("trait", ["multi_line", "several_units", "gift", "final_sale", "hygiene", "electronics"])
def test_no_order_has_a_trait_that_its_listing_forgets(shop: ShopData, now: datetime, trait: str) -> None:
    shown = {order.number for order in shop.orders if TRUTHS[trait](Seen(order, now))}
    assert shown == set(orders_in_state(trait))


def test_the_commonest_states_are_shown_in_all_three_languages(shop: ShopData) -> None:
    languages = {customer.id: customer.language for customer in shop.customers}
    for name in COMMONEST:
        seen = {languages[_find(shop, number).customer_id] for number in orders_in_state(name)}
        assert seen == {"es", "en", "pt"}, name


def test_an_unknown_state_is_an_error() -> None:
    with pytest.raises(KeyError):
        orders_in_state("teleported")


def test_nothing_that_has_happened_lies_in_the_future_at_any_hour_of_a_day() -> None:
    for hour in range(24):
        moment = datetime(2026, 11, 24, tzinfo=UTC) + timedelta(hours=hour, minutes=17)
        for order in demo_shop(moment).orders:
            assert all(at <= moment for at in _past_of(order)), (order.number, moment)


def _past_of(order: Order) -> list[datetime]:
    past = [order.placed_at, *(payment.at for payment in order.payments)]
    for parcel in order.shipments:
        past += [parcel.shipped_at, parcel.delivered_at, *(event.at for event in parcel.events)]
    past += [at for case in order.returns for at in (case.requested_at, case.received_at)]
    past += [case.requested_at for case in order.exchanges]
    past += [claim.opened_at for claim in order.claims] + [refund.issued_at for refund in order.refunds]
    return [at for at in past if at is not None]
