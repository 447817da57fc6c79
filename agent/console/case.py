"""A case, or a conversation without one, as its page shows it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from agent.casework.attachments import Attachment
from agent.casework.desk.move import Person
from agent.casework.desk.rows import customer_name
from agent.console.emotion_curve import UPSET, emotion_curve
from agent.console.exceptions import exception_view
from agent.console.pages import Page, waited
from agent.console.parts import ConsoleParts
from agent.console.rows import REFUSED, was_said
from agent.console.thread import photo_view, thread_of
from agent.conversation import CaseFile, Fact
from agent.errors import Forbidden, NotFound

CLOSED = ("returned", "resolved")
LATELY = 3
"""Somebody who was upset two messages ago is not calm because they said "a person, please"."""

NO_ADVICE: Mapping[str, Any] = {"drafts": (), "articles": (), "timeline": (), "next_step": ""}
Shown = dict[str, Any]


async def show_case(parts: ConsoleParts, person: Person, handoff_id: str, page: Page) -> Shown:
    """Raises ``NotFound``."""
    row = await parts.view.case(person, handoff_id, page.language)
    file = await parts.services.store.case_file(person.shop_id, row["conversation_id"])
    if file is None:
        raise NotFound()
    advice = await parts.view.suggestions(person, handoff_id, file.conversation.language)
    waiting = [one for one in await parts.view.actions(person) if one["handoff_id"] == row["id"]]
    now = parts.services.clock()
    queued = row["status"] == "queued"
    photos = await parts.attachments.of(person.shop_id, row["conversation_id"])
    shown = {
        **_of_conversation(file, photos, person, page),
        **_of_packet(row["packet"], advice),
        "test_case": _test_case(parts, person, file),
        "id": row["id"],
        "ticket": row.get("ticket") or "",
        "state": row["status"],
        "queue": row["queue"],
        "holder": (row["claimed_by"] or "") if row["status"] not in CLOSED else "",
        "mine": row["claimed_by"] == person.name,
        "outcome": row["outcome"],
        "since": (now - timedelta(seconds=row["waiting_s"])).isoformat() if queued else "",
        "waited": waited(row["waiting_s"]),
        "promised_by": row["promised_by"] if queued else None,
        "reasons": [_reason(one, page) for one in row["reasons"]],
        "exceptions": [exception_view(one, page, parts.services.sentences) for one in waiting],
        "may": may(row, person, has_open=file.open_handoff is not None),
    }
    return {**shown, "why_not": why_not(shown, page)}


async def show_conversation(parts: ConsoleParts, person: Person, conversation_id: str, page: Page) -> Shown:
    """For a lead: any conversation; with its case when it has an open one. Raises ``NotFound``, ``Forbidden``."""
    if not person.leads:
        raise Forbidden()
    file = await parts.services.store.case_file(person.shop_id, conversation_id)
    if file is None:
        raise NotFound()
    if file.open_handoff is not None:
        return await show_case(parts, person, file.open_handoff.id, page)
    nothing = dict.fromkeys(("claim", "work", "write", "note", "whisper", "transfer", "reopen"), False)
    photos = await parts.attachments.of(person.shop_id, conversation_id)
    shown = {
        **_of_conversation(file, photos, person, page),
        **_of_packet({}, NO_ADVICE),
        "test_case": _test_case(parts, person, file),
        **dict.fromkeys(("id", "ticket", "queue", "holder", "outcome", "since", "waited"), ""),
        "state": file.conversation.status.value,
        "mine": False,
        "promised_by": None,
        "reasons": (),
        "exceptions": (),
        "may": {**nothing, "take_over": True},
    }
    return {**shown, "why_not": page.say("reads_only")}


def may(row: Mapping[str, Any], person: Person, *, has_open: bool) -> dict[str, bool]:
    """What the person may do with the case; the use-cases hold to the same, whatever the page shows."""
    closed, mine = row["status"] in CLOSED, row["claimed_by"] == person.name
    queued, held = row["status"] == "queued", bool(row["claimed_by"])
    work = mine and not closed
    return {
        "claim": queued,
        "work": work,
        "write": work,
        "note": True,
        "whisper": person.leads and held and not mine and not closed,
        "transfer": not closed and (work or queued or person.leads),
        "take_over": person.leads and held and not mine and not closed,
        "reopen": closed and not has_open,
    }


def why_not(shown: Shown, page: Page) -> str:
    """Why one cannot write to the shopper; empty when one can."""
    if shown["may"]["write"]:
        return ""
    if shown["state"] in CLOSED:
        return page.say("closed_case")
    return page.say("held_by", name=shown["holder"]) if shown["holder"] else page.say("claim_to_write")


def _test_case(parts: ConsoleParts, person: Person, file: CaseFile) -> str:
    """Where a lead saves the conversation as a case for the evaluation suite; empty for others."""
    allowed = person.leads and parts.as_case is not None
    return f"/console/conversations/{file.conversation.id}/case" if allowed else ""


def _of_conversation(file: CaseFile, photos: Sequence[Attachment], person: Person, page: Page) -> Shown:
    head = file.conversation
    curve = emotion_curve(file.messages)
    lately = [one["frustration"] for one in curve["emotion"][-LATELY:]]
    return {
        **curve,
        "conversation_id": head.id,
        "customer": customer_name(head),
        "language": head.language,
        "channel": head.channel,
        "identity_level": head.identity_level,
        "upset": max(lately, default=0.0) >= UPSET,
        "facts": [_fact(one) for one in head.facts],
        "actions": [{"status": one.status.value, "summary": one.summary} for one in file.actions],
        "tools": _tools(file),
        "photos": [photo_view(head.id, one) for one in photos],
        "thread": thread_of(file, photos, person.name, page),
    }


def _of_packet(packet: Mapping[str, Any], advice: Mapping[str, Any]) -> Shown:
    step = advice["next_step"] or packet.get("next_step") or ""
    timeline = advice["timeline"] or packet.get("timeline", ())
    return {
        "summary": [line for line in packet.get("summary", ()) if line != step],
        "next_step": step,
        "drafts": advice["drafts"],
        "articles": advice["articles"],
        "tool_words": {one["name"]: one["words"] for one in packet.get("tools", ()) if "words" in one},
        "orders": [_order(one, timeline) for one in packet.get("orders", ())],
    }


def _order(order: Mapping[str, Any], timeline: Sequence[Mapping[str, Any]]) -> Shown:
    tracked = next((one for one in timeline if one.get("order") == order["number"]), {})
    address = order.get("address") or {}
    place = (address.get("line1"), address.get("city"), address.get("postal_code"))
    return {
        **order,
        "parcels_shown": tracked.get("parcels", ()),
        "events": tracked.get("events", ()),
        "address": ", ".join(one for one in place if one),
    }


def _reason(reason: Mapping[str, Any], page: Page) -> Shown:
    """With the words that show it, or else with the rule that refused what was asked for."""
    if was_said(reason):
        return dict(reason)
    refused = REFUSED.fullmatch(reason["detail"])
    detail = page.label("refused", refused[2]) if refused else reason["detail"]
    return {**reason, "detail": detail, "message_id": ""}


def _fact(fact: Fact) -> Shown:
    return {"kind": fact.kind, "value": fact.value, "message_id": "" if fact.source == "desk" else fact.message_id}


def _tools(file: CaseFile) -> list[Shown]:
    counted = Counter((call.name, call.ok) for call in file.tool_calls)
    return [{"name": name, "ok": ok, "n": n} for (name, ok), n in counted.items()]
