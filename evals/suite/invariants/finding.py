"""What an invariant found."""

from __future__ import annotations

from dataclasses import dataclass


class Unseen(Exception):
    """What this invariant rests on is out of sight in this trajectory."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A breach: in which turn, and what."""

    turn: int
    detail: str
