"""Who may ask for what: every tool that touches a customer's things enters here."""

from __future__ import annotations

from tools.errors import AskAgain
from tools.policy.port import Policy
from tools.scope import Identity, Scope
from tools.shop.models import Customer, CustomerId, Order


def require_customer(scope: Scope, level: int) -> CustomerId:
    """The verified customer. Raises ``AskAgain("verify_first")`` below that level, with what would reach it."""
    if scope.identity.customer_id is None or scope.identity.level < level:
        raise verify_first(scope.policy, scope.identity, level)
    return scope.identity.customer_id


async def require_profile(scope: Scope, level: int) -> Customer:
    """The verified customer with profile. Raises ``AskAgain("verify_first")``, ``AskAgain("unknown_customer")``."""
    customer = await scope.shop.customer(require_customer(scope, level))
    if customer is None:
        raise AskAgain("unknown_customer")
    return customer


async def require_order(scope: Scope, number: str, level: int = 1) -> Order:
    """The verified customer's own order.

    Raises ``AskAgain("verify_first")`` when the shopper has not shown enough for this order, and
    ``AskAgain("unknown_order")`` for one that is not there or not theirs: the two cannot be told apart.
    """
    customer_id = require_customer(scope, level)
    order = await scope.shop.order_of(customer_id, number)
    if order is not None and scope.identity.may_read(order.number):
        return order
    if scope.identity.level < 2:
        raise verify_first(scope.policy, Identity(), 1)
    raise AskAgain("unknown_order", number=number)


def verify_first(policy: Policy, identity: Identity, level: int) -> AskAgain:
    """The refusal that names what to ask for: fields for ``verify_order``, or ``code`` once the customer is known."""
    proofs = [sorted(rule.fields) for rule in policy.proofs if rule.level >= level]
    needs = [["code"], *proofs] if identity.customer_id is not None else proofs
    fallback = [sorted(rule.fields) for rule in policy.proofs]
    return AskAgain("verify_first", level=level, needs=needs or fallback)
