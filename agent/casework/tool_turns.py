"""Turns of a program that uses one tool for the shopper: the same order, lease, gates and transaction, and no model.

A program may be a model: what it proposes waits for the shopper's own yes, and no typed yes counts for it, because the
shopper may not have seen the question. Only the decision on that one action does.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any

import structlog

from agent.casework.closing import close_turn
from agent.casework.conversing import Conversing
from agent.casework.deciding import Deciding
from agent.casework.draft import Draft, reply_message
from agent.casework.front import Services, ShopperClaims
from agent.casework.handing_off import HandingOff
from agent.casework.opening import UNIDENTIFIED, identify
from agent.casework.ports import Claim, LeaseLost
from agent.casework.rendering import render_action, render_turn
from agent.conversation import Json, Speaker, Status
from agent.understanding.redaction import redact
from tools.catalogue import TOOLS
from tools.effects import Effect, effect_of

SIGNED_IN = 2
READS = frozenset(one.name for one in TOOLS if effect_of(one) is Effect.READ)

log = structlog.get_logger("postventa.turn")


def tool_input(name: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """The move as it is stored: what nobody here needs (card numbers, ids, passwords) is taken out of every string."""
    return {"tool": name, "arguments": _redacted(dict(arguments))}


class ToolTurns:
    """Runs the tool and stores what came of it. Whatever breaks, the program hears that it did, and nothing else."""

    def __init__(self, services: Services, handing_off: HandingOff, deciding: Deciding, conversing: Conversing) -> None:
        self._services = services
        self._handing_off = handing_off
        self._deciding = deciding
        self._conversing = conversing

    async def answer(self, claim: Claim) -> Json:
        """Run and store; what came of it. Raises ``LeaseLost``."""
        started = time.perf_counter()
        draft = self._draft(claim)
        await draft.emit("turn.started", {"turn_id": claim.turn.id})
        try:
            told = await self._use(draft)
        except LeaseLost:
            raise
        except Exception:  # the one boundary of a turn: nothing of it is kept but that it failed
            log.exception("tool_turn_failed", turn=claim.turn.id)
            draft = self._draft(claim)
            await draft.emit("turn.started", {"turn_id": claim.turn.id})
            told = {"ok": False, "result": {"error": "internal", "ask_again": False}}
        return await self._close(draft, told, started)

    async def _use(self, draft: Draft) -> Json:
        services, given = self._services, draft.claim.turn.input
        front = services.storefronts[draft.conversation.shop_id]
        self._deciding.expire(draft)
        claims = given.get("shopper") or draft.conversation.metadata.get(UNIDENTIFIED)
        if claims and draft.conversation.identity_level < SIGNED_IN:
            draft.conversation = await identify(services, draft.conversation, ShopperClaims(**claims))
        name = str(given["tool"])
        if name not in READS and draft.conversation.status is not Status.BOT:
            return {"ok": False, "result": {"error": "a_person_has_the_case", "ask_again": False}}
        made = await self._conversing.use_tool(draft, front, name, given["arguments"])
        return {"ok": made.ok, "result": json.loads(made.result)}

    async def _close(self, draft: Draft, told: Json, started: float) -> Json:
        services, text = self._services, "\n\n".join(draft.paragraphs)
        reply = reply_message(draft, services.new_id("msg"), text) if text else None
        for action in draft.changed.values():
            if action.status == "proposed":
                draft.change(asked=())
                await draft.emit("action.proposed", render_action(action))
        if reply is not None:
            said = {"id": reply.id, "text": reply.text, "who": Speaker.AGENT.value}
            await draft.emit("message.completed", said)
        position = await self._handing_off.position(draft)
        latency = round((time.perf_counter() - started) * 1000)
        turn = render_turn(draft, reply, position, latency)
        await draft.emit("done", {"turn": turn})
        result = {**turn, "tool": {"name": draft.claim.turn.input["tool"], **told}}
        await close_turn(services, draft, draft.outcome(result, (reply,) if reply else (), latency))
        return result

    def _draft(self, claim: Claim) -> Draft:
        return Draft(claim, self._services.bus, self._services.clock())


def _redacted(value: Any) -> Any:
    if isinstance(value, str):
        return redact(value.replace("\x00", "").encode(errors="ignore").decode())
    if isinstance(value, Mapping):
        return {str(name): _redacted(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_redacted(one) for one in value]
    return value
