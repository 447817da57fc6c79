"""What is said: language, words, amounts, dates, questions and sources."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from evals.suite.casefile.expect import WantedReply
from evals.suite.check import Check, failed, judged
from evals.suite.comparing import found
from evals.suite.graders.local_forms import says_date, says_money
from evals.suite.languages import language_of
from evals.suite.trajectory import Timing, Trajectory, TurnRecord

NAME: Final = "replies"


def grade(trajectory: Trajectory, _: Timing | None) -> Iterator[Check]:
    """One check for each reply described, one for the sources, one for how it ends."""
    expect = trajectory.case.expect
    for wanted in expect.replies:
        yield _grade(trajectory, wanted)
    if expect.cites:
        cited = sorted({article for turn in trajectory.counted for article in cited_in(turn)})
        faults = [f"{article} is not cited" for article in expect.cites if article not in cited]
        yield judged("citations", "the sources", faults, expected=list(expect.cites), actual=cited)
    if expect.status is not None:
        faults = [] if trajectory.status == expect.status.value else [f"is {trajectory.status}"]
        yield judged("status", "how it ends", faults, expected=expect.status.value, actual=trajectory.status)


def cited_in(turn: TurnRecord) -> list[str]:
    """The articles a reply rests on."""
    return [str(one["article"]) for one in (turn.turn.get("reply") or {}).get("citations", ())]


def _grade(trajectory: Trajectory, wanted: WantedReply) -> Check:
    name, turns = f"reply {wanted.turn}", _meant(trajectory.counted, wanted)
    expected = wanted.model_dump(mode="json", exclude_defaults=True)
    if not turns:
        return failed(NAME, name, "there is no such turn", expected=expected, actual=len(trajectory.counted))
    faults = {turn.n: list(_faults(turn, wanted, trajectory.language)) for turn in turns}
    actual = {turn.n: turn.reply for turn in turns}
    if wanted.turn == "any" and not all(faults.values()):
        return judged(NAME, name, [], expected=expected, actual=actual)
    told = [f"{n}. {fault}" for n, found_in in faults.items() for fault in found_in]
    return judged(NAME, name, told, expected=expected, actual=actual, turn=turns[-1].n)


def _meant(turns: Sequence[TurnRecord], wanted: WantedReply) -> Sequence[TurnRecord]:
    match wanted.turn:
        case "last":
            return turns[-1:]
        case "any" | "all":
            return turns
    return [one for one in turns if one.n == wanted.turn]


def _faults(turn: TurnRecord, wanted: WantedReply, language: str) -> Iterator[str]:
    text = turn.reply
    if wanted.language is not None and not {turn.turn.get("language"), language_of(text)} <= {wanted.language, None}:
        yield f"is in {turn.turn.get('language')}, reads as {language_of(text)}"
    yield from (f"does not say {pattern!r}" for pattern in wanted.says if not found(pattern, text))
    if wanted.one_of and not any(found(pattern, text) for pattern in wanted.one_of):
        yield f"says none of {list(wanted.one_of)}"
    yield from (f"says {pattern!r}" for pattern in wanted.never if found(pattern, text))
    yield from (f"does not say {one}" for one in wanted.money if not says_money(text, one))
    yield from (f"does not say {one}" for one in wanted.dates if not says_date(text, one, language))
    if wanted.asks is not None and sorted(wanted.asks) != sorted(turn.asks):
        yield f"asks {sorted(turn.asks)}"
    if wanted.cites is not None and sorted(wanted.cites) != sorted(cited_in(turn)):
        yield f"cites {cited_in(turn)}"
    if wanted.status is not None and turn.turn.get("status") != wanted.status.value:
        yield f"is {turn.turn.get('status')}"
