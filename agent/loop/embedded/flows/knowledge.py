"""Questions about the shop's rules, answered from its articles or not at all."""

from __future__ import annotations

import re
from collections.abc import Sequence

from agent.conversation import Request
from agent.loop.embedded.case import Case, Result, Step
from agent.loop.embedded.flows.proposing import failed
from agent.loop.embedded.flows.quoting import lists_countries, quote
from agent.loop.signs import pattern_of, says
from agent.understanding.text import fold

SIGNED_IN = 2
SHORT = 20
"""Words up to which a question is asked as it is."""

CURT = 8
ASKS_IN_FULL = 5
ASKED, MOST_KEPT = "asked:", 120
"""In the memory before the last question about the rules, its words joined; a short one may go on with it."""

SENTENCE = re.compile(r"(?<=[.!?…])\s+")


def answer_question(case: Case, request: Request) -> Step:
    """The best passage in short, with its source; "I do not know" when none supports an answer."""
    found = case.call("search_knowledge", question=_question(case, request)[:480])
    if "error" in found:
        return failed(case, request, found)
    passage = next((one for one in found["passages"] if one["supports"]), None)
    return _unknown(case) if passage is None else _tell(case, request, passage)


def _unknown(case: Case) -> Step:
    key = "knowledge.unknown_again" if case.remembers("unknown") else "knowledge.unknown"
    case.remember("unknown")
    return Step((case.say(key),))


def _tell(case: Case, request: Request, passage: Result) -> Step:
    """The passage in short; of a list by country the shopper's own row, where an order of theirs tells the country."""
    country = _country(case) if lists_countries(passage["text"]) else ""
    text = quote(passage["text"], request.words, country)
    return Step((case.say("knowledge.answer", text=text, title=passage["title"]),))


def _country(case: Case) -> str:
    """Where the newest order that the shopper may see goes to; empty when there is none."""
    numbers: Sequence[str] = sorted(case.identity.orders)
    if case.identity.level >= SIGNED_IN:
        numbers = [str(one["number"]) for one in case.call("list_orders").get("orders", ())]
    order = case.call("get_order", number=numbers[0]) if numbers else {}
    return str(order.get("address", {}).get("country", ""))


def _question(case: Case, request: Request) -> str:
    """The shopper's words; what they leave out, because it is what is being talked about, is put in front."""
    about = request.slots.get("about")
    if not about:
        return _in_full(case, request.words)
    key = f"knowledge.about_{about}"
    return f"{case.say(key)} {request.words}"


def _in_full(case: Case, words: str) -> str:
    """What is asked; "and for electronics?" goes on with the question before."""
    before = next((word.removeprefix(ASKED) for word in case.memory if word.startswith(ASKED)), "")
    question = without_preface(words)
    if before and says("likewise", words) and len(words.split()) <= CURT:
        question = f"{before.replace('_', ' ')} {question}"
    case.memory[:] = [word for word in case.memory if not word.startswith(ASKED)]
    case.remember(ASKED + "_".join(question.split())[:MOST_KEPT])
    return question


def without_preface(words: str) -> str:
    """What a story asks in the end: the clause that begins with a question word, else the sentences that ask; all of it when
    none does.
    """
    clause = pattern_of("asking_clause").search(fold(words))
    if clause is not None and len(clause.group("asked").split()) >= ASKS_IN_FULL:
        return words[clause.start("asked") :]
    if len(words.split()) <= SHORT:
        return words
    asking = [
        one
        for one in SENTENCE.split(words)
        if says("asks_to_know", one) or ("?" in one and not says("how_are_you", one))
    ]
    return " ".join(asking) or words


def turn_down(case: Case, request: Request) -> Step:
    """Kindly not: what it can do instead. A question an article does answer is answered after all."""
    if says("asks_whether_bot", request.words):
        return Step((case.say("social.am_ai"),))
    found = case.call("search_knowledge", question=_in_full(case, request.words)[:480])
    passage = next((one for one in found.get("passages", ()) if one["supports"]), None)
    if passage is not None:
        return _tell(case, request, passage)
    if says("asks_of_the_shop", request.words):
        return _unknown(case)
    return Step((case.say("social.out_of_scope"),))
