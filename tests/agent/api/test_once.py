"""``Idempotency-Key``."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from agent.errors import Busy

KEY = {"Idempotency-Key": "3f1c-77aa"}
PK = {"Authorization": "Bearer pk_test"}


async def test_the_same_request_is_done_once_and_answered_alike(house: Any) -> None:
    talk = await house.open()
    first, second = await talk.say("hola", **KEY), await talk.say("hola", **KEY)
    assert (second.status_code, second.json()) == (200, first.json())
    assert "idempotency-replayed" not in first.headers
    assert second.headers["idempotency-replayed"] == "true"
    assert len(house.clerk.moves) == 1


async def test_another_body_under_the_same_key_is_refused(house: Any) -> None:
    talk = await house.open()
    await talk.say("hola", **KEY)
    refused = await talk.say("adiós", **KEY)
    assert (refused.status_code, refused.json()["type"][-22:]) == (422, "idempotency-key-reused")


async def test_while_the_first_is_at_work_the_second_is_told_to_wait(house: Any) -> None:
    talk = await house.open()
    house.clerk.gate.clear()
    first = asyncio.create_task(talk.say("hola", **KEY))
    await house.clerk.arrived.wait()
    second = await talk.say("hola", **KEY)
    assert (second.status_code, second.headers["retry-after"]) == (409, "2")
    house.clerk.gate.set()
    assert (await first).status_code == 200


async def test_opening_and_feedback_are_done_once_too(house: Any) -> None:
    opened = [await house.client.post("/v1/conversations", json={}, headers={**PK, **KEY}) for _ in range(2)]
    assert opened[0].json() == opened[1].json()
    assert opened[1].status_code == 201
    talked = [await house.client.post("/v1/chat", json={"message": "hola"}, headers={**PK, **KEY}) for _ in range(2)]
    assert talked[0].json() == talked[1].json()
    talk = await house.open()
    rated = [await talk.post("/feedback", {"rating": 5}, **KEY) for _ in range(2)]
    assert [(one.status_code, one.content) for one in rated] == [(204, b"")] * 2
    assert rated[1].headers["idempotency-replayed"] == "true"


@pytest.mark.parametrize("other", ["path", "conversation", "shop", "browser"])
async def test_a_key_belongs_to_one_caller_path_and_conversation(house: Any, other: str) -> None:
    talk = await house.open()
    await talk.say("hola", **KEY)
    await house.client.post("/v1/conversations", json={}, headers={**PK, **KEY})
    if other == "path":
        again = await talk.post("/handoff", None, **KEY)
    elif other == "conversation":
        again = await (await house.open()).say("hola", **KEY)
    elif other == "shop":
        headers = {"Authorization": "Bearer sk_other", **KEY}
        again = await house.client.post("/v1/conversations", json={}, headers=headers)
    else:
        headers = {**PK, **KEY, "User-Agent": "another browser"}
        again = await house.client.post("/v1/conversations", json={}, headers=headers)
    assert again.is_success
    assert "idempotency-replayed" not in again.headers


async def test_a_failed_request_gives_its_key_back(house: Any) -> None:
    talk = await house.open()
    house.clerk.failures["hola"] = ZeroDivisionError()
    assert (await talk.say("hola", **KEY)).status_code == 500
    house.clerk.failures.clear()
    assert (await talk.say("hola", **KEY)).status_code == 200


async def test_a_request_that_was_too_slow_is_not_done_again(house: Any) -> None:
    talk = await house.open()
    house.clerk.failures["hola"] = Busy()
    assert (await talk.say("hola", **KEY)).status_code == 503
    house.clerk.failures.clear()
    await talk.say("hola", **KEY)
    names = {move.client_message_id for move in house.clerk.moves}
    assert len(names) == 1
    assert None not in names


async def test_the_key_names_the_move_in_a_stream(house: Any) -> None:
    talk = await house.open()
    stream = {"Accept": "text/event-stream", **KEY}
    await talk.say("hola", **stream)
    await talk.say("hola", **stream)
    assert len((await talk.get("/messages")).json()["messages"]) == 2
    refused = await talk.say("adiós", **stream)
    assert (refused.status_code, refused.json()["type"][-22:]) == (422, "idempotency-key-reused")


@pytest.mark.parametrize("path", ["/v1/chat", "/v1/chat/completions"])
async def test_a_stream_that_opens_is_told_again_of_the_same_conversation(house: Any, path: str) -> None:
    body: dict[str, Any] = {"message": "hola"}
    if path.endswith("completions"):
        body = {"messages": [{"role": "user", "content": "hola"}], "stream": True}
    headers = {**PK, **KEY, "Accept": "text/event-stream"}
    first, second = [await house.client.post(path, json=body, headers=headers) for _ in range(2)]
    opened = first.headers["x-conversation-id"], first.headers["x-conversation-token"]
    assert (second.headers["x-conversation-id"], second.headers["x-conversation-token"]) == opened
    assert reply_in(second.text) == reply_in(first.text) != ""
    history = await house.client.get(
        f"/v1/conversations/{opened[0]}/messages", headers={**PK, "X-Conversation-Token": opened[1]}
    )
    assert [one["who"] for one in history.json()["messages"]] == ["shopper", "agent"]
    other = await house.client.post(path, json={**body, "message": "adiós"}, headers=headers)
    assert (other.status_code, other.json()["type"][-22:]) == (422, "idempotency-key-reused")


@pytest.mark.parametrize("key", ["", "with space", "x" * 201])
async def test_a_key_is_printable_and_short(house: Any, key: str) -> None:
    talk = await house.open()
    assert (await talk.say("hola", **{"Idempotency-Key": key})).status_code == 422


async def test_after_erasure_nothing_is_answered_from_memory(house: Any) -> None:
    talk = await house.open()
    await talk.say("hola", **KEY)
    await house.client.delete(talk.path, headers=talk.headers)
    assert (await talk.say("hola", **KEY)).status_code == 404


def reply_in(stream: str) -> str:
    """What a stream said in all: OpenAI's chunks put together, or the turn in ``done``."""
    found = [json.loads(line[len("data: ") :]) for line in stream.splitlines() if line.startswith("data: {")]
    if "choices" not in found[0]:
        return str(found[-1]["turn"]["reply"]["text"])
    return "".join(part["delta"].get("content", "") for one in found for part in one["choices"])
