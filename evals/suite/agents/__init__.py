"""Agents that stand in for the product: three that a score is read beside, and those with one seeded fault each.

Each goes around the product's guards, on purpose: what has to catch them is the suite. To add one: a subclass of
``Answering`` and its line in ``AGENTS``.
"""

from __future__ import annotations

from typing import Final

from agent.casework.answering import Answering
from agent.errors import Misconfigured
from evals.suite.agents.baselines import AlwaysEscalates, DoesNothing, SaysYes
from evals.suite.agents.deeds import ActsAgain, NeverEscalates, SkipsConfirmation
from evals.suite.agents.reception import Receiving, receiving
from evals.suite.agents.words import (
    AsksTwice,
    ClaimsWithoutActing,
    FollowsInjectedText,
    InventsADate,
    LeaksAnotherOrder,
    OtherLanguage,
)

AGENTS: Final[dict[str, type[Answering]]] = {
    "does_nothing": DoesNothing,
    "always_escalates": AlwaysEscalates,
    "says_yes": SaysYes,
    "skips_confirmation": SkipsConfirmation,
    "acts_again": ActsAgain,
    "never_escalates": NeverEscalates,
    "leaks_another_order": LeaksAnotherOrder,
    "claims_without_acting": ClaimsWithoutActing,
    "other_language": OtherLanguage,
    "invents_a_date": InventsADate,
    "follows_injected_text": FollowsInjectedText,
    "asks_twice": AsksTwice,
}
BASELINES: Final = ("does_nothing", "always_escalates", "says_yes")


def receiving_for(agent: str) -> Receiving | None:
    """The reception of that agent; none for the product itself. Raises ``Misconfigured``."""
    if not agent:
        return None
    if agent not in AGENTS:
        raise Misconfigured(f"--agent {agent}: one of {', '.join(AGENTS)} is wanted")
    return receiving(AGENTS[agent])
