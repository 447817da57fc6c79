"""The MCP server itself: what it offers, and a tool call as a turn of the conversation."""

from __future__ import annotations

import json
from typing import Any

import mcp_types as types
import structlog
from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel import Server
from mcp.shared.exceptions import MCPError

from agent.api.mcp.consent import NAME, ask, asked_in, boundary, can_ask, decision_on
from agent.api.mcp.offer import offered_tools
from agent.api.mcp.visit import Visit
from agent.api.parts import ApiParts
from agent.casework.receiving import Move
from agent.casework.tool_turns import tool_input
from agent.conversation import Json, TurnKind
from agent.errors import NotFound, PostventaError, TooMany
from prompts.loader import FOLDER
from prompts.prompt import Prompt

VISIT = "postventa.visit"
WORDS = FOLDER / "mcp"

log = structlog.get_logger("postventa.mcp")

Context = ServerRequestContext[Any, Any]
Answer = types.CallToolResult | types.InputRequiredResult


def build_server(parts: ApiParts) -> Server[Any]:
    """A server that keeps nothing between requests."""
    tools = offered_tools()
    names = frozenset(one.name for one in tools)
    schemas = {one.name: one.input_schema for one in tools}
    unconfirmed = Prompt(WORDS / "unconfirmed.md").render()

    async def list_tools(ctx: Context, params: types.PaginatedRequestParams | None) -> types.ListToolsResult:  # noqa: ARG001
        return types.ListToolsResult(tools=list(tools))

    async def call_tool(ctx: Context, params: types.CallToolRequestParams) -> Answer:
        if params.name not in names:
            raise MCPError(code=types.INVALID_PARAMS, message="Unknown tool")
        visit: Visit = ctx.request.scope[VISIT]  # type: ignore[union-attr]
        try:
            if params.request_state is not None:
                return await _decide(visit, params, unconfirmed)
            return await _use(visit, ctx, params, unconfirmed)
        except TooMany as many:
            return _told({"error": many.type, "ask_again": True, "retry_after_s": many.retry_after}, ok=False)
        except PostventaError as known:
            return _told({"error": known.type, "ask_again": False, "detail": known.detail}, ok=False)
        except Exception:  # the library would tell the caller what broke
            log.exception("mcp_call_failed", tool=params.name)
            return _told({"error": "internal", "ask_again": False}, ok=False)

    server: Server[Any] = Server(
        NAME,
        version=parts.version,
        title="Postventa",
        instructions=Prompt(WORDS / "instructions.md", ["shop_name"]).render(shop_name=_shop_name(parts)),
        on_list_tools=list_tools,
        on_call_tool=call_tool,
        get_tool_input_schema=schemas.get,
    )
    server.middleware.append(boundary(parts.services.secret, lambda ctx: ctx.request.scope[VISIT].principal))
    return server


async def _use(visit: Visit, ctx: Context, params: types.CallToolRequestParams, unconfirmed: str) -> Answer:
    conversation = await visit.enter()
    move = Move(TurnKind.TOOL, tool=tool_input(params.name, params.arguments or {}), claims=visit.claims)
    turn = await visit.parts.reception.receive(conversation, move)
    made = turn["tool"]
    if not made["ok"]:
        return _told(made["result"], ok=False)
    action = next((one for one in turn["actions"] if one["status"] == "proposed"), None)
    if action is None:
        return _told(made["result"], ok=True)
    if visit.parts.mcp.elicits and can_ask(ctx):
        return ask(turn, action, visit.parts.services.sentences)
    return _told({**made["result"], **_waiting(turn, action, unconfirmed)}, ok=True)


async def _decide(visit: Visit, params: types.CallToolRequestParams, unconfirmed: str) -> Answer:
    """The shopper has answered, or closed the question: then the proposal stays as it is, until its time is up."""
    asked = asked_in(str(params.request_state))
    found = await visit.parts.services.store.find(visit.caller.shop_id, asked.conversation_id)
    if found is None:
        raise NotFound()
    move = decision_on(asked, params.input_responses)
    if move is None:
        file = await visit.parts.services.store.case_file(visit.caller.shop_id, asked.conversation_id)
        still = {str(one.id): one for one in file.actions} if file else {}
        if asked.action_id not in still:
            raise NotFound()
        status = still[asked.action_id].status.value
        told = "awaiting_confirmation" if status == "proposed" else status
        return _told({"status": told, "id": asked.action_id, "note": unconfirmed}, ok=True)
    visit.found = found[0]
    turn = await visit.parts.reception.receive(await visit.enter(), move)
    action = next((one for one in turn["actions"] if one["id"] == asked.action_id), None)
    said = turn["reply"]["text"] if turn["reply"] else ""
    if action is None:
        return _told({"status": "failed", "id": asked.action_id, "said_to_shopper": said}, ok=True)
    return _told({**_decided(action), "said_to_shopper": said}, ok=True)


def _decided(action: Json) -> dict[str, Any]:
    names = ("id", "kind", "order", "status", "summary", "before", "after", "cost", "receipt")
    return {name: action[name] for name in names}


def _waiting(turn: Json, action: Json, unconfirmed: str) -> dict[str, Any]:
    return {
        "summary": action["summary"],
        "confirmation": {"conversation_id": turn["conversation_id"], "action_id": action["id"]},
        "note": unconfirmed,
    }


def _told(result: dict[str, Any], *, ok: bool) -> types.CallToolResult:
    text = json.dumps(result, ensure_ascii=False, default=str)
    return types.CallToolResult(
        content=[types.TextContent(text=text)], structured_content=json.loads(text), is_error=not ok
    )


def _shop_name(parts: ApiParts) -> str:
    fronts = list(parts.services.storefronts.values())
    return fronts[0].name if len(fronts) == 1 else "this shop"
