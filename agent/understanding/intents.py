"""From scores to intents: what could be in the message, and what the judge keeps of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from agent.understanding.candidates import candidates_of
from agent.understanding.model import Evidence, LinearModel
from agent.understanding.reading import Intent, ScoredIntent
from agent.understanding.spans import spans_of

_MOST = 3
_KEPT = 0.5
_SURE = 6.0


@dataclass(frozen=True, slots=True)
class Heard:
    """The intents in the order said and where each begins; the evidence of it all; the log-odds of a wish for a person."""

    intents: tuple[ScoredIntent, ...]
    places: tuple[int, ...]
    whole: Evidence
    person: float


def read_intents(model: LinearModel, text: str, barred: Intent | None = None) -> Heard:
    """What the classifier and its judge hear in a message, were ``barred`` not to be; no intent in no word."""
    spans = spans_of(model, text)
    if spans is None:
        return Heard((), (), Evidence(np.zeros_like(model.bias), 0.0, 0), -_SURE)
    candidates = candidates_of(spans)
    others = [candidate for candidate in candidates if model.intents[candidate.column] is not barred]
    judged = list(zip(model.judge.chances(others or candidates), others or candidates, strict=True))
    best = max(judged, key=lambda pair: pair[0])
    kept = [pair for pair in judged if pair[0] >= _KEPT or pair is best]
    strongest = [candidate for _, candidate in sorted(kept, key=lambda pair: -pair[0])[:_MOST]]
    said = [pair for pair in kept if any(pair[1] is other for other in strongest)]
    intents = tuple(ScoredIntent(model.intents[candidate.column], round(chance, 4)) for chance, candidate in said)
    places = tuple(spans.starts[candidate.span[0]] for _, candidate in said)
    person = model.intents.index(Intent.HUMAN_AGENT)
    return Heard(intents, places, spans.whole, max(float(scores[person]) for scores in spans.logits.values()))
