"""Loads a shop from files into the embedded order system, and writes it out again."""

from __future__ import annotations

from contextlib import AsyncExitStack
from pathlib import Path

from agent.errors import Misconfigured
from agent.settings import Settings
from tools.shop.csv_folder import import_csv
from tools.shop.sql import SqlShop, create_shop_engine, create_tables
from tools.shop.tau2 import import_tau2, write_tau2

READERS = {"tau2": import_tau2, "csv": import_csv}


async def load_shop(settings: Settings, path: Path, form: str) -> int:
    """Replace the shop of the settings by that file's; the number of orders. Raises ``ImportRefused``."""
    if form not in READERS:
        raise Misconfigured(f"--format {form}: tau2 or csv")
    data = READERS[form](path)
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    async with AsyncExitStack() as stack:
        engine = create_shop_engine(shop_url(settings))
        stack.push_async_callback(engine.dispose)
        await create_tables(engine)
        await SqlShop(engine, settings.shop_id).load(data)
    return len(data.orders)


async def save_shop(settings: Settings, path: Path, form: str) -> int:
    """Write the shop of the settings; the number of orders."""
    if form != "tau2":
        raise Misconfigured(f"--format {form}: tau2")
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    async with AsyncExitStack() as stack:
        engine = create_shop_engine(shop_url(settings))
        stack.push_async_callback(engine.dispose)
        await create_tables(engine)
        shop = await SqlShop.open(engine, settings.shop_id)
        if shop is None:
            raise Misconfigured(f"shop {settings.shop_id!r}: nothing imported yet")
        data = await shop.export_all()
    write_tau2(data, path)
    return len(data.orders)


def shop_url(settings: Settings) -> str:
    """Where the embedded order system keeps its tables."""
    return settings.shop_database_url or f"sqlite:///{settings.data_dir / 'shop.db'}"
