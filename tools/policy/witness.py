"""Whether another kind of change is open to this order: shown by one example of it, never guessed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta

from tools.policy.observation import Case
from tools.policy.touched import NEED_LINES, touched_by, units_by_line, units_kept, units_left
from tools.shop.changes import (
    CancelExchange,
    CancelOrder,
    CancelReturn,
    Change,
    ChangeAddress,
    ChangeItems,
    ChangeKind,
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
    ClaimKind,
    LineId,
    Order,
    OrderLine,
    OrderStatus,
    PaymentMethodId,
    ReturnLine,
    ReturnReason,
    ReturnStatus,
    Shipment,
    ShipmentStatus,
    Swap,
    Variant,
)

CLAIM_FOR = {
    ReturnReason.DAMAGED.value: ClaimKind.DAMAGED,
    ReturnReason.DEFECTIVE.value: ClaimKind.DAMAGED,
    ReturnReason.WRONG_ITEM.value: ClaimKind.WRONG_ITEM,
    ReturnReason.NOT_AS_DESCRIBED.value: ClaimKind.WRONG_ITEM,
}
REASON_FOR = {ClaimKind.DAMAGED.value: ReturnReason.DAMAGED, ClaimKind.WRONG_ITEM.value: ReturnReason.WRONG_ITEM}


Units = Mapping[LineId, int]


def example_of(kind: ChangeKind, case: Case) -> Change | None:
    """The first of ``examples_of``, or none."""
    return next(examples_of(kind, case), None)


def examples_of(kind: ChangeKind, case: Case) -> Iterator[Change]:
    """Changes of that kind about the same goods as ``case``, with nothing in them that need be refused.

    Where ``case`` is about no line in particular and the kind needs one, there is an example for each line.
    """
    order = case.order
    if order is None:
        return
    named = units_by_line(touched_by(case.change))
    each: list[Units] = [{line.id: left} for line in order.lines if (left := units_left(order, line)) > 0]
    for units in each if kind in NEED_LINES and not named else [named]:
        example = EXAMPLES[kind](case, order, units)
        if example is not None:
            yield example


def once_delivered(order: Order, case: Case) -> Order:
    """The order as it will be on the day it arrives."""
    contents = {line.id: units_kept(line) for line in order.lines}
    parcel = Shipment("arrived", contents, "", "", ShipmentStatus.DELIVERED, delivered_at=case.moment.now)
    return replace(order, status=OrderStatus.DELIVERED, shipments=(parcel,))


def _moved(address: Address) -> Address:
    filled = {name: getattr(address, name).strip() or "-" for name in ("city", "postal_code", "country")}
    return replace(address, line1=f"{address.line1} bis".strip(), **filled)


def _cancel(_: Case, order: Order, units: Units) -> Change:
    return CancelOrder(order.number, ReturnReason.CHANGED_MIND.value, units or None)


def _return(case: Case, order: Order, units: Units) -> Change | None:
    reasons = {item.line_id: item.reason for item in touched_by(case.change)}
    lines = tuple(
        ReturnLine(line_id, count, _return_reason(reasons.get(line_id, ""))) for line_id, count in units.items()
    )
    method = order.paid_with or _any_method(case)
    return ReturnItems(order.number, lines, method) if lines and method else None


def _return_reason(reason: str) -> ReturnReason:
    if reason in REASON_FOR:
        return REASON_FOR[reason]
    return ReturnReason(reason) if reason in tuple(ReturnReason) else ReturnReason.CHANGED_MIND


def _items(case: Case, order: Order, units: Units) -> Change | None:
    swaps, method = _swaps(case, order, units), order.paid_with or _any_method(case)
    return ChangeItems(order.number, swaps, method) if swaps and method else None


def _exchange(case: Case, order: Order, units: Units) -> Change | None:
    swaps, method = _swaps(case, order, units), order.paid_with or _any_method(case)
    return ExchangeItems(order.number, swaps, method) if swaps and method else None


def _swaps(case: Case, order: Order, units: Units) -> tuple[Swap, ...]:
    """Every line for the cheapest other variant in stock; none at all where one line has no such variant."""
    swaps = []
    for line_id, count in units.items():
        line = order.line(line_id)
        new = _cheapest_other(case, line, count) if line else None
        if new is None:
            return ()
        swaps.append(Swap(line_id, count, new.id))
    return tuple(swaps)


def _cheapest_other(case: Case, line: OrderLine, units: int) -> Variant | None:
    product = case.products.get(line.product_id)
    others = [new for new in (product.variants if product else ()) if new.id != line.variant_id and new.stock >= units]
    return min(others, key=lambda new: new.price.amount, default=None)


def _payment(case: Case, order: Order, _: Units) -> Change | None:
    other = next((method.id for method in case.customer.payment_methods if method.id != order.paid_with), None)
    return ChangePayment(order.number, other) if other else None


def _claim(case: Case, order: Order, units: Units) -> Change | None:
    """The claim that the reason given amounts to; goods that have not come may be claimed as such."""
    problems = {CLAIM_FOR.get(item.reason) for item in touched_by(case.change)}
    problem = problems.pop() if len(problems) == 1 else None
    if problem is None and order.status is OrderStatus.SHIPPED:
        problem = ClaimKind.NOT_RECEIVED
    return OpenClaim(order.number, problem, units, "") if problem else None


def _withdraw_return(_: Case, order: Order, _units: Units) -> Change | None:
    rma = next((item.rma for item in order.returns if item.status is ReturnStatus.REQUESTED), None)
    return CancelReturn(order.number, rma) if rma else None


def _withdraw_exchange(_: Case, order: Order, _units: Units) -> Change | None:
    rma = next((item.rma for item in order.exchanges if item.status is ReturnStatus.REQUESTED), None)
    return CancelExchange(order.number, rma) if rma else None


def _any_method(case: Case) -> PaymentMethodId | None:
    return next((method.id for method in case.customer.payment_methods), None)


EXAMPLES: Mapping[ChangeKind, Callable[[Case, Order, Units], Change | None]] = {
    ChangeKind.ADDRESS: lambda _case, order, _units: ChangeAddress(order.number, _moved(order.address)),
    ChangeKind.SLOT: lambda _case, order, _units: ChangeSlot(order.number, "any"),
    ChangeKind.PICKUP: lambda _case, order, _units: ChangePickup(order.number, "any"),
    ChangeKind.HOLD: lambda case, order, _units: HoldDelivery(order.number, case.moment.today + timedelta(days=1)),
    ChangeKind.INSTRUCTIONS: lambda _case, order, _units: SetInstructions(order.number, "-"),
    ChangeKind.CANCEL: _cancel,
    ChangeKind.ITEMS: _items,
    ChangeKind.PAYMENT: _payment,
    ChangeKind.RETURN: _return,
    ChangeKind.EXCHANGE: _exchange,
    ChangeKind.CLAIM: _claim,
    ChangeKind.PROFILE_ADDRESS: lambda case, _order, _units: ChangeProfileAddress(_moved(case.customer.address)),
    ChangeKind.CANCEL_RETURN: _withdraw_return,
    ChangeKind.CANCEL_EXCHANGE: _withdraw_exchange,
}
