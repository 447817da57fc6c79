"""Reading one message: everything at once, without a model service and without a network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from agent.understanding.answers import assents, read_answer
from agent.understanding.digest import MODEL
from agent.understanding.emotion import read_emotion
from agent.understanding.entities.find import find_entities
from agent.understanding.entities.span import Message
from agent.understanding.human import asks_for_person, only_speaks_of_person
from agent.understanding.intents import read_intents
from agent.understanding.language import read_language
from agent.understanding.model import LinearModel
from agent.understanding.reading import Answer, Intent, Reading, ScoredIntent
from agent.understanding.settling import settle
from agent.understanding.text import fold

_TROUBLE = 0.35
_UNLIKELY = -2.0
"""Log-odds below which words that name a person are taken for talk of one."""

_SURE, _SURE_OF_NO = 0.8, 0.9
"""How sure a yes has to sound that opens like one, and a no that does not."""


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
        heard = read_intents(self.model, text, Intent.HUMAN_AGENT if only_speaks_of_person(text) else None)
        spoken, sure = read_language(self.model, heard.whole, text, language)
        message = Message(text, fold(text), spoken, now.astimezone(zone), zone, products)
        entities = find_entities(message)
        emotion = read_emotion(text)
        person = heard.person > _UNLIKELY and asks_for_person(text)
        troubled = person or emotion.frustration >= _TROUBLE
        answer = read_answer(text, troubled=troubled) or _heard_answer(heard.intents, text, troubled=troubled)
        return Reading(
            text=text,
            language=spoken,
            language_sure=sure,
            intents=settle(heard, answer, person=person, entities=entities, folded=message.folded),
            entities=entities,
            emotion=emotion,
            answer=answer,
        )


def _heard_answer(intents: Sequence[ScoredIntent], text: str, *, troubled: bool) -> Answer | None:
    """An answer put in words of its own: a no by its sound, a yes only when it also opens like one and objects to nothing."""
    if len(intents) != 1 or intents[0].score < _SURE:
        return None
    if intents[0].name is Intent.DENY and "?" not in text:
        return Answer.NO if intents[0].score >= _SURE_OF_NO else None
    return Answer.YES if intents[0].name is Intent.AFFIRM and not troubled and assents(text) else None
