"""An order's row as an order: one line a unit, and what is on its way back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from tools.shop.models import (
    Address,
    CustomerId,
    Exchange,
    LineId,
    Order,
    OrderLine,
    OrderNumber,
    OrderStatus,
    Payment,
    PaymentMethodId,
    ProductId,
    Return,
    ReturnLine,
    ReturnReason,
    ReturnStatus,
    Shipment,
    ShipmentStatus,
    Swap,
    VariantId,
)
from tools.shop.money import Money
from tools.shop.tau2.form import CURRENCY, EXCHANGING, MODIFIED, RETURNING, AddressRow, OrderRow

STATUSES = {
    "pending": OrderStatus.PROCESSING,
    MODIFIED: OrderStatus.PROCESSING,
    "processed": OrderStatus.PACKED,
    "delivered": OrderStatus.DELIVERED,
    RETURNING: OrderStatus.DELIVERED,
    EXCHANGING: OrderStatus.DELIVERED,
    "cancelled": OrderStatus.CANCELLED,
}
PARCELS = {
    OrderStatus.PROCESSING: ShipmentStatus.PRE_TRANSIT,
    OrderStatus.PACKED: ShipmentStatus.PRE_TRANSIT,
    OrderStatus.DELIVERED: ShipmentStatus.DELIVERED,
    OrderStatus.CANCELLED: ShipmentStatus.CANCELLED,
}


def read_order(row: OrderRow, read_address: Callable[[AddressRow], Address]) -> Order:
    """The order. Its lines are numbered from "1"; its total is the price of its items."""
    lines = _read_lines(row)
    address = read_address(row.address)
    zero = Money.zero(CURRENCY)
    return Order(
        number=OrderNumber(row.order_id),
        customer_id=CustomerId(row.user_id),
        status=STATUSES[row.status],
        currency=CURRENCY,
        country=address.country,
        lines=lines,
        address=address,
        total=sum((line.unit_price for line in lines), start=zero),
        shipping_cost=zero,
        discount=zero,
        payments=tuple(
            Payment(p.transaction_type, PaymentMethodId(p.payment_method_id), Money.of(p.amount, CURRENCY))
            for p in row.payment_history
        ),
        shipments=_read_parcels(row, lines),
        returns=_read_return(row, lines),
        exchanges=_read_exchange(row, lines),
        cancel_reason=row.cancel_reason or "",
        items_changed=row.status == MODIFIED,
    )


def _read_lines(row: OrderRow) -> tuple[OrderLine, ...]:
    return tuple(
        OrderLine(
            id=LineId(str(position)),
            product_id=ProductId(item.product_id),
            variant_id=VariantId(item.item_id),
            title=item.name,
            options=item.options,
            quantity=1,
            unit_price=Money.of(item.price, CURRENCY),
        )
        for position, item in enumerate(row.items, start=1)
    )


def _read_parcels(row: OrderRow, lines: Sequence[OrderLine]) -> tuple[Shipment, ...]:
    left = list(lines)
    return tuple(
        Shipment(
            id=str(position),
            contents={line.id: 1 for line in _take(left, parcel.item_ids)},
            carrier="",
            tracking_number=" ".join(parcel.tracking_id),
            status=PARCELS[STATUSES[row.status]],
        )
        for position, parcel in enumerate(row.fulfillments, start=1)
    )


def _read_return(row: OrderRow, lines: Sequence[OrderLine]) -> tuple[Return, ...]:
    if not row.return_items:
        return ()
    back = _take(list(lines), row.return_items)
    zero = Money.zero(CURRENCY)
    return (
        Return(
            rma=f"R{row.order_id}",
            lines=tuple(ReturnLine(line.id, 1, ReturnReason.OTHER) for line in back),
            status=ReturnStatus.REQUESTED,
            refund_method_id=PaymentMethodId(row.return_payment_method_id or ""),
            refund=sum((line.unit_price for line in back), start=zero),
            fee=zero,
        ),
    )


def _read_exchange(row: OrderRow, lines: Sequence[OrderLine]) -> tuple[Exchange, ...]:
    """The format sorts both lists by item id, so which old goes with which new is lost; they are paired as listed."""
    if not row.exchange_items or not row.exchange_new_items:
        return ()
    pairs = zip(_take(list(lines), row.exchange_items), row.exchange_new_items, strict=True)
    return (
        Exchange(
            rma=f"X{row.order_id}",
            swaps=tuple(Swap(line.id, 1, VariantId(new)) for line, new in pairs),
            status=ReturnStatus.REQUESTED,
            method_id=PaymentMethodId(row.exchange_payment_method_id or ""),
            difference=Money.of(row.exchange_price_difference or 0, CURRENCY),
        ),
    )


def _take(left: list[OrderLine], item_ids: Iterable[str]) -> list[OrderLine]:
    """The lines with those items, each line once; an item that has no line left is passed over."""
    taken = []
    for item_id in item_ids:
        line = next((line for line in left if line.variant_id == item_id), None)
        if line is not None:
            left.remove(line)
            taken.append(line)
    return taken
