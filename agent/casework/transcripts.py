"""A conversation as something to keep: JSON, Markdown or a printable page, with actions and handoffs in it."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from agent.casework.attachments import Attachment, render_attachment
from agent.casework.rendering import render_action, render_handoff
from agent.casework.tickets import ticket_of
from agent.conversation import CaseFile, Message, Speaker
from prompts.loader import Sentences

LINE_END = "\n"


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


@dataclass(frozen=True, slots=True)
class Words:
    """In what words, and by whose clock, a transcript is written."""

    sentences: Sentences
    zone: ZoneInfo
    shop: str

    def say(self, key: str, language: str, **values: Any) -> str:
        """One of the sentences of ``transcript.yaml``."""
        return self.sentences.say(f"transcript.{key}", language, **values)


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing said or sent."""

    kind: str
    who: str
    at: datetime
    text: str


def transcript_md(file: CaseFile, words: Words, photos: Sequence[Attachment] = ()) -> str:
    """A Markdown document, oldest first."""
    language = file.conversation.language
    rows = [f"# {words.say('title', language, shop=words.shop)}", ""]
    rows += [f"**{one.who}, {one.at:%Y-%m-%d %H:%M}**  \n{one.text}\n" for one in _entries(file, words, photos)]
    for title, lines in _results(file, words):
        rows += [f"## {title}", "", *(f"- {line}" for line in lines), ""]
    return "\n".join(rows)


def transcript_html(file: CaseFile, words: Words, photos: Sequence[Attachment] = ()) -> str:
    """A printable page; everything that somebody wrote is escaped."""
    language = file.conversation.language
    title = html.escape(words.say("title", language, shop=words.shop))
    body = "".join(
        f"<h2>{html.escape(one.who)}, {one.at:%Y-%m-%d %H:%M}</h2><p>{html.escape(one.text).replace(LINE_END, '<br>')}</p>"
        for one in _entries(file, words, photos)
    )
    ends = "".join(
        f"<h2>{html.escape(name)}</h2><ul>{''.join(f'<li>{html.escape(line)}</li>' for line in lines)}</ul>"
        for name, lines in _results(file, words)
    )
    return (
        f'<!doctype html><html lang="{html.escape(language)}"><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title>'
        f"<main><h1>{title}</h1>{body}{ends}</main></html>"
    )


def _entries(file: CaseFile, words: Words, photos: Sequence[Attachment]) -> list[Entry]:
    """What was said and sent, in order, by the shop's clock."""
    language = file.conversation.language
    names = {Speaker.SHOPPER: words.say("you", language), Speaker.AGENT: words.say("agent", language)}
    someone = words.say("person", language)
    said = [
        Entry(one.who.value, names.get(one.who) or one.author or someone, one.at.astimezone(words.zone), one.text)
        for one in file.messages
    ]
    sent = [
        Entry(
            "photo", names[Speaker.SHOPPER], one.at.astimezone(words.zone), words.say("photo", language, name=one.name)
        )
        for one in photos
    ]
    return sorted((*said, *sent), key=lambda one: one.at)


def _results(file: CaseFile, words: Words) -> list[tuple[str, list[str]]]:
    """Changes and cases, each list under its title; none that is empty."""
    language = file.conversation.language
    changes = [f"{one.summary} ({words.say(f'status_{one.status.value}', language)})" for one in file.actions]
    cases = [words.say("case", language, ticket=ticket_of(one.id)) for one in file.handoffs]
    found = ((words.say("changes", language), changes), (words.say("cases", language), cases))
    return [(title, lines) for title, lines in found if lines]
