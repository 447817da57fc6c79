"""Reading one message: everything at once, without a model service and without a network."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from agent.understanding.answers import read_answer
from agent.understanding.digest import EXAMPLES
from agent.understanding.emotion import read_emotion
from agent.understanding.entities.find import find_entities
from agent.understanding.entities.span import Message
from agent.understanding.human import asks_for_person
from agent.understanding.intents import read_intents
from agent.understanding.language import read_language
from agent.understanding.model import LinearModel
from agent.understanding.reading import Reading
from agent.understanding.settling import settle
from agent.understanding.text import fold

MODEL = EXAMPLES.parent / "model.npz"
"""Where the weights are when the caller names no other file."""

_TROUBLE = 0.35


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads messages with one set of weights; safe to share between threads."""

    model: LinearModel

    @classmethod
    def load(cls, model_path: Path | None = None) -> Reader:
        """Load trained weights, by default those in the package's folder.

        Raises:
            FileNotFoundError: Nothing was trained yet; ``training.train`` writes the file.

        """
        return cls(LinearModel.load(model_path or MODEL))

    def read(
        self,
        text: str,
        *,
        language: str | None = None,
        now: datetime,
        zone: ZoneInfo,
        products: Sequence[str] = (),
    ) -> Reading:
        """Read one message.

        ``language`` is the conversation's so far; ``now`` is aware; ``products`` are titles to look for.
        """
        intents, evidence = read_intents(self.model, text)
        spoken, sure = read_language(self.model, evidence, text, language)
        message = Message(text, fold(text), spoken, now.astimezone(zone), zone, products)
        entities = find_entities(message)
        emotion = read_emotion(text)
        person = asks_for_person(text)
        troubled = person or emotion.frustration >= _TROUBLE
        answer = read_answer(text, troubled=troubled)
        return Reading(
            text=text,
            language=spoken,
            language_sure=sure,
            intents=settle(intents, answer, person=person, told=bool(entities), folded=message.folded),
            entities=entities,
            emotion=emotion,
            answer=answer,
        )


def read_lines(
    reader: Reader, lines: Iterable[dict[str, object]], *, now: datetime, zone: ZoneInfo
) -> Iterator[dict[str, object]]:
    """Read ``{"id", "text"}`` rows (``language`` optional) into the rows that ``postventa understand`` prints."""
    for line in lines:
        language = line.get("language")
        reading = reader.read(
            str(line.get("text", "")), language=language if isinstance(language, str) else None, now=now, zone=zone
        )
        yield {
            "id": line.get("id"),
            "language": reading.language,
            "intents": [{"name": intent.name.value, "score": intent.score} for intent in reading.intents],
            "entities": [
                {"kind": e.kind.value, "text": e.text, "value": e.value, "start": e.start, "end": e.end}
                for e in reading.entities
            ],
            "emotion": {"frustration": reading.emotion.frustration, "evidence": list(reading.emotion.evidence)},
            "answer": reading.answer.value if reading.answer else None,
        }
