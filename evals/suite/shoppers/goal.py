"""A shopper with a wish, facts and a temper, and no model: the same words for the same replies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from evals.suite.casefile.shopper import Goal
from evals.suite.comparing import differences, found
from evals.suite.shoppers.asked import facts_asked
from evals.suite.shoppers.move import Move
from evals.suite.trajectory import TurnRecord

PHRASES = Path(__file__).with_name("phrases.yaml")
MOST_REFUSALS = 2
IMPATIENT_AFTER = 4


class GoalPlayer:
    """Implements ``Player``: tells the wish, answers what is asked, confirms what fits and refuses what does not."""

    def __init__(self, goal: Goal, language: str, opening: int = 0) -> None:
        self._goal = goal
        self._opening = goal.paraphrases[opening - 1] if opening else goal.opening
        self._say = _phrases()[language]
        self._asked: Counter[str] = Counter()
        self._turns = self._refusals = self._restated = 0
        self._told = self._wavered = self._calmed = self._over = False
        self.why = ""

    async def next(self, last: TurnRecord | None) -> Move | None:
        """See ``Player``."""
        if last is None:
            return self._begin()
        self._turns += 1
        if self._over or self._is_met(last):
            return None
        if last.turn.get("status") != "bot":
            return self._stop("a person was called" if not self._goal.wants.person else "")
        if self._turns > self._goal.most_turns:
            return self._stop("too many turns")
        proposed = [one for one in last.actions if one["status"] == "proposed"]
        return self._judge(proposed[-1]) if proposed else self._reply(last)

    def _begin(self) -> Move:
        match self._goal.persona:
            case "vague":
                return Move("say", text=self._say["vague"])
            case "talkative":
                return self._tell(before=f"{self._say['chatter_before']} ", after=f" {self._say['chatter_after']}")
            case "impatient":
                return self._tell(after=f" {self._say['hurry']}")
            case "angry_then_calm":
                return self._tell(before=f"{self._say['angry']} ")
        return self._tell()

    def _tell(self, before: str = "", after: str = "") -> Move:
        self._told = True
        return self._words(f"{before}{self._opening}{after}")

    def _is_met(self, last: TurnRecord) -> bool:
        wish = self._goal.wants
        if wish.person:
            return last.handoff is not None
        if wish.answer is not None:
            return found(wish.answer, last.reply)
        return any(one["status"] in ("executed", "needs_person") and self._fits(one) for one in last.actions)

    def _fits(self, action: Mapping[str, Any]) -> bool:
        wish = self._goal.wants
        return (
            action["kind"] == wish.action
            and (not wish.order or action["order"] == wish.order)
            and not differences(action["after"], wish.after)
        )

    def _judge(self, action: Mapping[str, Any]) -> Move | None:
        if self._fits(action):
            if self._goal.persona == "changes_mind" and not self._wavered:
                self._wavered = True
                self._told = False
                return Move("say", text=self._say["wait"], agrees=False)
            return Move("press", press="confirm")
        self._refusals += 1
        if self._refusals > MOST_REFUSALS:
            return self._stop(f"wrong proposal: {action['summary']}")
        return Move("say", text=f"{self._say['wrong']}{self._opening}", agrees=False)

    def _reply(self, last: TurnRecord) -> Move | None:
        if self._goal.persona == "impatient" and self._turns >= IMPATIENT_AFTER:
            self._over = True
            return Move("say", text=self._say["person"], wants_person=True)
        asked = facts_asked(last.reply, last.asks)
        self._asked.update(asked)
        known = {fact: value for fact, value in self._goal.knows.items() if fact in asked and self._volunteers(fact)}
        if not self._told:
            return self._tell(before=self._say["again"] if self._wavered else "")
        if known:
            if all(self._asked[fact] > MOST_REFUSALS for fact in known):
                return self._stop(f"asked again and again for {', '.join(known)}")
            return self._words(f"{self._calm()}{', '.join(dict.fromkeys(known.values()))}", dict(known))
        if any(fact in self._goal.knows for fact in asked):
            return Move("say", text=self._say["unsure"])
        self._restated += 1
        return self._words(self._opening) if self._restated == 1 else self._stop(f"no way on from: {last.reply[:120]}")

    def _volunteers(self, fact: str) -> bool:
        return fact not in self._goal.hides or self._asked[fact] > 1

    def _calm(self) -> str:
        if self._goal.persona != "angry_then_calm" or self._calmed:
            return ""
        self._calmed = True
        return self._say["calm"]

    def _words(self, text: str, given: dict[Any, str] | None = None) -> Move:
        said = {str(fact): value for fact, value in self._goal.knows.items() if value.casefold() in text.casefold()}
        return Move("say", text=text, gives=said | (given or {}), wants_person=self._goal.wants.person and self._told)

    def _stop(self, why: str) -> Move | None:
        self.why = why
        return None


@cache
def _phrases() -> dict[str, dict[str, str]]:
    read: dict[str, dict[str, str]] = yaml.safe_load(PHRASES.read_text(encoding="utf-8"))
    return read
