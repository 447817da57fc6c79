"""The requests that could be in a message, each with the figures that tell whether it is."""

from __future__ import annotations

from math import log1p
from typing import Final

import numpy as np

from agent.understanding.judge import Candidate
from agent.understanding.reading import Intent
from agent.understanding.spans import Span, Spans
from agent.understanding.trees import Floats

_COLUMNS: Final = tuple(Intent)
_EDGE = 6.0


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
    clauses = np.array([spans.logits[at, at + 1] for at in range(spans.clauses)])
    found = [_describe(spans, clauses, len(parts), where, column, best) for column in where]
    return sorted(found, key=lambda candidate: (candidate.span, -spans.logits[candidate.span][candidate.column]))


def _home(spans: Spans, parts: list[Span], column: int) -> Span:
    return max(parts, key=lambda part: float(spans.logits[part][column]))


def _describe(spans: Spans, clauses: Floats, parts: int, where: dict[int, Span], column: int, best: int) -> Candidate:
    span, everything = where[column], (0, spans.clauses)
    here, all_of_it = spans.logits[span], spans.logits[everything]
    theirs = spans.logits[where[best]]
    said = clauses[:, column]
    inside, outside = said[span[0] : span[1]], np.concatenate((said[: span[0]], said[span[1] :]))
    rivals = [float(here[other]) for other in where if other != column]
    score = float(here[column])
    second, highest = (float(figure) for figure in np.partition(here, -2)[-2:])
    top = int(here.argmax())
    tops = clauses.argmax(axis=1)
    figures = (
        1.0,
        score,
        float(all_of_it[column]),
        float(inside.max()),
        score - (second if top == column else highest),
        float(all_of_it[column] - all_of_it.max()),
        score - float(theirs[best]),
        score - max(rivals, default=score),
        float(top == column),
        float(all_of_it.argmax() == column),
        float(column == best),
        parts - 1.0,
        spans.clauses / 4.0,
        log1p(spans.counts[span]) / 2.0,
        spans.counts[span] / max(spans.counts[everything], 1),
        float(span[0] > 0 and spans.joined[span[0]]),
        float(span[0] > 0),
        float(here[best]),
        score - float(here[best]),
        float(theirs[column]),
        float(span == where[best]),
        float(outside.max(initial=-_EDGE)),
        float((tops == column).sum()),
        float((tops == best).sum()),
        float(len(set(tops.tolist()))),
        float(spans.clauses),
        float((inside - clauses[span[0] : span[1], best]).max()),
        _clearest(clauses[span[0] : span[1]], column),
        spans.several,
        spans.several * (column != best),
        float(spans.clauses > 1 and column != best),
    )
    marks = [column]
    if column != best:
        marks += [len(_COLUMNS) + column, 2 * len(_COLUMNS) + best * len(_COLUMNS) + column]
    return Candidate(column, span, np.clip(np.array(figures, dtype=np.float32), -_EDGE, _EDGE), tuple(marks))


def _clearest(clauses: Floats, column: int) -> float:
    """How far the intent is ahead of the next one in the clause where it is most."""
    leads = [float(row[column] - np.partition(row, -2)[-2]) for row in clauses if row.argmax() == column]
    return max(leads, default=-3.0)
