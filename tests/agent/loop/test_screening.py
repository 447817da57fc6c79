"""What is screened out would not have matched, whatever the text and the pattern."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from agent.loop.guard.claims import load_claims
from agent.loop.guard.screening import Screened, folded_of

REPLIES = [
    json.loads(line)["text"]
    for path in sorted(Path("evals/guard_set").glob("*.jsonl"))
    for line in path.read_text(encoding="utf-8").splitlines()
]


def test_every_claim_is_found_with_screening_that_is_found_without() -> None:
    patterns = [pattern for claim in load_claims().claims for pattern in claim.parts.values()]
    assert all(pattern.needed for pattern in patterns), "every claim has words of its own"
    found = 0
    for text in (*REPLIES, *(reply.upper() for reply in REPLIES)):
        for pattern in patterns:
            plain = pattern.pattern.search(text)
            screened = pattern.search(text, folded_of(text))
            assert (plain and plain.group()) == (screened and screened.group()), text
            found += plain is not None
    assert found > 100


@pytest.mark.parametrize(
    ("pattern", "needed"),
    [
        (r"\b(?:cancelé|anulé) (?:tu|su)\b", {"cancelé", "anulé"}),
        (r"I(?:'ve)? (?:just )?refunded", {"refunded"}),
        (r"(?:te |le )?(?:paso|transfiero)+ \w+", {"paso", "transfiero"}),
        (r"\w{3,}", None),
        (r"(?:si|)\w+", None),
    ],
)
def test_what_every_match_holds(pattern: str, needed: set[str] | None) -> None:
    found = Screened.of([pattern]).needed
    assert found is None if needed is None else {one.strip() for one in found or ()} == needed


def test_signs_that_only_the_pattern_takes_for_letters_are_left_to_it() -> None:
    pattern = Screened.of(["refunded this"])
    assert re.search("this", "thi\u017f", re.IGNORECASE), "a long s counts as an s"
    text = "I refunded thi\u017f"
    assert folded_of(text) is None
    assert pattern.search(text, folded_of(text)) is not None
