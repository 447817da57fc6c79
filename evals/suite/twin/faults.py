"""The order system with what a case has go wrong in it, and a record of who asked it for what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from evals.suite.casefile.fixture import InjectedFault
from evals.suite.trajectory import Write
from tools.shop.changes import Applied, Change, Terms
from tools.shop.errors import ShopError
from tools.shop.faults import Fault, FaultyShop, Moment
from tools.shop.models import CustomerId
from tools.shop.port import Shop

MOMENTS = {"timeout": Moment.BEFORE, "half_done": Moment.AFTER, "conflict": Moment.CONFLICT}


def with_faults(shop: Shop, faults: Sequence[InjectedFault]) -> Shop:
    """The shop, failing as planned."""
    plan = [Fault(one.method, MOMENTS[one.fault], one.call) for one in faults]
    return FaultyShop(shop, plan) if plan else shop


@dataclass
class Recorder:
    """Stands in front of an order system and keeps the writes; implements ``Shop`` by the one it wraps."""

    inner: Any
    writes: list[Write] = field(default_factory=list)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)

    async def apply(
        self, customer_id: CustomerId, change: Change, terms: Terms, *, key: str, expected_version: int, now: datetime
    ) -> Applied:
        """See ``Shop``."""
        at, outcome = len(self.writes), "error"
        self.writes.append(Write(customer=customer_id, key=key, kind=change.kind.value, outcome=outcome))
        try:
            done: Applied = await self.inner.apply(
                customer_id, change, terms, key=key, expected_version=expected_version, now=now
            )
            outcome = "done"
        except ShopError as failure:
            outcome = type(failure).__name__
            raise
        finally:
            self.writes[at] = self.writes[at].model_copy(update={"outcome": outcome})
        return done

    def taken(self) -> tuple[Write, ...]:
        """The writes since the last time."""
        taken, self.writes = tuple(self.writes), []
        return taken
