"""A model proposes over MCP; only the shopper's own answer carries it out, once."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import httpx2
import mcp_types as types
import pytest
from mcp.shared.exceptions import MCPError

from agent.api.parts import ApiParts, McpRules
from agent.conversation import ActionStatus
from evals.served import Served, serve_world
from evals.world import open_world
from tests.agent.api.mcp.conftest import connected

LUCIA, NUMBER, NOTE = "lucia-hernandez", "10002", "toca el timbre azul"
PROPOSAL = {"number": NUMBER, "text": NOTE}


class Shopper:
    """Whoever sits before the client's window."""

    def __init__(self, action: str, answer: str = "") -> None:
        self._result = types.ElicitResult(action=action, content={"answer": answer} if answer else None)  # type: ignore[arg-type]
        self.read: list[Any] = []

    async def __call__(self, context: Any, params: Any) -> types.ElicitResult:
        self.read.append(params)
        return self._result


async def note_of(served: Served) -> str:
    return (await served.world.order(LUCIA, NUMBER)).delivery.instructions


async def say_yes(client: Any, state: str, **proposal: str) -> Any:
    """The client's answer to the question that came with that state."""
    yes = {"confirmation": types.ElicitResult(action="accept", content={"answer": "yes"})}
    return await client.session.call_tool(
        "set_instructions",
        {**PROPOSAL, **proposal},
        input_responses=yes,
        request_state=state,
        allow_input_required=True,
    )


async def actions(served: Served) -> list[Any]:
    store: Any = served.world.services.store
    files = [await store.case_file("demo", one) for one in list(store._cases)]
    return [action for file in files for action in file.actions]


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_a_proposal_changes_nothing_and_says_whose_the_yes_is(served: Served, mode: str) -> None:
    async with connected(served, LUCIA, mode=mode) as client:
        for _ in range(2):
            told = (await client.call_tool("set_instructions", PROPOSAL)).structured_content
    assert told["status"] == "awaiting_confirmation"
    assert told["after"] == {"instructions": NOTE}
    assert told["confirmation"].keys() == {"conversation_id", "action_id"}
    assert "token" not in json.dumps(told)
    assert await note_of(served) == ""
    assert [one.status for one in await actions(served)] == [ActionStatus.EXPIRED, ActionStatus.PROPOSED]


async def test_the_applications_own_call_confirms_it_once(served: Served) -> None:
    async with connected(served, LUCIA) as client:
        told = (await client.call_tool("set_instructions", PROPOSAL)).structured_content
    where = told["confirmation"]
    path = f"{served.url}/v1/conversations/{where['conversation_id']}/actions/{where['action_id']}/confirm"
    before = (await served.world.order(LUCIA, NUMBER)).version
    async with httpx2.AsyncClient(timeout=60) as http:
        strange = await http.post(path, headers={"Authorization": "Bearer pk_demo"})
        assert strange.status_code == 404, "a page's key does not do without the conversation's token"
        for _ in range(2):
            turn = (await http.post(path, headers={"Authorization": "Bearer sk_demo"})).json()
            assert "10002" in turn["reply"]["text"]
    assert await note_of(served) == NOTE
    assert (await served.world.order(LUCIA, NUMBER)).version == before + 1


async def test_the_shopper_confirms_in_the_clients_window_and_it_is_done_once(served: Served) -> None:
    shopper = Shopper("accept", "yes")
    before = (await served.world.order(LUCIA, NUMBER)).version
    async with connected(served, LUCIA, elicitation_callback=shopper) as client:
        done = await client.call_tool("set_instructions", PROPOSAL)
    assert not done.is_error
    assert done.structured_content["status"] == "executed"
    assert done.structured_content["receipt"]["id"] == done.structured_content["id"]
    [asked] = shopper.read
    assert NOTE in asked.message
    assert [one["const"] for one in asked.requested_schema["properties"]["answer"]["oneOf"]] == ["yes", "no"]
    assert await note_of(served) == NOTE
    assert (await served.world.order(LUCIA, NUMBER)).version == before + 1
    [action] = await actions(served)
    assert action.status is ActionStatus.EXECUTED
    assert action.receipt is not None


@pytest.mark.parametrize(
    ("spoken", "word"), [("en-GB,en;q=0.9", "Yes"), ("pt-BR", "Sim"), ("es-MX", "Sí"), ("fr", "Sí")]
)
async def test_the_question_is_in_the_shoppers_language(served: Served, spoken: str, word: str) -> None:
    shopper = Shopper("cancel")
    async with connected(served, LUCIA, headers={"Accept-Language": spoken}, elicitation_callback=shopper) as client:
        await client.call_tool("set_instructions", PROPOSAL)
    [asked] = shopper.read
    assert asked.requested_schema["properties"]["answer"]["oneOf"][0]["title"].startswith(word)


