"""Taking back what was just done, for as long as the receipt says."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from tools.execution import Write, book, find_booked, require_owner, reread
from tools.grounds import judge
from tools.policy.port import Policy
from tools.proposals import cost_of
from tools.receipts import Receipt
from tools.refusals import Denied, NotUndoable
from tools.retrying import Retry
from tools.scope import Identity
from tools.shop.changes import Applied, Change, ChangeKind, Terms
from tools.shop.money import Money
from tools.shop.port import Shop

PROMISES = frozenset({ChangeKind.RETURN, ChangeKind.EXCHANGE})
"""Kinds whose money only moves once the goods are back: withdrawing them moves none."""


async def undo(
    receipt: Receipt, *, shop: Shop, policy: Policy, identity: Identity, now: datetime, retry: Retry
) -> Receipt:
    """Carry out the inverse of an executed change; again, it answers the same receipt and does nothing.

    Money that moved moves back, neither more nor less. Raises ``NotUndoable`` (no_inverse, too_late, changed_since,
    cost_differs), any other ``Refusal`` when it was not undone, ``Unresolved`` when that cannot be known.
    """
    require_owner(receipt.customer_id, identity)
    if receipt.inverse is None or receipt.undo_until is None:
        raise NotUndoable("no_inverse")
    key = f"{receipt.proposal_id}:undo"
    done = await find_booked(receipt.customer_id, key, shop, retry)
    if done is not None:
        return _receipt(receipt, receipt.inverse, done)
    if now > receipt.undo_until:
        raise NotUndoable("too_late")
    grounds = await reread(receipt.inverse, receipt.customer_id, shop, retry)
    if grounds.version != receipt.version:
        raise NotUndoable("changed_since")
    verdict = judge(receipt.inverse, grounds, shop=shop, policy=policy, identity=identity.level, now=now)
    if not verdict.allowed:
        raise Denied(verdict)
    if receipt.kind not in PROMISES and cost_of(verdict.terms) != _reversed(receipt.cost):
        raise NotUndoable("cost_differs")
    write = Write(receipt.customer_id, receipt.inverse, verdict.terms, key, grounds.version)
    return _receipt(receipt, receipt.inverse, await book(write, shop=shop, now=now, retry=retry))


def _reversed(cost: Money | None) -> Money | None:
    return -cost if cost else None


def _receipt(receipt: Receipt, inverse: Change, applied: Applied) -> Receipt:
    return replace(
        receipt,
        proposal_id=applied.key,
        kind=inverse.kind,
        references=dict(applied.references),
        before=receipt.after,
        after=receipt.before,
        cost=_reversed(receipt.cost),
        terms=Terms(policy=receipt.terms.policy),
        at=applied.at,
        version=applied.order.version if applied.order else receipt.version + 1,
        label_url="",
        inverse=None,
        undo_until=None,
    )
