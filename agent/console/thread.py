"""The middle: what was said, noted and done, in the order in which it happened."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from agent.casework.attachments import Attachment
from agent.casework.desk.rows import frustration_of
from agent.console.pages import Page
from agent.conversation import Action, CaseFile, Entry, Handoff, Message, Speaker

WRITTEN = frozenset({"note", "whisper"})
Said = dict[str, Any]


def thread_of(file: CaseFile, photos: Iterable[Attachment], me: str, page: Page) -> list[Said]:
    """Messages, photos, notes, whispers, and lines on what happened to the case; each with an id of its own."""
    told = [*_messages(file, me), *_logs(file.handoffs, page), *_done(file.actions, page)]
    told += [photo_view(file.conversation.id, one) for one in photos]
    return sorted(told, key=lambda one: one["when"])


def photo_view(conversation_id: str, one: Attachment) -> Said:
    """A photo of the shopper's, drawn anew before it was kept; its address is for whoever is signed in."""
    return {
        "kind": "photo",
        "id": one.name.partition(".")[0],
        "name": one.name,
        "href": f"/console/conversations/{conversation_id}/photos/{one.name}",
        "kilobytes": max(1, one.size // 1024),
        "at": one.at.isoformat(),
        "when": (one.at, 1, 0),
    }


def _messages(file: CaseFile, me: str) -> Iterator[Said]:
    evidence: dict[str, list[str]] = {}
    for handoff in file.handoffs:
        for reason in handoff.reasons:
            evidence.setdefault(reason.message_id, []).append(reason.detail)
    for message in file.messages:
        yield {
            "kind": "message",
            "id": message.id,
            "who": message.who.value,
            "author": message.author,
            "mine": message.who is Speaker.PERSON and message.author == me,
            "text": message.text,
            "evidence": evidence.get(message.id, ()),
            "frustration": _frustration(message),
            "citations": message.citations,
            "at": message.at.isoformat(),
            "when": (message.at, 1, message.seq),
        }


def _logs(handoffs: Iterable[Handoff], page: Page) -> Iterator[Said]:
    for handoff in handoffs:
        opened = page.say("log_queued", queue=page.label("queue", handoff.queue))
        yield _event(f"{handoff.id}-opened", opened, handoff.created_at, 2)
        for n, entry in enumerate(handoff.log):
            yield from _entry(f"{handoff.id}-{n}", entry, page)


def _entry(key: str, entry: Entry, page: Page) -> Iterator[Said]:
    if entry.kind not in WRITTEN:
        yield _event(key, _happened(entry, page), entry.at, 3)
        return
    yield {
        "kind": entry.kind,
        "id": key,
        "author": entry.by,
        "to": entry.to,
        "text": entry.text,
        "at": entry.at.isoformat(),
        "when": (entry.at, 3, 0),
    }


def _happened(entry: Entry, page: Page) -> str:
    words: dict[str, Callable[[], str]] = {
        "transferred": lambda: page.say("log_transferred", by=entry.by, to=page.label("queue", entry.to)),
        "overdue": lambda: page.say("log_overdue"),
        "callback": lambda: page.say("log_callback"),
    }
    plain = ("claimed", "returned", "resolved", "reopened", "approved", "declined")
    if entry.kind in plain:
        said = page.say(f"log_{entry.kind}", by=entry.by)
    else:
        said = words[entry.kind]() if entry.kind in words else page.label("state", entry.kind)
    return f"{said}: {entry.text}" if entry.text else said


def _done(actions: Iterable[Action], page: Page) -> Iterator[Said]:
    for action in actions:
        what = page.say("action_line", what=action.summary, status=page.label("state", action.status.value))
        yield _event(f"{action.id}-{action.status.value}", what, action.decided_at or action.created_at, 2)


def _event(key: str, text: str, at: Any, order: int) -> Said:
    return {"kind": "event", "id": key, "text": text, "at": at.isoformat(), "when": (at, order, 0)}


def _frustration(message: Message) -> float:
    return frustration_of(message) if message.who is Speaker.SHOPPER and message.reading else 0.0
