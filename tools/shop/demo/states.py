"""Which order shows what: tests and scenarios name a state, never a number."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from tools.shop.demo.order_sheet import read_orders
from tools.shop.models import OrderNumber


@cache
def demo_states() -> Mapping[str, tuple[OrderNumber, ...]]:
    """Every state and trait of the demo's orders, with the orders that show it, as ``orders.yaml`` lists them."""
    states: dict[str, tuple[OrderNumber, ...]] = {}
    for order in read_orders():
        for name in (order.state, *order.also):
            states[name] = (*states.get(name, ()), OrderNumber(order.number))
    return states


def orders_in_state(name: str) -> tuple[OrderNumber, ...]:
    """The orders in that state, at least one; ``KeyError`` when the demo has no such state."""
    return demo_states()[name]
