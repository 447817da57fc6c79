"""Holds a reply against the state: every figure needs a source, every claim of an act needs the act."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from agent.loop.guard.claims import CLAIMS, DONE, PROMISED, STATES, Claim, load_claims
from agent.loop.guard.evidence import Evidence, Known
from agent.loop.guard.figures import read_figures
from agent.loop.guard.quotes import SENTENCE
from agent.loop.guard.screening import folded_of

_HALF = re.compile(r"(?<=;)\s+")
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
        sentences = (one for one in SENTENCE.split(reply) if one)
        halves = ((half, whole) for whole in sentences for half in _HALF.split(whole))
        return tuple(dict.fromkeys(one for half, whole in halves for one in self._in(half, whole, evidence)))

    def _in(self, sentence: str, whole: str, evidence: Evidence) -> Iterator[str]:
        """What the sentence, or the half of one before or after a semicolon, says without ground."""
        stated = read_figures(sentence, evidence.today)
        known = evidence.about(stated.codes)
        yield from known.figures.lack(stated)
        claimed = tuple(self._claimed(sentence, evidence, known))
        yield from claimed or self._acts(sentence, whole, evidence, known)

    def _claimed(self, sentence: str, evidence: Evidence, known: Known) -> Iterator[str]:
        """The words are looked for first and what bears them out after: hardly a sentence claims anything."""
        stated = sentence if not sentence.rstrip().endswith("?") else _without_question(sentence)
        folded = folded_of(stated)
        for claim in self._file.claims:
            for part, pattern in claim.parts.items():
                match = pattern.search(stated, folded)
                if match and not self._is_so(part, claim, sentence, evidence, known):
                    yield f"claims {claim.name}: {match.group().strip()}"

    def _is_so(self, part: str, claim: Claim, sentence: str, evidence: Evidence, known: Known) -> bool:
        """Whether it was done, is the state of things, or is taken back by an offer or a condition."""
        if claim.is_acted_on(evidence) or (part in STATES and claim.is_shown(evidence, known)):
            return True
        if part == PROMISED:
            return self._is_held_out(sentence, evidence)
        return part != DONE and self._offers(sentence)

    def _offers(self, sentence: str) -> bool:
        return self._file.offer.search(self._file.closing.sub("", sentence)) is not None

    def _acts(self, sentence: str, whole: str, evidence: Evidence, known: Known) -> Iterator[str]:
        """First persons that no list of claims foresees: "I have asked the warehouse", "ya hablé con el repartidor"."""
        acts = self._file.acts
        found = [(pattern, match) for pattern in (acts.did, acts.will) for match in pattern.finditer(sentence)]
        if not found or acts.code.search(whole) or (acts.refund.search(whole) and known.words & acts.refunded):
            return
        for pattern, match in found:
            if pattern is acts.will and self._leaves_open(sentence, evidence):
                return
            verb = next(group for group in match.groups() if group).lower()
            if not acts.is_borne_out(verb, sentence[: match.start()], sentence[match.end() :], evidence):
                yield f"claims an act: {match.group().strip()}"

    def _leaves_open(self, sentence: str, evidence: Evidence) -> bool:
        """An offer, a question, or what the shop does by itself."""
        if self._file.offer.search(sentence) or sentence.rstrip().endswith("?"):
            return True
        return self._is_held_out(sentence, evidence)

    def _is_held_out(self, sentence: str, evidence: Evidence) -> bool:
        """What the shop does by itself, or promises everybody in an article, in its words."""
        return self._file.permitted.search(sentence) is not None or evidence.quotes.hold(sentence)


def _without_question(sentence: str) -> str:
    """The clauses before the one that asks: "I cancelled it, anything else?" still says that it was cancelled."""
    *stated, _ = _CLAUSE.findall(sentence) or [""]
    return ", ".join(stated)
