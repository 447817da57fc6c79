"""What models cost, and how much of it is allowed: a spent budget gives the turn to the embedded model."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Protocol
from zoneinfo import ZoneInfo

import structlog
from prometheus_client import Counter

from agent.loop.brief import Usage
from agent.loop.prices import PriceList

log = structlog.get_logger("postventa.model")

TOKENS = Counter("postventa_model_tokens", "Tokens that models took and gave", ["model", "kind"])
COST = Counter("postventa_model_cost", "What models cost, in the currency of the prices", ["shop", "model"])
UNPRICED = Counter("postventa_model_unpriced_calls", "Model calls whose cost is not known", ["model"])


@dataclass(frozen=True, slots=True)
class Spent:
    """What one model took in one turn, booked on the shop's day; ``cost`` is exact."""

    day: date
    model: str
    input_tokens: int
    cached_tokens: int
    output_tokens: int
    cost: Decimal


@dataclass(frozen=True, slots=True)
class Budget:
    """The most that may be spent in a conversation and on a day of the shop's; 0 is no bound."""

    conversation: Decimal = Decimal(0)
    day: Decimal = Decimal(0)

    def __bool__(self) -> bool:
        return bool(self.conversation or self.day)


class SpendingBook(Protocol):
    """What was booked with the turns. Every replica reads the same rows."""

    async def spent(self, shop_id: str, conversation_id: str, day: date) -> tuple[Decimal, Decimal]:
        """In the conversation, and by the whole shop on that day."""
        ...


class NothingBooked:
    """The book of a service without an LLM."""

    async def spent(self, shop_id: str, conversation_id: str, day: date) -> tuple[Decimal, Decimal]:  # noqa: ARG002
        """Nothing."""
        return Decimal(0), Decimal(0)


@dataclass(frozen=True, slots=True)
class Spending:
    """Prices and budgets of the service; ``budgets`` are those of single shops."""

    book: SpendingBook = field(default_factory=NothingBooked)
    prices: PriceList = field(default_factory=lambda: PriceList("USD", {}))
    budget: Budget = field(default_factory=Budget)
    budgets: Mapping[str, Budget] = field(default_factory=dict)

    async def stop_for(self, shop_id: str, conversation_id: str, day: date) -> str | None:
        """Why no LLM may be asked now: ``budget_conversation`` or ``budget_day``; none when it may.

        What turns at work are spending is not booked yet: a budget may be passed by as many turns as run at once.
        """
        budget = self.budgets.get(shop_id, self.budget)
        if not budget:
            return None
        in_conversation, on_day = await self.book.spent(shop_id, conversation_id, day)
        stop = None
        if budget.conversation and in_conversation >= budget.conversation:
            stop = "budget_conversation"
        elif budget.day and on_day >= budget.day:
            stop = "budget_day"
        if stop is not None:
            log.warning("model_budget_spent", cause=stop, shop=shop_id, conversation=conversation_id)
        return stop

    def book_of(self, shop_id: str, day: date, usages: Iterable[Usage]) -> tuple[Spent, ...]:
        """By model, what these calls took."""
        by_model: dict[str, list[Usage]] = {}
        for usage in usages:
            by_model.setdefault(usage.model, []).append(usage)
        return tuple(self._spent(shop_id, day, model, calls) for model, calls in by_model.items())

    def _spent(self, shop_id: str, day: date, model: str, calls: list[Usage]) -> Spent:
        costs = [self.prices.cost(one) for one in calls]
        unknown = sum(one is None for one in costs)
        spent = Spent(
            day,
            model,
            sum(one.input_tokens for one in calls),
            sum(one.cached_tokens for one in calls),
            sum(one.output_tokens for one in calls),
            sum((one for one in costs if one is not None), Decimal(0)),
        )
        TOKENS.labels(model, "input").inc(spent.input_tokens)
        TOKENS.labels(model, "output").inc(spent.output_tokens)
        COST.labels(shop_id, model).inc(float(spent.cost))
        if unknown:
            UNPRICED.labels(model).inc(unknown)
        return spent


def day_of(now: datetime, zone: ZoneInfo) -> date:
    """The shop's own day."""
    return now.astimezone(zone).date()


def in_digits(amount: Decimal) -> str:
    """Without exponent and without zeros at its end."""
    text = f"{amount:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def total(spent: Iterable[Spent]) -> Decimal:
    """Of all models."""
    return sum((one.cost for one in spent), Decimal(0))
