"""Questions about the shop's rules, answered from its articles or not at all."""

from __future__ import annotations

import re

from agent.conversation import Request
from agent.loop.embedded.case import Case, Step
from agent.loop.embedded.flows.proposing import failed
from agent.loop.signs import says

SENTENCES = 3


def answer_question(case: Case, request: Request) -> Step:
    """The best passage in short, with its source; "I do not know" when none supports an answer."""
    found = case.call("search_knowledge", question=_question(case, request)[:480])
    if "error" in found:
        return failed(case, request, found)
    passage = next((one for one in found["passages"] if one["supports"]), None)
    if passage is None:
        key = "knowledge.unknown_again" if case.remembers("unknown") else "knowledge.unknown"
        case.remember("unknown")
        return Step((case.say(key),))
    return Step((case.say("knowledge.answer", text=shorten(passage["text"]), title=passage["title"]),))


def _question(case: Case, request: Request) -> str:
    """The shopper's words; what they leave out, because it is what is being talked about, is put in front."""
    about = request.slots.get("about")
    if not about:
        return request.words
    key = f"knowledge.about_{about}"
    return f"{case.say(key)} {request.words}"


def turn_down(case: Case, request: Request) -> Step:
    """Kindly not: what it can do instead. A question an article does answer is answered after all."""
    if says("asks_whether_bot", request.words):
        return Step((case.say("social.am_ai"),))
    found = case.call("search_knowledge", question=request.words[:480])
    passage = next((one for one in found.get("passages", ()) if one["supports"]), None)
    if passage is not None:
        return Step((case.say("knowledge.answer", text=shorten(passage["text"]), title=passage["title"]),))
    return Step((case.say("social.out_of_scope"),))


def shorten(text: str) -> str:
    """The first sentences of a passage, without its Markdown."""
    plain = re.sub(r"[*_`]|\[([^\]]*)\]\([^)]*\)", r"\1", text)
    rows = [row.strip() for row in plain.splitlines() if row.strip() and not row.lstrip().startswith(("#", "|"))]
    pieces = re.split(r"(?<=[.!?])\s+", " ".join(row.lstrip("- ") for row in rows))
    return " ".join(pieces[:SENTENCES])
