"""Tools about the shopper's own account."""

from __future__ import annotations

from langchain.tools import ToolRuntime
from langchain_core.tools import tool

from tools.arguments import NewAddress
from tools.effects import Effect, effect
from tools.gate import require_profile
from tools.offers import offer
from tools.rendering import render_address, render_method
from tools.scope import Scope
from tools.shop.changes import ChangeKind, ChangeProfileAddress
from tools.views import ProfileView, as_text


@effect(Effect.READ)
@tool(parse_docstring=True)
async def customer_profile(runtime: ToolRuntime[Scope]) -> str:
    """Show the shopper's name, default address and payment methods on file (masked)."""
    customer = await require_profile(runtime.context, 2)
    methods = [view for method in customer.payment_methods if (view := render_method(method))]
    profile = ProfileView(
        name=customer.name,
        language=customer.language,
        address=render_address(customer.address),
        payment_methods=methods,
    )
    return as_text(profile)


@effect(Effect.PROPOSE)
@tool(parse_docstring=True)
async def change_profile_address(address: NewAddress, runtime: ToolRuntime[Scope]) -> str:
    """Propose another default address for the account; orders keep theirs. Nothing changes until the shopper confirms.

    Args:
        address: the new address as the shopper gave it
    """
    scope = runtime.context
    customer = await require_profile(scope, scope.policy.level_for(ChangeKind.PROFILE_ADDRESS))
    return await offer(ChangeProfileAddress(address.over(customer.address)), scope)
