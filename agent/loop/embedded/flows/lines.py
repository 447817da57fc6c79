"""Which items of an order the shopper means, and in which other form."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from agent.conversation import Request
from agent.loop.embedded.case import Case, Result, Step, with_slots
from agent.loop.embedded.mentions import fold, means_all, mentions, ordinal_in
from agent.understanding.reading import EntityKind

BIGGER = re.compile(
    r"\b(?:una? (?:talla|talle|numero|medida) (?:mas|arriba|mayor|mas grande)|(?:talla|talle|numero) mas (?:grande|alt[oa])|"
    r"mas grandes?|one size (?:up|bigger|larger)|(?:a )?size (?:up|bigger|larger)|bigger|larger|"
    r"um (?:numero|tamanho) (?:maior|acima|a mais)|maior)\b"
)
SMALLER = re.compile(
    r"\b(?:una? (?:talla|talle|numero|medida) (?:menos|abajo|menor|mas chic[oa]|mas pequen[oa])|mas (?:chic[oa]s?|pequen[oa]s?)|"
    r"one size (?:down|smaller)|(?:a )?size (?:down|smaller)|smaller|um (?:numero|tamanho) (?:menor|abaixo|a menos)|menor)\b"
)
SIZE_ORDER = ("xxs", "xs", "s", "m", "l", "xl", "xxl", "xxxl")


def choose_lines(case: Case, request: Request, lines: Sequence[Result], ask: str) -> list[Result] | Step:
    """The lines meant, or the question which; ``ask`` is the sentence that lists them."""
    by_id = {str(line["line_id"]): line for line in lines}
    kept = [by_id[one] for one in request.slots.get("lines", ()) if one in by_id]
    words = case.brief.reading.text
    said = [line for line in lines if mentions(words, str(line["title"]))]
    if said and (not kept or case.asked("item")):
        return said
    if kept:
        return kept
    if case.asked("item"):
        place = ordinal_in(words, len(lines))
        if place is not None:
            return [lines[place]]
    if means_all(words) or means_all(request.words):
        return list(lines)
    named = [line for line in lines if mentions(request.words, str(line["title"]))]
    if named or len(lines) == 1:
        return named or list(lines)
    shown = [{"title": line["title"], "options": dict(line["options"])} for line in lines]
    return Step((case.say(ask, items=shown),), ("item", "choice"), request)


def units_said(case: Case, line: Result) -> int:
    """How many of the line: what was said, within what is left; all of it otherwise."""
    said = case.heard(EntityKind.QUANTITY)
    left = int(line["open"])
    return int(said) if said and said.isdigit() and 0 < int(said) <= left else left


def choose_variant(case: Case, request: Request, line: Result) -> Result | None | Step:
    """The variant wanted, the question which, or none when what was said does not exist."""
    variants: Sequence[Result] = line["variants"]
    wish = wish_of(case, request, line["options"], variants)
    if not wish:
        options = sorted_options(variants, line["options"])
        key = "exchange.ask_variant" if options else "exchange.no_stock_at_all"
        if not options:
            return Step((case.say(key, title=line["title"]),))
        return Step((case.say(key, title=line["title"], options=options),), ("size", "choice"), request)
    found = [one for one in variants if _has(one["options"], {**line["options"], **wish})]
    loose = found or [one for one in variants if _has(one["options"], wish)]
    stocked = [one for one in loose if one["in_stock"]]
    return next(iter(stocked or loose), None)


def wish_of(case: Case, request: Request, present: Mapping[str, str], variants: Sequence[Result]) -> dict[str, str]:
    """The options that should change: a size or colour said, a size up or down, or any value the product has."""
    text = case.brief.reading.text
    wish: dict[str, str] = dict(request.slots.get("wish", {}))
    wish |= _named_values(text, present, variants)
    if not wish:
        wish |= _named_values(request.words, present, variants)
    if "size" not in wish and "size" in present:
        step = _direction(f"{text} {'' if wish else request.words}")
        if step and (size := _neighbour(present["size"], variants, step)):
            wish["size"] = size
    size = case.heard(EntityKind.SIZE)
    if size and "size" in present and re.fullmatch(r"\d+(?:[.,]\d+)?|x{0,3}[sml]", fold(size)):
        wish.setdefault("size", size.upper() if size.isalpha() else size)
    return {name: value for name, value in wish.items() if fold(value) != fold(present.get(name, ""))}


def _named_values(text: str, present: Mapping[str, str], variants: Sequence[Result]) -> dict[str, str]:
    folded = fold(text)
    found: dict[str, str] = {}
    for variant in variants:
        for name, value in variant["options"].items():
            if value == present.get(name) or (name == "size" and len(value) < 2 and not value.isdigit()):
                continue
            if re.search(rf"(?<![\w.,-]){re.escape(fold(str(value)))}(?![\w,-]|\.\d)", folded):
                found[name] = str(value)
    return found


def _direction(text: str) -> int:
    folded = fold(text)
    if BIGGER.search(folded):
        return 1
    return -1 if SMALLER.search(folded) else 0


def _neighbour(size: str, variants: Sequence[Result], step: int) -> str | None:
    sizes = sorted({str(one["options"].get("size", "")) for one in variants} | {size}, key=_rank)
    place = sizes.index(size) + step
    return sizes[place] if 0 <= place < len(sizes) and sizes[place] else None


def _rank(size: str) -> tuple[int, float, str]:
    if fold(size) in SIZE_ORDER:
        return (1, SIZE_ORDER.index(fold(size)), size)
    digits = re.match(r"\d+(?:[.,]\d+)?", size)
    return (0, float(digits.group().replace(",", ".")), size) if digits else (2, 0.0, size)


def _has(options: Mapping[str, str], wanted: Mapping[str, str]) -> bool:
    return all(fold(str(options.get(name, ""))) == fold(str(value)) for name, value in wanted.items())


def sorted_options(variants: Sequence[Result], present: Mapping[str, str]) -> list[str]:
    """What else there is in stock, as a shopper would name it: the forms that differ least, by what differs."""
    stocked = [(one, differing) for one in variants if one["in_stock"] and (differing := _differing(one, present))]
    nearest = min((len(differing) for _, differing in stocked), default=0)
    near = {" ".join(words): _rank(str(one["options"].get("size", ""))) for one, words in stocked if len(words) == nearest}
    return sorted(near, key=lambda label: near[label])[:8]


def _differing(variant: Result, present: Mapping[str, str]) -> list[str]:
    return [str(value) for name, value in variant["options"].items() if value != present.get(name)]


def remember(request: Request, order: str, chosen: Sequence[Result], **more: Any) -> Request:
    """The request with the order and lines found, so that they are not asked again."""
    return with_slots(request, request.stage or "open", order=order, lines=[str(one["line_id"]) for one in chosen], **more)
