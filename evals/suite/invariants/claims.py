"""No claim without the state behind it, and no state without being told."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo

from agent.loop.guard.check import ReplyGuard
from agent.loop.guard.evidence import Evidence
from evals.suite.invariants.finding import Finding
from evals.suite.shops import policy_of
from evals.suite.trajectory import Trajectory, TurnRecord

NAME: Final = "claims"
PERSON: Final = re.compile(
    r"\b(?:persona|person|pessoa|equipo|team|equipe|colega|colleague|compañer\w+|alguien|someone)\b", re.I
)
PASSED_ON: Final = re.compile(
    r"\b(?:te|le|lo|la|os) (?:he pasado|pas[eé]|estoy pasando|paso|transfer\w+|comuniqu\w+) (?:ya )?(?:con|a) |"
    r"\bI(?:'ve| have|'m| am) (?:passed|passing|transferr\w+|connect\w+|hand\w+) you\b|"
    r"\b(?:te|lhe|voc[eê]) (?:passei|estou passando|transferi\w*|encaminhei)\b|\btransferi voc[eê]\b",
    re.I,
)
OFFERED: Final = re.compile(
    r"\b(?:si|if|se|quieres|prefieres|want|prefer|quiser|preferir|d[ií]melo|just say|[ée] s[óo])\b|\?", re.I
)
SENTENCE: Final = re.compile(r"(?<=[.!?])\s+|\n+")
NOTED: Final = re.compile(r"^claims an act: .*(?:added|agreg|añad|anot|adicion|acrescent)", re.I)
"""While a case waits, what the shopper says is added to it."""
OF_TOOLS: Final = (
    "claims on_its_way:",
    "claims delivered:",
    "claims lost:",
    "claims out_for_delivery:",
    "claims arrives_today:",
    "claims at_pickup_point:",
)
"""What is claimed of a parcel rests on what tools answered, not on an act."""
SHOWN: Final = re.compile(r"^claims an act: .*(?:mostr|show)", re.I)
"""To have shown something to the shopper needs no state: they saw it."""


def check(trajectory: Trajectory) -> Iterator[Finding]:
    """By replies, each against all that was known when it was given."""
    texts, executed, waiting = [trajectory.disclosure, *_from_the_desk(trajectory)], set[str](), ""
    zone = policy_of(trajectory.case.fixture).zone
    for turn in trajectory.turns:
        texts += list(_sources(turn, zone))
        executed |= {str(one["kind"]) for one in turn.actions if one["status"] in ("executed", "undone")}
        case = turn.handoff
        if turn.reply:
            yield from _ungrounded(turn, texts, executed)
            if case is None and any(_passes_on(sentence) for sentence in SENTENCE.split(turn.reply)):
                yield Finding(turn.n, "says that a person has it, and nobody has")
        fresh = case is not None and str(case["id"]) != waiting
        if fresh and not PERSON.search(turn.reply):
            yield Finding(turn.n, "a person has it, and the reply does not say so")
        if any(one["status"] == "executed" for one in turn.actions) and turn.before == "bot" and not turn.reply:
            yield Finding(turn.n, "something was done, and nothing is said")
        waiting = str(case["id"]) if case else ""


def _ungrounded(turn: TurnRecord, texts: list[str], executed: set[str]) -> Iterator[Finding]:
    """Figures need what tools answered: where that is out of sight only claims of acts are looked at."""
    today = datetime.fromisoformat(turn.at).date() if turn.at else None
    day = [today.isoformat()] if today else []
    cited = [one["quote"] for one in (turn.turn.get("reply") or {}).get("citations", ())]
    evidence = Evidence.of([*texts, *day], handoff=turn.handoff is not None, executed=executed, articles=cited)
    blind = any(call.result is None for call in turn.tools) or turn.writes is None
    for fault in _guard().unsupported(turn.reply, evidence):
        noted = turn.handoff is not None and NOTED.search(fault) is not None
        seen = not blind or (fault.startswith("claims") and not fault.startswith(OF_TOOLS))
        if seen and not SHOWN.search(fault) and not noted:
            yield Finding(turn.n, f"without ground: {fault}")


def _passes_on(sentence: str) -> bool:
    return PASSED_ON.search(sentence) is not None and OFFERED.search(sentence) is None


def _from_the_desk(trajectory: Trajectory) -> Iterator[str]:
    """Proposals that came of what a person noted as they gave the case back: no turn of the shopper's shows them being made."""
    shown = {one["id"] for turn in trajectory.turns for one in turn.actions if one["status"] == "proposed"}
    yield from (json.dumps(one, ensure_ascii=False) for one in trajectory.actions if one["id"] not in shown)


def _sources(turn: TurnRecord, zone: ZoneInfo) -> Iterator[str]:
    """Texts that a reply may rest on; a desk opens on the hour, and an answer is promised within minutes of that."""
    yield from (turn.said.text, re.sub(r"\D+", "", turn.said.text))
    yield from (call.result for call in turn.tools if call.result)
    for action in turn.actions:
        yield json.dumps(action, ensure_ascii=False)
    if turn.handoff:
        promised = turn.handoff.get("promised_by")
        yield json.dumps(turn.handoff, ensure_ascii=False)
        if promised and turn.at:
            by = datetime.fromisoformat(promised)
            wait = by - datetime.fromisoformat(turn.at)
            yield json.dumps({"by": promised, "wait_minutes": round(wait.total_seconds() / 60)})
            yield json.dumps({"opens": by.astimezone(zone).replace(minute=0, second=0, microsecond=0).isoformat()})


@cache
def _guard() -> ReplyGuard:
    return ReplyGuard()
