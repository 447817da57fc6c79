"""Holds a reply against the state: every figure needs a source, every claim of an act needs the act."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import yaml

from agent.loop.guard.figures import NOTHING, Figures, read_figures

CLAIMS = Path(__file__).with_name("claims.yaml")
SENTENCE = re.compile(r"[^.!?\n]+[.!?\n]*")


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a reply may rest on: texts with figures (tool results, the shopper's words, receipts), and what is so."""

    figures: Figures
    handoff: bool
    executed: bool

    @classmethod
    def of(cls, texts: Iterable[str], *, handoff: bool, executed: bool) -> Evidence:
        """Read the figures of all texts."""
        known = NOTHING
        for text in texts:
            known = known | read_figures(text)
        return cls(known, handoff, executed)


class ReplyGuard:
    """Finds what a reply says without ground, in Spanish, English and Portuguese alike."""

    def __init__(self, path: Path = CLAIMS) -> None:
        patterns = yaml.safe_load(path.read_text(encoding="utf-8"))
        self._claims = {name: re.compile("|".join(each), re.IGNORECASE) for name, each in patterns.items()}

    def unsupported(self, reply: str, evidence: Evidence) -> tuple[str, ...]:
        """What has no ground, readable for a log or a repair note; empty when the reply is sound."""
        found = list(read_figures(reply).beyond(evidence.figures))
        stated = [one for one in SENTENCE.findall(reply) if not self._claims["offer"].search(one)]
        for name, so in (("handoff", evidence.handoff), ("executed", evidence.executed)):
            matches = (self._claims[name].search(one) for one in stated)
            if not so and (match := next((one for one in matches if one), None)):
                found.append(f"claims {name}: {match.group()}")
        return tuple(found)
