"""One sitting of the engine: a case is judged, and so are the ways that remain open when the answer is no."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from tools.policy.booking import book
from tools.policy.facts import Facts
from tools.policy.observation import Case, observe
from tools.policy.rules import TALK_TO_PERSON, Requirement, Rule, Version
from tools.policy.verdict import Clause, Decision, Verdict
from tools.policy.witness import examples_of, once_delivered
from tools.shop.changes import ChangeKind, Terms
from tools.shop.models import OrderStatus

ENDED = frozenset({OrderStatus.DELIVERED, OrderStatus.CANCELLED})


@dataclass(frozen=True, slots=True)
class Bench:
    """The version and the circumstances that are the same for a change and for its alternatives.

    ``granted`` are the codes that a person with authority has allowed.
    """

    version: Version
    capabilities: frozenset[ChangeKind]
    identity: int
    currencies: Mapping[str, str]
    granted: frozenset[str] = frozenset()

    def judge(self, case: Case) -> Verdict:
        """The verdict with its way to a yes."""
        rule = self.version.rules[case.change.kind]
        lines = self._facts(case, rule)
        failure = rule.first_failure(lines, self.version.figures, self.granted)
        until = self._until(rule, lines)
        if failure is None:
            clause = Clause(rule.clause, self.version.name, rule.topic)
            terms = book(case, lines, rule.booking, self.version)
            return Verdict(Decision.ALLOW, "allowed", clause, terms, until=until, undo_minutes=self._undo(rule, lines))
        requirement, failing = failure
        deny = requirement.decision is Decision.DENY
        return Verdict(
            requirement.decision,
            requirement.code(failing[0]),
            Clause(requirement.clause, self.version.name, requirement.topic),
            Terms(policy=self.version.name) if deny else book(case, lines, rule.booking, self.version),
            needs=tuple(requirement.counterfactual(facts, self.version.figures) for facts in failing),
            alternatives=self._alternatives(requirement, case),
            until=until,
            later=self._later(requirement, case),
        )

    def allows(self, case: Case) -> bool:
        """Whether nothing stands in the way."""
        rule = self.version.rules[case.change.kind]
        return rule.first_failure(self._facts(case, rule), self.version.figures) is None

    def _facts(self, case: Case, rule: Rule) -> tuple[Facts, ...]:
        order = case.order
        served = order is None or not self.currencies or self.currencies.get(order.country) == order.currency
        offered = rule.offered and rule.kind in self.capabilities
        return observe(case, offered=offered, identity=self.identity, country_known=served)

    def _alternatives(self, requirement: Requirement, case: Case) -> tuple[str, ...]:
        return tuple(
            name for name in requirement.alternatives if name == TALK_TO_PERSON or self._is_open(ChangeKind(name), case)
        )

    def _later(self, requirement: Requirement, case: Case) -> tuple[str, ...]:
        if case.order is None or case.order.status in ENDED or not requirement.later:
            return ()
        arrived = replace(case, order=once_delivered(case.order, case))
        return tuple(kind.value for kind in requirement.later if self._is_open(kind, arrived))

    def _is_open(self, kind: ChangeKind, case: Case) -> bool:
        return any(self.allows(replace(case, change=example)) for example in examples_of(kind, case))

    def _until(self, rule: Rule, lines: Sequence[Facts]) -> str | None:
        """The last day of the shortest window that applies."""
        days = [
            facts.delivered_on + timedelta(days=limit)
            for requirement in rule.windows
            for facts in lines
            if facts.delivered_on is not None and (limit := self._window(requirement, facts)) is not None
        ]
        return min(days).isoformat() if days else None

    def _window(self, requirement: Requirement, facts: Facts) -> int | None:
        if not requirement.applies(facts, self.version.figures):
            return None
        return int(requirement.condition.bound(facts, self.version.figures))

    def _undo(self, rule: Rule, lines: Sequence[Facts]) -> int:
        if not rule.booking.undo:
            return 0
        return int(self.version.figures.value(rule.booking.undo, lines[0].country))
