"""What differs, as rows of a label, the old and the new."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from agent.loop.options import label
from prompts.forms import day, hour, money
from prompts.loader import Sentences

View = Mapping[str, Any]
ROWS = (
    "address",
    "slot",
    "pickup_point",
    "hold_until",
    "instructions",
    "lines",
    "returned",
    "claim",
    "payment_method",
    "refund",
    "fee",
    "refund_method",
    "ship_by",
)
"""In this order; what is not named here is not shown."""


def rows_of(before: View, after: View, language: str, sentences: Sentences) -> list[dict[str, str | None]]:
    """``{"label", "before", "after"}``; ``before`` is null where nothing was there."""
    rows = []
    for name in ROWS:
        old, new = (_written(name, side.get(name), language, sentences) for side in (before, after))
        if new or old:
            written = sentences.say(f"card.row_{name}", language)
            rows.append({"label": written, "before": old or None, "after": new or sentences.say("card.none", language)})
    return rows


def _written(name: str, value: Any, language: str, sentences: Sentences) -> str:
    """A value in words; empty for none."""
    return WRITERS[name](value, language, sentences) if value else ""


def _address(value: View, _: str, __: Sentences) -> str:
    parts = (value["line1"], value["line2"], value["city"], value["region"], value["postal_code"])
    return ", ".join(str(part) for part in parts if part)


def _slot(value: View, language: str, _: Sentences) -> str:
    return (
        f"{day(value['starts_at'], language)}, {hour(value['starts_at'], language)}-{hour(value['ends_at'], language)}"
    )


def _point(value: View, _: str, __: Sentences) -> str:
    return f"{value['name']}, {value['address']['line1']}"


def _units(value: Sequence[View], language: str, sentences: Sentences) -> str:
    return "\n".join(_unit(one, language, sentences) for one in value)


def _unit(one: View, language: str, sentences: Sentences) -> str:
    options = label(one["options"], language, sentences) if one.get("options") else ""
    key = f"card.reason_{one.get('reason')}"
    reason = sentences.say(key, language) if sentences.has(key) else ""
    more = ", ".join(part for part in (options, reason) if part)
    counted = str(one["title"]) if one["quantity"] == 1 else f"{one['quantity']} × {one['title']}"
    return f"{counted} ({more})" if more else counted


def _claim(value: View, language: str, sentences: Sentences) -> str:
    words = [sentences.say(f"card.problem_{value['problem']}", language), _units(value["lines"], language, sentences)]
    wish = f"card.wish_{value['wish']}"
    return ". ".join(part for part in (*words, sentences.say(wish, language) if sentences.has(wish) else "") if part)


def _method(value: View, language: str, sentences: Sentences) -> str:
    key = f"method.{value['kind']}"
    key = key if sentences.has(key) else "method.other"
    return sentences.say(key, language, **{name: value[name] for name in sentences.keys[key]})


WRITERS: Mapping[str, Callable[[Any, str, Sentences], str]] = {
    "address": _address,
    "slot": _slot,
    "pickup_point": _point,
    "hold_until": lambda value, language, _: day(value, language),
    "instructions": lambda value, *_: str(value),
    "lines": _units,
    "returned": _units,
    "claim": _claim,
    "payment_method": _method,
    "refund": lambda value, language, _: money(value, language),
    "fee": lambda value, language, _: money(value, language) if float(value["amount"]) else "",
    "refund_method": _method,
    "ship_by": lambda value, language, _: day(value, language),
}
