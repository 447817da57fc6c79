"""The desk's pages, put together; and who may sign in there."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import replace

from agent.app.assembly import Parts
from agent.app.demo import KEYS
from agent.app.importing import make_data_dir
from agent.app.storing import Storing, open_storing
from agent.casework.attachments import AttachmentStore
from agent.casework.credentials import Credential
from agent.casework.desk_ports import Colleague
from agent.console.parts import ConsoleParts
from agent.console.passwords import hash_password
from agent.settings import Settings


def console_parts(parts: Parts, shop_id: str, attachments: AttachmentStore, *, demo: bool) -> ConsoleParts:
    """What the pages of one shop's desk are given."""
    return ConsoleParts(
        services=parts.services,
        desk=parts.desk,
        view=parts.desk_view,
        credentials=parts.storing.credentials,
        attachments=attachments,
        shop_id=shop_id,
        new_token=lambda: secrets.token_urlsafe(32),
        demo_people=demo_people() if demo else (),
    )


def demo_people() -> tuple[Colleague, ...]:
    """Whoever the demo's desk keys speak for."""
    return tuple(Colleague(key.name, key.role) for key in KEYS.values() if key.kind == "dk")


async def add_person(settings: Settings, name: str, role: str, languages: Sequence[str], password: str) -> None:
    """Let somebody sign in at the desk, or give them another password; then all their sessions end."""
    async with AsyncExitStack() as stack:
        storing = await _open(settings, stack)
        known = {one.name.casefold(): one for one in await storing.store.people(settings.shop_id)}.get(name.casefold())
        person = replace(known or Colleague(name), role=role, languages=tuple(languages))
        await storing.store.put_person(settings.shop_id, person)
        digest = await hash_password(password)
        await storing.credentials.put(Credential(settings.shop_id, person.name, digest))


async def remove_person(settings: Settings, name: str) -> bool:
    """Let nobody of that name sign in any more; false when there was nobody."""
    async with AsyncExitStack() as stack:
        storing = await _open(settings, stack)
        return await storing.credentials.remove(settings.shop_id, name)


async def _open(settings: Settings, stack: AsyncExitStack) -> Storing:
    make_data_dir(settings)
    return await open_storing(settings, stack)
