"""What models cost, by shop, day and model: added to in the transaction of the turn that spent it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import Connection, Executable, bindparam, select

from agent.casework.spending import Spent, in_digits
from agent.store import tables
from agent.store.database import Database
from agent.store.upsert import insert_for

_s = tables.spending.c
_t = tables.turns.c

NANO = Decimal(10**9)
"""Costs are kept as whole billionths: exact for every price of six decimals a million tokens, and summed by both databases."""

COUNTED = ("turns", "input_tokens", "cached_tokens", "output_tokens")

_ON_DAY = select(_s.cost_nano).where(_s.shop_id == bindparam("shop"), _s.day == bindparam("of_day"))
_IN_CONVERSATION = select(_t.usage).where(
    _t.shop_id == bindparam("shop"), _t.conversation_id == bindparam("conversation"), _t.usage.is_not(None)
)


class SqlSpendingBook:
    """``casework.spending.SpendingBook`` over the turns and the days."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def spent(self, shop_id: str, conversation_id: str, day: date) -> tuple[Decimal, Decimal]:
        """See the port."""

        def work(connection: Connection) -> tuple[Decimal, Decimal]:
            found = connection.execute(_IN_CONVERSATION, {"shop": shop_id, "conversation": conversation_id})
            in_conversation = sum((Decimal(usage["cost"]) for (usage,) in found), Decimal(0))
            days = connection.execute(_ON_DAY, {"shop": shop_id, "of_day": day.isoformat()})
            return in_conversation, sum((Decimal(nano) for (nano,) in days), Decimal(0)) / NANO

        return await self._database.read(work)


def book(connection: Connection, shop_id: str, spent: Iterable[Spent]) -> None:
    """Add to the day's rows, which are locked until the transaction ends: it has to be the last thing in it."""
    for one in sorted(spent, key=lambda one: one.model):
        row = {
            "shop_id": shop_id,
            "day": one.day.isoformat(),
            "model": one.model,
            "turns": 1,
            "input_tokens": one.input_tokens,
            "cached_tokens": one.cached_tokens,
            "output_tokens": one.output_tokens,
            "cost_nano": int(one.cost * NANO),
        }
        connection.execute(_booking(connection.dialect.name), row)


@cache
def _booking(dialect: str) -> Executable:
    """Made once for each kind of database: putting it together took longer than the database does."""
    insert = insert_for(dialect, tables.spending)
    added = {name: _s[name] + insert.excluded[name] for name in (*COUNTED, "cost_nano")}
    return insert.on_conflict_do_update(index_elements=["shop_id", "day", "model"], set_=added)


def spending_between(connection: Connection, shop_id: str, first: date, last: date) -> dict[str, Mapping[str, Any]]:
    """By model, what was spent on those days, both included; costs as decimal texts."""
    found = connection.execute(
        select(tables.spending)
        .where(_s.shop_id == shop_id, _s.day >= first.isoformat(), _s.day <= last.isoformat())
        .order_by(_s.model)
    )
    sums: dict[str, dict[str, int]] = {}
    for row in found:
        kept = sums.setdefault(row.model, dict.fromkeys((*COUNTED, "nano"), 0))
        for name in COUNTED:
            kept[name] += getattr(row, name)
        kept["nano"] += row.cost_nano
    return {
        model: {**{name: kept[name] for name in COUNTED}, "cost": in_digits(Decimal(kept["nano"]) / NANO)}
        for model, kept in sums.items()
    }
