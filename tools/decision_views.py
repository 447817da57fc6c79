"""What leaves about a decision: a proposal that waits for its yes, or the verdict that stands in its way."""

from __future__ import annotations

from typing import Any, NotRequired, TypedDict

from tools.views import MethodView, MoneyView


class ClauseView(TypedDict):
    """Where a rule is written."""

    id: str
    topic: str
    version: str


class NeedView(TypedDict):
    """A fact that stood in the way, and what it would have had to be."""

    fact: str
    operator: str
    value: Any
    actual: Any
    line_id: str | None


class VerdictView(TypedDict):
    """A no, or a "not by me", with the way to a yes.

    ``would`` is what a person may allow, ``methods`` what could pay where the method named cannot.
    """

    status: str
    kind: str
    order: str | None
    code: str
    clause: ClauseView
    needs: list[NeedView]
    until: str | None
    alternatives: list[str]
    later: list[str]
    would: NotRequired[ProposalView]
    methods: NotRequired[list[MethodView]]


class ProposalView(TypedDict):
    """A change that waits for the shopper's own yes. Nothing has happened yet."""

    status: str
    id: str
    kind: str
    order: str | None
    before: dict[str, Any]
    after: dict[str, Any]
    cost: MoneyView | None
    refund_days: int | None
    ship_by: str | None
    clause: ClauseView
    undo_minutes: int
    expires_at: str
