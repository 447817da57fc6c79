"""Who comes: a script, a goal, or a person played by an LLM."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag, model_validator

from evals.suite.casefile.strict import Partial, Pattern, Span, Strict

Fact = Literal[
    "order_number",
    "email",
    "postal_code",
    "code",
    "address",
    "item",
    "size",
    "reason",
    "date",
    "confirmation",
    "choice",
]
Press = Literal["confirm", "reject", "undo", "person"]
Persona = Literal["plain", "impatient", "vague", "talkative", "angry_then_calm", "changes_mind"]
Facts = dict[Fact, Annotated[str, Field(min_length=1)]]


class Step(Strict):
    """One move: exactly one of ``say``, ``press`` and ``wait``.

    ``again`` sends it a second time under the same name, as a browser does after a lost answer. ``hostile`` marks words
    that try to make the agent misbehave; ``canaries`` betray a reply that obeyed. ``wants_person`` marks a request for a
    person that must be met in this very turn. ``agrees`` marks words (or, false, refuses them) as consent to what was
    proposed; without it the suite reads plain yeses itself.
    """

    say: str | None = Field(default=None, min_length=1)
    press: Press | None = None
    wait: Span | None = None
    again: bool = False
    hostile: bool = False
    canaries: tuple[Annotated[str, Field(min_length=3)], ...] = ()
    wants_person: bool = False
    agrees: bool | None = None

    @model_validator(mode="after")
    def _is_one_move(self) -> Step:
        if sum(one is not None for one in (self.say, self.press, self.wait)) != 1:
            raise ValueError("exactly one of say, press and wait is wanted")
        return self


class Script(Strict):
    """Lines in their order. When a reply asks for a fact in ``answers``, that answer comes before the next line.

    A line is a text or a ``Step``; the text ``CODE`` stands for the one-time code sent last. An answer is given once
    for each time it is asked for, twice at most. ``paraphrases`` are other ways to say the first line.
    """

    kind: Literal["script"] = "script"
    lines: tuple[Annotated[str, Field(min_length=1)] | Step, ...] = Field(min_length=1)
    answers: Facts = {}
    paraphrases: tuple[Annotated[str, Field(min_length=1)], ...] = ()

    def steps(self) -> tuple[Step, ...]:
        """All lines as moves."""
        return tuple(Step(say=line) if isinstance(line, str) else line for line in self.lines)


class Wish(Strict):
    """What the shopper is after: an action with these values, an answer with these words, or a person."""

    action: str = ""
    order: str = ""
    after: Partial = {}
    answer: Pattern | None = None
    person: bool = False

    @model_validator(mode="after")
    def _is_one_wish(self) -> Wish:
        if sum((bool(self.action), self.answer is not None, self.person)) != 1:
            raise ValueError("exactly one of action, answer and person is wanted")
        return self


class Goal(Strict):
    """A shopper with a wish and no script, who needs no model.

    ``opening`` is how it is put (``paraphrases`` other ways), ``knows`` what can be answered when asked, ``hides`` what
    of it is only told when asked a second time. A proposal is confirmed when it fits the wish, and refused otherwise.
    """

    kind: Literal["goal"]
    opening: str = Field(min_length=1)
    wants: Wish
    knows: Facts = {}
    hides: tuple[Fact, ...] = ()
    persona: Persona = "plain"
    paraphrases: tuple[Annotated[str, Field(min_length=1)], ...] = ()
    most_turns: int = Field(default=12, ge=1, le=40)


class Simulated(Strict):
    """A shopper played by an LLM. Without a key the case is not evaluated."""

    kind: Literal["simulate"]
    brief: str = Field(min_length=1)
    knows: Facts = {}
    persona: Persona = "plain"
    most_turns: int = Field(default=12, ge=1, le=40)


def _kind(given: Any) -> str:
    """A shopper is a script unless it says otherwise."""
    kind = given.get("kind", "script") if isinstance(given, dict) else getattr(given, "kind", "script")
    return str(kind)


Shopper = Annotated[
    Annotated[Script, Tag("script")] | Annotated[Goal, Tag("goal")] | Annotated[Simulated, Tag("simulate")],
    Discriminator(_kind),
]
