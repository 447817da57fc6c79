"""What an allowed change books: charge, refund, fee and deadlines, from the order's amounts and the shop's figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from tools.policy.amounts import difference, goods_value, paid, refundable
from tools.policy.facts import Facts
from tools.policy.observation import Case
from tools.policy.rules import Booking, Version
from tools.policy.touched import is_live, touched_by, units_by_line, units_left
from tools.shop.changes import (
    Change,
    ChangeItems,
    ChangeKind,
    ExchangeItems,
    ReturnItems,
    Terms,
)
from tools.shop.models import Order, PaymentMethodId
from tools.shop.money import Money


def book(case: Case, lines: Sequence[Facts], booking: Booking, version: Version) -> Terms:
    """The terms of a change that was judged on these lines; amounts are absent where nothing moves."""
    terms = Terms(policy=version.name)
    if case.order is None or not lines[0].country_known:
        return terms
    compute = AMOUNTS.get(case.change.kind)
    if compute:
        terms = compute(case, case.order, lines, booking, version, terms)
    if terms.refund and booking.refund_days:
        terms = replace(terms, refund_days=_refund_days(case, case.order, booking, version))
    if booking.ship_within:
        days = _number(version, booking.ship_within, lines[0])
        terms = replace(terms, ship_by=case.moment.end_of_day(days))
    return terms


def _slot(_: Case, order: Order, lines: Sequence[Facts], booking: Booking, version: Version, terms: Terms) -> Terms:
    """A window is paid for once: moving from one to another is free, and so is taking it off."""
    if lines[0].clearing or lines[0].slot_chosen or not booking.charge:
        return terms
    return replace(terms, charge=_some(_money(version, booking.charge, order)))


def _cancel(
    case: Case, order: Order, _lines: Sequence[Facts], _booking: Booking, _version: Version, terms: Terms
) -> Terms:
    """All that was paid, shipping too, when nothing is left to send; else what the named units cost."""
    units = units_by_line(touched_by(case.change))
    if not units or all(units.get(line.id, 0) >= units_left(order, line) for line in order.lines):
        return replace(terms, refund=_some(paid(order)))
    return replace(terms, refund=_some(min(goods_value(order, units), refundable(order))))


def _items(
    case: Case, order: Order, _lines: Sequence[Facts], _booking: Booking, _version: Version, terms: Terms
) -> Terms:
    """The difference; nothing comes back on an order of which nothing was paid."""
    terms = _settled(case, order, Money.zero(order.currency), terms)
    return terms if paid(order) else replace(terms, refund=None)


def _payment(
    _: Case, order: Order, _lines: Sequence[Facts], _booking: Booking, _version: Version, terms: Terms
) -> Terms:
    """The new method pays the total, and what the old one paid goes back to it."""
    return replace(terms, charge=order.total, refund=_some(paid(order)))


def _return(
    case: Case, order: Order, lines: Sequence[Facts], booking: Booking, version: Version, terms: Terms
) -> Terms:
    """The goods less one fee for the whole parcel; none where any of it is the shop's fault, or the law has all of it free."""
    goods = min(goods_value(order, units_by_line(touched_by(case.change))), refundable(order))
    fee = Money.zero(order.currency)
    free = any(facts.shop_fault for facts in lines) or all(_is_withdrawal(facts, booking, version) for facts in lines)
    if booking.fee and not free:
        fee = min(_money(version, booking.fee, order), goods)
    return replace(terms, refund=goods - fee, fee=_some(fee))


def _is_withdrawal(facts: Facts, booking: Booking, version: Version) -> bool:
    """Whether the country's law lets the shopper send that back at the shop's cost on this day."""
    days = version.figures.named[booking.free_days].value(facts.country) if booking.free_days else None
    return days is not None and facts.delivered_on is not None and facts.days_since_delivery <= int(days)


def _exchange(
    case: Case, order: Order, lines: Sequence[Facts], booking: Booking, version: Version, terms: Terms
) -> Terms:
    """The difference; from the exchange after the free ones on, with the fee."""
    fee = Money.zero(order.currency)
    free = _number(version, booking.free_times, lines[0]) if booking.free_times else 0
    if booking.fee and sum(map(is_live, order.exchanges)) >= free:
        fee = _money(version, booking.fee, order)
    return replace(_settled(case, order, fee, terms), fee=_some(fee))


AMOUNTS: Mapping[ChangeKind, Callable[[Case, Order, Sequence[Facts], Booking, Version, Terms], Terms]] = {
    ChangeKind.SLOT: _slot,
    ChangeKind.CANCEL: _cancel,
    ChangeKind.ITEMS: _items,
    ChangeKind.PAYMENT: _payment,
    ChangeKind.RETURN: _return,
    ChangeKind.EXCHANGE: _exchange,
}


def _settled(case: Case, order: Order, fee: Money, terms: Terms) -> Terms:
    """The price difference and the fee as one charge, or as one refund."""
    swaps = case.change.swaps if isinstance(case.change, ChangeItems | ExchangeItems) else ()
    owed = (difference(order, swaps, case.products) or Money.zero(order.currency)) + fee
    return replace(terms, charge=owed) if owed.amount > 0 else replace(terms, refund=_some(-owed))


def _refund_days(case: Case, order: Order, booking: Booking, version: Version) -> int:
    method = case.customer.method(_refund_method(case.change, order) or "")
    figure = version.figures.named[booking.refund_days]
    days = figure.value(order.country, method=method.kind.value) if method else None
    return int(figure.longest or 0) if days is None else int(days)


def _refund_method(change: Change, order: Order) -> PaymentMethodId | None:
    match change:
        case ReturnItems():
            return change.refund_method_id
        case ExchangeItems() | ChangeItems():
            return change.method_id
        case _:
            return order.paid_with


def _money(version: Version, name: str, order: Order) -> Money:
    return Money.of(Decimal(version.figures.value(name, order.country)), order.currency)


def _number(version: Version, name: str, facts: Facts) -> int:
    return int(version.figures.value(name, facts.country, facts.category))


def _some(amount: Money | None) -> Money | None:
    """Nothing rather than zero."""
    return amount if amount else None
