"""The desk's pages, put together; and who may sign in there."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import replace

from agent.app.assembly import Parts
from agent.app.demo import KEYS, SHOP_ID
from agent.app.importing import make_data_dir
from agent.app.storing import Storing, open_storing
from agent.casework.attachments import AttachmentStore
from agent.casework.credentials import Credential, CredentialStore
from agent.casework.desk.ports import Colleague
from agent.console.parts import AsCase, ConsoleParts
from agent.console.passwords import hash_password
from agent.errors import Invalid
from agent.settings import Settings


def console_parts(
    parts: Parts, shop_id: str, attachments: AttachmentStore, *, demo: bool, as_case: AsCase | None = None
) -> ConsoleParts:
    """What the pages of one shop's desk are given. Links are mailed where mails leave; the demo shows them instead."""
    settings = parts.settings
    return ConsoleParts(
        services=parts.services,
        desk=parts.desk,
        view=parts.desk_view,
        credentials=parts.storing.credentials,
        attachments=attachments,
        shop_id=shop_id,
        new_token=lambda: secrets.token_urlsafe(32),
        demo_people=demo_people() if demo else (),
        mails_links=demo or bool(settings.smtp_url),
        address=settings.public_url.rstrip("/"),
        as_case=as_case,
    )


def demo_people() -> tuple[Colleague, ...]:
    """Whoever the demo's desk keys speak for."""
    return tuple(Colleague(key.name, key.role) for key in KEYS.values() if key.kind == "dk")


async def put_demo_people(credentials: CredentialStore) -> None:
    """Let the demo's people have links mailed as well; the mails are shown on a page of the demo."""
    for person in demo_people():
        if await credentials.find(SHOP_ID, person.name) is None:
            await credentials.put(Credential(SHOP_ID, person.name, "", f"{person.name.lower()}@desk.example"))


async def add_person(
    settings: Settings, name: str, role: str, languages: Sequence[str], password: str, email: str = ""
) -> None:
    """Let somebody sign in at the desk, or give them another password; then all their sessions end.

    Without a ``password`` they come in by links to ``email`` alone; without an ``email`` they keep the one they had.
    Raises ``Invalid`` when it is somebody else's, or they would have neither.
    """
    async with AsyncExitStack() as stack:
        storing = await _open(settings, stack)
        taken = await storing.credentials.find_by_email(settings.shop_id, email)
        if taken is not None and taken.name.casefold() != name.casefold():
            raise Invalid(f"{email} is {taken.name}'s")
        before = await storing.credentials.find(settings.shop_id, name)
        email = email.lower() or (before.email if before else "")
        if not email and not password:
            raise Invalid("a password or an address is needed")
        known = {one.name.casefold(): one for one in await storing.store.people(settings.shop_id)}.get(name.casefold())
        person = replace(known or Colleague(name), role=role, languages=tuple(languages))
        await storing.store.put_person(settings.shop_id, person)
        digest = await hash_password(password) if password else ""
        await storing.credentials.put(Credential(settings.shop_id, person.name, digest, email))


async def remove_person(settings: Settings, name: str) -> bool:
    """Let nobody of that name sign in any more; false when there was nobody."""
    async with AsyncExitStack() as stack:
        storing = await _open(settings, stack)
        return await storing.credentials.remove(settings.shop_id, name)


async def _open(settings: Settings, stack: AsyncExitStack) -> Storing:
    make_data_dir(settings)
    return await open_storing(settings, stack)
