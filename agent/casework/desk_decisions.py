"""A person with authority decides on what policy left to them."""

from __future__ import annotations

from agent.casework.deciding import Deciding
from agent.casework.desk_move import DeskMove
from agent.casework.draft import Draft
from agent.casework.front import Services, Storefront
from agent.conversation import ActionStatus, Json
from agent.errors import Conflict, NotFound


class DeskDecisions:
    """Approve and decline: the shopper's yes came first, the person's comes second, and then it is done once."""

    def __init__(self, services: Services, deciding: Deciding) -> None:
        self._services = services
        self._deciding = deciding

    async def make(self, draft: Draft, front: Storefront, move: DeskMove) -> Json:
        """Approve or decline."""
        action = draft.actions.get(move.text("action_id"))
        if action is None:
            raise NotFound()
        if action.status is not ActionStatus.NEEDS_PERSON:
            raise Conflict(f"The action is {action.status.value}.")
        raise Conflict("Nothing can be decided yet.")
