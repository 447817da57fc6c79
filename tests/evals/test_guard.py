"""The planted replies, and the guard held against changes of their figures."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from agent.loop.guard.check import ReplyGuard
from evals.guard import LANGUAGES, Planted, evidence_in, measure, read_planted, run_guard_eval

GUARD = ReplyGuard()
PLANTED = read_planted()
MOST_SWAPPED = 0.05
"""A figure that is changed into another known one of the same order cannot be told from it."""


def test_the_set_is_large_and_even() -> None:
    count = Counter((one.language, one.sound) for one in PLANTED)
    assert len(PLANTED) >= 200
    assert len({one.text for one in PLANTED}) == len(PLANTED)
    assert {count[language, sound] for language in LANGUAGES for sound in (True, False)} == {36}


@pytest.mark.parametrize("one", [one for one in PLANTED if not one.sound], ids=lambda one: one.id)
def test_no_false_claim_passes(one: Planted) -> None:
    assert GUARD.unsupported(one.text, evidence_in(one.state)), one.text


def test_hardly_a_sound_reply_is_blocked() -> None:
    report = measure(PLANTED, GUARD)
    assert report.is_good, [(one.text, found) for one, found in report.blocked]


def test_the_command_prints_what_it_measured(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_guard_eval() == 0
    assert "all false claims passed 0/108" in capsys.readouterr().out


def test_a_report_with_a_false_claim_that_passed_is_not_good() -> None:
    sound = next(one for one in PLANTED if one.sound)
    lie = Planted("x", "es", sound.text, sound.state, "order")
    assert not measure([lie], GUARD).is_good


def test_a_sound_reply_with_one_figure_changed_is_sound_no_more() -> None:
    """Each number of each sound reply, changed three ways."""
    tried, passed = 0, []
    for one in PLANTED:
        for match in re.finditer(r"\d+", one.text) if one.sound else ():
            for more in (1, 3, 7):
                figure = str(int(match.group()) + more).zfill(len(match.group()))
                text = one.text[: match.start()] + figure + one.text[match.end() :]
                tried += 1
                passed += [] if GUARD.unsupported(text, evidence_in(one.state)) else [text]
    assert tried > 700
    assert len(passed) <= MOST_SWAPPED * tried, passed
