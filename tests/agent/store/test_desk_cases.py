"""What an external desk acknowledged is known by its name there and by ours, and goes with its conversation."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from agent.casework.outbox.help_desk import DeskCase, DeskCases
from agent.casework.ports import Store
from agent.store.database import Database
from agent.store.desk_cases import MemoryDeskCases, SqlDeskCases

CASE = DeskCase("chatwoot", "17", "shop", "cnv_1", "hnd_1")


@pytest.fixture
def cases(adapter_database: Database | None) -> DeskCases:
    return MemoryDeskCases() if adapter_database is None else SqlDeskCases(adapter_database)


async def test_a_case_is_found_by_either_name(cases: DeskCases, now: datetime) -> None:
    await cases.keep(CASE, now)
    assert await cases.of_handoff("chatwoot", "hnd_1") == CASE
    assert await cases.of_case("chatwoot", "17") == CASE
    assert await cases.of_case("chatwoot", "18") is None
    assert await cases.of_case("another", "17") is None
    assert await cases.of_handoff("another", "hnd_1") is None


async def test_what_was_acknowledged_first_stays(cases: DeskCases, now: datetime) -> None:
    await cases.keep(CASE, now)
    await cases.keep(CASE, now)
    await cases.keep(replace(CASE, case_id="18"), now)
    await cases.keep(replace(CASE, handoff_id="hnd_2"), now)
    assert await cases.of_handoff("chatwoot", "hnd_1") == CASE
    assert await cases.of_handoff("chatwoot", "hnd_2") is None
    assert await cases.of_case("chatwoot", "18") is None


async def test_erasure_takes_it(database: Database, make: Any, now: datetime) -> None:
    from agent.store.sql_store import SqlStore

    store: Store = SqlStore(database)
    conversation = make.conversation()
    await store.open(conversation, "hash")
    cases = SqlDeskCases(database)
    await cases.keep(replace(CASE, conversation_id=conversation.id), now)
    assert await store.erase("shop", conversation.id)
    assert await cases.of_handoff("chatwoot", "hnd_1") is None
