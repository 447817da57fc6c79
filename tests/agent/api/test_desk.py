"""The desk over HTTP: keys, problems with stable types, idempotency, streams that keep apart what is whose."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx2
import pytest

DK, BEA, LEAD = ({"Authorization": f"Bearer {key}"} for key in ("dk_test", "dk_bea", "dk_lead"))


async def a_case(house: Any) -> tuple[Any, str]:
    talk = await house.open()
    return talk, (await talk.post("/handoff")).json()["handoff"]["id"]


async def post(house: Any, path: str, body: Any = None, **headers: str) -> httpx2.Response:
    sent = {**DK, **headers}
    return await house.client.post(f"/v1/desk{path}", json=body, headers=sent)


async def test_a_case_goes_from_the_queue_to_a_person_and_is_resolved(house: Any) -> None:
    talk, case = await a_case(house)
    claimed = await post(house, f"/handoffs/{case}/claim")
    assert (claimed.status_code, claimed.json()["claimed_by"]) == (200, "Ana")
    said = await post(house, f"/handoffs/{case}/messages", {"text": "Hola, soy Ana."})
    assert (said.json()["message"]["author"], said.json()["message"]["text"]) == ("Ana", "Hola, soy Ana.")
    state = (await talk.get()).json()
    assert (state["status"], state["handoff"]["status"], state["handoff"]["person"]) == ("human", "human", "Ana")
    history = (await talk.get("/messages")).json()["messages"]
    assert (history[-1]["who"], history[-1]["author"]) == ("person", "Ana")
    note = await post(house, f"/handoffs/{case}/notes", {"text": "paga con tarjeta"})
    assert note.json()["entry"]["text"] == "paga con tarjeta"
    resolved = await post(house, f"/handoffs/{case}/resolve", {"outcome": "solved", "notes": "listo"})
    assert (resolved.json()["status"], resolved.json()["outcome"]) == ("resolved", "solved")
    assert (await talk.get()).json()["status"] == "closed"


@pytest.mark.parametrize(
    ("path", "body", "headers", "status", "kind"),
    [
        ("/messages", {"text": "hola"}, {}, 409, "not-claimed"),
        ("/return", {}, {}, 409, "not-claimed"),
        ("/whisper", {"text": "x"}, {}, 403, "forbidden"),
        ("/reopen", {}, {}, 409, "conflict"),
        ("/transfer", {}, {}, 422, "invalid"),
        ("/transfer", {"to": "Nadie"}, {}, 422, "invalid"),
        ("/resolve", {"outcome": "great"}, {}, 422, "invalid"),
        ("/return", {"facts": [{"kind": "shoe", "value": "8"}]}, {}, 422, "invalid"),
        ("/notes", {"text": "x"}, {"Authorization": "Bearer pk_test"}, 403, "forbidden"),
        ("/notes", {"text": "x"}, {"Authorization": "Bearer dk_other"}, 404, "not-found"),
    ],
)
async def test_what_is_not_possible_is_a_problem_with_a_stable_type(
    house: Any, path: str, body: Any, headers: dict[str, str], status: int, kind: str
) -> None:
    _, case = await a_case(house)
    answer = await post(house, f"/handoffs/{case}{path}", body, **headers)
    assert (answer.status_code, answer.json()["type"].rsplit("/", 1)[-1]) == (status, kind), answer.text
    assert answer.headers["content-type"] == "application/problem+json"


async def test_somebody_elses_case_and_a_full_desk_are_told_apart(house: Any) -> None:
    _, case = await a_case(house)
    await post(house, f"/handoffs/{case}/claim")
    other = await post(house, f"/handoffs/{case}/claim", **BEA)
    assert (other.status_code, other.json()["type"].rsplit("/", 1)[-1]) == (409, "already-claimed")
    assert "Ana" in other.json()["detail"]
    await house.client.put("/v1/desk/presence", json={"status": "online", "capacity": 1}, headers=DK)
    _, more = await a_case(house)
    full = await post(house, f"/handoffs/{more}/claim")
    assert (full.status_code, full.json()["type"].rsplit("/", 1)[-1]) == (409, "at-capacity")


async def test_the_same_request_twice_is_done_once(house: Any) -> None:
    talk, case = await a_case(house)
    await post(house, f"/handoffs/{case}/claim")
    one = await post(house, f"/handoffs/{case}/messages", {"text": "Hola"}, **{"Idempotency-Key": "k-1"})
    two = await post(house, f"/handoffs/{case}/messages", {"text": "Hola"}, **{"Idempotency-Key": "k-1"})
    assert one.json() == two.json()
    assert two.headers["Idempotency-Replayed"] == "true"
    reused = await post(house, f"/handoffs/{case}/messages", {"text": "Otra"}, **{"Idempotency-Key": "k-1"})
    assert reused.status_code == 422
    named = [await post(house, f"/handoffs/{case}/messages", {"text": "x", "client_message_id": "m"}) for _ in range(2)]
    assert named[0].json() == named[1].json()
    said = [one["text"] for one in (await talk.get("/messages")).json()["messages"] if one["who"] == "person"]
    assert said == ["Hola", "x"]


async def test_presence_is_kept_and_colleagues_are_seen(house: Any) -> None:
    put = await house.client.put(
        "/v1/desk/presence", json={"status": "online", "capacity": 3, "queues": ["general"]}, headers=DK
    )
    assert (put.status_code, put.json()["capacity"], put.json()["present"]) == (200, 3, True)
    house.clock.pass_time(minutes=6)
    (ana,) = (await house.client.get("/v1/desk/people", headers=BEA)).json()["people"]
    assert (ana["name"], ana["status"], ana["present"], ana["queues"]) == ("Ana", "online", False, ["general"])
    again = await house.client.put("/v1/desk/presence", json={"status": "away"}, headers=DK)
    assert (again.json()["status"], again.json()["capacity"]) == ("away", 3)


async def test_only_a_lead_sees_every_conversation_and_takes_one_over(house: Any) -> None:
    talk = await house.open()
    await talk.say("hola")
    assert (await house.client.get("/v1/desk/conversations?live=true", headers=DK)).status_code == 403
    (row,) = (await house.client.get("/v1/desk/conversations?live=true", headers=LEAD)).json()["conversations"]
    assert (row["conversation_id"], row["status"]) == (talk.id, "bot")
    path = f"/v1/desk/conversations/{talk.id}/takeover"
    assert (await house.client.post(path, headers=DK)).status_code == 403
    taken = await house.client.post(path, headers=LEAD)
    assert (taken.json()["claimed_by"], taken.json()["conversation_status"]) == ("Leo", "human")


async def frames(house: Any, path: str, headers: dict[str, str], until: str) -> list[tuple[str, str, Any]]:
    """``(event, id, data)`` of a stream up to that event, read below httpx, whose transport waits for a stream's end."""
    found: list[tuple[str, str, Any]] = []
    over = asyncio.Event()
    rest = b""

    async def receive() -> dict[str, Any]:
        await over.wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        nonlocal rest
        rest += message.get("body", b"")
        *whole, rest = rest.split(b"\n\n")
        for block in whole:
            fields = dict(line.split(": ", 1) for line in block.decode().splitlines() if ": " in line)
            if "event" in fields:
                found.append((fields["event"], fields.get("id", ""), json.loads(fields["data"])))
                if fields["event"] == until:
                    over.set()

    scope = {
        "type": "http", "method": "GET", "path": path, "raw_path": path.encode(), "query_string": b"",
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
        "http_version": "1.1", "scheme": "http", "server": ("test", 80), "client": ("127.0.0.1", 1), "root_path": "",
    }  # fmt: skip
    async with asyncio.timeout(10):
        await house.app(scope, receive, send)
    return found


