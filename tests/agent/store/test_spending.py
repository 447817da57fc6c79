"""What models cost is booked with the turn and read back by every replica, on both databases and in memory."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from agent.casework.ports import Claim, LeaseLost
from agent.casework.spending import Spent, in_digits
from agent.store.database import Database, open_database
from agent.store.kpis import SqlKpis
from agent.store.spending import SqlSpendingBook
from agent.store.sql_store import SqlStore

TODAY = date(2026, 3, 1)
MINI = Spent(TODAY, "openai:gpt-4.1-mini", 1000, 600, 50, Decimal("0.000301"))
NANO = replace(MINI, model="openai:gpt-4.1-nano", cost=Decimal("0.00000125"))


async def turn(store: Any, make: Any, *spent: Spent, shop: str = "shop", conversation: Any = None) -> str:
    """An answered turn that spent this, in a conversation of its own unless one is given."""
    if conversation is None:
        conversation = make.conversation(shop)
        await store.open(conversation, "hash")
    accepted = make.turn(conversation.id)
    claim = await store.accept(accepted, make.message(accepted), owner="o", now=make.now, lease_s=20)
    assert isinstance(claim, Claim)
    cost = sum((one.cost for one in spent), Decimal(0))
    outcome = replace(make.outcome(claim), spent=spent, usage={"model": "x", "cost": in_digits(cost)})
    await store.finish(claim, outcome, now=make.now)
    return str(conversation.id)


@pytest.fixture
def book(store: Any, adapter_database: Database | None) -> Any:
    return store if adapter_database is None else SqlSpendingBook(adapter_database)


async def test_a_conversation_and_a_day_are_summed_exactly(store: Any, book: Any, make: Any) -> None:
    first = await turn(store, make, MINI, NANO)
    await turn(store, make, MINI)
    await turn(store, make, replace(MINI, day=TODAY - timedelta(days=1)))
    await turn(store, make, MINI, shop="other")
    assert await book.spent("shop", first, TODAY) == (Decimal("0.00030225"), Decimal("0.00060325"))
    assert await book.spent("shop", first, TODAY - timedelta(days=1)) == (Decimal("0.00030225"), Decimal("0.000301"))
    assert await book.spent("other", first, TODAY) == (Decimal(0), Decimal("0.000301"))
    assert await book.spent("nobody", "cnv_0", TODAY) == (Decimal(0), Decimal(0))


async def test_a_turn_that_lost_its_lease_books_nothing(store: Any, book: Any, make: Any) -> None:
    conversation = make.conversation("shop")
    await store.open(conversation, "hash")
    accepted = make.turn(conversation.id)
    claim = await store.accept(accepted, make.message(accepted), owner="o", now=make.now, lease_s=1)
    later = make.now + timedelta(seconds=2)
    assert await store.claim("shop", conversation.id, owner="p", now=later, lease_s=20)
    with pytest.raises(LeaseLost):
        await store.finish(claim, replace(make.outcome(claim), spent=(MINI,)), now=later)
    assert (await book.spent("shop", conversation.id, TODAY))[1] == 0


async def test_replicas_that_book_at_once_lose_nothing(database_url: str, database: Database, make: Any) -> None:
    replicas = [open_database(database_url) for _ in range(3)]
    stores = [SqlStore(one) for one in replicas]
    await asyncio.gather(*(turn(stores[n % 3], make, MINI, NANO) for n in range(24)))
    books = [await SqlSpendingBook(one).spent("shop", "-", TODAY) for one in replicas]
    for one in replicas:
        await one.dispose()
    assert books == [(Decimal(0), 24 * Decimal("0.00030225"))] * 3


async def test_figures_name_each_model_of_the_days_touched(database: Database, make: Any) -> None:
    store = SqlStore(database)
    await turn(store, make, MINI, NANO)
    await turn(store, make, MINI)
    figures = await SqlKpis(database).between("shop", make.now, make.now + timedelta(hours=1))
    assert figures["models"] == {
        "openai:gpt-4.1-mini": {"turns": 2, "input_tokens": 2000, "cached_tokens": 1200, "output_tokens": 100, "cost": "0.000602"},
        "openai:gpt-4.1-nano": {"turns": 1, "input_tokens": 1000, "cached_tokens": 600, "output_tokens": 50, "cost": "0.00000125"},
    }  # fmt: skip
    before = await SqlKpis(database).between("shop", make.now - timedelta(days=9), make.now - timedelta(days=2))
    assert before["models"] == {}
