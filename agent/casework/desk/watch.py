"""What has to happen at the desk although nobody does anything: overdue cases, and the length of the queues."""

from __future__ import annotations

import structlog

from agent.casework.desk.move import DeskMove
from agent.casework.desk.people import Receives
from agent.casework.front import Services
from agent.casework.metrics import QUEUE_LENGTH
from agent.casework.receiving import Move
from agent.conversation import ConversationId, HandoffId, TurnKind

log = structlog.get_logger("postventa.desk")


class DeskWatch:
    """Looked after by every replica; a turn's name sees to it that each case is told of once."""

    def __init__(self, services: Services, reception: Receives) -> None:
        self._services = services
        self._reception = reception
        self._seen: set[tuple[str, str]] = set()

    async def look(self) -> int:
        """See to what is overdue; how many cases that were. One that fails does not hold up the others."""
        told = 0
        for shop_id, conversation_id, handoff_id in await self._services.store.overdue(self._services.clock()):
            if shop_id not in self._services.storefronts:
                continue
            try:
                told += await self._tell(shop_id, conversation_id, handoff_id)
            except Exception:  # logged, and tried again next time
                log.exception("overdue_case_not_told", handoff=handoff_id)
        await self.measure()
        return told

    async def measure(self) -> None:
        """The queues' lengths, for Prometheus; a queue that has emptied is shown as empty."""
        waiting = await self._services.store.waiting()
        for shop_id, queue in self._seen - waiting.keys():
            QUEUE_LENGTH.labels(shop_id, queue).set(0)
        for (shop_id, queue), count in waiting.items():
            QUEUE_LENGTH.labels(shop_id, queue).set(count)
        self._seen |= waiting.keys()

    async def _tell(self, shop_id: str, conversation_id: ConversationId, handoff_id: HandoffId) -> bool:
        store = self._services.store
        found, handoff = await store.find(shop_id, conversation_id), await store.handoff(shop_id, handoff_id)
        if found is None or handoff is None:
            return False
        move = DeskMove("overdue", "", handoff_id=handoff_id)
        name = f"overdue:{handoff_id}:{handoff.waits_since.isoformat()}"
        await self._reception.receive(found[0], Move(TurnKind.DESK, client_message_id=name, desk=move.to_json()))
        return True
