from collections.abc import Callable

import pytest

from agent.escalation.policy import RuleEscalation
from agent.escalation.verdict import Circumstances, Decision, EscalationPolicy, Line
from agent.understanding.reading import Emotion, Reading

Decide = Callable[..., Decision]


@pytest.fixture(scope="session")
def policy() -> EscalationPolicy:
    return RuleEscalation.load()


@pytest.fixture(scope="session")
def decide(policy: EscalationPolicy) -> Decide:
    """Decides on a dialogue given as texts, the shopper's first and then by turns."""

    def decided(*texts: str, **circumstances: object) -> Decision:
        lines = [Line("agent" if place % 2 else "shopper", text) for place, text in enumerate(texts)]
        return policy.decide(lines, Circumstances(**circumstances))  # type: ignore[arg-type]

    return decided


@pytest.fixture
def reading() -> Callable[[str, float], Reading]:
    """A reading of that text with that much frustration and nothing else."""

    def read(text: str, frustration: float) -> Reading:
        return Reading(text, "es", True, (), (), Emotion(frustration))

    return read
