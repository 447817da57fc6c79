"""Holds a reply against the state: every figure needs a source, every claim of an act needs the act."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from agent.loop.guard.claims import CLAIMS, Claim, load_claims
from agent.loop.guard.evidence import Evidence, Known
from agent.loop.guard.figures import read_figures

_SENTENCE = re.compile(r"(?<=[.!?…;])\s+|\n+|(?<=[^\s¿«\"(])\s*(?=¿)")
_CLAUSE = re.compile(r"[^,;:—–]+")


class ReplyGuard:
    """Finds what a reply says without ground, in Spanish, English and Portuguese alike.

    It reads sentence by sentence. One that names an order may only rest on what is known of that order, and on what is
    about none.
    """

    def __init__(self, path: Path = CLAIMS) -> None:
        self._file = load_claims(path)

    def unsupported(self, reply: str, evidence: Evidence) -> tuple[str, ...]:
        """What has no ground, readable for a log or a repair note; empty when the reply is sound."""
        found = [one for sentence in _SENTENCE.split(reply) if sentence for one in self._in(sentence, evidence)]
        return tuple(dict.fromkeys(found))

    def _in(self, sentence: str, evidence: Evidence) -> Iterator[str]:
        stated = read_figures(sentence, evidence.today)
        known = evidence.about(stated.codes)
        yield from stated.beyond(known.figures)
        claimed = tuple(self._claimed(sentence, evidence, known))
        yield from claimed or self._acts(sentence, evidence, known)

    def _claimed(self, sentence: str, evidence: Evidence, known: Known) -> Iterator[str]:
        file = self._file
        stated = sentence if not sentence.rstrip().endswith("?") else _without_question(sentence)
        offered = file.offer.search(file.closing.sub("", sentence)) is not None
        permitted = file.permitted.search(sentence) is not None
        for claim in file.claims:
            if not claim.is_acted_on(evidence):
                yield from _named(claim, claim.done, stated)
                if not offered:
                    yield from _named(claim, claim.doing, stated)
            if not claim.is_shown(evidence, known):
                if not offered:
                    yield from _named(claim, claim.shown, stated)
                if not permitted:
                    yield from _named(claim, claim.promised, stated)

    def _acts(self, sentence: str, evidence: Evidence, known: Known) -> Iterator[str]:
        """First persons that no list of claims foresees: "I have asked the warehouse", "ya hablé con el repartidor"."""
        acts = self._file.acts
        if acts.code.search(sentence):
            return
        if acts.refund.search(sentence) and known.words & acts.refunded:
            return
        offered = self._file.offer.search(sentence) is not None or sentence.rstrip().endswith("?")
        patterns = (acts.did,) if offered or self._file.permitted.search(sentence) else (acts.did, acts.will)
        for pattern in patterns:
            for match in pattern.finditer(sentence):
                verb = next(group for group in match.groups() if group).lower()
                if not acts.is_borne_out(verb, sentence[: match.start()], sentence[match.end() :], evidence):
                    yield f"claims an act: {match.group().strip()}"


def _named(claim: Claim, pattern: re.Pattern[str], text: str) -> Iterator[str]:
    match = pattern.search(text)
    if match:
        yield f"claims {claim.name}: {match.group().strip()}"


def _without_question(sentence: str) -> str:
    """The clauses before the one that asks: "I cancelled it, anything else?" still says that it was cancelled."""
    *stated, _ = _CLAUSE.findall(sentence) or [""]
    return ", ".join(stated)
