"""What a run decided in a case, and the money in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from evals.suite.casefile import Case
from evals.suite.comparing import differences
from evals.suite.trajectory import Trajectory

Purse = dict[str, Decimal]
"""Amounts by currency, all positive."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is wrong with the decisions of one run. ``denied`` are the actions that should have been executed."""

    given: tuple[Mapping[str, Any], ...]
    denied: tuple[tuple[str, str | None], ...]
    extra_handoff: bool
    missed_handoff: bool


def decision_of(trajectory: Trajectory) -> str:
    """In words: what was executed or left waiting, and whether a person has it."""
    parts = sorted(
        f"{one['kind']} {one['order'] or ''} {one['status']}".replace("  ", " ")
        for one in trajectory.actions
        if one["status"] in ("executed", "needs_person", "undone")
    )
    if trajectory.handoffs:
        parts.append("to a person")
    return ", ".join(parts) or "answered"


def intent_of(case: Case) -> str:
    """What the shopper is after: the first action that is expected or wished for, else the area."""
    expected = [one.kind for one in case.expect.actions or ()]
    wished = getattr(getattr(case.shopper, "wants", None), "action", None)
    return expected[0] if expected else str(wished or case.area or "other")


def judge(trajectory: Trajectory) -> Judgement:
    """Against what the case expects; where it expects nothing of a kind, nothing of that kind is wrong."""
    expect = trajectory.case.expect
    executed = [one for one in trajectory.actions if one["status"] == "executed"]
    wanted = [one for one in expect.actions or () if one.status.value == "executed"]
    given: list[Mapping[str, Any]] = []
    left = list(wanted)
    for action in executed:
        fit = next((one for one in left if _fits(action, one)), None)
        if fit is not None:
            left.remove(fit)
        elif expect.actions is not None:
            given.append(action)
    stays = expect.handoffs == () or bool(expect.escalation and expect.escalation.decide == "stay")
    calls = bool(expect.handoffs) or bool(expect.escalation and expect.escalation.decide == "escalate")
    return Judgement(
        given=tuple(given),
        denied=tuple((one.kind, one.order) for one in left),
        extra_handoff=stays and bool(trajectory.handoffs),
        missed_handoff=calls and not trajectory.handoffs,
    )


def refund_of(action: Mapping[str, Any]) -> tuple[str, Decimal] | None:
    """What comes back to the shopper with it: currency and amount."""
    cost = action.get("cost")
    if not cost or Decimal(cost["amount"]) >= 0:
        return None
    return str(cost["currency"]), -Decimal(cost["amount"])


def purse(refunds: Iterable[tuple[str, Decimal] | None]) -> Purse:
    """Added up by currency."""
    found: Purse = {}
    for one in refunds:
        if one is not None:
            found[one[0]] = found.get(one[0], Decimal()) + one[1]
    return dict(sorted(found.items()))


def purse_text(amounts: Purse) -> str:
    """``899.00 MXN + 20.00 USD``, or a dash."""
    return " + ".join(f"{amount:.2f} {currency}" for currency, amount in amounts.items()) or "–"


def _fits(action: Mapping[str, Any], wanted: Any) -> bool:
    return (
        action["kind"] == wanted.kind
        and wanted.order in (None, action["order"])
        and not differences(action["after"], wanted.after)
    )
