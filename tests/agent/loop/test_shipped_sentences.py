"""What the embedded model says of its own accord has to pass the guard: a blocked sentence costs the whole reply."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

import prompts
from agent.loop.guard.check import ReplyGuard
from agent.loop.guard.evidence import Evidence

SENTENCES = Path(prompts.__file__).with_name("sentences")
SAID_OF_ITS_OWN_ACCORD = (
    "social",
    "knowledge",
    "identity",
    "order",
    "fallback",
    "delivery",
    "exchange",
    "returns",
    "claims",
    "money",
)
NOTHING_DONE = Evidence.of([], handoff=False)


def without_values(language: str) -> Iterator[tuple[str, str]]:
    """Each sentence that needs no value filled in, in all its variants."""
    for name in SAID_OF_ITS_OWN_ACCORD:
        path = SENTENCES / language / f"{name}.yaml"
        for key, said in yaml.safe_load(path.read_text(encoding="utf-8")).items():
            variants = said if isinstance(said, list) else [said]
            yield from ((f"{name}.{key}", one) for one in variants if "{" not in one)


@pytest.mark.parametrize("language", ["es", "en", "pt"])
def test_no_sentence_of_ours_claims_what_was_not_done(language: str) -> None:
    said = list(without_values(language))
    blocked = {key: found for key, text in said if (found := ReplyGuard().unsupported(text, NOTHING_DONE))}
    assert len(said) > 40
    assert not blocked
