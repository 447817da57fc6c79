"""From the shopper's yes to one execution: everything is looked up again, and what is no longer the same is refused."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from tools.grounds import Grounds, NotFound, judge, read_grounds
from tools.policy.port import Policy
from tools.proposals import Proposal, digest_of
from tools.receipts import Receipt, write_receipt
from tools.refusals import Denied, Expired, NotReached, NotTheirs, ShopRefused, Stale, Unresolved
from tools.retrying import Retry
from tools.scope import Identity
from tools.shop.changes import Applied, Change, Terms
from tools.shop.errors import Refused, ShopUnavailable, StaleVersion
from tools.shop.models import CustomerId
from tools.shop.port import Shop


@dataclass(frozen=True, slots=True)
class Write:
    """One write as it is sent to the shop: what, on which figures, under which key, decided on which version."""

    customer_id: CustomerId
    change: Change
    terms: Terms
    key: str
    version: int


async def carry_out(
    proposal: Proposal,
    *,
    shop: Shop,
    policy: Policy,
    identity: Identity,
    now: datetime,
    retry: Retry,
    authority: str = "",
) -> Receipt:
    """Do what was proposed, once; the same proposal again answers the same receipt and does nothing.

    ``authority`` names the person who allows what policy leaves to one: the shopper's yes came in time and waited for
    it, so that the proposal's own time is no longer looked at. Everything else is. Raises a ``Refusal`` when it was not done and nothing changed, ``Unresolved`` when that cannot be known.
    """
    require_owner(proposal.customer_id, identity)
    done = await find_booked(proposal.customer_id, proposal.id, shop, retry)
    if done is not None and done.kind is proposal.change.kind:
        return write_receipt(proposal, done, authority)
    if now > proposal.expires_at and not authority:
        raise Expired("expired")
    grounds = await reread(proposal.change, proposal.customer_id, shop, retry)
    if grounds.version != proposal.expected_version:
        raise Stale("version")
    granted = frozenset(proposal.granted) if authority else frozenset[str]()
    verdict = judge(
        proposal.change, grounds, shop=shop, policy=policy, identity=identity.level, now=now, granted=granted
    )
    if not verdict.allowed:
        raise Denied(verdict)
    terms = replace(verdict.terms, ship_by=proposal.terms.ship_by)
    for bound in (proposal.terms, terms):
        if digest_of(proposal.change, bound, grounds.version) != proposal.digest:
            raise Stale("terms")
    write = Write(proposal.customer_id, proposal.change, terms, proposal.id, grounds.version)
    return write_receipt(proposal, await book(write, shop=shop, now=now, retry=retry), authority)


async def book(write: Write, *, shop: Shop, now: datetime, retry: Retry) -> Applied:
    """Send a write until it is known to be booked: after every lost answer the shop is asked under the same key.

    Raises ``Stale``, ``ShopRefused``, ``NotReached`` (nothing is booked) or ``Unresolved``.
    """

    async def send() -> Applied:
        return await shop.apply(
            write.customer_id,
            write.change,
            write.terms,
            key=write.key,
            expected_version=write.version,
            now=now,
        )

    async def send_or_find() -> Applied:
        try:
            return await retry.once(send)
        except ShopUnavailable:
            found = await retry.once(lambda: shop.applied(write.customer_id, write.key))
            if found is None:
                raise
            return found

    try:
        return await retry.tries()(send_or_find)
    except StaleVersion as moved:
        raise Stale("version") from moved
    except Refused as refused:
        raise ShopRefused(refused.code) from refused
    except ShopUnavailable as silent:
        return await _settle(write, shop, retry, silent)


async def find_booked(customer_id: CustomerId, key: str, shop: Shop, retry: Retry) -> Applied | None:
    """What is booked under that key already. Raises ``Unresolved``: an earlier try may have gone through."""
    try:
        return await retry.ask(lambda: shop.applied(customer_id, key))
    except ShopUnavailable as silent:
        raise Unresolved(key) from silent


async def reread(change: Change, customer_id: CustomerId, shop: Shop, retry: Retry) -> Grounds:
    """The grounds as they are now. Raises ``Stale("gone")``, ``NotReached``."""
    try:
        return await retry.ask(lambda: read_grounds(change, customer_id, shop))
    except NotFound as gone:
        raise Stale("gone") from gone
    except ShopUnavailable as silent:
        raise NotReached("shop_unavailable") from silent


def require_owner(customer_id: CustomerId, identity: Identity) -> None:
    """Raises ``NotTheirs`` for anybody but that customer; how well verified they must be, policy judges."""
    if identity.customer_id != customer_id:
        raise NotTheirs("identity")


async def _settle(write: Write, shop: Shop, retry: Retry, silent: ShopUnavailable) -> Applied:
    found = await find_booked(write.customer_id, write.key, shop, retry)
    if found is None:
        raise NotReached("shop_unavailable") from silent
    return found
