"""A packet in the language of whoever reads it: a summary, words for every code, and what to do next."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from agent.casework.order_story import tell_story
from agent.casework.packet_summary import written_lines
from agent.conversation import ActionStatus, Json
from prompts.loader import Sentences

MOST_LINES = 8
LONGEST = 160
UPSET = 0.5
GRAVE = ("safety", "fraud", "legal", "vulnerable", "data_privacy")
OUTAGE = "tool_outage"
PERSON_ASKED = "human_request"
"""What a person answers is what was said before it."""


def word_packet(packet: Json, language: str, sentences: Sentences) -> dict[str, Any]:
    """The packet with ``summary`` and ``next_step`` in that language, and ``words`` beside every code."""
    speech = Speech(language, sentences)
    return {
        **packet,
        "summary": write_summary(packet, language, sentences),
        "next_step": next_step(packet, language, sentences),
        "facts": [
            {**one, "label": speech.word("fact", one["kind"]), "words": speech.fact(one)} for one in packet["facts"]
        ],
        "reasons": [{**one, "words": speech.word("reason", one["code"])} for one in packet["reasons"]],
        "actions": [
            {**one, "words": speech.word("kind", one["kind"]), "status_words": speech.word("status", one["status"])}
            for one in packet["actions"]
        ],
        "tools": [{**one, "words": speech.word("tool", one["name"])} for one in packet["tools"]],
        "open_requests": [{**one, "label": speech.word("intent", one["intent"])} for one in packet["open_requests"]],
        "orders": [{**one, "status_words": speech.word("order", one["status"])} for one in packet["orders"]],
        "timeline": [tell_story(one, language, sentences) for one in packet["stories"]],
        "earlier": [
            {**one, "words": [speech.word("reason", code) for code in one["reasons"]]} for one in packet["earlier"]
        ],
    }


def write_summary(packet: Json, language: str, sentences: Sentences) -> list[str]:
    """At most eight lines: who, why, what is wanted, which orders, what was tried, how they feel, what to do.

    Between who and what to do, a model's words where it has written them.
    """
    speech = Speech(language, sentences)
    written = written_lines(packet, language)
    lines = [_who(packet, speech), *written] if written else [line for line in _lines(packet, speech) if line]
    return [*lines[: MOST_LINES - 1], next_step(packet, language, sentences)]


def _lines(packet: Json, speech: Speech) -> Iterator[str]:
    yield _who(packet, speech)
    if packet["reasons"]:
        first = packet["reasons"][0]
        detail = "" if first["detail"] in ("button", "internal") else first["detail"][:LONGEST]
        yield speech.say("reason", reason=speech.word("reason", first["code"]), detail=detail)
    for wish in packet["open_requests"][:2]:
        yield speech.say("wants", wish=speech.word("intent", wish["intent"]), words=wish["words"][:LONGEST])
    for order in packet["orders"][:2]:
        yield speech.say("order", number=order["number"], status=speech.word("order", order["status"]))
    for action in packet["actions"][-1:]:
        yield speech.say(
            "action",
            kind=speech.word("kind", action["kind"]),
            order=action["order"] or "",
            status=speech.word("status", action["status"]),
        )
    upset = max((one["frustration"] for one in packet["emotion"][-3:]), default=0.0)
    yield speech.say("upset") if upset >= UPSET else ""


def _who(packet: Json, speech: Speech) -> str:
    return speech.say(
        "who",
        name=packet.get("customer_name") or speech.say("unknown_customer"),
        identity=speech.word("identity", str(packet["identity_level"])),
        spoken=speech.word("language", packet["language"]),
    )


def next_step(packet: Json, language: str, sentences: Sentences) -> str:
    """The one thing to do first, from what is known."""
    speech = Speech(language, sentences)
    codes = {one["code"] for one in packet["reasons"]}
    grave = next((code for code in GRAVE if code in codes), None)
    if grave:
        return speech.say(f"next_{grave}")
    for action in reversed(packet["actions"]):
        about = {"kind": speech.word("kind", action["kind"]), "order": action["order"] or ""}
        if action["status"] == ActionStatus.NEEDS_PERSON:
            return speech.say("next_decide", **about)
        if action["failure"] == "unresolved":
            return speech.say("next_check", **about)
    if OUTAGE in codes:
        return speech.say("next_outage")
    if packet["open_requests"]:
        wish = packet["open_requests"][0]
        return speech.say("next_go_on", wish=speech.word("intent", wish["intent"]))
    said = [one for one in packet["transcript"] if one["who"] == "shopper"]
    asked = {one["message_id"] for one in packet["reasons"] if one["code"] == PERSON_ASKED}
    last = [*said, *(one for one in said if one["id"] not in asked)][-1:]
    return speech.say("next_answer", words=last[0]["text"][:LONGEST]) if last else speech.say("next_greet")


class Speech:
    """The desk's words in one language."""

    def __init__(self, language: str, sentences: Sentences) -> None:
        self._language = language
        self._sentences = sentences

    def say(self, key: str, **values: Any) -> str:
        """A sentence of ``packet.yaml``."""
        return self._sentences.say(f"packet.{key}", self._language, **values)

    def word(self, group: str, code: str) -> str:
        """The word for a code; one that has none is shown with spaces for its underscores."""
        key = f"packet.{group}_{code}"
        return self._sentences.say(key, self._language) if self._sentences.has(key) else code.replace("_", " ")

    def fact(self, fact: Json) -> str:
        """A fact's value, readable: a reason as a word, an address on one line."""
        value = str(fact["value"])
        if fact["kind"] == "reason":
            return self.word("because", value)
        if fact["kind"] == "address" and value.startswith("{"):
            parts: Mapping[str, Any] = json.loads(value)
            return ", ".join(str(part) for part in parts.values() if part)
        return value
