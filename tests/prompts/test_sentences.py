"""Every sentence that code may say reads as a person would have written it, in each language, with any values."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import yaml

from agent.console.pages import texts
from prompts.loader import LANGUAGES, Sentences

ROOT = Path(__file__).parents[2]
SENTENCES = Sentences.load()
FROM_VIEWS = ("proposal", "receipt")
"""Written from what tools answer: rendered from the demo shop's own proposals in another file."""

MONEY = {"amount": "1299.50", "currency": "MXN"}
FREE = {"amount": "0.00", "currency": "MXN"}
TIME = "2026-11-24T14:00:00-06:00"
ITEMS = [{"title": "Tenis Brisa", "label": "7, blanco"}, {"title": "Playera Lienzo", "label": ""}]
SLOT = {"starts": TIME, "ends": "2026-11-24T18:00:00-06:00", "fee": MONEY}
POINT = {"name": "Papelería El Faro", "line1": "Av. Sonora 12", "hours": "L-V 9:00-19:00"}
PARCEL = {"carrier": "Mensajería Colibrí", "tracking": "CLB047507377MX"}
NEED = {"value": 30, "actual": 31}

VALUES: Mapping[str, tuple[Any, ...]] = {
    "attempts": (1, 2, None),
    "count": (2, 3),
    "days": (14, 1),
    "items": (ITEMS, ITEMS[:1]),
    "late": (1, 3, 0),
    "minutes": (1, 10),
    "missing": (["postal_code"], ["line1", "city"], ["city", "postal_code"]),
    "needs": ({"days_since_delivery": NEED, "hold_days": NEED},),
    "number": ("10002", ""),
    "options": ("talla 8, o en rojo",),
    "orders": ([{"number": "10002", "items": ["Tenis Brisa"]}, {"number": "10001", "items": ["Cinturón", "Iris"]}],),
    "others": (["rojo", "negro"], ["rojo"], []),
    "packed": (True, False),
    "parcels": ([PARCEL], [PARCEL, PARCEL]),
    "points": ([POINT, POINT | {"hours": ""}],),
    "question": ("¿Cuál es el número de pedido?",),
    "silent": (8,),
    "sizes": (["7", "8", "9"], ["7"], []),
    "slots": ([SLOT, SLOT | {"fee": FREE}],),
    "sorry": (True, False),
    "told": ("va en camino.",),
    "why": ("Ya pasó el plazo.", ""),
    "wishes": (["¿dónde está mi pedido?", "cambiar la talla"],),
}
"""Values with a shape of their own. What others are is told by the form they are said in: money, a day, words."""

FORMS: Mapping[str, tuple[Any, ...]] = {
    "money": (MONEY,),
    "day": (TIME,),
    "hour": (TIME,),
    "listed": (["Tenis Brisa", "Playera Lienzo"], ["Iris"]),
}

WORDS = {
    "items": (["Tenis Brisa", "Playera Lienzo"], ["Iris"]),
    "options": (["cancelarlo", "devolverlo"], ["cancelarlo"]),
}
"""What those two are in the sentences that list them as words."""

UGLY = re.compile(r"None|undefined|[{}]|\[\]|\['|  | [,.;:!?]|\.\.(?!\.)|\(\)|,\.|¿¿|T\d\d:\d\d|\d{4}-\d\d-\d\d")


def raw_texts() -> dict[str, str]:
    """The Spanish templates by key, variants joined."""
    return {
        f"{path.stem}.{key}": " ".join(text) if isinstance(text, list) else text
        for path in (ROOT / "prompts" / "sentences" / "es").glob("*.yaml")
        for key, text in yaml.safe_load(path.read_text(encoding="utf-8")).items()
    }


RAW = raw_texts()


def choices(key: str, name: str) -> tuple[Any, ...]:
    """Nothing at all (``""``, ``None``, ``[]``) only where the sentence asks whether there is something."""
    if name in WORDS and re.search(rf"\b{name}(?:\[| \| (?:listed|join))", RAW[key]):
        return WORDS[name]
    tested = any(re.search(rf"\b{name}\b", condition) for condition in re.findall(r"{% (?:el)?if (.*?) %}", RAW[key]))
    form = re.search(rf"\b{name} \| (\w+)", RAW[key])
    values = VALUES.get(name) or (*FORMS.get(form[1] if form else "", ("Colibrí",)), None)
    return tuple(value for value in values if tested or value)


