import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from agent.casework.credentials import Credential, CredentialStore, SignedIn, SignInLink
from agent.store import tables
from agent.store.credentials import MemoryCredentialStore, SqlCredentialStore
from agent.store.database import Database
from tests.agent.store.conftest import NOW

ALMA = Credential("shop", "Alma Ñandú", "a hash")
LINK = SignInLink("f00d", "shop", "Alma Ñandú", NOW + timedelta(minutes=15))
SESSION = SignedIn("f00d", "shop", "Alma Ñandú", NOW + timedelta(hours=10))


@pytest.fixture
def credentials(adapter_database: Database | None) -> CredentialStore:
    return MemoryCredentialStore() if adapter_database is None else SqlCredentialStore(adapter_database)


async def test_a_person_is_found_however_the_name_is_capitalised(credentials: CredentialStore) -> None:
    await credentials.put(ALMA)
    assert await credentials.find("shop", "ALMA ÑANDÚ") == ALMA
    assert await credentials.find("shop", "alma") is None
    assert await credentials.find("other", "Alma Ñandú") is None


async def test_a_session_is_found_until_it_ends(credentials: CredentialStore) -> None:
    await credentials.sign_in(SESSION, NOW)
    assert await credentials.signed_in("f00d", NOW) == SESSION
    assert await credentials.signed_in("f00d", SESSION.until) is None
    assert await credentials.signed_in("beef", NOW) is None


async def test_signing_out_ends_one_session(credentials: CredentialStore) -> None:
    other = replace(SESSION, token_hash="beef")
    await credentials.sign_in(SESSION, NOW)
    await credentials.sign_in(other, NOW)
    await credentials.sign_out("f00d")
    assert await credentials.signed_in("f00d", NOW) is None
    assert await credentials.signed_in("beef", NOW) == other


async def test_another_password_ends_all_sessions_of_that_person(credentials: CredentialStore) -> None:
    bruno = replace(SESSION, token_hash="beef", name="Bruno")
    await credentials.put(ALMA)
    await credentials.sign_in(SESSION, NOW)
    await credentials.sign_in(bruno, NOW)
    await credentials.put(replace(ALMA, digest="another hash"))
    assert await credentials.signed_in("f00d", NOW) is None
    assert await credentials.signed_in("beef", NOW) == bruno
    found = await credentials.find("shop", ALMA.name)
    assert found is not None
    assert found.digest == "another hash"


async def test_whoever_is_removed_is_out_at_once(credentials: CredentialStore) -> None:
    await credentials.put(ALMA)
    await credentials.sign_in(SESSION, NOW)
    assert await credentials.remove("shop", "alma ñandú")
    assert not await credentials.remove("shop", "alma ñandú")
    assert await credentials.find("shop", ALMA.name) is None
    assert await credentials.signed_in("f00d", NOW) is None


async def test_sessions_that_ran_out_are_deleted(database: Database) -> None:
    credentials = SqlCredentialStore(database)
    await credentials.sign_in(SESSION, NOW)
    await credentials.sign_in(replace(SESSION, token_hash="beef"), SESSION.until)
    rows = await database.read(lambda connection: connection.execute(select(tables.desk_sessions.c.token_hash)).all())
    assert [row[0] for row in rows] == ["beef"]


async def test_a_person_is_found_by_the_address_of_their_links(credentials: CredentialStore) -> None:
    await credentials.put(ALMA)
    await credentials.put(Credential("shop", "Bruno", "", "bruno@shop.example"))
    found = await credentials.find_by_email("shop", "Bruno@Shop.example")
    assert found == Credential("shop", "Bruno", "", "bruno@shop.example")
    assert await credentials.find_by_email("other", "bruno@shop.example") is None
    assert await credentials.find_by_email("shop", "") is None, "whoever has no address is nobody's to find"


async def test_a_link_lets_in_once_and_until_its_time(credentials: CredentialStore) -> None:
    await credentials.offer(LINK, NOW)
    assert await credentials.redeem("beef", NOW) is None
    assert await credentials.redeem("f00d", LINK.until) is None
    assert await credentials.redeem("f00d", NOW) == LINK
    assert await credentials.redeem("f00d", NOW) is None


async def test_of_many_who_redeem_a_link_at_once_one_is_let_in(credentials: CredentialStore) -> None:
    await credentials.offer(LINK, NOW)
    got = await asyncio.gather(*(credentials.redeem("f00d", NOW) for _ in range(8)))
    assert sorted(one is not None for one in got) == [False] * 7 + [True]


async def test_a_person_has_one_link_at_a_time_and_none_after_a_change(credentials: CredentialStore) -> None:
    bruno = replace(LINK, token_hash="b", name="Bruno")
    await credentials.offer(bruno, NOW)
    await credentials.offer(LINK, NOW)
    await credentials.offer(replace(LINK, token_hash="f00e"), NOW)
    assert await credentials.redeem("f00d", NOW) is None
    await credentials.put(ALMA)
    assert await credentials.redeem("f00e", NOW) is None
    await credentials.remove("shop", "Bruno")
    assert await credentials.redeem("b", NOW) is None
