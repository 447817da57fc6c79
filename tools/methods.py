"""The other payment methods of a customer, when the one that was meant cannot pay."""

from __future__ import annotations

from dataclasses import replace

from tools.gate import require_customer
from tools.grounds import judge, read_grounds
from tools.rendering import render_method
from tools.scope import Scope
from tools.shop.changes import Change, ChangeItems, ChangePayment, ExchangeItems
from tools.views import MethodView

TOO_LITTLE = "insufficient_balance"


async def methods_instead(change: Change, scope: Scope) -> list[MethodView]:
    """Those on file with which the same change would be allowed now; none for a change that nothing is paid for.

    Raises what ``read_grounds`` raises.
    """
    if not isinstance(change, ChangeItems | ExchangeItems | ChangePayment):
        return []
    customer_id = require_customer(scope, scope.policy.level_for(change.kind))
    grounds = await read_grounds(change, customer_id, scope.shop)
    found = []
    for method in grounds.customer.payment_methods:
        verdict = judge(
            replace(change, method_id=method.id),
            grounds,
            shop=scope.shop,
            policy=scope.policy,
            identity=scope.identity.level,
            now=scope.now,
        )
        if verdict.allowed and (view := render_method(method)):
            found.append(view)
    return found
