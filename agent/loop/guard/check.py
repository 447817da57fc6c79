"""Holds a reply against the state: every figure needs a source, every claim of an act needs the act."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from agent.loop.guard.figures import Figures, figures_known, read_figures

CLAIMS = Path(__file__).with_name("claims.yaml")
_SENTENCE = re.compile(r"[^.!?\n¿]+[.!?\n]*|¿[^?\n]*\??")
_CLAUSE = re.compile(r"[^,;:—–]+")
_WORD = re.compile(r'"([a-z_]+)"')


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a reply may rest on.

    ``figures`` are those of all texts known (tool results, the shopper's words, receipts), ``words`` the statuses in
    them, ``executed`` the kinds of action that were carried out; ``handoff``: a person has the case.
    """

    figures: Figures
    words: frozenset[str]
    handoff: bool
    executed: frozenset[str]

    @classmethod
    def of(
        cls, texts: Iterable[str], *, handoff: bool, executed: Iterable[str] = (), today: date | None = None
    ) -> Evidence:
        """Read all texts. With ``today``, "tomorrow" is a day that has to be known like any other."""
        known, words = Figures(today=today), set()
        for text in texts:
            known = known | figures_known(text, today)
            words.update(_WORD.findall(text))
        return cls(known, frozenset(words), handoff, frozenset(executed))


@dataclass(frozen=True, slots=True)
class _Claim:
    """A thing that can be claimed; see ``claims.yaml``."""

    name: str
    by: frozenset[str]
    words: frozenset[str]
    done: re.Pattern[str]
    doing: re.Pattern[str]
    shown: re.Pattern[str]

    def is_acted_on(self, evidence: Evidence) -> bool:
        if self.name == "handoff":
            return evidence.handoff
        return bool(evidence.executed & self.by if self.by else evidence.executed)

    def is_shown(self, evidence: Evidence) -> bool:
        return self.is_acted_on(evidence) or bool(self.words & evidence.words)


class ReplyGuard:
    """Finds what a reply says without ground, in Spanish, English and Portuguese alike."""

    def __init__(self, path: Path = CLAIMS) -> None:
        read = yaml.safe_load(path.read_text(encoding="utf-8"))
        self._claims = tuple(_claim(name, each) for name, each in read["claims"].items())
        self._offer = re.compile("|".join(read["offer"]), re.IGNORECASE)
        self._closing = re.compile(read["closing"], re.IGNORECASE)

    def unsupported(self, reply: str, evidence: Evidence) -> tuple[str, ...]:
        """What has no ground, readable for a log or a repair note; empty when the reply is sound."""
        found = read_figures(reply, evidence.figures.today).beyond(evidence.figures)
        return (*found, *dict.fromkeys(self._claimed(reply, evidence)))

    def _claimed(self, reply: str, evidence: Evidence) -> Iterator[str]:
        for sentence in _SENTENCE.findall(reply):
            stated = sentence if not sentence.rstrip().endswith("?") else _without_question(sentence)
            offered = self._offer.search(self._closing.sub("", sentence)) is not None
            for claim in self._claims:
                if not claim.is_acted_on(evidence):
                    yield from _named(claim, claim.done, stated)
                    if not offered:
                        yield from _named(claim, claim.doing, stated)
                if not offered and not claim.is_shown(evidence):
                    yield from _named(claim, claim.shown, stated)


def _named(claim: _Claim, pattern: re.Pattern[str], text: str) -> Iterator[str]:
    match = pattern.search(text)
    if match:
        yield f"claims {claim.name}: {match.group().strip()}"


def _without_question(sentence: str) -> str:
    """The clauses before the one that asks: "I cancelled it, anything else?" still says that it was cancelled."""
    *stated, _ = _CLAUSE.findall(sentence) or [""]
    return ", ".join(stated)


def _claim(name: str, read: Mapping[str, Any]) -> _Claim:
    def pattern(part: str) -> re.Pattern[str]:
        return re.compile("|".join(read.get(part, ())) or r"(?!)", re.IGNORECASE)

    return _Claim(
        name,
        frozenset(read.get("by", ())),
        frozenset(read.get("words", ())),
        pattern("done"),
        pattern("doing"),
        pattern("shown"),
    )
