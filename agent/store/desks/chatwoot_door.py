"""Where Chatwoot's webhooks come in: verified, read, and made into moves of the conversation."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime

import structlog

from agent.casework.outbox.help_desk import DeskCase, DeskCases, HelpDesk, Words
from agent.casework.outbox.replies import Replies
from agent.errors import NotFound
from agent.store.desks.chatwoot_events import Happened, Heard, read_event, verify
from prompts.loader import Sentences

log = structlog.get_logger("postventa.outbox")

Find = Callable[[str], Awaitable[DeskCase | None]]


class ChatwootDoor:
    """``find_handoff`` answers the case of one of our handoffs that Chatwoot names before its acknowledgement was kept."""

    def __init__(
        self,
        desk: HelpDesk,
        cases: DeskCases,
        replies: Replies,
        find_handoff: Find,
        *,
        secrets: Sequence[str],
        sentences: Sentences,
        language: str,
    ) -> None:
        self._desk = desk
        self._cases = cases
        self._replies = replies
        self._find_handoff = find_handoff
        self._secrets = secrets
        self._sentences = sentences
        self._language = language

    async def hear(self, headers: Mapping[str, str], token: str | None, body: bytes, now: datetime) -> bool:
        """Do what somebody at Chatwoot did; false when it is none of our business.

        Raises ``Unauthorized`` and ``Invalid``. The same event a second time changes nothing.
        """
        verify(headers, token, body, self._secrets, now)
        heard = read_event(body)
        case = await self._case(heard) if heard is not None else None
        if heard is None or case is None:
            return False
        try:
            await self._do(heard, case, now)
        except NotFound:
            log.info("event_on_an_erased_case", desk=case.desk)
            return False
        return True

    async def _case(self, heard: Heard) -> DeskCase | None:
        known = await self._cases.of_case(self._desk.name, heard.case_id)
        if known is not None or not heard.handoff_id:
            return known
        found = await self._find_handoff(heard.handoff_id)
        return (
            None
            if found is None
            else DeskCase(found.desk, heard.case_id, found.shop_id, found.conversation_id, found.handoff_id)
        )

    async def _do(self, heard: Heard, case: DeskCase, now: datetime) -> None:
        person = heard.person or self._desk.name.capitalize()
        replies, stamp = self._replies, heard.stamp
        if heard.happened is Happened.WROTE:
            await self._wrote(heard, case, person, now)
        elif heard.happened is Happened.NOTED:
            await replies.noted(case, person, heard.text, stamp)
        elif heard.happened is Happened.RESOLVED:
            await replies.resolved(case, person, stamp)
        elif heard.happened is Happened.RETURNED:
            await replies.returned(case, person, stamp)
        else:
            await replies.reopened(case, person, stamp)

    async def _wrote(self, heard: Heard, case: DeskCase, person: str, now: datetime) -> None:
        """Words that cannot be sent come back to whoever wrote them: they must not believe that the shopper read them."""
        holder = await self._replies.wrote(case, person, heard.text, heard.stamp)
        if holder:
            text = self._sentences.say("outside.not_sent", self._language, person=holder, text=heard.text[:500])
            await self._desk.note(case.case_id, Words(f"not-sent-{heard.stamp}", text, again=True), now)
