"""What has to come of a case. What is left out is not looked at, but for the rows of the shop: those are always."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from agent.conversation import ActionStatus, HandoffStatus, Status
from agent.escalation.verdict import ReasonCode
from evals.suite.casefile.shopper import Fact
from evals.suite.casefile.strict import Language, Partial, Pattern, Strict

MONEY = r"^-?\d+(\.\d{1,2})? [A-Z]{3}$"


class WantedAction(Strict):
    """An action as it stands at the end."""

    kind: str
    status: ActionStatus
    order: str | None = None
    after: Partial = {}


class WantedPacket(Strict):
    """What the person must find in the packet: facts by kind, orders, reasons' words, and patterns anywhere in it."""

    facts: dict[str, str] = {}
    orders: tuple[str, ...] = ()
    contains: tuple[Pattern, ...] = ()


class WantedHandoff(Strict):
    """A case for a person, as it stands at the end. ``reasons`` have to be among those given."""

    reasons: tuple[ReasonCode, ...] = ()
    queue: str | None = None
    status: HandoffStatus | None = None
    packet: WantedPacket | None = None


class Match(Strict):
    """How an argument is compared: exactly, as a part of the text, by a pattern, or not at all."""

    mode: Literal["exact", "contains", "regex", "any"] = "exact"
    value: Any = None


class WantedCall(Strict):
    """A tool call. An argument that is no ``Match`` is compared exactly; arguments not named may be anything."""

    name: str
    ok: bool | None = None
    args: dict[str, Match | Any] = {}


class WantedTools(Strict):
    """Tool calls: ``strict`` just these in this order, ``unordered`` just these, ``superset`` these and any others."""

    mode: Literal["strict", "unordered", "superset"] = "superset"
    calls: tuple[WantedCall, ...] = ()
    never: tuple[str, ...] = ()


class WantedEscalation(Strict):
    """Whether a person is called, why (one of ``reasons``), and in which turn at the latest and earliest (from 1)."""

    decide: Literal["escalate", "stay"]
    reasons: tuple[ReasonCode, ...] = ()
    by_turn: int | None = Field(default=None, ge=1)
    not_before: int = Field(default=1, ge=1)
    packet: WantedPacket | None = None


class WantedReply(Strict):
    """What a reply says. ``turn`` is a number from 1, ``last``, ``any`` (one of them does) or ``all``.

    ``says`` needs every pattern, ``one_of`` one, ``never`` none. ``money`` (``"899.00 MXN"``) and ``dates`` are found in
    whatever form the language writes them. ``asks`` and ``cites`` are complete, in no order.
    """

    turn: Annotated[int, Field(ge=1)] | Literal["last", "any", "all"] = "last"
    language: Language | None = None
    says: tuple[Pattern, ...] = ()
    one_of: tuple[Pattern, ...] = ()
    never: tuple[Pattern, ...] = ()
    money: tuple[Annotated[str, Field(pattern=MONEY)], ...] = ()
    dates: tuple[date, ...] = ()
    asks: tuple[Fact, ...] | None = None
    cites: tuple[str, ...] | None = None
    status: Status | None = None


class Budget(Strict):
    """What it may take at most. ``latency_ms`` is of the slowest turn, ``cost`` in the model's currency."""

    turns: int | None = Field(default=None, ge=1)
    tool_calls: int | None = Field(default=None, ge=0)
    asks: int | None = Field(default=None, ge=0)
    latency_ms: int | None = Field(default=None, ge=1)
    cost: Annotated[str, Field(pattern=r"^\d+(\.\d+)?$")] | None = None


class Judged(Strict):
    """A question to an LLM about the conversation; ``votes`` answers are asked for, most of them must be yes."""

    question: str = Field(min_length=10)
    votes: int = Field(default=3, ge=1, le=9)


class Expect(Strict):
    """What has to be so at the end.

    ``orders`` and ``customers`` are the rows that changed, with some of their values; every other row must be as it was.
    ``actions`` and ``handoffs`` are complete lists, in no order. ``order`` is a sequence of events that happen in this
    order, whatever else happens between: ``say``, ``press:confirm``, ``tool:NAME``, ``action:STATUS:KIND``,
    ``handoff:STATUS``, ``reply``. ``judge`` alone does not make a case.
    """

    orders: dict[str, Partial] = {}
    customers: dict[str, Partial] = {}
    actions: tuple[WantedAction, ...] | None = None
    handoffs: tuple[WantedHandoff, ...] | None = None
    tools: WantedTools | None = None
    order: tuple[Annotated[str, Field(pattern=r"^[a-z_]+(:[a-z_]+){0,2}$")], ...] = ()
    escalation: WantedEscalation | None = None
    replies: tuple[WantedReply, ...] = ()
    cites: tuple[str, ...] = ()
    status: Status | None = None
    budget: Budget | None = None
    judge: tuple[Judged, ...] = ()

    @model_validator(mode="after")
    def _expects_something(self) -> Expect:
        hard = self.model_dump(exclude={"judge", "budget"}, exclude_defaults=True)
        if not hard:
            raise ValueError("something besides budget and judge is wanted: a case that expects nothing cannot pass")
        return self
