"""Measures the reply guard on planted replies: false claims that pass, and sound replies that are blocked."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from agent.loop.guard.check import ReplyGuard
from agent.loop.guard.evidence import Evidence

SET = Path(__file__).with_name("guard_set")
LANGUAGES = ("es", "en", "pt")
MOST_BLOCKED = 0.02


@dataclass(frozen=True, slots=True)
class Planted:
    """A reply with the state it is said in; ``claim`` names what is false in it, empty for a sound one."""

    id: str
    language: str
    text: str
    state: str
    claim: str

    @property
    def sound(self) -> bool:
        """Whether all of it is so."""
        return not self.claim


@dataclass(frozen=True, slots=True)
class Report:
    """What went wrong: false claims that passed, and sound replies blocked with what was held against them."""

    passed: Sequence[Planted]
    blocked: Sequence[tuple[Planted, tuple[str, ...]]]
    false: int
    sound: int

    @property
    def is_good(self) -> bool:
        """No false claim passes, and at most one sound reply in fifty is blocked."""
        return not self.passed and len(self.blocked) <= MOST_BLOCKED * self.sound


def read_planted(folder: Path = SET) -> list[Planted]:
    """All replies of the set."""
    found = []
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            found.append(Planted(row["id"], path.stem[:2], row["text"], row["state"], row.get("claim", "")))
    return found


@cache
def evidence_in(state: str, folder: Path = SET) -> Evidence:
    """What is known in that state, as a turn would know it."""
    read: Mapping[str, Any] = json.loads((folder / "states.json").read_text(encoding="utf-8"))[state]
    today = date.fromisoformat(read["today"])
    results = [json.dumps(one, ensure_ascii=False) for one in (*read["tools"].values(), *read["receipts"])]
    texts = [*results, *read["said"], today.isoformat()]
    return Evidence.of(texts, handoff=read["handoff"], executed=read["executed"], today=today)


def measure(planted: Sequence[Planted], guard: ReplyGuard) -> Report:
    """Hold each reply against its state."""
    passed, blocked = [], []
    for one in planted:
        found = guard.unsupported(one.text, evidence_in(one.state))
        if one.sound and found:
            blocked.append((one, found))
        elif not one.sound and not found:
            passed.append(one)
    sound = sum(one.sound for one in planted)
    return Report(passed, blocked, len(planted) - sound, sound)


def run_guard_eval(folder: Path = SET) -> int:
    """Print the report; 0 when it is good."""
    planted = read_planted(folder)
    report = measure(planted, ReplyGuard())
    for one in report.passed:
        print(f"PASSED   {one.id}  {one.claim:9} {one.text}")
    for one, found in report.blocked:
        print(f"BLOCKED  {one.id}  {one.text}  <- {'; '.join(found)}")
    for language in LANGUAGES:
        of = Counter(one.sound for one in planted if one.language == language)
        wrong = sum(one.language == language for one in report.passed)
        stopped = sum(one.language == language for one, _ in report.blocked)
        print(f"{language}  false claims passed {wrong}/{of[False]}  sound replies blocked {stopped}/{of[True]}")
    share = len(report.blocked) / max(report.sound, 1)
    print(f"all false claims passed {len(report.passed)}/{report.false}  sound replies blocked {share:.1%}")
    return 0 if report.is_good else 1