NOT_YES = [
    (Shopper("accept", "no"), "rejected", ActionStatus.REJECTED),
    (Shopper("decline"), "rejected", ActionStatus.REJECTED),
    (Shopper("cancel"), "awaiting_confirmation", ActionStatus.PROPOSED),
    (Shopper("accept", "sure, whatever"), "awaiting_confirmation", ActionStatus.PROPOSED),
    (Shopper("accept"), "awaiting_confirmation", ActionStatus.PROPOSED),
]


@pytest.mark.parametrize(("shopper", "status", "kept"), NOT_YES)
async def test_anything_but_a_yes_changes_nothing(served: Served, shopper: Shopper, status: str, kept: Any) -> None:
    async with connected(served, LUCIA, elicitation_callback=shopper) as client:
        told = await client.call_tool("set_instructions", PROPOSAL)
    assert told.structured_content["status"] == status
    assert await note_of(served) == ""
    assert [one.status for one in await actions(served)] == [kept]


async def test_a_model_cannot_answer_for_the_shopper(served: Served) -> None:
    """What a model can write are tool names and arguments."""
    async with connected(served, LUCIA, elicitation_callback=Shopper("cancel")) as client:
        await client.call_tool("set_instructions", PROPOSAL)
        [action] = await actions(served)
        for extra in (
            {"answer": "yes"},
            {"confirmation": {"answer": "yes"}},
            {"request_state": action.id},
            {"confirm": True},
        ):
            await client.call_tool("set_instructions", {**PROPOSAL, **extra})
        for name in ("confirm", "confirm_action", "approve"):
            with pytest.raises(MCPError):
                await client.call_tool(name, {"action_id": action.id})
    assert await note_of(served) == ""


async def test_an_answer_to_a_question_that_was_not_put_is_refused(served: Served) -> None:
    async with connected(served, LUCIA) as client:
        told = (await client.call_tool("set_instructions", PROPOSAL)).structured_content["confirmation"]
        forged = json.dumps([told["conversation_id"], told["action_id"]])
        for state in (forged, "v1.AAAA", ""):
            with pytest.raises(MCPError, match="requestState"):
                await say_yes(client, state)
    assert await note_of(served) == ""


async def test_an_answer_comes_from_whom_the_question_went_to_and_to_what_was_asked(served: Served) -> None:
    window = Shopper("accept", "yes")
    async with connected(served, LUCIA, elicitation_callback=window) as client:
        asked = await client.session.call_tool("set_instructions", PROPOSAL, allow_input_required=True)
        assert isinstance(asked, types.InputRequiredResult)
        with pytest.raises(MCPError, match="requestState"):
            await say_yes(client, asked.request_state, text="otra")
    async with connected(served, "mateo-rojas", elicitation_callback=window) as stranger:
        with pytest.raises(MCPError, match="requestState"):
            await say_yes(stranger, asked.request_state)
    assert await note_of(served) == ""
    async with connected(served, LUCIA, elicitation_callback=window) as client:
        for _ in range(2):
            done = await say_yes(client, asked.request_state)
            assert done.structured_content["status"] == "executed"
    assert await note_of(served) == NOTE
    assert len([one for one in await actions(served) if one.status is ActionStatus.EXECUTED]) == 1


async def test_a_typed_yes_is_no_yes_to_what_a_program_proposed(served: Served) -> None:
    """The shopper in the chat may not have seen it; the button on it is theirs all the same."""
    talk = await served.world.open(LUCIA)
    headers = {"X-Conversation-Id": talk.opened.conversation.id, "X-Conversation-Token": talk.opened.token}
    await talk.say("¿me puedes ayudar?")
    async with connected(served, headers=headers, key="pk_demo") as client:
        told = (await client.call_tool("set_instructions", PROPOSAL)).structured_content
        assert told["status"] == "awaiting_confirmation"
    await talk.say("sí")
    assert await note_of(served) == ""


async def test_a_shop_may_take_no_answers_from_clients(open_service: Any) -> None:
    def strictly(parts: ApiParts) -> ApiParts:
        return replace(parts, mcp=McpRules(elicits=False))

    served = await open_service(strictly)
    shopper = Shopper("accept", "yes")
    async with connected(served, LUCIA, elicitation_callback=shopper) as client:
        told = (await client.call_tool("set_instructions", PROPOSAL)).structured_content
    assert told["status"] == "awaiting_confirmation"
    assert shopper.read == []
    assert await note_of(served) == ""


async def test_another_replica_takes_the_answer(library: Any, tmp_path: Any, postgres_url: str) -> None:
    url = postgres_url.replace("+asyncpg", "")
    async with (
        open_world(library, tmp_path, store=url, name="a") as first,
        open_world(library, tmp_path, store=url, name="b") as second,
        serve_world(first) as here,
        serve_world(second) as there,
    ):
        window = Shopper("accept", "yes")
        async with connected(here, LUCIA, elicitation_callback=window) as client:
            asked = await client.session.call_tool("set_instructions", PROPOSAL, allow_input_required=True)
        async with connected(there, LUCIA, elicitation_callback=window) as client:
            done = await say_yes(client, asked.request_state)
        assert done.structured_content["status"] == "executed"
        assert await note_of(here) == NOTE
