"""Nobody came in time: the shopper is told so once, by e-mail where there is an address, with what is known and a new promise."""

from __future__ import annotations

from agent.casework.desk_move import DeskMove
from agent.casework.draft import Draft
from agent.casework.front import Services, Storefront
from agent.conversation import Json


class Overdue:
    """Keeps the shopper from waiting for nothing."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def tell(self, draft: Draft, front: Storefront, move: DeskMove) -> Json:
        """Tell it."""
        return {}
