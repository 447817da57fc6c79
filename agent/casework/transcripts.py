"""A conversation as something to keep: JSON, Markdown or a printable page, with actions and handoffs in it."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import Any

from agent.casework.attachments import Attachment, render_attachment
from agent.casework.rendering import render_action, render_handoff
from agent.conversation import CaseFile, Message

WHO = {"shopper": "🛍", "agent": "🤖", "person": "👤"}


def transcript_json(file: CaseFile, photos: Sequence[Attachment] = ()) -> dict[str, Any]:
    """Everything said and done, as data."""
    head = file.conversation
    return {
        "conversation_id": head.id,
        "status": head.status.value,
        "language": head.language,
        "created_at": head.created_at.isoformat(),
        "messages": [render_message(message) for message in file.messages],
        "attachments": [render_attachment(head.id, one) for one in photos],
        "actions": [render_action(action) for action in file.actions],
        "handoffs": [render_handoff(handoff, 0) for handoff in file.handoffs],
    }


def render_message(message: Message) -> dict[str, Any]:
    """One message as the shopper may see it."""
    return {
        "id": message.id,
        "seq": message.seq,
        "who": message.who.value,
        "author": message.author,
        "text": message.text,
        "at": message.at.isoformat(),
        "language": message.language,
        "citations": [dict(one) for one in message.citations],
        "client_message_id": message.client_message_id,
    }


def transcript_md(file: CaseFile, photos: Sequence[Attachment] = ()) -> str:
    """A Markdown document, oldest first."""
    rows = [f"# {file.conversation.id}", ""]
    rows += [f"**{WHO[one.who.value]} {one.at:%Y-%m-%d %H:%M}** {one.text}\n" for one in file.messages]
    rows += [f"**{WHO['shopper']} {one.at:%Y-%m-%d %H:%M}** 📎 `{one.name}`\n" for one in photos]
    if file.actions:
        rows += ["## Acciones · Actions · Ações", ""]
        rows += [
            f"- `{one.id}` {one.kind} {one.order_number or ''} {one.status.value}: {one.summary}"
            for one in file.actions
        ]
    if file.handoffs:
        rows += ["", "## Personas · People · Pessoas", ""]
        rows += [f"- `{one.id}` {one.status.value} ({', '.join(r.code for r in one.reasons)})" for one in file.handoffs]
    return "\n".join(rows) + "\n"


def transcript_html(file: CaseFile, photos: Sequence[Attachment] = ()) -> str:
    """A printable page; everything that somebody wrote is escaped."""
    language = html.escape(file.conversation.language)
    body = "".join(
        f"<p class={one.who.value}><b>{WHO[one.who.value]} {one.at:%Y-%m-%d %H:%M}</b><br>{html.escape(one.text)}</p>"
        for one in file.messages
    )
    files = "".join(f"<li>📎 {one.at:%Y-%m-%d %H:%M} {html.escape(one.name)}</li>" for one in photos)
    acts = "".join(
        f"<li>{html.escape(one.kind)} {html.escape(one.order_number or '')}: {one.status.value}. {html.escape(one.summary)}</li>"
        for one in file.actions
    )
    people = "".join(
        f"<li>{one.status.value}: {html.escape(', '.join(r.code for r in one.reasons))}</li>" for one in file.handoffs
    )
    title = html.escape(file.conversation.id)
    return (
        f'<!doctype html><html lang="{language}"><meta charset="utf-8"><title>{title}</title>'
        f"<h1>{title}</h1>{body}<ul>{files}</ul><ul>{acts}</ul><ul>{people}</ul></html>"
    )
