"""Keys for storefronts, widgets and programs of the desk, made and taken back from the command line."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from contextlib import AsyncExitStack

from agent.app.importing import make_data_dir
from agent.app.storing import open_storing
from agent.casework.ports import ApiKey, KeyStore
from agent.settings import Settings

KINDS = {"sk": "a back end", "pk": "the widget", "dk": "a program of the desk"}


async def add_key(settings: Settings, kind: str, name: str, role: str, origins: Sequence[str]) -> str:
    """A new key of the settings' shop. It is told now and never again: only its hash is kept."""
    key = f"{kind}_{secrets.token_urlsafe(32)}"
    async with AsyncExitStack() as stack:
        keys = await _open(settings, stack)
        await keys.put(key, ApiKey(settings.shop_id, kind, name, role if kind == "dk" else "", tuple(origins)))
    return key


async def list_keys(settings: Settings) -> Sequence[ApiKey]:
    """Whom the shop's keys speak for; not the keys."""
    async with AsyncExitStack() as stack:
        return await (await _open(settings, stack)).held(settings.shop_id)


async def remove_key(settings: Settings, kind: str, name: str) -> int:
    """Take every key of that kind and name back; how many there were. A service that runs heeds it within a minute."""
    async with AsyncExitStack() as stack:
        return await (await _open(settings, stack)).remove(settings.shop_id, kind, name)


async def _open(settings: Settings, stack: AsyncExitStack) -> KeyStore:
    make_data_dir(settings)
    return (await open_storing(settings, stack)).keys
