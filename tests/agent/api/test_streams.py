"""Server-sent events: a turn's own, and a conversation's."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import httpx2
import pytest

from agent.api import sse
from agent.api.build import build_api
from agent.store.bus import LocalBus

EVENTS = {"Accept": "text/event-stream"}
PK = {"Authorization": "Bearer pk_test"}
WHOLE = ["turn.started", "tool.started", "message.delta", "message.delta", "message.completed", "done"]


@dataclass
class Stream:
    """An endless response, read as it comes: the application is driven as a server would drive it."""

    app: Any
    path: str
    headers: Mapping[str, str]
    query: str = ""
    status: asyncio.Future[int] = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    frames: asyncio.Queue[str] = field(default_factory=asyncio.Queue)
    gone: asyncio.Event = field(default_factory=asyncio.Event)

    async def __aenter__(self) -> Stream:
        scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": "GET",
            "scheme": "http",
            "path": self.path,
            "raw_path": self.path.encode(),
            "query_string": self.query.encode(),
            "root_path": "",
            "headers": [(name.lower().encode(), value.encode()) for name, value in self.headers.items()],
            "client": ("127.0.0.1", 1),
            "server": ("test", 80),
        }
        self.task = asyncio.create_task(self.app(scope, self._receive, self._send))
        assert await asyncio.wait_for(self.status, 5) == 200
        return self

    async def __aexit__(self, *_: object) -> None:
        self.gone.set()
        await asyncio.wait_for(self.task, 5)

    async def take(self, until: str) -> list[tuple[str, str]]:
        """``(id, event)`` up to an event of that kind."""
        taken: list[tuple[str, str]] = []
        while not taken or taken[-1][1] != until:
            frame = parsed(await asyncio.wait_for(self.frames.get(), 5))
            taken.append((frame["id"], frame["event"]))
        return taken

    async def _receive(self) -> dict[str, Any]:
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self.status.set_result(message["status"])
        for one in message.get("body", b"").decode().split("\n\n"):
            if one:
                await self.frames.put(one)


def parsed(frame: str) -> dict[str, str]:
    return dict(line.split(": ", 1) for line in frame.strip().splitlines())


def frames_of(response: Any) -> list[dict[str, str]]:
    return [parsed(one) for one in response.text.split("\n\n") if one]


async def test_a_message_can_be_answered_with_its_events(house: Any) -> None:
    talk = await house.open()
    response = await talk.say("hola", **EVENTS)
    assert response.headers["content-type"].startswith("text/event-stream")
    assert response.headers["x-accel-buffering"] == "no"
    frames = frames_of(response)
    assert [frame["event"] for frame in frames] == WHOLE
    assert [frame["id"] for frame in frames] == [f"1-{n}" for n in range(1, 7)]
    done = json.loads(frames[-1]["data"])["turn"]
    assert done["reply"]["text"] == "".join(json.loads(one["data"])["text"] for one in frames[2:4])


async def test_opening_by_stream_answers_id_and_token_in_headers_and_in_the_turn(house: Any) -> None:
    response = await house.client.post("/v1/chat", json={"message": "hola"}, headers={**PK, **EVENTS})
    turn = json.loads(frames_of(response)[-1]["data"])["turn"]
    assert response.headers["x-conversation-id"] == turn["conversation_id"]
    assert response.headers["x-conversation-token"] == turn["token"]
    headers = {**PK, "X-Conversation-Token": turn["token"]}
    assert (await house.client.get(f"/v1/conversations/{turn['conversation_id']}", headers=headers)).is_success


async def test_a_message_sent_again_by_stream_is_told_again_from_the_store(house: Any) -> None:
    talk = await house.open()
    body = {"text": "hola", "client_message_id": "m-1"}
    first = frames_of(await talk.post("/messages", body, **EVENTS))
    second = frames_of(await talk.post("/messages", body, **EVENTS))
    assert second == [frame for frame in first if frame["event"] != "message.delta"]


async def test_two_streams_at_once_each_tell_their_own_turn(house: Any) -> None:
    talk = await house.open()
    await talk.say("antes")
    texts = ("uno", "dos")
    responses = await asyncio.gather(*(talk.say(text, **EVENTS) for text in texts))
    for seq, text, response in zip((2, 3), texts, responses, strict=True):
        frames = frames_of(response)
        assert {frame["id"].split("-")[0] for frame in frames} == {str(seq)}
        assert [frame["event"] for frame in frames] == WHOLE
        assert json.loads(frames[-1]["data"])["turn"]["reply"]["text"].endswith(text)


async def test_the_turn_goes_on_when_the_caller_leaves(house: Any) -> None:
    talk = await house.open()
    house.clerk.gate.clear()
    asking = asyncio.create_task(talk.say("hola", **EVENTS))
    await house.clerk.arrived.wait()
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    async with Stream(house.app, f"{talk.path}/events", talk.headers) as stream:
        house.clerk.gate.set()
        assert (await stream.take("done"))[-1] == ("1-6", "done")
    assert (await talk.get("/messages")).json()["messages"][-1]["who"] == "agent"


async def test_a_reconnected_listener_is_told_what_it_missed_and_then_what_happens(house: Any) -> None:
    talk = await house.open()
    await talk.say("uno")
    await talk.say("dos")
    missed = [("1-5", "message.completed"), ("1-6", "done"), ("2-1", "turn.started"), ("2-2", "tool.started")]
    missed += [("2-5", "message.completed"), ("2-6", "done")]
    for headers, query in (({"Last-Event-ID": "1-2"}, ""), ({}, "last_event_id=1-2")):
        async with Stream(house.app, f"{talk.path}/events", {**talk.headers, **headers}, query) as stream:
            assert await stream.take("done") + await stream.take("done") == missed
    async with Stream(house.app, f"{talk.path}/events", {**talk.headers, "Last-Event-ID": "2-6"}) as stream:
        await talk.say("tres")
        assert await stream.take("done") == [(f"3-{n}", kind) for n, kind in enumerate(WHOLE, 1)]


async def test_a_new_listener_is_told_what_happens_from_now_on(house: Any) -> None:
    talk = await house.open()
    await talk.say("uno")
    async with Stream(house.app, f"{talk.path}/events", talk.headers) as stream:
        await talk.say("dos")
        assert [kind for _, kind in await stream.take("done")] == WHOLE
        await talk.say("tres")
        assert [kind for _, kind in await stream.take("done")] == WHOLE


async def test_an_event_source_that_cannot_send_headers_uses_the_query(house: Any) -> None:
    talk = await house.open()
    await talk.say("hola")
    token = talk.headers["X-Conversation-Token"]
    query = f"token={token}&key=pk_test&last_event_id=0-0"
    async with Stream(house.app, f"{talk.path}/events", {}, query) as stream:
        assert len(await stream.take("done")) == 4


@pytest.mark.parametrize(
    ("params", "status"),
    [({}, 401), ({"key": "pk_test"}, 404), ({"key": "pk_test", "token": "no"}, 404), ({"key": "sk_test"}, 401)],
)
async def test_events_are_for_who_has_the_token(house: Any, params: dict[str, str], status: int) -> None:
    talk = await house.open()
    assert (await house.client.get(f"{talk.path}/events", params=params)).status_code == status


@pytest.mark.parametrize("event_id", ["x", "1", "1-", "-1-2", "1-2-3", "9999999999-1", "１-2"])
async def test_an_event_id_is_one_that_was_sent(house: Any, event_id: str) -> None:
    talk = await house.open()
    assert (await talk.get("/events", last_event_id=event_id)).status_code == 422


async def test_the_stream_ends_when_the_service_does(house: Any) -> None:
    talk = await house.open()
    async with Stream(house.app, f"{talk.path}/events", talk.headers) as stream:
        await house.parts.services.bus.close()
        await asyncio.wait_for(stream.task, 5)


async def test_a_stream_that_hears_nothing_is_told_from_the_store(house: Any) -> None:
    talk = await house.open()
    deaf = replace(house.parts, services=replace(house.parts.services, bus=LocalBus()))
    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app=build_api(deaf)), base_url="http://test"
    ) as client:
        response = await client.post(f"{talk.path}/messages", json={"text": "hola"}, headers={**talk.headers, **EVENTS})
    kinds = [frame["event"] for frame in frames_of(response)]
    assert kinds == ["turn.started", "tool.started", "message.completed", "done"]


async def test_into_a_silence_it_says_that_it_lives_by_an_event_that_is_not_kept(
    house: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sse, "KEEP_ALIVE_S", 0.05)
    talk = await house.open()
    async with Stream(house.app, f"{talk.path}/events", talk.headers) as stream:
        frames = [parsed(await asyncio.wait_for(stream.frames.get(), 5)) for _ in range(2)]
    assert frames == [{"event": "alive", "data": "{}"}] * 2
