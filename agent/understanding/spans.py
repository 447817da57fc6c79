"""Every stretch of a message that could be a request of its own, with its scores."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from agent.understanding.clauses import cut
from agent.understanding.features import rows_of
from agent.understanding.model import Evidence, LinearModel
from agent.understanding.reading import Intent
from agent.understanding.text import fold, words_of

Span: TypeAlias = tuple[int, int]

_MOST = 3
_CLAIM = 0.0
"""Log-odds that a stretch must pass to count as a request of its own."""

_LONG = 130
"""Features of about nine words: nothing that long is only a greeting, a thank-you, a yes or a no."""

_PHATIC = frozenset({Intent.GREETING, Intent.THANKS_BYE, Intent.AFFIRM, Intent.DENY})
_SMALL_TALK: Final = frozenset({Intent.GREETING, Intent.THANKS_BYE, Intent.INFORM, Intent.OUT_OF_SCOPE})
_JOINT: Final = re.compile(
    r"\W*(?:(?:y|e|and|pero|but|mas)\s+)?(?P<strong>ademas|tambien|tambem|also|plus|alem disso|aparte|otra cosa|outra coisa|"
    r"one more|another thing|de paso|ah\b|luego|then|by the way|a proposito|y|e|and)\b"
)


@dataclass(frozen=True, slots=True)
class Spans:
    """The clauses of a message and, for every run of them, the log-odds of each intent.

    ``logits[start, end]`` belongs to the clauses ``start`` up to but without ``end``; ``counts`` are their features,
    ``joined`` says of each clause whether a word of addition ("also", "y") opens it, ``starts`` where in the message it
    is, ``several`` the log-odds that there is more than one request.
    """

    clauses: int
    logits: dict[Span, NDArray[np.float32]]
    counts: dict[Span, int]
    joined: tuple[bool, ...]
    starts: tuple[int, ...]
    whole: Evidence
    several: float

    def best_parts(self) -> list[Span]:
        """The way to share the message out among at most three requests that explains most of it."""
        tops = {span: _top(scores) for span, scores in self.logits.items()}
        best: tuple[float, list[Span]] = (-1.0, [(0, self.clauses)])
        for parts in _partitions(self.clauses):
            worth: dict[int, float] = {}
            for part in parts:
                for column, score in tops[part]:
                    worth[column] = max(worth.get(column, 0.0), score)
            total = sum(worth.values())
            if total > best[0] + 1e-6:
                best = (total, parts)
        return best[1]


def spans_of(model: LinearModel, text: str) -> Spans | None:
    """The spans of a message; none when there is no word in it."""
    folded = fold(text)
    pieces = [(words, start, end) for start, end in cut(folded) if (words := words_of(text[start:end]))]
    if not pieces:
        return None
    single = [model.weigh(rows_of(words)) for words, _, _ in pieces]
    whole = model.weigh(rows_of(words_of(text))) if len(pieces) > 1 else single[0]
    totals = np.cumsum([np.zeros_like(model.bias), *(each.total for each in single)], axis=0)
    counted = np.cumsum([0, *(each.count for each in single)])
    hefts = np.cumsum([0.0, *(each.heft for each in single)])
    runs = list(combinations(range(len(pieces) + 1), 2))
    counts = {(start, end): int(counted[end] - counted[start]) for start, end in runs}
    sums = np.array([totals[end] - totals[start] for start, end in runs])
    roots = np.sqrt(np.array([max(hefts[end] - hefts[start], 1.0) for start, end in runs], dtype=np.float32))[:, None]
    columns = len(model.intents)
    table = (sums / roots + model.bias)[:, :columns]
    table[-1 if len(pieces) == 1 else runs.index((0, len(pieces)))] = model.intent_logits(whole)
    phatic = np.array([intent in _PHATIC for intent in model.intents])
    for place, run in enumerate(runs):
        if counts[run] > _LONG:
            table[place] = np.where(phatic, np.minimum(table[place], np.float32(-3.0)), table[place])
    joined = tuple(_JOINT.match(folded[start:end]) is not None for _, start, end in pieces)
    starts = tuple(start for _, start, _ in pieces)
    return Spans(len(pieces), dict(zip(runs, table, strict=True)), counts, joined, starts, whole, model.several(whole))


def _partitions(clauses: int) -> Iterator[list[Span]]:
    for joints in range(min(_MOST, clauses)):
        for at in combinations(range(1, clauses), joints):
            yield list(pairwise((0, *at, clauses)))


_REQUESTS: Final[Sequence[bool]] = [intent not in _SMALL_TALK for intent in Intent]


def _top(scores: NDArray[np.float32]) -> list[tuple[int, float]]:
    """The best request of a span, worth its probability above one half, and nothing for small talk."""
    column = int(np.argmax(scores))
    if scores[column] <= _CLAIM or not _REQUESTS[column]:
        return []
    return [(column, 1.0 / (1.0 + float(np.exp(-scores[column]))) - 0.5)]
