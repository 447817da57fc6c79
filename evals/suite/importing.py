"""A stored conversation becomes a case: the same moves, told by a customer of the demo shop, with personal data replaced.

What the agent did is written down as a draft of what is expected, under the tag ``draft``: whether it was right, a person says.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import yaml

from agent.casework.ports import Store
from agent.conversation import CaseFile, ConversationId, Turn, TurnId, TurnKind
from agent.understanding.redaction import redact
from evals.world import FRIDAY_AFTERNOON
from tools.shop.demo import demo_shop
from tools.shop.models import Customer, CustomerId, Order
from tools.shop.port import Shop

ACTORS: Final = {"es": "lucia-hernandez", "en": "emma-clark", "pt": "joao-pereira"}
PRESSED: Final = {
    TurnKind.CONFIRM: "confirm",
    TurnKind.REJECT: "reject",
    TurnKind.UNDO: "undo",
    TurnKind.HANDOFF: "person",
}
HEAD: Final = (
    "# yaml-language-server: $schema=../schema.json\n"
    "# Imported with personal data replaced. Read every line once more, then write down what should have been: `expect` is\n"
    "# what was done. Take the tag `draft` away when it is right.\n"
)
BEGINNING: Final = (0, 0)
MOST_EVENTS: Final = 100_000
_EMAIL: Final = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE: Final = re.compile(r"(?<![\w#])\+?\d[\d ().-]{7,16}\d(?!\w)")
_LINK: Final = re.compile(r"https?://\S+")


@dataclass(frozen=True, slots=True)
class Imported:
    """The case's file as text, its name and language, and how many words were replaced."""

    text: str
    name: str
    language: str
    replaced: int


class Replacement:
    """Words of a person and what stands for them; the longest go first, so that a part never spoils a whole."""

    def __init__(self, words: Mapping[str, str]) -> None:
        self._words = {word: to for word, to in words.items() if len(word.strip()) > 1 and word != to}
        ordered = sorted(self._words, key=lambda word: -len(word))
        self._pattern = re.compile("|".join(rf"(?<!\w){re.escape(word)}(?!\w)" for word in ordered) or r"(?!)", re.I)
        self._folded = {word.casefold(): to for word, to in self._words.items()}
        self.count = 0

    def __call__(self, text: str, actor: Customer) -> str:
        """The text without the person."""
        safe = self._pattern.sub(self._swap, redact(text))
        for pattern, to in ((_LINK, "https://example.com"), (_EMAIL, actor.email), (_PHONE, actor.phone)):
            for found in dict.fromkeys(pattern.findall(safe)):
                safe = safe.replace(found, self._other(found, to))
        return safe

    def _swap(self, found: re.Match[str]) -> str:
        self.count += 1
        return self._folded[found[0].casefold()]

    def _other(self, found: str, to: str) -> str:
        if found in self._folded.values():
            return found
        self.count += found != to
        return to


async def import_conversation(store: Store, shop_id: str, conversation_id: str, shop: Shop | None) -> Imported:
    """The case; it plays in the demo shop. ``shop`` is where the person's own data is looked up. Raises ``LookupError``."""
    file = await store.case_file(shop_id, ConversationId(conversation_id))
    if file is None:
        raise LookupError(f"{conversation_id}: no such conversation in shop {shop_id!r}")
    demo = demo_shop(FRIDAY_AFTERNOON)
    actor = next(one for one in demo.customers if one.id == ACTORS[file.conversation.language])
    theirs = [order for order in demo.orders if order.customer_id == actor.id]
    replacement = Replacement(await _words(file, shop, actor, theirs))
    lines = [line async for turn in _turns(store, file) if (line := _line(turn, file, replacement, actor))]
    if not lines:
        raise LookupError(f"{conversation_id}: the shopper did nothing in it")
    body = {
        "title": f"A conversation of {file.conversation.created_at.date().isoformat()}, imported",
        "tags": ["imported", "draft"],
        "alone": "imported from one conversation",
        "fixture": {"customer": str(actor.id), "identity": _identity(file)},
        "shopper": {"lines": lines},
        "expect": _expect(file, lambda number: replacement(number, actor)),
    }
    text = yaml.safe_dump(body, allow_unicode=True, sort_keys=False, width=120)
    name = re.sub(r"[^a-z0-9]+", "-", conversation_id.lower()).strip("-")
    return Imported(HEAD + text, name, file.conversation.language, replacement.count)


