"""Taking back what was just done, for as long as the receipt says."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from tools.execution import Write, book, find_booked, require_owner, reread
from tools.grounds import judge
from tools.policy.port import Policy
from tools.receipts import Receipt
from tools.refusals import Denied, NotUndoable
from tools.retrying import Retry
from tools.scope import Identity
from tools.shop.changes import Applied, Change, Terms
from tools.shop.port import Shop


async def undo(
    receipt: Receipt, *, shop: Shop, policy: Policy, identity: Identity, now: datetime, retry: Retry
) -> Receipt:
    """Carry out the inverse of an executed change; again, it answers the same receipt and does nothing.

    Only what moved no money has an inverse, and undoing moves none; ``cost`` is what is no longer promised. Raises
    ``NotUndoable`` (no_inverse, too_late, changed_since), any other ``Refusal`` when it was not undone,
    ``Unresolved`` when that cannot be known.
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
    terms = Terms(policy=verdict.terms.policy)
    write = Write(receipt.customer_id, receipt.inverse, terms, key, grounds.version)
    return _receipt(receipt, receipt.inverse, await book(write, shop=shop, now=now, retry=retry))


def _receipt(receipt: Receipt, inverse: Change, applied: Applied) -> Receipt:
    return replace(
        receipt,
        proposal_id=applied.key,
        kind=inverse.kind,
        references=dict(applied.references),
        before=receipt.after,
        after=receipt.before,
        cost=-receipt.cost if receipt.cost else None,
        terms=Terms(policy=receipt.terms.policy),
        at=applied.at,
        version=applied.order.version if applied.order else receipt.version + 1,
        label_url="",
        inverse=None,
        undo_until=None,
    )
