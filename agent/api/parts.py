"""What the routes are given: everything comes in from the composition root, nothing is looked up."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Protocol

from fastapi import Depends, Request

from agent.casework.attachments import AttachmentStore
from agent.casework.desk.people import Desk
from agent.casework.desk.view import DeskView
from agent.casework.front import Services, ShopperClaims
from agent.casework.kpis import Kpis
from agent.casework.order_events import OrderEvents
from agent.casework.outbox.letters import Outbox as Letters
from agent.casework.ports import IdempotencyStore
from agent.casework.receiving import Move
from agent.conversation import Conversation, Json
from tools.shop.data import ShopData
from tools.shop.links import PageLinks
from tools.shop.models import Product

Probe = Callable[[], Awaitable[None]]


class Key(Protocol):
    """Whom a key speaks for: ``kind`` is ``sk`` (back end), ``pk`` (widget) or ``dk`` (a person at the desk)."""

    @property
    def shop_id(self) -> str:
        """The shop."""
        ...

    @property
    def kind(self) -> str:
        """``sk``, ``pk`` or ``dk``."""
        ...

    @property
    def name(self) -> str:
        """The person's name, for ``dk``."""
        ...

    @property
    def role(self) -> str:
        """``agent`` or ``lead``, for ``dk``."""
        ...

    @property
    def origins(self) -> tuple[str, ...]:
        """Where a ``pk`` may be used from; empty, or with ``*``, from anywhere."""
        ...


class Keys(Protocol):
    """API keys."""

    async def find(self, key: str) -> Key | None:
        """None when there is no such key. Called on every request, so it remembers."""
        ...


class Receives(Protocol):
    """Whoever answers the shopper (``agent.casework.receiving.Reception``)."""

    async def receive(self, conversation: Conversation, move: Move) -> Json:
        """The ``Turn`` of the HTTP contract. Raises ``Busy`` when it is not there in time."""
        ...


class Mail(Protocol):
    """A mail as it would have been sent."""

    @property
    def to(self) -> str:
        """The address."""
        ...

    @property
    def subject(self) -> str:
        """The subject."""
        ...

    @property
    def text(self) -> str:
        """The text, with the one-time code in it."""
        ...

    @property
    def at(self) -> datetime:
        """When."""
        ...


class Outbox(Protocol):
    """The mails that the demo did not send."""

    async def read_outbox(self, shop_id: str, limit: int = 50) -> Sequence[Mail]:
        """Newest first."""
        ...


class Door(Protocol):
    """Where the webhooks of an external desk come in."""

    async def hear(self, headers: Mapping[str, str], token: str | None, body: bytes, now: datetime) -> bool:
        """Do what it says; false when it is not for us. Raises ``Unauthorized`` and ``Invalid``."""
        ...


class Stage(Protocol):
    """The demo shop as whoever evaluates the service sees it."""

    async def everything(self) -> ShopData:
        """The whole shop as it is now."""
        ...

    async def put_back(self) -> None:
        """Make it what it was when the day began."""
        ...


@dataclass(frozen=True, slots=True)
class Demo:
    """What only the demo has; without it these routes do not exist.

    ``key`` is what a call without a key acts as. ``customers`` are those one may sign in as, ``goods`` what is sold in
    a country, ``country_of`` where a customer lives (empty for a stranger). ``stage`` lets evaluations see the shop and put it back.
    """

    shop_id: str
    key: str
    outbox: Outbox
    customers: Callable[[], Awaitable[Sequence[ShopperClaims]]]
    goods: Callable[[str], Sequence[Product]]
    country_of: Callable[[str], str]
    stage: Stage | None = None


@dataclass(frozen=True, slots=True)
class Rate:
    """At most ``limit`` in ``per_s`` seconds."""

    limit: int
    per_s: int = 60


@dataclass(frozen=True, slots=True)
class RateRules:
    """How often what may be done: opening counts by key and address, the rest by conversation.

    Asking for a person has a count of its own: writing much must not stand in its way. ``mcp`` counts requests of that
    protocol by key and address; what their tools do counts as moves as well.
    """

    opening: Rate = Rate(20)
    moves: Rate = Rate(30)
    handoff: Rate = Rate(10)
    feedback: Rate = Rate(10)
    typing: Rate = Rate(60)
    mcp: Rate = Rate(240)


@dataclass(frozen=True, slots=True)
class McpRules:
    """``/mcp``: whether it is there, under which names beside loopback and ``public_url`` it may be reached, and whether
    the shopper's answer is taken from a client that shows them our question (elicitation).
    """

    served: bool = True
    hosts: tuple[str, ...] = ()
    public_url: str = ""
    elicits: bool = True


@dataclass(frozen=True, slots=True)
class ApiParts:
    """Everything the routes need.

    ``shopper_secrets`` (for shopper tokens) and ``event_secrets`` (for order events) are by shop; a shop without one
    has no such door. ``links`` read the keys of a shop's own pages about an order. A probe raises when its part does
    not work. ``article_html`` answers a help article, by language and name, as safe HTML. ``chatwoot`` is where that
    desk's webhooks come in. ``origins`` are those a browser may call from; each ``pk`` key narrows them.
    """

    services: Services
    reception: Receives
    desk: Desk
    desk_view: DeskView
    keys: Keys
    attachments: AttachmentStore
    idempotency: IdempotencyStore
    order_events: OrderEvents
    kpis: Kpis
    version: str
    article_html: Callable[[str, str], str | None]
    shopper_secrets: Mapping[str, str] = field(default_factory=dict)
    event_secrets: Mapping[str, str] = field(default_factory=dict)
    probes: Mapping[str, Probe] = field(default_factory=dict)
    rates: RateRules = RateRules()
    origins: tuple[str, ...] = ("*",)
    demo: Demo | None = None
    links: Mapping[str, PageLinks] = field(default_factory=dict)
    letters: Letters | None = None
    chatwoot: Door | None = None
    mcp: McpRules = McpRules()


async def parts_of(request: Request) -> ApiParts:
    """The parts of the application that serves this request."""
    parts: ApiParts = request.app.state.parts
    return parts


Parts = Annotated[ApiParts, Depends(parts_of)]
