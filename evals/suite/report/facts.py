"""All that the page shows, as JSON: a row for each run of a case, with its conversation and its checks."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from evals.suite.check import Check, Outcome
from evals.suite.decisions import decision_of, intent_of
from evals.suite.grading import Result
from evals.suite.trajectory import Trajectory, TurnRecord
from evals.suite.worker import Played


def row(result: Result, played: Played, was: Mapping[str, str]) -> dict[str, Any]:
    """One run of a case."""
    trajectory, timing = played
    return {
        "key": result.key,
        "case": result.case,
        "pair": result.pair,
        "area": result.area,
        "language": result.language,
        "tags": list(result.tags),
        "title": result.title,
        "trial": result.trial,
        "opening": trajectory.opening,
        "outcome": result.outcome.value,
        "was": was.get(result.key, ""),
        "why": "; ".join(f"{one.grader}: {one.detail}" for one in result.failures) or result.why,
        "failing": sorted({one.grader for one in result.failures}),
        "intent": intent_of(trajectory.case),
        "decision": decision_of(trajectory),
        "ms": timing.total_ms,
        "checks": [check(one) for one in sorted(result.checks, key=_gravity)],
        "turns": [turn(one, ms) for one, ms in zip(trajectory.turns, _times(played), strict=True)],
        "handoffs": [_handoff(one.model_dump(mode="json")) for one in trajectory.handoffs],
        "changes": [f"{one.table} {one.key}: {', '.join(sorted(one.fields))}" for one in trajectory.changes or ()],
        "world": [f"after turn {one.after_turn}: {one.kind} {_plain(one.detail)}" for one in trajectory.world],
        "plants": [f"{one.place}: {one.text}" for one in trajectory.case.fixture.plants],
        "faults": [_plain(one.model_dump(mode="json")) for one in trajectory.case.fixture.faults],
        "who": _who(trajectory),
    }


def check(one: Check) -> dict[str, Any]:
    """A check; where it failed with something to compare, the difference line by line."""
    shown: dict[str, Any] = {
        "grader": one.grader,
        "name": one.name,
        "outcome": one.outcome.value,
        "detail": one.detail,
        "turn": one.turn,
    }
    if one.outcome is Outcome.FAIL and (one.expected is not None or one.actual is not None):
        shown["diff"] = difference(one.expected, one.actual)
    return shown


def difference(expected: Any, actual: Any) -> list[tuple[str, str]]:
    """Lines as ``(mark, text)``: ``-`` was expected, ``+`` is there instead. What was not asked about is left out."""
    lines = difflib.ndiff(_lines(expected), _lines(_asked_about(actual, expected)))
    return [(line[0], line[2:]) for line in lines if line[0] in "-+ "]


def turn(one: TurnRecord, ms: int) -> dict[str, Any]:
    """A move and its answer."""
    said = one.said
    return {
        "n": one.n,
        "at": one.at[:16].replace("T", " "),
        "said": said.text if said.kind == "message" else "",
        "button": "" if said.kind == "message" else said.kind,
        "marks": [name for name in ("setup", "again", "hostile", "wants_person") if getattr(said, name)],
        "reply": one.reply,
        "problem": one.problem,
        "silent": one.before,
        "asks": list(one.asks),
        "level": one.standing.level,
        "ms": ms,
        "tools": [
            {"name": call.name, "ok": call.ok, "arguments": _plain(call.arguments), "result": _cut(call.result or "")}
            for call in one.tools
        ],
        "actions": [
            {"kind": act["kind"], "order": act["order"], "status": act["status"], "summary": act.get("summary", "")}
            for act in one.actions
        ],
        "handoff": (one.handoff or {}).get("status", ""),
        "citations": [cited["title"] for cited in (one.turn.get("reply") or {}).get("citations", ())],
    }


def _gravity(one: Check) -> int:
    return (Outcome.FAIL, Outcome.NOT_EVALUATED, Outcome.PASS).index(one.outcome)


def _times(played: Played) -> Sequence[int]:
    """One for each turn; a run cut off has fewer."""
    trajectory, timing = played
    return [*timing.turns_ms, *[0] * len(trajectory.turns)][: len(trajectory.turns)]


def _who(trajectory: Trajectory) -> str:
    fixture = trajectory.case.fixture
    return f"{fixture.customer or 'nobody'}, {fixture.identity.replace('_', ' ')}"


def _handoff(one: Mapping[str, Any]) -> dict[str, Any]:
    packet = one.get("packet")
    reasons = [f"{reason['code']}: {reason['detail']}" for reason in one["reasons"]]
    return {
        "status": one["status"], "queue": one["queue"], "reasons": reasons, "turn": one["made_in_turn"],
        "packet": yaml.safe_dump(packet, allow_unicode=True, sort_keys=False, width=100)[:6000] if packet else "",
    }  # fmt: skip


def _asked_about(actual: Any, expected: Any) -> Any:
    """Of a mapping only the keys that are expected, as the graders compare."""
    if isinstance(actual, Mapping) and isinstance(expected, Mapping) and expected:
        return {key: _asked_about(value, expected[key]) for key, value in actual.items() if key in expected}
    if isinstance(actual, list | tuple) and isinstance(expected, list | tuple) and len(actual) == len(expected):
        return [_asked_about(one, other) for one, other in zip(actual, expected, strict=True)]
    return actual


def _lines(value: Any) -> list[str]:
    if value is None:
        return []
    if isinstance(value, str):
        return value.splitlines()
    return yaml.safe_dump(_jsonable(value), allow_unicode=True, sort_keys=True, width=100).splitlines()


def _jsonable(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _jsonable(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_jsonable(one) for one in value]
    return value if isinstance(value, str | int | float | bool) or value is None else str(value)


def _plain(value: Any) -> str:
    if not value:
        return ""
    return ", ".join(f"{key}: {one}" for key, one in value.items() if one not in (None, "", ()))


def _cut(text: str, most: int = 3000) -> str:
    return text if len(text) <= most else f"{text[:most]} … ({len(text)} characters)"