async def test_the_shopper_hears_the_person_and_nothing_of_what_is_the_desks(house: Any) -> None:
    talk, case = await a_case(house)
    desk = {**DK, "Last-Event-ID": "0-0"}
    shopper = {**talk.headers, "Last-Event-ID": "0-0"}
    heard = asyncio.create_task(frames(house, f"/v1/desk/handoffs/{case}/events", desk, "handoff.resolved"))
    told = asyncio.create_task(frames(house, f"{talk.path}/events", shopper, "handoff.resolved"))
    await asyncio.sleep(0.05)
    await post(house, f"/handoffs/{case}/claim")
    await post(house, f"/handoffs/{case}/notes", {"text": "secreto"})
    assert (await post(house, f"/handoffs/{case}/typing")).status_code == 204
    assert (await talk.post("/typing")).status_code == 204
    await post(house, f"/handoffs/{case}/messages", {"text": "Hola, soy Ana."})
    await post(house, f"/handoffs/{case}/resolve", {"outcome": "solved"})
    desk_events, shopper_events = await heard, await told
    kinds = [kind for kind, _, _ in desk_events]
    assert {"note.added", "human.typing", "shopper.typing", "human.message", "handoff.claimed"} <= set(kinds)
    shown = [kind for kind, _, _ in shopper_events]
    assert {"human.typing", "human.message", "handoff.claimed"} <= set(shown)
    assert not {"note.added", "whisper.added", "shopper.typing", "shopper.message", "desk.done"} & set(shown)
    assert "secreto" not in json.dumps([data for _, _, data in shopper_events])
    assert {event_id for kind, event_id, _ in desk_events if kind.endswith("typing")} == {""}
    assert all(event_id for kind, event_id, _ in desk_events if not kind.endswith("typing"))


async def test_a_stream_taken_up_again_tells_the_rest_in_order(house: Any) -> None:
    talk, case = await a_case(house)
    await post(house, f"/handoffs/{case}/claim")
    for n in range(3):
        await post(house, f"/handoffs/{case}/messages", {"text": f"m{n}"})
    await post(house, f"/handoffs/{case}/resolve", {"outcome": "solved"})
    whole = await frames(house, f"{talk.path}/events", {**talk.headers, "Last-Event-ID": "0-0"}, "handoff.resolved")
    said = [(event_id, data["text"]) for kind, event_id, data in whole if kind == "human.message"]
    assert [text for _, text in said] == ["m0", "m1", "m2"]
    rest = await frames(house, f"{talk.path}/events", {**talk.headers, "Last-Event-ID": said[0][0]}, "handoff.resolved")
    assert [data["text"] for kind, _, data in rest if kind == "human.message"] == ["m1", "m2"]


async def test_the_queue_is_heard_by_its_own_shop_alone(house: Any) -> None:
    _, case = await a_case(house)
    other = {"Authorization": "Bearer dk_other"}
    elsewhere = asyncio.create_task(frames(house, "/v1/desk/events", other, "handoff.resolved"))
    heard = asyncio.create_task(frames(house, "/v1/desk/events", DK, "handoff.resolved"))
    await asyncio.sleep(0.05)
    await post(house, f"/handoffs/{case}/claim")
    await post(house, f"/handoffs/{case}/resolve", {"outcome": "solved"})
    rows = await heard
    assert [(kind, data["id"]) for kind, _, data in rows] == [("handoff.claimed", case), ("handoff.resolved", case)]
    assert rows[0][2]["claimed_by"] == "Ana"
    await asyncio.sleep(0.05)
    elsewhere.cancel()
    assert not elsewhere.done() or elsewhere.cancelled()
