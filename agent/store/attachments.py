"""Photos in a folder, one folder a conversation; or in memory, for tests and embedding."""

from __future__ import annotations

import asyncio
import os
import shutil
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from agent.casework.attachments import Attachment

SUFFIXES = {"image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp"}
TYPES = {suffix: kind for kind, suffix in SUFFIXES.items()}
OWNER_ONLY = 0o600


class FolderAttachments:
    """Files under ``folder``. What is known of one is its name, its length and the time it is stamped with.

    Replicas need one folder in common.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def keep(
        self, shop_id: str, conversation_id: str, name: str, content: bytes, kind: str, at: datetime
    ) -> Attachment:
        """See the port."""
        kept = Attachment(name + SUFFIXES[kind], kind, len(content), at)
        await asyncio.to_thread(_write, self._place(shop_id, conversation_id) / kept.name, content, at)
        return kept

    async def of(self, shop_id: str, conversation_id: str) -> tuple[Attachment, ...]:
        """See the port."""
        return await asyncio.to_thread(_listed, self._place(shop_id, conversation_id))

    async def read(self, shop_id: str, conversation_id: str, name: str) -> bytes | None:
        """See the port. Only names that are listed are read: a path is no name."""
        place = self._place(shop_id, conversation_id)
        if all(one.name != name for one in await self.of(shop_id, conversation_id)):
            return None
        return await asyncio.to_thread((place / name).read_bytes)

    async def erase(self, shop_id: str, conversation_id: str) -> None:
        """See the port."""
        await asyncio.to_thread(shutil.rmtree, self._place(shop_id, conversation_id), ignore_errors=True)

    def _place(self, shop_id: str, conversation_id: str) -> Path:
        return self._folder / sha256(f"{shop_id}\n{conversation_id}".encode("utf-8", "surrogatepass")).hexdigest()


class MemoryAttachments:
    """The same, until the process ends."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], dict[str, tuple[Attachment, bytes]]] = {}

    async def keep(
        self, shop_id: str, conversation_id: str, name: str, content: bytes, kind: str, at: datetime
    ) -> Attachment:
        """See the port."""
        kept = Attachment(name + SUFFIXES[kind], kind, len(content), at)
        self._kept.setdefault((shop_id, conversation_id), {})[kept.name] = (kept, content)
        return kept

    async def of(self, shop_id: str, conversation_id: str) -> tuple[Attachment, ...]:
        """See the port."""
        found = (one for one, _ in self._kept.get((shop_id, conversation_id), {}).values())
        return tuple(sorted(found, key=lambda one: (one.at, one.name)))

    async def read(self, shop_id: str, conversation_id: str, name: str) -> bytes | None:
        """See the port."""
        found = self._kept.get((shop_id, conversation_id), {}).get(name)
        return found[1] if found else None

    async def erase(self, shop_id: str, conversation_id: str) -> None:
        """See the port."""
        self._kept.pop((shop_id, conversation_id), None)


def _write(path: Path, content: bytes, at: datetime) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = path.with_suffix(".part")
    unfinished.write_bytes(content)
    unfinished.chmod(OWNER_ONLY)
    os.utime(unfinished, (at.timestamp(), at.timestamp()))
    unfinished.replace(path)


def _listed(place: Path) -> tuple[Attachment, ...]:
    if not place.is_dir():
        return ()
    found = []
    for path in place.iterdir():
        if path.suffix in TYPES:
            told = path.stat()
            at = datetime.fromtimestamp(told.st_mtime, UTC)
            found.append(Attachment(path.name, TYPES[path.suffix], told.st_size, at))
    return tuple(sorted(found, key=lambda one: (one.at, one.name)))
