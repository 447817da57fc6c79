"""A shopper who says their lines, and answers what is asked in between."""

from __future__ import annotations

from collections import Counter

from evals.suite.casefile.shopper import Script, Step
from evals.suite.shoppers.asked import facts_asked
from evals.suite.shoppers.move import Move
from evals.suite.trajectory import TurnRecord

MOST_ANSWERS = 2


class ScriptPlayer:
    """Implements ``Player``. ``opening`` chooses how to begin: 0 the first line, then its paraphrases."""

    def __init__(self, script: Script, opening: int = 0) -> None:
        self._steps = list(script.steps())
        if opening:
            first = self._steps[0].model_copy(update={"say": script.paraphrases[opening - 1]})
            self._steps[0] = first
        self._answers = {str(fact): answer for fact, answer in script.answers.items()}
        self._given: Counter[str] = Counter()
        self.why = ""

    async def next(self, last: TurnRecord | None) -> Move | None:
        """See ``Player``."""
        answer = self._answer(last) if last is not None else None
        if answer is not None:
            return answer
        return self._line(self._steps.pop(0)) if self._steps else None

    def _answer(self, last: TurnRecord) -> Move | None:
        if last.turn.get("status") != "bot":
            return None
        asked = [one for one in facts_asked(last.reply, last.asks) if one in self._answers]
        given = {fact: self._answers[fact] for fact in asked if self._given[fact] < MOST_ANSWERS}
        if not given:
            return None
        self._given.update(list(given))
        return Move("say", text=", ".join(dict.fromkeys(given.values())), gives=given)

    def _line(self, step: Step) -> Move:
        if step.wait is not None:
            return Move("wait", seconds=step.wait.seconds)
        if step.press is not None:
            return Move("press", press=step.press, again=step.again, wants_person=step.press == "person")
        text = step.say or ""
        gives = {fact: value for fact, value in self._answers.items() if value.casefold() in text.casefold()}
        return Move(
            "say", text=text, again=step.again, hostile=step.hostile, canaries=step.canaries,
            wants_person=step.wants_person, agrees=step.agrees, gives=gives,
        )  # fmt: skip
