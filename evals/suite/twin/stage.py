"""Where worlds are set up: a shop loaded once, copied for every case."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Mapping
from contextlib import AsyncExitStack, closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from agent.app.demo import KEYS, SHOP_ID
from agent.app.storing import open_storing
from agent.settings import Settings
from evals.suite.casefile.fixture import Fixture
from evals.suite.private_words import PrivateWords
from evals.suite.shops import policy_of
from evals.suite.twin.front_door import FrontDoors
from evals.suite.twin.rows import Rows, read_rows
from evals.world import FRIDAY_AFTERNOON, Library, Selling
from tools.shop.data import ShopData
from tools.shop.demo import demo_shop
from tools.shop.sql import SqlShop, create_shop_engine, create_tables
from tools.shop.tau2 import import_tau2

FILES = ("shop.db", "postventa.db")


@dataclass(frozen=True, slots=True)
class Set:
    """A shop as it is before any case: its files in a folder, its rows, and whose each word is."""

    folder: Path
    data: ShopData
    rows: Rows
    words: PrivateWords
    selling: Selling | None

    def copy_to(self, folder: Path) -> None:
        """Files of its own for one world."""
        folder.mkdir(parents=True, exist_ok=True)
        for name in FILES:
            shutil.copyfile(self.folder / name, folder / name)


class Stage:
    """All sets of one process, each made when it is first asked for."""

    def __init__(self, library: Library, folder: Path) -> None:
        self.library = library
        self.folder = folder
        self.doors = FrontDoors()
        self._sets: dict[str, Set] = {}
        self._played = 0

    async def set_for(self, fixture: Fixture) -> Set:
        """The set a case plays on. Raises ``ImportRefused`` and ``OSError`` for a shop that cannot be imported."""
        path = "" if fixture.shop == "demo" else fixture.shop.tau2
        if path not in self._sets:
            self._sets[path] = await self._make(path, fixture)
        return self._sets[path]

    def next_folder(self) -> Path:
        """Where the next world lives."""
        self._played += 1
        return self.folder / f"world-{self._played}"

    async def _make(self, tau2: str, fixture: Fixture) -> Set:
        folder = self.folder / f"set-{len(self._sets)}"
        folder.mkdir(parents=True)
        if tau2:
            data = import_tau2(Path(tau2))
            selling: Selling | None = Selling(data.name or "the shop", policy_of(fixture), "en")
        else:
            data, selling = demo_shop(FRIDAY_AFTERNOON), None
        engine = create_shop_engine(f"sqlite:///{folder / 'shop.db'}")
        await create_tables(engine)
        await SqlShop(engine, SHOP_ID).load(data)
        await engine.dispose()
        async with AsyncExitStack() as stack:
            storing = await open_storing(settings_for(folder), stack)
            for key, holder in KEYS.items():
                await storing.keys.put(key, replace(holder, shop_id=SHOP_ID))
        for name in FILES:
            with closing(sqlite3.connect(folder / name)) as connection:
                connection.execute("pragma wal_checkpoint(truncate)")
        return Set(folder, data, read_rows(folder / "shop.db"), PrivateWords(data), selling)


def settings_for(folder: Path, **given: Any) -> Settings:
    """The settings of a service in that folder that asks nothing of the environment."""
    chosen: Mapping[str, Any] = {"database_url": "", "redis_url": "", "smtp_url": "", "model": "embedded", **given}
    return Settings(data_dir=folder, shop_id=SHOP_ID, **chosen)
