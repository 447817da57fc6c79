"""What a tool may use during one turn, hidden from the model, and what it leaves behind for casework to store."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from pydantic_core import CoreSchema
from pydantic_core.core_schema import is_instance_schema

from knowledge.port import Knowledge, Passage
from tools.heard import Heard
from tools.policy.port import Policy
from tools.policy.verdict import Verdict
from tools.proposals import Proposal
from tools.shop.changes import Change
from tools.shop.models import CustomerId, OrderNumber
from tools.shop.port import Shop


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the shopper has shown to be. Level 0: nobody; 1: may read ``orders``; 2: the customer, may propose writes."""

    level: int = 0
    customer_id: CustomerId | None = None
    orders: frozenset[OrderNumber] = frozenset()

    def may_read(self, number: OrderNumber) -> bool:
        """Whether that (already owned) order may be shown."""
        return self.level >= 2 or (self.level == 1 and number in self.orders)


class Codes(Protocol):
    """One-time codes, sent to the contact on file, never to one the shopper names."""

    async def send(self, customer_id: CustomerId) -> str | None:
        """Send a fresh code; answers where it went, masked (``a***@mail.com``), or none when too many were sent.

        Raises ``OSError`` when it could not be handed over.
        """
        ...

    async def check(self, customer_id: CustomerId, code: str) -> bool:
        """Whether this is the code sent last, unexpired and unused; wrong tries are counted and bounded."""
        ...


class Attempts(Protocol):
    """How often identity may be tried: per conversation, address and order."""

    async def allow(self, number: str) -> bool:
        """Count one try for that order number (or e-mail); false when there were too many."""
        ...


@dataclass(frozen=True, slots=True)
class PersonWanted:
    """The model, or a tool, asks for a person."""

    reason: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class ExceptionAsked:
    """A change that only a person may allow, with the verdict that says so, and what would be done then.

    ``proposal`` is none when a person's word alone would not be enough.
    """

    change: Change
    verdict: Verdict
    proposal: Proposal | None = None


@dataclass(slots=True)
class Scope:
    """One turn's surroundings. Frozen in spirit but for ``identity`` and the lists that tools add to.

    ``heard`` is what the shopper said; without it (no shopper is there, as in a replay) any proof is taken for said.
    """

    shop: Shop
    policy: Policy
    knowledge: Knowledge
    codes: Codes
    attempts: Attempts
    now: datetime
    language: str
    new_id: Callable[[str], str]
    identity: Identity = field(default_factory=Identity)
    code_sent_for: CustomerId | None = None
    heard: Heard | None = None
    proposals: list[Proposal] = field(default_factory=list)
    citations: list[Passage] = field(default_factory=list)
    exceptions: list[ExceptionAsked] = field(default_factory=list)
    person_wanted: PersonWanted | None = None

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: object, _handler: object) -> CoreSchema:
        """Tools take a scope as it is: LangChain would otherwise have pydantic look into ports it cannot know."""
        return is_instance_schema(cls)
