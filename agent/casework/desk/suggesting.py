"""Replies a person may edit and send: rendered from what is known and from the articles, in the shopper's language."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from agent.casework.front import Storefront
from agent.conversation import ActionStatus, CaseFile, Json, Message, Speaker
from agent.loop.wording import Wording
from agent.understanding.reading import Intent
from knowledge.port import Passage
from prompts.loader import Sentences

MOST_DRAFTS = 4
MOST_ARTICLES = 3


async def find_articles(file: CaseFile, front: Storefront, language: str) -> Sequence[Passage]:
    """Passages about what the shopper wants, in that language: of the open requests, else of the last message."""
    heard = [message for message in file.messages if message.who is Speaker.SHOPPER]
    about = [message.text for message in heard if not _only_asks_for_person(message)]
    words = [one.words for one in file.conversation.agenda[:2]] or about[-1:]
    found: dict[tuple[str, str], Passage] = {}
    for text in words:
        for passage in await front.knowledge.search(text, language, MOST_ARTICLES):
            found.setdefault((passage.article, passage.text), passage)
    ranked = sorted(found.values(), key=lambda one: (not one.supports, -one.score))
    return ranked[:MOST_ARTICLES]


def draft_replies(
    file: CaseFile, packet: Json, passages: Sequence[Passage], person: str, sentences: Sentences
) -> list[dict[str, Any]]:
    """``id``, ``text`` and ``citations`` each, the most fitting first. Nothing in them is not in the case or an article."""
    language = file.conversation.language
    wording = Wording(sentences)
    drafts: list[dict[str, Any]] = [_draft("greeting", _greeting(file, packet, person, sentences))]
    for action in reversed(file.actions):
        if action.status is ActionStatus.EXECUTED and action.receipt:
            drafts.append(_draft(f"receipt:{action.id}", wording.receipt(action.kind, action.receipt, language)))
        elif action.status is ActionStatus.NEEDS_PERSON:
            drafts.append(_draft(f"exception:{action.id}", _exception(action.summary, language, sentences)))
    for story in packet["timeline"]:
        state = str(story["state"])
        text = sentences.say("desk.order", language, number=story["order"], state=state[:1].lower() + state[1:])
        drafts.append(_draft(f"order:{story['order']}", text))
    drafts[1:1] = [_quoting(passage) for passage in passages if passage.supports]
    return drafts[:MOST_DRAFTS]


def _only_asks_for_person(message: Message) -> bool:
    """That wish is met: the person reads it."""
    return {one["name"] for one in message.reading.get("intents", ())} == {Intent.HUMAN_AGENT.value}


def _greeting(file: CaseFile, packet: Json, person: str, sentences: Sentences) -> str:
    language, name = file.conversation.language, str(packet.get("customer_name") or "")
    wishes = [
        sentences.say(key, language)
        for one in file.conversation.agenda[:1]
        if sentences.has(key := f"packet.intent_{one.intent}")
    ]
    return sentences.say("desk.greeting", language, name=name, person=person, wish=wishes[0] if wishes else "")


def _exception(summary: str, language: str, sentences: Sentences) -> str:
    return f"{sentences.say('desk.looking', language)} {summary}"


def _quoting(passage: Passage) -> dict[str, Any]:
    cited = {"article": passage.article, "title": passage.title, "url": passage.url, "quote": passage.text}
    return _draft(f"article:{passage.article}", passage.text, (cited,))


def _draft(draft_id: str, text: str, citations: Sequence[Json] = ()) -> dict[str, Any]:
    return {"id": draft_id, "text": text, "citations": list(citations)}
