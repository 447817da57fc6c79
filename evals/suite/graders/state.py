"""The shop's rows at the end: those expected changed as expected, and nothing else changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from evals.suite.casefile.strict import Partial
from evals.suite.check import Check, failed, judged, unseen
from evals.suite.comparing import differences
from evals.suite.trajectory import RowChange, Timing, Trajectory
from tools.shop.matching import number_key

NAME: Final = "state"
FOLLOWS: Final = ("payment_method", "variant")
"""Rows that change with an order: a gift card's balance, a stock."""


def grade(trajectory: Trajectory, _: Timing | None) -> Iterator[Check]:
    """Always at least one check: that nothing else changed."""
    expect = trajectory.case.expect
    wanted: dict[tuple[str, str], Partial] = {("order", number_key(key)): one for key, one in expect.orders.items()}
    wanted |= {("customer", key): one for key, one in expect.customers.items()}
    if trajectory.changes is None:
        for table, key in sorted(wanted) or [("nothing else", "changed")]:
            yield unseen(NAME, f"{table} {key}", "the shop is out of sight")
        return
    changed: dict[tuple[str, str], RowChange] = {(one.table, one.key): one for one in trajectory.changes}
    for place in sorted(wanted):
        yield _row(f"{place[0]} {place[1]}", changed.get(place), wanted[place])
    yield _nothing_else(changed, wanted)


def _row(name: str, change: RowChange | None, wanted: Partial) -> Check:
    if change is None:
        return failed(NAME, name, "was not changed", expected=wanted, actual={})
    now = {field: after for field, (_, after) in change.fields.items()}
    return judged(NAME, name, differences(now, wanted), expected=wanted, actual=now)


def _nothing_else(changed: Mapping[tuple[str, str], RowChange], wanted: Mapping[tuple[str, str], Any]) -> Check:
    orders = any(table == "order" for table, _ in changed)
    beyond = [
        one for place, one in sorted(changed.items()) if place not in wanted and not (orders and one.table in FOLLOWS)
    ]
    faults = [f"{one.table} {one.key} was changed: {', '.join(sorted(one.fields))}" for one in beyond]
    actual = {f"{one.table} {one.key}": one.fields for one in beyond}
    return judged(NAME, "nothing else changed", faults, expected={}, actual=actual)
