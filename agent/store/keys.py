"""API keys: kept as SHA-256, found by the key itself."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from hashlib import sha256

from sqlalchemy import bindparam, delete, select

from agent.casework.ports import ApiKey
from agent.store import tables
from agent.store.database import Database
from agent.store.upsert import insert_into

REMEMBERED_S = 60.0

_keys = tables.api_keys
_FIND = select(_keys.c.shop_id, _keys.c.kind, _keys.c.name, _keys.c.role, _keys.c.origins).where(
    _keys.c.key_hash == bindparam("hash")
)
_HELD = (
    select(_keys.c.shop_id, _keys.c.kind, _keys.c.name, _keys.c.role, _keys.c.origins)
    .where(_keys.c.shop_id == bindparam("shop"))
    .order_by(_keys.c.kind, _keys.c.name)
)


class SqlKeyStore:
    """``casework.ports.KeyStore`` in the database. A key found is remembered for a minute."""

    def __init__(self, database: Database, clock: Callable[[], float] = time.monotonic) -> None:
        self._database = database
        self._clock = clock
        self._remembered: dict[str, tuple[float, ApiKey]] = {}

    async def find(self, key: str) -> ApiKey | None:
        """See the port."""
        hashed = _hash(key)
        until, remembered = self._remembered.get(hashed, (0.0, None))
        if remembered is not None and self._clock() < until:
            return remembered
        self._remembered.pop(hashed, None)
        row = await self._database.peek(lambda connection: connection.execute(_FIND, {"hash": hashed}).first())
        if row is None:
            return None
        shop_id, kind, name, role, origins = row
        found = ApiKey(shop_id, kind, name, role, tuple(origins))
        self._remembered[hashed] = (self._clock() + REMEMBERED_S, found)
        return found

    async def put(self, key: str, api_key: ApiKey) -> None:
        """See the port."""
        hashed = _hash(key)
        content = {
            "shop_id": api_key.shop_id,
            "kind": api_key.kind,
            "name": api_key.name,
            "role": api_key.role,
            "origins": api_key.origins,
        }
        await self._database.write(
            lambda connection: connection.execute(
                insert_into(connection, _keys)
                .values(key_hash=hashed, **content)
                .on_conflict_do_update(index_elements=[_keys.c.key_hash], set_=content)
            )
        )
        self._remembered.pop(hashed, None)

    async def held(self, shop_id: str) -> Sequence[ApiKey]:
        """See the port."""
        rows = await self._database.peek(lambda connection: connection.execute(_HELD, {"shop": shop_id}).all())
        return [ApiKey(found, kind, name, role, tuple(origins)) for found, kind, name, role, origins in rows]

    async def remove(self, shop_id: str, kind: str, name: str) -> int:
        """See the port."""
        self._remembered.clear()
        given = (_keys.c.shop_id == shop_id, _keys.c.kind == kind, _keys.c.name == name)
        gone = await self._database.write(
            lambda connection: connection.execute(delete(_keys).where(*given).returning(_keys.c.key_hash)).all()
        )
        return len(gone)


class MemoryKeyStore:
    """``casework.ports.KeyStore`` in this process."""

    def __init__(self) -> None:
        self._keys: dict[str, ApiKey] = {}

    async def find(self, key: str) -> ApiKey | None:
        """See the port."""
        return self._keys.get(_hash(key))

    async def put(self, key: str, api_key: ApiKey) -> None:
        """See the port."""
        self._keys[_hash(key)] = api_key

    async def held(self, shop_id: str) -> Sequence[ApiKey]:
        """See the port."""
        found = (key for key in self._keys.values() if key.shop_id == shop_id)
        return sorted(found, key=lambda key: (key.kind, key.name))

    async def remove(self, shop_id: str, kind: str, name: str) -> int:
        """See the port."""
        wanted = [
            hashed for hashed, key in self._keys.items() if (key.shop_id, key.kind, key.name) == (shop_id, kind, name)
        ]
        for hashed in wanted:
            del self._keys[hashed]
        return len(wanted)


def _hash(key: str) -> str:
    return sha256(key.encode()).hexdigest()
