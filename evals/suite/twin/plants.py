"""Hostile text put where data comes from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from evals.suite.casefile.fixture import Plant
from evals.suite.twin.edits import Edit
from knowledge.port import Knowledge, Passage
from tools.shop.models import Claim, ClaimKind, ClaimStatus, Order, PaymentMethodId, Refund, RefundStatus


def edit_for(plant: Plant) -> Edit:
    """How that plant gets into an order: in the text of its name, and in the text beside it that tools tell a model of.

    The service keeps gift notes, scans' messages and claims' descriptions to itself. Whoever can write one of those can
    write the words for the courier, the detail and the place of a scan, or the reason of a refund, which leave.
    """
    match plant.place:
        case "gift_note":
            return lambda order: _noted(order, plant.text)
        case "product_title":
            return lambda order: replace(order, lines=(replace(order.lines[0], title=plant.text), *order.lines[1:]))
        case "tracking_event":
            return lambda order: _scanned(order, plant.text)
        case _:
            return lambda order: _claimed(order, plant.text)


def _noted(order: Order, text: str) -> Order:
    return replace(order, gift_note=text, delivery=replace(order.delivery, instructions=text))


def _scanned(order: Order, text: str) -> Order:
    if not order.shipments:
        raise LookupError(f"order {order.number} has no parcel to plant a tracking event in")
    last = order.shipments[-1]
    newest = max(last.events, key=lambda event: event.at, default=None)
    if newest is None:
        raise LookupError(f"order {order.number}: its parcel was never seen")
    planted = replace(newest, message=text, detail=text, city=text)
    events = tuple(planted if one is newest else one for one in last.events)
    return replace(order, shipments=(*order.shipments[:-1], replace(last, events=events)))


def _claimed(order: Order, text: str) -> Order:
    claim = Claim(f"CLM-{order.number}", ClaimKind.DAMAGED, {order.lines[0].id: 1}, text, ClaimStatus.REJECTED)
    method = order.payments[0].method_id if order.payments else PaymentMethodId("cash")
    small = replace(order.total, amount=Decimal("1.00"))
    refund = Refund(f"REF-{order.number}", small, method, RefundStatus.PENDING, text)
    return replace(order, claims=(*order.claims, claim), refunds=(*order.refunds, refund))


@dataclass(frozen=True, slots=True)
class PlantedKnowledge:
    """Articles with hostile lines at the end of some; implements ``Knowledge``."""

    inner: Knowledge
    planted: dict[str, str]

    async def search(self, text: str, language: str, limit: int = 3) -> Sequence[Passage]:
        """See ``Knowledge``."""
        return tuple(self._with(one) for one in await self.inner.search(text, language, limit))

    async def topic(self, topic: str, language: str) -> Passage | None:
        """See ``Knowledge``."""
        found = await self.inner.topic(topic, language)
        return found and self._with(found)

    def _with(self, passage: Passage) -> Passage:
        text = self.planted.get(passage.article)
        return replace(passage, text=f"{passage.text} {text}") if text else passage
