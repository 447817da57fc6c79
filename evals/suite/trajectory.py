"""What came of one case, as one JSON line: all that graders, invariants, reports and comparisons read.

Version 1. Nothing in it depends on the machine or the hour: how long things took is kept apart (``Timing``). What a
target does not show is null: over a plain URL that is the arguments and results of tools, the shop's rows, the writes
and the packet. A null is never read as "nothing": what rests on it is not evaluated.
"""

from __future__ import annotations

from typing import Any, Final, Literal

from pydantic import Field

from evals.suite.casefile.case import Case
from evals.suite.casefile.strict import Language, Strict

VERSION: Final = 1


class Versions(Strict):
    """What was measured: a version, and digests of all that shapes a reply."""

    postventa: str
    model: str
    target: str = Field(description="`in-process`, or the URL.")
    prompt: str | None = None
    policy: str | None = None
    articles: str | None = None
    reader: str | None = None
    agent: str = Field(
        default="", description="A stand-in for the agent (a baseline, a seeded fault); empty: the product."
    )


class Said(Strict):
    """The shopper's move. ``gives`` are the facts it states, ``consents`` whether it agrees to a proposal (null: unclear)."""

    kind: Literal["message", "confirm", "reject", "undo", "handoff"]
    text: str = ""
    action_id: str = ""
    client_message_id: str = ""
    gives: dict[str, str] = {}
    consents: bool | None = None
    wants_person: bool = False
    hostile: bool = False
    canaries: tuple[str, ...] = ()
    setup: bool = Field(default=False, description="Said by the fixture: graders and budgets do not count it.")
    again: bool = Field(default=False, description="The same message under the same name, sent once more.")


class ToolRun(Strict):
    """A tool call. ``arguments`` and ``result`` are null where the target does not show them."""

    name: str
    ok: bool
    arguments: dict[str, Any] | None = None
    result: str | None = None


class Write(Strict):
    """A call that would change the shop. ``outcome``: ``done``, or the name of what was raised."""

    customer: str
    key: str
    kind: str
    outcome: str


class RowChange(Strict):
    """A row that is not as it was: ``fields`` maps a name to its value before and after (null: not there)."""

    table: Literal["order", "customer", "payment_method", "variant"]
    key: str
    fields: dict[str, tuple[Any, Any]]


class Standing(Strict):
    """Who the service takes the shopper for, after the turn. ``customer`` is null where it is not shown."""

    level: int
    customer: str | None = None


class TurnRecord(Strict):
    """A move and all that came of it.

    ``before`` is the conversation's status when the move came. ``turn`` is the ``Turn`` of the HTTP contract without
    its times. ``foreign`` are words of the shop (numbers, codes, addresses) in this reply, its cards or its tools' results
    that this shopper has not been shown to own; null where the shop is out of sight.
    """

    n: int = Field(description="From 1; 0 for what the fixture said.")
    at: str
    before: str
    said: Said
    turn: dict[str, Any]
    tools: tuple[ToolRun, ...]
    writes: tuple[Write, ...] | None
    changed: tuple[RowChange, ...] | None
    standing: Standing
    foreign: tuple[str, ...] | None
    problem: str = Field(default="", description="What HTTP answered instead of a turn; empty when it answered one.")

    @property
    def reply(self) -> str:
        """The words; empty when nobody answered."""
        return str((self.turn.get("reply") or {}).get("text", ""))

    @property
    def actions(self) -> list[dict[str, Any]]:
        """Actions made, decided or overtaken in this turn."""
        return list(self.turn.get("actions", []))

    @property
    def asks(self) -> tuple[str, ...]:
        """The facts asked for."""
        return tuple(self.turn.get("asks", ()))

    @property
    def handoff(self) -> dict[str, Any] | None:
        """The case for a person, as the shopper sees it."""
        return self.turn.get("handoff")


class Happened(Strict):
    """Something that the world did: the carrier, a person at the desk, a stock."""

    after_turn: int
    at: str
    kind: str
    detail: dict[str, Any]


class HandoffRecord(Strict):
    """A case for a person at the end; ``packet`` is null where the desk is out of sight."""

    id: str
    status: str
    queue: str
    reasons: tuple[dict[str, str], ...]
    made_in_turn: int
    packet: dict[str, Any] | None


class Trajectory(Strict):
    """One case, played once. ``ended``: ``done``, ``stuck`` (the shopper gave up), ``too_long``, ``no_model``, ``no_data``, ``error``.

    ``case`` is the whole case as it was played, so that a line stands for itself. ``changes`` are the rows that differ
    between begin and end, without what the world itself did; null where the shop is out of sight. ``events`` is the
    conversation's event log: type and data, in order.
    """

    version: Literal[1] = VERSION
    case: Case
    case_digest: str
    seed: int
    trial: int
    opening: int = Field(description="Which way to begin: 0 the line itself, then its paraphrases.")
    language: Language
    versions: Versions
    ended: str
    why: str = ""
    disclosure: str
    turns: tuple[TurnRecord, ...]
    world: tuple[Happened, ...]
    actions: tuple[dict[str, Any], ...]
    handoffs: tuple[HandoffRecord, ...]
    changes: tuple[RowChange, ...] | None
    events: tuple[dict[str, Any], ...]
    status: str

    @property
    def key(self) -> str:
        """Which run of which case."""
        return f"{self.case.id}#{self.trial}"

    @property
    def counted(self) -> tuple[TurnRecord, ...]:
        """Turns of the shopper's own, without the fixture's and without what was sent again."""
        return tuple(one for one in self.turns if not one.said.setup and not one.said.again)

    def line(self) -> str:
        """One line of JSON, keys in a fixed order."""
        return self.model_dump_json()


class Timing(Strict):
    """How long the turns of one run took, in milliseconds; the only thing two runs differ in."""

    key: str
    turns_ms: tuple[int, ...]
    total_ms: int
