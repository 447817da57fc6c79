"""Letters are tried again for as long as it makes sense, at the pace the target asks for, and never by two at a time."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from agent.casework.outbox.courier import Courier, Pacing
from agent.casework.outbox.letters import Delivery, Kept, Letter, LetterStatus, NotDelivered
from agent.store.outbox_memory import MemoryOutbox
from evals.world import Clock

START = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
PACING = Pacing(first_s=2, most_s=60, attempts=5)


@dataclass
class Target:
    """Acknowledges, unless told what to raise; remembers when it was called."""

    clock: Clock
    failures: list[Exception] = field(default_factory=list)
    heard: list[tuple[str, int, datetime]] = field(default_factory=list)

    async def carry(self, delivery: Delivery, now: datetime) -> None:
        self.heard.append((delivery.letter.event_id, delivery.attempt, now))
        if self.failures:
            raise self.failures.pop(0)


@dataclass
class Post:
    """A courier without chance, its clock and its one target."""

    pacing: Pacing = PACING
    chance: float = 0.0
    lease_s: float = 60.0

    def __post_init__(self) -> None:
        self.clock, self.outbox = Clock(START), MemoryOutbox()
        self.target = Target(self.clock)
        self.courier = Courier(
            self.outbox,
            {"hook": self.target},
            clock=self.clock,
            owner="me",
            chance=lambda: self.chance,
            pacing=self.pacing,
            lease_s=self.lease_s,
        )

    def write(self, *names: str, target: str = "hook") -> None:
        self.outbox.write([Letter(name, "shop", "cnv_1", target, "handoff.queued", {}, START) for name in names])

    async def one(self) -> Kept:
        (kept,) = await self.outbox.letters("shop", None)
        return kept

    async def pass_until_quiet(self) -> list[float]:
        """Seconds after the start at which the target was called."""
        while (await self.one()).status is LetterStatus.WAITING:
            self.clock.now = max(self.clock.now, (await self.one()).next_at)
            await self.courier.deliver_due()
        return [(at - START).total_seconds() for _, _, at in self.target.heard]


async def test_what_is_due_is_delivered_and_only_once() -> None:
    post = Post()
    post.write(*[f"evt_{n}" for n in range(50)])
    assert await post.courier.deliver_due() == 50
    assert await post.courier.deliver_due() == 0
    assert len({name for name, _, _ in post.target.heard}) == 50


async def test_each_wait_is_twice_the_one_before_up_to_the_most_and_then_it_is_dead() -> None:
    post = Post(Pacing(first_s=2, most_s=10, attempts=6))
    post.target.failures = [NotDelivered("http_500")] * 9
    post.write("evt_1")
    assert await post.pass_until_quiet() == [0, 2, 6, 14, 24, 34]
    dead = await post.one()
    assert (dead.status, dead.attempts, dead.failure) == (LetterStatus.DEAD, 6, "http_500")


@pytest.mark.parametrize(("chance", "waited"), [(0.0, 8.0), (0.5, 6.0), (1.0, 4.0)])
def test_chance_takes_up_to_half_of_a_wait(chance: float, waited: float) -> None:
    assert PACING.wait_s(3, None, chance) == waited


def test_the_default_pace_spans_hours() -> None:
    pacing = Pacing()
    hours = sum(pacing.wait_s(attempt, None, 0.5) for attempt in range(1, pacing.attempts)) / 3600
    assert 6 < hours < 12
    assert pacing.wait_s(10_000, None, 0) == pacing.most_s


async def test_a_target_that_asks_for_time_gets_it() -> None:
    post = Post()
    post.target.failures = [NotDelivered("http_429", retry_after_s=45)]
    post.write("evt_1")
    assert await post.pass_until_quiet() == [0, 45]


async def test_a_target_cannot_ask_for_a_year() -> None:
    post = Post()
    post.target.failures = [NotDelivered("http_503", retry_after_s=31_536_000)]
    post.write("evt_1")
    assert await post.pass_until_quiet() == [0, 60]


async def test_a_target_cannot_have_itself_called_at_once() -> None:
    post = Post()
    post.target.failures = [NotDelivered("http_503", retry_after_s=0)]
    post.write("evt_1")
    assert await post.pass_until_quiet() == [0, 2]


async def test_what_would_fail_again_is_dead_at_once() -> None:
    post = Post()
    post.target.failures = [NotDelivered("http_422", final=True)]
    post.write("evt_1")
    assert await post.pass_until_quiet() == [0]
    assert (await post.one()).status is LetterStatus.DEAD


async def test_a_letter_for_nobody_is_dead() -> None:
    post = Post()
    post.write("evt_1", target="webhook:gone")
    await post.courier.deliver_due()
    assert ((await post.one()).status, (await post.one()).failure) == (LetterStatus.DEAD, "no_such_target")


async def test_a_defect_in_a_carrier_does_not_stop_the_others() -> None:
    post = Post()
    post.target.failures = [ZeroDivisionError()]
    post.write("evt_1", "evt_2")
    await post.courier.deliver_due()
    kept = {one.letter.event_id: (one.status, one.failure) for one in await post.outbox.letters("shop", None)}
    assert kept == {"evt_1": (LetterStatus.WAITING, "defect"), "evt_2": (LetterStatus.DELIVERED, "")}


async def test_a_delivery_ends_before_its_lease_does() -> None:
    post = Post(lease_s=0.05)

    async def hang(delivery: Delivery, now: datetime) -> None:
        await asyncio.Event().wait()

    post.target.carry = hang  # type: ignore[method-assign]
    post.write("evt_1")
    await post.courier.deliver_due()
    assert ((await post.one()).status, (await post.one()).failure) == (LetterStatus.WAITING, "timeout")


async def test_what_was_delivered_is_kept_for_a_month() -> None:
    post = Post()
    post.write("evt_1")
    await post.courier.deliver_due()
    post.clock.now += timedelta(days=30)
    await post.courier.tidy()
    assert await post.one()
    post.clock.now += timedelta(seconds=1)
    await post.courier.tidy()
    assert await post.outbox.letters("shop", None) == []
