from dataclasses import replace

import pytest
from sqlalchemy import select

from agent.casework.ports import ApiKey, KeyStore
from agent.store import tables
from agent.store.database import Database
from agent.store.keys import REMEMBERED_S, MemoryKeyStore, SqlKeyStore

WIDGET = ApiKey("shop", "pk", "widget", origins=("https://tienda.example", "https://loja.example"))
LEAD = ApiKey("shop", "dk", "Ana", "lead")


@pytest.fixture
def keys(adapter_database: Database | None) -> KeyStore:
    return MemoryKeyStore() if adapter_database is None else SqlKeyStore(adapter_database)


async def test_a_key_is_found_by_itself_only(keys: KeyStore) -> None:
    await keys.put("pk_1", WIDGET)
    await keys.put("dk_1", LEAD)
    assert await keys.find("pk_1") == await keys.find("pk_1") == WIDGET
    assert await keys.find("dk_1") == LEAD
    for stranger in ("pk_", "PK_1", "pk_1 ", "", "pk_1\0"):
        assert await keys.find(stranger) is None


async def test_a_key_put_again_changes(keys: KeyStore) -> None:
    await keys.put("pk_1", WIDGET)
    await keys.find("pk_1")
    await keys.put("pk_1", LEAD)
    assert await keys.find("pk_1") == LEAD


async def test_keys_are_listed_by_shop_and_taken_back_by_kind_and_name(keys: KeyStore) -> None:
    for key, held in (("pk_1", WIDGET), ("dk_1", LEAD), ("dk_2", LEAD), ("dk_3", replace(LEAD, shop_id="other"))):
        await keys.put(key, held)
    assert list(await keys.held("shop")) == [LEAD, LEAD, WIDGET]
    assert await keys.find("dk_1") == LEAD
    assert await keys.remove("shop", "dk", "Ana") == 2
    assert await keys.find("dk_1") is None
    assert await keys.find("dk_3") is not None
    assert list(await keys.held("shop")) == [WIDGET]
    assert await keys.remove("shop", "dk", "Ana") == 0


async def test_the_key_itself_is_not_stored(database: Database) -> None:
    await SqlKeyStore(database).put("pk_secret", WIDGET)
    row = await database.read(lambda connection: connection.execute(select(tables.api_keys)).one())
    assert "pk_secret" not in repr(row)


async def test_another_replica_sees_a_change_after_a_minute(database: Database) -> None:
    seconds = [0.0]
    here, there = SqlKeyStore(database, lambda: seconds[0]), SqlKeyStore(database)
    await there.put("pk_1", WIDGET)
    assert await here.find("pk_1") == WIDGET
    await there.put("pk_1", LEAD)
    assert await here.find("pk_1") == WIDGET
    seconds[0] = REMEMBERED_S
    assert await here.find("pk_1") == LEAD
