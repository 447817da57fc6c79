"""Photos in a folder and in memory: the same promises."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from agent.casework.attachments import Attachment, AttachmentStore
from agent.store.attachments import FolderAttachments, MemoryAttachments

AT = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)


def contents(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in folder.rglob("*") if path.is_file()]


@pytest.fixture(params=["folder", "memory"])
def photos(request: pytest.FixtureRequest, tmp_path: Path) -> AttachmentStore:
    return FolderAttachments(tmp_path) if request.param == "folder" else MemoryAttachments()


async def test_they_are_listed_oldest_first_and_read_by_name(photos: AttachmentStore) -> None:
    later = await photos.keep("shop", "cnv_1", "att_a", b"later", "image/png", AT + timedelta(minutes=1))
    sooner = await photos.keep("shop", "cnv_1", "att_b", b"sooner", "image/jpeg", AT)
    assert sooner == Attachment("att_b.jpg", "image/jpeg", 6, AT)
    assert await photos.of("shop", "cnv_1") == (sooner, later)
    assert await photos.read("shop", "cnv_1", "att_a.png") == b"later"


@pytest.mark.parametrize("name", ["att_x.jpg", "../att_a.jpg", "", ".", "/etc/hostname"])
async def test_another_name_is_nothing(photos: AttachmentStore, name: str) -> None:
    await photos.keep("shop", "cnv_1", "att_a", b"one", "image/jpeg", AT)
    assert await photos.read("shop", "cnv_1", name) is None


async def test_one_conversations_photos_are_no_others(photos: AttachmentStore) -> None:
    await photos.keep("shop", "cnv_1", "att_a", b"one", "image/jpeg", AT)
    for place in (("shop", "cnv_2"), ("other", "cnv_1"), ("shop", "../cnv_1")):
        assert await photos.of(*place) == ()
        assert await photos.read(*place, "att_a.jpg") is None


async def test_erased_they_are_gone_and_erasing_nothing_is_no_error(photos: AttachmentStore, tmp_path: Path) -> None:
    await photos.keep("shop", "cnv_1", "att_a", b"one", "image/jpeg", AT)
    kept = await photos.keep("shop", "cnv_2", "att_b", b"two", "image/jpeg", AT)
    await photos.erase("shop", "cnv_1")
    await photos.erase("shop", "cnv_1")
    assert await photos.of("shop", "cnv_1") == ()
    assert await photos.of("shop", "cnv_2") == (kept,)
    assert b"one" not in contents(tmp_path)
