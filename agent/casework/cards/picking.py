"""Lists to pick from, for what the reply asks: which order, which items, which size, when, where, to what address."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from agent.casework.cards.results import Results, View, last
from agent.casework.draft import Draft
from agent.loop.options import SIZE, label
from prompts.forms import day, hour, money
from prompts.loader import Sentences

ITEMS = ("return_options", "exchange_options", "get_order")
REASONS = ("too_small", "too_large", "not_as_described", "changed_mind", "damaged", "defective", "wrong_item", "gift")
MOST = 12


def picks(draft: Draft, results: Results, sentences: Sentences) -> list[dict[str, Any]]:
    """The card for the fact that is asked for; none when the tools of this turn found nothing to pick from."""
    asks, language = draft.asks, draft.conversation.language
    said = "\n".join(draft.paragraphs)
    for fact, make in (("address", _address), ("order_number", _orders), ("item", _items), ("size", _variants)):
        if fact in asks:
            card = make(results, language, sentences, said)
            return [card] if card else []
    if "reason" in asks:
        return [_reasons(language, sentences)]
    if "choice" in asks or "date" in asks:
        card = _slots(results, language, sentences, said) or _points(results, language, sentences, said)
        return [card] if card else []
    return []


def _orders(results: Results, language: str, sentences: Sentences, said: str) -> dict[str, Any] | None:
    found = last(results, "list_orders")
    if found is None:
        return None
    options = [
        _option(
            one["number"],
            sentences.say("card.order", language, number=one["number"]),
            ", ".join(one["items"]),
            say=str(one["number"]),
            price=money(one["total"], language),
        )
        for one in found["orders"]
    ]
    return _choice("orders", _spoken_of(options, said, key="id"), language, sentences)


def _items(results: Results, language: str, sentences: Sentences, _: str) -> dict[str, Any] | None:
    found = last(results, *ITEMS)
    if found is None:
        return None
    lines = [line for line in found["lines"] if line.get("open", 1) > 0]
    return {
        "type": "items",
        "order": found["number"],
        "title": sentences.say("card.choose_items", language),
        "lines": [
            {
                "id": line["line_id"],
                "label": line["title"],
                "detail": label(line["options"], language, sentences),
                "price": money(line["unit_price"], language),
                "most": line.get("open", line["quantity"]),
                "enabled": line.get("eligible", True),
                "note": "" if line.get("eligible", True) else sentences.say("card.not_possible", language),
                "say": _named(line, lines, language, sentences),
            }
            for line in lines
        ],
    }


def _named(line: View, lines: Iterable[View], language: str, sentences: Sentences) -> str:
    """The item as one would call it: by its title, and by its options where the title is not enough."""
    alone = sum(1 for other in lines if other["title"] == line["title"]) == 1
    return str(line["title"]) if alone else f"{line['title']} {label(line['options'], language, sentences)}"


def _variants(results: Results, language: str, sentences: Sentences, said: str) -> dict[str, Any] | None:
    found = last(results, "exchange_options", "product_stock")
    if found is None:
        return None
    lines = [line for line in found.get("lines", (found,)) if line["title"] in said] or found.get("lines", (found,))
    line = next((line for line in lines if line.get("variants")), None)
    if line is None:
        return None
    now = line.get("options") or _bought(line, results)
    options = [
        _option(
            one["variant_id"],
            label(one["options"], language, sentences),
            "" if one["in_stock"] else sentences.say("card.sold_out", language),
            say=label(_only_new(one["options"], now), language, sentences),
            price=_difference(one, language, sentences),
            enabled=one["in_stock"],
        )
        for one in sorted(line["variants"], key=lambda one: _is_other_in_more_than_size(one["options"], now))
        if one["options"] != now
    ]
    return _choice("variants", options[:40], language, sentences, subtitle=str(line["title"]))


def _bought(product: View, results: Results) -> View:
    """The options of what was bought of that product; empty when it is not known."""
    lines = (last(results, "get_order") or {}).get("lines", ())
    return next((line["options"] for line in lines if line["product_id"] == product["product_id"]), {})


def _only_new(options: View, now: View) -> View:
    """The options that differ from what the shopper has; all when it is not known or none would be left."""
    return {name: value for name, value in options.items() if now.get(name) != value} or options


def _is_other_in_more_than_size(options: View, now: View) -> bool:
    """Those come last: whoever wants another size mostly keeps the colour."""
    return any(now.get(name) not in (None, value) for name, value in options.items() if name != SIZE)


def _difference(variant: View, language: str, sentences: Sentences) -> str:
    difference = variant.get("difference")
    if difference is None:
        return money(variant["price"], language)
    amount = float(difference["amount"])
    if not amount:
        return sentences.say("card.same_price", language)
    return f"{'+' if amount > 0 else ''}{money(difference, language)}"


def _slots(results: Results, language: str, sentences: Sentences, said: str) -> dict[str, Any] | None:
    found = last(results, "delivery_options")
    options = [
        _option(
            one["slot_id"],
            day(one["starts_at"], language),
            f"{hour(one['starts_at'], language)}-{hour(one['ends_at'], language)}",
            say=sentences.say("card.say_slot", language, starts=one["starts_at"], ends=one["ends_at"]),
            price=money(one["fee"], language) if float(one["fee"]["amount"]) else "",
        )
        for one in (found or {}).get("slots", ())
    ]
    spoken = [one for one in options if one["label"] in said]
    return _choice("slots", spoken, language, sentences) if spoken else None


def _points(results: Results, language: str, sentences: Sentences, said: str) -> dict[str, Any] | None:
    found = last(results, "delivery_options")
    options = [
        _option(
            one["pickup_point_id"],
            one["name"],
            ", ".join(part for part in (one["address"]["line1"], one["address"]["city"], one["hours"]) if part),
            say=one["name"],
        )
        for one in (found or {}).get("pickup_points", ())
    ]
    spoken = [one for one in options if one["label"] in said]
    return _choice("pickup_points", spoken, language, sentences) if spoken else None


def _reasons(language: str, sentences: Sentences) -> dict[str, Any]:
    words = [(one, sentences.say(f"card.reason_{one}", language)) for one in REASONS]
    return _choice("reasons", [_option(one, word, "", say=word) for one, word in words], language, sentences)


def _address(results: Results, language: str, sentences: Sentences, _: str) -> dict[str, Any]:
    order = last(results, "get_order") or {}
    return {
        "type": "address",
        "title": sentences.say("card.choose_address", language),
        "country": (order.get("address") or {}).get("country") or None,
        "labels": {
            name: sentences.say(f"card.address_{name}", language)
            for name in ("line1", "line2", "city", "region", "postal_code")
        },
    }


def _option(key: str, words: str, detail: str, *, say: str, price: str = "", enabled: bool = True) -> dict[str, Any]:
    return {"id": key, "label": words, "detail": detail, "price": price, "enabled": enabled, "say": say}


def _choice(
    what: str, options: list[dict[str, Any]], language: str, sentences: Sentences, subtitle: str = ""
) -> dict[str, Any]:
    return {
        "type": "choice",
        "of": what,
        "title": sentences.say(f"card.choose_{what}", language),
        "subtitle": subtitle,
        "options": options,
    }


def _spoken_of(options: list[dict[str, Any]], said: str, key: str) -> list[dict[str, Any]]:
    """Those that the reply names; all when it names none."""
    return [one for one in options if str(one[key]) in said] or options[:MOST]
