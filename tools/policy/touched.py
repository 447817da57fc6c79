"""Which lines a change touches, and how many units of a line are left to touch."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tools.shop.changes import (
    CancelOrder,
    Change,
    ChangeItems,
    ChangeKind,
    ExchangeItems,
    OpenClaim,
    ReturnItems,
)
from tools.shop.models import Exchange, LineId, Order, OrderLine, Return, ReturnLine, ReturnStatus, Swap, VariantId

NEED_LINES = frozenset({ChangeKind.ITEMS, ChangeKind.RETURN, ChangeKind.EXCHANGE})


@dataclass(frozen=True, slots=True)
class Touched:
    """So many units of a line, why, and what should come in their place."""

    line_id: LineId
    units: int
    reason: str = ""
    new_variant_id: VariantId | None = None


def touched_by(change: Change) -> tuple[Touched, ...]:
    """The lines a change names, in its order; none when it is about the whole order."""
    match change:
        case ReturnItems():
            return tuple(Touched(line.line_id, line.quantity, line.reason.value) for line in change.lines)
        case ExchangeItems() | ChangeItems():
            return tuple(Touched(swap.line_id, swap.quantity, "", swap.new_variant_id) for swap in change.swaps)
        case OpenClaim():
            return tuple(Touched(line, units, change.problem.value) for line, units in change.lines.items())
        case CancelOrder(lines=lines) if lines is not None:
            return tuple(Touched(line, units, change.reason) for line, units in lines.items())
        case _:
            return ()


def names_nothing(change: Change) -> bool:
    """Whether the change is about lines and names none."""
    if isinstance(change, CancelOrder):
        return change.lines is not None and not change.lines
    return change.kind in NEED_LINES and not touched_by(change)


def units_by_line(touched: Iterable[Touched]) -> Mapping[LineId, int]:
    """Units of each line over the whole change."""
    units: dict[LineId, int] = {}
    for item in touched:
        units[item.line_id] = units.get(item.line_id, 0) + item.units
    return units


def units_by_variant(touched: Iterable[Touched]) -> Mapping[VariantId, int]:
    """Units wanted of each new variant over the whole change."""
    units: dict[VariantId, int] = {}
    for item in touched:
        if item.new_variant_id is not None:
            units[item.new_variant_id] = units.get(item.new_variant_id, 0) + item.units
    return units


def is_live(case: Return | Exchange) -> bool:
    """Whether a return or exchange was not withdrawn."""
    return case.status is not ReturnStatus.CANCELLED


def units_kept(line: OrderLine) -> int:
    """Units that were not cancelled."""
    return line.quantity - line.cancelled


def units_left(order: Order, line: OrderLine) -> int:
    """Units that were neither cancelled nor are in a live return or exchange."""
    out: list[ReturnLine | Swap] = [item for case in order.returns if is_live(case) for item in case.lines]
    out.extend(item for case in order.exchanges if is_live(case) for item in case.swaps)
    return units_kept(line) - sum(item.quantity for item in out if item.line_id == line.id)
