"""From scores to intents: the best way to share a message out among at most three requests."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from math import log

import numpy as np

from agent.understanding.clauses import cut
from agent.understanding.features import rows_of
from agent.understanding.model import Evidence, LinearModel
from agent.understanding.reading import Intent, ScoredIntent
from agent.understanding.text import fold, words_of

_SPLIT_COST = 0.45
"""What one more request must gain in log-likelihood; chosen on the project's own mixed examples."""

_SECOND = 0.42
"""Score from which a second intent of the same stretch counts."""

_SMALL_TALK = frozenset({Intent.GREETING, Intent.THANKS_BYE, Intent.INFORM, Intent.OUT_OF_SCOPE})
_MOST = 3


def read_intents(model: LinearModel, text: str) -> tuple[tuple[ScoredIntent, ...], Evidence]:
    """The intents in the order said, with the evidence of the whole message (for its language)."""
    pieces = [
        model.weigh(rows_of(words)) for start, end in cut(fold(text)) if (words := words_of(text[start:end]))
    ]
    if not pieces:
        return (), Evidence(np.zeros_like(model.bias), 0)
    whole = model.weigh(rows_of(words_of(text)))
    found: list[ScoredIntent] = []
    for part in _best_parts(model, pieces, whole):
        found += _of_part(model, part, len(found) == 0)
    return _tidy(found), whole


def _best_parts(model: LinearModel, pieces: Sequence[Evidence], whole: Evidence) -> list[Evidence]:
    best, best_worth = [whole], _worth(model, whole)
    for joints in range(1, min(_MOST, len(pieces))):
        for at in combinations(range(1, len(pieces)), joints):
            edges = (0, *at, len(pieces))
            parts = [_joined(pieces[left:right]) for left, right in zip(edges, edges[1:], strict=False)]
            worth = sum(_worth(model, part) for part in parts) / 1.0 - _SPLIT_COST * joints
            if worth > best_worth:
                best, best_worth = parts, worth
    return best


def _joined(pieces: Sequence[Evidence]) -> Evidence:
    total = pieces[0]
    for piece in pieces[1:]:
        total = total + piece
    return total


def _worth(model: LinearModel, part: Evidence) -> float:
    return log(max(float(model.intent_scores(part).max()), 1e-4))


def _of_part(model: LinearModel, part: Evidence, first: bool) -> list[ScoredIntent]:
    scores = model.intent_scores(part)
    order = np.argsort(-scores)
    best = [ScoredIntent(model.intents[order[0]], round(float(scores[order[0]]), 4))]
    if scores[order[1]] >= _SECOND:
        best.append(ScoredIntent(model.intents[order[1]], round(float(scores[order[1]]), 4)))
    return best


def _tidy(found: Sequence[ScoredIntent]) -> tuple[ScoredIntent, ...]:
    kept: dict[Intent, ScoredIntent] = {}
    for scored in found:
        if scored.name not in kept or kept[scored.name].score < scored.score:
            kept[scored.name] = ScoredIntent(scored.name, scored.score)
    requests = [scored for scored in kept.values() if scored.name not in _SMALL_TALK]
    return tuple((requests or sorted(kept.values(), key=lambda s: -s.score)[:1])[:_MOST])
