"""Tool calls: which, in which order, with which arguments, and which never."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from evals.suite.casefile.expect import Match, WantedCall, WantedTools
from evals.suite.check import Check, judged, unseen
from evals.suite.comparing import differences, found, pair_up
from evals.suite.trajectory import Timing, ToolRun, Trajectory

NAME: Final = "tools"


def grade(trajectory: Trajectory, _: Timing | None) -> Iterator[Check]:
    """One check for the calls, one for those that must not be."""
    wanted = trajectory.case.expect.tools
    if wanted is None:
        return
    calls = [call for turn in trajectory.counted for call in turn.tools]
    shown = [{"name": one.name, "ok": one.ok, "arguments": one.arguments} for one in calls]
    if wanted.never:
        named = sorted({one.name for one in calls} & set(wanted.never))
        yield judged(NAME, "never called", [f"{name} was called" for name in named], expected=list(wanted.never))
    if not wanted.calls and wanted.mode == "superset":
        return
    if any(one.args for one in wanted.calls) and any(call.arguments is None for call in calls):
        yield unseen(NAME, "the calls", "arguments are out of sight", actual=shown)
        return
    expected = [one.model_dump(mode="json", exclude_defaults=True) for one in wanted.calls]
    yield judged(NAME, f"the calls ({wanted.mode})", _faults(calls, wanted), expected=expected, actual=shown)


def _faults(calls: Sequence[ToolRun], wanted: WantedTools) -> list[str]:
    if wanted.mode == "strict":
        pairs = list(zip(calls, wanted.calls, strict=False))
        faults = [
            f"call {n} is {one.name}, not {want.name}" for n, (one, want) in enumerate(pairs, 1) if not _fits(one, want)
        ]
        faults += [f"{one.name} is called beyond" for one in calls[len(wanted.calls) :]]
        return faults + [f"{want.name} is not called" for want in wanted.calls[len(calls) :]]
    over, missing = pair_up(calls, wanted.calls, _fits)
    faults = [f"{wanted.calls[index].name} is not called so" for index in missing]
    return faults + ([f"{calls[n].name} is called beyond" for n in over] if wanted.mode == "unordered" else [])


def _fits(call: ToolRun, wanted: WantedCall) -> bool:
    arguments = call.arguments or {}
    return (
        call.name == wanted.name
        and wanted.ok in (None, call.ok)
        and all(_matches(arguments.get(name), one) for name, one in wanted.args.items())
    )


def _matches(value: Any, wanted: Any) -> bool:
    match = wanted if isinstance(wanted, Match) else Match(value=wanted)
    text = "" if value is None else str(value)
    match match.mode:
        case "any":
            return value is not None
        case "contains":
            return str(match.value).casefold() in text.casefold()
        case "regex":
            return found(str(match.value), text)
    return not differences(value, match.value)
