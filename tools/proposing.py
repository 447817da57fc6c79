"""From a change to a proposal: look everything up, ask policy, bind what was found."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from tools.errors import AskAgain
from tools.gate import require_customer
from tools.grounds import Grounds, NotFound, judge, read_grounds
from tools.inverses import can_undo, inverse_of
from tools.policy.port import Policy
from tools.policy.verdict import Decision, Verdict
from tools.previews import preview
from tools.proposals import Proposal, cost_of, digest_of
from tools.scope import Scope
from tools.shop.changes import Change, ChangeProfileAddress

DEFAULT_MINUTES = 15


async def propose(change: Change, scope: Scope) -> Proposal | Verdict:
    """Bind the change to what is true now, or answer with the verdict that stands in its way.

    Nothing is written and nothing is added to the scope. Raises ``AskAgain`` (verify_first, unknown_order,
    unknown_slot, unknown_pickup_point, ...) and ``ShopUnavailable``.
    """
    customer_id = require_customer(scope, scope.policy.level_for(change.kind))
    try:
        grounds = await read_grounds(change, customer_id, scope.shop)
    except NotFound as missing:
        raise AskAgain("unknown_order") from missing
    if grounds.order and not scope.identity.may_read(grounds.order.number):
        raise AskAgain("unknown_order")
    level = scope.identity.level
    verdict = judge(change, grounds, shop=scope.shop, policy=scope.policy, identity=level, now=scope.now)
    if not verdict.allowed:
        return verdict
    return await _bind(change, grounds, verdict, scope)


async def propose_exception(change: Change, scope: Scope) -> Proposal | None:
    """The proposal that a person may allow, bound like any other; none when something stands in its way that nobody can.

    Its terms are those that are booked once it is allowed. Raises what ``propose`` raises.
    """
    customer_id = require_customer(scope, scope.policy.level_for(change.kind))
    try:
        grounds = await read_grounds(change, customer_id, scope.shop)
    except NotFound as missing:
        raise AskAgain("unknown_order") from missing
    granted: list[str] = []
    while True:
        verdict = judge(
            change,
            grounds,
            shop=scope.shop,
            policy=scope.policy,
            identity=scope.identity.level,
            now=scope.now,
            granted=frozenset(granted),
        )
        if verdict.decision is Decision.NEEDS_PERSON and verdict.code not in granted:
            granted.append(verdict.code)
            continue
        return (
            replace(await _bind(change, grounds, verdict, scope), granted=tuple(granted)) if verdict.allowed else None
        )


async def _bind(change: Change, grounds: Grounds, verdict: Verdict, scope: Scope) -> Proposal:
    before, after = await preview(
        change, grounds, verdict.terms, shop=scope.shop, zone=scope.policy.zone, now=scope.now
    )
    number = None if isinstance(change, ChangeProfileAddress) else change.number
    return Proposal(
        id=scope.new_id("act"),
        customer_id=grounds.customer.id,
        change=change,
        order_number=number,
        expected_version=grounds.version,
        terms=verdict.terms,
        clause=verdict.clause,
        before=before,
        after=after,
        cost=cost_of(verdict.terms),
        digest=digest_of(change, verdict.terms, grounds.version),
        expires_at=scope.now + timedelta(minutes=_minutes(scope.policy, scope.now)),
        undo_minutes=verdict.undo_minutes if can_undo(change, verdict.terms) else 0,
        inverse=inverse_of(change, grounds),
    )


def _minutes(policy: Policy, now: datetime) -> int:
    try:
        return int(str(policy.figure("proposal_minutes", at=now)))
    except KeyError:
        return DEFAULT_MINUTES
