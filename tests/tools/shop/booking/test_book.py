from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from tools.shop.booking import Booking, Facts, book
from tools.shop.booking.references import derive
from tools.shop.changes import (
    CancelExchange,
    CancelOrder,
    CancelReturn,
    Change,
    ChangeAddress,
    ChangeItems,
    ChangePayment,
    ChangePickup,
    ChangeSlot,
    ExchangeItems,
    HoldDelivery,
    OpenClaim,
    ReturnItems,
    SetInstructions,
    Terms,
)
from tools.shop.errors import NotPossible
from tools.shop.models import (
    Address,
    ClaimKind,
    Customer,
    Order,
    OrderLine,
    OrderStatus,
    Payment,
    PaymentKind,
    PaymentMethod,
    PickupPoint,
    RefundStatus,
    ReturnLine,
    ReturnReason,
    ReturnStatus,
    Shipment,
    ShipmentStatus,
    Slot,
    Swap,
    Variant,
)
from tools.shop.money import Money

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)


def pesos(amount: int) -> Money:
    return Money.of(amount, "MXN")


HOME = Address("Av. Juárez 1", "Ciudad de México", "CDMX", "06050", "MX")
EVA = Customer(
    "eva",
    "Eva",
    "Lugo",
    "eva@mail.com",
    "",
    "es",
    HOME,
    (
        PaymentMethod("card", PaymentKind.CARD),
        PaymentMethod("gift", PaymentKind.GIFT_CARD, balance=pesos(100)),
        PaymentMethod("bank", PaymentKind.TRANSFER),
    ),
)
RED, BLUE, HAT = (
    Variant("red", "shirt", {"color": "rojo"}, pesos(200), 5),
    Variant("blue", "shirt", {"color": "azul"}, pesos(250), 5),
    Variant("hat", "hat", {}, pesos(90), 5),
)
SLOT = Slot("2026-11-23T09", NOW, NOW + timedelta(hours=4), pesos(49))
POINT = PickupPoint("kiosk", "Kiosco", HOME)


def order(status: OrderStatus = OrderStatus.PROCESSING, **fields: object) -> Order:
    """Three red shirts and a hat, 690 by card."""
    plain = Order(
        number="1",
        customer_id="eva",
        status=status,
        currency="MXN",
        country="MX",
        lines=(
            OrderLine("1", "shirt", "red", "Camisa", {"color": "rojo"}, 3, pesos(200)),
            OrderLine("2", "hat", "hat", "Gorra", {}, 1, pesos(90)),
        ),
        address=HOME,
        total=pesos(690),
        shipping_cost=pesos(0),
        discount=pesos(0),
        payments=(Payment("payment", "card", pesos(690)),),
    )
    return replace(plain, **fields)


def parcel(status: ShipmentStatus, **contents: int) -> Shipment:
    return Shipment("s", {line.removeprefix("l"): n for line, n in contents.items()}, "DHL", "T1", status)


def booked(change: Change, terms: Terms | None = None, of: Order | None = None, key: str = "key") -> Booking:
    variants = {v.id: v for v in (RED, BLUE, HAT)}
    facts = Facts(of or order(), EVA, key, NOW, variants, slots=(SLOT,), pickup_points=(POINT,))
    return book(change, terms or Terms(), facts)


def refusal(change: Change, terms: Terms | None = None, of: Order | None = None) -> str:
    with pytest.raises(NotPossible) as refused:
        booked(change, terms, of)
    return refused.value.code


def rows(booking: Booking) -> list[tuple[str, str, int]]:
    return [(p.kind, p.method_id, int(p.amount.amount)) for p in booking.order.payments]


def test_delivery_choices_are_set_and_leave_the_others_alone() -> None:
    after = order()
    for change in (
        ChangeSlot("1", SLOT.id),
        ChangePickup("1", "kiosk"),
        HoldDelivery("1", date(2026, 12, 1)),
        SetInstructions("1", "Timbre 3"),
    ):
        after = booked(change, of=after).order
    choice = after.delivery
    assert (choice.slot, choice.pickup_point, choice.hold_until) == (SLOT, POINT, date(2026, 12, 1))
    assert choice.instructions == "Timbre 3"
    after = booked(ChangePickup("1", None), of=booked(ChangeSlot("1", None), of=after).order).order
    assert (after.delivery.slot, after.delivery.pickup_point, after.delivery.instructions) == (None, None, "Timbre 3")


def test_a_slot_fee_is_paid_as_the_order_was_and_counts_as_shipping() -> None:
    after = booked(ChangeSlot("1", SLOT.id), Terms(charge=pesos(49)))
    assert rows(after) == [("payment", "card", 690), ("payment", "card", 49)]
    assert (after.order.total, after.order.shipping_cost) == (pesos(739), pesos(49))


