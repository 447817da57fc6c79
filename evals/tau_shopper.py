"""A shopper with a goal and no model: says who they are, what they want, answers what is asked, judges each preview."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from agent.conversation import TurnKind
from evals.tau_goals import Goal, Piece, listed, said
from tools.shop.models import Customer

View = Mapping[str, Any]

MOST_TURNS = 12
"""For one change; a good human agent needs four."""


@dataclass(frozen=True, slots=True)
class Word:
    """The shopper's next move: a message, or a button on a proposal."""

    text: str = ""
    button: TurnKind | None = None
    action_id: str = ""


@dataclass(slots=True)
class Shopper:
    """One conversation's worth of wishes, carried through one after the other.

    ``miss`` says why the goal at hand was given up; empty as long as all goes well.
    """

    customer: Customer
    goals: tuple[Goal, ...]
    by_email: bool = False
    miss: str = ""
    _at: int = 0
    _turns: int = 0
    _restated: int = 0
    _told: set[str] = field(default_factory=set)

    @property
    def goal(self) -> Goal | None:
        """What is wanted now; none when all is done."""
        return self.goals[self._at] if self._at < len(self.goals) else None

    def begin(self) -> Word:
        """The first message: who, and the first wish."""
        return Word(f"Hi, {self._who()} {self.goals[0].opening()}")

    def answer(self, turn: View) -> Word | None:
        """What comes next; none when there is nothing left to say."""
        goal = self.goal
        if goal is None or self.miss:
            return None
        self._turns += 1
        done = [one for one in turn["actions"] if one["status"] == "executed"]
        if done:
            return self._next()
        if turn["status"] != "bot":
            return self._stop(f"a person was called: {_codes(turn)}")
        if self._turns > MOST_TURNS:
            return self._stop("too many turns")
        proposed = [one for one in turn["actions"] if one["status"] == "proposed"]
        if proposed:
            return self._judge(goal, proposed[-1])
        return self._reply(goal, turn)

    def _judge(self, goal: Goal, action: View) -> Word | None:
        if goal.fits(action):
            return Word(button=TurnKind.CONFIRM, action_id=str(action["id"]))
        if self._restated > 1:
            return self._stop(f"wrong preview: {action['summary']}")
        self._restated += 1
        return Word(f"No, that's not it. {goal.opening()}")

    def _reply(self, goal: Goal, turn: View) -> Word | None:
        asks, text = set(turn["asks"]), str((turn["reply"] or {}).get("text", ""))
        for fact in ("order_number", "email", "postal_code", "address", "item", "size", "reason"):
            if fact in asks:
                return self._once(fact, self._fact(fact, goal, text), text)
        if "choice" in asks:
            return self._once("choice", self._choice(goal, text), text)
        if self._restated:
            return self._stop(f"no proposal: {text}")
        self._restated += 1
        return Word(goal.opening())

    def _once(self, fact: str, words: str, text: str) -> Word | None:
        """The same answer to the same question a second time leads nowhere."""
        told = f"{fact}:{words}:{text}"
        if told in self._told:
            return self._stop(f"asked again for {fact}: {text}")
        self._told.add(told)
        return Word(words)

    def _fact(self, fact: str, goal: Goal, text: str) -> str:
        match fact:
            case "order_number":
                proof = "" if fact in self._told else self._who()
                return f"It's order {goal.number}. {proof}".strip()
            case "email" | "postal_code":
                return self._who()
            case "address":
                return goal.address
            case "item":
                return listed([f"{piece.title} ({said(piece.options)})" for piece in goal.pieces])
            case "size":
                return self._form(goal, text)
        return goal.reason or "I changed my mind"

    def _choice(self, goal: Goal, text: str) -> str:
        asked = [piece for piece in goal.pieces if piece.title.lower() in text.lower()]
        if asked and goal.pieces[0].new_variant_id:
            return self._form(goal, text)
        return goal.method or (goal.pieces[0].title if goal.pieces else goal.number)

    def _form(self, goal: Goal, text: str) -> str:
        """The wanted form of the piece that the question names; of all of them when it names none."""
        named: list[Piece] = [piece for piece in goal.pieces if piece.title.lower() in text.lower()]
        wanted = named or list(goal.pieces)
        if len(wanted) == 1:
            return said(wanted[0].new_options)
        return listed([f"the {piece.title.lower()}: {said(piece.new_options)}" for piece in wanted])

    def _next(self) -> Word | None:
        self._at, self._turns, self._restated = self._at + 1, 0, 0
        goal = self.goal
        return Word(goal.opening()) if goal else None

    def _stop(self, why: str) -> Word | None:
        self.miss = why
        return None

    def _who(self) -> str:
        if self.by_email:
            return f"I'm {self.customer.name}, my email is {self.customer.email}."
        return f"I'm {self.customer.name}, zip code {self.customer.address.postal_code}."


def _codes(turn: View) -> str:
    handoff = turn["handoff"] or {}
    return ", ".join(reason["code"] for reason in handoff.get("reasons", ()))
