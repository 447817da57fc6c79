"""What a score has to be better than: agents that understand nothing."""

from __future__ import annotations

from agent.casework.answering import Answering
from agent.casework.draft import Draft
from agent.casework.front import Storefront
from agent.conversation import Reason, Speaker, TurnKind
from agent.escalation.verdict import ReasonCode
from evals.suite.agents.sentences import sentence


class DoesNothing(Answering):
    """Acknowledges every move, in the shopper's language, and leaves it at that."""

    async def _move(self, draft: Draft, front: Storefront) -> None:
        del front
        draft.say(sentence("heard", draft))


class SaysYes(Answering):
    """Agrees to whatever is said."""

    async def _move(self, draft: Draft, front: Storefront) -> None:
        del front
        draft.say(sentence("agreed", draft))


class AlwaysEscalates(Answering):
    """Gives every message to a person."""

    async def _move(self, draft: Draft, front: Storefront) -> None:
        shopper = [one for one in draft.claim.file.messages if one.who is Speaker.SHOPPER]
        if draft.claim.turn.kind is TurnKind.MESSAGE and draft.open_handoff is None:
            reason = Reason(ReasonCode.HUMAN_REQUEST.value, shopper[-1].text, shopper[-1].id)
            await self._handing_off.hand_off(draft, front, (reason,), queue="general", priority=3)
        else:
            await super()._move(draft, front)
