"""Which kinds of change are open to an order now: shown by examples that policy says yes to, never guessed."""

from __future__ import annotations

from collections.abc import Iterator

from tools.grounds import Grounds
from tools.policy.calendar_days import Moment
from tools.policy.observation import Case
from tools.policy.touched import units_kept, units_left
from tools.policy.witness import example_of
from tools.scope import Scope
from tools.shop.changes import Change, ChangeKind, OpenClaim, ReturnItems, SetInstructions
from tools.shop.models import ClaimKind, Order, PaymentMethodId, ReturnLine, ReturnReason

PER_LINE = frozenset({ChangeKind.ITEMS, ChangeKind.RETURN, ChangeKind.EXCHANGE})
NOT_OF_AN_ORDER = frozenset({ChangeKind.PROFILE_ADDRESS})


def open_kinds(grounds: Grounds, scope: Scope) -> list[str]:
    """The kinds that would be allowed once the shopper is verified to the level they need; one line may be enough."""
    order = grounds.order
    if order is None:
        return []
    kinds = [kind for kind in ChangeKind if kind in scope.shop.capabilities and kind not in NOT_OF_AN_ORDER]
    return [
        kind.value
        for kind in kinds
        if any(_allowed(change, grounds, scope) for change in _examples(kind, order, grounds, scope))
    ]


def _allowed(change: Change, grounds: Grounds, scope: Scope) -> bool:
    level = max(scope.identity.level, scope.policy.level_for(change.kind))
    return scope.policy.allows(
        change,
        order=grounds.order,
        customer=grounds.customer,
        products=grounds.products,
        capabilities=scope.shop.capabilities,
        identity=level,
        now=scope.now,
    )


def _examples(kind: ChangeKind, order: Order, grounds: Grounds, scope: Scope) -> Iterator[Change]:
    if kind is ChangeKind.CLAIM:
        yield from _claims(order)
        return
    for seed in _seeds(kind, order):
        case = Case(seed, order, grounds.customer, grounds.products, Moment(scope.now, scope.policy.zone))
        example = example_of(kind, case)
        if example is not None:
            yield example


def _seeds(kind: ChangeKind, order: Order) -> Iterator[Change]:
    if kind not in PER_LINE:
        yield SetInstructions(order.number, "")
        return
    for line in order.lines:
        units = units_left(order, line)
        if units > 0:
            back = (ReturnLine(line.id, units, ReturnReason.CHANGED_MIND),)
            yield ReturnItems(order.number, back, order.paid_with or PaymentMethodId(""))


def _claims(order: Order) -> Iterator[Change]:
    for problem in ClaimKind:
        for line in order.lines:
            if units_kept(line) > 0:
                yield OpenClaim(order.number, problem, {line.id: units_kept(line)}, "")
