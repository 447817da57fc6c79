"""From scores to intents: the best way to share a message out among at most three requests."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import combinations, pairwise

import numpy as np
from numpy.typing import NDArray

from agent.understanding.clauses import cut
from agent.understanding.features import rows_of
from agent.understanding.model import Evidence, LinearModel
from agent.understanding.reading import Intent, ScoredIntent
from agent.understanding.text import fold, words_of

_CLAIM = 0.5
"""Score that a stretch must pass to count as a request of its own; chosen on the project's own mixed examples."""

_SECOND = 0.8
"""Score from which a second intent of the same stretch counts."""

_SMALL_TALK = frozenset({Intent.GREETING, Intent.THANKS_BYE, Intent.INFORM, Intent.OUT_OF_SCOPE})
_MOST = 3

_LONG = 130
"""Features of about nine words: nothing that long is only a greeting, a thank-you, a yes or a no."""


@cache
def _phatic(intents: tuple[Intent, ...]) -> NDArray[np.bool_]:
    short = (Intent.GREETING, Intent.THANKS_BYE, Intent.AFFIRM, Intent.DENY)
    return np.array([intent in short for intent in intents])


def read_intents(model: LinearModel, text: str) -> tuple[tuple[ScoredIntent, ...], Evidence]:
    """The intents in the order said, with the evidence of the whole message (for its language)."""
    words = [(words_of(text[start:end])) for start, end in cut(fold(text))]
    pieces = [model.weigh(rows_of(piece)) for piece in words if piece]
    if not pieces:
        return (), Evidence(np.zeros_like(model.bias), 0)
    whole = model.weigh(rows_of(words_of(text))) if len(pieces) > 1 else pieces[0]
    return _tidy(_best_parts(model, pieces, whole)), whole


def _best_parts(model: LinearModel, pieces: Sequence[Evidence], whole: Evidence) -> list[ScoredIntent]:
    read: dict[tuple[int, int], list[ScoredIntent]] = {(0, len(pieces)): _read_part(model, whole)}
    best = read[0, len(pieces)]
    best_worth = _worth(best)
    for joints in range(1, min(_MOST, len(pieces))):
        for at in combinations(range(1, len(pieces)), joints):
            found: list[ScoredIntent] = []
            for part in pairwise((0, *at, len(pieces))):
                if part not in read:
                    read[part] = _read_part(model, _joined(pieces[slice(*part)]))
                found += read[part]
            worth = _worth(found)
            if worth > best_worth:
                best, best_worth = found, worth
    return best


def _joined(pieces: Sequence[Evidence]) -> Evidence:
    total = pieces[0]
    for piece in pieces[1:]:
        total = total + piece
    return total


def _worth(found: Sequence[ScoredIntent]) -> float:
    """How much of the message these requests explain: what each scores above the claim, repeats counting once."""
    scores: dict[Intent, float] = {}
    for scored in found:
        if scored.name not in _SMALL_TALK:
            scores[scored.name] = max(scores.get(scored.name, 0.0), scored.score - _CLAIM)
    return sum(scores.values())


def _read_part(model: LinearModel, part: Evidence) -> list[ScoredIntent]:
    scores = model.intent_scores(part)
    if part.count > _LONG:
        scores = np.where(_phatic(model.intents), np.float32(0.0), scores)
    order = np.argsort(-scores)[:2]
    first, second = (ScoredIntent(model.intents[place], round(float(scores[place]), 4)) for place in order)
    return [first, second] if second.score >= _SECOND else [first]


def _tidy(found: Sequence[ScoredIntent]) -> tuple[ScoredIntent, ...]:
    """Each intent once, with its best score; what is weak or small talk gives way to clear requests."""
    kept: dict[Intent, ScoredIntent] = {}
    for scored in found:
        if scored.name not in kept or kept[scored.name].score < scored.score:
            kept[scored.name] = scored
    requests = [scored for scored in kept.values() if scored.name not in _SMALL_TALK]
    clear = [scored for scored in requests if scored.score >= _CLAIM]
    best = sorted(requests or kept.values(), key=lambda scored: -scored.score)[:1]
    return tuple((clear or best)[:_MOST])
