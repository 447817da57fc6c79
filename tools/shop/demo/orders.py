"""From an order's sheet to the order: what was charged, how it was paid, where it stands."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from tools.shop.data import SlotPlan
from tools.shop.demo.aftermath import book_refunds, make_claims, make_exchanges, make_refunds, make_returns
from tools.shop.demo.parcels import make_shipments
from tools.shop.demo.sale import Sale
from tools.shop.models import (
    Address,
    DeliveryChoice,
    Order,
    OrderNumber,
    OrderStatus,
    Payment,
    Shipment,
    ShipmentStatus,
)
from tools.shop.money import Money
from tools.shop.sql.slots import list_slots


def make_order(sale: Sale, slots: SlotPlan) -> Order:
    """The order of a sheet. Raises ``KeyError`` or ``ValueError`` when the sheet names what does not exist."""
    sheet = sale.sheet
    lines, shipments, delivery = sale.make_lines(), make_shipments(sale), _choose_delivery(sale, slots)
    goods = sum((line.unit_price * line.quantity for line in lines), sale.zero)
    discount = sale.zero if sheet.discount is None else Money.of(sheet.discount, sale.market.currency)
    shipping = _price_delivery(sale, goods, delivery)
    paid = _pay(sale, goods + shipping - discount)
    refunds = make_refunds(sale, paid)
    order = Order(
        number=OrderNumber(sheet.number),
        customer_id=sale.customer.id,
        status=_stand(sale, shipments),
        currency=sale.market.currency,
        country=sale.country,
        lines=lines,
        address=_address(sale),
        total=goods + shipping - discount,
        shipping_cost=shipping,
        discount=discount,
        placed_at=sale.clock.at(sheet.placed),
        payments=(*paid, *book_refunds(refunds)),
        delivery=delivery,
        shipments=shipments,
        returns=make_returns(sale),
        exchanges=make_exchanges(sale),
        refunds=refunds,
        claims=make_claims(sale),
        cancel_reason=sheet.cancel.reason if sheet.cancel else "",
        items_changed=sheet.items_changed,
        invoice_url=_invoice(sale, paid),
        gift_note=sheet.gift_note,
    )
    return replace(order, version=1 + _count_writes(order))


def _choose_delivery(sale: Sale, slots: SlotPlan) -> DeliveryChoice:
    wish = sale.sheet.delivery
    return DeliveryChoice(
        service=sale.sheet.service,
        slot=None if wish.slot is None else list_slots(slots, sale.clock.now)[wish.slot],
        pickup_point=sale.pickup_point,
        hold_until=None if wish.hold_until is None else sale.clock.day(wish.hold_until),
        instructions=wish.instructions,
    )


def _price_delivery(sale: Sale, goods: Money, delivery: DeliveryChoice) -> Money:
    """The service, free where the policy says so (standard only), and the fee of a chosen window."""
    cost = sale.figures.money(f"shipping_{delivery.service}")
    if delivery.service == "standard" and sale.figures.money("free_shipping_from") <= goods:
        cost = sale.zero
    return cost + delivery.slot.fee if delivery.slot else cost


def _pay(sale: Sale, total: Money) -> tuple[Payment, ...]:
    """One payment a method; ``rest`` is what the others leave of the total."""
    at, left, payments = sale.clock.at(sale.sheet.placed), total, []
    for method, share in sale.sheet.pay.items():
        amount = left if share == "rest" else Money.of(share, total.currency)
        payments.append(Payment("payment", sale.method(method).id, amount, at))
        left = left - amount
    return tuple(payments)


def _stand(sale: Sale, shipments: tuple[Shipment, ...]) -> OrderStatus:
    if sale.sheet.cancel and sale.sheet.cancel.units is None:
        return OrderStatus.CANCELLED
    if not sale.sheet.pay:
        return OrderStatus.UNPAID
    statuses = {shipment.status for shipment in shipments}
    if not statuses:
        return OrderStatus.PROCESSING
    if statuses == {ShipmentStatus.PRE_TRANSIT}:
        return OrderStatus.PACKED
    return OrderStatus.DELIVERED if statuses == {ShipmentStatus.DELIVERED} else OrderStatus.SHIPPED


def _address(sale: Sale) -> Address:
    return sale.sheet.ship_to.build() if sale.sheet.ship_to else sale.customer.address


def _invoice(sale: Sale, paid: tuple[Payment, ...]) -> str:
    """A paid order has its invoice once the hours that the policy allows for it are over."""
    ready = sale.clock.at(sale.sheet.placed) + timedelta(hours=sale.figures.count("invoice_hours"))
    return f"/invoices/{sale.sheet.number}" if paid and ready <= sale.clock.now else ""


def _count_writes(order: Order) -> int:
    """How often the order was written to since it was placed."""
    cases = len(order.returns) + len(order.exchanges) + len(order.claims)
    return cases + bool(order.cancel_reason) + order.items_changed
