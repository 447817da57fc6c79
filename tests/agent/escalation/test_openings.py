"""Phrases are tried only where they may begin, and yet all is found that a search over the whole line finds."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from agent.escalation import openings
from agent.escalation.lexicon import FOLDER, LANGUAGES, load_lexicon
from agent.escalation.openings import Openings, Phrase, words_at
from agent.escalation.spelling import Spelling

SETS = Path(__file__).parents[3] / "evals" / "escalation_sets" / "dev"


def searched(phrases: tuple[Phrase, ...], text: str) -> list[tuple[int, int]]:
    whole = re.compile(rf"(?<!\S)(?:{'|'.join(one.pattern for one in phrases)})(?!\S)")
    return [found.span() for found in whole.finditer(text)]


def found(phrases: tuple[Phrase, ...], text: str) -> list[tuple[int, int]]:
    return Openings([phrases]).find(text, words_at(text)).get(0, [])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_shipped_words_are_found_as_by_a_search(language: str) -> None:
    lexicon = load_lexicon(FOLDER / f"{language}.yaml")
    spelling = Spelling(lexicon.short, lexicon.mended, lexicon.kept)
    rows = [json.loads(row) for row in (SETS / f"{language}-former.jsonl").read_text("utf-8").splitlines()[:30]]
    lines = [spelling.plain(turn["text"]).text for row in rows for turn in row["turns"]]
    for signal, patterns in lexicon.signals.items():
        for phrases in (patterns.hits, patterns.unless):
            if phrases:
                whole = re.compile(rf"(?<!\S)(?:{'|'.join(one.pattern for one in phrases)})(?!\S)")
                openings = Openings([phrases])
                for text in lines:
                    expected = [match.span() for match in whole.finditer(text)]
                    assert openings.find(text, words_at(text)).get(0, []) == expected, (signal, text)


@pytest.mark.parametrize(
    ("patterns", "text"),
    [
        (["a", "ab", "ab c"], "a ab ab c abc"),
        (["ab c", "ab"], "ab c ab d"),
        (["(?:x )?end", "(?:un|una) (?:real )?persona"], "x end una persona un real persona"),
        ([r"\w+ing", "[a-d]og"], "going dog log"),
        (["(?:no )?si", "no"], "no si no si"),
        (["x(?!y)z?", "q{2,3}"], "x xz xy qq qqq qqqq"),
    ],
)
def test_any_form_of_pattern_is_found_as_by_a_search(patterns: list[str], text: str) -> None:
    phrases = tuple(Phrase(one) for one in patterns)
    assert found(phrases, text) == searched(phrases, text)


def test_a_pattern_that_matches_nothing_at_all_is_refused() -> None:
    with pytest.raises(ValueError, match="a?"):
        Phrase("(?:a)?")
    with pytest.raises(re.error):
        Phrase("(a")


def test_without_pythons_own_parser_of_patterns_the_same_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    patterns, text = ["not (?:good|bad)", "a+b?", "(?:un|des)fair"], "it is not good and aab unfair"
    with_it = Openings([[Phrase(one)] for one in patterns]).find(text, words_at(text))
    monkeypatch.setattr(openings, "grammar", None)
    without = Openings([[Phrase(one)] for one in patterns]).find(text, words_at(text))
    assert with_it == without != {}
    with pytest.raises(ValueError, match="x"):
        Phrase("x*")
