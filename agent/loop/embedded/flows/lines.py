"""Which items of an order the shopper means, and how many of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from agent.conversation import Request
from agent.loop.embedded.case import Case, Result, Step, with_slots
from agent.loop.embedded.mentions import NUMERALS, fold, means_all, ordinals_in, place_of, places_of_title, spoken_of
from agent.loop.embedded.vocabulary import meaning_of
from agent.loop.options import label, places_of
from agent.loop.signs import pattern_of
from agent.understanding.reading import EntityKind

KEEP = re.compile(
    r"\b(?:keep(?:ing)?|but not|except(?: for)?|menos|excepto|salvo|conserv\w*|mant[eé]n\w*|(?:me )?qued\w+ con|"
    r"fic\w+ com|exceto|mas n[aã]o|pero no)\b",
    re.IGNORECASE,
)
NOT_THESE = re.compile(
    r"\b(?:y|e|and|but|pero|mas|,) (?:el|la|los|las|the|o|a|os|as) \S+ (?:no|not|nao)(?=\W*(?:$|[.,;!]))"
)
"""Goods named only to be left out: "the belt, and the jeans not"."""
COUNTED = re.compile(r"\b([a-z]+|\d{1,2})(?: ?[x×])?(?: (?:de|of|das|dos|my|mis))?(?: (?:las|los|the|my|mis|as|os))? $")
UNITS = {"one": 1, "two": 2, "three": 3}


def choose_lines(
    case: Case, request: Request, lines: Sequence[Result], ask: str, *, spares: str = ""
) -> list[Result] | Step:
    """The lines meant, or the question which; ``ask`` is the sentence that lists them, ``ask`` + ``_again`` the next.

    ``spares`` is the sign of what is said of goods that are not meant.
    """
    by_id = {str(line["line_id"]): line for line in lines}
    kept = [by_id[one] for one in request.slots.get("lines", ()) if one in by_id]
    said = named_in(_without(case.text, spares), lines)
    if said and not (kept and case.asked("size")):
        return said
    if kept:
        return kept
    places = ordinals_in(case.text, len(lines)) if case.asked("item") else []
    if places:
        return [lines[place] for place in places]
    if means_all(case.text) or means_all(request.words):
        return list(lines)
    named = named_in(_without(request.words, spares), lines)
    if named or len(lines) == 1:
        return named or list(lines)
    shown = [{"title": line["title"], "label": label_of(case, line)} for line in lines]
    again = case.asked("item") and case.sentences.has(f"{ask}_again")
    return Step((case.say(f"{ask}_again" if again else ask, items=shown),), ("item", "choice"), request)


def _without(text: str, sign: str) -> str:
    return pattern_of(sign).sub(" ", fold(text)) if sign else text


def spent_among(case: Case, request: Request, lines: Sequence[Result]) -> list[Result]:
    """Lines with nothing left that are spoken of while none is that has some: no other line may take their place."""
    left = [line for line in lines if line["open"] > 0]
    spent = [line for line in lines if line["open"] <= 0]
    texts = (case.text,) if request.slots.get("lines") else (case.text, request.words)
    if not spent or any(named_in(text, left) for text in texts):
        return []
    return next((named for text in texts if (named := named_in(text, spent))), [])


def named_in(text: str, lines: Sequence[Result]) -> list[Result]:
    """The lines whose goods the text speaks of, without those that it says are kept.

    Of several of one kind those whose size or colour it names, too.
    """
    meant, _, kept = KEEP.sub("\0", NOT_THESE.sub(" ", fold(text)), count=1).partition("\0")
    said = spoken_of(meant, lines, _title)
    if not said and kept and (means_all(meant) or not meant.strip()):
        spared = spoken_of(kept, lines, _title)
        said = [line for line in lines if line not in spared]
    folded = fold(meant)
    closer = [
        line for line in said if any(places_of(str(one), folded, alone=False) for one in line["options"].values())
    ]
    return closer if closer and len({line["title"] for line in said}) == 1 else said


def _title(line: Result) -> Sequence[str]:
    return (str(line["title"]),)


def part_about(text: str, line: Result, lines: Sequence[Result]) -> str:
    """The stretch of the text that speaks of the line: from its goods to those of the next line named."""
    starts = {str(one["line_id"]): place_of(text, str(one["title"])) for one in lines}
    start = starts[str(line["line_id"])]
    if start < 0:
        return text
    following = [place for place in starts.values() if place > start]
    first = all(place < 0 or place >= start for place in starts.values())
    return text[0 if first else start : min(following, default=len(text))]


def units_said(case: Case, line: Result) -> int:
    """How many of the line: what was said now or before, within what is left; all of it otherwise."""
    left = int(line["open"])
    words = f"{case.request.words} {case.text}"
    said = case.told(EntityKind.QUANTITY)
    counted = (
        UNITS.get(meaning_of("only", words), 0)
        or _counted_before(words, str(line["title"]))
        or (int(said) if said and said.isdigit() else 0)
        or int(case.request.slots.get("units", {}).get(str(line["line_id"]), 0))
    )
    return counted if 0 < counted <= left else left


def counts_said(case: Case, lines: Sequence[Result]) -> dict[str, int]:
    """How many of each line, to be kept while something else is asked; without those that are meant whole."""
    said = {str(line["line_id"]): units_said(case, line) for line in lines}
    return {
        str(line["line_id"]): said[str(line["line_id"])] for line in lines if said[str(line["line_id"])] < line["open"]
    }


def _counted_before(words: str, title: str) -> int:
    """The number right before the goods: "duas canecas", "3 of the mugs"; said twice, the last one is meant."""
    counted = [_number_before(words, place) for place in places_of_title(words, title)]
    return next((number for number in reversed(counted) if number), 0)


def _number_before(words: str, place: int) -> int:
    before = COUNTED.search(fold(words)[:place])
    return number_in(before.group(1)) if before else 0


def number_in(word: str) -> int:
    """A digit or a numeral as a number; 0 for any other word."""
    return int(word) if word.isdigit() else NUMERALS.get(word, 0)


def label_of(case: Case, line: Result) -> str:
    """A line's size and colour in words; empty when it has none."""
    return label(line["options"], case.brief.language, case.sentences)


def remember(request: Request, order: str, chosen: Sequence[Result], **more: Any) -> Request:
    """The request with the order and lines found, so that they are not asked again."""
    return with_slots(
        request, request.stage or "open", order=order, lines=[str(one["line_id"]) for one in chosen], **more
    )
