"""In which other size or colour a shopper wants an item, and what there is of it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from agent.loop.embedded.case import Case, Result
from agent.loop.embedded.mentions import fold
from agent.loop.embedded.vocabulary import meaning_of
from agent.loop.options import SIZE, in_language, label, name_value, places_of
from agent.loop.signs import says

SIZE_ORDER = ("xxs", "xs", "s", "m", "l", "xl", "xxl", "xxxl")
MOST = 8
NEAREST = 2


def wish_in(text: str, present: Mapping[str, str], variants: Sequence[Result], *, alone: bool) -> dict[str, str]:
    """The options that should change: a size or colour of this product, or a size up or down from the present one.

    Of several values named the last that is not the present one counts ("I ordered a 7, I need an 8"; "an 8 instead
    of the 7"); ``alone``: a lone letter is a size.
    """
    folded = fold(text)
    places: dict[str, tuple[int, str]] = {}
    for variant in variants:
        for name, value in variant["options"].items():
            if fold(str(value)) == fold(str(present.get(name, ""))):
                continue
            ends = places_of(str(value), folded, alone=alone)
            if ends and (name not in places or ends[-1] > places[name][0]):
                places[name] = (ends[-1], str(value))
    wish = {name: value for name, (_, value) in places.items()}
    step = _direction(folded)
    if SIZE not in wish and SIZE in present and step:
        size = _neighbour(str(present[SIZE]), variants, step)
        wish |= {SIZE: size} if size else {}
    return wish


def names_missing_size(text: str, variants: Sequence[Result], present: Mapping[str, str]) -> str:
    """A size said that this product is not made in: "49"; empty when there is none."""
    said = re.search(
        r"\b(?:talla|talle|numero|size|tamanho|el|un|the|an?|um)\s+(\d{1,2}(?:[.,]5)?|x{0,3}[sl]|m)\b", fold(text)
    )
    known = {fold(str(one["options"].get(SIZE, ""))) for one in variants} | {fold(str(present.get(SIZE, "")))}
    return said.group(1).upper() if said and SIZE in present and said.group(1) not in known else ""


def find_variant(line: Result, wish: Mapping[str, str]) -> Result | None:
    """The variant of the line with those options, the others as they are; none when there is no such thing."""
    return next((one for one in line["variants"] if _has(one["options"], {**line["options"], **wish})), None)


def choices(case: Case, line: Result, *, about: str = "") -> str:
    """What else there is in stock: the forms that differ least, sizes first; only sizes when the trouble is the fit.

    ``about`` is what was said of it. Empty when nothing is left.
    """
    stocked = [
        (one["options"], _differing(one["options"], line["options"])) for one in line["variants"] if one["in_stock"]
    ]
    nearest = min((len(names) for _, names in stocked if names), default=0)
    near = [(options, names) for options, names in stocked if names and len(names) == nearest]
    if nearest == 1:
        return _by_option(case, near, sizes_only=bool(meaning_of("size_trouble", about)))
    language = case.brief.language
    named = [
        " ".join(
            name_value(name, str(options[name]), language, case.sentences) for name in sorted(names, key=_size_first)
        )
        for options, names in sorted(near, key=lambda pair: _rank(str(pair[0].get(SIZE, ""))))
    ]
    return case.say("option.choices", sizes=[], others=named[:MOST]) if named else ""


def instead_of(case: Case, line: Result, wish: Mapping[str, str]) -> str:
    """What comes nearest to a form that is sold out: the wish in what is left of it, the sizes around, the size itself.

    Empty when nothing is left.
    """
    wanted = {**line["options"], **wish}
    others = [one["options"] for one in line["variants"] if one["in_stock"] and one["options"] != line["options"]]
    stocked = sorted(others, key=lambda options: _distance(str(options.get(SIZE, "")), str(wanted.get(SIZE, ""))))
    kin = [options for options in stocked if _has(options, wish)]
    rest = {name: value for name, value in wanted.items() if name != SIZE}
    around = [options for options in stocked if SIZE in options and _has(options, rest) and options not in kin]
    size = {name: value for name, value in wanted.items() if name == SIZE}
    alike = [options for options in stocked if size and _has(options, size) and options not in (*kin, *around)]
    nearest = (*kin[:NEAREST], *around[:NEAREST], *alike[:NEAREST])
    named = [label(options, case.brief.language, case.sentences) for options in nearest]
    return case.say("option.choices", sizes=[], others=named) if named else choices(case, line)


def _distance(one: str, other: str) -> float:
    return abs(_rank(one)[1] - _rank(other)[1])


def _by_option(case: Case, near: Sequence[tuple[Mapping[str, str], Sequence[str]]], *, sizes_only: bool) -> str:
    sizes = sorted({str(options[SIZE]) for options, (name,) in near if name == SIZE}, key=_rank)
    others = [in_language(str(options[name]), case.brief.language) for options, (name,) in near if name != SIZE]
    shown = [] if sizes and sizes_only else list(dict.fromkeys(others))
    return case.say("option.choices", sizes=[in_language(one, case.brief.language) for one in sizes], others=shown)


def _size_first(name: str) -> bool:
    return name != SIZE


def _differing(options: Mapping[str, str], present: Mapping[str, str]) -> list[str]:
    return [name for name, value in options.items() if value != present.get(name)]


def _direction(folded: str) -> int:
    if says("smaller", folded):
        return -1
    return 1 if says("bigger", folded) else 0


def _neighbour(size: str, variants: Sequence[Result], step: int) -> str | None:
    sizes = sorted({str(one["options"].get(SIZE, "")) for one in variants} | {size}, key=_rank)
    place = sizes.index(size) + step
    return sizes[place] if 0 <= place < len(sizes) and sizes[place] else None


def _rank(size: str) -> tuple[int, float, str]:
    if fold(size) in SIZE_ORDER:
        return (1, SIZE_ORDER.index(fold(size)), size)
    digits = re.match(r"\d+(?:[.,]\d+)?", size)
    return (0, float(digits.group().replace(",", ".")), size) if digits else (2, 0.0, size)


def _has(options: Mapping[str, str], wanted: Mapping[str, str]) -> bool:
    return all(fold(str(options.get(name, ""))) == fold(str(value)) for name, value in wanted.items())
