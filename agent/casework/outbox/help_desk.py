"""A help desk outside, as casework sees it: where people of the shop may work its cases in a tool of their own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from agent.conversation import Conversation, Handoff


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom a case is about. ``identifier`` is ours and stable; the rest is what the order system says, never what an
    unknown shopper claims.
    """

    identifier: str
    name: str = ""
    email: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class OutsideCase:
    """A case to be worked outside, with its packet. ``language`` is the one that people at the shop's desk read."""

    handoff: Handoff
    conversation: Conversation
    contact: Contact
    shop_name: str
    language: str


@dataclass(frozen=True, slots=True)
class Words:
    """Something to be put into a case. ``id`` is stable; ``again`` when an earlier attempt may have got through."""

    id: str
    text: str
    again: bool = False


class HelpDesk(Protocol):
    """An external desk. Each method returns once the desk has acknowledged, and raises ``NotDelivered`` otherwise.

    Every method may be called again with the same values and has then no further effect.
    """

    @property
    def name(self) -> str:
        """What the desk is called, here and in its queue."""
        ...

    async def open_case(self, case: OutsideCase, now: datetime) -> str:
        """Bring a case in, whole; the desk's own name of it."""
        ...

    async def tell(self, case_id: str, said: Words, now: datetime) -> None:
        """What the shopper says in the meantime."""
        ...

    async def note(self, case_id: str, note: Words, now: datetime) -> None:
        """Something for the people there that the shopper does not see."""
        ...

    async def close(self, case_id: str, now: datetime) -> None:
        """It is dealt with."""
        ...

    async def reopen(self, case_id: str, now: datetime) -> None:
        """It is not dealt with after all."""
        ...


@dataclass(frozen=True, slots=True)
class DeskCase:
    """What an external desk has acknowledged: its ``case_id`` for our handoff."""

    desk: str
    case_id: str
    shop_id: str
    conversation_id: str
    handoff_id: str


class DeskCases(Protocol):
    """Which case there is which handoff here."""

    async def keep(self, case: DeskCase, now: datetime) -> None:
        """Keep it; the same again changes nothing."""
        ...

    async def of_handoff(self, desk: str, handoff_id: str) -> DeskCase | None:
        """By our name."""
        ...

    async def of_case(self, desk: str, case_id: str) -> DeskCase | None:
        """By theirs."""
        ...
