"""What casework works with: a shop's own things, the shared services, and the caller."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from agent.casework.outbox.writing import Route
from agent.casework.ports import Bus, CodeStore, Mail, RateLimit, Store
from agent.casework.spending import Spending
from agent.escalation.verdict import EscalationPolicy
from agent.loop.agent import Loop
from agent.spans import NO_SPANS, Spans
from agent.understanding.reader import Reader
from knowledge.port import Knowledge
from prompts.loader import Sentences
from tools.policy.port import Policy
from tools.retrying import Retry
from tools.shop.port import Shop

Clock = Callable[[], datetime]
NewId = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Storefront:
    """One shop on this service: its order system, rules, articles and name. ``page`` is where its shoppers find the widget."""

    id: str
    name: str
    shop: Shop
    policy: Policy
    knowledge: Knowledge
    language: str = "es"
    page: str = ""

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which the shop counts days."""
        return self.policy.zone


@dataclass(frozen=True, slots=True)
class Services:
    """Everything a use-case may need, put together once by the composition root."""

    store: Store
    bus: Bus
    limits: RateLimit
    codes: CodeStore
    mail: Mail
    loop: Loop
    reader: Reader
    escalation: EscalationPolicy
    sentences: Sentences
    storefronts: Mapping[str, Storefront]
    clock: Clock
    new_id: NewId
    new_code: Callable[[], str]
    secret: str
    owner: str
    lease_s: float = 20.0
    turn_deadline_s: float = 60.0
    retry: Retry = field(default_factory=Retry)
    routes: Mapping[str, Sequence[Route]] = field(default_factory=dict)
    spans: Spans = NO_SPANS
    spending: Spending = field(default_factory=Spending)
    loops: Mapping[str, Loop] = field(default_factory=dict)

    def loop_of(self, shop_id: str) -> Loop:
        """The loop with the models of that shop."""
        return self.loops.get(shop_id, self.loop)


@dataclass(frozen=True, slots=True)
class ShopperClaims:
    """What a storefront has signed about a shopper: identity level 2."""

    sub: str
    email: str = ""
    name: str = ""
