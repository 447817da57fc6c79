"""The figures, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, event

from agent.casework.ports import Claim
from agent.conversation import ActionStatus, HandoffStatus, Reason, Speaker
from agent.store.database import Database, open_database
from agent.store.kpis import SqlKpis, _Period, nearest_rank
from agent.store.migrate import migrate
from agent.store.sql_store import SqlStore

NOW = datetime(2026, 3, 1, 10, tzinfo=UTC)
NOTHING: dict[str, Any] = {
    "conversations": 0,
    "turns": 0,
    "outcomes": {"human": 0, "confirmed": 0, "unresolved": 0, "acted": 0, "answered": 0, "empty": 0},
    "resolutions": {
        "agent": {"confirmed": 0, "assumed": 0, "abandoned": 0, "escalated": 0},
        "people": {
            "confirmed": 0,
            "assumed": 0,
            "not_solved": 0,
            "abandoned": 0,
            "returned": 0,
            "duplicate": 0,
            "open": 0,
        },
    },
    "handoffs": {},
    "desk": {
        "cases": 0,
        "first_answer_s": {"p50": None, "p95": None},
        "handle_s": None,
        "occupancy": None,
        "waiting": 0,
        "with_person": 0,
    },
    "actions": {},
    "latency_ms": {"p50": None, "p95": None},
    "csat": {"count": 0, "average": None},
    "nps": {"count": 0, "average": None},
    "models": {},
}


class Shop:
    """Conversations as they come about, each opened a minute after the one before."""

    def __init__(self, database: Database, make: Any) -> None:
        self.store = SqlStore(database)
        self.kpis = SqlKpis(database)
        self.make = make
        self.opened = 0

    async def talk(
        self,
        *,
        latency_ms: int | None = None,
        shop_id: str = "shop",
        outcome: Callable[[Claim], dict[str, Any]] = lambda _: {},
    ) -> str:
        """One conversation, with one answered turn when there is a latency."""
        make = self.make
        at = make.now + timedelta(minutes=self.opened)
        self.opened += 1
        conversation = replace(make.conversation(shop_id), created_at=at, updated_at=at)
        await self.store.open(conversation, "hash")
        if latency_ms is not None:
            turn = replace(make.turn(conversation.id), accepted_at=at)
            claim = await self.store.accept(turn, make.message(turn), owner="o", now=at, lease_s=20)
            assert isinstance(claim, Claim)
            left = make.outcome(claim, latency_ms=latency_ms, **outcome(claim))
            await self.store.finish(claim, left, now=at)
        return str(conversation.id)

    async def rate(self, conversation_id: str, **feedback: Any) -> None:
        await self.store.keep_feedback("shop", conversation_id, feedback, self.make.now)

    async def figures(self, minutes: int = 60, start: int = 0) -> Any:
        now = self.make.now
        return await self.kpis.between("shop", now + timedelta(minutes=start), now + timedelta(minutes=minutes))


@pytest.fixture
def shop(database: Database, make: Any) -> Shop:
    return Shop(database, make)


async def test_without_data_there_are_no_averages(shop: Shop) -> None:
    assert await shop.figures() == NOTHING


async def test_a_conversation_counts_once_in_the_first_outcome_that_fits(shop: Shop) -> None:
    make = shop.make

    def executed(claim: Claim) -> dict[str, Any]:
        return {"actions": (make.action(claim.turn, status=ActionStatus.EXECUTED),)}

    def handed_over(claim: Claim) -> dict[str, Any]:
        return {**executed(claim), "handoffs": (make.handoff(claim.lease.conversation_id),)}

    await shop.talk()
    await shop.talk(latency_ms=10)
    await shop.talk(latency_ms=10, outcome=executed)
    human = await shop.talk(latency_ms=10, outcome=handed_over)
    await shop.rate(human, resolved=True)
    confirmed = await shop.talk(latency_ms=10, outcome=executed)
    await shop.rate(confirmed, resolved=True, rating=5)
    unresolved = await shop.talk(latency_ms=10, outcome=executed)
    await shop.rate(unresolved, resolved=False, rating=2, nps=0)
    rated_only = await shop.talk(latency_ms=10)
    await shop.rate(rated_only, rating=5, nps=9)
    figures = await shop.figures()
    assert figures["outcomes"] == {
        "human": 1,
        "confirmed": 1,
        "unresolved": 1,
        "acted": 1,
        "answered": 2,
        "empty": 1,
    }
    assert (figures["conversations"], figures["turns"]) == (7, 6)
    assert figures["resolutions"]["agent"] == {"confirmed": 1, "assumed": 3, "abandoned": 1, "escalated": 1}
    assert figures["csat"] == {"count": 3, "average": 4.0}
    assert figures["nps"] == {"count": 2, "average": 4.5}


async def test_handoffs_count_by_reason_and_actions_by_kind_and_status(shop: Shop) -> None:
    make = shop.make
    reasons = (Reason("legal", "abogado", "m1"), Reason("legal", "demanda", "m2"), Reason("frustration", "harto", "m2"))

    def case(claim: Claim) -> dict[str, Any]:
        return {
            "handoffs": (make.handoff(claim.lease.conversation_id, reasons=reasons),),
            "actions": (
                make.action(claim.turn),
                make.action(claim.turn, status=ActionStatus.FAILED),
                make.action(claim.turn, kind="cancel_order"),
            ),
        }

    await shop.talk(latency_ms=10, outcome=case)
    await shop.talk(latency_ms=10, outcome=lambda claim: {"handoffs": (make.handoff(claim.lease.conversation_id),)})
    figures = await shop.figures()
    assert figures["handoffs"] == {"frustration": 1, "human_request": 1, "legal": 1}
    assert figures["actions"] == {"cancel_order": {"proposed": 1}, "change_address": {"failed": 1, "proposed": 1}}


async def test_whoever_left_with_a_question_open_has_abandoned_it(shop: Shop) -> None:
    def asking(claim: Claim) -> dict[str, Any]:
        return {"conversation": replace(claim.file.conversation, asked=("order_number",))}

    await shop.talk(latency_ms=10, outcome=asking)
    await shop.talk(latency_ms=10)
    left = await shop.talk(latency_ms=10, outcome=asking)
    await shop.rate(left, resolved=True)
    agent = (await shop.figures())["resolutions"]["agent"]
    assert agent == {"confirmed": 1, "assumed": 1, "abandoned": 1, "escalated": 0}


async def test_the_desk_is_timed_from_the_case_to_the_first_words_and_from_claim_to_close(shop: Shop) -> None:
    make, now = shop.make, shop.make.now

    def case(
        after: int, claimed: int, closed: int | None, outcome: str, said: int | None
    ) -> Callable[[Claim], dict[str, Any]]:
        """A case of that minute, claimed, closed and answered so many minutes after."""
        made = now + timedelta(minutes=after)

        def left(claim: Claim) -> dict[str, Any]:
            handoff = make.handoff(
                claim.lease.conversation_id,
                status=HandoffStatus.RESOLVED if closed else HandoffStatus.HUMAN,
                created_at=made,
                claimed_at=made + timedelta(minutes=claimed),
                claimed_by="Alma",
                closed_at=made + timedelta(minutes=closed) if closed else None,
                outcome=outcome,
            )
            spoken = make.message(claim.turn, "Hola, soy Alma.", Speaker.PERSON)
            said_at = () if said is None else (replace(spoken, at=made + timedelta(minutes=said)),)
            return {"handoffs": (handoff,), "messages": said_at}

        return left

    solved = await shop.talk(latency_ms=10, outcome=case(0, 2, 12, "solved", 3))
    await shop.talk(latency_ms=10, outcome=case(20, 2, 32, "solved", 5))
    await shop.talk(latency_ms=10, outcome=case(30, 1, None, "", None))
    await shop.talk(latency_ms=10, outcome=case(40, 1, 1, "no_answer", None))
    await shop.rate(solved, resolved=True)
    figures = await shop.figures()
    assert figures["desk"] == {
        "cases": 4,
        "first_answer_s": {"p50": 180, "p95": 300},
        "handle_s": 800,
        "occupancy": 0.8,
        "waiting": 0,
        "with_person": 1,
    }
    assert figures["resolutions"]["people"] == {
        "confirmed": 1, "assumed": 1, "not_solved": 0, "abandoned": 1, "returned": 0, "duplicate": 0, "open": 1
    }  # fmt: skip


async def test_only_what_began_in_the_period_and_shop_counts(shop: Shop) -> None:
    for _ in range(4):
        await shop.talk(latency_ms=10)
    await shop.talk(latency_ms=99, shop_id="another")
    figures = await shop.figures(start=1, minutes=3)
    assert (figures["conversations"], figures["turns"]) == (2, 2)
    assert (await shop.figures())["latency_ms"] == {"p50": 10, "p95": 10}


async def test_percentiles_are_by_nearest_rank(shop: Shop) -> None:
    for latency in (50, 10, 40, 20, 30):
        await shop.talk(latency_ms=latency)
    assert (await shop.figures())["latency_ms"] == {"p50": 30, "p95": 50}


@pytest.mark.parametrize(
    ("count", "percent", "index"), [(1, 50, 0), (1, 95, 0), (2, 50, 0), (20, 95, 18), (21, 95, 19), (100, 50, 49)]
)
def test_the_nearest_rank(count: int, percent: int, index: int) -> None:
    assert nearest_rank(count, percent) == index


async def test_no_figure_reads_a_table_from_end_to_end(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'figures.db'}")
    await migrate(database)
    asked: list[tuple[str, Any]] = []
    await SqlKpis(database).between("shop", NOW, NOW + timedelta(days=1))

    def explain(connection: Connection) -> list[str]:
        def keep(_: Any, __: Any, statement: str, parameters: Any, *___: Any) -> None:
            if statement.startswith("SELECT"):
                asked.append((statement, parameters))

        event.listen(connection, "before_cursor_execute", keep)
        period = _Period(connection, "shop", NOW, NOW + timedelta(days=1))
        for figure in (
            *(period.outcomes, period.resolutions, period.cases, period.turns),
            *(period.handoffs, period.actions, period.latency),
        ):
            figure()
        period.score("rating")
        event.remove(connection, "before_cursor_execute", keep)
        plans = [connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {one}", given).all() for one, given in asked]
        return [str(row[-1]) for plan in plans for row in plan]

    steps = await database.read(explain)
    assert len(asked) >= 6
    assert [step for step in steps if step.startswith("SCAN") and not step.startswith("SCAN anon")] == []
    assert any("ix_turns_shop_id_accepted_at" in step for step in steps)
    await database.dispose()