def test_an_unpaid_order_owes_its_slot_fee_and_a_paid_one_without_a_payment_is_refused() -> None:
    change, terms = ChangeSlot("1", SLOT.id), Terms(charge=pesos(49))
    owed = booked(change, terms, order(OrderStatus.UNPAID, payments=()))
    assert (owed.order.total, owed.order.payments) == (pesos(739), ())
    assert refusal(change, terms, order(payments=())) == "unknown_method"


def test_an_unpaid_order_just_owes_what_its_lines_cost_now() -> None:
    unpaid = order(OrderStatus.UNPAID, payments=())
    dearer = booked(ChangeItems("1", (Swap("1", 2, "blue"),), "card"), Terms(charge=pesos(100)), unpaid).order
    assert (dearer.total, dearer.payments) == (pesos(790), ())
    cheaper = booked(ChangeItems("1", (Swap("1.2", 2, "red"),), "card"), of=dearer).order
    assert (cheaper.total, cheaper.payments) == (pesos(690), ())
    assert booked(CancelOrder("1", "changed_mind", {"2": 1}), of=unpaid).order.total == pesos(600)


def test_cancelling_gives_back_each_payment_to_its_method_and_all_stock() -> None:
    paid = (Payment("payment", "card", pesos(600)), Payment("payment", "gift", pesos(90)))
    after = booked(CancelOrder("1", "changed_mind"), Terms(refund=pesos(690), refund_days=10), order(payments=paid))
    assert rows(after)[2:] == [("refund", "card", 600), ("refund", "gift", 90)]
    assert (after.stock, after.balances) == ({"red": 3, "hat": 1}, {"gift": pesos(90)})
    assert (after.order.status, after.order.cancel_reason) == (OrderStatus.CANCELLED, "changed_mind")
    card, gift = after.order.refunds
    assert (card.status, card.expected_by) == (RefundStatus.ISSUED, NOW + timedelta(days=10))
    assert (gift.status, gift.expected_by) == (RefundStatus.SETTLED, NOW)
    assert after.references == {"refund": card.id}
    assert gift.id == f"{card.id}-2"


def test_what_went_back_before_does_not_go_back_again() -> None:
    history = (
        Payment("payment", "card", pesos(690)),
        Payment("payment", "gift", pesos(690)),
        Payment("refund", "card", pesos(690)),
    )
    after = booked(CancelOrder("1", "changed_mind"), Terms(refund=pesos(690)), order(payments=history))
    assert rows(after)[3:] == [("refund", "gift", 690)]
    assert refusal(CancelOrder("1", "x"), Terms(refund=pesos(691)), order(payments=history)) == "wrong_status"


def test_an_unpaid_order_is_cancelled_without_a_refund() -> None:
    after = booked(CancelOrder("1", "changed_mind"), of=order(OrderStatus.UNPAID, payments=()))
    assert (after.order.status, after.order.payments, after.order.refunds) == (OrderStatus.CANCELLED, (), ())


def test_cancelling_a_packed_order_recalls_its_parcels() -> None:
    packed = order(OrderStatus.PACKED, shipments=(parcel(ShipmentStatus.PRE_TRANSIT, l1=3, l2=1),))
    after = booked(CancelOrder("1", "changed_mind"), of=packed)
    assert after.order.shipments[0].status is ShipmentStatus.CANCELLED


def test_cancelling_units_leaves_the_order_going_on_without_them() -> None:
    after = booked(CancelOrder("1", "changed_mind", {"1": 2}), Terms(refund=pesos(400)))
    assert (after.order.status, after.order.cancel_reason) == (OrderStatus.PROCESSING, "")
    assert [line.cancelled for line in after.order.lines] == [2, 0]
    assert (after.order.total, after.stock) == (pesos(290), {"red": 2})
    assert rows(after)[1:] == [("refund", "card", 400)]
    assert refusal(CancelOrder("1", "x", {"1": 2}), of=after.order) == "bad_quantity"
    rest = booked(CancelOrder("1", "changed_mind", {"1": 1, "2": 1}), Terms(refund=pesos(290)), after.order, "next")
    assert (rest.order.status, rest.stock) == (OrderStatus.CANCELLED, {"red": 1, "hat": 1})


def test_items_are_replaced_in_place_or_split_off() -> None:
    whole = booked(ChangeItems("1", (Swap("1", 3, "blue"),), "card"), Terms(charge=pesos(150)))
    assert [(n.id, n.variant_id, n.quantity, n.unit_price) for n in whole.order.lines] == [
        ("1", "blue", 3, pesos(250)),
        ("2", "hat", 1, pesos(90)),
    ]
    assert (whole.stock, whole.order.items_changed, whole.order.total) == ({"red": 3, "blue": -3}, True, pesos(840))
    part = booked(ChangeItems("1", (Swap("1", 1, "blue"),), "card"), Terms(charge=pesos(50)))
    assert [(n.id, n.variant_id, n.quantity) for n in part.order.lines] == [
        ("1", "red", 2),
        ("1.2", "blue", 1),
        ("2", "hat", 1),
    ]
    assert part.order.line("1.2").options == {"color": "azul"}


