"""People at the help desk, who do what a case says through the desk's own API."""

from __future__ import annotations

from typing import Any

from evals.suite.casefile.fixture import DeskDeed
from evals.suite.door import Door


async def do_at_desk(door: Door, deed: DeskDeed) -> dict[str, Any]:
    """Do it to the conversation's newest case, or to the exception that waits; what was done. Raises ``LookupError``."""
    if deed.do in ("approve", "decline"):
        waiting = (await door.at_desk(deed.by, "actions?status=needs_person", None))["actions"]
        mine = [one["id"] for one in waiting if one["conversation_id"] == door.id]
        if not mine:
            raise LookupError("nothing waits for a decision")
        await door.at_desk(deed.by, f"actions/{mine[-1]}/{deed.do}", {"note": deed.notes})
        return {"action": mine[-1]}
    handoffs = (await door.transcript())["handoffs"]
    if not handoffs:
        raise LookupError("there is no case at the desk")
    case = str(handoffs[-1]["id"])
    await door.at_desk(deed.by, f"handoffs/{case}/{'messages' if deed.do == 'say' else deed.do}", _body(deed))
    told = {"text": deed.text, "notes": deed.notes}
    return {"handoff": case} | {name: words for name, words in told.items() if words}


def _body(deed: DeskDeed) -> dict[str, Any]:
    match deed.do:
        case "say":
            return {"text": deed.text}
        case "return":
            facts = [{"kind": kind, "value": value} for kind, value in deed.facts.items()]
            return {"notes": deed.notes, "facts": facts}
        case "resolve":
            return {"outcome": deed.outcome, "notes": deed.notes}
    return {}
