"""Which of the requests that could be in a message are: learnt from examples with one and with several."""

from __future__ import annotations

from dataclasses import dataclass
from math import log1p
from typing import Final

import numpy as np
from numpy.typing import NDArray

from agent.understanding.reading import Intent
from agent.understanding.spans import Span, Spans

_COLUMNS: Final = tuple(Intent)
_PLAIN = 17
JUDGED = _PLAIN + 2 * len(_COLUMNS) + len(_COLUMNS) ** 2
"""How many figures describe a candidate."""

_EDGE = 6.0


@dataclass(frozen=True, slots=True)
class Candidate:
    """An intent that may be in the message, where, and the places of its figures that are not nought."""

    column: int
    span: Span
    places: NDArray[np.int32]
    figures: NDArray[np.float32]


def candidates_of(spans: Spans) -> list[Candidate]:
    """The two best intents of each part of the message and of all of it, each once, in the order said."""
    parts = spans.best_parts()
    where: dict[int, Span] = {}
    for part in (*parts, (0, spans.clauses)):
        for column in np.argsort(-spans.logits[part])[:2]:
            known = where.get(int(column))
            if known is None or spans.logits[part][column] > spans.logits[known][column]:
                where[int(column)] = part if part in parts else _home(spans, parts, int(column))
    best = max(where, key=lambda column: float(spans.logits[where[column]][column]))
    found = [_describe(spans, parts, where, column, best) for column in where]
    return sorted(found, key=lambda candidate: (candidate.span, -spans.logits[candidate.span][candidate.column]))


def _home(spans: Spans, parts: list[Span], column: int) -> Span:
    return max(parts, key=lambda part: float(spans.logits[part][column]))


def _describe(spans: Spans, parts: list[Span], where: dict[int, Span], column: int, best: int) -> Candidate:
    span, everything = where[column], (0, spans.clauses)
    here, all_of_it = spans.logits[span], spans.logits[everything]
    clauses = [float(spans.logits[at, at + 1][column]) for at in range(*span)]
    rivals = [float(here[other]) for other in where if other != column]
    score = float(here[column])
    second, highest = (float(figure) for figure in np.partition(here, -2)[-2:])
    top = int(here.argmax())
    plain = (
        1.0,
        score,
        float(all_of_it[column]),
        max(clauses),
        score - (second if top == column else highest),
        float(all_of_it[column] - all_of_it.max()),
        score - float(spans.logits[where[best]][best]),
        score - max(rivals, default=score),
        float(top == column),
        float(all_of_it.argmax() == column),
        float(column == best),
        len(parts) - 1.0,
        spans.clauses / 4.0,
        log1p(spans.counts[span]) / 2.0,
        spans.counts[span] / max(spans.counts[everything], 1),
        float(span[0] > 0 and spans.joined[span[0]]),
        float(span[0] > 0),
    )
    figures = [min(max(float(figure), -_EDGE), _EDGE) for figure in plain]
    others = float(column != best)
    places = [*range(_PLAIN), _PLAIN + column, _PLAIN + len(_COLUMNS) + column]
    figures += [1.0, others]
    if others:
        places.append(_PLAIN + 2 * len(_COLUMNS) + best * len(_COLUMNS) + column)
        figures.append(1.0)
    return Candidate(column, span, np.array(places, dtype=np.int32), np.array(figures, dtype=np.float32))
