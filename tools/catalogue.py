"""Every tool a model is given."""

from __future__ import annotations

from langchain_core.tools import BaseTool

from tools import (
    cancel,
    claims,
    delivery,
    exchanges,
    identity,
    invoices,
    items,
    knowledge,
    orders,
    payment,
    person,
    profile,
    refunds,
    returns,
    tracking,
)

TOOLS: tuple[BaseTool, ...] = (
    identity.verify_order,
    identity.send_code,
    identity.check_code,
    orders.list_orders,
    orders.get_order,
    tracking.track_order,
    delivery.delivery_options,
    delivery.change_address,
    delivery.change_slot,
    delivery.change_pickup,
    delivery.hold_delivery,
    delivery.set_instructions,
    returns.return_options,
    returns.return_items,
    returns.cancel_return,
    exchanges.exchange_options,
    exchanges.exchange_items,
    items.product_stock,
    items.change_items,
    cancel.cancel_order,
    payment.change_payment,
    claims.report_problem,
    refunds.refund_status,
    invoices.get_invoice,
    profile.customer_profile,
    profile.change_profile_address,
    knowledge.search_knowledge,
    person.ask_for_person,
)


def all_tools() -> list[BaseTool]:
    """All of them, always in the same order, so that prompts stay the same byte for byte."""
    return list(TOOLS)
