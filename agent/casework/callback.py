"""A call instead of waiting: asked for by a shopper whom nobody reached in time, kept in the case, seen at the desk."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import yaml

from agent.casework.draft import Draft
from agent.casework.front import Services, Storefront
from agent.casework.on_file import customer_on_file
from agent.casework.tickets import ticket_of
from agent.conversation import Entry, Handoff
from agent.understanding.reading import EntityKind, Reading
from agent.understanding.text import fold

CALLBACK = "callback"
"""Kind of the case's entry that holds the number."""

WORDS = Path(__file__).with_name("callback.yaml")
SHOWN = 4


class CallingBack:
    """Takes a shopper's word that they would rather be called."""

    def __init__(self, services: Services, words: Path = WORDS) -> None:
        self._services = services
        read = yaml.load(words.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        self._wants, self._refuses = re.compile(read["wants"]), re.compile(read["refuses"])

    async def take(self, draft: Draft, front: Storefront, handoff: Handoff, reading: Reading) -> bool:
        """Note the number and say until when somebody calls; ask for one where none is known. False when no call is wanted.

        Only in a case of which the shopper was told that nobody came, and only once.
        """
        if handoff.overdue_at is None or handoff.promised_by is None or number_of(handoff):
            return False
        said, folded = reading.first(EntityKind.PHONE), fold(reading.text)
        if self._refuses.search(folded) or not (said or self._wants.search(folded)):
            return False
        number = said.value if said else await self._known(draft, front)
        sentences, language = self._services.sentences, draft.conversation.language
        if not number:
            draft.report(sentences.say("handoff.callback_number", language))
            return True
        draft.hand_off(replace(handoff, log=(*handoff.log, Entry(CALLBACK, "", number, draft.now))))
        by = handoff.promised_by.astimezone(front.zone).isoformat()
        await draft.emit("handoff.callback", {"id": handoff.id, "promised_by": by})
        ticket, ending = ticket_of(handoff.id), re.sub(r"\D", "", number)[-SHOWN:]
        draft.report(sentences.say("handoff.callback", language, ticket=ticket, ending=ending, by=by))
        return True

    async def _known(self, draft: Draft, front: Storefront) -> str:
        """The number told in this conversation, else the one on file of a known customer."""
        if told := draft.conversation.fact("phone"):
            return told.value
        customer = await customer_on_file(self._services, front, draft.conversation)
        return customer.phone if customer else ""


def number_of(handoff: Handoff) -> str:
    """Where the shopper wants to be called; empty when they do not."""
    return next((entry.text for entry in reversed(handoff.log) if entry.kind == CALLBACK), "")
