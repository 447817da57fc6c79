"""What has to reach somebody outside: letters, written with the turn they tell of and delivered until acknowledged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from agent.conversation import Json


class LetterStatus(StrEnum):
    """The life of a letter."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class Letter:
    """One thing to tell one target.

    ``event_id`` is what the receiver knows it by, the same however often it is sent. Letters of a ``lane`` are delivered
    one after the other, in the order they were written; an empty lane waits for nobody.
    """

    event_id: str
    shop_id: str
    conversation_id: str
    target: str
    type: str
    data: Json
    at: datetime
    lane: str = ""

    @property
    def id(self) -> str:
        """The letter's own name: the event, and whom it is for."""
        return f"{self.target}:{self.event_id}"


@dataclass(frozen=True, slots=True)
class Delivery:
    """A letter in somebody's hands until ``until``: nobody else delivers it before. ``attempt`` counts from 1."""

    letter: Letter
    attempt: int
    fence: int
    until: datetime


@dataclass(frozen=True, slots=True)
class Kept:
    """A letter as an operator sees it. ``failure`` says why the last attempt failed, in a stable code."""

    letter: Letter
    status: LetterStatus
    attempts: int
    next_at: datetime
    failure: str = ""


class Outbox(Protocol):
    """Where letters are kept. They are written by ``Store.finish``; every method here is one transaction."""

    async def take(self, *, owner: str, now: datetime, lease_s: float, limit: int) -> Sequence[Delivery]:
        """Letters that are due and in nobody's hands, the one that waits longest first. Each counts as an attempt."""
        ...

    async def settle(self, delivery: Delivery, *, now: datetime) -> bool:
        """It is delivered. False, and nothing is changed, when somebody else has it by now."""
        ...

    async def postpone(self, delivery: Delivery, *, until: datetime, failure: str) -> bool:
        """It is tried again then. False as above."""
        ...

    async def bury(self, delivery: Delivery, *, now: datetime, failure: str) -> bool:
        """It is not tried again unless somebody asks. False as above."""
        ...

    async def letters(self, shop_id: str, status: LetterStatus | None, limit: int = 100) -> Sequence[Kept]:
        """The shop's letters in that status (all when none), newest first."""
        ...

    async def replay(self, shop_id: str, letter_id: str, *, now: datetime) -> Kept | None:
        """Have a dead or delivered letter delivered (again) from now on, its attempts forgotten; none when there is no
        such letter. One that waits already is left as it is.
        """
        ...

    async def forget(self, before: datetime) -> int:
        """Delete what was delivered before then; how many."""
        ...


class NotDelivered(Exception):
    """A target did not acknowledge. ``failure`` is a stable code; ``final`` when another try would end the same.

    ``retry_after_s`` is how long the target itself asked to be left alone.
    """

    def __init__(self, failure: str, *, final: bool = False, retry_after_s: float | None = None) -> None:
        super().__init__(failure)
        self.failure = failure
        self.final = final
        self.retry_after_s = retry_after_s


class Carrier(Protocol):
    """A way to reach one target."""

    async def carry(self, delivery: Delivery, now: datetime) -> None:
        """Deliver; to return is to have been acknowledged. Raises ``NotDelivered``."""
        ...
