"""Messages as JSON lines in, readings as JSON rows out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, ValidationError

from agent.understanding.reader import Reader
from agent.understanding.reading import Reading


class _Line(BaseModel):
    model_config = ConfigDict(extra="ignore")

    id: str | int | None = None
    text: str
    language: str | None = None


def read_lines(lines: Iterable[str], reader: Reader, *, now: datetime, zone: ZoneInfo) -> Iterator[dict[str, Any]]:
    """Read ``{"id", "text"}`` lines (``language`` optional) into one row each; blank lines are passed over.

    A row is ``{"id", "language", "intents": [{"name", "score"}], "entities": [{"kind", "text", "value", "start",
    "end"}], "emotion": {"frustration", "evidence"}, "answer"}``. A line that is not such an object gives
    ``{"id", "error"}``, its ``id`` null when it has none.
    """
    for line in lines:
        if not line.strip():
            continue
        try:
            read = json.loads(line)
        except ValueError as wrong:
            yield {"id": None, "error": f"not JSON: {wrong}"}
            continue
        try:
            asked = _Line.model_validate(read)
        except ValidationError as wrong:
            known = read.get("id") if isinstance(read, dict) else None
            first = wrong.errors()[0]
            yield {"id": known, "error": f"{'.'.join(map(str, first['loc'])) or 'line'}: {first['msg']}"}
            continue
        yield _row(asked.id, reader.read(asked.text, language=asked.language, now=now, zone=zone))


def _row(name: str | int | None, reading: Reading) -> dict[str, Any]:
    return {
        "id": name,
        "language": reading.language,
        "intents": [{"name": intent.name.value, "score": intent.score} for intent in reading.intents],
        "entities": [
            {"kind": e.kind.value, "text": e.text, "value": e.value, "start": e.start, "end": e.end}
            for e in reading.entities
        ],
        "emotion": {"frustration": reading.emotion.frustration, "evidence": list(reading.emotion.evidence)},
        "answer": reading.answer.value if reading.answer else None,
    }
