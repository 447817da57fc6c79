"""Orders with their lines and what was paid for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tools.shop.csv_folder.form import LineCells, OrderCells, ShopCells
from tools.shop.csv_folder.people import find_method
from tools.shop.csv_folder.sheet import Problems, Sheet
from tools.shop.matching import number_key
from tools.shop.models import (
    Customer,
    DeliveryChoice,
    LineId,
    Order,
    OrderLine,
    OrderNumber,
    OrderStatus,
    Payment,
    Product,
    Shipment,
    Variant,
)
from tools.shop.money import Money


@dataclass(frozen=True, slots=True)
class Desk:
    """What is on the table while orders are put together; ``customers`` gain the methods they are seen to pay with."""

    shop: ShopCells
    customers: dict[str, Customer]
    customer_ids: frozenset[str]
    products: Mapping[str, Product]
    variant_ids: frozenset[str]
    problems: Problems


def build_orders(
    desk: Desk,
    sheet: Sheet[OrderCells],
    lines: Sheet[LineCells],
    shipments: Mapping[str, tuple[Shipment, ...]],
) -> tuple[Order, ...]:
    """The orders in the order of the file; ``shipments`` are keyed by the order's number."""
    of_order, spoiled = _build_lines(desk, sheet, lines)
    orders = []
    seen: dict[str, int] = {}
    for at, row in sheet.rows.items():
        first = seen.setdefault(number_key(row.number), at)
        if first != at:
            desk.problems.add(sheet.file, at, "number", f"'{row.number}' reads the same as the one on line {first}")
        customer = desk.customers.get(row.customer_id)
        if row.customer_id not in desk.customer_ids:
            desk.problems.add(sheet.file, at, "customer_id", f"there is no customer '{row.customer_id}'")
        if row.number in spoiled:
            continue
        if row.number not in of_order:
            desk.problems.add(sheet.file, at, "number", f"{lines.file} has no line for '{row.number}'")
        elif customer is not None:
            orders.append(_build_order(desk, sheet.file, at, row, customer, of_order[row.number], shipments))
    return tuple(orders)


def _build_order(
    desk: Desk,
    file: str,
    at: int,
    row: OrderCells,
    customer: Customer,
    lines: list[OrderLine],
    shipments: Mapping[str, tuple[Shipment, ...]],
) -> Order:
    currency = row.currency or desk.shop.currency
    address = row.address(desk.shop.country, row.phone or customer.phone) if row.line1 else customer.address
    total = _sum_total(desk, file, at, row, lines)
    return Order(
        number=OrderNumber(row.number),
        customer_id=customer.id,
        status=row.status,
        currency=currency,
        country=address.country,
        lines=tuple(lines),
        address=address,
        total=total,
        shipping_cost=Money.of(row.shipping_cost, currency),
        discount=Money.of(row.discount, currency),
        placed_at=row.placed_at,
        payments=_build_payments(desk, file, at, row, customer, total),
        delivery=DeliveryChoice(service=row.service, instructions=row.instructions),
        shipments=shipments.get(row.number, ()),
        cancel_reason=row.cancel_reason,
        invoice_url=row.invoice_url,
        gift_note=row.gift_note,
    )


def _build_lines(
    desk: Desk, orders: Sheet[OrderCells], sheet: Sheet[LineCells]
) -> tuple[dict[str, list[OrderLine]], set[str]]:
    """The lines of each order, and the orders of which a line was refused."""
    variants: dict[str, tuple[Variant, Product]] = {
        v.id: (v, product) for product in desk.products.values() for v in product.variants
    }
    currencies = {row.number: row.currency or desk.shop.currency for row in orders.rows.values()}
    lines: dict[str, list[OrderLine]] = {}
    spoiled = {cells.get("order_number", "") for cells in sheet.bad}
    for at, row in sheet.rows.items():
        if row.order_number not in orders.ids:
            desk.problems.add(sheet.file, at, "order_number", f"there is no order '{row.order_number}'")
        if row.variant_id not in desk.variant_ids:
            desk.problems.add(sheet.file, at, "variant_id", f"there is no variant '{row.variant_id}'")
        if row.cancelled > row.quantity:
            desk.problems.add(sheet.file, at, "cancelled", f"is more than the quantity {row.quantity}")
        own = lines.setdefault(row.order_number, [])
        line_id = LineId(row.id or str(len(own) + 1))
        if any(line.id == line_id for line in own):
            desk.problems.add(sheet.file, at, "id", f"order '{row.order_number}' has a line '{line_id}' already")
        if row.variant_id in variants:
            currency = currencies.get(row.order_number, desk.shop.currency)
            own.append(_build_line(row, line_id, *variants[row.variant_id], currency))
        else:
            spoiled.add(row.order_number)
    return lines, spoiled


def _build_line(row: LineCells, line_id: LineId, variant: Variant, product: Product, currency: str) -> OrderLine:
    return OrderLine(
        id=line_id,
        product_id=product.id,
        variant_id=variant.id,
        title=row.title or product.title,
        options=variant.options,
        quantity=row.quantity,
        unit_price=variant.price if row.unit_price is None else Money.of(row.unit_price, currency),
        category=product.category,
        final_sale=product.final_sale,
        hygiene=product.hygiene,
        cancelled=row.cancelled,
    )


def _sum_total(desk: Desk, file: str, at: int, row: OrderCells, lines: list[OrderLine]) -> Money:
    """Lines + shipping - discount; a total that says otherwise is a problem, for refunds would go wrong by it."""
    currency = row.currency or desk.shop.currency
    extra = Money.of(row.shipping_cost, currency) - Money.of(row.discount, currency)
    if any(line.unit_price.currency != currency for line in lines):
        desk.problems.add(file, at, "currency", f"{currency} is not the currency its lines are priced in")
        return extra
    total = sum((line.unit_price * (line.quantity - line.cancelled) for line in lines), start=extra)
    if row.total is not None and Money.of(row.total, currency) != total:
        desk.problems.add(file, at, "total", f"is {row.total}, but lines + shipping - discount are {total.amount}")
    return total


def _build_payments(
    desk: Desk, file: str, at: int, row: OrderCells, customer: Customer, total: Money
) -> tuple[Payment, ...]:
    if not row.paid_with:
        if row.status is not OrderStatus.UNPAID:
            desk.problems.add(file, at, "paid_with", f"is empty although the order is {row.status}")
        return ()
    method = find_method(desk.customers, desk.customers[customer.id], row.paid_with)
    if method is None:
        desk.problems.add(file, at, "paid_with", f"'{row.paid_with}' is neither a method of the customer nor a kind")
        return ()
    return () if row.status is OrderStatus.UNPAID else (Payment("payment", method.id, total, row.placed_at),)
