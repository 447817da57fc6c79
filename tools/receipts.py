"""What the shopper keeps after a change: what was done, when, under which references, and how long it can be undone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tools.inverses import withdrawal_of
from tools.proposals import Proposal
from tools.shop.changes import Applied, Change, ChangeKind, Terms
from tools.shop.models import CustomerId, Order, OrderNumber
from tools.shop.money import Money
from tools.shop.wire import change_from_json, change_to_json, terms_from_json, terms_to_json


@dataclass(frozen=True, slots=True)
class Receipt:
    """One executed change. Exists if and only if the order system has booked it.

    ``version`` is the order's (customer's) version right after; ``inverse`` the change that takes it back, none when
    nothing does, and ``undo_until`` the last moment for it. ``label_url`` and ``terms.ship_by`` say how goods go back.
    ``authority`` is the person who allowed it, empty when policy did.
    """

    proposal_id: str
    customer_id: CustomerId
    kind: ChangeKind
    order_number: OrderNumber | None
    references: Mapping[str, str]
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    cost: Money | None
    terms: Terms
    at: datetime
    version: int
    label_url: str = ""
    inverse: Change | None = None
    undo_until: datetime | None = None
    authority: str = ""


def write_receipt(proposal: Proposal, applied: Applied, authority: str = "") -> Receipt:
    """The receipt of a booked proposal: the same one however often, and however late, it is written."""
    inverse = proposal.inverse or withdrawal_of(proposal.change, applied.references)
    if not proposal.undo_minutes:
        inverse = None
    return Receipt(
        proposal_id=proposal.id,
        customer_id=proposal.customer_id,
        kind=applied.kind,
        order_number=proposal.order_number,
        references=dict(applied.references),
        before=proposal.before,
        after=proposal.after,
        cost=proposal.cost,
        terms=proposal.terms,
        at=applied.at,
        version=applied.order.version if applied.order else proposal.expected_version + 1,
        label_url=label_url(applied.order, applied.references),
        inverse=inverse,
        undo_until=applied.at + timedelta(minutes=proposal.undo_minutes) if inverse else None,
        authority=authority,
    )


def label_url(order: Order | None, references: Mapping[str, str]) -> str:
    """Where the prepaid label of the RMA just opened is; empty when there is none."""
    rmas = order.rmas if order else ()
    found = [rma.label.url for rma in rmas if rma.label and rma.rma == references.get("rma")]
    return found[0] if found else ""


def receipt_to_json(receipt: Receipt) -> dict[str, Any]:
    """A receipt as JSON-ready plain values, for the store and the shopper."""
    return {
        "proposal_id": receipt.proposal_id,
        "customer_id": receipt.customer_id,
        "kind": receipt.kind.value,
        "order_number": receipt.order_number,
        "references": dict(receipt.references),
        "before": dict(receipt.before),
        "after": dict(receipt.after),
        "cost": receipt.cost.as_json() if receipt.cost else None,
        "terms": terms_to_json(receipt.terms),
        "at": receipt.at.isoformat(),
        "version": receipt.version,
        "label_url": receipt.label_url,
        "inverse": change_to_json(receipt.inverse) if receipt.inverse else None,
        "undo_until": receipt.undo_until.isoformat() if receipt.undo_until else None,
        "authority": receipt.authority,
    }


def receipt_from_json(values: Mapping[str, Any]) -> Receipt:
    """The receipt that ``receipt_to_json`` was given. KeyError or ValueError for anything else."""
    cost, number, until = values["cost"], values["order_number"], values["undo_until"]
    return Receipt(
        proposal_id=values["proposal_id"],
        customer_id=CustomerId(values["customer_id"]),
        kind=ChangeKind(values["kind"]),
        order_number=None if number is None else OrderNumber(number),
        references=values["references"],
        before=values["before"],
        after=values["after"],
        cost=None if cost is None else Money.of(cost["amount"], cost["currency"]),
        terms=terms_from_json(values["terms"]),
        at=datetime.fromisoformat(values["at"]),
        version=values["version"],
        label_url=values["label_url"],
        inverse=change_from_json(values["inverse"]) if values["inverse"] else None,
        undo_until=datetime.fromisoformat(until) if until else None,
        authority=values.get("authority", ""),
    )
