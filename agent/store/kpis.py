"""The figures of a shop's service, counted in the database."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Float,
    String,
    and_,
    case,
    cast,
    exists,
    false,
    func,
    or_,
    select,
    true,
)

from agent.casework.desk.figures import CaseTimes, count_outcomes, desk_figures
from agent.conversation import ActionStatus, Speaker, TurnStatus
from agent.store import tables
from agent.store.database import Database
from agent.store.spending import spending_between

RESOLUTIONS = ("confirmed", "assumed", "abandoned", "escalated")
OUTCOMES = ("human", "confirmed", "unresolved", "acted", "answered", "empty")

_c = tables.conversations.c
_t = tables.turns.c
_a = tables.actions.c
_h = tables.handoffs.c
_f = tables.feedback.c
_m = tables.messages.c


class SqlKpis:
    """``casework.kpis.Kpis`` in one read transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def between(self, shop_id: str, start: datetime, end: datetime) -> Mapping[str, Any]:
        """See the port."""

        def work(connection: Connection) -> Mapping[str, Any]:
            period = _Period(connection, shop_id, start, end)
            outcomes = period.outcomes()
            return {
                "conversations": sum(outcomes.values()),
                "turns": period.turns(),
                "outcomes": outcomes,
                "resolutions": {"agent": period.resolutions(), "people": count_outcomes(cases := period.cases())},
                "handoffs": period.handoffs(),
                "desk": desk_figures(cases),
                "actions": period.actions(),
                "latency_ms": period.latency(),
                "csat": period.score("rating"),
                "nps": period.score("nps"),
                "models": spending_between(connection, shop_id, start.date(), end.date()),
            }

        return await self._database.read(work)


class _Period:
    """One shop, one stretch of time, one connection."""

    def __init__(self, connection: Connection, shop_id: str, start: datetime, end: datetime) -> None:
        self._connection = connection
        self._shop_id = shop_id
        self._start = start
        self._end = end

    def outcomes(self) -> dict[str, int]:
        outcome = _outcome().label("outcome")
        opened = select(outcome, func.count().label("n")).where(*self._of(_c.shop_id, _c.created_at)).group_by(outcome)
        found = {str(name): int(count) for name, count in self._connection.execute(opened)}
        return {name: found.get(name, 0) for name in OUTCOMES}

    def resolutions(self) -> dict[str, int]:
        """What became of the answered conversations, as the agent's work."""
        how = _resolution().label("resolution")
        answered = (
            select(how, func.count()).where(*self._of(_c.shop_id, _c.created_at)).where(_c.done_seq > 0).group_by(how)
        )
        found = {str(name): int(count) for name, count in self._connection.execute(answered)}
        return {name: found.get(name, 0) for name in RESOLUTIONS}

    def cases(self) -> list[CaseTimes]:
        """The cases made, each with the first words of a person in it and the shopper's last word on it."""
        answered = (
            select(func.min(_m.at))
            .where(_m.conversation_id == _h.conversation_id, _m.who == Speaker.PERSON.value, _m.at >= _h.created_at)
            .scalar_subquery()
        )
        yes, no = (_said(_h.conversation_id, resolved=resolved) for resolved in (True, False))
        made = select(
            *(_h.status, _h.created_at, _h.claimed_at, _h.claimed_by, _h.closed_at, answered, _h.outcome),
            case((no, false()), (yes, true()), else_=None),
        ).where(*self._of(_h.shop_id, _h.created_at))
        return [CaseTimes(*row[:7], None if row[7] is None else bool(row[7])) for row in self._connection.execute(made)]

    def turns(self) -> int:
        count = select(func.count()).select_from(tables.turns).where(*self._of(_t.shop_id, _t.accepted_at))
        return int(self._connection.execute(count).scalar_one())

    def handoffs(self) -> dict[str, int]:
        """A case with two reasons counts under both, one with the same reason twice counts once."""
        made = select(_h.reasons).where(*self._of(_h.shop_id, _h.created_at))
        counted = Counter(
            code for (reasons,) in self._connection.execute(made) for code in {one["code"] for one in reasons}
        )
        return dict(sorted(counted.items()))

    def actions(self) -> dict[str, dict[str, int]]:
        made = (
            select(_a.kind, _a.status, func.count())
            .where(*self._of(_a.shop_id, _a.created_at))
            .group_by(_a.kind, _a.status)
            .order_by(_a.kind, _a.status)
        )
        by_kind: defaultdict[str, dict[str, int]] = defaultdict(dict)
        for kind, status, count in self._connection.execute(made):
            by_kind[kind][status] = count
        return dict(by_kind)

    def latency(self) -> dict[str, int | None]:
        answered = (
            select(_t.latency_ms)
            .where(*self._of(_t.shop_id, _t.accepted_at))
            .where(_t.status == TurnStatus.DONE.value, _t.latency_ms.is_not(None))
            .order_by(_t.latency_ms)
        )
        count = self._connection.execute(select(func.count()).select_from(answered.subquery())).scalar_one()
        return {
            f"p{percent}": None
            if count == 0
            else self._connection.execute(answered.offset(nearest_rank(count, percent)).limit(1)).scalar_one()
            for percent in (50, 95)
        }

    def score(self, name: str) -> dict[str, float | int | None]:
        given = _f.feedback[name].as_integer()
        scored = (
            select(func.count(given), func.avg(cast(given, Float)))
            .where(*self._of(_f.shop_id, _f.at))
            .where(given.is_not(None))
        )
        count, average = self._connection.execute(scored).one()
        return {"count": count, "average": None if average is None else round(float(average), 2)}

    def _of(self, shop: Column[Any], at: Column[Any]) -> tuple[ColumnElement[bool], ...]:
        return shop == self._shop_id, at >= self._start, at < self._end


def _said(conversation_id: Column[Any], *, resolved: bool) -> ColumnElement[bool]:
    """Whether the shopper said so of that conversation."""
    word = _f.feedback["resolved"].as_boolean()
    return exists().where(_f.conversation_id == conversation_id, word == (true() if resolved else false()))


def _resolution() -> ColumnElement[str]:
    confirmed, assumed, abandoned, escalated = RESOLUTIONS
    open_still = or_(*(and_(one.is_not(None), cast(one, String) != "[]") for one in (_c.asked, _c.agenda)))
    return case(
        (_c.handoff_count > 0, escalated),
        (_said(_c.id, resolved=False), abandoned),
        (_said(_c.id, resolved=True), confirmed),
        (open_still, abandoned),
        else_=assumed,
    )


def _outcome() -> ColumnElement[str]:
    acted = exists().where(_a.conversation_id == _c.id, _a.status == ActionStatus.EXECUTED.value)
    human, confirmed, unresolved, done, answered, empty = OUTCOMES
    return case(
        (_c.handoff_count > 0, human),
        (_said(_c.id, resolved=True), confirmed),
        (_said(_c.id, resolved=False), unresolved),
        (acted, done),
        (_c.done_seq > 0, answered),
        else_=empty,
    )


def nearest_rank(count: int, percent: int) -> int:
    """The index, from 0, of the percentile among ``count`` ordered values; ``count`` is at least 1."""
    return -(-count * percent // 100) - 1
