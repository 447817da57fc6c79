"""What a wish comes to, once all of its words are weighed: what was read is what it sounded like."""

from __future__ import annotations

from collections.abc import Mapping

from agent.loop.cues import about_an_order, shows
from agent.loop.embedded.vocabulary import meaning_of
from agent.loop.signs import says
from agent.understanding.text import fold

GOODS = frozenset({"return_item", "exchange_item", "cancel_order", "change_items", "item_problem"})
WHERE_TO = frozenset({"change_address", "change_pickup", "change_delivery_slot"})
WHERE_IS_IT = frozenset({"order_status", "delivery_problem"})
ABOUT_RULES = frozenset({"policy_question", "product_help", "account_help", "out_of_scope"})
FORMS = frozenset({"size", "color"})
OF_GOODS = frozenset({"product", "order_number"})
FAULTS = ("damaged", "defective", "wrong_item")
NOT_AS_ORDERED = (*FAULTS, "missing_item")


def meant_by(name: str, words: str, said: Mapping[str, str]) -> str:
    """What a wish read as ``name`` comes to: money back for what came broken is a claim, a question about one's own order no
    theory. ``said`` are the values in its words by entity kind.
    """
    name = _sounded_like(name, words)
    if name in GOODS and meaning_of("withdraw", words) and meaning_of("sent_back", words):
        return "return_item"
    if name in ("return_item", "exchange_item"):
        return _sent_back(name, words)
    if name in ("cancel_order", "change_items"):
        return _of_the_order(name, words, said)
    if name == "item_problem":
        return "exchange_item" if meaning_of("size_trouble", words) and not meaning_of("problem", words) else name
    if name == "delivery_instructions" and "?" in words and says("what_if", words):
        return "policy_question"
    if name in WHERE_IS_IT:
        return _of_a_parcel(name, words, said)
    if name in ABOUT_RULES:
        return _about_rules(name, words, said)
    return _of_the_delivery(name, words) if name in WHERE_TO and "address" not in said else name


def _of_a_parcel(name: str, words: str, said: Mapping[str, str]) -> str:
    """Where a parcel is, unless something is only supposed, asked in general, or to be made good."""
    asks = says("asks_to_know", words) or says("asks_of_the_shop", words)
    asked_in_general = asks and not says("parcels", words) and "order_number" not in said
    if asked_in_general and not any(shows(one, words) for one in WHERE_IS_IT):
        return "policy_question"
    if says("supposes", words) and ("?" in words or says("asks_what_then", words)):
        return "policy_question"
    return "item_problem" if said.get("reason") in FAULTS or _is_to_be_made_good(words) else name


def _about_rules(name: str, words: str, said: Mapping[str, str]) -> str:
    """A question about the rules, unless it is about one's own goods, order or address."""
    if name == "product_help" and meaning_of("problem", words) in FAULTS and "?" not in words:
        return "item_problem"
    if name == "account_help" and "address" in said:
        return "change_address"
    if says("prefers", words) and said.keys() & FORMS and said.keys() & OF_GOODS:
        return "change_items"
    return (about_an_order(words) if "order_number" in said else "") or name


def _of_the_delivery(name: str, words: str) -> str:
    if says("brings_it", words):
        return "policy_question"
    return "delivery_instructions" if says("leaves", words) and not says("elsewhere", words) else name


def _sounded_like(name: str, words: str) -> str:
    """No claim when the slip was the shopper's own, no parcel to move when they ask who may collect it."""
    if name in ("item_problem", "exchange_item") and says("slipped", words):
        return "change_items"
    asks_who = name in WHERE_TO | WHERE_IS_IT | {"delivery_instructions"} and all(
        says(one, words) for one in ("somebody_else", "fetches", "may")
    )
    return "policy_question" if asks_who else name


def _is_to_be_made_good(words: str) -> bool:
    """Said to be delivered and not there, with what would make it good: no question where it is."""
    told = meaning_of("problem", words) == "not_received" and meaning_of("arrived", words)
    return bool(told) and meaning_of("wish", words) in ("replacement", "refund") and "?" not in words


def _sent_back(name: str, words: str) -> str:
    """Goods that came broken are reported; those for which nothing is wanted in their place are returned."""
    folded = fold(words)
    if name == "return_item" and meaning_of("problem", words) == "not_received":
        return "item_problem"
    if meaning_of("problem", words) in NOT_AS_ORDERED and not says("sends_back", folded):
        return "item_problem"
    return "return_item" if _goes_for_good(folded) else name


def _goes_for_good(folded: str) -> bool:
    """Whether goods go back and nothing is wanted in their place."""
    wants_other = says("changes", folded) or says("for_another", folded)
    return says("sends_for_good", folded) and not wants_other


def _of_the_order(name: str, words: str, said: Mapping[str, str]) -> str:
    """Paid another way, sent elsewhere, sent back or called off: what else a change of the order may come to."""
    folded = fold(words)
    if "payment_method" in said and says("pays", folded):
        return "payment_problem"
    if name == "cancel_order":
        return name
    if says("street", folded) and not says("changes", folded):
        return "change_address"
    return _without_change(words) or name


def _without_change(words: str) -> str:
    """What sounds like a change of the order and is none: goods sent back, an order called off; empty for a change."""
    folded = fold(words)
    if _goes_for_good(folded):
        return "return_item"
    taken_out = about_an_order(words) == "cancel_order" or says("removes", folded)
    return "cancel_order" if taken_out and not says("changes", folded) else ""
