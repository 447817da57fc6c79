"""Order events are kept once."""

from __future__ import annotations

from datetime import datetime

import pytest

from agent.casework.order_events import OrderEvents
from agent.store.database import Database
from agent.store.order_events import MemoryOrderEvents, SqlOrderEvents


@pytest.fixture
def events(adapter_database: Database | None) -> OrderEvents:
    return MemoryOrderEvents() if adapter_database is None else SqlOrderEvents(adapter_database)


async def test_an_event_delivered_twice_is_kept_once(events: OrderEvents, now: datetime) -> None:
    assert await events.keep("shop", "evt_1", {"type": "order.shipped", "note": "año \0"}, now)
    assert not await events.keep("shop", "evt_1", {"type": "order.cancelled"}, now)


async def test_ids_are_each_shops_own(events: OrderEvents, now: datetime) -> None:
    assert await events.keep("shop", "evt_1", {}, now)
    assert await events.keep("another", "evt_1", {}, now)
    assert await events.keep("shop", "evt_2", {}, now)
