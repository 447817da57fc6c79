"""A change that waits for the shopper's yes: what it is, what binds the yes to it, and how it is stored.

``tools.proposing.propose`` makes one; ``tools.execution.carry_out`` carries it out after the yes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tools.policy.verdict import Clause
from tools.shop.changes import Change, Terms
from tools.shop.models import CustomerId, OrderNumber
from tools.shop.money import Money
from tools.shop.wire import change_from_json, change_to_json, terms_from_json, terms_to_json


@dataclass(frozen=True, slots=True)
class Proposal:
    """A change that policy allows, or would allow with a person's word, not yet done.

    ``digest`` binds change, terms, order version and policy version: a consent is to this and nothing else.
    ``before`` and ``after`` are JSON-ready and say only what differs. ``cost`` > 0 is paid by the shopper, < 0 comes
    back. ``undo_minutes`` is how long it may be undone once executed (0: not at all);
    ``inverse`` is the change that does it, where it is known before execution (an RMA is withdrawn by its number).
    ``granted`` are the codes of what policy leaves to a person: after the shopper's yes one has to allow them.
    """

    id: str
    customer_id: CustomerId
    change: Change
    order_number: OrderNumber | None
    expected_version: int
    terms: Terms
    clause: Clause
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    cost: Money | None
    digest: str
    expires_at: datetime
    undo_minutes: int
    inverse: Change | None = None
    granted: tuple[str, ...] = ()

    @property
    def moves(self) -> Money | None:
        """The most that changes hands, whoever pays; none when no money does."""
        sums = [one for one in (self.terms.refund, self.terms.charge) if one]
        return max(sums, key=lambda one: abs(one.amount)) if sums else None


def cost_of(terms: Terms) -> Money | None:
    """What the shopper pays (> 0) or gets (< 0) in all; none when no money moves."""
    if terms.charge and terms.refund:
        return (terms.charge - terms.refund) or None
    return terms.charge or (-terms.refund if terms.refund else None)


def digest_of(change: Change, terms: Terms, version: int) -> str:
    """SHA-256 over the canonical JSON of all that a yes is a yes to; ``terms`` names the policy version."""
    bound = {"change": change_to_json(change), "terms": terms_to_json(terms), "version": version}
    canonical = json.dumps(bound, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def proposal_to_json(proposal: Proposal) -> dict[str, Any]:
    """A proposal as JSON-ready plain values, for the store."""
    return {
        "id": proposal.id,
        "customer_id": proposal.customer_id,
        "change": change_to_json(proposal.change),
        "order_number": proposal.order_number,
        "expected_version": proposal.expected_version,
        "terms": terms_to_json(proposal.terms),
        "clause": {"id": proposal.clause.id, "version": proposal.clause.version, "topic": proposal.clause.topic},
        "before": dict(proposal.before),
        "after": dict(proposal.after),
        "cost": proposal.cost.as_json() if proposal.cost else None,
        "digest": proposal.digest,
        "expires_at": proposal.expires_at.isoformat(),
        "undo_minutes": proposal.undo_minutes,
        "inverse": change_to_json(proposal.inverse) if proposal.inverse else None,
        "granted": list(proposal.granted),
    }


def proposal_from_json(values: Mapping[str, Any]) -> Proposal:
    """The proposal that ``proposal_to_json`` was given. KeyError or ValueError for anything else."""
    cost = values["cost"]
    number = values["order_number"]
    return Proposal(
        id=values["id"],
        customer_id=CustomerId(values["customer_id"]),
        change=change_from_json(values["change"]),
        order_number=None if number is None else OrderNumber(number),
        expected_version=values["expected_version"],
        terms=terms_from_json(values["terms"]),
        clause=Clause(**values["clause"]),
        before=values["before"],
        after=values["after"],
        cost=None if cost is None else Money.of(cost["amount"], cost["currency"]),
        digest=values["digest"],
        expires_at=datetime.fromisoformat(values["expires_at"]),
        undo_minutes=values["undo_minutes"],
        inverse=change_from_json(values["inverse"]) if values["inverse"] else None,
        granted=tuple(values.get("granted", ())),
    )
