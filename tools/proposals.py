"""From a change to a proposal the shopper can read, and from the shopper's yes to one execution.

``propose`` looks everything up, asks policy and binds what it found; ``carry_out`` looks everything up again and
refuses what is no longer the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tools.policy.verdict import Clause
from tools.shop.changes import Change, Terms
from tools.shop.models import CustomerId, OrderNumber
from tools.shop.money import Money


@dataclass(frozen=True, slots=True)
class Proposal:
    """A change that policy allows, not yet done.

    ``digest`` binds change, terms, order version and policy version: a consent is to this and nothing else.
    ``before`` and ``after`` are JSON-ready and say only what differs. ``cost`` > 0 is paid by the shopper, < 0 comes
    back. ``undo_minutes`` is how long it may be undone once executed (0: not at all).
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
