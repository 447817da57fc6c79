"""The demo shop: Tienda Andén, an invented shop in six countries, built from the YAML files beside this one."""

from tools.shop.demo.build import demo_customers, demo_edition, demo_shop
from tools.shop.demo.states import demo_states, orders_in_state

__all__ = ["demo_customers", "demo_edition", "demo_shop", "demo_states", "orders_in_state"]
