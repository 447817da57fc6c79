"""The summary of a packet as a model writes it: what of the case it is shown, and for how long what it wrote is told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from agent.casework.draft import Draft
from agent.casework.front import Services, Storefront
from agent.casework.spending import day_of
from agent.conversation import ActionStatus, Json
from agent.loop.case_writer import Case

MESSAGES = 30
LONGEST = 600
OF_ORDER = ("number", "status", "placed_at", "total")
OF_LINE = ("title", "quantity", "options")
OF_ACTION = ("kind", "order", "status", "failure")


async def written_summary(draft: Draft, front: Storefront, packet: Json, services: Services) -> dict[str, Any]:
    """``lines`` in each language and the ``actions`` as they stood; empty without a model, without budget, and when it fails."""
    loop, day = services.loop_of(front.id), day_of(draft.now, front.zone)
    if not loop.writes_cases or await services.spending.stop_for(front.id, draft.conversation.id, day):
        return {}
    lines, usage = await loop.sum_up_case(shown_case(packet, day))
    if usage is not None:
        draft.spent = (*draft.spent, *services.spending.book_of(front.id, day, [usage]))
    return {"lines": lines, "actions": _standing(packet)} if lines else {}


def shown_case(packet: Json, today: date) -> Case:
    """What was said, the orders spoken of and what was tried, each under its id; no address, no contact, no name."""
    sources: dict[str, Any] = {
        one["id"]: {"who": one["who"], "text": one["text"][:LONGEST]} for one in packet["transcript"][-MESSAGES:]
    }
    for order in packet["orders"]:
        lines = [{name: line[name] for name in OF_LINE} for line in order["lines"]]
        sources[order["number"]] = {**{name: order[name] for name in OF_ORDER}, "lines": lines}
    sources |= {one["id"]: {name: one[name] for name in OF_ACTION} for one in packet["actions"]}
    executed = frozenset(one["kind"] for one in packet["actions"] if one["status"] == ActionStatus.EXECUTED)
    return Case(sources, packet["language"], executed, today)


def written_lines(packet: Json, language: str) -> Sequence[str]:
    """What was written, as long as nothing was proposed, done or taken back since."""
    written = packet.get("written") or {}
    if not written or written["actions"] != _standing(packet):
        return ()
    lines: Sequence[str] = written["lines"][language]
    return lines


def _standing(packet: Json) -> list[list[str]]:
    return [[one["id"], one["status"]] for one in packet["actions"]]
