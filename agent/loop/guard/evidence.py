"""What a reply may rest on: all that tools answered, people wrote and was done, as a whole and order by order."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cached_property, lru_cache
from typing import Any

from agent.loop.guard.quotes import Quotes
from agent.loop.guard.sources import Sources

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


class Known:
    """Figures and statuses from some sources, each kind of them read when it is first asked for.

    ``codes`` are where codes are known from, by default the same sources.
    """

    def __init__(self, texts: Iterable[str], today: date | None, codes: Sources | None = None) -> None:
        self._texts = tuple(texts)
        self._today = today
        self.figures = Sources(self._texts, today, codes)

    @cached_property
    def words(self) -> frozenset[str]:
        """Statuses, and what else follows for a claim (``due_today``, ``free``)."""
        return frozenset().union(*(_words(text, self._today) for text in self._texts))


class Evidence:
    """What a reply may rest on.

    ``all`` is what any source says, ``about`` what those say that are about an order or about none. ``executed`` are the
    kinds of action that were carried out; ``handoff``: a person has the case; ``quotes`` what articles promise. Most replies
    state a figure or two, so nothing is read before it is needed: reading all of it took a quarter of a turn.
    """

    def __init__(
        self, texts: Iterable[str], handoff: bool, executed: frozenset[str], today: date | None, quotes: Quotes
    ) -> None:
        self._texts = (today.isoformat() if today else "", *texts)
        self.handoff = handoff
        self.executed = executed
        self.today = today
        self.quotes = quotes
        self.all = Known(self._texts, today)

    @classmethod
    def of(
        cls,
        texts: Iterable[str],
        *,
        handoff: bool,
        executed: Iterable[str] = (),
        today: date | None = None,
        articles: Iterable[str] = (),
    ) -> Evidence:
        """Of these texts, the ``articles`` found among them once more. With ``today``, what is counted from, "tomorrow" is a
        day that has to be known like any other.
        """
        return cls(texts, handoff, frozenset(executed), today, Quotes(articles))

    def about(self, codes: Iterable[str]) -> Known:
        """What a sentence may rest on that names these codes: where orders are among them, what is said of those."""
        named = [code for code in codes if code in self._of_order]
        if not named:
            return self.all
        texts = [*self._of_order[""], *(text for code in named for text in self._of_order[code])]
        return Known(texts, self.today, codes=self.all.figures)

    @cached_property
    def _of_order(self) -> dict[str, list[str]]:
        """The texts on each order, and under ``""`` those on none."""
        found: dict[str, list[str]] = {"": []}
        for text in self._texts:
            for number, part in _parts(text):
                found.setdefault(number, []).append(part)
        return found


@lru_cache(maxsize=4096)
def _words(text: str, today: date | None) -> frozenset[str]:
    words = set(_WORD.findall(text))
    if today is not None and today.isoformat() in _DUE.findall(text):
        words.add(DUE_TODAY)
    if _NOTHING.search(text):
        words.add(FREE)
        if _NO_FEE.search(text) or any(
            _NOTHING.search(one) and _RETURN.search(one) for one in _SENTENCES.findall(text)
        ):
            words.add(FREE_RETURN)
    return frozenset(words)


@lru_cache(maxsize=1024)
def _parts(text: str) -> tuple[tuple[str, str], ...]:
    """``(order number, JSON)`` for each order a tool's answer holds; ``("", text)`` for what is about none."""
    if not text.startswith(("{", "[")):
        return (("", text),)
    try:
        read = json.loads(text)
    except (json.JSONDecodeError, RecursionError):
        return (("", text),)
    orders = tuple(
        (number.upper(), text if one is read else json.dumps(one, ensure_ascii=False)) for number, one in _orders(read)
    )
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
