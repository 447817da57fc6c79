"""Loads a shop from files into the embedded order system, and writes it out again."""

from __future__ import annotations

from contextlib import AsyncExitStack
from pathlib import Path

from agent.app.reaching import reaching
from agent.errors import Misconfigured
from agent.settings import Settings
from tools.shop.csv_folder import import_csv
from tools.shop.sql import ShopEngine, SqlShop, create_shop_engine, create_tables
from tools.shop.tau2 import import_tau2, write_tau2

READERS = {"tau2": import_tau2, "csv": import_csv}


async def load_shop(settings: Settings, path: Path, form: str) -> int:
    """Replace the shop of the settings by that file's; the number of orders. Raises ``ImportRefused``."""
    if form not in READERS:
        raise Misconfigured(f"--format {form}: tau2 or csv is wanted")
    data = READERS[form](path)
    async with AsyncExitStack() as stack:
        engine = await open_shop_engine(settings, stack)
        await SqlShop(engine, settings.shop_id).load(data)
    return len(data.orders)


async def save_shop(settings: Settings, path: Path, form: str) -> int:
    """Write the shop of the settings; the number of orders."""
    if form != "tau2":
        raise Misconfigured(f"--format {form}: only tau2 can be written")
    async with AsyncExitStack() as stack:
        engine = await open_shop_engine(settings, stack)
        shop = await SqlShop.open(engine, settings.shop_id)
        if shop is None:
            raise Misconfigured(f"shop {settings.shop_id!r}: nothing imported yet")
        data = await shop.export_all()
    try:
        write_tau2(data, path)
    except OSError as failed:
        raise Misconfigured(f"{path}: cannot be written: {failed.strerror}") from failed
    return len(data.orders)


async def open_shop_engine(settings: Settings, stack: AsyncExitStack) -> ShopEngine:
    """The database of the embedded order system, with its tables, until the stack closes. Raises ``Misconfigured``."""
    make_data_dir(settings)
    with reaching("POSTVENTA_SHOP_DATABASE_URL" if settings.shop_database_url else "POSTVENTA_DATA_DIR"):
        engine = create_shop_engine(shop_url(settings))
        stack.push_async_callback(engine.dispose)
        await create_tables(engine)
    return engine


def make_data_dir(settings: Settings) -> None:
    """The folder in which this machine keeps what it keeps. Raises ``Misconfigured``."""
    with reaching("POSTVENTA_DATA_DIR"):
        settings.data_dir.mkdir(parents=True, exist_ok=True)


def shop_url(settings: Settings) -> str:
    """Where the embedded order system keeps its tables."""
    return settings.shop_database_url or f"sqlite:///{settings.data_dir / 'shop.db'}"
