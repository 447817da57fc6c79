"""A shopper played by an LLM."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from evals.suite.casefile.shopper import Simulated
from evals.suite.shoppers.move import Move
from evals.suite.trajectory import TurnRecord
from prompts.loader import FOLDER
from prompts.prompt import Prompt

TAKES = ("brief", "knows", "persona", "language")
DONE = "DONE"

Ask = Callable[[str, Sequence[tuple[str, str]]], Awaitable[str]]
"""A prompt and the messages so far (``user`` or ``assistant``, and the words), answered."""


class SimulatedPlayer:
    """Implements ``Player``. To the model the support's replies are what the user says."""

    def __init__(self, brief: Simulated, language: str, ask: Ask) -> None:
        knows = "; ".join(f"{fact}: {value}" for fact, value in brief.knows.items()) or "nothing more"
        self._prompt = shopper_prompt(brief.brief, knows, brief.persona, language)
        self._brief = brief
        self._ask = ask
        self._lines: list[tuple[str, str]] = [("user", "(the chat window opens)")]
        self._turns = 0
        self.why = ""

    async def next(self, last: TurnRecord | None) -> Move | None:
        """See ``Player``."""
        if last is not None:
            if last.turn.get("status") != "bot":
                return None
            self._lines.append(("user", last.reply or "(no answer)"))
        self._turns += 1
        if self._turns > self._brief.most_turns:
            self.why = "too many turns"
            return None
        words = (await self._ask(self._prompt, self._lines)).strip()
        if not words or DONE in words:
            return None
        self._lines.append(("assistant", words))
        gives = {str(fact): value for fact, value in self._brief.knows.items() if value.casefold() in words.casefold()}
        return Move("say", text=words, gives=gives)


def shopper_prompt(brief: str, knows: str, persona: str, language: str) -> str:
    """What is said to a model that plays a shopper."""
    prompt = Prompt(FOLDER / "evals" / "shopper.md", TAKES)
    return prompt.render(brief=brief, knows=knows, persona=persona, language=language)
