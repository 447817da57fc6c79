from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

from agent.console import streaming
from agent.console.sessions import Session, hash_token
from agent.console.streaming import stream
from agent.conversation import Conversation
from tests.agent.console.conftest import ALMA, Pages


async def listen(pages: Pages, conversation_id: str = "") -> tuple[AsyncIterator[bytes], Session]:
    await pages.at_desk("Alma")
    session = Session(ALMA, "token-2")
    frames = stream(pages.parts, session, conversation_id)
    assert b"event: open" in await anext(frames)
    return frames, session


async def hear(frames: AsyncIterator[bytes], kind: str) -> dict[str, Any]:
    async with asyncio.timeout(10):
        async for frame in frames:
            if f"event: {kind}\n".encode() in frame:
                line = next(one for one in frame.decode().splitlines() if one.startswith("data: "))
                return dict(json.loads(line.removeprefix("data: ")))
    raise AssertionError(f"the stream ended before {kind}")


async def conversation_of(pages: Pages, handoff_id: str) -> Conversation:
    return await pages.parts.view.conversation_of(ALMA, handoff_id)


async def test_a_new_case_is_heard_at_once(pages: Pages) -> None:
    frames, _ = await listen(pages)
    heard = asyncio.create_task(hear(frames, "queue"))
    await asyncio.sleep(0)
    handoff_id = await pages.handed_over()
    assert (await heard)["id"] == handoff_id


async def test_what_the_shopper_writes_and_that_they_write_is_heard_without_their_words(pages: Pages) -> None:
    handoff_id = await pages.handed_over()
    head = await conversation_of(pages, handoff_id)
    frames, _ = await listen(pages, head.id)
    typing = asyncio.create_task(hear(frames, "typing"))
    await asyncio.sleep(0.05)
    await pages.parts.desk.shopper_typing(head)
    assert await typing == {"person": None}
    case = asyncio.create_task(hear(frames, "case"))
    await pages.parts.desk.note(ALMA, handoff_id, "secreto")
    assert await case == {"type": "note.added"}


async def test_a_stream_ends_with_its_session(pages: Pages, monkeypatch: Any) -> None:
    monkeypatch.setattr(streaming, "BEAT_S", 0.05)
    frames, session = await listen(pages)
    await pages.parts.credentials.sign_out(hash_token(session.token))
    async with asyncio.timeout(10):
        assert [one async for one in frames if b"event: open" in one] == []


async def test_whoever_listens_counts_as_there(pages: Pages) -> None:
    frames, _ = await listen(pages)
    pages.world.clock.pass_time(minutes=30)
    assert not (await pages.parts.view.presence(ALMA))["present"]
    await frames.aclose()  # type: ignore[attr-defined]
    again = stream(pages.parts, Session(ALMA, "token-2"), "")
    await anext(again)
    heard = asyncio.create_task(hear(again, "queue"))
    await asyncio.sleep(0.05)
    await pages.handed_over()
    await heard
    assert (await pages.parts.view.presence(ALMA))["present"]
