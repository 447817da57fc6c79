"""How the mood moves over a conversation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

_MEMORY = 0.55
_CLEAR = 0.15


class Direction(StrEnum):
    """Where the mood is going."""

    RISING = "rising"
    STEADY = "steady"
    FALLING = "falling"


@dataclass(frozen=True, slots=True)
class Trend:
    """``level`` 0..1 is the mood now, older messages fading; ``peak`` the worst message so far."""

    level: float
    peak: float
    direction: Direction


def read_trend(frustrations: Sequence[float]) -> Trend:
    """The trend of the shopper's messages, oldest first; calm and steady when there are none."""
    level = before = peak = 0.0
    for frustration in frustrations:
        before = level
        level = frustration if frustration >= level else _MEMORY * level + (1.0 - _MEMORY) * frustration
        peak = max(peak, frustration)
    if len(frustrations) > 1 and level - before >= _CLEAR:
        direction = Direction.RISING
    elif before - level >= _CLEAR / 2 and len(frustrations) > 1:
        direction = Direction.FALLING
    else:
        direction = Direction.STEADY
    return Trend(round(level, 3), peak, direction)