async def written_as_case(store: Store, shop_id: str, conversation_id: str, shop: Shop) -> tuple[str, str]:
    """What the desk's pages give away for a conversation: the file's name and its text. Raises ``LookupError``."""
    imported = await import_conversation(store, shop_id, conversation_id, shop)
    return f"{imported.name}.{imported.language}.yaml", imported.text


async def _words(file: CaseFile, shop: Shop | None, actor: Customer, theirs: Sequence[Order]) -> dict[str, str]:
    """Everything known of the person, and what stands for it."""
    words: dict[str, str] = {}
    stands = {
        "name": actor.first_name, "email": actor.email, "postal_code": actor.address.postal_code,
        "address": actor.address.line1, "phone": actor.phone, "tracking_number": "TRACKING",
    }  # fmt: skip
    for fact in file.conversation.facts:
        if fact.kind in stands:
            words[fact.value] = stands[fact.kind]
    if file.conversation.customer_id and shop is not None:
        known = await shop.customer(CustomerId(file.conversation.customer_id))
        words |= _of_customer(known, actor) if known else {}
    numbers = [fact.value for fact in file.conversation.facts if fact.kind == "order_number"]
    numbers += [*file.conversation.verified_orders, *(one.order_number for one in file.actions if one.order_number)]
    numbers += [str(call.arguments["number"]) for call in file.tool_calls if call.arguments.get("number")]
    own = {str(order.number) for order in theirs}
    spare = iter([number for number in sorted(own) if number not in numbers] or sorted(own))
    for number in dict.fromkeys(numbers):
        if number not in own:
            words[number] = next(spare, sorted(own)[0])
    return words


def _of_customer(known: Customer, actor: Customer) -> dict[str, str]:
    theirs, mine = known.address, actor.address
    words = {
        known.email: actor.email, known.first_name: actor.first_name, known.last_name: actor.last_name,
        known.phone: actor.phone, theirs.line1: mine.line1, theirs.line2: mine.line2, theirs.city: mine.city,
        theirs.postal_code: mine.postal_code, theirs.recipient: actor.name,
    }  # fmt: skip
    return {word: to for word, to in words.items() if word}


async def _turns(store: Store, file: CaseFile) -> AsyncIterator[Turn]:
    """The shopper's moves in their order, from the event log."""
    head = file.conversation
    for event in await store.events_after(head.shop_id, head.id, BEGINNING, MOST_EVENTS):
        if event.type == "turn.started":
            turn = await store.turn(head.shop_id, TurnId(str(event.data["turn_id"])))
            if turn is not None and turn.kind is not TurnKind.DESK:
                yield turn


def _line(turn: Turn, file: CaseFile, replacement: Replacement, actor: Customer) -> Any:
    if turn.kind is not TurnKind.MESSAGE:
        return {"press": PRESSED[turn.kind]}
    said = str(turn.input["text"])
    if (code := file.conversation.fact("code")) and code.value in said:
        return "CODE"
    return replacement(said, actor)


def _identity(file: CaseFile) -> str:
    """Who proved who they are within the conversation begins as nobody."""
    proved = any(fact.kind in ("email", "code", "postal_code") for fact in file.conversation.facts)
    return "signed_in" if file.conversation.identity_level and not proved else "anonymous"


def _expect(file: CaseFile, number: Callable[[str], str]) -> dict[str, Any]:
    """What was done, without what hangs on the shop it was done in."""
    actions = [{"kind": one.kind, "status": one.status.value} for one in file.actions]
    reasons = sorted({reason.code for one in file.handoffs for reason in one.reasons})
    escalation = {"decide": "escalate", "reasons": reasons} if file.handoffs else {"decide": "stay"}
    orders: dict[str, Any] = {
        number(one.order_number): {} for one in file.actions if one.order_number and one.status.value == "executed"
    }
    return {"actions": actions, "escalation": escalation} | ({"orders": orders} if orders else {})
