"""Events in order out of what is heard and what is stored."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.casework.draft import LIVE
from agent.casework.following import END, Following
from agent.conversation import Event

# One turn: what it emits, in order. Deltas are told to listeners, and not stored.
TURN = ("turn.started", "handoff.queued", "tool.started", "tool.finished", "message.delta", "message.delta")
TURN = (*TURN, "message.completed", "done")


class Book:
    """Stored events, as the store answers them."""

    def __init__(self, page: int = 1000) -> None:
        self.events: list[Event] = []
        self.reads = 0

    async def read(self, after: tuple[int, int]) -> Sequence[Event]:
        self.reads += 1
        found = sorted((event.turn_seq, event.n) for event in self.events)
        kinds = {(event.turn_seq, event.n): event for event in self.events}
        return [kinds[at] for at in found if at > after][:1000]

    def store(self, turn: Sequence[Event]) -> None:
        self.events += [event for event in turn if event.type != "message.delta"]


def turn_of(seq: int) -> list[Event]:
    return [Event(seq, n, kind, {}) for n, kind in enumerate(TURN, 1)]


def as_published(turn: Sequence[Event]) -> tuple[list[Event], list[Event]]:
    """What is told while the turn is at work, and what is told once it is stored."""
    return [one for one in turn if one.type in LIVE], [one for one in turn if one.type not in LIVE]


async def heard(following: Following, events: Sequence[Event]) -> list[Event]:
    return [told for event in events for told in await following.take(event)]


async def test_who_listens_from_the_start_is_told_every_event_in_order_without_a_look_at_the_store() -> None:
    book, turns = Book(), [turn_of(1), turn_of(2)]
    following = Following(book.read, (0, END))
    told: list[Event] = []
    for turn in turns:
        live, rest = as_published(turn)
        told += await heard(following, live)
        book.store(turn)
        told += await heard(following, rest)
    assert told == [*turns[0], *turns[1]]
    assert book.reads == 0


async def test_live_events_are_told_as_they_happen() -> None:
    live, _ = as_published(turn_of(1))
    assert await Following(Book().read, (0, END)).take(live[0]) == [live[0]]


@pytest.mark.parametrize("missed", range(4))
async def test_who_comes_while_a_turn_is_at_work_misses_nothing_that_is_kept(missed: int) -> None:
    book, turn = Book(), turn_of(5)
    live, rest = as_published(turn)
    following = Following(book.read, (4, 9))
    told = await following.catch_up()
    told += await heard(following, live[missed:])
    book.store(turn)
    told += await heard(following, rest)
    assert [event.n for event in told] == list(range(1, len(TURN) + 1))


async def test_what_the_bus_lost_comes_from_the_store() -> None:
    book, first, second = Book(), turn_of(1), turn_of(2)
    following = Following(book.read, (0, END))
    told = await heard(following, first[:1])
    book.store(first)
    told += await heard(following, second[:1])
    assert [event.id for event in told] == ["1-1", "1-2", "1-3", "1-4", "1-7", "1-8", "2-1"]
    book.store(second)
    assert [event.id for event in await following.catch_up()] == ["2-2", "2-3", "2-4", "2-7", "2-8"]


async def test_a_thousand_and_more_stored_events_are_all_told() -> None:
    book = Book()
    turns = [turn_of(seq) for seq in range(1, 400)]
    for turn in turns:
        book.store(turn)
    told = await Following(book.read, (0, 0)).catch_up()
    assert told == book.events


@given(st.data())
async def test_whatever_is_lost_or_late_nothing_kept_is_missed_repeated_or_out_of_order(data: st.DataObject) -> None:
    book = Book()
    following = Following(book.read, (0, data.draw(st.sampled_from([0, END]))))
    told: list[Event] = []
    for seq in range(1, data.draw(st.integers(1, 4)) + 1):
        live, rest = as_published(turn_of(seq))
        for event in live:
            told += await following.take(event) if data.draw(st.booleans()) else []
        book.store(turn_of(seq))
        for event in rest:
            told += await following.take(event) if data.draw(st.booleans()) else []
        told += await following.catch_up() if data.draw(st.booleans()) else []
    told += await following.catch_up()
    at = [(event.turn_seq, event.n) for event in told]
    assert at == sorted(set(at))
    assert {(one.turn_seq, one.n) for one in book.events} <= set(at)
