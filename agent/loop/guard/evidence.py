"""What a reply may rest on: all that tools answered, people wrote and was done, as a whole and order by order."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from typing import Any

from agent.loop.guard.figures import Figures, figures_known

DUE_TODAY = "due_today"
FREE, FREE_RETURN = "free", "free_return"
_NUMBER_KEYS = ("number", "order", "order_number")
_WORD = re.compile(r'"([a-z_]+)"')
_DUE = re.compile(r'"(?:eta|promised_by|starts_at|ends_at|expected_by|pickup_until)":\s?"(\d{4}-\d\d-\d\d)')
_NOTHING = re.compile(
    r'"amount":\s?"-?0(?:\.0+)?"|"cost":\s?null|\b(?:gratis|gratuit[oa]s?|grátis|free|sin costo|sem custo)\b',
    re.IGNORECASE,
)
_RETURN = re.compile(r"\b(?:devol|devuel|return)\w*", re.IGNORECASE)
_NO_FEE = re.compile(r'"fee":\s?\{"amount":\s?"0(?:\.0+)?"')
_SENTENCES = re.compile(r"[^.!?\n{}]+")


@dataclass(frozen=True, slots=True)
class Known:
    """Figures and statuses from some sources."""

    figures: Figures
    words: frozenset[str] = frozenset()

    @classmethod
    def merged(cls, parts: Sequence[Known], today: date | None) -> Known:
        """All of them in one."""
        figures = Figures.merged([one.figures for one in parts], today)
        return cls(figures, frozenset().union(*(one.words for one in parts)))


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a reply may rest on.

    ``all`` is what any source says, ``loose`` what those say that are about no order, ``of_order`` what is said about
    each. ``executed`` are the kinds of action that were carried out; ``handoff``: a person has the case.
    """

    all: Known
    handoff: bool
    executed: frozenset[str]
    loose: Known = field(default_factory=lambda: Known(Figures()))
    of_order: Mapping[str, Known] = field(default_factory=dict)

    @classmethod
    def of(
        cls, texts: Iterable[str], *, handoff: bool, executed: Iterable[str] = (), today: date | None = None
    ) -> Evidence:
        """Read all texts. With ``today``, "tomorrow" is a day that has to be known like any other."""
        everything = [_known(today.isoformat() if today else "", today)]
        loose, of_order = [*everything], defaultdict[str, list[Known]](list)
        for text in texts:
            everything.append(_known(text, today))
            for number, part in _parts(text):
                (of_order[number] if number else loose).append(_known(part, today))
        return cls(
            Known.merged(everything, today),
            handoff,
            frozenset(executed),
            Known.merged(loose, today),
            {number: Known.merged(parts, today) for number, parts in of_order.items()},
        )

    @property
    def today(self) -> date | None:
        """What is counted from."""
        return self.all.figures.today

    def about(self, codes: Iterable[str]) -> Known:
        """What a sentence may rest on that names these codes: where orders are among them, what is said of those."""
        named = [self.of_order[code] for code in codes if code in self.of_order]
        if not named:
            return self.all
        known = Known.merged([self.loose, *named], self.today)
        return replace(known, figures=replace(known.figures, codes=self.all.figures.codes))


@lru_cache(maxsize=4096)
def _known(text: str, today: date | None) -> Known:
    words = set(_WORD.findall(text))
    if today is not None and today.isoformat() in _DUE.findall(text):
        words.add(DUE_TODAY)
    if _NOTHING.search(text):
        words.add(FREE)
        if _NO_FEE.search(text) or any(
            _NOTHING.search(one) and _RETURN.search(one) for one in _SENTENCES.findall(text)
        ):
            words.add(FREE_RETURN)
    return Known(figures_known(text, today), frozenset(words))


@lru_cache(maxsize=1024)
def _parts(text: str) -> tuple[tuple[str, str], ...]:
    """``(order number, JSON)`` for each order a tool's answer holds; ``("", text)`` for what is about none."""
    if not text.startswith(("{", "[")):
        return (("", text),)
    try:
        read = json.loads(text)
    except (json.JSONDecodeError, RecursionError):
        return (("", text),)
    orders = tuple((number.upper(), json.dumps(one, ensure_ascii=False)) for number, one in _orders(read))
    return orders or (("", text),)


def _orders(read: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(read, dict):
        number = next((read[key] for key in _NUMBER_KEYS if isinstance(read.get(key), str) and read[key]), None)
        if number is not None:
            yield number.lstrip("#"), read
            return
        for value in read.values():
            yield from _orders(value)
    elif isinstance(read, list):
        for value in read:
            yield from _orders(value)
