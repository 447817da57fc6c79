"""A reading as plain JSON, as it is kept with its message, and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agent.understanding.reading import Answer, Emotion, Entity, EntityKind, Intent, Reading, ScoredIntent


def reading_to_json(reading: Reading) -> dict[str, Any]:
    """``{"language", "intents": [{"name", "score"}], "entities": [...], "emotion", "answer"}``."""
    return {
        "language": reading.language,
        "language_sure": reading.language_sure,
        "intents": [{"name": intent.name.value, "score": round(intent.score, 4)} for intent in reading.intents],
        "entities": [
            {"kind": one.kind.value, "text": one.text, "value": one.value, "start": one.start, "end": one.end}
            for one in reading.entities
        ],
        "emotion": {
            "frustration": round(reading.emotion.frustration, 3),
            "evidence": list(reading.emotion.evidence),
        },
        "answer": reading.answer.value if reading.answer else None,
    }


def reading_from_json(text: str, values: Mapping[str, Any]) -> Reading:
    """The reading of that text. ``KeyError`` for anything that ``reading_to_json`` did not write."""
    emotion = values["emotion"]
    return Reading(
        text=text,
        language=values["language"],
        language_sure=values["language_sure"],
        intents=tuple(ScoredIntent(Intent(one["name"]), one["score"]) for one in values["intents"]),
        entities=tuple(
            Entity(EntityKind(one["kind"]), one["text"], one["value"], one["start"], one["end"])
            for one in values["entities"]
        ),
        emotion=Emotion(emotion["frustration"], tuple(emotion["evidence"])),
        answer=Answer(values["answer"]) if values["answer"] else None,
    )
