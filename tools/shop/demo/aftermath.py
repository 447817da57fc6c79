"""What comes after an order: returns, exchanges, claims, cancellations and the refunds they lead to."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from tools.shop.booking.references import derive
from tools.shop.changes import ChangeKind
from tools.shop.demo.order_sheet import ExchangeSheet, ReturnSheet
from tools.shop.demo.parcels import make_tracking_number
from tools.shop.demo.sale import Sale
from tools.shop.models import (
    Claim,
    ClaimStatus,
    Exchange,
    Label,
    Payment,
    Refund,
    RefundStatus,
    Return,
    ReturnLine,
    Swap,
)
from tools.shop.money import Money

LAST_SECOND = time(23, 59, 59)
LABEL_PARCEL = 90


def make_returns(sale: Sale) -> tuple[Return, ...]:
    """Every RMA; the fee is waived where the shop is at fault."""
    return tuple(_make_return(sale, sheet, index) for index, sheet in enumerate(sale.sheet.returns, start=1))


def make_exchanges(sale: Sale) -> tuple[Exchange, ...]:
    """Every exchange, with the difference in price."""
    return tuple(_make_exchange(sale, sheet, index) for index, sheet in enumerate(sale.sheet.exchanges, start=1))


def make_claims(sale: Sale) -> tuple[Claim, ...]:
    """Every claim, all of them open."""
    return tuple(
        Claim(
            id=derive("claim", f"{sale.sheet.number}-{index}"),
            kind=sheet.problem,
            lines=sale.units(sheet.lines),
            description=sheet.description,
            status=ClaimStatus.OPEN,
            wish=sheet.wish,
            opened_at=sale.clock.at(sheet.opened),
        )
        for index, sheet in enumerate(sale.sheet.claims, start=1)
    )


def make_refunds(sale: Sale, paid: tuple[Payment, ...]) -> tuple[Refund, ...]:
    """Money on its way back: of a cancellation, and of the returns whose goods have arrived."""
    return (*_refund_cancelled(sale, paid), *_refund_returned(sale))


def book_refunds(refunds: tuple[Refund, ...]) -> tuple[Payment, ...]:
    """The payments that go with the refunds.

    A cancellation's is booked at once, undated until it is issued; a return's only once the goods were accepted.
    """
    return tuple(
        Payment("refund", refund.method_id, refund.amount, refund.issued_at)
        for refund in refunds
        if refund.issued_at is not None or refund.reason == ChangeKind.CANCEL
    )


def _make_return(sale: Sale, sheet: ReturnSheet, index: int) -> Return:
    goods = sale.zero
    for name, part in sheet.lines.items():
        goods = goods + sale.article(name).variant.price * part.quantity
    at_fault = any(sale.figures.answers_for(part.reason) for part in sheet.lines.values())
    fee = sale.zero if at_fault else sale.figures.money("return_fee")
    rma = derive("rma", f"{sale.sheet.number}-{index}")
    requested = sale.clock.at(sheet.requested)
    return Return(
        rma=rma,
        lines=tuple(ReturnLine(sale.line_id(name), part.quantity, part.reason) for name, part in sheet.lines.items()),
        status=sheet.status,
        refund_method_id=sale.method(sheet.to).id,
        refund=goods - fee,
        fee=fee,
        requested_at=requested,
        ship_by=_ship_by(sale, requested),
        received_at=sale.clock.at(sheet.received) if sheet.received else None,
        label=_print_label(sale, rma),
    )


def _make_exchange(sale: Sale, sheet: ExchangeSheet, index: int) -> Exchange:
    rma = derive("exchange", f"{sale.sheet.number}-{index}")
    requested = sale.clock.at(sheet.requested)
    difference = sale.zero
    for old, new in sheet.swaps.items():
        each = sale.article(new).variant.price - sale.article(old).variant.price
        difference = difference + each * sale.sheet.lines[old]
    return Exchange(
        rma=rma,
        swaps=tuple(
            Swap(sale.line_id(old), sale.sheet.lines[old], sale.article(new).variant.id)
            for old, new in sheet.swaps.items()
        ),
        status=sheet.status,
        method_id=sale.method(sheet.method).id,
        difference=difference,
        requested_at=requested,
        ship_by=_ship_by(sale, requested),
        label=_print_label(sale, rma),
    )


def _ship_by(sale: Sale, requested: datetime) -> datetime:
    day = requested.astimezone(sale.clock.shop).date() + timedelta(days=sale.figures.count("return_ship_days"))
    return datetime.combine(day, LAST_SECOND, sale.clock.shop)


def _print_label(sale: Sale, rma: str) -> Label:
    return Label(f"/labels/{rma}", sale.carrier.name, make_tracking_number(sale, LABEL_PARCEL))


def _refund_cancelled(sale: Sale, paid: tuple[Payment, ...]) -> tuple[Refund, ...]:
    cancel = sale.sheet.cancel
    if cancel is None:
        return ()
    amounts = {payment.method_id: payment.amount for payment in paid}
    if cancel.units is not None:
        units = sum((sale.article(name).variant.price * n for name, n in cancel.units.items()), sale.zero)
        amounts = {paid[-1].method_id: units}
    return tuple(
        _make_refund(sale, method_id, amount, cancel.refund, ChangeKind.CANCEL.value, sale.clock.at(cancel.at))
        for method_id, amount in amounts.items()
    )


def _refund_returned(sale: Sale) -> tuple[Refund, ...]:
    inspection = timedelta(days=sale.figures.count("inspection_days"))
    refunds = []
    for sheet, opened in zip(sale.sheet.returns, make_returns(sale), strict=True):
        if sheet.refunded is not None:
            at, status = sale.clock.at(sheet.refunded), RefundStatus.SETTLED
        elif opened.received_at is not None:
            at, status = opened.received_at + inspection, RefundStatus.PENDING
        else:
            continue
        refunds.append(_make_refund(sale, sheet.to, opened.refund, status, ChangeKind.RETURN.value, at))
    return tuple(refunds)


def _make_refund(sale: Sale, method_id: str, amount: Money, status: RefundStatus, reason: str, at: datetime) -> Refund:
    """``at`` is when it was issued, or is expected to be."""
    method = sale.method(method_id)
    return Refund(
        id=derive("refund", f"{sale.sheet.number}-{method_id}"),
        amount=amount,
        method_id=method.id,
        status=status,
        reason=reason,
        issued_at=None if status is RefundStatus.PENDING else at,
        expected_by=at + timedelta(days=sale.figures.refund_days(method.kind)),
    )
