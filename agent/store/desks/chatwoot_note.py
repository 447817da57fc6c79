"""The private note with which a case arrives: what a person needs so that nothing is asked again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from agent.casework.outbox.help_desk import OutsideCase
from prompts.loader import Sentences

MOST_CHARACTERS = 40_000
"""Of the transcript; its beginning is left out first. Chatwoot takes 150,000 in a message."""


def write_note(case: OutsideCase, sentences: Sentences) -> str:
    """Markdown, in the desk's language."""
    packet = case.handoff.packet
    parts = [
        _say(
            case,
            sentences,
            "title",
            shop=case.shop_name,
            queue=case.handoff.queue,
            language=case.handoff.language,
            priority=str(case.handoff.priority),
        ),
        *_listed(case, sentences, "summary", packet.get("summary", ())),
        *_listed(case, sentences, "reasons", (_reason(one.code, one.detail) for one in case.handoff.reasons)),
        *_listed(case, sentences, "facts", (f"{one['kind']}: {one['value']}" for one in packet.get("facts", ()))),
        *_listed(case, sentences, "orders", (f"{one['number']}: {one['status']}" for one in packet.get("orders", ()))),
        *_listed(case, sentences, "actions", (_action(one) for one in packet.get("actions", ()))),
        *_listed(case, sentences, "transcript", _transcript(case, sentences)),
    ]
    return "\n\n".join(parts)


def _listed(case: OutsideCase, sentences: Sentences, key: str, lines: Iterable[str]) -> Iterator[str]:
    found = [f"- {_one_line(line)}" for line in lines if line]
    if found:
        yield "\n".join([f"**{_say(case, sentences, key)}**", *found])


def _transcript(case: OutsideCase, sentences: Sentences) -> Iterator[str]:
    spoken = [
        f"{one['author'] + ':' if one['author'] else _say(case, sentences, 'who_' + one['who'])} {one['text']}"
        for one in case.handoff.packet.get("transcript", ())
    ]
    room = MOST_CHARACTERS
    first = len(spoken)
    while first > 0 and (room := room - len(spoken[first - 1])) > 0:
        first -= 1
    if first:
        yield "…"
    yield from spoken[first:]


def _say(case: OutsideCase, sentences: Sentences, key: str, **values: Any) -> str:
    return sentences.say(f"outside.{key}", case.language, **values)


def _reason(code: str, detail: str) -> str:
    return f"{code}: «{detail}»" if detail else code


def _action(action: Mapping[str, Any]) -> str:
    failure = f" ({action['failure']})" if action.get("failure") else ""
    return f"{action.get('summary') or action['kind']} → {action['status']}{failure}"


def _one_line(text: str) -> str:
    return " ".join(text.split())
