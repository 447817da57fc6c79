"""Hostile text put where data comes from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from evals.suite.casefile.fixture import Plant
from evals.suite.twin.edits import Edit
from knowledge.port import Knowledge, Passage
from tools.shop.models import Claim, ClaimKind, ClaimStatus, Order, TrackingEvent


def edit_for(plant: Plant) -> Edit:
    """How that plant gets into an order. A return's reason is free text where a shop keeps it: in the claim's description."""
    match plant.place:
        case "gift_note":
            return lambda order: replace(order, gift_note=plant.text)
        case "product_title":
            return lambda order: replace(order, lines=(replace(order.lines[0], title=plant.text), *order.lines[1:]))
        case "tracking_event":
            return lambda order: _scanned(order, plant.text)
        case _:
            return lambda order: _claimed(order, plant.text)


def _scanned(order: Order, text: str) -> Order:
    if not order.shipments:
        raise LookupError(f"order {order.number} has no parcel to plant a tracking event in")
    last = order.shipments[-1]
    at = last.events[-1].at if last.events else last.shipped_at
    if at is None:
        raise LookupError(f"order {order.number}: its parcel was never seen")
    event = TrackingEvent(at, last.status, message=text)
    return replace(order, shipments=(*order.shipments[:-1], replace(last, events=(*last.events, event))))


def _claimed(order: Order, text: str) -> Order:
    claim = Claim(
        f"CLM-{order.number}", ClaimKind.DAMAGED, {order.lines[0].id: 1}, text, ClaimStatus.REJECTED, resolution=text
    )
    return replace(order, claims=(*order.claims, claim))


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
