"""Things a reply can claim beyond figures, read from ``claims.yaml``: what says so, and what has to be so for it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import yaml

from agent.loop.guard.evidence import Evidence, Known
from agent.loop.guard.screening import Screened

CLAIMS = Path(__file__).with_name("claims.yaml")
ANY = "any"
HANDOFF = "handoff"
DONE, PROMISED = "done", "promised"
PARTS = (DONE, "doing", "shown", PROMISED)
STATES = PARTS[2:]
"""Parts that a status in a tool's answer may bear out."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A thing that can be claimed; the fields are described in ``claims.yaml``, ``parts`` its patterns by name."""

    name: str
    by: frozenset[str]
    words: frozenset[str]
    parts: Mapping[str, Screened]

    def is_acted_on(self, evidence: Evidence) -> bool:
        """Whether code did that, or gave the case to a person."""
        if HANDOFF in self.by and evidence.handoff:
            return True
        return bool(evidence.executed & self.by) or (ANY in self.by and bool(evidence.executed))

    def is_shown(self, evidence: Evidence, known: Known) -> bool:
        """Whether it was done, or is the state of things."""
        return self.is_acted_on(evidence) or bool(self.words & known.words)


@dataclass(frozen=True)
class Acts:
    """What a reply says that we did, or will do, by the form of the verb; ``harmless`` verbs change nothing."""

    did: re.Pattern[str]
    will: re.Pattern[str]
    harmless: frozenset[str]
    changing: frozenset[str]
    handing: frozenset[str]
    not_verbs: frozenset[str]
    refund: re.Pattern[str]
    code: re.Pattern[str]
    negated: re.Pattern[str]
    nothing: re.Pattern[str]

    def is_borne_out(self, verb: str, before: str, after: str, evidence: Evidence) -> bool:
        """Whether nothing is claimed by it (a verb of looking, a "not" before it, a "nothing" behind), or it was done."""
        if verb in self.harmless or verb in self.not_verbs or self.negated.search(before) or self.nothing.search(after):
            return True
        if evidence.executed and verb in self.changing:
            return True
        return evidence.handoff and verb in self.handing

    @cached_property
    def refunded(self) -> frozenset[str]:
        """Statuses under which "we refunded it" is so."""
        return frozenset({"refunded", "issued", "settled"})


@dataclass(frozen=True, slots=True)
class ClaimFile:
    """The file, compiled."""

    claims: tuple[Claim, ...]
    acts: Acts
    offer: re.Pattern[str]
    closing: re.Pattern[str]
    permitted: re.Pattern[str]


@cache
def load_claims(path: Path = CLAIMS) -> ClaimFile:
    """Read and compile, once a process: it takes a third of a second. Raises ``KeyError`` and ``re.error`` on a broken file."""
    read = yaml.safe_load(path.read_text(encoding="utf-8"))
    acts = read["acts"]
    return ClaimFile(
        claims=tuple(_claim(name, each) for name, each in read["claims"].items()),
        acts=Acts(
            did=_pattern(acts["did"]),
            will=_pattern(acts["will"]),
            harmless=frozenset(" ".join(acts["harmless"]).split()),
            changing=frozenset(" ".join(acts["changing"]).split()),
            handing=frozenset(" ".join(acts["handing"]).split()),
            not_verbs=frozenset(" ".join(acts["not_verbs"]).split()),
            refund=_pattern(acts["refund"]),
            code=_pattern(acts["code"]),
            negated=_pattern(acts["negated"]),
            nothing=_pattern(acts["nothing"]),
        ),
        offer=_pattern(read["offer"]),
        closing=_pattern([read["closing"]]),
        permitted=_pattern(read["permitted"]),
    )


def _claim(name: str, read: Mapping[str, Any]) -> Claim:
    return Claim(
        name,
        frozenset(read.get("by", ())),
        frozenset(read.get("words", ())),
        {part: Screened.of(read[part]) for part in PARTS if part in read},
    )


def _pattern(alternatives: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(alternatives), re.IGNORECASE)
