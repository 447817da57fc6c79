"""Rules as values: conditions over facts, requirements in their order, and what each says when it fails."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from operator import attrgetter
from typing import Any

from tools.policy.facts import Facts
from tools.policy.figures import Figures
from tools.policy.verdict import Counterfactual, Decision
from tools.shop.changes import ChangeKind

OTHERWISE = "otherwise"
TALK_TO_PERSON = "talk_to_person"
WINDOW_FACT = "days_since_delivery"


class Operator(StrEnum):
    """How a fact is held against a value."""

    EQUALS = "equals"
    ONE_OF = "one_of"
    AT_MOST = "at_most"
    AT_LEAST = "at_least"


COMPARE: Mapping[Operator, Callable[[Any, Any], bool]] = {
    Operator.EQUALS: lambda fact, value: bool(fact == value),
    Operator.ONE_OF: lambda fact, value: fact in value,
    Operator.AT_MOST: lambda fact, value: fact is not None and bool(fact <= value),
    Operator.AT_LEAST: lambda fact, value: fact is not None and bool(fact >= value),
}


@dataclass(frozen=True, slots=True)
class FigureRef:
    """A value that is looked up by name for the country and category judged."""

    name: str


@dataclass(frozen=True, slots=True)
class Condition:
    """A fact held against a literal or a figure."""

    fact: str
    operator: Operator
    value: Any
    read: Callable[[Facts], Any] = field(init=False, compare=False, repr=False)
    compare: Callable[[Any, Any], bool] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "read", attrgetter(self.fact))
        object.__setattr__(self, "compare", COMPARE[self.operator])

    def bound(self, facts: Facts, figures: Figures) -> Any:
        """The value for these facts."""
        if isinstance(self.value, FigureRef):
            return figures.value(self.value.name, facts.country, facts.category)
        return self.value

    def holds(self, facts: Facts, figures: Figures) -> bool:
        """Whether it is so. A fact that is not known is within no limit."""
        return self.compare(self.read(facts), self.bound(facts, figures))


@dataclass(frozen=True, slots=True)
class Requirement:
    """What must be so, when it must be so, and what follows when it is not.

    It applies when all of ``when`` hold and none of the groups in ``unless`` holds as a whole. ``codes`` gives a code
    by the fact's value, with ``otherwise`` for the rest. ``later`` are kinds that open once the goods have arrived.
    """

    condition: Condition
    codes: Mapping[str, str]
    decision: Decision
    clause: str
    topic: str = ""
    alternatives: tuple[str, ...] = ()
    later: tuple[ChangeKind, ...] = ()
    when: tuple[Condition, ...] = ()
    unless: tuple[tuple[Condition, ...], ...] = ()

    @property
    def is_window(self) -> bool:
        """Whether it allows something until so many days after delivery."""
        return self.condition.fact == WINDOW_FACT and self.condition.operator is Operator.AT_MOST

    def applies(self, facts: Facts, figures: Figures) -> bool:
        """Whether it is asked at all."""
        return all(condition.holds(facts, figures) for condition in self.when) and not any(
            all(condition.holds(facts, figures) for condition in group) for group in self.unless
        )

    def fails(self, facts: Facts, figures: Figures) -> bool:
        """Whether it is asked and not met."""
        return not self.condition.holds(facts, figures) and self.applies(facts, figures)

    def is_granted(self, failing: Sequence[Facts], granted: frozenset[str]) -> bool:
        """Whether a person has allowed all of it; what is denied nobody can."""
        return self.decision is Decision.NEEDS_PERSON and all(self.code(facts) in granted for facts in failing)

    def code(self, facts: Facts) -> str:
        """The code for what the fact is."""
        return self.codes.get(str(self.condition.read(facts)), self.codes[OTHERWISE])

    def counterfactual(self, facts: Facts, figures: Figures) -> Counterfactual:
        """What the fact would have to be."""
        condition = self.condition
        value = condition.bound(facts, figures)
        return Counterfactual(condition.fact, condition.operator.value, value, condition.read(facts), facts.line_id)


@dataclass(frozen=True, slots=True)
class Booking:
    """The names of the figures that a kind of change books; empty where there is none.

    ``fee`` is kept back (``free_times`` earlier ones are free, and whatever is asked for within ``free_days`` of its
    delivery, where the country has a value), ``charge`` paid at once, ``ship_within`` the days to
    post the goods, ``undo`` the minutes in which it may be undone.
    """

    fee: str = ""
    free_times: str = ""
    free_days: str = ""
    charge: str = ""
    refund_days: str = ""
    ship_within: str = ""
    undo: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """Everything about one kind of change: its requirements in the order in which they decide.

    ``offered`` is false where the version has no rules for the kind.
    """

    kind: ChangeKind
    offered: bool
    clause: str
    topic: str = ""
    requirements: tuple[Requirement, ...] = ()
    booking: Booking = Booking()

    @property
    def windows(self) -> tuple[Requirement, ...]:
        """The requirements that close so many days after delivery."""
        return tuple(item for item in self.requirements if item.is_window)

    def first_failure(
        self, lines: Sequence[Facts], figures: Figures, granted: frozenset[str] = frozenset()
    ) -> tuple[Requirement, list[Facts]] | None:
        """The first requirement that any line fails, with all lines that fail it.

        ``granted`` are codes that a person has allowed; only what needs a person can be.
        """
        for requirement in self.requirements:
            failing = [facts for facts in lines if requirement.fails(facts, figures)]
            if failing and not requirement.is_granted(failing, granted):
                return requirement, failing
        return None


@dataclass(frozen=True, slots=True)
class Version:
    """One effective-dated state of the policy. ``faults`` are the reasons for which the shop answers."""

    name: str
    figures: Figures
    rules: Mapping[ChangeKind, Rule]
    faults: frozenset[str]
