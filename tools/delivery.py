"""Tools about how an order is brought: what is on offer, and proposals to change it."""

from __future__ import annotations

from datetime import date

from langchain.tools import ToolRuntime
from langchain_core.tools import tool

from tools.arguments import NewAddress, tidy
from tools.effects import Effect, effect
from tools.errors import AskAgain
from tools.gate import require_order, require_profile
from tools.grounds import Grounds
from tools.offers import offer
from tools.openings import open_kinds
from tools.rendering import render_delivery, render_pickup_point, render_slot
from tools.scope import Scope
from tools.shop.changes import ChangeAddress, ChangeKind, ChangePickup, ChangeSlot, HoldDelivery, SetInstructions
from tools.views import as_text

INSTRUCTIONS_CHARS = 250
DELIVERY_KINDS = (ChangeKind.ADDRESS, ChangeKind.SLOT, ChangeKind.PICKUP, ChangeKind.HOLD, ChangeKind.INSTRUCTIONS)


@effect(Effect.READ)
@tool(parse_docstring=True)
async def delivery_options(number: str, runtime: ToolRuntime[Scope]) -> str:
    """Show delivery windows, pickup points and longest hold for an order, and which delivery changes are open to it.

    allowed: open now. not_offered: never done by this shop, whatever the order; say so rather than "no longer".

    Args:
        number: order number
    """
    scope = runtime.context
    zone = scope.policy.zone
    order = await require_order(scope, number)
    customer = await require_profile(scope, 1)
    allowed = open_kinds(Grounds(customer, order, {}), scope)
    slots = await scope.shop.slots_for(order, scope.now) if ChangeKind.SLOT in allowed else ()
    points = await scope.shop.pickup_points_for(order) if ChangeKind.PICKUP in allowed else ()
    view = {
        "number": order.number,
        "chosen": render_delivery(order.delivery, zone),
        "allowed": [kind.value for kind in DELIVERY_KINDS if kind in allowed],
        "not_offered": [kind.value for kind in DELIVERY_KINDS if kind not in scope.shop.capabilities],
        "slots": [render_slot(slot, zone) for slot in slots],
        "pickup_points": [render_pickup_point(point) for point in points],
        "hold_max_days": _hold_max_days(scope, order.country) if ChangeKind.HOLD in allowed else None,
    }
    return as_text(view)


@effect(Effect.PROPOSE)
@tool(parse_docstring=True)
async def change_address(number: str, address: NewAddress, runtime: ToolRuntime[Scope]) -> str:
    """Propose another delivery address for an order. Nothing changes until the shopper confirms.

    Args:
        number: order number
        address: the new address as the shopper gave it
    """
    scope = runtime.context
    order = await require_order(scope, number, scope.policy.level_for(ChangeKind.ADDRESS))
    return await offer(ChangeAddress(order.number, address.over(order.address)), scope)


@effect(Effect.PROPOSE)
@tool(parse_docstring=True)
async def change_slot(number: str, slot_id: str, runtime: ToolRuntime[Scope]) -> str:
    """Propose a delivery window for an order. Nothing changes until the shopper confirms.

    Args:
        number: order number
        slot_id: slot_id from delivery_options; empty takes the chosen window off
    """
    scope = runtime.context
    order = await require_order(scope, number, scope.policy.level_for(ChangeKind.SLOT))
    return await offer(ChangeSlot(order.number, slot_id.strip() or None), scope)


@effect(Effect.PROPOSE)
@tool(parse_docstring=True)
async def change_pickup(number: str, pickup_point_id: str, runtime: ToolRuntime[Scope]) -> str:
    """Propose a pickup point for an order. Nothing changes until the shopper confirms.

    Args:
        number: order number
        pickup_point_id: pickup_point_id from delivery_options; empty brings it home again
    """
    scope = runtime.context
    order = await require_order(scope, number, scope.policy.level_for(ChangeKind.PICKUP))
    return await offer(ChangePickup(order.number, pickup_point_id.strip() or None), scope)


@effect(Effect.PROPOSE)
@tool(parse_docstring=True)
async def hold_delivery(number: str, until: str, runtime: ToolRuntime[Scope]) -> str:
    """Propose to keep an order back until a day. Nothing changes until the shopper confirms.

    Args:
        number: order number
        until: day as YYYY-MM-DD; empty lets it go
    """
    scope = runtime.context
    order = await require_order(scope, number, scope.policy.level_for(ChangeKind.HOLD))
    return await offer(HoldDelivery(order.number, _day(until)), scope)


@effect(Effect.PROPOSE)
@tool(parse_docstring=True)
async def set_instructions(number: str, text: str, runtime: ToolRuntime[Scope]) -> str:
    """Propose a note to the carrier for an order. Nothing changes until the shopper confirms.

    Args:
        number: order number
        text: the note in the shopper's words, at most 250 characters
    """
    scope = runtime.context
    order = await require_order(scope, number, scope.policy.level_for(ChangeKind.INSTRUCTIONS))
    return await offer(SetInstructions(order.number, tidy(text, "text", INSTRUCTIONS_CHARS)), scope)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip()) if text.strip() else None
    except ValueError as unreadable:
        raise AskAgain("bad_date", expected="YYYY-MM-DD") from unreadable


def _hold_max_days(scope: Scope, country: str) -> int | None:
    try:
        return int(str(scope.policy.figure("hold_max_days", country=country)))
    except KeyError:
        return None
