"""What is asked of every change before its own rules: that it is offered, by the right person, about their order."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tools.policy.rules import OTHERWISE, TALK_TO_PERSON, Condition, Operator, Requirement, Rule
from tools.policy.verdict import Decision
from tools.shop.changes import ChangeKind

WITHOUT_ORDER = frozenset({ChangeKind.PROFILE_ADDRESS})


def gated(kind: ChangeKind, rule: Rule | None, level: int, by_country: bool) -> Rule:
    """The rule of that kind with the gates in front; without a rule, one that is not offered.

    ``by_country``: money differs by country, so that an order from elsewhere is for a person.
    """
    gates = [
        _gate("offered", Operator.EQUALS, True, "not_offered", alternatives=(TALK_TO_PERSON,)),
        _gate("identity", Operator.AT_LEAST, level, "identity_needed"),
    ]
    if kind not in WITHOUT_ORDER:
        gates.append(_gate("owned", Operator.EQUALS, True, "unknown_order"))
        if by_country:
            served = _gate("country_known", Operator.EQUALS, True, "country_not_served")
            gates.append(replace(served, decision=Decision.NEEDS_PERSON))
    rule = rule or Rule(kind, False, f"gate.{kind.value}")
    return replace(rule, requirements=(*gates, *rule.requirements))


def _gate(fact: str, operator: Operator, value: Any, code: str, alternatives: tuple[str, ...] = ()) -> Requirement:
    return Requirement(
        Condition(fact, operator, value),
        codes={OTHERWISE: code},
        decision=Decision.DENY,
        clause=f"gate.{fact}",
        topic="identity" if fact == "identity" else "",
        alternatives=alternatives,
    )
