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
from agent.understanding.reading import Answer, Intent, Reading, ScoredIntent
from agent.understanding.text import fold

MODEL = EXAMPLES.parent / "model.npz"
"""Where the weights are when the caller names no other file."""

_TROUBLE = 0.35
_LIKELY = 0.5
_BY_RULE = 0.99
_SURE_OF_PERSON = 0.6
_GIVES_WAY = frozenset({Intent.OUT_OF_SCOPE, Intent.GREETING, Intent.INFORM, Intent.AFFIRM, Intent.DENY})
_NOT_WITH_NO = frozenset({Intent.OUT_OF_SCOPE, Intent.GREETING, Intent.AFFIRM})


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
        emotion = read_emotion(text)
        person = asks_for_person(text)
        troubled = person or emotion.frustration >= _TROUBLE
        answer = read_answer(text, troubled=troubled)
        return Reading(
            text=text,
            language=spoken,
            language_sure=sure,
            intents=_settled(intents, answer, person),
            entities=find_entities(message),
            emotion=emotion,
            answer=answer,
        )


def _settled(intents: tuple[ScoredIntent, ...], answer: Answer | None, person: bool) -> tuple[ScoredIntent, ...]:
    """The classifier's intents, corrected by what the rules are sure of."""
    if answer is Answer.YES:
        polite = intents[:1] if intents and intents[0].name is Intent.THANKS_BYE and intents[0].score >= _LIKELY else ()
        return polite or (ScoredIntent(Intent.AFFIRM, _BY_RULE),)
    kept = [
        scored
        for scored in intents
        if scored.name is not Intent.HUMAN_AGENT or person or scored.score >= _SURE_OF_PERSON
    ]
    if person and not any(scored.name is Intent.HUMAN_AGENT for scored in intents):
        kept = [scored for scored in kept if scored.score >= _LIKELY and scored.name not in _GIVES_WAY]
        kept = [*kept[:2], ScoredIntent(Intent.HUMAN_AGENT, _BY_RULE)]
    if answer is Answer.NO and not any(scored.name is Intent.DENY for scored in kept):
        kept = [scored for scored in kept if scored.score >= _LIKELY and scored.name not in _NOT_WITH_NO]
        kept = [ScoredIntent(Intent.DENY, _BY_RULE), *kept[:2]]
    return tuple(kept) or (ScoredIntent(Intent.OUT_OF_SCOPE, 0.3),) * bool(intents)


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
