"""A change before the yes and after it: what it was, what it becomes, what it costs, by which rule, and the way back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from agent.casework.cards.differences import rows_of
from agent.conversation import Action
from knowledge.port import Passage
from prompts.forms import day, money
from prompts.loader import Sentences


def confirmation(action: Action, clause: Passage | None, language: str, sentences: Sentences) -> dict[str, Any]:
    """A proposal that waits for the shopper's word."""
    undo = int(action.proposal.get("undo_minutes") or 0)
    return {
        "type": "confirmation",
        "action": action.id,
        "kind": action.kind,
        "title": _title(action, language, sentences),
        "rows": rows_of(action.before, action.after, language, sentences),
        "cost": _cost(action.cost, language, sentences),
        "clause": {"title": clause.title, "url": clause.url, "quote": clause.text} if clause else None,
        "undo": sentences.say("card.undo_for", language, minutes=undo) if undo else None,
        "expires_at": action.expires_at.isoformat(),
    }


def receipt(action: Action, language: str, sentences: Sentences, now: datetime) -> dict[str, Any]:
    """What the shopper keeps of a change."""
    kept = action.receipt or {}
    ship_by = (kept.get("terms") or {}).get("ship_by")
    undo_until = action.undo_until if action.undo_until and action.undo_until > now else None
    return {
        "type": "receipt",
        "action": action.id,
        "kind": action.kind,
        "title": _title(action, language, sentences),
        "reference": next(iter((kept.get("references") or {}).values()), None),
        "rows": rows_of(action.before, action.after, language, sentences),
        "cost": _cost(action.cost, language, sentences),
        "label_url": kept.get("label_url") or None,
        "ship_by": day(ship_by, language) if ship_by else None,
        "undo_until": undo_until.isoformat() if undo_until else None,
    }


def _title(action: Action, language: str, sentences: Sentences) -> str:
    key = f"card.title_{action.kind}"
    known: dict[str, Any] = {"order": action.order_number} if sentences.keys[key] else {}
    return sentences.say(key, language, **known)


def _cost(cost: Mapping[str, Any] | None, language: str, sentences: Sentences) -> str:
    """What the shopper pays or gets, in words; that nothing is paid is said too."""
    amount = Decimal(str(cost["amount"])) if cost else Decimal(0)
    if not cost or amount == 0:
        return sentences.say("card.cost_none", language)
    written = money({**cost, "amount": abs(amount)}, language)
    return sentences.say("card.cost_paid" if amount > 0 else "card.cost_back", language, amount=written)