@pytest.mark.parametrize(
    ("terms", "row", "refunds", "balance"),
    [
        (Terms(charge=pesos(50)), ("payment", "gift", 50), 0, {"gift": pesos(-50)}),
        (Terms(refund=pesos(50)), ("refund", "gift", 50), 1, {"gift": pesos(50)}),
        (Terms(), ("refund", "gift", 0), 0, {}),
    ],
)
def test_the_difference_of_a_swap_is_one_row(
    terms: Terms, row: tuple[str, str, int], refunds: int, balance: dict[str, Money]
) -> None:
    after = booked(ChangeItems("1", (Swap("1", 1, "blue"),), "gift"), terms)
    assert rows(after)[1:] == [row]
    assert (len(after.order.refunds), after.balances) == (refunds, balance)


def test_a_gift_card_pays_only_what_is_on_it() -> None:
    swap = (Swap("1", 1, "blue"),)
    assert refusal(ChangeItems("1", swap, "gift"), Terms(charge=pesos(101))) == "insufficient_balance"
    delivered = order(OrderStatus.DELIVERED)
    assert refusal(ExchangeItems("1", swap, "gift"), Terms(charge=pesos(101)), delivered) == "insufficient_balance"
    after = booked(ExchangeItems("1", swap, "gift"), Terms(charge=pesos(100)), delivered)
    assert (after.balances, rows(after)) == ({}, [("payment", "card", 690)])


def test_another_method_pays_the_total_and_the_old_one_gets_it_back() -> None:
    after = booked(
        ChangePayment("1", "gift"), of=order(total=pesos(80), payments=(Payment("payment", "card", pesos(80)),))
    )
    assert rows(after) == [("payment", "card", 80), ("payment", "gift", 80), ("refund", "card", 80)]
    assert (after.balances, after.order.paid_with) == ({"gift": pesos(-80)}, "gift")


@pytest.mark.parametrize(("method", "status"), [("card", OrderStatus.PROCESSING), ("bank", OrderStatus.UNPAID)])
def test_an_unpaid_order_goes_on_once_it_is_paid_at_once(method: str, status: OrderStatus) -> None:
    after = booked(ChangePayment("1", method), of=order(OrderStatus.UNPAID, payments=()))
    assert (after.order.status, rows(after)) == (status, [("payment", method, 690)])


def test_a_return_books_the_figures_it_is_given_and_moves_no_money() -> None:
    deadline = NOW + timedelta(days=10)
    delivered = order(OrderStatus.DELIVERED, shipments=(parcel(ShipmentStatus.DELIVERED, l1=3, l2=1),))
    change = ReturnItems("1", (ReturnLine("1", 2, ReturnReason.TOO_SMALL),), "card")
    after = booked(change, Terms(refund=pesos(311), fee=pesos(89), ship_by=deadline), delivered)
    (opened,) = after.order.returns
    assert (opened.refund, opened.fee, opened.ship_by, opened.status) == (
        pesos(311),
        pesos(89),
        deadline,
        ReturnStatus.REQUESTED,
    )
    assert (opened.label.url, opened.label.carrier) == (f"/labels/{opened.rma}", "DHL")
    assert after.references == {"rma": opened.rma}
    assert (after.stock, after.balances, rows(after)) == ({}, {}, [("payment", "card", 690)])
    assert after.order.status is OrderStatus.DELIVERED


def test_units_go_back_once() -> None:
    def send(quantity: int) -> ReturnItems:
        return ReturnItems("1", (ReturnLine("1", quantity, ReturnReason.OTHER),), "card")

    once = booked(send(2), of=order(OrderStatus.DELIVERED)).order
    assert refusal(send(2), of=once) == "bad_quantity"
    assert refusal(ExchangeItems("1", (Swap("1", 2, "blue"),), "card"), of=once) == "bad_quantity"
    twice = booked(ExchangeItems("1", (Swap("1", 1, "blue"),), "card"), of=once, key="second").order
    assert refusal(send(1), of=twice) == "bad_quantity"
    withdrawn = booked(CancelReturn("1", once.returns[0].rma), of=twice, key="third").order
    assert len(booked(send(2), of=withdrawn, key="fourth").order.returns) == 2
    assert refusal(CancelReturn("1", once.returns[0].rma), of=withdrawn) == "wrong_status"


