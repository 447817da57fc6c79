"""An order system kept in SQL tables: SQLite for one shop on one machine, PostgreSQL for more."""

from tools.shop.sql.adapter import SqlShop
from tools.shop.sql.engine import ShopEngine, create_shop_engine, create_tables

__all__ = ["ShopEngine", "SqlShop", "create_shop_engine", "create_tables"]
