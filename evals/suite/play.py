"""Plays one case once: opens the conversation, lets the shopper speak and the world turn, and writes down what came of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from evals.suite.casefile.case import Case
from evals.suite.casefile.fixture import DeskDeed
from evals.suite.door import Answer, Unreachable
from evals.suite.shoppers.consent import agrees, asks_for_person
from evals.suite.shoppers.move import CODE, Move, Player
from evals.suite.trajectory import HandoffRecord, Said, Timing, ToolRun, Trajectory, TurnRecord, Versions
from evals.suite.venue import OutOfReach, Venue

MOST_TURNS = 40


@dataclass(frozen=True, slots=True)
class Run:
    """Which run of a case: its seed, its number, and which way to begin."""

    seed: int
    trial: int = 0
    opening: int = 0


@dataclass
class Play:
    """One run as it goes on."""

    case: Case
    venue: Venue
    player: Player
    versions: Versions
    run: Run
    seconds: Callable[[], float] = time.perf_counter
    turns: list[TurnRecord] = field(default_factory=list)
    took: list[int] = field(default_factory=list)
    _said: list[str] = field(default_factory=list)
    _status: str = "bot"
    _number: int = 0
    _actions: dict[str, str] = field(default_factory=dict)
    _handoffs: dict[str, int] = field(default_factory=dict)

    async def to_the_end(self) -> tuple[Trajectory, Timing]:
        """Play it. Raises ``Unreachable`` when the service does not answer, which says nothing about it."""
        began = self.seconds()
        ended, why, disclosure = "done", "", ""
        try:
            disclosure = await self._open()
            ended, why = await self._converse()
        except OutOfReach as missing:
            ended, why = "out_of_reach", str(missing)
        except LookupError as missing:
            ended, why = "error", str(missing)
        trajectory = await self._written(ended, why, disclosure)
        total = round((self.seconds() - began) * 1000)
        return trajectory, Timing(key=trajectory.key, turns_ms=tuple(self.took), total_ms=total)

    async def _open(self) -> str:
        fixture, door = self.case.fixture, self.venue.door
        await self.venue.prepare()
        token = await self.venue.sign(fixture.customer) if fixture.identity == "signed_in" else None
        opened = await door.open(self.case.language, fixture.channel, token)
        for plant in fixture.plants:
            if plant.place == "earlier_note":
                await self._note_earlier(plant.text)
        if fixture.identity == "verified":
            proof = f"{fixture.order}, {await self.venue.proof(fixture.customer)}"
            await self._move(Move("say", text=proof, gives={"order_number": fixture.order}), setup=True)
        return str(opened["disclosure"])

    async def _note_earlier(self, text: str) -> None:
        """An earlier case of this conversation that a person gave back with a note."""
        await self._move(Move("press", press="person"), setup=True)
        for deed in (DeskDeed(do="claim"), DeskDeed(do="return", notes=text)):
            await self.venue.at_desk(deed, 0)
        self._status = str((await self.venue.door.state())["status"])

    async def _converse(self) -> tuple[str, str]:
        await self.venue.happen(0)
        last: TurnRecord | None = None
        while (move := await self.player.next(last)) is not None:
            if move.kind == "wait":
                await self.venue.pass_time(move.seconds, self._number)
                self._status = str((await self.venue.door.state())["status"])
                continue
            if self._number >= MOST_TURNS:
                return "too_long", f"{MOST_TURNS} turns"
            last = await self._move(move)
            if last is None:
                return "stuck", f"there is nothing to {move.press}"
            await self.venue.happen(self._number)
            self._status = str((await self.venue.door.state())["status"])
        return ("stuck", self.player.why) if self.player.why else ("done", "")

    async def _move(self, move: Move, *, setup: bool = False) -> TurnRecord | None:
        """Make the move, twice when it is to be made again; none when there is nothing to press."""
        action = self._pressed(move)
        if move.kind == "press" and move.press != "person" and not action:
            return None
        if not setup:
            self._number += 1
        if self._number and self.case.fixture.pace_s:
            await self.venue.pass_time(self.case.fixture.pace_s, self._number - 1)
        text = await self.venue.door.last_code() if move.text == CODE else move.text
        said = self._as_said(move, text, action, setup=setup)
        record = await self._send(said)
        if move.again:
            record = await self._send(said.model_copy(update={"again": True}))
        return record

    async def _send(self, said: Said) -> TurnRecord:
        door, before, began = self.venue.door, self._status, self.seconds()
        match said.kind:
            case "message":
                answer = await door.say(said.text, said.client_message_id)
                self._said.append(said.text)
            case "handoff":
                answer = await door.person()
            case _:
                answer = await door.press(said.kind, said.action_id)
        self.took.append(round((self.seconds() - began) * 1000))
        record = await self._record(said, before, answer)
        self._status = str(record.turn.get("status", before))
        self._actions |= {str(one["id"]): str(one["status"]) for one in record.actions}
        if record.handoff:
            self._handoffs.setdefault(str(record.handoff["id"]), record.n)
        self.turns.append(record)
        return record

    async def _record(self, said: Said, before: str, answer: Answer) -> TurnRecord:
        turn = _untimed(answer.turn)
        seen = await self.venue.look(turn, " ".join(self._said))
        shown = tuple(ToolRun(name=one["name"], ok=one["ok"]) for one in turn.get("tools", []))
        return TurnRecord(
            n=0 if said.setup else self._number,
            at=self.venue.now,
            before=before,
            said=said,
            turn=turn,
            tools=seen.tools if seen.tools is not None else shown,
            writes=seen.writes,
            changed=seen.changed,
            standing=seen.standing,
            foreign=seen.foreign,
            problem=answer.problem,
        )

    def _pressed(self, move: Move) -> str:
        wanted = ("executed",) if move.press == "undo" else ("proposed",)
        fitting = [action for action, status in self._actions.items() if status in wanted]
        return fitting[-1] if move.kind == "press" and fitting else ""

    def _as_said(self, move: Move, text: str, action: str, *, setup: bool) -> Said:
        name = f"say-{self._number}" if not setup else f"setup-{len(self.turns)}"
        common: dict[str, Any] = {
            "gives": move.gives,
            "hostile": move.hostile,
            "canaries": move.canaries,
            "setup": setup,
        }
        if move.kind == "press":
            kind: Any = "handoff" if move.press == "person" else move.press
            consents = {"confirm": True, "undo": True, "reject": False}.get(move.press)
            wants = move.press == "person"
            return Said(kind=kind, action_id=action, consents=consents, wants_person=wants, **common)
        consents = agrees(text) if move.agrees is None else move.agrees
        wants = move.wants_person or asks_for_person(text)
        return Said(kind="message", text=text, client_message_id=name, consents=consents, wants_person=wants, **common)

    async def _written(self, ended: str, why: str, disclosure: str) -> Trajectory:
        opened = bool(self.venue.door.id)
        nothing: dict[str, Any] = {"actions": [], "handoffs": [], "status": "bot"}
        kept = await self.venue.door.transcript() if opened else nothing
        return Trajectory(
            case=self.case,
            case_digest=digest_of(self.case),
            seed=self.run.seed,
            trial=self.run.trial,
            opening=self.run.opening,
            language=self.case.language,
            versions=self.versions,
            ended=ended,
            why=why,
            disclosure=disclosure,
            turns=tuple(self.turns),
            world=tuple(self.venue.world),
            actions=tuple(kept["actions"]),
            handoffs=tuple([await self._case(one) for one in kept["handoffs"]]),
            changes=await self.venue.changes(),
            events=await self.venue.events() if opened else (),
            status=str(kept["status"]),
        )

    async def _case(self, handoff: Mapping[str, Any]) -> HandoffRecord:
        try:
            packet = await self.venue.door.packet(str(handoff["id"]))
        except Unreachable:
            packet = None
        return HandoffRecord(
            id=handoff["id"],
            status=handoff["status"],
            queue=handoff["queue"],
            reasons=tuple(handoff["reasons"]),
            made_in_turn=self._handoffs.get(str(handoff["id"]), -1),
            packet=packet,
        )


def digest_of(case: Case) -> str:
    """A digest of all that the case says."""
    return sha256(case.model_dump_json().encode()).hexdigest()[:16]


def _untimed(turn: Mapping[str, Any]) -> dict[str, Any]:
    """The turn without what the machine's speed decides."""
    kept = {key: value for key, value in turn.items() if key != "latency_ms"}
    if "tools" in kept:
        kept["tools"] = [{"name": one["name"], "ok": one["ok"]} for one in kept["tools"]]
    return kept
