"""Who gets in at ``/mcp``: keys, names, pages, rates."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import httpx2
import pytest

from agent.api.mcp.door import allowed
from agent.api.parts import ApiParts, McpRules, Rate
from evals.served import Served
from tests.agent.api.mcp.conftest import connected

LIST = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}
WELL = {
    "Authorization": "Bearer sk_demo",
    "Accept": "application/json, text/event-stream",
    "MCP-Protocol-Version": "2025-11-25",
}


async def post(served: Served, **changes: str | None) -> httpx2.Response:
    named = {name.replace("_", "-"): value for name, value in changes.items()}
    headers = {name: value for name, value in {**WELL, **named}.items() if value is not None}
    async with httpx2.AsyncClient(timeout=60) as http:
        return await http.post(f"{served.url}/mcp", json=LIST, headers=headers)


async def test_who_has_no_good_credential_gets_nothing(served: Served) -> None:
    assert (await post(served)).status_code == 200
    bad: list[tuple[dict[str, str | None], int]] = [
        ({"Authorization": None}, 401),
        ({"Authorization": "Bearer sk_nobody"}, 401),
        ({"Authorization": "Bearer dk_demo_agent"}, 403),
        ({"X_Shopper_Token": "nonsense"}, 401),
        ({"X_Shopper_Token": "x" * 5000}, 401),
        ({"X_Conversation_Id": "cnv_nobodys"}, 404),
    ]
    for headers, status in bad:
        refused = await post(served, **headers)
        assert refused.status_code == status, headers
        assert refused.headers["content-type"] == "application/problem+json"


async def test_an_expired_shopper_token_opens_nothing(served: Served) -> None:
    token = served.shopper_token("lucia-hernandez")
    assert (await post(served, X_Shopper_Token=token)).status_code == 200
    served.world.clock.pass_time(hours=1)
    assert (await post(served, X_Shopper_Token=token)).status_code == 401


async def test_a_strangers_conversation_is_no_conversation(served: Served) -> None:
    talk = await served.world.open("lucia-hernandez")
    here = {"X_Conversation_Id": talk.opened.conversation.id, "Authorization": "Bearer pk_demo"}
    assert (await post(served, **here, X_Conversation_Token=talk.opened.token)).status_code == 200
    for token in (None, "ctk_wrong"):
        assert (await post(served, **here, X_Conversation_Token=token)).status_code == 404


@pytest.mark.parametrize("version", ["2025-11-25", "2026-07-28"])
async def test_a_page_that_had_its_own_name_point_here_is_refused(served: Served, version: str) -> None:
    spoken: dict[str, str | None] = {"MCP_Protocol_Version": version}
    assert (await post(served, **spoken, Host="evil.example")).status_code == 421
    assert (await post(served, **spoken, Origin="https://evil.example")).status_code == 403
    assert (await post(served, **spoken, Origin="http://localhost:3000")).status_code not in (403, 421)


def test_names_are_those_of_the_settings_and_this_machine() -> None:
    hosts, origins = allowed(McpRules(hosts=("mcp.shop.example",), public_url="https://help.shop.example/x"))
    assert {"mcp.shop.example", "help.shop.example", "127.0.0.1", "localhost:*"} <= set(hosts)
    assert {"https://help.shop.example", "http://localhost:*"} <= set(origins)
    assert "*" not in hosts


async def test_how_often_is_bounded_and_said(open_service: Any) -> None:
    def slow(parts: ApiParts) -> ApiParts:
        return replace(parts, rates=replace(parts.rates, mcp=Rate(2)))

    served = await open_service(slow)
    answers = [await post(served) for _ in range(3)]
    assert [one.status_code for one in answers] == [200, 200, 429]
    assert int(answers[-1].headers["retry-after"]) > 0


async def test_what_tools_do_is_bounded_like_messages(open_service: Any) -> None:
    def slow(parts: ApiParts) -> ApiParts:
        return replace(parts, rates=replace(parts.rates, moves=Rate(2)))

    served = await open_service(slow)
    async with connected(served, "lucia-hernandez") as client:
        answers = [await client.call_tool("list_orders") for _ in range(3)]
    assert [one.is_error for one in answers] == [False, False, True]
    assert answers[-1].structured_content["error"] == "too-many-requests"
    assert answers[-1].structured_content["retry_after_s"] > 0


async def test_no_session_is_kept(served: Served) -> None:
    start = {**LIST, "method": "initialize"}
    start["params"] = {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}}
    async with httpx2.AsyncClient(timeout=60) as http:
        answer = await http.post(f"{served.url}/mcp", json=start, headers=WELL)
    assert answer.status_code == 200
    assert "mcp-session-id" not in answer.headers
    told = json.dumps(answer.json())
    async with httpx2.AsyncClient(timeout=60) as http:
        for method in ("GET", "DELETE"):
            assert (await http.request(method, f"{served.url}/mcp", headers=WELL)).status_code == 405
    assert "ask_for_person" in told, "what a model is told of the service"


async def test_a_shop_may_leave_it_out(open_service: Any) -> None:
    served = await open_service(lambda parts: replace(parts, mcp=McpRules(served=False)))
    assert (await post(served)).status_code == 404


async def test_too_much_is_refused_before_it_is_read(served: Served) -> None:
    async with httpx2.AsyncClient(timeout=60) as http:
        answer = await http.post(f"{served.url}/mcp", content=b"x" * 300_000, headers=WELL)
    assert answer.status_code == 413