def test_claimed_units_do_not_go_back_and_are_not_claimed_twice() -> None:
    claim = OpenClaim("1", ClaimKind.DAMAGED, {"1": 2}, "Rotas", "refund")
    claimed = booked(claim, of=order(OrderStatus.DELIVERED)).order
    assert claimed.claims[0].lines == {"1": 2}
    assert refusal(claim, of=claimed) == "bad_quantity"
    assert refusal(ReturnItems("1", (ReturnLine("1", 2, ReturnReason.DAMAGED),), "card"), of=claimed) == "bad_quantity"


def test_only_delivered_units_go_back() -> None:
    parcels = (parcel(ShipmentStatus.DELIVERED, l1=1), parcel(ShipmentStatus.IN_TRANSIT, l1=2, l2=1))
    split = order(OrderStatus.SHIPPED, shipments=parcels)
    lost = order(OrderStatus.DELIVERED, shipments=(parcels[0], parcel(ShipmentStatus.LOST, l1=2)))
    for on in (split, lost):
        assert refusal(ReturnItems("1", (ReturnLine("1", 2, ReturnReason.OTHER),), "card"), of=on) == "bad_quantity"
        assert booked(ReturnItems("1", (ReturnLine("1", 1, ReturnReason.OTHER),), "card"), of=on).order.returns


def test_a_withdrawn_exchange_puts_its_reservation_back() -> None:
    taken = booked(
        ExchangeItems("1", (Swap("1", 2, "blue"),), "card"), Terms(refund=pesos(5)), order(OrderStatus.DELIVERED)
    )
    assert taken.stock == {"blue": -2}
    assert taken.order.exchanges[0].difference == pesos(-5)
    back = booked(CancelExchange("1", taken.order.exchanges[0].rma), of=taken.order)
    assert (back.stock, back.order.exchanges[0].status) == ({"blue": 2}, ReturnStatus.CANCELLED)
    assert refusal(CancelExchange("1", "X-NOTHING"), of=taken.order) == "unknown_rma"


WRONG_STATUS: list[tuple[OrderStatus, Change]] = [
    (OrderStatus.DELIVERED, ChangeAddress("1", HOME)),
    (OrderStatus.CANCELLED, HoldDelivery("1", None)),
    (OrderStatus.DELIVERED, SetInstructions("1", "x")),
    (OrderStatus.SHIPPED, CancelOrder("1", "x")),
    (OrderStatus.CANCELLED, CancelOrder("1", "x")),
    (OrderStatus.PACKED, ChangeItems("1", (Swap("1", 1, "blue"),), "card")),
    (OrderStatus.SHIPPED, ChangePayment("1", "gift")),
    (OrderStatus.PROCESSING, ReturnItems("1", (ReturnLine("1", 1, ReturnReason.OTHER),), "card")),
    (OrderStatus.CANCELLED, ExchangeItems("1", (Swap("1", 1, "blue"),), "card")),
    (OrderStatus.PROCESSING, OpenClaim("1", ClaimKind.MISSING_ITEM, {"1": 1}, "")),
]


@pytest.mark.parametrize(("status", "change"), WRONG_STATUS, ids=[f"{s}-{c.kind}" for s, c in WRONG_STATUS])
def test_a_change_needs_an_order_in_the_right_state(status: OrderStatus, change: Change) -> None:
    assert refusal(change, of=order(status)) == "wrong_status"


BAD_UNITS: list[tuple[Change, str]] = [
    (ReturnItems("1", (), "card"), "bad_quantity"),
    (ReturnItems("1", (ReturnLine("1", 0, ReturnReason.OTHER),), "card"), "bad_quantity"),
    (ReturnItems("1", tuple(ReturnLine("1", 2, r) for r in list(ReturnReason)[:2]), "card"), "bad_quantity"),
    (ReturnItems("1", (ReturnLine("9", 1, ReturnReason.OTHER),), "card"), "unknown_line"),
    (ReturnItems("1", (ReturnLine("1", 1, ReturnReason.OTHER),), "other"), "unknown_method"),
    (ExchangeItems("1", (Swap("1", 1, "hat"),), "card"), "other_product"),
    (ExchangeItems("1", (Swap("1", 1, "green"),), "card"), "unknown_variant"),
    (OpenClaim("1", ClaimKind.DAMAGED, {"2": 2}, ""), "bad_quantity"),
    (OpenClaim("1", ClaimKind.DAMAGED, {}, ""), "bad_quantity"),
]


@pytest.mark.parametrize(("change", "code"), BAD_UNITS)
def test_units_that_are_not_there_are_refused(change: Change, code: str) -> None:
    assert refusal(change, of=order(OrderStatus.DELIVERED)) == code


def test_references_follow_from_the_key() -> None:
    assert derive("rma", "key") == derive("rma", "key")
    assert len({derive(name, key) for name in ("rma", "exchange", "claim", "refund") for key in ("a", "b")}) == 8
