"""What policy answers: a decision with its reason, the clause behind it, and the way to a yes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from tools.shop.changes import Terms


class Decision(StrEnum):
    """The three answers."""

    ALLOW = "allow"
    DENY = "deny"
    NEEDS_PERSON = "needs_person"


@dataclass(frozen=True, slots=True)
class Clause:
    """Where the rule is written: its id in the policy file, the version, and the knowledge topic that explains it."""

    id: str
    version: str
    topic: str = ""


@dataclass(frozen=True, slots=True)
class Counterfactual:
    """One fact that stood in the way and the value with which the same rule would have said yes.

    ``fact`` is a field of the facts judged, ``operator`` one of the rule operators (``at_most``, ``at_least``,
    ``one_of``, ``equals``), ``value`` what the fact would have to be held against, ``actual`` what it was.
    ``line_id`` is the order line in question, none when it is about the whole order.
    """

    fact: str
    operator: str
    value: Any
    actual: Any
    line_id: str | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer to one change.

    ``code`` is stable and has a sentence per language in ``prompts/``. ``alternatives`` are change kinds (or
    ``talk_to_person``) that remain open for this order now. ``terms`` are the figures to book when allowed.
    ``later`` are change kinds that will open once the goods have arrived.
    ``until`` (ISO date) is the last day on which the same change is allowed, where the rule has one.
    """

    decision: Decision
    code: str
    clause: Clause
    terms: Terms
    needs: tuple[Counterfactual, ...] = ()
    alternatives: tuple[str, ...] = ()
    until: str | None = None
    undo_minutes: int = 0
    later: tuple[str, ...] = ()

    @property
    def allowed(self) -> bool:
        """Whether it may be done without a person."""
        return self.decision is Decision.ALLOW
