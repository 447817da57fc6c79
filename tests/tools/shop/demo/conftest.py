from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tools.shop.data import ShopData
from tools.shop.demo import demo_shop

NOW = datetime(2026, 11, 24, 18, 30, tzinfo=UTC)
"""A Tuesday, 12:30 in the shop."""


@pytest.fixture(scope="session")
def now() -> datetime:
    return NOW


@pytest.fixture(scope="session")
def shop() -> ShopData:
    return demo_shop(NOW)