def cases(key: str) -> Iterator[dict[str, Any]]:
    """Each alternative of each value at least once, and all of them together where they are few."""
    names = sorted(SENTENCES.keys[key])
    together = list(product(*(choices(key, name) for name in names)))
    for chosen in together[:: max(1, len(together) // 24)]:
        yield dict(zip(names, chosen, strict=True))


def keys() -> list[str]:
    return sorted(key for key in SENTENCES.keys if key.split(".")[0] not in FROM_VIEWS)


def test_no_value_is_kept_that_nothing_takes() -> None:
    assert VALUES.keys() - {name for key in keys() for name in SENTENCES.keys[key]} == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_reads_well_with_any_values(language: str) -> None:
    wrong = []
    for key in keys():
        for values in cases(key):
            for pick in range(SENTENCES.variants(key, language)):
                text = SENTENCES.say(key, language, pick=pick, **values)
                found = UGLY.search(text)
                if found or (not text and key != "option.choices"):
                    wrong.append((key, pick, found and found.group(), text))
    assert wrong == []


FRAGMENTS = ("alternative", "card", "mcp", "option", "method", "paper", "status.one_of", "transcript")


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_begin_with_a_capital_and_end_with_a_mark(language: str) -> None:
    wrong = []
    for key in keys():
        for pick in range(SENTENCES.variants(key, language)):
            text = SENTENCES.say(key, language, pick=pick, **next(cases(key)))
            first, last = text.lstrip("¡¿«“\"'")[:1], text.rstrip("»”\"')")[-1:]
            fragment = key.startswith(FRAGMENTS) or "\n" in text or key.startswith(("packet.", "mail."))
            if not fragment and (first.islower() or (last not in ".?!:" and "url" not in SENTENCES.keys[key])):
                wrong.append((key, text))
    assert wrong == []


FOREIGN = {
    "es": re.compile(r"\b(?:the|your|você|não|seu|sua|uma|pela)\b", re.IGNORECASE),
    "en": re.compile(r"\b(?:pedido|você|não|seu|usted|puedes|una)\b", re.IGNORECASE),
    "pt": re.compile(r"\b(?:the|your|usted|puedes|pedido ya|una|los|las|tu|tienes|y)\b", re.IGNORECASE),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_slips_into_another_language(language: str) -> None:
    wrong = []
    for path in sorted((ROOT / "prompts" / "sentences" / language).glob("*.yaml")):
        for line in path.read_text(encoding="utf-8").splitlines():
            words = re.sub(r"\{[{%].*?[%}]\}", " ", line)
            found = FOREIGN[language].search(words)
            if found:
                wrong.append((path.name, found.group(), line))
    assert wrong == []


@pytest.mark.parametrize("key", ["mail.code_subject", "mail.code_text", "fallback.disclosure", "handoff.closed"])
def test_the_three_languages_say_it_differently(key: str) -> None:
    values = next(cases(key))
    assert len({SENTENCES.say(key, language, **values) for language in LANGUAGES}) == 3


def said_in_code() -> Iterator[tuple[str, str, set[str] | None]]:
    """Each ``.say("key", name=...)`` of the sources: place, key, the names given (none: not to be told)."""
    for folder in ("agent", "tools"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if not (
                    isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "say"
                ):
                    continue
                first = node.args[0] if node.args else None
                if isinstance(first, ast.Constant) and isinstance(first.value, str) and "." in first.value:
                    names = {word.arg for word in node.keywords} - {"pick"}
                    known = None if None in names else {str(name) for name in names}
                    yield f"{path.relative_to(ROOT)}:{node.lineno}", first.value, known


def test_code_says_only_sentences_that_exist_and_gives_each_what_it_takes() -> None:
    told = list(said_in_code())
    assert len(told) > 40
    wrong = []
    for place, key, names in told:
        keys = texts().keys if place.startswith("agent/console/") else SENTENCES.keys
        if key not in keys or (names is not None and names != keys[key]):
            wrong.append((place, key, names))
    assert wrong == []


def test_no_sentence_is_kept_that_nothing_says() -> None:
    """Keys are named in the sources whole, or begin or end as an f-string there does."""
    sources = "\n".join(
        path.read_text(encoding="utf-8") for folder in ("agent", "tools") for path in (ROOT / folder).rglob("*.py")
    )
    data = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "agent").rglob("*.yaml"))
    built = re.findall(r'f"([a-z]+\.(?:[a-z_]+_)?)\{', sources)
    unsaid = [
        key
        for key in SENTENCES.keys
        if not re.search(rf"""["']{re.escape(key)}["']""", sources)
        and f"{key}" not in data
        and not key.startswith(tuple(built))
        and f'"{key.removesuffix("_again")}"' not in sources
    ]
    assert unsaid == []
