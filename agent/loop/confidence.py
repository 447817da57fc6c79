"""How sure the embedded model may be of a turn: its reader's score, corrected by how often such scores were right."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from agent.loop.brief import Brief
from agent.understanding.reading import EntityKind, Intent, Reading

KNOTS = Path(__file__).with_name("confidence.yaml")
HEARD = 0.2
"""Below this a guess is not counted as read (see ``agent.loop.wishes.SURE``)."""

LONG = 25
"""Words: of longer stories the reader took less than two thirds rightly, however sure it was (tau-retail)."""
UPSET = 0.5
SHORT_ANSWER = 8
NEVER = frozenset({Intent.OUT_OF_SCOPE, Intent.COMPLAINT, Intent.PRODUCT_HELP, Intent.ACCOUNT_HELP, Intent.FEEDBACK})
"""What has no flow of its own, or wants more than facts: always for the LLM."""

DATA = frozenset(
    {EntityKind.ORDER_NUMBER, EntityKind.EMAIL, EntityKind.POSTAL_CODE, EntityKind.PHONE, EntityKind.CODE}
    | {EntityKind.SIZE, EntityKind.REASON, EntityKind.PRODUCT}
)


@dataclass(frozen=True, slots=True)
class Confidence:
    """``knots`` are pairs of a score and the share of messages with such a score that were read rightly, both rising.

    A turn is covered when that share, at its own score, is at least ``wanted``.
    """

    wanted: float
    knots: Sequence[tuple[float, float]]

    @classmethod
    def load(cls, wanted: float, path: Path = KNOTS) -> Confidence:
        """As measured on the development sets; ``postventa eval confidence`` measures anew."""
        read = yaml.safe_load(path.read_text(encoding="utf-8"))
        return cls(wanted, tuple((float(score), float(share)) for score, share in read["knots"]))

    def covers(self, brief: Brief) -> bool:
        """Whether the embedded model may answer without the LLM."""
        reading = brief.reading
        if brief.resumed and not reading.text:
            return True
        if not is_plain(reading):
            return False
        return gives_what_was_asked(brief) or self.share(raw_score(reading)) >= self.wanted

    def share(self, score: float) -> float:
        """How often a reading with that score is right; between two knots as much as the lower one says."""
        at = bisect_right([knot for knot, _ in self.knots], score) - 1
        return self.knots[at][1] if at >= 0 else 0.0


def is_plain(reading: Reading) -> bool:
    """Nothing in it that wants more than a flow can give: no long story, no anger, nothing outside."""
    if not reading.text or len(reading.text.split()) > LONG or reading.emotion.frustration >= UPSET:
        return False
    return not any(one.name in NEVER and one.score >= HEARD for one in reading.intents)


def gives_what_was_asked(brief: Brief) -> bool:
    """A few words that hold just what the last reply asked for."""
    kinds = {one.kind for one in brief.reading.entities} & DATA
    return len(brief.reading.text.split()) <= SHORT_ANSWER and bool({kind.value for kind in kinds} & set(brief.asked))


def raw_score(reading: Reading) -> float:
    """That of the doubtfulest of the intents that are counted as read; 0 when there is none."""
    return min((one.score for one in reading.intents if one.score >= HEARD), default=0.0)
